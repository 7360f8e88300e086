package schema

import "slices"

// spec is the column that says what is compared.
func spec() Column {
	return Column{
		Name: "Spec", Type: Text, Param: "spec",
		Description: "What to compare: a commit, which is compared with its first parent, or two commits with two dots between. " +
			"The first of the two is the one with the changes, the other way round than git diff has it: develop..main shows what develop brings.",
	}
}

// comparison is the columns that say how to compare. Each is sent when the query compares it with =.
func comparison() []Column {
	return []Column{
		{Name: "OnlyPath", Type: Text, Param: "path", Description: "Only this file or directory is compared; NULL, for all, when the query does not compare it with =."},
		{Name: "IgnoreWhitespace", Type: Boolean, Param: "ignore_whitespace", Description: "Whether changes of white space are left out; no, and NULL, when the query does not compare it with =."},
		{Name: "Renames", Type: Boolean, Param: "renames", Description: "Whether renamed files are recognised; yes, and NULL, when the query does not compare it with =."},
		{Name: "Topic", Type: Boolean, Param: "topic", Description: "Whether the comparison is with the common ancestor of the two commits, and not the second one itself; yes, and NULL, when the query does not compare it with =."},
		{Name: "Merge", Type: Boolean, Param: "merge", Description: "The older form of Topic: whether the first commit is merged into the second before comparing. Not both; NULL when the query does not compare it with =."},
	}
}

func comparisonInputs(more map[string]string) map[string]string {
	inputs := map[string]string{"path": "OnlyPath", "ignore_whitespace": "IgnoreWhitespace", "renames": "Renames", "topic": "Topic", "merge": "Merge"}
	for param, column := range more {
		inputs[param] = column
	}
	return inputs
}

// Diffs are the differences between commits as text.
var Diffs = Table{
	Name:        "Diffs",
	Description: "The difference between two commits, or of a commit and its parent, in the format of git. Needs Spec.",
	Scope:       RepositoryScope,
	Key:         []string{"Spec"},
	Columns: slices.Concat([]Column{spec()}, document("diff", ", in the encodings of its files"), comparison(), []Column{
		{Name: "ContextLines", Type: Integer, Param: "context", Description: "Number of unchanged lines around changes; three, and NULL, when the query does not compare it with =."},
		{Name: "Binary", Type: Boolean, Param: "binary", Description: "Whether binary files are included; yes, and NULL, when the query does not compare it with =."},
	}),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/diff/{spec}", Paging: Raw, Binds: map[string]string{"spec": "Spec"},
		Inputs: comparisonInputs(map[string]string{"context": "ContextLines", "binary": "Binary"}),
		Scope:  sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "What the main branch has that develop lacks:",
			SQL:  "SELECT ContentText\nFROM platform.Diffs\nWHERE Spec = 'main..develop'",
		},
		{
			Says: "How the newest commits changed one file:",
			SQL: "SELECT h.CommitDate, d.ContentText\nFROM (SELECT CommitDate, CommitHash FROM platform.FileHistory WHERE Path = 'README.md' LIMIT 3) h\n" +
				"JOIN platform.Diffs d ON d.Spec = h.CommitHash\nWHERE d.OnlyPath = 'README.md'",
		},
	},
}

// Patches are commits as patches.
var Patches = Table{
	Name:        "Patches",
	Description: "A commit, or the commits that one has and another has not, as patches for git am. Needs Spec.",
	Scope:       RepositoryScope,
	Key:         []string{"Spec"},
	Columns: append([]Column{{
		Name: "Spec", Type: Text, Param: "spec",
		Description: "A commit, or two with two dots between: of those the commits that only the first has, one patch each.",
	}}, document("series of patches", ", in the encodings of its files")...),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/patch/{spec}", Paging: Raw, Binds: map[string]string{"spec": "Spec"},
		Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "The commits that the main branch has and develop lacks:",
			SQL:  "SELECT ContentText\nFROM platform.Patches\nWHERE Spec = 'main..develop'",
		},
		{
			Says: "The newest commits as patches:",
			SQL: "SELECT c.Hash, p.Size, p.ContentText\nFROM (SELECT Hash FROM platform.Commits LIMIT 3) c\n" +
				"JOIN platform.Patches p ON p.Spec = c.Hash",
		},
	},
}

