package schema

import "slices"

const (
	issuePath     = repositoryPath + "/issues"
	trackerScope  = "issue"
	trackerAccess = "read:issue:bitbucket"

	trackerRetired = "Atlassian removed the issue tracker on 2026-08-20. " +
		"What is left is what was moved to Jira or exported before that day, and the flag HasIssues of Information.Repositories."
)

// issueOf is the parent of tables of one issue.
var issueOf = Parent{Table: "Issues", Columns: map[string]string{"IssueId": "Id"}}

// issueID is the first column of tables of one issue.
func issueID() Column {
	return Column{
		Name: "IssueId", Type: Integer, Param: "issue_id", References: "Issues.Id",
		Description: "Number of the issue. Without a condition on it, every issue is asked.",
	}
}

// The values of issues' enumerations, in Bitbucket's order, which is not that of text.
var (
	issueStates     = []string{"submitted", "new", "open", "resolved", "on hold", "invalid", "duplicate", "wontfix", "closed"}
	issueKinds      = []string{"bug", "enhancement", "proposal", "task"}
	issuePriorities = []string{"trivial", "minor", "major", "critical", "blocker"}
)

// Issues are the issues of a repository.
var Issues = Table{
	Name:        "Issues",
	Description: "Issues of a repository's issue tracker.",
	Retired:     trackerRetired,
	Scope:       RepositoryScope,
	Key:         []string{"Id"},
	Columns: slices.Concat([]Column{
		{Name: "Id", Type: Integer, Path: "id", Description: "Number of the issue, unique in the repository."},
		{Name: "Title", Type: Text, Path: "title", Description: "Title."},
		{Name: "ContentRaw", Type: Text, Path: "content.raw", Description: "Description as typed, in markup."},
		{Name: "State", Type: Text, Path: "state", Description: "submitted, new, open, resolved, on hold, invalid, duplicate, wontfix or closed."},
		{Name: "Kind", Type: Text, Path: "kind", Description: "bug, enhancement, proposal or task."},
		{Name: "Priority", Type: Text, Path: "priority", Description: "trivial, minor, major, critical or blocker."},
	}, account("Reporter", "reporter", "the reporter"), account("Assignee", "assignee", "the account that it is assigned to"), []Column{
		{Name: "ComponentId", Type: Integer, Path: "component.id", References: "Components.Id", Description: "Number of the component."},
		{Name: "ComponentName", Type: Text, Path: "component.name", References: "Components.Name", Description: "Name of the component."},
		{Name: "MilestoneId", Type: Integer, Path: "milestone.id", References: "Milestones.Id", Description: "Number of the milestone."},
		{Name: "MilestoneName", Type: Text, Path: "milestone.name", References: "Milestones.Name", Description: "Name of the milestone."},
		{Name: "VersionId", Type: Integer, Path: "version.id", References: "Versions.Id", Description: "Number of the version."},
		{Name: "VersionName", Type: Text, Path: "version.name", References: "Versions.Name", Description: "Name of the version."},
		{Name: "Votes", Type: Integer, Path: "votes", Description: "Number of votes."},
		{Name: "Watches", Type: Integer, Path: "watches", Description: "Number of watchers."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was reported."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed."},
		{Name: "EditedOn", Type: Timestamp, Path: "edited_on", Description: "When its text was last edited; NULL if never."},
		{Name: "ContentMarkup", Type: Text, Path: "content.markup", Description: "Markup of the description: markdown, creole or plaintext."},
		{Name: "ContentHTML", Type: Text, Path: "content.html", Description: "Description as HTML."},
	}, repository("", "repository", "the repository"), links("")),
	Endpoints: []Endpoint{
		{
			Path: issuePath, Paging: Numbered, MaxPage: 100, Query: "q", Stable: "id",
			Filters: []Filter{
				{Column: "Id", Field: "id", Ops: Equality | NE | Ranges, Exact: Equality | NE | Ranges},
				{Column: "Title", Field: "title", Ops: Equality | LIKE},
				{Column: "ContentRaw", Field: "content.raw", Ops: LIKE},
				{Column: "State", Field: "state", Ops: Equality | NE, Exact: Equality | NE, Values: issueStates},
				{Column: "Kind", Field: "kind", Ops: Equality | NE, Exact: Equality | NE, Values: issueKinds},
				{Column: "Priority", Field: "priority", Ops: Equality | NE, Exact: Equality | NE, Values: issuePriorities},
				{Column: "ReporterUUID", Field: "reporter.uuid", Ops: Equality, Exact: Equality, Form: UUIDForm},
				{Column: "ReporterNickname", Field: "reporter.nickname", Ops: Equality},
				{Column: "AssigneeUUID", Field: "assignee.uuid", Ops: Equality, Exact: Equality, Form: UUIDForm},
				{Column: "AssigneeNickname", Field: "assignee.nickname", Ops: Equality},
				{Column: "ComponentName", Field: "component.name", Ops: Equality},
				{Column: "MilestoneName", Field: "milestone.name", Ops: Equality},
				{Column: "VersionName", Field: "version.name", Ops: Equality},
				{Column: "CreatedOn", Field: "created_on", Ops: Equality | Ranges, Exact: Ranges},
				{Column: "UpdatedOn", Field: "updated_on", Ops: Equality | Ranges, Exact: Ranges},
			},
			Sorts: []Sort{
				{Column: "Id", Field: "id", Unique: true},
				{Column: "CreatedOn", Field: "created_on"},
				{Column: "UpdatedOn", Field: "updated_on"},
			},
			Scope: trackerScope, TokenScope: trackerAccess,
		},
		{
			Path: issuePath + "/{issue_id}", Paging: One, Binds: map[string]string{"issue_id": "Id"},
			Scope: trackerScope, TokenScope: trackerAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Open bugs by priority:",
			SQL: "SELECT Priority, COUNT(*) AS Bugs, MIN(CreatedOn) AS Oldest\nFROM platform.Issues\n" +
				"WHERE Kind = 'bug' AND State IN ('new', 'open')\nGROUP BY Priority",
		},
		{
			Says: "Issues that nobody works on:",
			SQL: "SELECT Id, Title, ReporterName, Votes\nFROM platform.Issues\nWHERE State = 'new' AND AssigneeUUID IS NULL\n" +
				"ORDER BY Votes DESC\nLIMIT 10",
		},
	},
}

