package schema

import "slices"

const profileAccess = "read:user:bitbucket"

// accountColumns are the columns of an account as a row.
func accountColumns() []Column {
	return slices.Concat([]Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the account, in braces; never changes."},
		{Name: "DisplayName", Type: Text, Path: "display_name", Description: "Name that the account goes by."},
		{Name: "AccountId", Type: Text, Path: "account_id", Description: "Atlassian account id; NULL for accounts without one."},
		{Name: "Nickname", Type: Text, Path: "nickname", Description: "Nickname; not unique."},
	}, profile(""), links(""))
}

// CurrentUser is the caller.
var CurrentUser = Table{
	Name:        "CurrentUser",
	Description: "The account that the credential belongs to, in one row.",
	Key:         []string{"UUID"},
	Columns:     accountColumns(),
	Endpoints:   []Endpoint{{Path: "/user", Paging: One, Scope: "account", TokenScope: profileAccess}},
	Examples: []Example{
		{
			Says: "Whose token the connection uses:",
			SQL:  "SELECT DisplayName, AccountId, Type, AccountStatus\nFROM CurrentUser",
		},
		{
			Says: "The open pull requests that you wrote in a repository:",
			SQL: "SELECT p.Id, p.Title, p.UpdatedOn\nFROM CurrentUser me\n" +
				"JOIN [payments-api].PullRequests p ON p.AuthorUUID = me.UUID\nWHERE p.State = 'OPEN'",
		},
	},
}

// CurrentUserEmails are the caller's e-mail addresses.
var CurrentUserEmails = Table{
	Name:        "CurrentUserEmails",
	Description: "E-mail addresses of the caller, confirmed or not.",
	Key:         []string{"Email"},
	Columns: []Column{
		{Name: "Email", Type: Text, Path: "email", Description: "E-mail address."},
		{Name: "IsPrimary", Type: Boolean, Path: "is_primary", Description: "Whether it is the main address."},
		{Name: "IsConfirmed", Type: Boolean, Path: "is_confirmed", Description: "Whether the caller has shown that the address is theirs."},
		allLinks,
	},
	Endpoints: []Endpoint{
		{Path: "/user/emails", Paging: Numbered, MaxPage: 100, NoSize: true, Scope: "email", TokenScope: profileAccess},
		{
			Path: "/user/emails/{email}", Paging: One, Binds: map[string]string{"email": "Email"},
			Scope: "email", TokenScope: profileAccess,
		},
	},
	Examples: []Example{
		{
			Says: "The address that Bitbucket writes to:",
			SQL:  "SELECT Email\nFROM CurrentUserEmails\nWHERE IsPrimary",
		},
		{
			Says: "Addresses that still wait to be confirmed:",
			SQL:  "SELECT Email\nFROM CurrentUserEmails\nWHERE NOT IsConfirmed",
		},
	},
}

// Accounts are all accounts of Bitbucket, members of the workspace or not.
var Accounts = Table{
	Name: "Accounts",
	Description: "Any account of Bitbucket, looked up by UUID or AccountId: authors, reviewers and commenters that are no members of the workspace too. " +
		"It cannot be listed; Users lists the members.",
	Key:     []string{"UUID"},
	Columns: accountColumns(),
	Examples: []Example{{
		Says: "Who wrote the newest commits, members of the workspace or not:",
		SQL: "SELECT c.Hash, a.DisplayName, a.AccountStatus\nFROM (SELECT Hash, AuthorUUID FROM platform.Commits LIMIT 20) c\n" +
			"JOIN Information.Accounts a ON a.UUID = c.AuthorUUID",
	}, {
		Says: "One account by its Atlassian account id:",
		SQL: "SELECT UUID, DisplayName, Type\nFROM Information.Accounts\n" +
			"WHERE AccountId = (SELECT AccountId FROM Information.CurrentUser)",
	}},
	Endpoints: []Endpoint{
		{
			Path: "/users/{selected_user}", Paging: One, TokenScope: profileAccess,
			Binds: map[string]string{"selected_user": "UUID"}, Forms: map[string]Form{"selected_user": UUIDForm},
		},
		{
			Path: "/users/{selected_user}", Paging: One, TokenScope: profileAccess,
			Binds: map[string]string{"selected_user": "AccountId"},
		},
	},
}

