package schema

import "slices"

// PullRequestParticipants are the accounts that took part in pull requests.
var PullRequestParticipants = Table{
	Name:        "PullRequestParticipants",
	Description: "Everybody who took part in pull requests, reviewers too, each with the verdict. All pull requests are read by the pages of their list, without a request for each.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "UserUUID"},
	Columns: slices.Concat([]Column{
		{Name: "PullRequestId", Type: Integer, Path: "^.id", References: "PullRequests.Id", Description: "Number of the pull request."},
	}, account("User", "user", "the participant"), []Column{
		{Name: "Role", Type: Text, Path: "role", Description: "REVIEWER for those who were asked for a review, PARTICIPANT for others."},
		{Name: "Approved", Type: Boolean, Path: "approved", Description: "Whether the participant approved."},
		{Name: "State", Type: Text, Path: "state", Description: "approved or changes_requested; NULL while there is no verdict."},
		{Name: "ParticipatedOn", Type: Timestamp, Path: "participated_on", Description: "When the participant last took part; NULL if never."},
	}, pullRequestAround()),
	// Bitbucket refuses to filter by participants, though it filters by reviewers.
	Endpoints: memberEndpoints(Each{Member: "participants"}),
	Examples: []Example{
		{
			Says: "People who joined a discussion without being asked:",
			SQL: "SELECT UserName, COUNT(*) AS PullRequests\nFROM platform.PullRequestParticipants\n" +
				"WHERE Role = 'PARTICIPANT' AND PullRequestCreatedOn >= '2026-07-01'\nGROUP BY UserUUID, UserName\n" +
				"ORDER BY PullRequests DESC",
		},
		{
			Says: "Merged pull requests that nobody approved:",
			SQL: "SELECT PullRequestId, PullRequestTitle, PullRequestUpdatedOn\nFROM platform.PullRequestParticipants\n" +
				"WHERE PullRequestState = 'MERGED'\nGROUP BY PullRequestId, PullRequestTitle, PullRequestUpdatedOn\n" +
				"HAVING SUM(Approved) = 0",
		},
	},
}

// PullRequestTasks are the tasks of pull requests.
var PullRequestTasks = Table{
	Name:        "PullRequestTasks",
	Description: "Tasks of pull requests, open and resolved ones.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "Id"},
	Columns: slices.Concat([]Column{
		pullRequestID(),
		{Name: "Id", Type: Integer, Path: "id", Description: "Number of the task."},
		{Name: "State", Type: Text, Path: "state", Description: "UNRESOLVED or RESOLVED."},
		{Name: "ContentRaw", Type: Text, Path: "content.raw", Description: "Text as typed, in markup."},
	}, account("Creator", "creator", "the account that made the task"), []Column{
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was made."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last changed."},
		{Name: "ResolvedOn", Type: Timestamp, Path: "resolved_on", Description: "When it was resolved; NULL while it is open."},
	}, account("ResolvedBy", "resolved_by", "the account that resolved it"), []Column{
		{Name: "Pending", Type: Boolean, Path: "pending", Description: "Whether it is a draft that only its writer sees."},
		{Name: "CommentId", Type: Integer, Path: "comment.id", References: "PullRequestComments.Id", Description: "Number of the comment that it belongs to; NULL for tasks of the pull request itself."},
	}, textMarkup(), links("")),
	Parent: &pullRequestOf,
	Endpoints: []Endpoint{
		{
			Path: pullRequestPath + "/{pull_request_id}/tasks", Paging: Numbered, MaxPage: 100,
			Binds: map[string]string{"pull_request_id": "PullRequestId"},
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
		{
			Path: pullRequestPath + "/{pull_request_id}/tasks/{task_id}", Paging: One,
			Binds: map[string]string{"pull_request_id": "PullRequestId", "task_id": "Id"},
			Scope: pullRequestScope, TokenScope: pullRequestAccess,
		},
	},
	Examples: []Example{
		{
			Says: "Tasks that open pull requests still wait for:",
			SQL: "SELECT p.Id, t.ContentRaw, t.CreatorName\nFROM platform.PullRequests p\n" +
				"JOIN platform.PullRequestTasks t ON t.PullRequestId = p.Id\n" +
				"WHERE p.State = 'OPEN' AND p.TaskCount > 0 AND t.State = 'UNRESOLVED'",
		},
		{
			Says: "Who resolved the tasks of a pull request, and how fast:",
			SQL: "SELECT ResolvedByName, COUNT(*) AS Tasks, AVG(DATEDIFF(minute, CreatedOn, ResolvedOn)) AS Minutes\n" +
				"FROM platform.PullRequestTasks\nWHERE PullRequestId = 120 AND State = 'RESOLVED'\nGROUP BY ResolvedByName",
		},
	},
}

