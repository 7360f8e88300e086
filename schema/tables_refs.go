package schema

import "slices"

// refTarget is the columns of the commit that a branch or tag points to.
func refTarget() []Column {
	return slices.Concat([]Column{
		{Name: "TargetCommitHash", Type: Text, Path: "target.hash", References: "Commits.Hash", Description: "Full hash of the commit that it points to."},
		{Name: "TargetCommitMessage", Type: Text, Path: "target.message", Description: "Message of that commit."},
		{Name: "TargetDate", Type: Timestamp, Path: "target.date", Description: "Date of that commit."},
	}, repository("Target", "target.repository", "the repository"), commitAuthor("Target", "target"), []Column{
		{Name: "TargetParents", Type: JSON, Path: "target.parents", Description: "Parents of that commit, as a JSON array."},
	})
}

// Branches are the open branches of a repository.
var Branches = Table{
	Name:        "Branches",
	Description: "Open branches of a repository.",
	Scope:       RepositoryScope,
	Key:         []string{"Name"},
	Columns: slices.Concat([]Column{
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the branch, without refs/heads/."},
		{Name: "DefaultMergeStrategy", Type: Text, Path: "default_merge_strategy", Description: "Merge strategy that pull requests into it use unless told otherwise."},
		{Name: "MergeStrategies", Type: JSON, Path: "merge_strategies", Description: "Merge strategies that pull requests into it may use, as a JSON array."},
	}, refTarget(), []Column{
		{Name: "SyncStrategies", Type: JSON, Path: "sync_strategies", Description: "Ways to bring the branch up to date, as a JSON array."},
	}, links("")),
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/refs/branches", Paging: Numbered, MaxPage: 100, Query: "q",
			Filters: []Filter{{Column: "Name", Field: "name", Ops: Equality | LIKE}},
			Sorts:   []Sort{{Column: "TargetDate", Field: "target.date"}},
			Scope:   sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: repositoryPath + "/refs/branches/{name}", Paging: One, Binds: map[string]string{"name": "Name"},
			Scope: sourceScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Branches that nobody committed to for half a year, over all repositories:",
			SQL: "SELECT RepositorySlug, Name, TargetDate, TargetAuthorRaw\nFROM Workspace.Branches\n" +
				"WHERE TargetDate < DATEADD(month, -6, GETDATE())\nORDER BY TargetDate",
		},
		{
			Says: "Who has how many release or hotfix branches in a repository:",
			SQL: "SELECT TargetAuthorName, COUNT(*) AS Branches\nFROM platform.Branches\n" +
				"WHERE Name LIKE 'release/%' OR Name LIKE 'hotfix/%'\nGROUP BY TargetAuthorName",
		},
	},
}

// Tags are the tags of a repository.
var Tags = Table{
	Name:        "Tags",
	Description: "Tags of a repository.",
	Scope:       RepositoryScope,
	Key:         []string{"Name"},
	Columns: slices.Concat([]Column{
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the tag, without refs/tags/."},
		{Name: "Message", Type: Text, Path: "message", Description: "Message of the tag; NULL for lightweight tags."},
		{Name: "Date", Type: Timestamp, Path: "date", Description: "When it was tagged; NULL for lightweight tags."},
		{Name: "TaggerRaw", Type: Text, Path: "tagger.raw", Description: "Tagger as written in the tag: name and e-mail address; NULL for lightweight tags."},
	}, account("Tagger", "tagger.user", "the tagger's account"), refTarget(), links("")),
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/refs/tags", Paging: Numbered, MaxPage: 100, NoSize: true, Query: "q",
			Filters: []Filter{{Column: "Name", Field: "name", Ops: Equality | LIKE}},
			Sorts:   []Sort{{Column: "TargetDate", Field: "target.date"}},
			Scope:   sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: repositoryPath + "/refs/tags/{name}", Paging: One, Binds: map[string]string{"name": "Name"},
			Scope: sourceScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "The newest releases:",
			SQL: "SELECT Name, TargetDate, TaggerName, TargetCommitHash\nFROM platform.Tags\nWHERE Name LIKE 'v%'\n" +
				"ORDER BY TargetDate DESC\nLIMIT 5",
		},
		{
			Says: "When each repository was last released:",
			SQL: "SELECT RepositorySlug, MAX(TargetDate) AS LastRelease, COUNT(*) AS Releases\nFROM Workspace.Tags\n" +
				"WHERE Name LIKE 'v%'\nGROUP BY RepositorySlug\nORDER BY LastRelease",
		},
	},
}

