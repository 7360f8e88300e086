package bitbucketfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// examples finds the captures of real answers, which are not part of this repository.
func examples(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BITBUCKETSQL_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	dir = filepath.Join(dir, "bitbucket", "examples")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no captured examples here; set BITBUCKETSQL_SHARED to the folder that holds bitbucket/examples")
	}
	return dir
}

// shape collects the dotted paths of all members with the JSON types seen there; lists are looked through.
func shape(v any, at string, into map[string]map[string]bool) {
	note := func(kind string) {
		if into[at] == nil {
			into[at] = map[string]bool{}
		}
		into[at][kind] = true
	}
	switch v := v.(type) {
	case map[string]any:
		note("object")
		for k, x := range v {
			shape(x, strings.TrimPrefix(at+"."+k, "."), into)
		}
	case []any:
		note("list")
		for _, x := range v {
			shape(x, at+"[]", into)
		}
	case nil:
		note("null")
	default:
		note(fmt.Sprintf("%T", v))
	}
}

// Every member of a captured answer occurs in the fake's answers, with a type the capture allows.
func TestShapesOfCapturedAnswers(t *testing.T) {
	dir := examples(t)
	s := shared()
	pulls := make([]string, 0, 120)
	comments := make([]string, 0, 120)
	steps := make([]string, 0, 120)
	for id := 1; id <= 120; id++ {
		pulls = append(pulls, fmt.Sprintf("%s/pullrequests/%d", platform, id))
		comments = append(comments, fmt.Sprintf("%s/pullrequests/%d/comments?pagelen=100", platform, id))
		steps = append(steps, fmt.Sprintf("%s/pipelines/%d/steps", platform, id))
	}
	activity, _ := all(t, s, platform+"/pullrequests/activity?pagelen=50")
	commits, _ := all(t, s, platform+"/commits?pagelen=100")
	pipelines, _ := all(t, s, platform+"/pipelines?pagelen=100")
	tags, _ := all(t, s, platform+"/refs/tags?pagelen=100")
	lists := map[string][]map[string]any{"activity": activity, "commits": commits, "pipelines": pipelines, "tags": tags}
	for _, c := range []struct {
		file  string
		paths []string // of the fake; or
		list  string
		skip  string // members that only old or special captures have
	}{
		{"apy.repo-pullrequests-25.json", pulls, "", ""},
		{"gildas.pullrequests.json", []string{anyState + "&pagelen=50", anyState + "&pagelen=50&page=2"}, "", ""},
		{"jenkins.repository.json", []string{"/2.0/repositories/acme?pagelen=100"}, "[]", "owner.account_id links.commits"},
		{"apy.repo.json", []string{"/2.0/repositories/acme?pagelen=100"}, "[]", "links.issues owner.account_id owner.nickname"},
		{"jenkins.commit-174561d625c9.json", nil, "commits", "participants"},
		{"jenkins.refs-branches_pagelen_100.json", []string{platform + "/refs/branches?pagelen=100"}, "", ""},
		{"jenkins.refs-tags-v0.0.0.json", nil, "tags", ""},
		{"apy.repo-pullrequests-1-comments.json", comments, "", ""},
		{"apy.repo-pullrequests-1-statuses.json", []string{platform + "/pullrequests/2/statuses", platform + "/pullrequests/3/statuses"}, "", ""},
		{"apy.repo-pullrequests-1-commits.json", []string{platform + "/pullrequests/1/commits", platform + "/pullrequests/2/commits", platform + "/pullrequests/10/commits"}, "", ""},
		{"gildas.activity-approval.json", nil, "activity", ""},
		{"gildas.activity-update.json", nil, "activity", ""},
		{"gildas.activity-comment.json", nil, "activity", ""},
		{"apy.repo-pipelines.json", []string{platform + "/pipelines?pagelen=100"}, "", ""},
		{"gildas.pipeline-pullrequest.json", nil, "pipelines", ""},
		{"gildas.pipeline-step.json", steps, "[]", ""},
		{"apy.repo-pipelines-PipelineUuid-steps.json", steps, "", ""},
		{"hand.environment.json", []string{platform + "/environments"}, "[]", ""},
		{"hand.deployment.json", []string{platform + "/deployments?pagelen=100"}, "[]", ""},
		{"gildas.workspace.json", []string{"/2.0/workspaces/acme"}, "", ""},
		{"spec.user-workspaces.200.json", []string{"/2.0/user/workspaces"}, "", ""},
		{"apy.repo-branch-restrictions.json", []string{platform + "/branch-restrictions?pagelen=100"}, "", ""},
		{"spec.repo-branching-model.200.json", []string{platform + "/branching-model"}, "", ""},
		{"spec.repo-branching-model-settings.200.json", []string{platform + "/branching-model/settings", "/2.0/repositories/acme/billing/branching-model/settings", "/2.0/repositories/acme/mobile-app/branching-model/settings"}, "", ""},
		{"spec.repo-deploy-keys.200.json", []string{platform + "/deploy-keys"}, "", ""},
		{"spec.repo-effective-default-reviewers.200.json", []string{platform + "/effective-default-reviewers"}, "", ""},
		{"apy.repo-default-reviewers.json", []string{platform + "/default-reviewers"}, "", ""},
		{"spec.repo-permissions-config-users.200.json", []string{platform + "/permissions-config/users"}, "", ""},
		{"spec.repo-permissions-config-groups-_group_slug_.200.json", []string{platform + "/permissions-config/groups/developers"}, "", ""},
		{"go-scm.hooks.json", []string{platform + "/hooks"}, "", ""},
		{"jenkins.hooks.json", []string{platform + "/hooks"}, "[]", ""},
		{"jenkins.commit-046d9a3c1532acf4cf08fe93235c00e4d673c1d2-statuses-build.json", []string{platform + "/commit/main/statuses"}, "[]", ""},
		{"jenkins.src-fb522a6f08c7c7df337312e4e65ec1b57710672e-script.bat_format_meta.json", []string{platform + "/src/main/?max_depth=9&pagelen=100"}, "[]", ""},
		{"go-scm.content_list.json", []string{platform + "/src/main/?pagelen=100&max_depth=9"}, "", ""},
		{"spec.repo-filehistory-_commit_-_path_.200.json", []string{platform + "/filehistory/main/README.md"}, "", ""},
		{"spec.repo-file-conflicts-_spec_.200.json", []string{platform + conflicting(t, s)}, "", ""},
		{"jenkins.diffstat-feature_2Fdiffstat..174561d.json", []string{platform + "/diffstat/main..release%2F2.1"}, "", ""},
	} {
		raw, err := os.ReadFile(filepath.Join(dir, c.file))
		if err != nil {
			t.Error(err)
			continue
		}
		var real any
		if err := json.Unmarshal(raw, &real); err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		want, have := map[string]map[string]bool{}, map[string]map[string]bool{}
		shape(real, "", want)
		for _, m := range lists[c.list] {
			shape(m, "", have)
		}
		for _, path := range c.paths {
			m := get(t, s, path)
			if c.list == "[]" {
				for _, v := range values(m) {
					shape(v, "", have)
				}
				continue
			}
			shape(m, "", have)
		}
		skip := strings.Fields(c.skip)
		for _, path := range slices.Sorted(maps.Keys(want)) {
			if slices.ContainsFunc(skip, func(x string) bool {
				return x == path || strings.HasPrefix(path, x+".") || strings.HasPrefix(path, x+"[")
			}) ||
				strings.HasSuffix(path, "username") || path == "next" || path == "previous" {
				continue
			}
			types := have[path]
			if types == nil {
				t.Errorf("%s: no answer of the fake has %s", c.file, path)
				continue
			}
			for kind := range want[path] {
				if kind != "null" && !types[kind] {
					t.Errorf("%s: %s is %s, in the fake %v", c.file, path, kind, slices.Sorted(maps.Keys(types)))
				}
			}
		}
	}
}