// CurrentUserWorkspacePermissions is what the caller may do in the workspace.
var CurrentUserWorkspacePermissions = Table{
	Name:        "CurrentUserWorkspacePermissions",
	Description: "The caller's role in the workspace, in one row: the highest that the caller has by any group.",
	Key:         []string{"WorkspaceUUID"},
	Columns:     workspaceMembership("the caller"),
	Endpoints: []Endpoint{{
		Path: "/user/workspaces/{workspace}/permission", Paging: One,
		Scope: "account", TokenScope: "read:workspace:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "What your token lets you do in the workspace:",
			SQL:  "SELECT WorkspaceSlug, Permission\nFROM CurrentUserWorkspacePermissions",
		},
		{
			Says: "Colleagues with the same role as you:",
			SQL: "SELECT w.UserName, w.Permission\nFROM CurrentUserWorkspacePermissions me\n" +
				"JOIN WorkspacePermissions w ON w.Permission = me.Permission",
		},
	},
}

// CurrentUserRepositoryPermissions is what the caller may do in repositories of the workspace.
var CurrentUserRepositoryPermissions = Table{
	Name: "CurrentUserRepositoryPermissions",
	Description: "The caller's permission in each repository of the workspace to which the caller was given access, directly or by a group. " +
		"Public repositories that are open to everybody are not among them.",
	Key:     []string{"RepositoryUUID"},
	Columns: repositoryPermission("the caller"),
	Endpoints: []Endpoint{{
		Path: "/user/workspaces/{workspace}/permissions/repositories", Paging: Numbered, MaxPage: 100, Query: "q",
		Filters: repositoryPermissionFilters,
		Scope:   "account repository", TokenScope: "read:repository:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "Repositories that you may push to:",
			SQL: "SELECT RepositoryName, Permission\nFROM CurrentUserRepositoryPermissions\n" +
				"WHERE Permission IN ('write', 'admin')",
		},
		{
			Says: "In how many repositories you may do what:",
			SQL:  "SELECT Permission, COUNT(*) AS Repositories\nFROM CurrentUserRepositoryPermissions\nGROUP BY Permission",
		},
	},
}

// callerOf is the parent of tables of what an account keeps to itself.
var callerOf = Parent{Table: "CurrentUser", Columns: map[string]string{"UserUUID": "UUID"}}

// callerUUID is the first column of tables of what an account keeps to itself.
func callerUUID() Column {
	return Column{
		Name: "UserUUID", Type: Text, Param: "selected_user", References: "CurrentUser.UUID",
		Description: "UUID of the account, in braces. Without a condition on it, the caller is meant; Bitbucket shows the things of others to few.",
	}
}

