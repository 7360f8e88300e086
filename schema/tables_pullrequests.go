package schema

import "slices"

const (
	pullRequestPath   = repositoryPath + "/pullrequests"
	pullRequestScope  = "pullrequest"
	pullRequestAccess = "read:pullrequest:bitbucket"
)

// allStates keeps Bitbucket from answering with open pull requests only, which it does unless it is told states. Beside q it
// ignores them and answers with all states by itself.
var allStates = []Parameter{{"state", "OPEN"}, {"state", "MERGED"}, {"state", "DECLINED"}, {"state", "SUPERSEDED"}}

var pullRequestStates = []string{"OPEN", "MERGED", "DECLINED", "SUPERSEDED"}

// pullRequestOf is the parent of tables of one pull request.
var pullRequestOf = Parent{Table: "PullRequests", Columns: map[string]string{"PullRequestId": "Id"}}

// pullRequestID is the first column of tables of one pull request.
func pullRequestID() Column {
	return Column{
		Name: "PullRequestId", Type: Integer, Param: "pull_request_id", References: "PullRequests.Id",
		Description: "Number of the pull request. Without a condition on it, every pull request is asked.",
	}
}

// endpoint is the columns of one end of a pull request.
func endpoint(prefix, path, end string) []Column {
	return slices.Concat([]Column{
		{Name: prefix + "BranchName", Type: Text, Path: path + ".branch.name", References: "Branches.Name", Description: "Branch " + end + "."},
		{Name: prefix + "CommitHash", Type: Text, Path: path + ".commit.hash", Description: "First 12 digits of the hash of the commit " + end + "."},
	}, repository(prefix, path+".repository", "the repository "+end, "when that is gone"))
}

