package bitbucketfake

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestPipelineSettings(t *testing.T) {
	s := shared()
	for path, rows := range map[string]int{
		"/pipelines_config/variables": 14, "/pipelines_config/schedules": 12, "/pipelines-config/runners": 12, "/pipelines_config/ssh/known_hosts": 12,
	} {
		items := sameByKey(t, s, platform+path, "uuid", below(platform+path))
		if len(items) != rows {
			t.Errorf("%s: %d rows", path, len(items))
		}
		refuse(t, s, platform+path+"/%7Bnope%7D", http.StatusNotFound)
		if len(values(get(t, s, "/2.0/repositories/acme/sandbox"+path))) != 0 {
			t.Errorf("the empty repository has %s", path)
		}
	}
	secured := 0
	variables, _ := all(t, s, platform+"/pipelines_config/variables")
	for _, v := range variables {
		_, has := v["value"]
		if v["secured"] == has {
			t.Errorf("variable %v", v)
		}
		if !has {
			secured++
		}
	}
	if secured == 0 || secured == len(variables) {
		t.Errorf("%d of %d variables are secured", secured, len(variables))
	}
	unregistered := 0
	runners, _ := all(t, s, platform+"/pipelines-config/runners")
	for _, r := range runners {
		v, has := r["state"].(map[string]any)["version"]
		if !has || (v == nil) != (dig(r, "state.status") == "UNREGISTERED") || dig(r, "oauth_client.secret") != nil {
			t.Errorf("runner %v", r)
		}
		if v == nil {
			unregistered++
		}
	}
	if unregistered == 0 {
		t.Error("no runner is unregistered")
	}
	if c := get(t, s, platform+"/pipelines_config"); c["enabled"] != true || dig(c, "repository.full_name") != "acme/platform" {
		t.Errorf("%v", c)
	}
	if a := ask(s, platform+"/pipelines_config"); a.header.Get("X-Accepted-Oauth-Scopes") != "repository:admin" {
		t.Error(a.header)
	}
	if c := get(t, s, "/2.0/repositories/acme/sandbox/pipelines_config"); c["enabled"] != false {
		t.Errorf("%v", c)
	}
	key := get(t, s, platform+"/pipelines_config/ssh/key_pair")
	if !strings.HasPrefix(key["public_key"].(string), "ssh-ed25519 ") || key["private_key"] != nil {
		t.Errorf("%v", key)
	}
	refuse(t, s, "/2.0/repositories/acme/web-app/pipelines_config/ssh/key_pair", http.StatusNotFound)
	for _, path := range []string{"/pipelines-config/variables", "/pipelines_config/caches", "/pipelines-config", "/deployments_config/environments"} {
		refuse(t, s, platform+path, http.StatusNotFound)
	}
}

func TestSchedules(t *testing.T) {
	s := shared()
	path := platform + "/pipelines_config/schedules"
	schedules, _ := all(t, s, path)
	kinds, longest := map[string]int{}, 0
	for _, x := range schedules {
		if n := len(strings.Fields(x["cron_pattern"].(string))); n != 7 {
			t.Errorf("cron pattern %v", x["cron_pattern"])
		}
		runs := sameByKey(t, s, path+"/"+url.PathEscape(x["uuid"].(string))+"/executions", "", nil)
		longest = max(longest, len(runs))
		for _, m := range runs {
			kinds[m["type"].(string)]++
			if m["pipeline"] != nil && dig(m, "pipeline.trigger.name") != "SCHEDULED" || (m["pipeline"] == nil) == (m["error"] == nil) {
				t.Errorf("execution %v", m)
			}
		}
	}
	scheduled, _ := all(t, s, platform+"/pipelines?pagelen=100&trigger_type=SCHEDULED")
	if kinds["pipeline_schedule_execution_executed"] != len(scheduled) || kinds["pipeline_schedule_execution_errored"] == 0 || longest <= 10 {
		t.Errorf("%v, %d pipelines were scheduled, the longest list has %d", kinds, len(scheduled), longest)
	}
	refuse(t, s, path+"/%7Bnope%7D/executions", http.StatusNotFound)
}

func TestCachesAndDeploymentVariables(t *testing.T) {
	s := shared()
	path := platform + "/pipelines-config/caches"
	caches := sameByKey(t, s, path, "uuid", nil)
	big, keyed := 0.0, 0
	for _, c := range caches {
		id := url.PathEscape(c["uuid"].(string))
		if uri := get(t, s, path+"/"+id+"/content-uri")["uri"]; !strings.HasPrefix(uri.(string), "https://") {
			t.Errorf("uri %v", uri)
		}
		refuse(t, s, path+"/"+id, http.StatusNotFound)
		big = max(big, c["file_size_bytes"].(float64))
		if c["key_hash"] != nil {
			keyed++
		}
		get(t, s, platform+"/pipelines/"+url.PathEscape(c["pipeline_uuid"].(string))+"/steps/"+url.PathEscape(c["step_uuid"].(string)))
	}
	if len(caches) != 13 || big < 1<<32 || keyed == 0 || keyed == len(caches) {
		t.Errorf("%d caches, the biggest %v, %d with a key", len(caches), big, keyed)
	}
	refuse(t, s, path+"/%7Bnope%7D/content-uri", http.StatusNotFound)
	envs, _ := all(t, s, platform+"/environments")
	for i, want := range []int{0, 3, 12, 1} {
		list := platform + "/deployments_config/environments/" + url.PathEscape(envs[i]["uuid"].(string)) + "/variables"
		if items := sameByKey(t, s, list, "uuid", nil); len(items) != want {
			t.Errorf("%v: %d variables", envs[i]["name"], len(items))
		}
	}
	refuse(t, s, platform+"/deployments_config/environments/%7Bnope%7D/variables", http.StatusNotFound)
}

// A repository without Pipelines answers 404 to all of it.
func TestPipelinesOff(t *testing.T) {
	s := shared()
	const fork = "/2.0/repositories/acme/docs-site-fork"
	for _, path := range []string{
		"/pipelines", "/pipelines/1", "/pipelines/1/steps", "/environments", "/deployments/", "/pipelines_config", "/pipelines_config/variables", "/pipelines_config/schedules",
		"/pipelines-config/caches", "/pipelines-config/runners", "/pipelines_config/ssh/key_pair", "/deployments_config/environments/x/variables",
	} {
		if msg := refuse(t, s, fork+path, http.StatusNotFound); msg != "Not found: Pipelines is not enabled for this repository." {
			t.Error(path, msg)
		}
	}
	get(t, s, fork+"/pullrequests")
}
