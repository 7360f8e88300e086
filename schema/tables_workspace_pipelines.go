package schema

const workspacePipelinesPath = "/workspaces/{workspace}/pipelines-config"

// sharedVariable is the columns of a pipeline variable of a workspace or an account.
func sharedVariable() []Column {
	return []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the variable, in braces."},
		{Name: "Key", Type: Text, Path: "key", Description: "Name of the variable, unique where it is set."},
		{Name: "Value", Type: Text, Path: "value", Description: "Value; NULL when the variable is secured."},
		{Name: "Secured", Type: Boolean, Path: "secured", Description: "Whether nobody can read the value."},
	}
}

// WorkspaceVariables are the pipeline variables of the workspace.
var WorkspaceVariables = Table{
	Name:        "WorkspaceVariables",
	Description: "Pipeline variables of the workspace, which pipelines of all its repositories see.",
	Key:         []string{"UUID"},
	Columns:     sharedVariable(),
	Endpoints: []Endpoint{
		{
			Path: workspacePipelinesPath + "/variables", Paging: Numbered, MaxPage: 100,
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
		{
			Path: workspacePipelinesPath + "/variables/{variable_uuid}", Paging: One,
			Binds: map[string]string{"variable_uuid": "UUID"}, Forms: map[string]Form{"variable_uuid": UUIDForm},
			Scope: pipelineScope, TokenScope: pipelineAccess,
		},
	},
}

// WorkspaceRunners are the runners of the workspace.
var WorkspaceRunners = Table{
	Name:        "WorkspaceRunners",
	Description: "Runners of the workspace: machines of its own that run pipeline steps of all its repositories.",
	Key:         []string{"UUID"},
	Columns: []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the runner, in braces."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the runner."},
		{Name: "Labels", Type: JSON, Path: "labels", Description: "Labels by which steps choose runners, as a JSON array."},
		{Name: "StateStatus", Type: Text, Path: "state.status", Description: "UNREGISTERED, ONLINE, OFFLINE, DISABLED, ENABLED or UNHEALTHY."},
		{Name: "StateCordoned", Type: Boolean, Path: "state.cordoned", Description: "Whether the runner takes no more steps."},
		{Name: "StateVersion", Type: Text, Path: "state.version.version", Description: "Version of the runner's program."},
		{Name: "StateVersionCurrent", Type: Text, Path: "state.version.current", Description: "Version that Atlassian recommends."},
		{Name: "StateUpdatedOn", Type: Timestamp, Path: "state.updated_on", Description: "When the state last changed."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When the runner was created."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When the runner was last changed."},
		{Name: "OAuthClientId", Type: Text, Path: "oauth_client.id", Description: "Id of the OAuth client by which the runner signs in; its secret is not shown."},
		{Name: "OAuthClientTokenEndpoint", Type: Text, Path: "oauth_client.token_endpoint", Description: "Address at which the runner gets its tokens."},
		{Name: "OAuthClientAudience", Type: Text, Path: "oauth_client.audience", Description: "Whom the runner's tokens are for."},
	},
	Endpoints: []Endpoint{
		{
			Path: workspacePipelinesPath + "/runners", Paging: Numbered, MaxPage: 100,
			Scope: "runner", TokenScope: "read:runner:bitbucket",
		},
		{
			Path: workspacePipelinesPath + "/runners/{runner_uuid}", Paging: One,
			Binds: map[string]string{"runner_uuid": "UUID"}, Forms: map[string]Form{"runner_uuid": UUIDForm},
			Scope: "runner", TokenScope: "read:runner:bitbucket",
		},
	},
}

// OIDCConfiguration is how others can check the identity of the workspace's pipelines
// (OpenID Connect Discovery 1.0, section 3).
var OIDCConfiguration = Table{
	Name:        "OIDCConfiguration",
	Description: "How other services check the identity of the workspace's pipelines, by OpenID Connect: one row.",
	Key:         []string{"Issuer"},
	Columns: []Column{
		{Name: "Issuer", Type: Text, Path: "issuer", Description: "Who issues the tokens, as an address."},
		{Name: "JWKSURI", Type: Text, Path: "jwks_uri", Description: "Address of the keys that sign the tokens; OIDCKeys shows them."},
		{Name: "SubjectTypesSupported", Type: JSON, Path: "subject_types_supported", Description: "Kinds of subject, as a JSON array."},
		{Name: "ResponseTypesSupported", Type: JSON, Path: "response_types_supported", Description: "Kinds of response, as a JSON array."},
		{Name: "ClaimsSupported", Type: JSON, Path: "claims_supported", Description: "Claims that the tokens hold, as a JSON array."},
		{Name: "IdTokenSigningAlgValuesSupported", Type: JSON, Path: "id_token_signing_alg_values_supported", Description: "Algorithms that sign the tokens, as a JSON array."},
		{Name: "Document", Type: JSON, Path: ".", Description: "The whole document, as a JSON object."},
	},
	Endpoints: []Endpoint{{Path: workspacePipelinesPath + "/identity/oidc/.well-known/openid-configuration", Paging: One}},
}

// OIDCKeys are the keys that sign the identity of the workspace's pipelines (RFC 7517).
var OIDCKeys = Table{
	Name:        "OIDCKeys",
	Description: "Public keys that sign the OpenID Connect tokens of the workspace's pipelines.",
	Key:         []string{"KeyId"},
	Columns: []Column{
		{Name: "KeyId", Type: Text, Path: "kid", Description: "Id of the key."},
		{Name: "KeyType", Type: Text, Path: "kty", Description: "Kind of key: RSA."},
		{Name: "Use", Type: Text, Path: "use", Description: "What the key is for: sig, to sign."},
		{Name: "Algorithm", Type: Text, Path: "alg", Description: "Algorithm that the key is used with."},
		{Name: "Modulus", Type: Text, Path: "n", Description: "Modulus of an RSA key, in Base64url."},
		{Name: "Exponent", Type: Text, Path: "e", Description: "Exponent of an RSA key, in Base64url."},
		{Name: "Document", Type: JSON, Path: ".", Description: "The whole key, as a JSON object."},
	},
	Endpoints: []Endpoint{{
		Path: workspacePipelinesPath + "/identity/oidc/keys.json", Paging: One, Each: &Each{Member: "keys"},
	}},
}
