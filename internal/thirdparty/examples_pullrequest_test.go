package thirdparty

// Answers for the tables of pull requests, pipelines and the issue tracker that is gone.
func init() {
	const one = "PullRequestId = 1"
	changed := map[string]string{"Status": "status", "LinesAdded": "lines_added", "NewPath": "new.path", "OldPath": "old.path"}
	examples = append(examples,
		example{
			table: "PullRequestParticipants", members: map[string]string{"UserUUID": "user.uuid", "Role": "role", "ParticipatedOn": "participated_on"},
			files: []string{"apy.repo-pullrequests-1.json", "jenkins.pullrequests-1.json", "go-scm.pr.json"},
		},
		example{
			table: "PullRequestTasks", where: one, members: map[string]string{"Id": "id", "State": "state", "ResolvedByUUID": "resolved_by.uuid"},
			files: []string{"apy.repo-pullrequests-1-tasks.json"},
		},
		example{
			table: "PullRequestStatuses", where: one, members: map[string]string{"Key": "key", "State": "state", "CommitHash": "commit.hash"},
			files: []string{"apy.repo-pullrequests-1-statuses.json"},
		},
		example{table: "PullRequestDiffStats", where: one, members: changed, files: []string{"go-scm.pr_diffstat.json"}},
		example{
			table: "PullRequestConflicts", where: one, members: map[string]string{"Path": "path", "Scenario": "scenario"},
			files: []string{"spec.repo-file-conflicts-_spec_.200.json"},
		},
		example{
			table: "PullRequestMergeabilityChecks", where: one, members: map[string]string{"Type": "type", "Status": "status", "Blocking": "blocking"},
			files: []string{"hand.mergeability-checks.json"},
		},
		example{
			table: "RepositoryVariables", members: map[string]string{"UUID": "uuid", "Key": "key", "Value": "value", "Secured": "secured"},
			files: []string{"hand.pipeline-variables.json"},
		},
		example{
			table: "PipelineSchedules", members: map[string]string{"UUID": "uuid", "CronPattern": "cron_pattern", "TargetRefName": "target.ref_name"},
			files: []string{"hand.pipeline-schedules.json"},
		},
		example{
			table: "PipelineKnownHosts", members: map[string]string{"Hostname": "hostname", "KeyType": "public_key.key_type"},
			files: []string{"hand.pipeline-known-host.json"},
		},
		example{
			table: "Issues", members: map[string]string{"Id": "id", "Title": "title", "ReporterUUID": "reporter.uuid", "Watches": "watches"},
			files: []string{"apy.repo-issues.json", "apy.repo-issues-3.json"},
		},
		example{
			table: "IssueChanges", where: "IssueId = 1",
			members: map[string]string{"Id": "id", "KindNew": "changes.kind.new", "AssigneeAccountIdOld": "changes.assignee_account_id.old"},
			files:   []string{"spec.repo-issues-_issue_id_-changes.200.json"},
		},
	)
	withoutExample = append(withoutExample,
		"PullRequestDiffs", "PullRequestPatches", "PullRequestMergeTasks", "PullRequestProperties",
		"PipelineStepLogs", "PipelineContainerLogs", "PipelineTestReports", "PipelineTestCases", "PipelineTestCaseReasons",
		"PipelinesConfig", "DeploymentVariables", "PipelineScheduleExecutions", "PipelineSSHKeyPair",
		"PipelineCaches", "PipelineCacheURIs", "RepositoryRunners",
		"IssueComments", "IssueAttachments", "IssueAttachmentContents", "Components", "Milestones", "Versions",
	)
}
