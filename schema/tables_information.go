package schema

import "slices"

// Workspaces are the workspaces that the caller belongs to.
var Workspaces = Table{
	Name:        "Workspaces",
	Description: "Workspaces that the caller belongs to. It needs no Workspace property: its slugs are the values for it.",
	Key:         []string{"UUID"},
	Columns: []Column{
		{Name: "UUID", Type: Text, Path: "workspace.uuid", Description: "UUID of the workspace, in braces; never changes."},
		{Name: "Slug", Type: Text, Path: "workspace.slug", Description: "Slug of the workspace: the value for the property Workspace."},
		{Name: "Administrator", Type: Boolean, Path: "administrator", Description: "Whether the caller administers the workspace."},
		{Name: "Name", Type: Text, Path: "name", Detail: true, Description: "Name of the workspace. Read with one more request a workspace, as the columns below."},
		{Name: "IsPrivate", Type: Boolean, Path: "is_private", Detail: true, Description: "Whether the workspace is visible to its members only."},
		{Name: "IsPersonal", Type: Boolean, Path: "is_personal", Detail: true, Description: "Whether it is the workspace of one person."},
		{Name: "IsPrivacyEnforced", Type: Boolean, Path: "is_privacy_enforced", Detail: true, Description: "Whether new repositories must be private."},
		{Name: "ForkingMode", Type: Text, Path: "forking_mode", Detail: true, Description: "Who may fork: allow_forks or internal_only."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Detail: true, Description: "When the workspace was created."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Detail: true, Description: "When the workspace was last changed."},
		{Name: "HtmlURL", Type: Text, Path: "links.html.href", Detail: true, Description: "Address of the web page."},
		{Name: "Links", Type: JSON, Path: "links", Detail: true, Description: "All links of the object, as a JSON object."},
	},
	Endpoints: []Endpoint{{
		Path: "/user/workspaces", Paging: Numbered, MaxPage: 100,
		Filters: []Filter{{Column: "Administrator", Param: "administrator", Ops: EQ, Exact: EQ, Spelling: map[string]string{"1": "true", "0": "false"}}},
		Scope:   "account", TokenScope: "read:workspace:bitbucket",
	}},
	Detail: &Endpoint{
		Path: "/workspaces/{workspace}", Binds: map[string]string{"workspace": "Slug"}, Paging: One,
		TokenScope: "read:workspace:bitbucket",
	},
	Examples: []Example{
		{
			Says: "Workspaces that you administer, and who may fork from them:",
			SQL:  "SELECT Slug, Name, ForkingMode, IsPrivacyEnforced\nFROM Workspaces\nWHERE Administrator = 1",
		},
		{
			Says: "How many workspaces you belong to, by role:",
			SQL: "SELECT CASE WHEN Administrator THEN 'administrator' ELSE 'member' END AS Role, COUNT(*)\nFROM Workspaces\n" +
				"GROUP BY Role",
		},
	},
}

// Projects are the projects of the workspace.
var Projects = Table{
	Name:        "Projects",
	Description: "Projects of the workspace, each a group of repositories.",
	Key:         []string{"Key"},
	Columns: slices.Concat([]Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the project, in braces; never changes."},
		{Name: "Key", Type: Text, Path: "key", Description: "Key of the project, unique in the workspace."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the project."},
		{Name: "Description", Type: Text, Path: "description", Description: "What the project is for."},
		{Name: "IsPrivate", Type: Boolean, Path: "is_private", Description: "Whether the project is visible to the workspace only."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When the project was created."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When the project was last changed."},
		{Name: "HasPubliclyVisibleRepos", Type: Boolean, Path: "has_publicly_visible_repos", Description: "Whether a repository of the project is public."},
		{Name: "OwnerUUID", Type: Text, Path: "owner.uuid", Description: "UUID of the owning workspace, in braces."},
		{Name: "OwnerName", Type: Text, Path: "owner.display_name", Description: "Name of the owning workspace."},
		{Name: "OwnerType", Type: Text, Path: "owner.type", Description: "Kind of the owner's account: team or user."},
	}, links("")),
	Endpoints: []Endpoint{
		{
			Path: "/workspaces/{workspace}/projects", Paging: Numbered, MaxPage: 100, Query: "q",
			Filters: []Filter{
				{Column: "Name", Field: "name", Ops: Equality | LIKE},
				{Column: "UpdatedOn", Field: "updated_on", Ops: Equality | Ranges, Exact: Ranges},
			},
			Scope: "project", TokenScope: "read:project:bitbucket",
		},
		{
			Path: "/workspaces/{workspace}/projects/{project_key}", Paging: One,
			Binds: map[string]string{"project_key": "Key"}, Forms: map[string]Form{"project_key": KeyForm},
			Scope: "project", TokenScope: "read:project:bitbucket",
		},
	},
	Examples: []Example{
		{
			Says: "Projects that outsiders can see something of:",
			SQL: "SELECT Key, Name, IsPrivate, HasPubliclyVisibleRepos\nFROM Projects\n" +
				"WHERE NOT IsPrivate OR HasPubliclyVisibleRepos",
		},
		{
			Says: "What each project holds, in repositories and bytes:",
			SQL: "SELECT p.Key, p.Name, COUNT(r.Slug) AS Repositories, SUM(r.Size) AS Bytes\nFROM Projects p\n" +
				"LEFT JOIN Repositories r ON r.ProjectKey = p.Key\nGROUP BY p.Key, p.Name\nORDER BY Bytes DESC",
		},
	},
}

