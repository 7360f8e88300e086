package schema

import "slices"

// mainCommit is what a revision is when the statement says nothing of it: the newest commit of the main branch.
var mainCommit = []string{"HEAD"}

// revision is the column that says at which commit files are looked at.
func revision() Column {
	return Column{
		Name: "Revision", Type: Text, Param: "commit",
		Description: "Commit to look at: a hash, or a branch or tag without a slash in its name (take TargetCommitHash of Branches for others). " +
			"HEAD, the newest commit of the main branch, when the query does not compare it with = or IN.",
	}
}

// Files are the files and directories of a commit.
var Files = Table{
	Name: "Files",
	Description: "Files and directories at a commit, of one directory or of many. " +
		"Without a condition it is the root directory of the main branch.",
	Scope: RepositoryScope,
	Key:   []string{"RevisionHash", "Path"},
	Columns: []Column{
		{Name: "Path", Type: Text, Path: "path", Description: "Path from the root of the repository."},
		{Name: "Type", Type: Text, Path: "type", Description: "commit_file or commit_directory."},
		{Name: "Size", Type: Integer, Path: "size", Description: "Size in bytes; NULL for directories."},
		revision(),
		{Name: "RevisionHash", Type: Text, Path: "commit.hash", References: "Commits.Hash", Description: "Full hash of the commit that Revision names; not of the last that changed the file."},
		{
			Name: "Directory", Type: Text, Param: "path",
			Description: "Directory to list; / is the root, and what is listed when the query does not compare it with = or IN.",
		},
		{
			Name: "MaxDepth", Type: Integer, Param: "max_depth",
			Description: "How many levels of directories to list below it: 1, which is only its own entries, when the query does not compare it with =; " +
				"NULL then. Bitbucket gives up with status 555 when there is too much.",
		},
		{Name: "Attributes", Type: JSON, Path: "attributes", Description: "What is special about the file: link, executable, subrepository, binary, lfs; as a JSON array."},
		{Name: "MimeType", Type: Text, Path: "mimetype", Description: "Media type, as guessed from the name."},
		{Name: "EscapedPath", Type: Text, Path: "escaped_path", Description: "Path as a diff writes it."},
		allLinks,
	},
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/src/{commit}/{path}", TrailingSlash: true, Paging: Chained, MaxPage: 100, Query: "q",
		AbsentWhenOff: true, // An empty repository has no HEAD.
		Binds:         map[string]string{"commit": "Revision", "path": "Directory"},
		Forms:         map[string]Form{"path": PathForm},
		Defaults:      map[string][]string{"commit": mainCommit, "path": {"/"}},
		Inputs:        map[string]string{"max_depth": "MaxDepth"},
		Filters: []Filter{
			{Column: "Path", Field: "path", Ops: Equality | LIKE},
			{Column: "Type", Field: "type", Ops: Equality, Values: []string{"commit_file", "commit_directory"}},
			{Column: "Size", Field: "size", Ops: Equality | Ranges},
		},
		Scope: sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "The largest files of the main branch:",
			SQL: "SELECT Path, Size\nFROM platform.Files\nWHERE MaxDepth = 20 AND Type = 'commit_file'\n" +
				"ORDER BY Size DESC\nLIMIT 10",
		},
		{
			Says: "A directory as it is on every branch:",
			SQL: "SELECT b.Name, f.Path, f.Size\nFROM platform.Branches b\nJOIN platform.Files f ON f.Revision = b.TargetCommitHash\n" +
				"WHERE f.Directory = 'docs'",
		},
	},
}

// document is the columns of a body that is not JSON.
func document(what, encoding string) []Column {
	return []Column{
		{Name: "ContentText", Type: Text, Path: ".", Description: "The " + what + " as text; bytes that are no UTF-8 are replaced."},
		{Name: "Content", Type: Blob, Path: ".", Description: "The " + what + " as it is" + encoding + "."},
		{Name: "Size", Type: Integer, Path: ".", Description: "Length in bytes."},
	}
}

