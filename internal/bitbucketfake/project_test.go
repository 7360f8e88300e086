package bitbucketfake

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

func TestProjectPermissions(t *testing.T) {
	s := shared()
	for k, key := range []string{"PLAT", "WEB", "DATA", "OPS"} {
		path := acme + "/projects/" + key + "/permissions-config"
		users := paged(t, s, path+"/users", []int{12, 3, 1, 0}[k])
		keyed(t, s, path+"/users", users, func(m map[string]any) string { return url.PathEscape(dig(m, "user.account_id").(string)) })
		keyed(t, s, path+"/users", users, func(m map[string]any) string { return url.PathEscape(dig(m, "user.uuid").(string)) })
		list := paged(t, s, path+"/groups", []int{4, 3, 2, 0}[k])
		keyed(t, s, path+"/groups", list, func(m map[string]any) string { return dig(m, "group.slug").(string) })
		for _, m := range append(list, users...) {
			if dig(m, "project.key") != key || m["permission"] == nil {
				t.Errorf("%v", m)
			}
		}
		// No filter and no order here: nothing happens, as in the service.
		if odd, _ := all(t, s, path+"/users?sort=-permission&"+q("nonsense = 1")); !reflect.DeepEqual(odd, users) {
			t.Errorf("%s: q or sort had an effect", key)
		}
	}
	scoped(t, s, acme+"/projects/PLAT/permissions-config/users", "project:admin")
	refuse(t, s, acme+"/projects/PLAT/permissions-config", http.StatusNotFound)
	refuse(t, s, acme+"/projects/NONE/permissions-config/users", http.StatusNotFound)
	refuse(t, s, labs+"/projects/PLAT/permissions-config/users", http.StatusNotFound)
	refuse(t, s, acme+"/projects/PLAT/nope", http.StatusNotFound)
}

// The effective permission on a repository is never below one that was given explicitly.
func TestEffectivePermissions(t *testing.T) {
	s := shared()
	effective := map[string]string{}
	for _, m := range must(all(t, s, acme+"/permissions/repositories?pagelen=100")) {
		effective[dig(m, "repository.full_name").(string)+dig(m, "user.uuid").(string)] = m["permission"].(string)
	}
	projects := 0
	for _, r := range must(all(t, s, "/2.0/repositories/acme")) {
		lists := []string{"/2.0/repositories/acme/" + r["slug"].(string) + "/permissions-config/users?pagelen=100"}
		if key := dig(r, "project.key"); key != nil {
			lists = append(lists, acme+"/projects/"+key.(string)+"/permissions-config/users?pagelen=100")
			projects++
		}
		for _, path := range lists {
			for _, m := range must(all(t, s, path)) {
				p := strings.Replace(m["permission"].(string), "create-repo", "write", 1)
				if have := effective[r["full_name"].(string)+dig(m, "user.uuid").(string)]; repositoryRank(have) < repositoryRank(p) {
					t.Errorf("%s: %v has %q, explicitly %q", path, dig(m, "user.nickname"), have, p)
				}
			}
		}
	}
	if projects != 12 {
		t.Errorf("%d repositories in projects", projects)
	}
}

func TestProjectReviewers(t *testing.T) {
	s := shared()
	for k, key := range []string{"PLAT", "WEB", "DATA", "OPS"} {
		path := acme + "/projects/" + key + "/default-reviewers"
		for _, m := range paged(t, s, path, []int{11, 2, 0, 1}[k]) {
			if m["type"] != "default_reviewer" || m["reviewer_type"] != "project" || len(m) != 3 {
				t.Errorf("%v", m)
			}
			for _, id := range []string{"user.uuid", "user.account_id"} {
				if one := get(t, s, path+"/"+url.PathEscape(dig(m, id).(string))); !reflect.DeepEqual(one, m["user"]) {
					t.Errorf("%v instead of %v", one, m["user"])
				}
			}
		}
	}
	refuse(t, s, acme+"/projects/DATA/default-reviewers/"+url.PathEscape(s.users[0].uuid), http.StatusNotFound)
}

func TestProjectKeys(t *testing.T) {
	s := shared()
	unused, nobody := 0, 0
	for k, key := range []string{"PLAT", "WEB", "DATA", "OPS"} {
		path := acme + "/projects/" + key + "/deploy-keys"
		items := paged(t, s, path, []int{12, 1, 0, 0}[k])
		keyed(t, s, path, items, func(m map[string]any) string { return fmt.Sprintf("%.0f", m["id"]) })
		for _, m := range items {
			if m["last_used"] == nil {
				unused++
			}
			if _, ok := m["created_by"]; !ok {
				nobody++
			}
			if !strings.HasPrefix(m["key"].(string), "ssh-") || dig(m, "project.key") != key {
				t.Errorf("%v", m)
			}
		}
	}
	if unused == 0 || unused == 13 || nobody != 3 {
		t.Errorf("%d keys never used, %d made by nobody", unused, nobody)
	}
	scoped(t, s, acme+"/projects/PLAT/deploy-keys", "project, project:admin")
}

func TestProjectBranching(t *testing.T) {
	s := shared()
	for key, want := range map[string]struct {
		kinds       int
		production  any // name in the model, nil where the model has none
		enabled     bool
		development any // name in the settings
	}{
		"PLAT": {3, "production", true, nil}, "WEB": {4, nil, false, "develop"}, "DATA": {4, "release/stable", true, "develop"}, "OPS": {0, "main", true, nil},
	} {
		model := get(t, s, acme+"/projects/"+key+"/branching-model")
		settings := get(t, s, acme+"/projects/"+key+"/branching-model/settings")
		if n := len(model["branch_types"].([]any)); n != want.kinds {
			t.Errorf("%s has %d kinds of branches", key, n)
		}
		if n := len(settings["branch_types"].([]any)); n != 4 {
			t.Errorf("the settings of %s have %d kinds of branches", key, n)
		}
		if _, ok := model["production"]; ok != want.enabled || dig(model, "production.name") != want.production || dig(settings, "production.enabled") != want.enabled {
			t.Errorf("%s: production %v, settings %v", key, model["production"], settings["production"])
		}
		if dig(settings, "development.name") != want.development || dig(settings, "development.use_mainbranch") != (want.development == nil) {
			t.Errorf("%s: development %v", key, settings["development"])
		}
		if model["type"] != "project_branching_model" || settings["type"] != "branching_model_settings" {
			t.Errorf("%s: %v, %v", key, model["type"], settings["type"])
		}
		if _, ok := settings["default_branch_deletion"].(string); !ok {
			t.Errorf("%s: %v", key, settings["default_branch_deletion"])
		}
	}
	refuse(t, s, acme+"/projects/PLAT/branching-model/nope", http.StatusNotFound)
}
