package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/columntype"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// procedure is a stored procedure: what metadata tells of it, what a call must give, and what it does. Its outputs are the
// columns of its result, which has one row.
type procedure struct {
	name, description string
	parameters        []procedureParameter
	run               func(context.Context, *conn, arguments) ([]sqldriver.Value, error)
}

// procedureParameter is an input of a procedure, or a column of its result.
type procedureParameter struct {
	name, description string
	kind              schema.Type
	output            bool
	required          bool
	// sensitive marks a secret, which the log must not show.
	sensitive bool
	// standard is the value of an input that is not given; empty means none.
	standard string
	// values are the only ones allowed, when set.
	values []string
}

// The outputs of the procedures that make a token, as CData's products name them
// (https://cdn.cdata.com/help/KJK/ado/pg_sp-getoauthaccesstoken.htm).
var tokenOutputs = []procedureParameter{
	{name: "OAuthAccessToken", output: true, sensitive: true, description: "The access token."},
	{name: "OAuthRefreshToken", output: true, sensitive: true, description: "The refresh token, which takes the place of any before it. " +
		"NULL when Bitbucket gives none, as for client credentials."},
	{name: "ExpiresIn", output: true, description: "Seconds that the access token lives; -1 means that it does not expire."},
}

// The inputs that several procedures have.
var (
	callbackInput = procedureParameter{
		name: "CallbackUrl", description: "Where Bitbucket sends the browser afterwards: the callback URL of the OAuth consumer, or one below it. " +
			"The property CallbackURL is the default.",
	}
	stateInput = procedureParameter{
		name: "State", description: "Text that Bitbucket hands back with the code, by which a web application knows its own request again.",
	}
	scopeInput = procedureParameter{
		name: "Scope", description: "Scopes to ask for, separated by spaces: a part of those of the consumer. The property Scope is the default; " +
			"without either all of the consumer's are granted.",
	}
	pkceInput = procedureParameter{
		name: "PKCEVerifier", sensitive: true, description: "Secret of this sign-in, 43 to 128 letters, digits and -._~ (RFC 7636): the same for " +
			"GetOAuthAuthorizationURL and GetOAuthAccessToken.",
	}
)

// procedures are the stored procedures. They belong to the schema Information, which is there in every connection.
func procedures() []procedure {
	return []procedure{
		{
			name: "GetOAuthAccessToken",
			description: "Gets tokens for the OAuth consumer and returns them. AuthMode APP opens the browser on this machine, or takes a " +
				"Verifier; WEB exchanges the Verifier that a web application got. With AuthScheme OAuthClient neither is needed. They are " +
				"written to OAuthSettingsLocation unless InitiateOAuth is OFF.",
			parameters: append([]procedureParameter{
				{
					name: "AuthMode", standard: "APP", values: []string{"APP", "WEB"},
					description: "APP for a program on the user's machine, WEB for a web application.",
				},
				callbackInput,
				{
					name: "Verifier", sensitive: true, description: "The code that Bitbucket gave after the sign-in, or the whole address that " +
						"the browser ended at. WEB needs it. The property OAuthVerifier is the default.",
				},
				stateInput, scopeInput, pkceInput,
			}, tokenOutputs...),
			run: getAccessToken,
		},
		{
			name: "GetOAuthAuthorizationURL",
			description: "Returns the address at which a user lets the OAuth consumer in. Nothing is sent: the code that Bitbucket gives " +
				"after it is the Verifier of GetOAuthAccessToken.",
			parameters: []procedureParameter{
				callbackInput, stateInput, scopeInput, pkceInput,
				{name: "URL", output: true, description: "The address to open in a browser."},
			},
			run: getAuthorizationURL,
		},
		{
			name: "RefreshOAuthAccessToken",
			description: "Gets a new access token with a refresh token. Bitbucket gives a new refresh token too, and the old one dies. They are " +
				"written to OAuthSettingsLocation unless InitiateOAuth is OFF.",
			parameters: append([]procedureParameter{
				{name: "OAuthRefreshToken", required: true, sensitive: true, description: "The refresh token that came with the last access token."},
			}, tokenOutputs...),
			run: refreshAccessToken,
		},
		{
			name: "TestConnection",
			description: "Asks Bitbucket who the credential belongs to and whether it may read the workspace, with one request for each. " +
				"It fails as a query would.",
			parameters: []procedureParameter{
				{name: "AuthScheme", output: true, description: "The scheme in use."},
				{name: "UserUUID", output: true, description: "UUID of the user. NULL without a credential and where it may not know."},
				{name: "UserName", output: true, description: "Display name of the user. NULL like UserUUID."},
				{name: "Workspace", output: true, description: "The workspace that could be read. NULL when the connection names none."},
				{name: "Repositories", kind: schema.Integer, output: true, description: "Repositories of the workspace that the credential may read."},
				{name: "TokenExpiresOn", kind: schema.Timestamp, output: true, description: "When the OAuth access token expires. NULL where that is not known."},
			},
			run: testConnection,
		},
	}
}

// findProcedure finds a procedure by its name, whatever its case; nil if there is none.
func findProcedure(name string) *procedure {
	all := procedures()
	for i := range all {
		if strings.EqualFold(all[i].name, name) {
			return &all[i]
		}
	}
	return nil
}

// inputs are the parameters that a call can give, in the order in which it gives those without a name.
func (p *procedure) inputs() []procedureParameter { return p.side(false) }

// outputs are the columns of the result.
func (p *procedure) outputs() []procedureParameter { return p.side(true) }

func (p *procedure) side(output bool) []procedureParameter {
	var list []procedureParameter
	for _, a := range p.parameters {
		if a.output == output {
			list = append(list, a)
		}
	}
	return list
}

// resultTypes are the types of columns in a result.
var resultTypes = map[schema.Type]columntype.Type{
	schema.Text: columntype.Text, schema.Integer: columntype.Integer, schema.Real: columntype.Real, schema.Boolean: columntype.Boolean,
	schema.Timestamp: columntype.Timestamp, schema.JSON: columntype.JSON, schema.Blob: columntype.Blob,
}

// call runs a procedure.
func (r *run) call(args []sqldriver.NamedValue) (*resultSet, error) {
	bound, err := bind(r.command.sql.Params, args)
	if err != nil {
		return nil, err
	}
	p := r.command.call.procedure
	given, err := r.command.call.arguments(bound)
	if err != nil {
		return nil, err
	}
	row, err := p.run(r.ctx, r.conn, given)
	if err != nil {
		return nil, runError(r.ctx, err)
	}
	outputs := p.outputs()
	source := &fixedRows{columns: make([]string, len(outputs)), rows: [][]sqldriver.Value{row}}
	types := make([]columntype.Type, len(outputs))
	for i, o := range outputs {
		source.columns[i], types[i] = o.name, resultTypes[o.kind]
	}
	return r.resultSet(source, types, func() {})
}
