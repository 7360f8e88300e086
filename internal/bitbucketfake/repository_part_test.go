package bitbucketfake

import (
	"net/http"
	"strings"
	"testing"
)

func TestRepositoryParts(t *testing.T) {
	s := shared()
	for _, c := range []struct {
		path        string
		rows, pages int
		def         float64
		keys        []string
	}{
		{"branch-restrictions", 14, 2, 10, []string{"id"}},
		{"branch-restrictions/", 14, 2, 10, nil},
		{"default-reviewers", 11, 2, 10, []string{"uuid", "account_id"}},
		{"effective-default-reviewers", 12, 1, 20, nil},
		{"deploy-keys", 11, 2, 10, []string{"id"}},
		{"hooks", 12, 2, 10, []string{"uuid"}},
		{"permissions-config/users", 13, 2, 10, []string{"user.uuid", "user.account_id"}},
		{"permissions-config/groups", 4, 1, 10, []string{"group.slug"}},
		{"watchers", 12, 2, 10, nil},
		{"downloads", 13, 2, 10, nil},
		{"forks", 0, 1, 10, nil},
	} {
		path := platform + "/" + c.path
		items, pages := all(t, s, path)
		first := get(t, s, path)
		if len(items) != c.rows || pages != c.pages || first["size"] != float64(c.rows) || first["pagelen"] != c.def {
			t.Errorf("%s: %d rows, %d pages, size %v, pagelen %v", c.path, len(items), pages, first["size"], first["pagelen"])
		}
		refuse(t, s, path+"?pagelen=101", http.StatusBadRequest)
		refuse(t, s, "/2.0/repositories/acme/nope/"+c.path, http.StatusNotFound)
		get(t, s, "/2.0/repositories/acme/sandbox/"+c.path)
		sameAlone(t, s, strings.TrimSuffix(path, "/"), items, c.keys...)
		if c.keys != nil {
			refuse(t, s, path+"/nope", http.StatusNotFound)
		}
		a := ask(s, path)
		if b := ask(s, path, "If-None-Match", a.header.Get("Etag")); b.status != http.StatusNotModified || a.header.Get("Etag") == "" {
			t.Errorf("%s: %d with its own ETag", c.path, b.status)
		}
		for _, m := range items {
			if m["type"] == nil {
				t.Errorf("%s: no type: %v", c.path, m)
			}
		}
	}
	refuse(t, s, platform+"/permissions-config", http.StatusNotFound)
	refuse(t, s, platform+"/nonsense", http.StatusNotFound)
	refuse(t, s, platform+"/downloads/nope", http.StatusNotFound)
}

func TestBranchRestrictionParameters(t *testing.T) {
	s := shared()
	path := platform + "/branch-restrictions?pagelen=100"
	for query, want := range map[string]int{"&kind=push": 2, "&pattern=main": 4, "&kind=push&pattern=main": 1, "&kind=nope": 0} {
		if got := values(get(t, s, path+query)); len(got) != want {
			t.Errorf("%s: %d rows, want %d", query, len(got), want)
		}
	}
	model, null := 0, 0
	for _, m := range values(get(t, s, path)) {
		if m["branch_match_kind"] == "branching_model" {
			model++
		}
		if (m["branch_match_kind"] == "branching_model") != (m["branch_type"] != nil) {
			t.Errorf("%v", m)
		}
		if m["value"] == nil {
			null++
		}
	}
	if model == 0 || null == 0 || null == 14 {
		t.Errorf("%d of the branching model, %d without value", model, null)
	}
}

func TestBranchingModels(t *testing.T) {
	s := shared()
	m := get(t, s, platform+"/branching-model")
	if dig(m, "development.branch.name") != "develop" || dig(m, "production.use_mainbranch") != true || len(m["branch_types"].([]any)) != 3 {
		t.Errorf("%v", m)
	}
	if dig(m, "production.branch.target.hash") != newest(t, s, "platform", "main") {
		t.Errorf("production is at %v", dig(m, "production.branch.target.hash"))
	}
	set := get(t, s, platform+"/branching-model/settings")
	if len(set["branch_types"].([]any)) != 4 || set["default_branch_deletion"] != "false" || dig(set, "production.enabled") != true {
		t.Errorf("%v", set)
	}
	if e := get(t, s, platform+"/effective-branching-model"); e["type"] != "effective_repo_branching_model" || e["links"] != nil {
		t.Errorf("%v", e)
	}
	disabled, missing := 0, 0
	for _, slug := range column(values(get(t, s, "/2.0/repositories/acme?pagelen=100")), "slug") {
		m := get(t, s, "/2.0/repositories/acme/"+slug+"/branching-model")
		set := get(t, s, "/2.0/repositories/acme/"+slug+"/branching-model/settings")
		if m["production"] == nil {
			disabled++
		}
		if (m["production"] == nil) != (dig(set, "production.enabled") == false) {
			t.Errorf("%s: %v, %v", slug, m["production"], set["production"])
		}
		if dig(m, "development.branch") == nil {
			missing++
		}
	}
	if disabled == 0 || missing < 2 {
		t.Errorf("%d without production, %d without a development branch", disabled, missing)
	}
	if o := get(t, s, platform+"/override-settings"); dig(o, "override_settings.branching_model") != true {
		t.Errorf("%v", o)
	}
}

func TestForks(t *testing.T) {
	s := shared()
	docs := "/2.0/repositories/acme/docs-site/forks"
	items, _ := all(t, s, docs)
	if len(items) != 1 || items[0]["slug"] != "docs-site-fork" || dig(items[0], "parent.full_name") != "acme/docs-site" {
		t.Errorf("%v", column(items, "slug"))
	}
	if got := values(get(t, s, docs+"?"+q(`name ~ "nope"`))); len(got) != 0 {
		t.Errorf("%v", got)
	}
	refuse(t, s, docs+"?role=nope", http.StatusBadRequest)
	refuse(t, s, docs+"?"+q(`size > 1`), http.StatusBadRequest)
}

func TestEffectiveReviewers(t *testing.T) {
	s := shared()
	kinds := map[any]int{}
	for _, m := range values(get(t, s, platform+"/effective-default-reviewers")) {
		kinds[m["reviewer_type"]]++
		if dig(m, "user.uuid") == nil || m["type"] != "default_reviewer" {
			t.Errorf("%v", m)
		}
	}
	if kinds["repository"] != 11 || kinds["project"] != 1 {
		t.Errorf("%v", kinds)
	}
}
