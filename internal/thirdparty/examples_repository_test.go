package thirdparty

// Answers for the tables of repositories, their commits and their files.
func init() {
	examples = append(examples,
		example{
			table: "Refs", members: map[string]string{"Name": "name", "Type": "type", "TargetCommitHash": "target.hash"},
			files: []string{"jenkins.refs-branches_pagelen_100.json", "jenkins.refs-tags_pagelen_100.json"},
		},
		example{
			table: "CommitStatuses", where: "CommitHash = '046d9a3c1532acf4cf08fe93235c00e4d673c1d2'",
			members: map[string]string{"Key": "key", "State": "state", "RefName": "refname"},
			files:   []string{"jenkins.commit-046d9a3c1532acf4cf08fe93235c00e4d673c1d2-statuses-build.json", "go-scm.statuses.json"},
		},
		example{
			table: "CommitPullRequests", where: "CommitHash = '046d9a3c1532acf4cf08fe93235c00e4d673c1d2'",
			members: map[string]string{"Id": "id", "Title": "title"}, files: []string{"gildas.pullrequests.json"},
		},
		example{
			table: "MergeBases", where: "Spec = 'main..develop'", members: map[string]string{"Hash": "hash", "AuthorRaw": "author.raw"},
			files: []string{"gildas.commit.json"},
		},
		example{
			table: "Files", members: map[string]string{"Path": "path", "Type": "type", "Size": "size"},
			files: []string{"spec.desc-src-directory-listing.json", "go-scm.content_list.json"},
		},
		example{
			table: "FileHistory", where: "Path = 'README.md'", members: map[string]string{"CommitHash": "commit.hash", "FilePath": "path"},
			files: []string{"spec.repo-filehistory-_commit_-_path_.200.json"},
		},
		example{
			table: "DiffStats", where: "Spec = 'main..develop'",
			members: map[string]string{"Status": "status", "LinesAdded": "lines_added", "NewPath": "new.path"},
			files: []string{
				"jenkins.diffstat-feature_2Fdiffstat..174561d.json", "go-scm.diffstat.json", "spec.repo-diffstat-_spec_.200.json",
			},
		},
		example{
			table: "FileConflicts", where: "Spec = 'main..develop'", members: map[string]string{"Path": "path", "Scenario": "scenario"},
			files: []string{"spec.repo-file-conflicts-_spec_.200.json"},
		},
		example{
			table: "BranchRestrictions", members: map[string]string{"Id": "id", "Kind": "kind", "Pattern": "pattern", "Value": "value"},
			files: []string{"apy.repo-branch-restrictions.json"},
		},
		example{
			table: "BranchingModel", members: map[string]string{"DevelopmentName": "development.name", "BranchTypes": "branch_types"},
			files: []string{"spec.repo-branching-model.200.json"},
		},
		example{
			table: "BranchingModelSettings", members: map[string]string{"DevelopmentName": "development.name", "BranchTypes": "branch_types"},
			files: []string{"spec.repo-branching-model-settings.200.json"},
		},
		example{
			table: "DefaultReviewers", members: map[string]string{"UserUUID": "uuid"},
			files: []string{"apy.repo-default-reviewers.json"},
		},
		example{
			table: "EffectiveDefaultReviewers", members: map[string]string{"UserUUID": "user.uuid", "ReviewerType": "reviewer_type"},
			files: []string{"spec.repo-effective-default-reviewers.200.json"},
		},
		example{
			table: "DeployKeys", members: map[string]string{"Id": "id", "Label": "label", "CreatedOn": "created_on"},
			files: []string{"spec.repo-deploy-keys.200.json"},
		},
		example{
			table: "RepositoryUserPermissions", members: map[string]string{"Permission": "permission", "UserUUID": "user.uuid"},
			files: []string{"spec.repo-permissions-config-users.200.json"},
		},
		example{
			table: "RepositoryGroupPermissions", members: map[string]string{"Permission": "permission", "GroupSlug": "group.slug"},
			files: []string{"spec.repo-permissions-config-groups.200.json"},
		},
		example{
			table: "Forks", members: map[string]string{"UUID": "uuid", "FullName": "full_name"},
			files: []string{"apy.repositories-TestWorkspace1.json", "jenkins.repository.json"},
		},
		example{
			table: "Webhooks", members: map[string]string{"UUID": "uuid", "URL": "url", "CreatedAt": "created_at", "Events": "events"},
			files: []string{"jenkins.hooks.json", "go-scm.hooks.json"},
		},
	)
	withoutExample = append(withoutExample, "CommitParticipants",
		"CommitComments", "CommitReports", "CommitReportAnnotations", "CommitProperties",
		"FileContents", "Diffs", "Patches", "Downloads", "DownloadContents",
		"EffectiveBranchingModel", "Watchers", "OverrideSettings", "RepositoryProperties",
	)
}
