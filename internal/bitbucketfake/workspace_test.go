package bitbucketfake

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestWorkspaces(t *testing.T) {
	s := shared()
	items, _ := all(t, s, "/2.0/user/workspaces")
	if len(items) != 2 || dig(items[0], "workspace.slug") != "acme" || dig(items[0], "workspace.name") != nil {
		t.Errorf("%v", items)
	}
	if items, _ = all(t, s, "/2.0/user/workspaces?administrator=true&sort=-slug"); len(items) != 1 {
		t.Errorf("%v", items)
	}
	uuid := url.PathEscape(s.ws[0].uuid)
	for _, id := range []string{"acme", uuid} {
		if m := get(t, s, "/2.0/workspaces/"+id); m["slug"] != "acme" || m["created_on"] != "2018-12-02T06:49:58.4+00:00" {
			t.Errorf("%v", m)
		}
	}
	if m := get(t, s, "/2.0/user/workspaces/acme/permission"); m["permission"] != "owner" {
		t.Errorf("%v", m)
	}
	m := get(t, s, "/2.0/workspaces/"+uuid+"/members?pagelen=5")
	if next := m["next"].(string); !strings.Contains(next, uuid) {
		t.Errorf("next leaves the UUID form: %s", next)
	}
	members, _ := all(t, s, "/2.0/workspaces/acme/members")
	if len(members) != len(people) {
		t.Errorf("%d members", len(members))
	}
	id := dig(members[2], "user.account_id").(string)
	for _, path := range []string{"/2.0/workspaces/acme/members/" + url.PathEscape(id), "/2.0/workspaces/acme/members/" + url.PathEscape(dig(members[2], "user.uuid").(string))} {
		if m := get(t, s, path); dig(m, "user.account_id") != id {
			t.Errorf("%v", m)
		}
	}
	if m := get(t, s, "/2.0/users/"+url.PathEscape(id)); m["account_id"] != id {
		t.Errorf("%v", m)
	}
	projects, _ := all(t, s, "/2.0/workspaces/acme/projects")
	if got := strings.Join(column(projects, "key"), " "); got != "PLAT WEB DATA OPS" {
		t.Errorf("projects %s", got)
	}
	if m := get(t, s, "/2.0/workspaces/acme/projects/DATA"); m["description"] != nil {
		t.Errorf("%v", m["description"])
	}
	for _, path := range []string{"/2.0/workspaces/nope", "/2.0/workspaces/acme/projects/NOPE", "/2.0/workspaces/acme/members/nope", "/2.0/users/nope", "/2.0/nope", "/nope", "/2.0/repositories/nope"} {
		refuse(t, s, path, http.StatusNotFound)
	}
}

func TestRepositories(t *testing.T) {
	s := shared()
	items, _ := all(t, s, "/2.0/repositories/acme")
	if len(items) != 13 {
		t.Fatalf("%d repositories", len(items))
	}
	for _, m := range items {
		slug := m["slug"].(string)
		for _, path := range []string{"/2.0/repositories/acme/" + slug, "/2.0/repositories/%7B%7D/" + url.PathEscape(m["uuid"].(string)), "/2.0/repositories/acme/" + slug + "/"} {
			if one := get(t, s, path); one["uuid"] != m["uuid"] {
				t.Errorf("%s: %v", path, one["uuid"])
			}
		}
		switch slug {
		case "sandbox":
			if m["mainbranch"] != nil || m["size"] != 0.0 {
				t.Errorf("sandbox %v", m)
			}
		case "docs-site-fork":
			if dig(m, "parent.full_name") != "acme/docs-site" {
				t.Errorf("fork %v", m["parent"])
			}
		case "cli-tools":
			if _, ok := m["project"]; ok {
				t.Error("cli-tools has a project")
			}
		}
	}
	for query, want := range map[string]int{
		q(`project.key = "PLAT"`): 4, q(`is_private = false`): 4, q(`language = "go"`): 2, q(`name ~ "API"`): 1, q(`created_on > 2030-01-01`): 0,
	} {
		if got, _ := all(t, s, "/2.0/repositories/acme?"+query); len(got) != want {
			t.Errorf("%s: %d repositories, want %d", query, len(got), want)
		}
	}
	if m := get(t, New(Config{Repositories: 210}), "/2.0/repositories/acme?fields=size"); m["size"] != 210.0 {
		t.Errorf("%v repositories", m["size"])
	}
	big := New(Config{Repositories: 210})
	items, _ = all(t, big, "/2.0/repositories/acme?pagelen=100")
	if n := len(unique(column(items, "slug"))); n != 210 {
		t.Errorf("%d different slugs", n)
	}
	for _, m := range items {
		if m["slug"] != "sandbox" {
			if p := get(t, big, "/2.0/repositories/acme/"+m["slug"].(string)+"/pullrequests?fields=size&"+q("id > 0")); p["size"].(float64) < 5 {
				t.Errorf("%s has %v pull requests", m["slug"], p["size"])
			}
		}
	}
}