// IssueComments are the comments on issues.
var IssueComments = Table{
	Name:        "IssueComments",
	Description: "Comments on issues; a change of an issue has one, too.",
	Retired:     trackerRetired,
	Scope:       RepositoryScope,
	Key:         []string{"IssueId", "Id"},
	Columns: slices.Concat([]Column{
		issueID(),
		{Name: "Id", Type: Integer, Path: "id", Description: "Number of the comment."},
		{Name: "ContentRaw", Type: Text, Path: "content.raw", Description: "Text as typed, in markup; NULL for the comment of a change without words."},
	}, account("User", "user", "the commenter"), []Column{
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was written."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed; NULL if never."},
		{Name: "Deleted", Type: Boolean, Path: "deleted", Description: "Whether it was deleted."},
		{Name: "ParentId", Type: Integer, Path: "parent.id", Description: "Number of the comment that it answers; NULL when it answers none."},
		{Name: "IssueTitle", Type: Text, Path: "issue.title", Description: "Title of the issue."},
	}, textMarkup(), links("")),
	Parent: &issueOf,
	Endpoints: []Endpoint{
		{
			Path: issuePath + "/{issue_id}/comments", Paging: Numbered, MaxPage: 100,
			Binds: map[string]string{"issue_id": "IssueId"},
			Scope: trackerScope, TokenScope: trackerAccess,
		},
		{
			Path: issuePath + "/{issue_id}/comments/{comment_id}", Paging: One,
			Binds: map[string]string{"issue_id": "IssueId", "comment_id": "Id"},
			Scope: trackerScope, TokenScope: trackerAccess,
		},
	},
	Examples: []Example{
		{
			Says: "The discussion of an issue:",
			SQL:  "SELECT CreatedOn, UserName, ContentRaw\nFROM platform.IssueComments\nWHERE IssueId = 84\nORDER BY CreatedOn",
		},
		{
			Says: "Critical issues that are talked of most:",
			SQL: "SELECT i.Id, i.Title, COUNT(*) AS Comments\nFROM platform.Issues i\n" +
				"JOIN platform.IssueComments c ON c.IssueId = i.Id\nWHERE i.Priority = 'critical'\nGROUP BY i.Id, i.Title\n" +
				"ORDER BY Comments DESC",
		},
	},
}

// change is the columns of what a change did to one member of an issue.
func change(name, member, what string) []Column {
	return []Column{
		{Name: name + "Old", Type: Text, Path: "changes." + member + ".old", Description: what + " before; NULL when it did not change."},
		{Name: name + "New", Type: Text, Path: "changes." + member + ".new", Description: what + " after; NULL when it did not change."},
	}
}

