package schema

import "slices"

// workspaceMembership is the columns of a role in a workspace.
func workspaceMembership(who string) []Column {
	return slices.Concat([]Column{
		{Name: "Permission", Type: Text, Path: "permission", Description: "Role in the workspace: owner, create-project, collaborator or member."},
	}, account("User", "user", who), []Column{userType}, workspace(), []Column{
		{Name: "WorkspaceName", Type: Text, Path: "workspace.name", Description: "Name of the workspace."},
		{Name: "AddedOn", Type: Timestamp, Path: "added_on", Description: "When the account joined; NULL where admin.atlassian.com administers the workspace."},
		{Name: "LastAccessed", Type: Timestamp, Path: "last_accessed", Description: "When the account was last there; NULL where admin.atlassian.com administers the workspace."},
		allLinks,
	})
}

// WorkspacePermissions are the roles of members.
var WorkspacePermissions = Table{
	Name:        "WorkspacePermissions",
	Description: "Members of the workspace, each with the role there.",
	Key:         []string{"UserUUID"},
	Columns:     workspaceMembership("the member"),
	Endpoints: []Endpoint{{
		Path: "/workspaces/{workspace}/permissions", Paging: Numbered, MaxPage: 100, Query: "q",
		Filters: []Filter{{Column: "Permission", Field: "permission", Ops: Equality, Values: []string{"owner", "collaborator", "member"}}},
		Scope:   "account", TokenScope: "read:workspace:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "Who owns the workspace:",
			SQL:  "SELECT UserName, UserAccountId, AddedOn\nFROM WorkspacePermissions\nWHERE Permission = 'owner'",
		},
		{
			Says: "How many people have each role:",
			SQL:  "SELECT Permission, COUNT(*)\nFROM WorkspacePermissions\nGROUP BY Permission",
		},
	},
}

// repositoryPermission is the columns of a permission in a repository.
func repositoryPermission(who string) []Column {
	return slices.Concat(repository("", "repository", "the repository"), account("User", "user", who), []Column{
		{Name: "Permission", Type: Text, Path: "permission", Description: "The highest permission that " + who + " has, by any way: admin, write or read."},
		userType,
	})
}

// The permission is not exact: Bitbucket compares it by rank, and might show one that is not among the values.
var repositoryPermissionFilters = []Filter{
	{Column: "RepositoryName", Field: "repository.name", Ops: Equality},
	{Column: "Permission", Field: "permission", Ops: Equality, Values: []string{"admin", "write", "read", "none"}},
}

// RepositoryPermissions are the permissions of all users in all repositories.
var RepositoryPermissions = Table{
	Name: "RepositoryPermissions",
	Description: "What every user may do in every repository of the workspace, whether given directly or by a group. " +
		"Needs administrator rights: in the workspace, or in the repository when the query says RepositoryUUID.",
	Key:     []string{"RepositoryUUID", "UserUUID"},
	Columns: repositoryPermission("the user"),
	Endpoints: []Endpoint{
		{
			Path: "/workspaces/{workspace}/permissions/repositories", Paging: Numbered, MaxPage: 100, Query: "q",
			Filters: repositoryPermissionFilters,
			Scope:   "account", TokenScope: "read:repository:bitbucket",
		},
		{
			Path: "/workspaces/{workspace}/permissions/repositories/{repo_slug}", Paging: Numbered, MaxPage: 100, Query: "q",
			Binds: map[string]string{"repo_slug": "RepositoryUUID"}, Forms: map[string]Form{"repo_slug": UUIDForm},
			Filters: []Filter{repositoryPermissionFilters[1]},
			Scope:   sourceScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Who may push to a repository, by whatever way:",
			SQL: "SELECT UserName, Permission\nFROM RepositoryPermissions\n" +
				"WHERE RepositoryUUID = (SELECT UUID FROM Repositories WHERE Slug = 'platform')\n" +
				"  AND Permission IN ('write', 'admin')",
		},
		{
			Says: "People who administer most repositories:",
			SQL: "SELECT UserName, COUNT(*) AS Repositories\nFROM RepositoryPermissions\nWHERE Permission = 'admin'\n" +
				"GROUP BY UserUUID, UserName\nORDER BY Repositories DESC\nLIMIT 5",
		},
	},
}