// Refs are the branches and tags of a repository.
var Refs = Table{
	Name:        "Refs",
	Description: "Branches and tags of a repository in one list.",
	Scope:       RepositoryScope,
	Key:         []string{"Type", "Name"},
	Columns: slices.Concat([]Column{
		{Name: "Type", Type: Text, Path: "type", Description: "branch or tag."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the branch or tag."},
		{Name: "Message", Type: Text, Path: "message", Description: "Message of a tag; NULL for lightweight tags and branches."},
		{Name: "Date", Type: Timestamp, Path: "date", Description: "When it was tagged; NULL for lightweight tags and branches."},
		{Name: "TaggerRaw", Type: Text, Path: "tagger.raw", Description: "Tagger as written in the tag: name and e-mail address; NULL for lightweight tags and branches."},
	}, refTarget(), []Column{
		{Name: "DefaultMergeStrategy", Type: Text, Path: "default_merge_strategy", Description: "Merge strategy that pull requests into a branch use unless told otherwise."},
		{Name: "MergeStrategies", Type: JSON, Path: "merge_strategies", Description: "Merge strategies that pull requests into a branch may use, as a JSON array."},
	}, links("")),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/refs", Paging: Numbered, MaxPage: 100, NoSize: true, Query: "q",
		Filters: []Filter{{Column: "Name", Field: "name", Ops: Equality | LIKE}},
		Sorts:   []Sort{{Column: "TargetDate", Field: "target.date"}},
		Scope:   sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "What a name stands for, be it a branch or a tag:",
			SQL:  "SELECT Type, TargetCommitHash, TargetDate\nFROM platform.Refs\nWHERE Name = 'main'",
		},
		{
			Says: "Branches and tags of each repository:",
			SQL: "SELECT RepositorySlug, SUM(Type = 'branch') AS Branches, SUM(Type = 'tag') AS Tags\nFROM Workspace.Refs\n" +
				"GROUP BY RepositorySlug",
		},
	},
}

// bareCommit is the columns of a commit as a row, without where it is.
func bareCommit() []Column {
	return slices.Concat([]Column{
		{Name: "Hash", Type: Text, Path: "hash", Description: "Full hash of the commit."},
		{Name: "Date", Type: Timestamp, Path: "date", Description: "Date of the commit."},
		{Name: "Message", Type: Text, Path: "message", Description: "Message of the commit."},
	}, commitAuthor("", ""), []Column{
		{Name: "CommitterRaw", Type: Text, Path: "committer.raw", Description: "Committer as written in the commit."},
		{Name: "CommitterUUID", Type: Text, Path: "committer.user.uuid", References: "Users.UUID", Description: "UUID of the committer's account."},
		{Name: "CommitterName", Type: Text, Path: "committer.user.display_name", Description: "Display name of the committer's account."},
		{Name: "SummaryRaw", Type: Text, Path: "summary.raw", Description: "Message as typed, in markup."},
		{Name: "SummaryMarkup", Type: Text, Path: "summary.markup", Description: "Markup of the summary: markdown, creole or plaintext."},
		{Name: "SummaryHTML", Type: Text, Path: "summary.html", Description: "Message as HTML."},
		{Name: "Parents", Type: JSON, Path: "parents", Description: "Parent commits, as a JSON array."},
	})
}

// commitColumns are the columns of a commit of a repository as a row.
func commitColumns() []Column {
	return slices.Concat(bareCommit(), repository("", "repository", "the repository"), links(""))
}

// commitInputs are the parameters that choose among commits.
var commitInputs = map[string]string{"include": "Include", "exclude": "Exclude", "path": "Path"}

// Commits are the commits of a repository.
var Commits = Table{
	Name: "Commits",
	Description: "Commits of a repository that any branch or tag reaches, newest first. Bitbucket chooses among them by Revision, Include, " +
		"Exclude and Path; all else is compared while a query reads, until it has enough. Their order is that of the history, which " +
		"need not be that of their dates, so that a condition on Date reads them all, unless the connection property CommitDateOrder " +
		"lets it stop behind the date.",
	Scope: RepositoryScope,
	Key:   []string{"Hash"},
	Columns: slices.Concat(commitColumns(), []Column{
		{
			Name: "Revision", Type: Text, Param: "revision",
			Description: "Branch, tag or hash whose commits to list, as git log does; NULL, for those of all branches and tags, when the query does not compare it with =.",
		},
		{
			Name: "Include", Type: Text, Param: "include",
			Description: "Another branch, tag or hash whose commits to list; NULL when the query does not compare it with =.",
		},
		{
			Name: "Exclude", Type: Text, Param: "exclude",
			Description: "Branch, tag or hash whose commits to leave out; NULL when the query does not compare it with =.",
		},
		{
			Name: "Path", Type: Text, Param: "path",
			Description: "Only commits that changed this file, or something in this directory; NULL when the query does not compare it with =.",
		},
	}),
	Endpoints: []Endpoint{
		{
			Path: repositoryPath + "/commits", Paging: Chained, MaxPage: 100, Inputs: commitInputs, NewestFirst: "Date",
			Scope: sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: repositoryPath + "/commits/{revision}", Paging: Chained, MaxPage: 100,
			Binds: map[string]string{"revision": "Revision"}, Inputs: commitInputs, NewestFirst: "Date",
			Scope: sourceScope, TokenScope: sourceAccess,
		},
		{
			Path: repositoryPath + "/commit/{commit}", Paging: One,
			Binds: map[string]string{"commit": "Hash"}, Forms: map[string]Form{"commit": HashForm},
			Scope: sourceScope, TokenScope: sourceAccess,
		},
	},
	Examples: []Example{
		{
			Says: "What is on the main branch and not on develop:",
			SQL:  "SELECT Hash, Date, AuthorName, Message\nFROM platform.Commits\nWHERE Revision = 'main' AND Exclude = 'develop'",
		},
		{
			Says: "Who changed a directory of the main branch most:",
			SQL: "SELECT AuthorName, COUNT(*)\nFROM platform.Commits\nWHERE Revision = 'main' AND Path = 'internal'\n" +
				"GROUP BY AuthorName\nORDER BY 2 DESC\nLIMIT 5",
		},
	},
}
