package schema_test

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// TestHolders pins which object a list belongs to: the one that must be there for a list that is not found to be an error.
func TestHolders(t *testing.T) {
	const repository = "/repositories/{workspace}/{repo_slug}"
	want := map[string]string{
		repository + "/pullrequests/{pull_request_id}/comments":            repository + "/pullrequests/{pull_request_id}",
		repository + "/commit/{commit}/statuses":                           repository + "/commit/{commit}",
		repository + "/pipelines/{pipeline_uuid}/steps":                    repository + "/pipelines/{pipeline_uuid}",
		repository + "/pipelines/{pipeline_uuid}/steps/{step_uuid}/log":    repository + "/pipelines/{pipeline_uuid}/steps/{step_uuid}",
		"/snippets/{workspace}/{encoded_id}/comments":                      "/snippets/{workspace}/{encoded_id}",
		"/users/{selected_user}/ssh-keys":                                  "/users/{selected_user}",
		repository + "/pullrequests":                                       "",
		repository + "/pullrequests/{pull_request_id}":                     "",
		repository + "/commits/{revision}":                                 "",
		"/workspaces/{workspace}/projects/{project_key}/default-reviewers": "",
		"/workspaces/{workspace}/members":                                  "",
		// Bitbucket gives no object for these.
		repository + "/deployments_config/environments/{environment_uuid}/variables": "",
	}
	for _, table := range schema.Tables() {
		for i := range table.Endpoints {
			e := &table.Endpoints[i]
			path, pinned := want[e.Path]
			if !pinned {
				continue
			}
			got := ""
			if h := e.Holder(); h != nil {
				got = h.Path
			}
			if got != path {
				t.Errorf("%s belongs to %q, want %q", e.Path, got, path)
			}
			delete(want, e.Path)
		}
	}
	for path := range want {
		t.Errorf("there is no %s", path)
	}
}