// WorkspaceWebhooks are the webhooks of the workspace.
var WorkspaceWebhooks = Table{
	Name:        "WorkspaceWebhooks",
	Description: "Webhooks of the workspace, which tell of events in all its repositories.",
	Key:         []string{"UUID"},
	Columns: []Column{
		{Name: "UUID", Type: Text, Path: "uuid", Description: "UUID of the webhook, in braces."},
		{Name: "URL", Type: Text, Path: "url", Description: "Address that events are sent to."},
		{Name: "Description", Type: Text, Path: "description", Description: "What the webhook is for."},
		{Name: "Active", Type: Boolean, Path: "active", Description: "Whether events are sent."},
		{Name: "Events", Type: JSON, Path: "events", Description: "Events that are sent, as a JSON array; HookEvents explains them."},
		{Name: "SecretSet", Type: Boolean, Path: "secret_set", Description: "Whether deliveries are signed with a secret; the secret itself is never shown."},
		{Name: "CreatedAt", Type: Timestamp, Path: "created_at", Description: "When the webhook was created."},
		{Name: "SubjectType", Type: Text, Path: "subject_type", Description: "What the webhook belongs to: workspace."},
		{Name: "Subject", Type: JSON, Path: "subject", Description: "The workspace that the webhook belongs to, as a JSON object."},
		{Name: "SkipCertVerification", Type: Boolean, Path: "skip_cert_verification", Description: "Whether the certificate of the address is not checked."},
		{Name: "HistoryEnabled", Type: Boolean, Path: "history_enabled", Description: "Whether deliveries are recorded."},
		{Name: "ReadOnly", Type: Boolean, Path: "read_only", Description: "Whether nobody can change the webhook."},
		{Name: "Source", Type: Text, Path: "source", Description: "What made the webhook; NULL when a person did."},
		allLinks,
	},
	Endpoints: []Endpoint{
		{Path: "/workspaces/{workspace}/hooks", Paging: Numbered, MaxPage: 100, Scope: "webhook", TokenScope: "read:webhook:bitbucket"},
		{
			Path: "/workspaces/{workspace}/hooks/{uid}", Paging: One,
			Binds: map[string]string{"uid": "UUID"}, Forms: map[string]Form{"uid": UUIDForm},
			Scope: "webhook", TokenScope: "read:webhook:bitbucket",
		},
	},
	Examples: []Example{
		{
			Says: "Webhooks that a stranger could forge or listen to:",
			SQL: "SELECT URL, Description\nFROM WorkspaceWebhooks\n" +
				"WHERE Active AND (NOT SecretSet OR SkipCertVerification OR URL LIKE 'http:%')",
		},
		{
			Says: "Which events are sent out, and to how many webhooks:",
			SQL: "SELECT e.value AS Event, COUNT(*) AS Webhooks\nFROM WorkspaceWebhooks h, json_each(h.Events) e\n" +
				"WHERE h.Active\nGROUP BY Event\nORDER BY Webhooks DESC",
		},
	},
}

// HookEvents are the events that webhooks can send.
var HookEvents = Table{
	Name:        "HookEvents",
	Description: "Events that webhooks of repositories and of workspaces can send.",
	Key:         []string{"SubjectType", "Event"},
	Columns: []Column{
		{Name: "SubjectType", Type: Text, Param: "subject_type", Description: "What the webhook belongs to: repository or workspace."},
		{Name: "Event", Type: Text, Path: "event", Description: "Name of the event, as webhooks list it."},
		{Name: "Category", Type: Text, Path: "category", Description: "Group of the event."},
		{Name: "Label", Type: Text, Path: "label", Description: "The event in a word or two."},
		{Name: "Description", Type: Text, Path: "description", Description: "When the event is sent."},
	},
	Endpoints: []Endpoint{{
		Path: "/hook_events/{subject_type}", Paging: Numbered, MaxPage: 100,
		Binds: map[string]string{"subject_type": "SubjectType"}, Defaults: map[string][]string{"subject_type": {"repository", "workspace"}},
	}},
	Examples: []Example{
		{
			Says: "What a webhook of a repository can tell of pull requests:",
			SQL: "SELECT Event, Label, Description\nFROM HookEvents\n" +
				"WHERE SubjectType = 'repository' AND Event LIKE 'pullrequest:%'",
		},
		{
			Says: "Events that only webhooks of the workspace can have:",
			SQL: "SELECT Event, Label\nFROM HookEvents\nWHERE SubjectType = 'workspace'\n" +
				"  AND Event NOT IN (SELECT Event FROM HookEvents WHERE SubjectType = 'repository')",
		},
	},
}

// WorkspaceGPGKeys are the keys that Bitbucket signs with.
var WorkspaceGPGKeys = Table{
	Name:        "WorkspaceGPGKeys",
	Description: "The public GPG keys that Bitbucket signs commits of the workspace with: one row, which has two keys while Atlassian changes them.",
	Key:         []string{"PublicKeys"},
	Columns: []Column{
		{Name: "PublicKeys", Type: Text, Path: ".", Description: "The answer as it comes: keys in ASCII armour."},
	},
	Endpoints: []Endpoint{{
		Path: "/workspaces/{workspace}/settings/gpg/public-key", Paging: Raw,
		Scope: "account", TokenScope: "read:workspace:bitbucket",
	}},
	Examples: []Example{
		{
			Says: "The keys with which Bitbucket signs merges, to be given to gpg --import:",
			SQL:  "SELECT PublicKeys\nFROM WorkspaceGPGKeys",
		},
		{
			Says: "How many keys those are:",
			SQL: "SELECT (LENGTH(PublicKeys) - LENGTH(REPLACE(PublicKeys, '-----BEGIN PGP', ''))) / LENGTH('-----BEGIN PGP') AS Keys\n" +
				"FROM WorkspaceGPGKeys",
		},
	},
}