// Repositories are the repositories of the workspace.
var Repositories = Table{
	Name:        "Repositories",
	Description: "Repositories of the workspace. The slug of each is the name of a schema.",
	Key:         []string{"Slug"},
	Columns: slices.Concat([]Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the repository, in braces; never changes."},
		{Name: "Slug", Type: Text, Path: "slug", Description: "Slug of the repository, unique in the workspace: the name of its schema."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the repository."},
		{Name: "FullName", Type: Text, Path: "full_name", Description: "Workspace slug and repository slug, with a slash between."},
		{Name: "Description", Type: Text, Path: "description", Description: "What the repository is for."},
		{Name: "IsPrivate", Type: Boolean, Path: "is_private", Description: "Whether the repository is private."},
		{Name: "Language", Type: Text, Path: "language", Description: "Main programming language, lower case, as set by its administrators."},
		{Name: "ProjectUUID", Type: Text, Path: "project.uuid", References: "Projects.UUID", Description: "UUID of the project that it belongs to."},
		{Name: "ProjectKey", Type: Text, Path: "project.key", References: "Projects.Key", Description: "Key of the project that it belongs to."},
		{Name: "ProjectName", Type: Text, Path: "project.name", Description: "Name of the project that it belongs to."},
		{Name: "MainBranchName", Type: Text, Path: "mainbranch.name", Description: "Main branch; NULL while the repository is empty."},
		{Name: "Size", Type: Integer, Path: "size", Description: "Size in bytes."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When the repository was created."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When the repository was last changed or pushed to."},
		{Name: "ForkPolicy", Type: Text, Path: "fork_policy", Description: "Who may fork: allow_forks, no_public_forks or no_forks."},
		{Name: "Scm", Type: Text, Path: "scm", Description: "Version control system: git."},
		{Name: "HasIssues", Type: Boolean, Path: "has_issues", Description: "Whether the issue tracker was on; Atlassian removed it in August 2026."},
		{Name: "HasWiki", Type: Boolean, Path: "has_wiki", Description: "Whether the wiki was on; Atlassian removed it in August 2026."},
		{Name: "Website", Type: Text, Path: "website", Description: "Web site of the repository."},
		{Name: "ParentUUID", Type: Text, Path: "parent.uuid", Description: "UUID of the repository that this one was forked from; NULL when it is no fork."},
		{Name: "ParentName", Type: Text, Path: "parent.name", Description: "Name of the repository that this one was forked from."},
		{Name: "ParentFullName", Type: Text, Path: "parent.full_name", Description: "Full name of the repository that this one was forked from."},
		{Name: "EnforcedSignedCommits", Type: Text, Path: "enforced_signed_commits", Description: "Whether commits must be signed, and how."},
	}, workspace(), []Column{
		{Name: "WorkspaceName", Type: Text, Path: "workspace.name", Description: "Name of the workspace."},
	}, account("Owner", "owner", "the owner"), []Column{
		{Name: "OverrideSettings", Type: JSON, Path: "override_settings", Description: "Which settings the repository does not inherit from its project, as a JSON object."},
	}, links("")),
	Endpoints: []Endpoint{
		{
			Path: "/repositories/{workspace}", Paging: Numbered, MaxPage: 100, Query: "q", Stable: "created_on",
			Filters: []Filter{
				{Column: "Slug", Field: "full_name", Ops: LIKE},
				{Column: "Name", Field: "name", Ops: Equality | LIKE},
				{Column: "FullName", Field: "full_name", Ops: Equality | LIKE},
				{Column: "Description", Field: "description", Ops: LIKE},
				{Column: "IsPrivate", Field: "is_private", Ops: EQ, Exact: EQ},
				{Column: "Language", Field: "language", Ops: Equality},
				{Column: "ProjectKey", Field: "project.key", Ops: Equality, Form: KeyForm},
				{Column: "CreatedOn", Field: "created_on", Ops: Equality | Ranges, Exact: Ranges},
				{Column: "UpdatedOn", Field: "updated_on", Ops: Equality | Ranges, Exact: Ranges},
			},
			Sorts: []Sort{{Column: "CreatedOn", Field: "created_on"}, {Column: "UpdatedOn", Field: "updated_on"}},
			Scope: sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: repositoryPath, Paging: One,
			Binds: map[string]string{"repo_slug": "Slug"}, Forms: map[string]Form{"repo_slug": SlugForm},
			Scope: sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: repositoryPath, Paging: One,
			Binds: map[string]string{"repo_slug": "UUID"}, Forms: map[string]Form{"repo_slug": UUIDForm},
			Scope: sourceScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Repositories that nobody pushed to since August:",
			SQL:  "SELECT Slug, ProjectKey, UpdatedOn\nFROM Repositories\nWHERE UpdatedOn < '2026-08-01'\nORDER BY UpdatedOn",
		},
		{
			Says: "Languages of the private repositories, and how much code is in each:",
			SQL: "SELECT Language, COUNT(*) AS Repositories, SUM(Size) / 1048576 AS MiB\nFROM Repositories\nWHERE IsPrivate\n" +
				"GROUP BY Language\nORDER BY MiB DESC",
		},
	},
}