// SSHKeys are the SSH keys of an account.
var SSHKeys = Table{
	Name:        "SSHKeys",
	Description: "Public SSH keys of the caller.",
	Key:         []string{"UserUUID", "UUID"},
	Columns: slices.Concat([]Column{
		callerUUID(),
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the key, in braces."},
		{Name: "Label", Type: Text, Path: "label", Description: "Name that the user gave the key."},
		{Name: "Key", Type: Text, Path: "key", Description: "The public key, as OpenSSH writes it."},
		{Name: "Comment", Type: Text, Path: "comment", Description: "Comment at the end of the key."},
		{Name: "Fingerprint", Type: Text, Path: "fingerprint", Description: "SHA-256 fingerprint of the key, in Base64."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When the key was added."},
		{Name: "LastUsed", Type: Timestamp, Path: "last_used", Description: "When the key was last used; NULL if never."},
		{Name: "ExpiresOn", Type: Timestamp, Path: "expires_on", Description: "When the key expires; NULL if never."},
	}, account("Owner", "owner", "the owner"), []Column{allLinks}),
	Parent: &callerOf,
	Endpoints: []Endpoint{
		{
			Path: "/users/{selected_user}/ssh-keys", Paging: Numbered, MaxPage: 100,
			Binds: map[string]string{"selected_user": "UserUUID"}, Forms: map[string]Form{"selected_user": UUIDForm},
			Scope: "account", TokenScope: "read:ssh-key:bitbucket",
		},
		{
			Path: "/users/{selected_user}/ssh-keys/{key_id}", Paging: One,
			Binds: map[string]string{"selected_user": "UserUUID", "key_id": "UUID"},
			Forms: map[string]Form{"selected_user": UUIDForm, "key_id": UUIDForm},
			Scope: "account", TokenScope: "read:ssh-key:bitbucket",
		},
	},
	Examples: []Example{
		{
			Says: "Your keys that were never used, or not for half a year:",
			SQL: "SELECT Label, Fingerprint, CreatedOn, LastUsed\nFROM SSHKeys\n" +
				"WHERE LastUsed IS NULL OR LastUsed < DATEADD(month, -6, GETDATE())",
		},
		{
			Says: "How many of your keys there are of each kind, and how many never expire:",
			SQL: "SELECT SUBSTR(Key, 1, INSTR(Key, ' ') - 1) AS Kind, COUNT(*) AS Keys, SUM(ExpiresOn IS NULL) AS NeverExpire\n" +
				"FROM SSHKeys\nGROUP BY Kind",
		},
	},
}

// GPGKeys are the GPG keys of an account.
var GPGKeys = Table{
	Name:        "GPGKeys",
	Description: "Public GPG keys of the caller, by which Bitbucket checks signed commits.",
	Key:         []string{"UserUUID", "Fingerprint"},
	Columns: slices.Concat([]Column{
		callerUUID(),
		{Name: "Fingerprint", Type: Text, Path: "fingerprint", Description: "Fingerprint of the key."},
		{Name: "KeyId", Type: Text, Path: "key_id", Description: "Id of the key: the end of its fingerprint."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name that the user gave the key."},
		{Name: "ParentFingerprint", Type: Text, Path: "parent_fingerprint", Description: "Fingerprint of the key that this one is a subkey of; NULL when it is none."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When the key was made."},
		{Name: "AddedOn", Type: Timestamp, Path: "added_on", Description: "When the key was added."},
		{Name: "LastUsed", Type: Timestamp, Path: "last_used", Description: "When the key was last used; NULL if never."},
		{Name: "ExpiresOn", Type: Timestamp, Path: "expires_on", Description: "When the key expires; NULL if never."},
		{Name: "Key", Type: Text, Path: "key", Description: "The public key, in ASCII armour."},
		{Name: "Subkeys", Type: JSON, Path: "subkeys", Description: "Subkeys, as a JSON array."},
	}, account("Owner", "owner", "the owner"), []Column{allLinks}),
	Parent: &callerOf,
	Endpoints: []Endpoint{
		{
			Path: "/users/{selected_user}/gpg-keys", Paging: Numbered, MaxPage: 100, Hidden: []string{"key", "subkeys"},
			Binds: map[string]string{"selected_user": "UserUUID"}, Forms: map[string]Form{"selected_user": UUIDForm},
			Scope: "account", TokenScope: "read:gpg-key:bitbucket",
		},
		{
			Path: "/users/{selected_user}/gpg-keys/{fingerprint}", Paging: One,
			Binds: map[string]string{"selected_user": "UserUUID", "fingerprint": "Fingerprint"},
			Forms: map[string]Form{"selected_user": UUIDForm},
			Scope: "account", TokenScope: "read:gpg-key:bitbucket",
		},
	},
	Examples: []Example{
		{
			Says: "Which of your signing keys expires first:",
			SQL:  "SELECT Name, KeyId, ExpiresOn\nFROM GPGKeys\nWHERE ExpiresOn IS NOT NULL\nORDER BY ExpiresOn\nLIMIT 1",
		},
		{
			Says: "Subkeys, a row each:",
			SQL: "SELECT k.KeyId, s.value ->> 'key_id' AS SubkeyId, s.value ->> 'expires_on' AS ExpiresOn\n" +
				"FROM GPGKeys k, json_each(k.Subkeys) s",
		},
	},
}

// UserVariables are the pipeline variables of an account.
var UserVariables = Table{
	Name:        "UserVariables",
	Description: "Pipeline variables of the caller's own account. Atlassian keeps them for old set-ups only: WorkspaceVariables has those in use.",
	Key:         []string{"UserUUID", "UUID"},
	Columns:     append([]Column{callerUUID()}, variableColumns()...),
	Parent:      &callerOf,
	Endpoints: []Endpoint{
		{
			Path: "/users/{selected_user}/pipelines_config/variables", Paging: Numbered, MaxPage: 100,
			Binds: map[string]string{"selected_user": "UserUUID"}, Forms: map[string]Form{"selected_user": UUIDForm},
			Scope: pipelineScope,
		},
		{
			Path: "/users/{selected_user}/pipelines_config/variables/{variable_uuid}", Paging: One,
			Binds: map[string]string{"selected_user": "UserUUID", "variable_uuid": "UUID"},
			Forms: map[string]Form{"selected_user": UUIDForm, "variable_uuid": UUIDForm},
			Scope: pipelineScope,
		},
	},
	Examples: []Example{
		{
			Says: "Variables of your account whose values anybody may read in a log:",
			SQL:  "SELECT Key, Value\nFROM UserVariables\nWHERE NOT Secured",
		},
		{
			Says: "Variables that the workspace defines, too:",
			SQL: "SELECT u.Key, u.Value AS Mine, w.Value AS Shared\nFROM UserVariables u\n" +
				"JOIN WorkspaceVariables w ON w.Key = u.Key",
		},
	},
}

// UserProperties are what apps keep about accounts.
var UserProperties = Table{
	Name:        "UserProperties",
	Description: "What a Connect app keeps about an account: one value for an AppKey and a PropertyName, which the query must give.",
	Key:         []string{"UserUUID", "AppKey", "PropertyName"},
	Columns: []Column{
		callerUUID(),
		{Name: "AppKey", Type: Text, Param: "app_key", Description: "Key of the app. The query must compare it with = or IN."},
		{Name: "PropertyName", Type: Text, Param: "property_name", Description: "Name of the property. The query must compare it with = or IN."},
		{Name: "Value", Type: JSON, Path: ".", Description: "The property, as the JSON object that the app stored."},
	},
	Examples: []Example{{
		Says: "What an app keeps about the caller:",
		SQL:  "SELECT Value\nFROM Information.UserProperties\nWHERE AppKey = 'acme-app' AND PropertyName = 'notes'",
	}, {
		Says: "A member of what an app keeps about each member of the workspace:",
		SQL: "SELECT u.DisplayName, json_extract(p.Value, '$.stars') AS Stars\nFROM Information.Users u\n" +
			"JOIN Information.UserProperties p ON p.UserUUID = u.UUID\nWHERE p.AppKey = 'acme-app' AND p.PropertyName = 'notes'",
	}},
	Parent: &callerOf,
	Endpoints: []Endpoint{{
		Path: "/users/{selected_user}/properties/{app_key}/{property_name}", Paging: One,
		Binds: map[string]string{"selected_user": "UserUUID", "app_key": "AppKey", "property_name": "PropertyName"},
		Forms: map[string]Form{"selected_user": UUIDForm}, TokenScope: "admin:workspace:bitbucket",
	}},
}
