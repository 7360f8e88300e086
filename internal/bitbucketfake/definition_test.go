package bitbucketfake

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// definition is a schema of the API's description, as far as it is needed here.
type definition struct {
	Ref        string                `json:"$ref"`
	Type       any                   `json:"type"`
	AllOf      []definition          `json:"allOf"`
	Properties map[string]definition `json:"properties"`
	Enum       []any                 `json:"enum"`
}

// flatten collects the properties of a definition and of those that it extends.
func flatten(all map[string]definition, d definition, into map[string]definition) {
	if d.Ref != "" {
		d = all[strings.TrimPrefix(d.Ref, "#/definitions/")]
	}
	for _, x := range d.AllOf {
		flatten(all, x, into)
	}
	for k, p := range d.Properties {
		into[k] = p
	}
}

// conflicting finds a branch that does not merge into main.
func conflicting(t *testing.T, s *Server) string {
	t.Helper()
	for _, name := range column(values(get(t, s, platform+"/refs/branches?pagelen=100")), "name") {
		path := "/file-conflicts/" + url.PathEscape(name) + "..main"
		if get(t, s, platform+path)["size"] != 0.0 {
			return path
		}
	}
	t.Fatal("every branch merges into main")
	return ""
}

// The members that the API's description gives an object are there, in the JSON type and enumeration it gives, in some
// row at least; null is allowed everywhere.
func TestMembersOfDefinitions(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(examples(t)), "openapi-current.json"))
	if err != nil {
		t.Skip("no description of the API here")
	}
	var doc struct{ Definitions map[string]definition }
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	s := shared()
	for _, c := range []struct{ path, definition, absent string }{
		{"/commit/main/comments?pagelen=100", "commit_comment", ""},
		{"/commit/main/statuses?pagelen=100", "commitstatus", "uuid"},
		{"/commit/main/reports?pagelen=100", "report", ""},
		{"/commit/main/reports/security-1/annotations?pagelen=100", "report_annotation", ""},
		{"/commit/main/properties/acme-app/notes", "application_property", ""},
		{"/diffstat/main..release%2F2.1", "diffstat", ""},
		{conflicting(t, s), "file_conflict", "type"},
		{"/src/main/?pagelen=100&max_depth=9", "treeentry", ""},
		{"/src/main/?pagelen=100&max_depth=9", "commit_file", ""},
		{"/filehistory/main/README.md", "commit_file", ""},
		{"/merge-base/main..develop", "commit", "committer participants"},
		{"/branch-restrictions?pagelen=100", "branchrestriction", ""},
		{"/branching-model", "branching_model", ""},
		{"/branching-model/settings", "branching_model_settings", ""},
		{"/effective-branching-model", "effective_repo_branching_model", ""},
		{"/effective-default-reviewers", "default_reviewer_and_type", ""},
		{"/deploy-keys?pagelen=100", "deploy_key", "added_on owner"},
		{"/hooks?pagelen=100", "webhook_subscription", "secret"},
		{"/override-settings", "repository_inheritance_state", ""},
		{"/permissions-config/users", "repository_user_permission", ""},
		{"/permissions-config/groups", "repository_group_permission", ""},
	} {
		m := get(t, s, platform+c.path)
		rows := values(m)
		if m["values"] == nil {
			rows = []map[string]any{m}
		}
		want := map[string]definition{}
		flatten(doc.Definitions, doc.Definitions[c.definition], want)
		if len(want) == 0 || len(rows) == 0 {
			t.Errorf("%s: %d members of %s, %d rows", c.path, len(want), c.definition, len(rows))
		}
		for k, p := range want {
			found := false
			for _, row := range rows {
				v, ok := row[k]
				found = found || ok
				kind := map[any]string{"string": "string", "integer": "float64", "boolean": "bool"}[p.Type]
				if k == "attributes" {
					kind = "[]interface {}" // described as one string, sent as a list
				}
				if v != nil && kind != "" && fmt.Sprintf("%T", v) != kind {
					t.Errorf("%s: %s is %T, not %v", c.path, k, v, p.Type)
				}
				if v != nil && k != "attributes" && kind == "string" && len(p.Enum) > 0 && !slices.Contains(p.Enum, v) {
					t.Errorf("%s: %s is %v, not one of %v", c.path, k, v, p.Enum)
				}
			}
			if found == slices.Contains(strings.Fields(c.absent), k) {
				t.Errorf("%s: member %s of %s: found %t", c.path, k, c.definition, found)
			}
		}
	}
}
