package schema

import "slices"

// accountRow is the columns of an account that is the row itself.
func accountRow(who string) []Column {
	return slices.Concat(account("User", "", who), []Column{
		{Name: "UserType", Type: Text, Path: "type", Description: "Kind of account: user, team or app_user."},
		{Name: "UserCreatedOn", Type: Timestamp, Path: "created_on", Description: "When the account was created, where Bitbucket says so."},
		{Name: "Links", Type: JSON, Path: "links", Description: "All links of the account, as a JSON object."},
	})
}

// DefaultReviewers are the accounts that are asked to review every pull request.
var DefaultReviewers = Table{
	Name:        "DefaultReviewers",
	Description: "Accounts that the repository asks to review every new pull request. EffectiveDefaultReviewers has those of the project, too.",
	Scope:       RepositoryScope,
	Key:         []string{"UserUUID"},
	Columns:     accountRow("the reviewer"),
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/default-reviewers", Paging: Numbered, MaxPage: 100,
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
		{
			Path: repositoryPath + "/default-reviewers/{target_username}", Paging: One,
			Binds: map[string]string{"target_username": "UserUUID"}, Forms: map[string]Form{"target_username": UUIDForm},
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Repositories without default reviewers of their own:",
			SQL: "SELECT r.Slug\nFROM Repositories r\n" +
				"WHERE r.Slug NOT IN (SELECT RepositorySlug FROM Workspace.DefaultReviewers)",
		},
		{
			Says: "Default reviewers who come from the project, too:",
			SQL: "SELECT d.UserName\nFROM platform.DefaultReviewers d\n" +
				"JOIN PLAT.ProjectDefaultReviewers p ON p.UserUUID = d.UserUUID",
		},
	},
}

// EffectiveDefaultReviewers are the default reviewers that count.
var EffectiveDefaultReviewers = Table{
	Name:        "EffectiveDefaultReviewers",
	Description: "Accounts that are asked to review every new pull request, by the repository or by its project.",
	Scope:       RepositoryScope,
	Key:         []string{"UserUUID"},
	Columns: slices.Concat(account("User", "user", "the reviewer"), []Column{
		{Name: "ReviewerType", Type: Text, Path: "reviewer_type", Description: "Who asks: repository or project."},
		userType,
	}),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/effective-default-reviewers", Paging: Numbered, MaxPage: 100,
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
	Examples: []Example{
		{
			Says: "Who is asked for a review in most repositories:",
			SQL: "SELECT UserName, COUNT(*) AS Repositories\nFROM Workspace.EffectiveDefaultReviewers\n" +
				"GROUP BY UserUUID, UserName\nORDER BY Repositories DESC\nLIMIT 5",
		},
		{
			Says: "Which reviewers a repository has from its project:",
			SQL:  "SELECT UserName, UserAccountId\nFROM platform.EffectiveDefaultReviewers\nWHERE ReviewerType = 'project'",
		},
	},
}

// Watchers are the accounts that are told of what happens in a repository.
var Watchers = Table{
	Name:        "Watchers",
	Description: "Accounts that watch the repository.",
	Scope:       RepositoryScope,
	Key:         []string{"UserUUID"},
	Columns:     accountRow("the watcher"),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/watchers", Paging: Numbered, MaxPage: 100, NoSize: true,
		Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "Repositories with most watchers:",
			SQL: "SELECT RepositorySlug, COUNT(*) AS Watchers\nFROM Workspace.Watchers\nGROUP BY RepositorySlug\n" +
				"ORDER BY Watchers DESC\nLIMIT 5",
		},
		{
			Says: "Who watches both of two repositories:",
			SQL:  "SELECT a.UserName\nFROM platform.Watchers a\nJOIN [web-app].Watchers b ON b.UserUUID = a.UserUUID",
		},
	},
}

// DeployKeys are the keys that may read a repository.
var DeployKeys = Table{
	Name:        "DeployKeys",
	Description: "SSH keys that may read the repository without an account. Needs administrator rights.",
	Scope:       RepositoryScope,
	Key:         []string{"Id"},
	Columns: slices.Concat([]Column{
		{Name: "Id", Type: Integer, Path: "id", Description: "Number of the key."},
		{Name: "Label", Type: Text, Path: "label", Description: "Label that its owner gave it."},
		{Name: "Key", Type: Text, Path: "key", Description: "The public key."},
		{Name: "Comment", Type: Text, Path: "comment", Description: "Comment in the key."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on|added_on", Description: "When it was added."},
		{Name: "LastUsed", Type: Timestamp, Path: "last_used", Description: "When it was last used; NULL if never."},
	}, account("Owner", "owner", "the account that added it"), repository("", "repository", "the repository"), []Column{allLinks}),
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/deploy-keys", Paging: Numbered, MaxPage: 100,
			Scope: "repository repository:admin", TokenScope: administerAccess,
		},
		{
			Path: repositoryPath + "/deploy-keys/{key_id}", Paging: One, Binds: map[string]string{"key_id": "Id"},
			Scope: "repository repository:admin", TokenScope: administerAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Deploy keys of all repositories that were never used, or not this year:",
			SQL: "SELECT RepositorySlug, Id, Label, LastUsed\nFROM Workspace.DeployKeys\n" +
				"WHERE LastUsed IS NULL OR LastUsed < '2026-01-01'",
		},
		{
			Says: "Kinds of deploy keys:",
			SQL: "SELECT SUBSTR(Key, 1, INSTR(Key, ' ') - 1) AS Kind, COUNT(*) AS Keys, MIN(CreatedOn) AS Oldest\n" +
				"FROM platform.DeployKeys\nGROUP BY Kind",
		},
	},
}