// IssueChanges are the changes of issues.
var IssueChanges = Table{
	Name:        "IssueChanges",
	Description: "Changes of issues, oldest first.",
	Retired:     trackerRetired,
	Scope:       RepositoryScope,
	Key:         []string{"IssueId", "Id"},
	Columns: slices.Concat([]Column{
		issueID(),
		{Name: "Id", Type: Integer, Path: "id", Description: "Number of the change."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was made."},
	}, account("User", "user", "the account that made it"), []Column{
		{Name: "MessageRaw", Type: Text, Path: "message.raw", Description: "What that account said to it, in markup."},
	},
		change("State", "state", "State"),
		change("AssigneeAccountId", "assignee_account_id", "Atlassian account id of the assignee"),
		change("Title", "title", "Title"),
		change("Kind", "kind", "Kind"),
		change("Priority", "priority", "Priority"),
		change("Component", "component", "Name of the component"),
		change("Milestone", "milestone", "Name of the milestone"),
		change("Version", "version", "Name of the version"),
		change("Content", "content", "Description"),
		[]Column{
			{Name: "Changes", Type: JSON, Path: "changes", Description: "All that changed, with old and new values, as a JSON object."},
			{Name: "IssueTitle", Type: Text, Path: "issue.title", Description: "Title of the issue."},
			{Name: "MessageMarkup", Type: Text, Path: "message.markup", Description: "Markup of the message: markdown, creole or plaintext."},
			{Name: "MessageHTML", Type: Text, Path: "message.html", Description: "Message as HTML."},
			{Name: "Name", Type: Text, Path: "name", Description: "Name of the change, where Bitbucket gives it."},
		}, links("")),
	Parent: &issueOf,
	Endpoints: []Endpoint{
		{
			Path: issuePath + "/{issue_id}/changes", Paging: Numbered, MaxPage: 100, NoSize: true, Query: "q",
			Binds:   map[string]string{"issue_id": "IssueId"},
			Filters: []Filter{{Column: "StateNew", Field: "changes.state.new", Ops: Equality}},
			Scope:   trackerScope, TokenScope: trackerAccess,
		},
		{
			Path: issuePath + "/{issue_id}/changes/{change_id}", Paging: One,
			Binds: map[string]string{"issue_id": "IssueId", "change_id": "Id"},
			Scope: trackerScope, TokenScope: trackerAccess,
		},
	},
	Examples: []Example{
		{
			Says: "What became of an issue:",
			SQL: "SELECT CreatedOn, UserName, StateOld, StateNew, MessageRaw\nFROM platform.IssueChanges\n" +
				"WHERE IssueId = 83 AND StateNew IS NOT NULL",
		},
		{
			Says: "How many days bugs took to be resolved:",
			SQL: "SELECT i.Id, i.Title, DATEDIFF(day, i.CreatedOn, c.CreatedOn) AS Days\nFROM platform.Issues i\n" +
				"JOIN platform.IssueChanges c ON c.IssueId = i.Id\nWHERE i.Kind = 'bug' AND c.StateNew = 'resolved'",
		},
	},
}

// IssueAttachments are the files attached to issues.
var IssueAttachments = Table{
	Name:        "IssueAttachments",
	Description: "Files attached to issues, without their contents, in the order in which they were uploaded.",
	Retired:     trackerRetired,
	Scope:       RepositoryScope,
	Key:         []string{"IssueId", "Name"},
	Columns: []Column{
		issueID(),
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the file."},
		allLinks,
	},
	Parent: &issueOf,
	Endpoints: []Endpoint{{
		Path: issuePath + "/{issue_id}/attachments", Paging: Numbered, MaxPage: 100,
		Binds: map[string]string{"issue_id": "IssueId"},
		Scope: trackerScope, TokenScope: trackerAccess,
	}},
	Examples: []Example{
		{
			Says: "The attachments of an issue:",
			SQL:  "SELECT Name\nFROM platform.IssueAttachments\nWHERE IssueId = 86",
		},
		{
			Says: "New issues that come with a log:",
			SQL: "SELECT i.Id, i.Title, a.Name\nFROM platform.Issues i\nJOIN platform.IssueAttachments a ON a.IssueId = i.Id\n" +
				"WHERE i.State = 'new' AND a.Name LIKE '%.txt'",
		},
	},
}

// IssueAttachmentContents are the contents of files attached to issues.
var IssueAttachmentContents = Table{
	Name:        "IssueAttachmentContents",
	Description: "Contents of files attached to issues. Needs IssueId and Name.",
	Retired:     trackerRetired,
	Scope:       RepositoryScope,
	Key:         []string{"IssueId", "Name"},
	Columns: []Column{
		{Name: "IssueId", Type: Integer, Param: "issue_id", References: "Issues.Id", Description: "Number of the issue."},
		{Name: "Name", Type: Text, Param: "path", References: "IssueAttachments.Name", Description: "Name of the file."},
		{Name: "ContentText", Type: Text, Path: ".", Description: "The file as text; bytes that are no UTF-8 are replaced."},
		{Name: "Content", Type: Blob, Path: ".", Description: "The file as it is."},
		{Name: "Size", Type: Integer, Path: ".", Description: "Length in bytes."},
	},
	Examples: []Example{
		{
			Says: "The files attached to an issue:",
			SQL: "SELECT a.Name, c.Size, c.Content\nFROM platform.IssueAttachments a\n" +
				"JOIN platform.IssueAttachmentContents c ON c.IssueId = a.IssueId AND c.Name = a.Name\nWHERE a.IssueId = 86",
		},
		{
			Says: "An attachment as text:",
			SQL:  "SELECT ContentText\nFROM platform.IssueAttachmentContents\nWHERE IssueId = 86 AND Name = 'log-größe.txt'",
		},
	},
	Endpoints: []Endpoint{{
		Path: issuePath + "/{issue_id}/attachments/{path}", Paging: Raw, Stored: true,
		Binds: map[string]string{"issue_id": "IssueId", "path": "Name"},
		Scope: trackerScope, TokenScope: trackerAccess,
	}},
}

// trackerTable is a list of names by which issues are sorted.
func trackerTable(name, path, param, what string, examples ...Example) Table {
	return Table{
		Name:        name,
		Description: what + "s that the issues of a repository can belong to.",
		Retired:     trackerRetired,
		Scope:       RepositoryScope,
		Key:         []string{"Id"},
		Columns: []Column{
			{Name: "Id", Type: Integer, Path: "id", Description: "Number, unique in the repository."},
			{Name: "Name", Type: Text, Path: "name", Description: "Name."},
			allLinks,
		},
		Endpoints: []Endpoint{
			{
				Path: repositoryPath + "/" + path, Paging: Numbered, MaxPage: 100,
				Scope: trackerScope, TokenScope: trackerAccess,
			},
			{
				Path: repositoryPath + "/" + path + "/{" + param + "}", Paging: One, Binds: map[string]string{param: "Id"},
				Scope: trackerScope, TokenScope: trackerAccess,
			},
		},
		Examples: examples,
	}
}

// What issues can belong to.
var (
	Components = trackerTable("Components", "components", "component_id", "Component",
		Example{
			Says: "Components by the number of their open issues:",
			SQL: "SELECT c.Name, COUNT(i.Id) AS OpenIssues\nFROM platform.Components c\n" +
				"LEFT JOIN platform.Issues i ON i.ComponentName = c.Name AND i.State IN ('new', 'open')\nGROUP BY c.Name\n" +
				"ORDER BY OpenIssues DESC",
		},
		Example{
			Says: "Components whose names differ in case only:",
			SQL: "SELECT LOWER(Name), STRING_AGG(Name, ', ') AS Names\nFROM platform.Components\nGROUP BY LOWER(Name)\n" +
				"HAVING COUNT(*) > 1",
		},
	)
	Milestones = trackerTable("Milestones", "milestones", "milestone_id", "Milestone",
		Example{
			Says: "How far each milestone is:",
			SQL: "SELECT m.Name, COUNT(i.Id) AS Issues, SUM(i.State IN ('resolved', 'closed')) AS Done\n" +
				"FROM platform.Milestones m\nLEFT JOIN platform.Issues i ON i.MilestoneName = m.Name\nGROUP BY m.Name",
		},
		Example{
			Says: "What is left to do for one milestone:",
			SQL: "SELECT i.Id, i.Title, i.AssigneeName\nFROM platform.Milestones m\n" +
				"JOIN platform.Issues i ON i.MilestoneName = m.Name\nWHERE m.Id = 1000 AND i.State IN ('new', 'open')",
		},
	)
	Versions = trackerTable("Versions", "versions", "version_id", "Version",
		Example{
			Says: "Bugs that were reported of each version:",
			SQL: "SELECT v.Name, COUNT(i.Id) AS Bugs\nFROM platform.Versions v\n" +
				"LEFT JOIN platform.Issues i ON i.VersionName = v.Name AND i.Kind = 'bug'\nGROUP BY v.Name",
		},
		Example{
			Says: "The newest versions, by the order in which they were made:",
			SQL:  "SELECT Id, Name\nFROM platform.Versions\nORDER BY Id DESC\nLIMIT 3",
		},
	)
)
