package schema

import "slices"

const (
	snippetPath   = "/snippets/{workspace}/{encoded_id}"
	snippetScope  = "snippet"
	snippetAccess = "read:snippet:bitbucket"
)

// snippetOf is the parent of tables of one snippet, and revisionOf of those of one revision of it.
var (
	snippetOf  = Parent{Table: "Snippets", Columns: map[string]string{"SnippetId": "Id"}}
	revisionOf = Parent{Table: "SnippetCommits", Columns: map[string]string{"SnippetId": "SnippetId", "Revision": "Hash"}}
)

// snippetID is the first column of tables of one snippet.
func snippetID() Column {
	return Column{
		Name: "SnippetId", Type: Text, Param: "encoded_id", References: "Snippets.Id",
		Description: "Id of the snippet. Without a condition on it, every snippet is asked.",
	}
}

// Snippets are the snippets of the workspace.
var Snippets = Table{
	Name:        "Snippets",
	Description: "Snippets of the workspace that the caller can see: small sets of files with a history.",
	Key:         []string{"Id"},
	Columns: slices.Concat([]Column{
		{Name: "Id", Type: Text, Path: "id", Description: "Id of the snippet: a few letters and digits."},
		{Name: "Title", Type: Text, Path: "title", Description: "Title."},
		{Name: "IsPrivate", Type: Boolean, Path: "is_private", Description: "Whether only members of the workspace see it."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was made."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed."},
		{Name: "Scm", Type: Text, Path: "scm", Description: "Version control system: git."},
	}, account("Creator", "creator", "the account that made it"), account("Owner", "owner", "the owner"), links("")),
	Endpoints: []Endpoint{
		{Path: "/snippets/{workspace}", Paging: Chained, MaxPage: 100, Scope: snippetScope, TokenScope: snippetAccess},
		{
			Path: snippetPath, Paging: One, Binds: map[string]string{"encoded_id": "Id"},
			Scope: snippetScope, TokenScope: snippetAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Snippets that everybody on the Internet can read:",
			SQL:  "SELECT Id, Title, CreatorName, HtmlURL\nFROM Snippets\nWHERE NOT IsPrivate",
		},
		{
			Says: "Who writes snippets, and when last:",
			SQL: "SELECT CreatorName, COUNT(*) AS Snippets, MAX(UpdatedOn) AS Last\nFROM Snippets\n" +
				"GROUP BY CreatorUUID, CreatorName\nORDER BY Snippets DESC",
		},
	},
}

// SnippetFiles are the files of snippets as they are now.
var SnippetFiles = Table{
	Name: "SnippetFiles",
	Description: "Files of snippets as they are now: a row and a request a snippet, its files in one JSON object. " +
		"json_each(Files) makes rows of them.",
	Key: []string{"SnippetId"},
	Columns: []Column{
		snippetID(),
		{Name: "Files", Type: JSON, Path: "files", Description: "Links of each file, as a JSON object by file name."},
		{Name: "Title", Type: Text, Path: "title", Description: "Title of the snippet."},
	},
	Examples: []Example{
		{
			Says: "The files of a snippet:",
			SQL:  "SELECT f.key AS Path\nFROM SnippetFiles s, json_each(s.Files) f\nWHERE s.SnippetId = '63Wj7'",
		},
		{
			Says: "Snippets with several files:",
			SQL: "SELECT s.SnippetId, s.Title, COUNT(*) AS Files\nFROM SnippetFiles s, json_each(s.Files) f\n" +
				"GROUP BY s.SnippetId, s.Title\nHAVING COUNT(*) > 1",
		},
	},
	Parent: &snippetOf,
	Endpoints: []Endpoint{{
		Path: snippetPath, Paging: One, Binds: map[string]string{"encoded_id": "SnippetId"},
		Scope: snippetScope, TokenScope: snippetAccess,
	}},
}

// SnippetRevisions are the files of snippets as they were.
var SnippetRevisions = Table{
	Name:        "SnippetRevisions",
	Description: "Files of snippets at each of their commits: a row and a request a commit, the files in one JSON object.",
	Key:         []string{"SnippetId", "Revision"},
	Columns: []Column{
		snippetID(),
		{
			Name: "Revision", Type: Text, Param: "node_id", References: "SnippetCommits.Hash",
			Description: "Full hash of the commit. Without a condition on it, every commit is asked.",
		},
		{Name: "Files", Type: JSON, Path: "files", Description: "Links of each file, as a JSON object by file name."},
		{Name: "Title", Type: Text, Path: "title", Description: "Title that the snippet has now: titles have no history."},
	},
	Parent: &revisionOf,
	Endpoints: []Endpoint{{
		Path: snippetPath + "/{node_id}", Paging: One,
		Binds: map[string]string{"encoded_id": "SnippetId", "node_id": "Revision"}, Forms: map[string]Form{"node_id": HashForm},
		Scope: snippetScope, TokenScope: snippetAccess,
	}},
	Examples: []Example{
		{
			Says: "A snippet as it was before its last change:",
			SQL: "SELECT r.Revision, r.Title, r.Files\n" +
				"FROM (SELECT Hash FROM SnippetCommits WHERE SnippetId = '63Wj7' ORDER BY Date DESC LIMIT 1 OFFSET 1) c\n" +
				"JOIN SnippetRevisions r ON r.SnippetId = '63Wj7' AND r.Revision = c.Hash",
		},
		{
			Says: "How many revisions of a snippet had each of its files:",
			SQL: "SELECT f.key AS Path, COUNT(*) AS Revisions\nFROM SnippetRevisions r, json_each(r.Files) f\n" +
				"WHERE r.SnippetId = '63Wj7'\nGROUP BY Path",
		},
	},
}