func TestErrors(t *testing.T) {
	s := shared()
	for _, path := range []string{"/2.0/workspaces", "/2.0/repositories", "/2.0/user/permissions/workspaces", "/2.0/user/permissions/repositories"} {
		if msg := refuse(t, s, path, http.StatusGone); !strings.HasPrefix(msg, "CHANGE-2770 - ") {
			t.Errorf("%s: %s", path, msg)
		}
	}
	refuse(t, s, platform+"/issues", http.StatusGone)
	if msg := refuse(t, s, "/2.0/repositories/acme/nope/pullrequests", http.StatusNotFound); msg != "Repository acme/nope not found" {
		t.Errorf("%q", msg)
	}
	a := ask(s, "/2.0/repositories/acme/nope/commits/main")
	if a.status != 404 || len(a.body) < 20_000 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Errorf("%d %s, %d bytes", a.status, a.header.Get("Content-Type"), len(a.body))
	}
	refuse(t, s, "/2.0/repositories/acme/nope/commits", http.StatusNotFound)
	refuse(t, s, platform+"/pullrequests/0", http.StatusNotFound)
	refuse(t, s, platform+"/pullrequests/121", http.StatusNotFound)
	if msg := refuse(t, s, platform+"/nope", http.StatusNotFound); msg != "Resource not found: There is no API hosted at this URL" {
		t.Errorf("%q", msg)
	}
	a = ask(s, "/2.0/repositories/acme/monolith/pullrequests?state=OPEN")
	if a.status != 301 || a.header.Get("Location") != "http://fake.test"+platform+"/pullrequests?state=OPEN" {
		t.Errorf("%d to %s", a.status, a.header.Get("Location"))
	}
}

func TestCredentials(t *testing.T) {
	s := shared()
	for credential, want := range map[string]int{"": 401, "Bearer wrong": 401, "Bearer demo": 200, "bearer demo": 200, "Basic !!": 401, "JWT demo": 401} {
		a := ask(s, "/2.0/user", "Authorization", credential)
		if a.status != want {
			t.Errorf("%q: %d", credential, a.status)
		}
		if want == 401 && (a.header.Get("Www-Authenticate") == "" || !bytes.Contains(a.body, []byte("Token is invalid, expired"))) {
			t.Errorf("%q: %v %s", credential, a.header, a.body)
		}
		if bytes.Contains(a.body, []byte("demo")) {
			t.Error("the credential comes back")
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/2.0/user", nil)
	r.SetBasicAuth("anyone@acme.example", "demo")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != 200 || w.Header().Get("X-Credential-Type") != "api_token" || w.Header().Get("X-Oauth-Scopes") == "" || w.Header().Get("X-Accepted-Oauth-Scopes") != "account" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestETag(t *testing.T) {
	s := shared()
	for _, path := range []string{anyState, platform + "/pullrequests/3", "/2.0/user", platform + "/commits"} {
		a := ask(s, path)
		tag := a.header.Get("Etag")
		if !strings.HasPrefix(tag, `"`) || tag != ask(New(Config{}), path).header.Get("Etag") {
			t.Errorf("%s: tag %s", path, tag)
		}
		if b := ask(s, path, "If-None-Match", tag); b.status != http.StatusNotModified || len(b.body) != 0 || b.header.Get("Etag") != tag {
			t.Errorf("%s: %d with %d bytes", path, b.status, len(b.body))
		}
		if b := ask(s, path, "If-None-Match", `"other"`); b.status != 200 || !bytes.Equal(a.body, b.body) {
			t.Errorf("%s: %d", path, b.status)
		}
	}
	if a, b := ask(s, anyState), ask(s, anyState+"&page=2"); a.header.Get("Etag") == b.header.Get("Etag") {
		t.Error("two pages have one tag")
	}
}