// FileContents are the contents of files.
var FileContents = Table{
	Name: "FileContents",
	Description: "What is in a file at a commit. Needs Path. " +
		"For a directory Bitbucket answers with a listing; of a symbolic link the content is where it leads, of a submodule its hash.",
	Scope: RepositoryScope,
	Key:   []string{"Revision", "Path"},
	Columns: slices.Concat([]Column{
		revision(),
		{Name: "Path", Type: Text, Param: "path", Description: "Path of the file from the root of the repository."},
	}, document("file", "")),
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/src/{commit}/{path}", Paging: Raw, Stored: true,
		Binds:    map[string]string{"commit": "Revision", "path": "Path"},
		Forms:    map[string]Form{"path": PathForm},
		Defaults: map[string][]string{"commit": mainCommit},
		Scope:    sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "A file of the main branch:",
			SQL:  "SELECT ContentText\nFROM platform.FileContents\nWHERE Path = 'README.md'",
		},
		{
			Says: "The same file in other repositories:",
			SQL: "SELECT RepositorySlug, Size, ContentText\nFROM Workspace.FileContents\n" +
				"WHERE Path = 'bitbucket-pipelines.yml' AND RepositorySlug IN ('platform', 'cli-tools')",
		},
	},
}

// FileHistory are the commits that changed files.
var FileHistory = Table{
	Name:        "FileHistory",
	Description: "Commits that changed a file, newest first. Needs Path.",
	Scope:       RepositoryScope,
	Key:         []string{"Revision", "Path", "CommitHash"},
	Columns: []Column{
		revision(),
		{Name: "Path", Type: Text, Param: "path", Description: "Path of the file at that revision."},
		{
			Name: "Renames", Type: Boolean, Param: "renames",
			Description: "Whether to follow the file to earlier names: as when it is true, when the query does not compare it with =; NULL then.",
		},
		{Name: "CommitHash", Type: Text, Path: "commit.hash", References: "Commits.Hash", Description: "Full hash of the commit that changed it."},
		{Name: "CommitDate", Type: Timestamp, Path: "commit.date", Description: "Date of that commit."},
		{Name: "CommitMessage", Type: Text, Path: "commit.message", Description: "Message of that commit."},
		{Name: "CommitAuthorRaw", Type: Text, Path: "commit.author.raw", Description: "Author as written in that commit: name and e-mail address."},
		{Name: "FilePath", Type: Text, Path: "path", Description: "Path of the file in that commit, which may be an earlier one."},
		{Name: "Type", Type: Text, Path: "type", Description: "Kind of entry: commit_file."},
		{Name: "Size", Type: Integer, Path: "size", Description: "Size in that commit, in bytes."},
		{Name: "Attributes", Type: JSON, Path: "attributes", Description: "What is special about the file: link, executable, subrepository, binary, lfs; as a JSON array."},
		{Name: "MimeType", Type: Text, Path: "mimetype", Description: "Media type, as guessed from the name."},
		{Name: "EscapedPath", Type: Text, Path: "escaped_path", Description: "Path as a diff writes it."},
		allLinks,
	},
	Endpoints: []Endpoint{{
		Path: repositoryPath + "/filehistory/{commit}/{path}", Paging: Chained, MaxPage: 100, Query: "q",
		Binds:    map[string]string{"commit": "Revision", "path": "Path"},
		Forms:    map[string]Form{"path": PathForm},
		Defaults: map[string][]string{"commit": mainCommit},
		Inputs:   map[string]string{"renames": "Renames"},
		Filters:  []Filter{{Column: "CommitDate", Field: "commit.date", Ops: Equality | Ranges}},
		Scope:    sourceScope, TokenScope: sourceAccess,
	}},
	Examples: []Example{
		{
			Says: "Who changed a file:",
			SQL:  "SELECT CommitDate, CommitHash, FilePath\nFROM platform.FileHistory\nWHERE Path = 'README.md'",
		},
		{
			Says: "How a file was changed this year:",
			SQL: "SELECT h.CommitDate, c.AuthorName, c.Message\nFROM platform.FileHistory h\nJOIN platform.Commits c ON c.Hash = h.CommitHash\n" +
				"WHERE h.Path = 'README.md' AND h.CommitDate >= '2026-01-01'\nLIMIT 10",
		},
	},
}