// SnippetComments are the comments on snippets.
var SnippetComments = Table{
	Name:        "SnippetComments",
	Description: "Comments on snippets.",
	Key:         []string{"SnippetId", "Id"},
	Columns: slices.Concat([]Column{snippetID()}, comment(), inline(), []Column{
		{Name: "SnippetTitle", Type: Text, Path: "snippet.title", Description: "Title of the snippet."},
	}, textMarkup(), links("")),
	Parent: &snippetOf,
	Endpoints: []Endpoint{
		{
			Path: snippetPath + "/comments", Paging: Numbered, MaxPage: 100, NoSize: true,
			Binds: map[string]string{"encoded_id": "SnippetId"},
			Scope: snippetScope, TokenScope: snippetAccess,
		},
		{
			Path: snippetPath + "/comments/{comment_id}", Paging: One,
			Binds: map[string]string{"encoded_id": "SnippetId", "comment_id": "Id"},
			Scope: snippetScope, TokenScope: snippetAccess,
		},
	},
	Examples: []Example{
		{
			Says: "The discussion of a snippet, in order:",
			SQL: "SELECT CreatedOn, UserName, ContentRaw\nFROM SnippetComments\nWHERE SnippetId = '63Wj7' AND NOT Deleted\n" +
				"ORDER BY CreatedOn",
		},
		{
			Says: "Snippets that are discussed most:",
			SQL: "SELECT SnippetId, SnippetTitle, COUNT(*) AS Comments, COUNT(DISTINCT UserUUID) AS People\n" +
				"FROM SnippetComments\nWHERE NOT Deleted\nGROUP BY SnippetId, SnippetTitle\nORDER BY Comments DESC\nLIMIT 5",
		},
	},
}

// SnippetCommits are the commits of snippets.
var SnippetCommits = Table{
	Name:        "SnippetCommits",
	Description: "Commits of snippets: a row for each change of their files.",
	Key:         []string{"SnippetId", "Hash"},
	Columns: slices.Concat([]Column{snippetID()}, bareCommit(), []Column{
		{Name: "SnippetTitle", Type: Text, Path: "snippet.title", Description: "Title of the snippet."},
	}, links("")),
	Parent: &snippetOf,
	Endpoints: []Endpoint{
		{
			Path: snippetPath + "/commits", Paging: Chained, MaxPage: 100,
			Binds: map[string]string{"encoded_id": "SnippetId"},
			Scope: snippetScope, TokenScope: snippetAccess,
		},
		{
			Path: snippetPath + "/commits/{revision}", Paging: One,
			Binds: map[string]string{"encoded_id": "SnippetId", "revision": "Hash"}, Forms: map[string]Form{"revision": HashForm},
			Scope: snippetScope, TokenScope: snippetAccess,
		},
	},
	Examples: []Example{
		{
			Says: "The history of a snippet:",
			SQL:  "SELECT Hash, Date, AuthorName, Message\nFROM SnippetCommits\nWHERE SnippetId = '63Wj7'",
		},
		{
			Says: "How often public snippets were changed, and when last:",
			SQL: "SELECT s.Id, s.Title, COUNT(*) AS Commits, MAX(c.Date) AS Last\nFROM Snippets s\n" +
				"JOIN SnippetCommits c ON c.SnippetId = s.Id\nWHERE NOT s.IsPrivate\nGROUP BY s.Id, s.Title",
		},
	},
}

// SnippetWatchers are the accounts that watch snippets.
var SnippetWatchers = Table{
	Name:        "SnippetWatchers",
	Description: "Accounts that watch snippets. Atlassian has deprecated the list without a date.",
	Key:         []string{"SnippetId", "UserUUID"},
	Columns: slices.Concat([]Column{
		snippetID(),
		{Name: "UserUUID", Type: Text, Path: "uuid", References: "Users.UUID", Description: "UUID of the account, in braces."},
		{Name: "UserName", Type: Text, Path: "display_name", Description: "Display name of the account."},
		{Name: "UserAccountId", Type: Text, Path: "account_id", Description: "Atlassian account id; NULL for teams, apps and deleted accounts."},
		{Name: "UserNickname", Type: Text, Path: "nickname", Description: "Nickname; not unique."},
		{Name: "UserType", Type: Text, Path: "type", Description: "Kind of account: user, team or app_user."},
		{Name: "UserCreatedOn", Type: Timestamp, Path: "created_on", Description: "When the account was created; NULL for private profiles."},
	}, links("")),
	Parent: &snippetOf,
	Endpoints: []Endpoint{{
		Path: snippetPath + "/watchers", Paging: Numbered, MaxPage: 100, NoSize: true,
		Binds: map[string]string{"encoded_id": "SnippetId"}, Scope: snippetScope,
	}},
	Examples: []Example{
		{
			Says: "Snippets that you watch:",
			SQL: "SELECT s.Title, s.HtmlURL\nFROM SnippetWatchers w\nJOIN Snippets s ON s.Id = w.SnippetId\n" +
				"WHERE w.UserUUID = (SELECT UUID FROM CurrentUser)",
		},
		{
			Says: "How many people watch each public snippet:",
			SQL: "SELECT s.Id, s.Title, COUNT(w.UserUUID) AS Watchers\nFROM Snippets s\n" +
				"LEFT JOIN SnippetWatchers w ON w.SnippetId = s.Id\nWHERE NOT s.IsPrivate\nGROUP BY s.Id, s.Title",
		},
	},
}
