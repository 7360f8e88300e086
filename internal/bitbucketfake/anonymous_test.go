package bitbucketfake

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"time"
)

func unsigned(s *Server, path string) answer { return ask(s, path, "Authorization", "") }

func TestAnonymous(t *testing.T) {
	wantStatus(t, unsigned(shared(), "/2.0/repositories/acme/docs-site"), 401, badToken)
	s := start(t, Config{Public: true, AnonymousLimit: 1000})
	for _, c := range []struct {
		path    string
		status  int
		message string
	}{
		{"/2.0/repositories/acme/docs-site", 200, `"is_private":false`},
		{"/2.0/repositories/acme/docs-site/pullrequests", 200, `"values"`},
		{"/2.0/repositories/acme/docs-site/commits", 200, `"values"`},
		{"/2.0/repositories/acme/docs-site/pipelines", 200, `"values"`},
		{"/2.0/repositories/acme/docs-site/hooks", 401, badToken},
		{"/2.0/repositories/acme/docs-site/branch-restrictions", 401, badToken},
		{platform, 404, "make sure you are authenticated"},
		{platform + "/commits", 404, "make sure you are authenticated"},
		{"/2.0/repositories/acme/monolith", 404, "not found"},
		{"/2.0/workspaces/acme", 200, `"slug":"acme"`},
		{"/2.0/workspaces/acme/members", 401, badToken},
		{"/2.0/workspaces/acme/search/code?search_query=cache", 401, badToken},
		{"/2.0/workspaces/acme/projects/PLAT", 404, "not found"},
		{"/2.0/workspaces/acme/projects/PLAT/deploy-keys", 401, badToken},
		{"/2.0/user", 401, badToken},
		{"/2.0/user/workspaces", 401, badToken},
		{"/2.0/snippets", 401, badToken},
		{"/2.0/hook_events", 200, ""},
	} {
		a := unsigned(s, c.path)
		wantStatus(t, a, c.status, c.message)
		if a.header.Get("X-Oauth-Scopes") != "" || a.header.Get("X-Ratelimit-Remaining") == "" {
			t.Errorf("%s: %v", c.path, a.header)
		}
		if t.Failed() {
			t.Fatal(c.path)
		}
	}
	wantStatus(t, bearer(s, "/2.0/repositories/acme/docs-site", "wrong"), 401, badToken)
	wantStatus(t, ask(s, platform), 200, "")
}

// Lists leave out what is private, before they page and filter.
func TestAnonymousLists(t *testing.T) {
	s := start(t, Config{Public: true})
	var want []string
	for _, r := range s.ws[0].repos {
		if !r.private {
			want = append(want, r.slug)
		}
	}
	if len(want) == 0 || len(want) == len(s.ws[0].repos) {
		t.Fatal(want)
	}
	for _, path := range []string{"/2.0/repositories/acme?pagelen=100", "/2.0/repositories/acme?pagelen=100&role=member", "/2.0/repositories/acme?pagelen=100&" + q("name != \"\"")} {
		a := unsigned(s, path)
		wantStatus(t, a, 200, `"size":`+strconv.Itoa(len(want)))
		if got := slugs(t, a); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	for _, r := range []string{"contributor", "owner"} {
		for _, slug := range slugs(t, unsigned(s, "/2.0/repositories/acme?pagelen=100&role="+r)) {
			if !slices.Contains(want, slug) {
				t.Errorf("role %s shows %s", r, slug)
			}
		}
	}
	wantStatus(t, unsigned(s, "/2.0/workspaces/acme/projects?"+q(`key = "PLAT"`)), 200, `"size":0`)
}

func TestAnonymousLimit(t *testing.T) {
	s := start(t, Config{Public: true})
	for i := range 60 {
		a := unsigned(s, "/2.0/repositories/acme/docs-site")
		if reset, err := strconv.Atoi(a.header.Get("X-Ratelimit-Reset")); a.status != 200 || a.header.Get("X-Ratelimit-Limit") != "60, 60;w=3600" ||
			a.header.Get("X-Ratelimit-Remaining") != strconv.Itoa(59-i) || err != nil || reset < 3000 || reset > 3600 {
			t.Fatalf("request %d: %d %v", i, a.status, a.header)
		}
	}
	a := unsigned(s, "/2.0/repositories/acme/docs-site")
	wantStatus(t, a, 429, "Rate limit for this resource has been exceeded")
	if a.header.Get("X-Ratelimit-Remaining") != "0" || a.header.Get("Retry-After") != "" {
		t.Errorf("%v", a.header)
	}
	wantStatus(t, ask(s, "/2.0/repositories/acme/docs-site"), 200, "") // others have their own budget
	s.SetClockSkew(time.Hour)
	wantStatus(t, unsigned(s, "/2.0/repositories/acme/docs-site"), 200, "")
}

func slugs(t *testing.T, a answer) []string {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(a.body, &m); err != nil || a.status != 200 {
		t.Fatalf("%d %s", a.status, cut(a.body))
	}
	return column(values(m), "slug")
}
