package bitbucketfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Members of pipeline settings, tasks and the tracker: those of the API's description, in some row at least.
func TestMembersOfSettingsAndTracker(t *testing.T) {
	dir := filepath.Dir(examples(t))
	s := tracked()
	load := func(name string) map[string]definition {
		var doc struct{ Definitions map[string]definition }
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Skip(err)
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		return doc.Definitions
	}
	current, old := load("openapi-current.json"), load("openapi-2026-08-15.json")
	schedules, _ := all(t, s, platform+"/pipelines_config/schedules")
	executions := "/pipelines_config/schedules/" + url.PathEscape(schedules[0]["uuid"].(string)) + "/executions"
	envs, _ := all(t, s, platform+"/environments")
	for _, c := range []struct {
		defs                     map[string]definition
		path, definition, absent string
	}{
		{current, "/pullrequests/11/tasks", "pullrequest_comment_task", ""},
		{current, "/pullrequests/11/statuses", "commitstatus", "uuid"},
		{current, "/pullrequests/11/properties/acme-app/notes", "application_property", ""},
		{current, "/pipelines_config", "pipelines_config", ""},
		{current, "/pipelines_config/variables", "pipeline_variable", ""},
		{current, "/pipelines_config/schedules", "pipeline_schedule", ""},
		{current, executions, "pipeline_schedule_execution_executed", ""},
		{current, executions, "pipeline_schedule_execution_errored", ""},
		{current, "/pipelines-config/caches", "pipeline_cache", ""},
		{current, "/pipelines-config/runners", "pipeline_runner", ""},
		{current, "/pipelines_config/ssh/key_pair", "pipeline_ssh_key_pair", "private_key"},
		{current, "/pipelines_config/ssh/known_hosts", "pipeline_known_host", ""},
		{current, "/deployments_config/environments/" + url.PathEscape(envs[2]["uuid"].(string)) + "/variables", "deployment_variable", ""},
		{old, "/issues", "issue", ""},
		{old, "/issues/3/comments", "issue_comment", "deleted inline parent"},
		{old, "/issues/3/changes", "issue_change", "name"},
		{old, "/issues/" + withFile(t, s) + "/attachments", "issue_attachment", ""},
		{old, "/components", "component", ""},
		{old, "/milestones", "milestone", ""},
		{old, "/versions", "version", ""},
	} {
		m := get(t, s, platform+c.path)
		rows := values(m)
		if m["values"] == nil {
			rows = []map[string]any{m}
		}
		want := map[string]definition{}
		flatten(c.defs, c.defs[c.definition], want)
		if len(want) == 0 || len(rows) == 0 {
			t.Errorf("%s: %d members of %s, %d rows", c.path, len(want), c.definition, len(rows))
		}
		for k, p := range want {
			found := false
			for _, row := range rows {
				v, ok := row[k]
				found = found || ok
				kind := map[any]string{"string": "string", "integer": "float64", "boolean": "bool", "array": "[]interface {}"}[p.Type]
				if v != nil && kind != "" && fmt.Sprintf("%T", v) != kind {
					t.Errorf("%s: %s is %T, not %v", c.path, k, v, p.Type)
				}
				if v != nil && kind == "string" && len(p.Enum) > 0 && !slices.Contains(p.Enum, v) {
					t.Errorf("%s: %s is %v, not one of %v", c.path, k, v, p.Enum)
				}
			}
			if found == slices.Contains(strings.Fields(c.absent), k) {
				t.Errorf("%s: member %s of %s: found %t", c.path, k, c.definition, found)
			}
		}
	}
}

// withFile is the number of an issue with an attachment.
func withFile(t *testing.T, s *Server) string {
	t.Helper()
	get(t, s, platform+"/issues")
	for _, x := range s.ws[0].repos[0].tracker.issues {
		if len(x.attachments) > 0 && !x.unavailable {
			return x.idText()
		}
	}
	t.Fatal("no issue has a file")
	return ""
}

// Captured answers have no member that the fake's lack.
func TestShapesOfSettingsAndTracker(t *testing.T) {
	dir := examples(t)
	s := tracked()
	for file, path := range map[string]string{
		"apy.repo-pullrequests-1-tasks.json":                                "/pullrequests/11/tasks",
		"hand.mergeability-checks.json":                                     "/pullrequests/11/mergeability/checks",
		"hand.pipeline-variables.json":                                      "/pipelines_config/variables",
		"hand.pipeline-schedules.json":                                      "/pipelines_config/schedules",
		"apy.repo-issues.json":                                              "/issues?pagelen=100",
		"spec.repo-issues-_issue_id_-changes.200.json":                      "/issues/3/changes?pagelen=100",
		"spec.repo-issues-export-_repo_name_-issues-_task_id_.zip.202.json": "/issues/export/platform-issues-1.zip",
		"spec.repo-issues-import.202.json":                                  "/issues/import",
	} {
		raw, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Error(err)
			continue
		}
		var real, fake any
		a := ask(s, platform+path)
		if err := json.Unmarshal(raw, &real); err != nil || a.status >= http.StatusBadRequest {
			t.Fatalf("%s: %v, %d", file, err, a.status)
		}
		if err := json.Unmarshal(a.body, &fake); err != nil {
			t.Fatal(err)
		}
		want, have := map[string]map[string]bool{}, map[string]map[string]bool{}
		shape(real, "", want)
		shape(fake, "", have)
		for _, member := range slices.Sorted(maps.Keys(want)) {
			for kind := range want[member] {
				if kind != "null" && !have[member][kind] && !strings.HasSuffix(member, "username") {
					t.Errorf("%s: %s is %s, in the fake %v", file, member, kind, slices.Sorted(maps.Keys(have[member])))
				}
			}
		}
	}
}

// Whatever fields asks for, the answers are JSON, and the same seed gives the same bytes.
func TestFieldsOfSettingsAndTracker(t *testing.T) {
	s, other := tracked(), New(Config{Issues: true})
	schedules, _ := all(t, s, platform+"/pipelines_config/schedules")
	for _, path := range []string{
		"/pullrequests/11/tasks", "/pullrequests/11/mergeability/checks", "/pullrequests/11/properties/acme-app/notes", "/pipelines_config",
		"/pipelines_config/schedules", "/pipelines_config/schedules/" + url.PathEscape(schedules[0]["uuid"].(string)) + "/executions",
		"/pipelines_config/variables", "/pipelines-config/caches", "/pipelines-config/runners", "/pipelines_config/ssh/key_pair",
		"/pipelines_config/ssh/known_hosts", "/issues", "/issues/3", "/issues/3/comments", "/issues/3/changes", "/components", "/milestones",
		"/versions", "/issues/import",
	} {
		for _, fields := range []string{
			"", "*", "values.id,next", "-values.links,+values.state.*", "values.labels,values.state.version.version", "-*,+values.*.name",
			"..,-.,+", "values.comment.links", "enabled", "values.changes.state", "-values.pipeline.repository", "values.content.raw", "_attributes",
		} {
			target := platform + path + "?fields=" + url.QueryEscape(fields)
			a, b := ask(s, target), ask(other, target)
			if a.status != http.StatusOK || !json.Valid(a.body) || string(a.body) != string(b.body) {
				t.Errorf("%s: %d %s", target, a.status, cut(a.body))
			}
		}
	}
}
