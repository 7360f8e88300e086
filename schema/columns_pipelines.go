package schema

// variableColumns are the columns of a pipeline variable, wherever it is set.
func variableColumns() []Column {
	return []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the variable, in braces."},
		{Name: "Key", Type: Text, Path: "key", Description: "Name of the variable in the environment of steps; unique where it is set."},
		{Name: "Value", Type: Text, Path: "value", Description: "Value of the variable; NULL when it is secured."},
		{Name: "Secured", Type: Boolean, Path: "secured", Description: "Whether the value is hidden, from logs and from this table."},
	}
}

// runnerColumns are the columns of a self-hosted runner.
func runnerColumns() []Column {
	return []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the runner, in braces."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the runner."},
		{Name: "Labels", Type: JSON, Path: "labels", Description: "Labels by which steps choose it, as a JSON array."},
		{Name: "StateStatus", Type: Text, Path: "state.status", Description: "UNREGISTERED, ONLINE, OFFLINE, DISABLED, ENABLED or UNHEALTHY."},
		{Name: "StateVersion", Type: Text, Path: "state.version.version", Description: "Version that it runs; NULL until it has connected."},
		{Name: "StateVersionCurrent", Type: Text, Path: "state.version.current", Description: "Version that Atlassian recommends."},
		{Name: "StateCordoned", Type: Boolean, Path: "state.cordoned", Description: "Whether it takes no new steps."},
		{Name: "StateUpdatedOn", Type: Timestamp, Path: "state.updated_on", Description: "When its state last changed."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was registered."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed."},
		{Name: "OAuthClientId", Type: Text, Path: "oauth_client.id", Description: "Id of the OAuth client as which it signs in; its secret is not shown."},
		{Name: "OAuthClientTokenEndpoint", Type: Text, Path: "oauth_client.token_endpoint", Description: "Address at which it gets its tokens."},
		{Name: "OAuthClientAudience", Type: Text, Path: "oauth_client.audience", Description: "Audience of its tokens."},
	}
}
