package bitbucketfake

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The objects of workspaces, projects, accounts and snippets have the members of their definitions, in one row at
// least, and no others than the real service sends beyond them.
func TestMembersOfWorkspaceObjects(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(examples(t)), "openapi-current.json"))
	if err != nil {
		t.Skip("no description of the API here")
	}
	var doc struct{ Definitions map[string]definition }
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	s := shared()
	user, project := of(s.users[0]), acme+"/projects/PLAT"
	snippet := snippets + "/" + column(must(all(t, s, snippets)), "id")[13]
	for _, c := range []struct{ path, definition, absent, more string }{
		{acme + "/permissions", "workspace_membership", "", "permission"},
		{acme + "/permissions/repositories", "repository_permission", "", ""},
		{"/2.0/user/workspaces/acme/permissions/repositories", "repository_permission", "", ""},
		{acme + "/hooks", "webhook_subscription", "secret", "links source read_only history_enabled skip_cert_verification"},
		{acme + "/pipelines-config/variables", "pipeline_variable", "", ""},
		{acme + "/pipelines-config/runners", "pipeline_runner", "", ""},
		{acme + "/pullrequests/" + strings.TrimPrefix(user, "/2.0/users/"), "pullrequest", "rendered reviewers participants", "description"},
		{acme + "/search/code?search_query=package", "search_code_search_result", "", ""},
		{"/2.0/hook_events/workspace", "hook_event", "", ""},
		{"/2.0/hook_events", "subject_types", "", ""},
		{user + "/ssh-keys", "ssh_account_key", "", ""},
		{user + "/gpg-keys", "GPG_account_key", "key subkeys", ""},
		{user + "/gpg-keys?fields=%2Bvalues.key,%2Bvalues.subkeys", "GPG_account_key", "", ""},
		{project + "/permissions-config/users", "project_user_permission", "", ""},
		{project + "/permissions-config/groups", "project_group_permission", "", ""},
		{project + "/default-reviewers", "default_reviewer_and_type", "", ""},
		{project + "/deploy-keys", "project_deploy_key", "added_on", "id created_on"},
		{project + "/branching-model", "project_branching_model", "", "links"},
		{project + "/branching-model/settings", "branching_model_settings", "", "default_branch_deletion"},
		{snippets, "snippet", "", "links"},
		{snippet, "snippet", "", "links files"},
		{snippet + "/commits", "snippet_commit", "committer", ""},
		{snippet + "/comments", "snippet_comment", "", "id created_on updated_on content user deleted parent"},
		{snippet + "/watchers", "account", "created_on", "account_id nickname"},
	} {
		m := get(t, s, with(c.path, "pagelen=50"))
		rows := values(m)
		if m["values"] == nil {
			rows = []map[string]any{m}
		}
		want, have := map[string]definition{}, map[string]bool{}
		flatten(doc.Definitions, doc.Definitions[c.definition], want)
		for _, row := range rows {
			for k := range row {
				have[k] = true
			}
		}
		for _, k := range strings.Fields(c.absent) {
			if _, ok := want[k]; !ok {
				t.Errorf("%s: %s has no %s anyway", c.path, c.definition, k)
			}
			delete(want, k)
		}
		for _, k := range strings.Fields(c.more) {
			want[k] = definition{}
		}
		if a, b := slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(have)); !slices.Equal(a, b) {
			t.Errorf("%s: members %v, want those of %s: %v", c.path, b, c.definition, a)
		}
	}
}

// Every member of the description's example answers occurs, with a type that the example allows.
func TestShapesOfWorkspaceExamples(t *testing.T) {
	dir := examples(t)
	s := shared()
	user, project := of(s.users[0]), acme+"/projects/PLAT"
	for file, path := range map[string]string{
		"spec.workspace-permissions.200.json":                                                   acme + "/permissions",
		"spec.workspace-permissions-repositories.200.json":                                      acme + "/permissions/repositories",
		"go-scm.workspace_repo_perms.json":                                                      acme + "/permissions/repositories/platform",
		"spec.user-workspaces-_workspace_-permissions-repositories.200.json":                    "/2.0/user/workspaces/acme/permissions/repositories",
		"jenkins.hooks_pagelen_100.json":                                                        acme + "/hooks?pagelen=100",
		"hand.pipeline-variables.json":                                                          acme + "/pipelines-config/variables",
		"spec.workspace-search-code.200.json":                                                   acme + "/search/code?search_query=cache",
		"spec.hook_events.200.json":                                                             "/2.0/hook_events",
		"spec.hook_events-_subject_type_.200.json":                                              "/2.0/hook_events/repository",
		"spec.users-_selected_user_-ssh-keys.200.json":                                          user + "/ssh-keys",
		"spec.users-_selected_user_-gpg-keys.200.json":                                          user + "/gpg-keys",
		"spec.workspace-projects-_project_key_-permissions-config-users.200.json":               project + "/permissions-config/users",
		"spec.workspace-projects-_project_key_-permissions-config-groups.200.json":              project + "/permissions-config/groups",
		"spec.workspace-projects-_project_key_-default-reviewers.200.json":                      project + "/default-reviewers",
		"spec.workspace-projects-_project_key_-deploy-keys.200.json":                            project + "/deploy-keys",
		"spec.workspace-projects-_project_key_-branching-model.200.json":                        project + "/branching-model",
		"spec.workspace-projects-_project_key_-branching-model-settings.200.json":               project + "/branching-model/settings",
		"spec.workspace-projects-_project_key_-permissions-config-groups-_group_slug_.200.json": project + "/permissions-config/groups/developers",
	} {
		raw, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Error(err)
			continue
		}
		var real any
		if err := json.Unmarshal(raw, &real); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		want, have := map[string]map[string]bool{}, map[string]map[string]bool{}
		shape(real, "", want)
		shape(get(t, s, path), "", have)
		for _, member := range slices.Sorted(maps.Keys(want)) {
			if member == "next" || strings.HasSuffix(member, "username") || strings.HasPrefix(member, "values[].subject.full_name") {
				continue // the subject of the captured hook is a repository
			}
			for kind := range want[member] {
				if kind != "null" && !have[member][kind] {
					// The description writes the missing name of a branch as the word null.
					if member == "development.name" && have[member]["null"] {
						continue
					}
					t.Errorf("%s: %s is %s, in the fake %v", file, member, kind, slices.Sorted(maps.Keys(have[member])))
				}
			}
		}
	}
}
