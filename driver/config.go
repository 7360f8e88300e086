package driver

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"
)

// AuthScheme is a way to authenticate with Bitbucket Cloud.
type AuthScheme string

// The ways to authenticate (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication).
const (
	// OAuth sends Config.OAuthAccessToken, the access token of an OAuth 2.0 consumer.
	OAuth AuthScheme = "OAuth"
	// APIToken sends Config.User and Config.APIToken, an Atlassian account's e-mail address and API token.
	APIToken AuthScheme = "APIToken"
	// AccessToken sends Config.AccessToken, the access token of a repository, project or workspace.
	AccessToken AuthScheme = "AccessToken"
)

// Config is what a connection is made from. Make one with [NewConfig] or [ParseDSN]: the zero values of some fields are
// not their defaults. Each field is the connection property of the same name; [Properties] describes them.
type Config struct {
	Workspace string // slug of the workspace, or its UUID
	Schema    string // default schema of unqualified table names
	BaseURL   string // root of the REST API

	BrowsableSchemas string // schemas that metadata lists, separated by commas; empty means all
	Tables           string // tables that metadata lists
	Views            string // views that metadata lists

	AuthScheme       AuthScheme // empty: it follows from the secret that is set
	OAuthAccessToken string     // secret of OAuth
	User             string     // e-mail address, for APIToken
	APIToken         string     // secret of APIToken
	AccessToken      string     // secret of AccessToken

	Timeout     time.Duration // of one request; 0 means none
	MaxRows     int           // rows of a query; -1 means all
	MaxRequests int           // requests of a statement; 0 means no limit
	Pagesize    int           // rows of a page; 0 means as many as the endpoint allows
	MaxInFlight int           // requests at the same time
	ReadOnly    bool          // refuse what could change something
	PushDown    bool          // let Bitbucket filter, sort and limit

	IncludeDeleted bool   // show deleted rows, too
	PseudoColumns  string // inputs to show as columns, which they are anyway

	UserDefinedViews    string // path of the file of views; empty means none
	UserViewsSchemaName string // schema of the views

	Logfile   string // path; empty means no log
	Verbosity int    // 1 to 5
}

// NewConfig returns a Config with the default of every property.
func NewConfig() *Config {
	c := new(Config)
	for i := range properties {
		if problem := properties[i].set(c, ""); problem != "" {
			panic("default of " + properties[i].Name + ": " + problem)
		}
	}
	return c
}

// Clone returns a copy.
func (c *Config) Clone() *Config {
	clone := *c
	return &clone
}

// Set reads a property's value from text, as a connection string would. The empty text means the default. The error is a
// [*ConfigError].
func (c *Config) Set(name, value string) error {
	p, ok := findProperty(name)
	if !ok {
		return configError([]Fault{unknownProperty(name)})
	}
	changed := c.Clone()
	problem := p.set(changed, value)
	if problem == "" {
		problem = p.check(changed)
	}
	if problem != "" {
		return configError([]Fault{{p.Name, problem}})
	}
	*c = *changed
	return nil
}

// Get returns a property's value as text, secrets included, and whether there is a property of that name.
func (c *Config) Get(name string) (value string, ok bool) {
	p, ok := findProperty(name)
	if !ok {
		return "", false
	}
	return p.get(c), true
}

// Validate reports everything that keeps c from being connected with, as a [*ConfigError].
func (c *Config) Validate() error { return configError(c.Clone().normalize()) }

// normalize fills in what follows from other properties, brings values to one spelling and reports every fault.
func (c *Config) normalize() []Fault {
	var faults []Fault
	fault := func(property, format string, args ...any) {
		faults = append(faults, Fault{property, fmt.Sprintf(format, args...)})
	}
	for i := range properties {
		if problem := properties[i].check(c); problem != "" {
			fault(properties[i].Name, "%s", problem)
		}
	}
	if c.MaxRows == 0 {
		fault("MaxRows", "0 would return nothing, -1 means no limit (start from NewConfig rather than from an empty Config)")
	}
	if c.Schema == "" {
		c.Schema = "Information"
	}
	if isUUID(c.Workspace) {
		c.Workspace = "{" + c.Workspace + "}" // the API wants the braces, which a connection string takes for quotes
	}
	if strings.ContainsAny(c.Workspace, "/?#% ") {
		fault("Workspace", "must be the slug of a workspace or its UUID, not a URL or a name with spaces")
	}
	if c.UserViewsSchemaName == "" {
		c.UserViewsSchemaName = defaultViewsSchema
	}
	if problem := checkViewsSchema(c.UserViewsSchemaName); problem != "" {
		fault("UserViewsSchemaName", "%s", problem)
	}
	for _, problem := range checkPseudoColumns(c.PseudoColumns) {
		fault("PseudoColumns", "%s", problem)
	}
	if problem := c.normalizeBaseURL(); problem != "" {
		fault("BaseURL", "%s", problem)
	}
	return append(faults, c.normalizeAuth()...)
}

