package thirdparty

// Answers for the tables of the caller, the workspace and projects.
func init() {
	const project = "spec.workspace-projects-_project_key_-"
	examples = append(examples,
		example{
			table: "CurrentUser", members: map[string]string{"UUID": "uuid", "AccountId": "account_id", "IsStaff": "is_staff"},
			files: []string{"go-scm.user.json", "spec.narrative-user.json"},
		},
		example{
			table: "Accounts", where: "UUID = '{87bb15eb-47c1-49b3-9f16-ca824a2979a4}'", members: map[string]string{"DisplayName": "display_name"},
			files: []string{"go-scm.user.json"},
		},
		example{
			table: "CurrentUserWorkspacePermissions",
			members: map[string]string{
				"Permission": "permission", "UserNickname": "user.nickname", "WorkspaceSlug": "workspace.slug", "LastAccessed": "last_accessed",
			},
			files: []string{"spec.user-permissions-workspaces.200.json"},
		},
		example{
			table: "CurrentUserRepositoryPermissions", members: map[string]string{"Permission": "permission", "RepositoryName": "repository.name"},
			files: []string{"spec.user-workspaces-_workspace_-permissions-repositories.200.json"},
		},
		example{
			table: "SSHKeys", where: "UserUUID = '{d7dd0e2d-3994-4a50-a9ee-d260b6cefdab}'",
			members: map[string]string{"UUID": "uuid", "Fingerprint": "fingerprint", "CreatedOn": "created_on", "OwnerName": "owner.display_name"},
			files:   []string{"spec.users-_selected_user_-ssh-keys.200.json"},
		},
		example{
			table: "GPGKeys", where: "UserUUID = '{d7dd0e2d-3994-4a50-a9ee-d260b6cefdab}'",
			members: map[string]string{"Fingerprint": "fingerprint", "KeyId": "key_id", "AddedOn": "added_on"},
			files:   []string{"spec.users-_selected_user_-gpg-keys.200.json"},
		},
		example{
			table: "UserPullRequests", where: "AuthorUUID = '{101398a7-7609-4eb5-ae20-92014abfbeb6}'",
			members: map[string]string{"Id": "id", "DestinationRepositoryFullName": "destination.repository.full_name"},
			files:   []string{"gildas.pullrequests.json"},
		},
		example{
			table: "WorkspacePermissions", members: map[string]string{"Permission": "permission", "UserUUID": "user.uuid", "WorkspaceName": "workspace.name"},
			files: []string{"spec.workspace-permissions.200.json"},
		},
		example{
			table:   "RepositoryPermissions",
			members: map[string]string{"Permission": "permission", "UserUUID": "user.uuid", "RepositoryFullName": "repository.full_name"},
			files:   []string{"spec.workspace-permissions-repositories.200.json", "go-scm.workspace_repo_perms.json"},
		},
		example{
			table: "HookEvents", where: "SubjectType = 'workspace'", members: map[string]string{"Event": "event", "Category": "category"},
			files: []string{"spec.hook_events-_subject_type_.200.json"},
		},
		example{
			table: "CodeSearch", where: "SearchQuery = 'foo'",
			members: map[string]string{"FilePath": "file.path", "FileURL": "file.links.self.href", "ContentMatchCount": "content_match_count"},
			files:   []string{"spec.workspace-search-code.200.json"},
		},
		example{
			table: "ProjectUserPermissions", members: map[string]string{"Permission": "permission", "UserUUID": "user.uuid"},
			files: []string{project + "permissions-config-users.200.json"},
		},
		example{
			table: "ProjectGroupPermissions", members: map[string]string{"Permission": "permission", "GroupSlug": "group.slug"},
			files: []string{project + "permissions-config-groups.200.json"},
		},
		example{
			table: "ProjectDefaultReviewers", members: map[string]string{"UserUUID": "user.uuid", "ReviewerType": "reviewer_type"},
			files: []string{project + "default-reviewers.200.json"},
		},
		example{
			table: "ProjectDeployKeys", members: map[string]string{"Id": "id", "Label": "label", "CreatedOn": "created_on"},
			files: []string{project + "deploy-keys.200.json"},
		},
		example{
			table: "ProjectBranchingModel", members: map[string]string{"DevelopmentName": "development.name", "BranchTypes": "branch_types"},
			files: []string{project + "branching-model.200.json"},
		},
		example{
			table:   "ProjectBranchingModelSettings",
			members: map[string]string{"ProductionEnabled": "production.enabled", "DefaultBranchDeletion": "default_branch_deletion"},
			files:   []string{project + "branching-model-settings.200.json"},
		},
	)
	withoutExample = append(withoutExample,
		"CurrentUserEmails", "UserVariables", "UserProperties", "WorkspaceWebhooks", "WorkspaceVariables", "WorkspaceRunners",
		"WorkspaceGPGKeys", "OIDCConfiguration", "OIDCKeys",
		"Snippets", "SnippetFiles", "SnippetComments", "SnippetCommits", "SnippetRevisions", "SnippetWatchers",
		"SnippetFileContents", "SnippetFileVersions", "SnippetDiffs", "SnippetPatches",
	)
}