// PullRequests are the pull requests of a repository, in every state.
var PullRequests = Table{
	Name:        "PullRequests",
	Description: "Pull requests into a repository, in every state.",
	Scope:       RepositoryScope,
	Key:         []string{"Id"},
	Columns: slices.Concat([]Column{
		{Name: "Id", Type: Integer, Path: "id", Description: "Number of the pull request, unique in the repository."},
		{Name: "Title", Type: Text, Path: "title", Description: "Title."},
		{Name: "SummaryRaw", Type: Text, Path: "summary.raw", Description: "Description as typed, in markup."},
		{Name: "State", Type: Text, Path: "state", Description: "OPEN, MERGED, DECLINED or SUPERSEDED."},
		{Name: "Draft", Type: Boolean, Path: "draft", Description: "Whether it is a draft."},
		{Name: "Queued", Type: Boolean, Path: "queued", Description: "Whether it waits in a merge queue."},
	}, account("Author", "author", "the author"),
		endpoint("Source", "source", "that it comes from"),
		endpoint("Destination", "destination", "that it goes into"),
		[]Column{
			{Name: "MergeCommitHash", Type: Text, Path: "merge_commit.hash", Description: "First 12 digits of the hash of the merge commit; NULL until it is merged."},
			{Name: "CommentCount", Type: Integer, Path: "comment_count", Description: "Number of comments."},
			{Name: "TaskCount", Type: Integer, Path: "task_count", Description: "Number of open tasks."},
			{Name: "CloseSourceBranch", Type: Boolean, Path: "close_source_branch", Description: "Whether merging it closes the source branch."},
		},
		account("ClosedBy", "closed_by", "the account that merged or declined it"),
		[]Column{
			{Name: "Reason", Type: Text, Path: "reason", Description: "Why it was declined; empty otherwise."},
			{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was opened."},
			{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed."},
			{Name: "Description", Type: Text, Path: "description", Description: "Description as typed; the same text as SummaryRaw."},
			{Name: "SummaryMarkup", Type: Text, Path: "summary.markup", Description: "Markup of the description: markdown, creole or plaintext."},
			{Name: "SummaryHTML", Type: Text, Path: "summary.html", Description: "Description as HTML."},
			{Name: "AuthorType", Type: Text, Path: "author.type", Description: "Kind of the author's account: user, team or app_user."},
			{Name: "Reviewers", Type: JSON, Path: "reviewers", Description: "Accounts asked for a review, as a JSON array; a row each in PullRequestReviewers."},
			{Name: "Participants", Type: JSON, Path: "participants", Description: "Everybody who took part, with their approval, as a JSON array."},
		}, links("")),
	Endpoints: []Endpoint{
		{
			Path: pullRequestPath, Paging: Numbered, MaxPage: 50, Query: "q", Unfiltered: allStates, Stable: "id",
			Hidden:  []string{"participants", "reviewers"},
			Filters: pullRequestFilters,
			Sorts: []Sort{
				{Column: "Id", Field: "id", Unique: true},
				{Column: "CreatedOn", Field: "created_on"},
				{Column: "UpdatedOn", Field: "updated_on"},
			},
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
		{
			Path: pullRequestPath + "/{pull_request_id}", Paging: One, Binds: map[string]string{"pull_request_id": "Id"},
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Open pull requests of all repositories that nobody is asked to review:",
			SQL: "SELECT RepositorySlug, Id, Title, AuthorName\nFROM Workspace.PullRequests\n" +
				"WHERE State = 'OPEN' AND NOT Draft AND json_array_length(Reviewers) = 0",
		},
		{
			Says: "How many days pull requests take to be merged, by month:",
			SQL: "SELECT STRFTIME('%Y-%m', UpdatedOn) AS Month, COUNT(*) AS Merged, AVG(DATEDIFF(day, CreatedOn, UpdatedOn)) AS Days\n" +
				"FROM platform.PullRequests\nWHERE State = 'MERGED' AND CreatedOn >= '2026-01-01'\nGROUP BY Month\n" +
				"ORDER BY Month",
		},
	},
}

var pullRequestFilters = []Filter{
	{Column: "Id", Field: "id", Ops: Equality | NE | Ranges, Exact: Equality | NE | Ranges},
	{Column: "State", Field: "state", Ops: Equality | NE, Exact: Equality | NE, Values: pullRequestStates},
	{Column: "Title", Field: "title", Ops: Equality | LIKE},
	{Column: "Draft", Field: "draft", Ops: EQ, Exact: EQ},
	{Column: "AuthorUUID", Field: "author.uuid", Ops: Equality, Exact: Equality, Form: UUIDForm},
	{Column: "AuthorAccountId", Field: "author.account_id", Ops: Equality},
	{Column: "AuthorNickname", Field: "author.nickname", Ops: Equality},
	{Column: "SourceBranchName", Field: "source.branch.name", Ops: Equality | LIKE},
	{Column: "SourceRepositoryFullName", Field: "source.repository.full_name", Ops: Equality},
	{Column: "DestinationBranchName", Field: "destination.branch.name", Ops: Equality | LIKE},
	{Column: "CreatedOn", Field: "created_on", Ops: Equality | Ranges, Exact: Ranges},
	{Column: "UpdatedOn", Field: "updated_on", Ops: Equality | Ranges, Exact: Ranges},
}

// memberEndpoints are the ways to members of pull requests, each with what the list filters by besides the pull request.
func memberEndpoints(each Each, filters ...Filter) []Endpoint {
	return []Endpoint{
		{
			Path: pullRequestPath, Paging: Numbered, MaxPage: 50, Query: "q", Unfiltered: allStates, Stable: "id",
			Hidden: []string{"participants", "reviewers"},
			Each:   &each,
			Filters: slices.Concat([]Filter{
				{Column: "PullRequestId", Field: "id", Ops: Equality | NE | Ranges, Exact: Equality | NE | Ranges},
				{Column: "PullRequestState", Field: "state", Ops: Equality | NE, Exact: Equality | NE, Values: pullRequestStates},
				{Column: "PullRequestTitle", Field: "title", Ops: Equality | LIKE},
			}, filters, []Filter{
				{Column: "PullRequestCreatedOn", Field: "created_on", Ops: Equality | Ranges, Exact: Ranges},
				{Column: "PullRequestUpdatedOn", Field: "updated_on", Ops: Equality | Ranges, Exact: Ranges},
			}),
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
		{
			Path: pullRequestPath + "/{pull_request_id}", Paging: One, Binds: map[string]string{"pull_request_id": "PullRequestId"},
			Each:  &each,
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
	}
}

// PullRequestReviewers are the reviewers of pull requests, with what they said.
var PullRequestReviewers = Table{
	Name:        "PullRequestReviewers",
	Description: "Reviewers of pull requests, each with the verdict. All pull requests are read by the pages of their list, without a request for each.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "UserUUID"},
	Columns: slices.Concat([]Column{
		{Name: "PullRequestId", Type: Integer, Path: "^.id", References: "PullRequests.Id", Description: "Number of the pull request."},
	}, account("User", "user", "the reviewer"), []Column{
		{Name: "Role", Type: Text, Path: "role", Description: "REVIEWER."},
		{Name: "Approved", Type: Boolean, Path: "approved", Description: "Whether the reviewer approved."},
		{Name: "State", Type: Text, Path: "state", Description: "approved or changes_requested; NULL while there is no verdict."},
		{Name: "ParticipatedOn", Type: Timestamp, Path: "participated_on", Description: "When the reviewer last took part; NULL if never."},
	}, pullRequestAround()),
	Endpoints: memberEndpoints(Each{Member: "participants", Where: "role", Equals: "REVIEWER"},
		Filter{Column: "UserUUID", Field: "reviewers.uuid", Ops: Equality, Form: UUIDForm}),
	Examples: []Example{
		{
			Says: "Who still has to look at open pull requests, over all repositories:",
			SQL: "SELECT UserName, COUNT(*) AS Waiting, MIN(PullRequestCreatedOn) AS Oldest\n" +
				"FROM Workspace.PullRequestReviewers\nWHERE PullRequestState = 'OPEN' AND State IS NULL\n" +
				"GROUP BY UserUUID, UserName\nORDER BY Waiting DESC",
		},
		{
			Says: "Open pull requests that have two approvals and nobody against them:",
			SQL: "SELECT PullRequestId, PullRequestTitle\nFROM platform.PullRequestReviewers\n" +
				"WHERE PullRequestState = 'OPEN'\nGROUP BY PullRequestId, PullRequestTitle\n" +
				"HAVING SUM(Approved) >= 2 AND COALESCE(SUM(State = 'changes_requested'), 0) = 0",
		},
	},
}

// PullRequestComments are the comments on pull requests, deleted ones too.
var PullRequestComments = Table{
	Name:        "PullRequestComments",
	Description: "Comments on pull requests: general and inline ones, replies, drafts, and deleted ones without their text.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "Id"},
	Columns: slices.Concat([]Column{pullRequestID()}, comment(), []Column{
		{Name: "Pending", Type: Boolean, Path: "pending", Description: "Whether it is a draft that only its writer sees."},
	}, inline(), []Column{
		{Name: "InlineOutdated", Type: Boolean, Path: "inline.outdated", Description: "Whether the lines have changed since."},
		{Name: "InlineContextLines", Type: Text, Path: "inline.context_lines", Description: "Lines around it."},
		{Name: "ResolutionUserUUID", Type: Text, Path: "resolution.user.uuid", References: "Users.UUID", Description: "UUID of the account that resolved the thread; NULL while it is open."},
		{Name: "ResolutionUserName", Type: Text, Path: "resolution.user.display_name", Description: "Display name of the account that resolved the thread."},
		{Name: "ResolutionCreatedOn", Type: Timestamp, Path: "resolution.created_on", Description: "When the thread was resolved."},
		{Name: "PullRequestTitle", Type: Text, Path: "pullrequest.title", Description: "Title of the pull request."},
	}, textMarkup(), links("")),
	Parent: &pullRequestOf,
	Endpoints: []Endpoint{
		{
			Path: pullRequestPath + "/{pull_request_id}/comments", Paging: Numbered, MaxPage: 100, Query: "q",
			Binds:   map[string]string{"pull_request_id": "PullRequestId"},
			Filters: []Filter{{Column: "UpdatedOn", Field: "updated_on", Ops: Equality | Ranges, Exact: Ranges}},
			Scope:   pullRequestScope, TokenScope: pullRequestAccess,
		},
		{
			Path: pullRequestPath + "/{pull_request_id}/comments/{comment_id}", Paging: One,
			Binds: map[string]string{"pull_request_id": "PullRequestId", "comment_id": "Id"},
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Threads that open pull requests have still to resolve:",
			SQL: "SELECT p.Id, p.Title, c.InlinePath, c.InlineTo, c.UserName, c.ContentRaw\nFROM platform.PullRequests p\n" +
				"JOIN platform.PullRequestComments c ON c.PullRequestId = p.Id\n" +
				"WHERE p.State = 'OPEN' AND c.ParentId IS NULL AND c.InlinePath IS NOT NULL\n" +
				"  AND c.ResolutionCreatedOn IS NULL AND NOT c.Deleted",
		},
		{
			Says: "Files that are discussed most in the newest pull requests:",
			SQL: "SELECT c.InlinePath, COUNT(*) AS Comments, COUNT(DISTINCT c.PullRequestId) AS PullRequests\n" +
				"FROM (SELECT Id FROM platform.PullRequests ORDER BY Id DESC LIMIT 20) p\n" +
				"JOIN platform.PullRequestComments c ON c.PullRequestId = p.Id\nWHERE c.InlinePath IS NOT NULL\n" +
				"GROUP BY c.InlinePath\nORDER BY Comments DESC",
		},
	},
}

// PullRequestCommits are the commits that pull requests bring.
var PullRequestCommits = Table{
	Name:        "PullRequestCommits",
	Description: "Commits that pull requests bring. A pull request whose source is gone has none.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "Hash"},
	Columns:     append([]Column{pullRequestID()}, commitColumns()...),
	Parent:      &pullRequestOf,
	Endpoints: []Endpoint{{
		Path: pullRequestPath + "/{pull_request_id}/commits", Paging: Chained, MaxPage: 50, AbsentWhenOff: true,
		Binds: map[string]string{"pull_request_id": "PullRequestId"},
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
	Examples: []Example{
		{
			Says: "The commits of a pull request:",
			SQL:  "SELECT Hash, Date, AuthorName, Message\nFROM platform.PullRequestCommits\nWHERE PullRequestId = 119",
		},
		{
			Says: "Open pull requests with commits of somebody besides their author:",
			SQL: "SELECT DISTINCT p.Id, p.Title, c.AuthorRaw\nFROM platform.PullRequests p\n" +
				"JOIN platform.PullRequestCommits c ON c.PullRequestId = p.Id\n" +
				"WHERE p.State = 'OPEN' AND c.AuthorUUID IS NOT p.AuthorUUID",
		},
	},
}

// PullRequestActivity is what happened to pull requests.
var PullRequestActivity = Table{
	Name:        "PullRequestActivity",
	Description: "What happened to pull requests: updates, approvals, requests for changes and comments, newest first. One walk reads a whole repository.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "Kind", "Date", "UserUUID", "CommentId"},
	Columns: []Column{
		{Name: "PullRequestId", Type: Integer, Path: "pull_request.id", References: "PullRequests.Id", Description: "Number of the pull request."},
		{
			Name: "Kind", Type: Text, Variant: []string{"update.date", "approval.date", "changes_requested.date", "comment.created_on"},
			Description: "What happened: update, approval, changes_requested or comment.",
		},
		{Name: "Date", Type: Timestamp, Path: "update.date|approval.date|changes_requested.date|comment.created_on", Description: "When it happened."},
		{Name: "UserUUID", Type: Text, Path: "update.author.uuid|approval.user.uuid|changes_requested.user.uuid|comment.user.uuid", References: "Users.UUID", Description: "UUID of the account that did it."},
		{Name: "UserName", Type: Text, Path: "update.author.display_name|approval.user.display_name|changes_requested.user.display_name|comment.user.display_name", Description: "Display name of the account that did it."},
		{Name: "UserAccountId", Type: Text, Path: "update.author.account_id|approval.user.account_id|changes_requested.user.account_id|comment.user.account_id", Description: "Atlassian account id of the account that did it."},
		{Name: "CommentId", Type: Integer, Path: "comment.id", Description: "Number of the comment; NULL for other kinds, as the columns named Comment…."},
		{Name: "CommentParentId", Type: Integer, Path: "comment.parent.id", Description: "Number of the comment that it answers."},
		{Name: "CommentContentRaw", Type: Text, Path: "comment.content.raw", Description: "Text of the comment as typed."},
		{Name: "CommentDeleted", Type: Boolean, Path: "comment.deleted", Description: "Whether the comment was deleted."},
		{Name: "CommentInlinePath", Type: Text, Path: "comment.inline.path", Description: "File that the comment is about."},
		{Name: "UpdateState", Type: Text, Path: "update.state", Description: "State after the update; NULL for other kinds, as the columns named Update…."},
		{Name: "UpdateTitle", Type: Text, Path: "update.title", Description: "Title after the update."},
		{Name: "UpdateDescription", Type: Text, Path: "update.description", Description: "Description after the update."},
		{Name: "UpdateReason", Type: Text, Path: "update.reason", Description: "Why it was declined."},
		{Name: "UpdateDraft", Type: Boolean, Path: "update.draft", Description: "Whether it was a draft after the update."},
		{Name: "UpdateSourceBranchName", Type: Text, Path: "update.source.branch.name", Description: "Branch that it came from after the update."},
		{Name: "UpdateSourceCommitHash", Type: Text, Path: "update.source.commit.hash", Description: "First 12 digits of the hash of the source commit after the update."},
		{Name: "UpdateDestinationBranchName", Type: Text, Path: "update.destination.branch.name", Description: "Branch that it went into after the update."},
		{Name: "UpdateDestinationCommitHash", Type: Text, Path: "update.destination.commit.hash", Description: "First 12 digits of the hash of the destination commit after the update."},
		{Name: "UpdateChanges", Type: JSON, Path: "update.changes", Description: "What the update changed, with old and new values, as a JSON object."},
		{Name: "UpdateReviewers", Type: JSON, Path: "update.reviewers", Description: "Reviewers after the update, as a JSON array."},
		{Name: "PullRequestTitle", Type: Text, Path: "pull_request.title", Description: "Title of the pull request."},
	},
	Endpoints: []Endpoint{
		{
			Path: pullRequestPath + "/activity", Paging: Chained, MaxPage: 50,
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
		{
			Path: pullRequestPath + "/{pull_request_id}/activity", Paging: Chained, MaxPage: 50,
			Binds: map[string]string{"pull_request_id": "PullRequestId"},
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
	},
	Examples: []Example{
		{
			Says: "What happened to a pull request:",
			SQL: "SELECT Date, Kind, UserName, UpdateState, CommentContentRaw\nFROM platform.PullRequestActivity\n" +
				"WHERE PullRequestId = 120\nORDER BY Date",
		},
		{
			Says: "How many hours open pull requests waited for their first comment or verdict:",
			SQL: "SELECT p.Id, DATEDIFF(hour, p.CreatedOn, MIN(a.Date)) AS Hours\nFROM platform.PullRequests p\n" +
				"JOIN platform.PullRequestActivity a ON a.PullRequestId = p.Id\n" +
				"WHERE p.State = 'OPEN' AND a.Kind <> 'update' AND a.UserUUID <> p.AuthorUUID\nGROUP BY p.Id, p.CreatedOn\n" +
				"ORDER BY Hours DESC",
		},
	},
}
