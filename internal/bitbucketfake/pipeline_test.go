package bitbucketfake

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestPipelines(t *testing.T) {
	s := shared()
	items, _ := all(t, s, platform+"/pipelines/?pagelen=100")
	if len(items) != 140 || items[0]["build_number"] != 1.0 {
		t.Fatalf("%d pipelines, first is %v", len(items), items[0]["build_number"])
	}
	on := column(items, "created_on")
	if !slices.IsSortedFunc(on, compareInstants) || len(unique(on)) != len(on) {
		t.Error("the default order is not oldest first")
	}
	seen := map[string]bool{}
	for _, m := range items {
		for _, path := range []string{"state.name", "state.result.name", "state.stage.name", "target.type", "target.ref_type", "target.selector.type", "trigger.name"} {
			if v, ok := dig(m, path).(string); ok {
				seen[v] = true
			}
		}
		if h := dig(m, "target.commit.hash").(string); len(h) != 40 {
			t.Errorf("hash %s", h)
		}
		created := m["created_on"].(string)
		seen["ms"] = seen["ms"] || regexp.MustCompile(`\.\d{3}Z$`).MatchString(created)
		seen["ns"] = seen["ns"] || regexp.MustCompile(`\.\d{9}Z$`).MatchString(created)
		if (m["completed_on"] == nil) != (dig(m, "state.name") != "COMPLETED") {
			t.Errorf("%v is completed on %v", m["state"], m["completed_on"])
		}
		seen["terminator"] = seen["terminator"] || dig(m, "state.result.terminator.uuid") != nil
	}
	for _, x := range []string{
		"COMPLETED", "IN_PROGRESS", "PENDING", "SUCCESSFUL", "FAILED", "STOPPED", "ERROR", "RUNNING", "PAUSED", "pipeline_ref_target", "pipeline_commit_target",
		"pipeline_pullrequest_target", "branch", "tag", "default", "custom", "pull-requests", "tags", "PUSH", "MANUAL", "SCHEDULED", "ms", "ns", "terminator",
	} {
		if !seen[x] {
			t.Errorf("no pipeline with %s", x)
		}
	}
	last := items[17]
	for _, id := range []string{"18", url.PathEscape(last["uuid"].(string))} {
		if one := get(t, s, platform+"/pipelines/"+id); one["uuid"] != last["uuid"] {
			t.Errorf("%s gives %v", id, one["uuid"])
		}
	}
	want := "Not found: Pipeline with build number '99999' not found in repository " + s.ws[0].repos[0].uuid
	if msg := refuse(t, s, platform+"/pipelines/99999", http.StatusNotFound); msg != want {
		t.Errorf("%q", msg)
	}
}

func TestPipelineParameters(t *testing.T) {
	s := shared()
	every, _ := all(t, s, platform+"/pipelines?pagelen=100")
	count := func(query string) int {
		items, _ := all(t, s, platform+"/pipelines?pagelen=100&"+query)
		return len(items)
	}
	by := func(path, want string) (n int) {
		for _, v := range column(every, path) {
			if v == want {
				n++
			}
		}
		return n
	}
	creator, hash := dig(every[3], "creator.uuid").(string), dig(every[3], "target.commit.hash").(string)
	for query, want := range map[string]int{
		"status=PASSED":                                 by("state.result.name", "SUCCESSFUL"),
		"status=FAILED&status=ERROR":                    by("state.result.name", "FAILED") + by("state.result.name", "ERROR"),
		"status=BUILDING":                               by("state.stage.name", "RUNNING"),
		"status=SUCCESSFUL":                             0,
		"status=passed":                                 0,
		"trigger_type=MANUAL":                           by("trigger.name", "MANUAL"),
		"trigger_type=manual":                           0,
		"target.ref_type=TAG":                           by("target.ref_type", "tag"),
		"target.ref_type=branch":                        0,
		"target.branch=main":                            by("target.ref_name", "main"),
		"target.ref_name=main":                          by("target.ref_name", "main"),
		"target.selector.type=PULLREQUESTS":             by("target.selector.type", "pull-requests"),
		"target.selector.type=DEFAULT":                  by("target.selector.type", "default"),
		"target.selector.pattern=nightly%20build":       by("target.selector.pattern", "nightly build"),
		"creator.uuid=" + url.QueryEscape(creator):      by("creator.uuid", creator),
		"target.commit.hash=" + hash:                    by("target.commit.hash", hash),
		"target.commit.hash=" + hash[:12]:               0,
		"created_on=" + every[5]["created_on"].(string): 1,
		q(`state.name = "PENDING"`):                     len(every),
	} {
		if got := count(query); got != want || want == 0 && !strings.Contains(query, "=") {
			t.Errorf("%s: %d pipelines, want %d", query, got, want)
		}
	}
	down, _ := all(t, s, platform+"/pipelines?pagelen=100&sort=-created_on&page=1")
	if down[0]["build_number"] != 140.0 {
		t.Errorf("sort=-created_on begins with %v", down[0]["build_number"])
	}
	refuse(t, s, platform+"/pipelines?sort=state", http.StatusBadRequest)
}

func TestStepsEnvironmentsDeployments(t *testing.T) {
	s := shared()
	seen := map[string]bool{}
	for _, p := range s.ws[0].repos[0].pipelines {
		for _, m := range values(get(t, s, platform+"/pipelines/"+p.numberText()+"/steps/")) {
			result, _ := dig(m, "state.result.name").(string)
			seen[result] = true
			if (result == "NOT_RUN") != (m["started_on"] == nil && dig(m, "state.name") == "COMPLETED") {
				t.Errorf("step %v started %v", m["state"], m["started_on"])
			}
			if one := get(t, s, platform+"/pipelines/"+p.numberText()+"/steps/"+url.PathEscape(m["uuid"].(string))); one["name"] != m["name"] {
				t.Errorf("step %v", one)
			}
		}
	}
	for _, x := range []string{"SUCCESSFUL", "FAILED", "NOT_RUN", "STOPPED", ""} {
		if !seen[x] {
			t.Errorf("no step is %q", x)
		}
	}
	envs, _ := all(t, s, platform+"/environments")
	deployments, _ := all(t, s, platform+"/deployments/")
	if len(envs) != 4 || len(deployments) < 30 {
		t.Errorf("%d environments, %d deployments", len(envs), len(deployments))
	}
	known := column(envs, "uuid")
	for _, d := range deployments {
		if !slices.Contains(known, dig(d, "environment.uuid").(string)) || len(dig(d, "deployable.commit.hash").(string)) != 40 {
			t.Errorf("deployment %v", d)
		}
	}
	if states := unique(column(deployments, "state.name")); len(states) < 2 {
		t.Errorf("states %v", states)
	}
	get(t, s, platform+"/environments/"+url.PathEscape(known[0]))
	get(t, s, platform+"/deployments/"+url.PathEscape(deployments[0]["uuid"].(string)))
	refuse(t, s, platform+"/deployments/%7Bnope%7D", http.StatusNotFound)
}
