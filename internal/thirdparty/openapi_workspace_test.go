package thirdparty

import "maps"

// What the tables of the caller, the workspace, projects and snippets read beyond the document.
func init() {
	type proof = struct{ file, member, reason string }
	maps.Copy(undocumented, map[string]proof{
		"CurrentUser.Location":                                {file: "go-scm.user.json", member: "location"},
		"CurrentUser.Website":                                 {file: "go-scm.user.json", member: "website"},
		"Accounts.Location":                                   {file: "go-scm.user.json", member: "location"},
		"Accounts.Website":                                    {file: "go-scm.user.json", member: "website"},
		"CurrentUserWorkspacePermissions.Permission":          {file: "spec.user-permissions-workspaces.200.json", member: "permission"},
		"CurrentUserWorkspacePermissions.AddedOn":             {file: "spec.user-permissions-workspaces.200.json", member: "added_on"},
		"CurrentUserWorkspacePermissions.LastAccessed":        {file: "spec.user-permissions-workspaces.200.json", member: "last_accessed"},
		"WorkspacePermissions.Permission":                     {file: "spec.workspace-permissions.200.json", member: "permission"},
		"WorkspacePermissions.AddedOn":                        {reason: "the description of GET /workspaces/{workspace}/permissions tells of it"},
		"WorkspacePermissions.LastAccessed":                   {reason: "the description of GET /workspaces/{workspace}/permissions tells of it"},
		"UserPullRequests.Description":                        {file: "jenkins.pullrequests-1.json", member: "description"},
		"WorkspaceWebhooks.SkipCertVerification":              {file: "jenkins.hooks.json", member: "skip_cert_verification"},
		"WorkspaceWebhooks.HistoryEnabled":                    {file: "jenkins.hooks.json", member: "history_enabled"},
		"WorkspaceWebhooks.ReadOnly":                          {file: "jenkins.hooks.json", member: "read_only"},
		"WorkspaceWebhooks.Source":                            {file: "jenkins.hooks.json", member: "source"},
		"WorkspaceWebhooks.Links":                             {file: "jenkins.hooks.json", member: "links"},
		"CodeSearch.FileURL":                                  {file: "spec.workspace-search-code.200.json", member: "file.links.self.href"},
		"ProjectDeployKeys.Id":                                {file: "spec.workspace-projects-_project_key_-deploy-keys.200.json", member: "id"},
		"ProjectDeployKeys.CreatedOn":                         {file: "spec.workspace-projects-_project_key_-deploy-keys.200.json", member: "created_on"},
		"ProjectBranchingModel.Links":                         {file: "spec.workspace-projects-_project_key_-branching-model.200.json", member: "links"},
		"ProjectBranchingModelSettings.DefaultBranchDeletion": {file: "spec.workspace-projects-_project_key_-branching-model-settings.200.json", member: "default_branch_deletion"},
		"Snippets.Id":                                         {reason: "declared as a number; in the description of GET /snippets/{workspace}/{encoded_id} and in addresses it is a word"},
		"Snippets.HtmlURL":                                    {reason: "the description of GET /snippets/{workspace}/{encoded_id} shows it"},
		"Snippets.Links":                                      {reason: "the description of GET /snippets/{workspace}/{encoded_id} shows it"},
		"SnippetFiles.Files":                                  {reason: "the description of GET /snippets/{workspace}/{encoded_id} shows it"},
		"SnippetRevisions.Files":                              {reason: "the description of GET /snippets/{workspace}/{encoded_id}/{node_id} says that it is as without a revision"},
	})
	for _, column := range []string{
		"Id", "ParentId", "ContentRaw", "ContentMarkup", "ContentHTML", "UserUUID", "UserName", "UserAccountId", "UserNickname",
		"CreatedOn", "UpdatedOn", "Deleted", "InlinePath", "InlineFrom", "InlineTo", "InlineStartFrom", "InlineStartTo",
	} {
		undocumented["SnippetComments."+column] = proof{reason: "the description of the list says that they are as comments on commits, which declare it"}
	}
	unjudged = append(unjudged,
		"/user/emails",
		"/user/emails/{email}",
		"/workspaces/{workspace}/pipelines-config/identity/oidc/.well-known/openid-configuration",
		"/workspaces/{workspace}/pipelines-config/identity/oidc/keys.json",
	)
	maps.Copy(deprecated, map[string]string{
		"CodeSearch":      "nothing replaces it, and whether it ended on the day that was announced is not known",
		"SnippetWatchers": "nothing replaces it, and no date was named",
		"UserVariables":   "old accounts may still have some",
	})
}