// Users are the members of the workspace.
var Users = Table{
	Name:        "Users",
	Description: "Members of the workspace.",
	Key:         []string{"UUID"},
	Columns: slices.Concat([]Column{
		{Name: "UUID", Type: Text, Path: "user.uuid", Description: "UUID of the user, in braces; never changes."},
		{Name: "DisplayName", Type: Text, Path: "user.display_name", Description: "Name that the user goes by."},
		{Name: "AccountId", Type: Text, Path: "user.account_id", Description: "Atlassian account id; NULL for accounts without one."},
		{Name: "Nickname", Type: Text, Path: "user.nickname", Description: "Nickname; not unique."},
		{Name: "UserEmail", Type: Text, Path: "user.email", Description: "E-mail address. Has a value only when the query compares it with = or IN, and needs administrator rights."},
	}, profile("user"), workspace(), links("user")),
	Endpoints: []Endpoint{
		{
			Path: "/workspaces/{workspace}/members", Paging: Numbered, MaxPage: 100, Query: "q",
			Hidden: []string{"user.email"},
			Filters: []Filter{
				{Column: "UUID", Field: "user.uuid", Ops: Equality, Exact: Equality, Form: UUIDForm},
				{Column: "AccountId", Field: "user.account_id", Ops: Equality},
				{Column: "Nickname", Field: "user.nickname", Ops: Equality},
				{Column: "UserEmail", Field: "user.email", Ops: Equality, MaxList: 90, Needed: true},
			},
			Scope: "account", TokenScope: "read:workspace:bitbucket",
		},
	},
	Examples: []Example{
		{
			Says: "Who an e-mail address belongs to:",
			SQL:  "SELECT DisplayName, AccountId\nFROM Users\nWHERE UserEmail = 'ada.lindqvist@acme.example'",
		},
		{
			Says: "Collaborators, who may see only what they were invited to:",
			SQL: "SELECT u.DisplayName, p.Permission\nFROM Users u\nJOIN WorkspacePermissions p ON p.UserUUID = u.UUID\n" +
				"WHERE p.Permission = 'collaborator'",
		},
	},
}
