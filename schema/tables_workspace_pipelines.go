package schema

const workspacePipelinesPath = "/workspaces/{workspace}/pipelines-config"

// WorkspaceVariables are the pipeline variables of the workspace.
var WorkspaceVariables = Table{
	Name:        "WorkspaceVariables",
	Description: "Pipeline variables of the workspace, which pipelines of all its repositories see.",
	Key:         []string{"UUID"},
	Columns:     variableColumns(),
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
	Examples: []Example{
		{
			Says: "Variables that anybody may read:",
			SQL:  "SELECT Key, Value\nFROM WorkspaceVariables\nWHERE NOT Secured\nORDER BY Key",
		},
		{
			Says: "Variables of the workspace that repositories override:",
			SQL: "SELECT w.Key, STRING_AGG(r.RepositorySlug, ', ') AS Repositories\nFROM WorkspaceVariables w\n" +
				"JOIN Workspace.RepositoryVariables r ON r.Key = w.Key\nGROUP BY w.Key",
		},
	},
}

// WorkspaceRunners are the runners of the workspace.
var WorkspaceRunners = Table{
	Name:        "WorkspaceRunners",
	Description: "Runners of the workspace: machines of its own that run pipeline steps of all its repositories.",
	Key:         []string{"UUID"},
	Columns:     runnerColumns(),
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
	Examples: []Example{
		{
			Says: "Runners that do not work, and since when:",
			SQL: "SELECT Name, StateStatus, StateCordoned, StateUpdatedOn\nFROM WorkspaceRunners\n" +
				"WHERE StateStatus <> 'ONLINE' OR StateCordoned",
		},
		{
			Says: "How many runners wait for each label:",
			SQL: "SELECT l.value AS Label, COUNT(*) AS Runners, SUM(r.StateStatus = 'ONLINE') AS Online\n" +
				"FROM WorkspaceRunners r, json_each(r.Labels) l\nGROUP BY Label\nORDER BY Runners DESC",
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
	Examples: []Example{
		{
			Says: "What a cloud needs to know to trust pipelines of this workspace:",
			SQL:  "SELECT Issuer, JWKSURI\nFROM OIDCConfiguration",
		},
		{
			Says: "Claims that a trust policy can be made of:",
			SQL:  "SELECT c.value AS Claim\nFROM OIDCConfiguration, json_each(ClaimsSupported) c\nORDER BY Claim",
		},
	},
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
	Examples: []Example{
		{
			Says: "The public keys as a JSON Web Key Set:",
			SQL:  "SELECT json_object('keys', json_group_array(json(Document))) AS KeySet\nFROM OIDCKeys",
		},
		{
			Says: "How long the signing keys are, in bits:",
			SQL:  "SELECT KeyId, Algorithm, LENGTH(Modulus) * 6 / 8 * 8 AS Bits\nFROM OIDCKeys\nWHERE KeyType = 'RSA'",
		},
	},
}