// RepositoryUserPermissions are the rights given to users.
var RepositoryUserPermissions = Table{
	Name:        "RepositoryUserPermissions",
	Description: "Rights in the repository that users were given themselves, not through a group or the project. Needs administrator rights.",
	Scope:       RepositoryScope,
	Key:         []string{"UserUUID"},
	Columns: slices.Concat([]Column{
		{Name: "Permission", Type: Text, Path: "permission", Description: "read, write or admin; none for a user that was asked for and has none."},
	}, account("User", "user", "the user"), []Column{userType}, repository("", "repository", "the repository"), []Column{allLinks}),
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/permissions-config/users", Paging: Numbered, MaxPage: 100,
			Scope: administerScope, TokenScope: sourceAccess,
		},
		{
			Path: repositoryPath + "/permissions-config/users/{selected_user_id}", Paging: One,
			Binds: map[string]string{"selected_user_id": "UserUUID"}, Forms: map[string]Form{"selected_user_id": UUIDForm},
			Scope: administerScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "People who may push by a grant of their own, rather than by a group:",
			SQL: "SELECT RepositorySlug, UserName, Permission\nFROM Workspace.RepositoryUserPermissions\n" +
				"WHERE Permission IN ('write', 'admin')\nORDER BY RepositorySlug",
		},
		{
			Says: "What you yourself were given in a repository:",
			SQL:  "SELECT p.Permission\nFROM CurrentUser me\nJOIN platform.RepositoryUserPermissions p ON p.UserUUID = me.UUID",
		},
	},
}

// RepositoryGroupPermissions are the rights given to groups.
var RepositoryGroupPermissions = Table{
	Name:        "RepositoryGroupPermissions",
	Description: "Rights in the repository that groups were given. Needs administrator rights.",
	Scope:       RepositoryScope,
	Key:         []string{"GroupSlug"},
	Columns: slices.Concat([]Column{
		{Name: "Permission", Type: Text, Path: "permission", Description: "read, write or admin; none for a group that was asked for and has none."},
		{Name: "GroupName", Type: Text, Path: "group.name", Description: "Name of the group."},
		{Name: "GroupSlug", Type: Text, Path: "group.slug", Description: "Slug of the group."},
		{Name: "GroupFullSlug", Type: Text, Path: "group.full_slug", Description: "Workspace slug and group slug, with a colon between."},
		{Name: "GroupOwnerUUID", Type: Text, Path: "group.owner.uuid", Description: "UUID of the group's owner, in braces."},
		{Name: "GroupOwnerName", Type: Text, Path: "group.owner.display_name", Description: "Display name of the group's owner."},
		{Name: "GroupWorkspaceUUID", Type: Text, Path: "group.workspace.uuid", References: "Workspaces.UUID", Description: "UUID of the group's workspace."},
		{Name: "GroupWorkspaceSlug", Type: Text, Path: "group.workspace.slug", References: "Workspaces.Slug", Description: "Slug of the group's workspace."},
	}, repository("", "repository", "the repository"), []Column{
		{Name: "GroupLinks", Type: JSON, Path: "group.links", Description: "Links of the group, as a JSON object."},
		allLinks,
	}),
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/permissions-config/groups", Paging: Numbered, MaxPage: 100,
			Scope: administerScope, TokenScope: sourceAccess,
		},
		{
			Path: repositoryPath + "/permissions-config/groups/{group_slug}", Paging: One, Binds: map[string]string{"group_slug": "GroupSlug"},
			Scope: administerScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "What one group may do, and where:",
			SQL:  "SELECT RepositorySlug, Permission\nFROM Workspace.RepositoryGroupPermissions\nWHERE GroupSlug = 'developers'",
		},
		{
			Says: "Groups that may do something else here than in the project:",
			SQL: "SELECT r.GroupName, p.Permission AS InProject, r.Permission AS InRepository\n" +
				"FROM platform.RepositoryGroupPermissions r\n" +
				"LEFT JOIN PLAT.ProjectGroupPermissions p ON p.GroupSlug = r.GroupSlug\n" +
				"WHERE p.Permission IS NOT r.Permission",
		},
	},
}