// DiffStats are the files that differ between commits.
var DiffStats = Table{
	Name:        "DiffStats",
	Description: "Files that differ between two commits, or between a commit and its parent, with the number of lines. Needs Spec.",
	Scope:       RepositoryScope,
	Key:         []string{"Spec", "Path"},
	Columns: slices.Concat([]Column{
		spec(),
		{Name: "Path", Type: Text, Path: "new.path|old.path", Description: "Path of the file: the new one, or the old one of a removed file."},
		{Name: "Status", Type: Text, Path: "status", Description: "added, removed, modified or renamed."},
		{Name: "LinesAdded", Type: Integer, Path: "lines_added", Description: "Number of lines added."},
		{Name: "LinesRemoved", Type: Integer, Path: "lines_removed", Description: "Number of lines removed."},
	}, comparison(), pullRequestFile("Old", "old", "before; NULL for an added file"), pullRequestFile("New", "new", "after; NULL for a removed file")),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/diffstat/{spec}", Paging: Numbered, MaxPage: 500, Binds: map[string]string{"spec": "Spec"},
		Inputs: comparisonInputs(nil),
		Scope:  sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "Files that the main branch changes, compared with develop:",
			SQL:  "SELECT Path, Status, LinesAdded, LinesRemoved\nFROM platform.DiffStats\nWHERE Spec = 'main..develop'",
		},
		{
			Says: "How much the newest commits changed:",
			SQL: "SELECT c.Hash, COUNT(*) AS files, SUM(d.LinesAdded) AS added, SUM(d.LinesRemoved) AS removed\n" +
				"FROM (SELECT Hash FROM platform.Commits LIMIT 20) c\nJOIN platform.DiffStats d ON d.Spec = c.Hash\nGROUP BY c.Hash",
		},
	},
}

// FileConflicts are the files that keep commits from being merged.
var FileConflicts = Table{
	Name:        "FileConflicts",
	Description: "Files whose changes in two commits conflict. Needs Spec.",
	Scope:       RepositoryScope,
	Key:         []string{"Spec", "Path", "Scenario"},
	Columns: []Column{
		{Name: "Spec", Type: Text, Param: "spec", Description: "The two commits, with two dots between: what is to be merged, and into what."},
		{Name: "Path", Type: Text, Path: "path", Description: "Path of the file."},
		{Name: "Scenario", Type: Text, Path: "scenario", Description: "Kind of conflict, such as content, delete_modify or rename."},
		{Name: "Message", Type: Text, Path: "message", Description: "The conflict in words."},
		{Name: "Type", Type: Text, Path: "type", Description: "Kind of object."},
	},
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/file-conflicts/{spec}", Paging: Numbered, MaxPage: 500, Binds: map[string]string{"spec": "Spec"},
		Scope: sourceScope,
	}},
	Examples: []Example{
		{
			Says: "Branches that cannot be merged as they are, and why:",
			SQL: "SELECT b.Name, f.Path, f.Scenario\nFROM platform.Branches b\n" +
				"JOIN platform.FileConflicts f ON f.Spec = b.TargetCommitHash || '..main'\nLIMIT 20",
		},
		{
			Says: "Files that conflict most often:",
			SQL: "SELECT f.Path, COUNT(*)\nFROM platform.Branches b\n" +
				"JOIN platform.FileConflicts f ON f.Spec = b.TargetCommitHash || '..main'\nGROUP BY f.Path\nORDER BY 2 DESC",
		},
	},
}