// byAuthor makes AuthorUUID repeat the author whose list a pull request is in.
func byAuthor(columns []Column) []Column {
	columns = slices.Clone(columns)
	author := slices.IndexFunc(columns, func(c Column) bool { return c.Name == "AuthorUUID" })
	columns[author].Path, columns[author].Param = "", "selected_user"
	return columns
}

// UserPullRequests are the pull requests that members of the workspace opened.
var UserPullRequests = Table{
	Name: "UserPullRequests",
	Description: "Pull requests in all repositories of the workspace by author, in every state: a list for each author. " +
		"Without a condition on AuthorUUID the members are asked, and those of others, apps and people who left, are not there; Workspace.PullRequests has them.",
	Key:     []string{"DestinationRepositoryFullName", "Id"},
	Columns: byAuthor(PullRequests.Columns),
	Parent:  &Parent{Table: "Users", Columns: map[string]string{"AuthorUUID": "UUID"}},
	Endpoints: []Endpoint{{
		Path: "/workspaces/{workspace}/pullrequests/{selected_user}", Paging: Numbered, MaxPage: 50, Query: "q",
		Unfiltered: allStates, Stable: "created_on", Hidden: []string{"participants", "reviewers"},
		Binds: map[string]string{"selected_user": "AuthorUUID"}, Forms: map[string]Form{"selected_user": UUIDForm},
		Filters: slices.DeleteFunc(slices.Clone(pullRequestFilters), func(f Filter) bool { return f.Column == "AuthorUUID" }),
		Sorts: []Sort{
			{Column: "Id", Field: "id"},
			{Column: "CreatedOn", Field: "created_on"},
			{Column: "UpdatedOn", Field: "updated_on"},
		},
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
	Examples: []Example{
		{
			Says: "Your own open pull requests in all repositories:",
			SQL: "SELECT DestinationRepositoryName, Id, Title, UpdatedOn\nFROM UserPullRequests\n" +
				"WHERE AuthorUUID = (SELECT UUID FROM CurrentUser) AND State = 'OPEN'\nORDER BY UpdatedOn",
		},
		{
			Says: "Pull requests that each member had merged this year:",
			SQL: "SELECT u.DisplayName, COUNT(*) AS Merged, AVG(DATEDIFF(hour, p.CreatedOn, p.UpdatedOn)) AS Hours\n" +
				"FROM Users u\nJOIN UserPullRequests p ON p.AuthorUUID = u.UUID\n" +
				"WHERE p.State = 'MERGED' AND p.CreatedOn >= '2026-01-01'\nGROUP BY u.DisplayName\nORDER BY Merged DESC",
		},
	},
}

// CodeSearch is what a search in the code of the workspace finds.
var CodeSearch = Table{
	Name: "CodeSearch",
	Description: "Files of the workspace that a search finds, by text or path; the query must give SearchQuery. " +
		"Atlassian announced that this search ends on 1 November 2026 and named no successor: it may be gone.",
	Key: []string{"SearchQuery", "FileURL"},
	Columns: slices.Concat([]Column{
		{
			Name: "SearchQuery", Type: Text, Param: "search_query",
			Description: "What to search for, as on the web site: foo repo:demo. The query must compare it with = or IN.",
		},
		{Name: "FilePath", Type: Text, Path: "file.path", Description: "Path of the file in its repository."},
		{Name: "FileCommitHash", Type: Text, Path: "file.commit.hash", References: "Commits.Hash", Description: "Commit at which the file was searched."},
	}, repository("", "file.commit.repository", "the repository"), []Column{
		{Name: "ContentMatchCount", Type: Integer, Path: "content_match_count", Description: "Number of matches in the text of the file."},
		{Name: "ContentMatches", Type: JSON, Path: "content_matches", Description: "Lines around the matches in the text, cut at the matches, as a JSON array."},
		{Name: "PathMatches", Type: JSON, Path: "path_matches", Description: "The path, cut at its matches, as a JSON array; empty when it does not match."},
		{Name: "FileURL", Type: Text, Path: "file.links.self.href", Description: "Address of the file in the API."},
		{Name: "FileAttributes", Type: Text, Path: "file.attributes", Description: "What is special about the file: link, executable, subrepository, binary or lfs."},
		{Name: "FileEscapedPath", Type: Text, Path: "file.escaped_path", Description: "Path as it stands in diffs."},
	}),
	Examples: []Example{{
		Says: "Files of one repository that say main:",
		SQL:  "SELECT FilePath, ContentMatchCount\nFROM Information.CodeSearch\nWHERE SearchQuery = 'main repo:platform'",
	}, {
		Says: "Repositories whose code says config, by the number of files:",
		SQL: "SELECT RepositoryFullName, count(*) AS Files\nFROM Information.CodeSearch\nWHERE SearchQuery = 'config'\n" +
			"GROUP BY RepositoryFullName\nORDER BY Files DESC",
	}},
	Endpoints: []Endpoint{{
		Path: "/workspaces/{workspace}/search/code", Paging: Chained, MaxPage: 100, Hidden: []string{"file.commit"},
		Inputs: map[string]string{"search_query": "SearchQuery"}, Required: []string{"search_query"},
		Scope: sourceScope, TokenScope: sourceAccess,
	}},
}
