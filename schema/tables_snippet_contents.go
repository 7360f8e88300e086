package schema

// contents is the columns of a file whose bytes are the answer.
func contents() []Column {
	return []Column{
		{Name: "ContentText", Type: Text, Path: ".", Description: "The file as text; bytes that are no UTF-8 are replaced."},
		{Name: "Content", Type: Blob, Path: ".", Description: "The bytes of the file."},
		{Name: "Size", Type: Integer, Path: ".", Description: "Length of the file, in bytes."},
	}
}

// snippetFile names a file of a snippet.
func snippetFile() Column {
	return Column{
		Name: "Path", Type: Text, Param: "path",
		Description: "Name of the file in the snippet. The query must compare it with = or IN; SnippetFiles has the names.",
	}
}

// SnippetFileContents are the contents of files of snippets as they are now.
var SnippetFileContents = Table{
	Name:        "SnippetFileContents",
	Description: "Contents of files of snippets as they are now; the query must give Path. Snippets without such a file have no row.",
	Key:         []string{"SnippetId", "Path"},
	Columns:     append([]Column{snippetID(), snippetFile()}, contents()...),
	Examples: []Example{{
		Says: "Every file of every snippet:",
		SQL: "SELECT n.SnippetId, c.Path, c.Size, c.ContentText\n" +
			"FROM (SELECT SnippetId, key AS Name FROM Information.SnippetFiles, json_each(Files)) n\n" +
			"JOIN Information.SnippetFileContents c ON c.SnippetId = n.SnippetId AND c.Path = n.Name",
	}, {
		Says: "Snippets whose snippet.txt has a word:",
		SQL: "SELECT s.Title, c.ContentText\nFROM Information.Snippets s\n" +
			"JOIN Information.SnippetFileContents c ON c.SnippetId = s.Id\nWHERE c.Path = 'snippet.txt' AND c.ContentText LIKE '%line%'",
	}},
	Parent: &snippetOf,
	Endpoints: []Endpoint{{
		Path: snippetPath + "/files/{path}", Paging: Raw, Stored: true,
		Binds: map[string]string{"encoded_id": "SnippetId", "path": "Path"},
		Scope: snippetScope, TokenScope: snippetAccess,
	}},
}

// SnippetFileVersions are the contents of files of snippets as they were.
var SnippetFileVersions = Table{
	Name:        "SnippetFileVersions",
	Description: "Contents of files of snippets at each of their commits; the query must give Path. Commits without such a file have no row.",
	Key:         []string{"SnippetId", "Revision", "Path"},
	Columns: append([]Column{
		snippetID(),
		{
			Name: "Revision", Type: Text, Param: "node_id", References: "SnippetCommits.Hash",
			Description: "Full hash of the commit. Without a condition on it, every commit is asked.",
		},
		snippetFile(),
	}, contents()...),
	Examples: []Example{{
		Says: "How a file grew:",
		SQL: "SELECT k.Date, v.SnippetId, v.Size\nFROM Information.SnippetCommits k\n" +
			"JOIN Information.SnippetFileVersions v ON v.SnippetId = k.SnippetId AND v.Revision = k.Hash\n" +
			"WHERE v.Path = 'snippet.txt'\nORDER BY v.SnippetId, k.Date",
	}, {
		Says: "A file of one snippet as it was at first:",
		SQL: "SELECT v.ContentText\nFROM Information.SnippetFileVersions v\n" +
			"JOIN Information.SnippetCommits k ON k.SnippetId = v.SnippetId AND k.Hash = v.Revision\n" +
			"WHERE v.Path = 'query #1?.sql'\nORDER BY k.Date\nLIMIT 1",
	}},
	Parent: &revisionOf,
	Endpoints: []Endpoint{{
		Path: snippetPath + "/{node_id}/files/{path}", Paging: Raw, Stored: true,
		Binds: map[string]string{"encoded_id": "SnippetId", "node_id": "Revision", "path": "Path"},
		Forms: map[string]Form{"node_id": HashForm},
		Scope: snippetScope, TokenScope: snippetAccess,
	}},
}

// snippetRevision names a change of a snippet.
func snippetRevision(what string) Column {
	return Column{
		Name: "Revision", Type: Text, Param: "revision", References: "SnippetCommits.Hash",
		Description: "Commit whose " + what + " it is: a hash, a branch, or two of them as in old..new. The query must compare it with = or IN.",
	}
}

// SnippetDiffs are what commits of snippets changed.
var SnippetDiffs = Table{
	Name:        "SnippetDiffs",
	Description: "What a commit of a snippet changed against its first parent; the query must give Revision.",
	Key:         []string{"SnippetId", "Revision", "Path"},
	Columns: []Column{
		snippetID(),
		snippetRevision("diff"),
		{Name: "Path", Type: Text, Param: "path", Description: "The only file to show; NULL, and all files, when the query does not compare it with = or IN."},
		{Name: "Diff", Type: Text, Path: ".", Description: "The diff, as git writes it."},
	},
	Examples: []Example{{
		Says: "What the commits of snippets changed:",
		SQL: "SELECT k.Message, d.Diff\nFROM Information.SnippetCommits k\n" +
			"JOIN Information.SnippetDiffs d ON d.SnippetId = k.SnippetId AND d.Revision = k.Hash",
	}, {
		Says: "What changed one file only:",
		SQL: "SELECT k.Date, d.Diff\nFROM Information.SnippetCommits k\n" +
			"JOIN Information.SnippetDiffs d ON d.SnippetId = k.SnippetId AND d.Revision = k.Hash\n" +
			"WHERE d.Path = 'snippet.txt' AND d.Diff <> ''",
	}},
	Parent: &snippetOf,
	Endpoints: []Endpoint{{
		Path: snippetPath + "/{revision}/diff", Paging: Raw, Inputs: map[string]string{"path": "Path"},
		Binds: map[string]string{"encoded_id": "SnippetId", "revision": "Revision"},
		Scope: snippetScope, TokenScope: snippetAccess,
	}},
}

// SnippetPatches are commits of snippets as patches.
var SnippetPatches = Table{
	Name:        "SnippetPatches",
	Description: "Commits of a snippet as patches, with author and message; the query must give Revision.",
	Key:         []string{"SnippetId", "Revision"},
	Columns: []Column{
		snippetID(),
		snippetRevision("patch"),
		{Name: "Patch", Type: Text, Path: ".", Description: "The patch, as git format-patch writes it."},
	},
	Examples: []Example{{
		Says: "The commits of snippets as patches:",
		SQL: "SELECT k.Date, p.Patch\nFROM Information.SnippetCommits k\n" +
			"JOIN Information.SnippetPatches p ON p.SnippetId = k.SnippetId AND p.Revision = k.Hash",
	}, {
		Says: "The newest commit of each snippet as a patch:",
		SQL: "SELECT k.SnippetId, p.Patch\n" +
			"FROM (SELECT SnippetId, Hash, max(Date) FROM Information.SnippetCommits GROUP BY SnippetId) k\n" +
			"JOIN Information.SnippetPatches p ON p.SnippetId = k.SnippetId AND p.Revision = k.Hash",
	}},
	Parent: &snippetOf,
	Endpoints: []Endpoint{{
		Path: snippetPath + "/{revision}/patch", Paging: Raw,
		Binds: map[string]string{"encoded_id": "SnippetId", "revision": "Revision"},
		Scope: snippetScope, TokenScope: snippetAccess,
	}},
}