func (c *Config) normalizeBaseURL() (problem string) {
	if c.BaseURL == "" {
		c.BaseURL = "https://api.bitbucket.org/2.0"
	}
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil: // not shown: it repeats the URL, which may hold a password
		return "is not a URL"
	case u.User != nil:
		return "must not contain a user or password, they have properties of their own"
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		return "must begin with https:// and a host"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(c.BaseURL, "#"):
		return "must not contain ? or #"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return fmt.Sprintf("http to %s would send the secret in clear text, use https", u.Hostname())
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return ""
}

// normalizeAuth chooses the scheme where none is given, and checks that the scheme has what it needs.
func (c *Config) normalizeAuth() []Fault {
	if c.AuthScheme == "" {
		var schemes []string
		if c.OAuthAccessToken != "" {
			schemes = append(schemes, string(OAuth))
		}
		if c.APIToken != "" {
			schemes = append(schemes, string(APIToken))
		}
		if c.AccessToken != "" {
			schemes = append(schemes, string(AccessToken))
		}
		switch {
		case len(schemes) > 1:
			return []Fault{{"AuthScheme", "secrets for " + strings.Join(schemes, " and ") +
				" are given, set AuthScheme to say which to use"}}
		case len(schemes) == 1:
			c.AuthScheme = AuthScheme(schemes[0])
		case c.User != "":
			c.AuthScheme = APIToken
		default:
			return []Fault{{"OAuthAccessToken", "no credentials are given: set OAuthAccessToken, or User and APIToken, or AccessToken"}}
		}
	}
	var faults []Fault
	switch c.AuthScheme {
	case OAuth:
		if c.OAuthAccessToken == "" {
			faults = append(faults, Fault{"OAuthAccessToken", "AuthScheme OAuth needs it, set it to an access token of an OAuth consumer"})
		}
	case APIToken:
		if c.User == "" {
			faults = append(faults, Fault{"User", "AuthScheme APIToken needs it, set it to the e-mail address of the Atlassian account"})
		} else if strings.Contains(c.User, ":") {
			faults = append(faults, Fault{"User", "must not contain a colon, the API token has a property of its own"})
		}
		if c.APIToken == "" {
			faults = append(faults, Fault{"APIToken", "AuthScheme APIToken needs it, set it to an API token with Bitbucket scopes"})
		}
	case AccessToken:
		if c.AccessToken == "" {
			faults = append(faults, Fault{"AccessToken", "AuthScheme AccessToken needs it, set it to the access token of a repository, project or workspace"})
		}
	}
	return faults
}

// mask stands for a secret that is set.
const mask = "***"

// String is the connection string with every secret masked. It is for reading, not for connecting.
func (c Config) String() string {
	for i := range properties {
		if p := &properties[i]; p.Sensitive && p.get(&c) != "" {
			*p.text(&c) = mask
		}
	}
	// Validate refuses secrets in these places, but a Config can be printed before.
	if at := strings.LastIndexByte(c.BaseURL, '@'); at >= 0 {
		c.BaseURL = mask + c.BaseURL[at:]
	}
	if query := strings.IndexAny(c.BaseURL, "?#"); query >= 0 {
		c.BaseURL = c.BaseURL[:query+1] + mask
	}
	if colon := strings.IndexByte(c.User, ':'); colon >= 0 {
		c.User = c.User[:colon+1] + mask
	}
	if !looksLikeName(string(c.AuthScheme)) {
		c.AuthScheme = mask
	}
	return c.FormatDSN()
}

// GoString keeps secrets out of %#v.
func (c Config) GoString() string { return fmt.Sprintf("driver.Config(%q)", c.String()) }

// LogValue keeps secrets out of structured logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// isUUID tells whether s is a UUID without braces.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !strings.ContainsRune("0123456789abcdefABCDEF", rune(s[i])) {
				return false
			}
		}
	}
	return true
}