// PullRequestStatuses are the build results of pull requests.
var PullRequestStatuses = Table{
	Name:        "PullRequestStatuses",
	Description: "Build results and other statuses of the commits of pull requests.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "CommitHash", "Key"},
	Columns: slices.Concat([]Column{
		pullRequestID(),
		{Name: "Key", Type: Text, Path: "key", Description: "Key that its reporter gave it, unique for the commit."},
		{Name: "State", Type: Text, Path: "state", Description: "SUCCESSFUL, FAILED, INPROGRESS or STOPPED."},
		{Name: "Name", Type: Text, Path: "name", Description: "Name of the build."},
		{Name: "Description", Type: Text, Path: "description", Description: "What its reporter says of it."},
		{Name: "URL", Type: Text, Path: "url", Description: "Address of the build."},
		{Name: "RefName", Type: Text, Path: "refname", Description: "Branch that was built; NULL where its reporter does not say."},
		{Name: "CommitHash", Type: Text, Path: "commit.hash", Description: "Hash of the commit that was built, as Bitbucket writes it there: in full or its first 12 digits."},
		{Name: "CreatedOn", Type: Timestamp, Path: "created_on", Description: "When it was first reported."},
		{Name: "UpdatedOn", Type: Timestamp, Path: "updated_on", Description: "When it was last reported."},
		{Name: "Type", Type: Text, Path: "type", Description: "Kind of status: build."},
	}, repository("", "repository", "the repository of the commit"), []Column{allLinks}),
	Parent: &pullRequestOf,
	Endpoints: []Endpoint{{
		Path: pullRequestPath + "/{pull_request_id}/statuses", Paging: Numbered, MaxPage: 100,
		Binds: map[string]string{"pull_request_id": "PullRequestId"},
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
	Examples: []Example{
		{
			Says: "Open pull requests whose build failed, over two repositories:",
			SQL: "SELECT p.RepositorySlug, p.Id, p.Title, s.Name, s.URL\nFROM Workspace.PullRequests p\n" +
				"JOIN Workspace.PullRequestStatuses s ON s.RepositorySlug = p.RepositorySlug AND s.PullRequestId = p.Id\n" +
				"WHERE p.RepositorySlug IN ('platform', 'payments-api') AND p.State = 'OPEN' AND s.State = 'FAILED'",
		},
		{
			Says: "How the builds of the newest pull requests ended:",
			SQL: "SELECT s.State, COUNT(*)\nFROM (SELECT Id FROM platform.PullRequests ORDER BY Id DESC LIMIT 20) p\n" +
				"JOIN platform.PullRequestStatuses s ON s.PullRequestId = p.Id\nGROUP BY s.State",
		},
	},
}

// PullRequestMergeabilityChecks are the conditions that pull requests must meet to be merged.
var PullRequestMergeabilityChecks = Table{
	Name:        "PullRequestMergeabilityChecks",
	Description: "Conditions that pull requests must meet to be merged, and whether they do. Bitbucket answers so since late in 2026; its documentation does not tell yet.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "Type"},
	Columns: []Column{
		pullRequestID(),
		{Name: "Type", Type: Text, Path: "type", Description: "Kind of condition, such as git_mergeability_check."},
		{Name: "Status", Type: Text, Path: "status", Description: "Whether it is met, such as PASSED."},
		{Name: "Required", Type: Boolean, Path: "required", Description: "Whether it must be met."},
		{Name: "Blocking", Type: Boolean, Path: "blocking", Description: "Whether it keeps the pull request from being merged now."},
		{Name: "Reason", Type: Text, Path: "reason", Description: "Why, in a word; NULL for some kinds."},
		{Name: "State", Type: Text, Path: "state", Description: "State of the pull request, for the condition on it; NULL for others."},
		{Name: "Object", Type: JSON, Path: ".", Description: "The whole check, as a JSON object: kinds may have members of their own."},
	},
	Parent: &pullRequestOf,
	Endpoints: []Endpoint{{
		Path: pullRequestPath + "/{pull_request_id}/mergeability/checks", Paging: Single,
		Binds: map[string]string{"pull_request_id": "PullRequestId"},
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
	Examples: []Example{
		{
			Says: "What a pull request lacks to be merged:",
			SQL: "SELECT Type, Status, Reason\nFROM platform.PullRequestMergeabilityChecks\n" +
				"WHERE PullRequestId = 120 AND Blocking = 1",
		},
		{
			Says: "Open pull requests that nothing keeps from being merged:",
			SQL: "SELECT p.Id, p.Title\nFROM platform.PullRequests p\n" +
				"JOIN platform.PullRequestMergeabilityChecks c ON c.PullRequestId = p.Id\nWHERE p.State = 'OPEN'\n" +
				"GROUP BY p.Id, p.Title\nHAVING SUM(c.Blocking) = 0",
		},
	},
}

// PullRequestMergeTasks are merges that take long.
var PullRequestMergeTasks = Table{
	Name:        "PullRequestMergeTasks",
	Description: "Merges that Bitbucket carries out on its own time. Needs both PullRequestId and TaskId, which the answer to the merge gave; a task that failed is an error.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "TaskId"},
	Columns: []Column{
		{Name: "PullRequestId", Type: Integer, Param: "pull_request_id", References: "PullRequests.Id", Description: "Number of the pull request."},
		{Name: "TaskId", Type: Text, Param: "task_id", Description: "Id of the task."},
		{Name: "TaskStatus", Type: Text, Path: "task_status", Description: "PENDING, which an unknown task is forever, or SUCCESS."},
		{Name: "MergeCommitHash", Type: Text, Path: "merge_result.merge_commit.hash", Description: "First 12 digits of the hash of the merge commit; NULL until it is merged."},
		{Name: "PullRequestState", Type: Text, Path: "merge_result.state", Description: "State of the merged pull request; NULL until it is merged."},
		{Name: "MergeResult", Type: JSON, Path: "merge_result", Description: "The merged pull request, as a JSON object; NULL until it is merged."},
		allLinks,
	},
	Examples: []Example{
		{
			Says: "How far the merge of a pull request is:",
			SQL: "SELECT TaskStatus, MergeCommitHash\nFROM platform.PullRequestMergeTasks\n" +
				"WHERE PullRequestId = 1 AND TaskId = '1f0a'",
		},
		{
			Says: "The same, with what is merged:",
			SQL: "SELECT p.Title, p.DestinationBranchName, t.TaskStatus\nFROM platform.PullRequests p\n" +
				"JOIN platform.PullRequestMergeTasks t ON t.PullRequestId = p.Id\nWHERE p.Id = 1 AND t.TaskId = '1f0a'",
		},
	},
	Endpoints: []Endpoint{{
		Path: pullRequestPath + "/{pull_request_id}/merge/task-status/{task_id}", Paging: One,
		Binds: map[string]string{"pull_request_id": "PullRequestId", "task_id": "TaskId"},
		Scope: pullRequestScope, TokenScope: pullRequestAccess,
	}},
}

// PullRequestProperties are values that apps keep with pull requests.
var PullRequestProperties = Table{
	Name:        "PullRequestProperties",
	Description: "Values that apps keep with pull requests. Needs AppKey and PropertyName: Bitbucket has no list of them.",
	Scope:       RepositoryScope,
	Key:         []string{"PullRequestId", "AppKey", "PropertyName"},
	Columns: []Column{
		{Name: "PullRequestId", Type: Integer, Param: "pullrequest_id", References: "PullRequests.Id", Description: "Number of the pull request. Without a condition on it, every pull request is asked."},
		{Name: "AppKey", Type: Text, Param: "app_key", Description: "Key of the app that keeps the value."},
		{Name: "PropertyName", Type: Text, Param: "property_name", Description: "Name under which the app keeps the value."},
		{Name: "Value", Type: JSON, Path: ".", Description: "The value, as a JSON object."},
		{Name: "Attributes", Type: JSON, Path: "_attributes", Description: "Whether the value is public or read_only, as a JSON array."},
	},
	Parent: &pullRequestOf,
	Examples: []Example{
		{
			Says: "What an app keeps with a pull request:",
			SQL: "SELECT Value\nFROM platform.PullRequestProperties\n" +
				"WHERE PullRequestId = 1 AND AppKey = 'acme-app' AND PropertyName = 'notes'",
		},
		{
			Says: "One member of what it keeps with each open pull request:",
			SQL: "SELECT p.Id, p.Title, x.Value ->> 'score' AS Score\nFROM platform.PullRequests p\n" +
				"JOIN platform.PullRequestProperties x ON x.PullRequestId = p.Id\n" +
				"WHERE p.State = 'OPEN' AND x.AppKey = 'acme-app' AND x.PropertyName = 'notes'\nORDER BY Score DESC",
		},
	},
	Endpoints: []Endpoint{{
		Path: pullRequestPath + "/{pullrequest_id}/properties/{app_key}/{property_name}", Paging: One,
		Binds:      map[string]string{"pullrequest_id": "PullRequestId", "app_key": "AppKey", "property_name": "PropertyName"},
		TokenScope: "admin:workspace:bitbucket",
	}},
}
