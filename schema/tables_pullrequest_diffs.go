package schema

import "slices"

// pullRequestFile is the columns of a file on one side of the diff of a pull request.
func pullRequestFile(prefix, path, side string) []Column {
	return []Column{
		{Name: prefix + "Path", Type: Text, Path: path + ".path", Description: "Path of the file " + side + "."},
		{Name: prefix + "EscapedPath", Type: Text, Path: path + ".escaped_path", Description: "The same path, escaped for an address."},
		{Name: prefix + "Type", Type: Text, Path: path + ".type", Description: "commit_file, as all files."},
		{Name: prefix + "Attributes", Type: JSON, Path: path + ".attributes", Description: "What is special about the file: link, executable, subrepository, binary or lfs; as JSON."},
		{Name: prefix + "CommitHash", Type: Text, Path: path + ".commit.hash", Description: "Commit that the file is taken from, where Bitbucket gives it."},
		{Name: prefix + "Links", Type: JSON, Path: path + ".links", Description: "Links of the file, as a JSON object."},
	}
}

// PullRequestDiffStats are the files that pull requests change.
var PullRequestDiffStats = Table{
	Name:        "PullRequestDiffStats",
	Description: "Files that pull requests change, with the number of lines. A pull request whose source is gone has none.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "Path"},
	Columns: slices.Concat([]Column{
		pullRequestID(),
		{Name: "Path", Type: Text, Path: "new.path|old.path", Description: "Path of the file: the new one, or the old one of a removed file."},
		{Name: "Status", Type: Text, Path: "status", Description: "added, removed, modified or renamed."},
		{Name: "LinesAdded", Type: Integer, Path: "lines_added", Description: "Number of lines added."},
		{Name: "LinesRemoved", Type: Integer, Path: "lines_removed", Description: "Number of lines removed."},
	}, pullRequestFile("Old", "old", "before; NULL for an added file"), pullRequestFile("New", "new", "after; NULL for a removed file")),
	Parent: &pullRequestOf,
	Endpoints: []Endpoint{{
		// Redirected to the diffstat of the repository, whose pages are longer than others.
		Path: pullRequestPath + "/{pull_request_id}/diffstat", Paging: Numbered, MaxPage: 500, AbsentWhenOff: true,
		Binds: map[string]string{"pull_request_id": "PullRequestId"},
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
	Examples: []Example{
		{
			Says: "What a pull request changes:",
			SQL:  "SELECT Path, Status, LinesAdded, LinesRemoved\nFROM platform.PullRequestDiffStats\nWHERE PullRequestId = 119",
		},
		{
			Says: "Open pull requests that change the same file:",
			SQL: "SELECT d.Path, STRING_AGG(p.Id, ', ') AS PullRequests\nFROM platform.PullRequests p\n" +
				"JOIN platform.PullRequestDiffStats d ON d.PullRequestId = p.Id\nWHERE p.State = 'OPEN'\nGROUP BY d.Path\n" +
				"HAVING COUNT(*) > 1",
		},
	},
}

// PullRequestConflicts are the files that keep pull requests from being merged.
var PullRequestConflicts = Table{
	Name:        "PullRequestConflicts",
	Description: "Files whose changes in a pull request conflict with those in its destination.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "Path", "Scenario"},
	Columns: []Column{
		pullRequestID(),
		{Name: "Path", Type: Text, Path: "path", Description: "Path of the file."},
		{Name: "Scenario", Type: Text, Path: "scenario", Description: "Kind of conflict, such as content, delete_modify or rename."},
		{Name: "Message", Type: Text, Path: "message", Description: "The conflict in words."},
	},
	Parent: &pullRequestOf,
	Endpoints: []Endpoint{{
		Path: pullRequestPath + "/{pull_request_id}/conflicts", Paging: Numbered, MaxPage: 500, AbsentWhenOff: true,
		Binds: map[string]string{"pull_request_id": "PullRequestId"},
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
	Examples: []Example{
		{
			Says: "Files that conflict in the newest ten pull requests, and whose changes they are:",
			SQL: "SELECT c.Path, c.Scenario, p.Id, p.AuthorName\n" +
				"FROM (SELECT Id, AuthorName FROM platform.PullRequests ORDER BY Id DESC LIMIT 10) p\n" +
				"JOIN platform.PullRequestConflicts c ON c.PullRequestId = p.Id",
		},
		{
			Says: "Why a pull request conflicts:",
			SQL:  "SELECT Path, Message\nFROM platform.PullRequestConflicts\nWHERE PullRequestId = 120",
		},
	},
}

// pullRequestText is the columns of a document about a pull request. There is no parent that supplies the pull request: a
// forgotten condition would fetch the documents of all.
func pullRequestText(what string) []Column {
	return []Column{
		{Name: "PullRequestId", Type: Integer, Param: "pull_request_id", References: "PullRequests.Id", Description: "Number of the pull request."},
		{Name: "ContentText", Type: Text, Path: ".", Description: "The " + what + " as text; bytes that are no UTF-8 are replaced."},
		{Name: "Content", Type: Blob, Path: ".", Description: "The " + what + " as it is, in the encodings of its files."},
		{Name: "Size", Type: Integer, Path: ".", Description: "Length in bytes."},
	}
}

// PullRequestDiffs are the diffs of pull requests.
var PullRequestDiffs = Table{
	Name:        "PullRequestDiffs",
	Description: "Diffs of pull requests, in the format of git. Needs PullRequestId.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId"},
	Columns:     pullRequestText("diff"),
	Examples: []Example{{
		Says: "The diff of a pull request:",
		SQL:  "SELECT Size, ContentText FROM platform.PullRequestDiffs WHERE PullRequestId = 1",
	}, {
		Says: "How long the diffs of the newest open pull requests are:",
		SQL: "SELECT p.Id, p.Title, d.Size FROM platform.PullRequests p JOIN platform.PullRequestDiffs d ON d.PullRequestId = p.Id " +
			"WHERE p.Id IN (SELECT Id FROM platform.PullRequests WHERE State = 'OPEN' ORDER BY CreatedOn DESC LIMIT 3)",
	}},
	Endpoints: []Endpoint{{
		Path: pullRequestPath + "/{pull_request_id}/diff", Paging: Raw, AbsentWhenOff: true,
		Binds: map[string]string{"pull_request_id": "PullRequestId"},
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
}

// PullRequestPatches are the patches of pull requests.
var PullRequestPatches = Table{
	Name:        "PullRequestPatches",
	Description: "Commits of pull requests as one series of patches, for git am. Needs PullRequestId.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId"},
	Columns:     pullRequestText("series of patches"),
	Examples: []Example{
		{
			Says: "A pull request as patches, to be applied with git am:",
			SQL:  "SELECT Content\nFROM platform.PullRequestPatches\nWHERE PullRequestId = 1",
		},
		{
			Says: "How long the patches of the open pull requests are:",
			SQL: "SELECT p.Id, p.Title, x.Size\nFROM platform.PullRequests p\n" +
				"JOIN platform.PullRequestPatches x ON x.PullRequestId = p.Id\nWHERE p.State = 'OPEN'\nORDER BY x.Size DESC",
		},
	},
	Endpoints: []Endpoint{{
		Path: pullRequestPath + "/{pull_request_id}/patch", Paging: Raw, AbsentWhenOff: true,
		Binds: map[string]string{"pull_request_id": "PullRequestId"},
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
}
