package bitbucketfake

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Whatever fields asks for, the answer is JSON.
func FuzzFields(f *testing.F) {
	for _, seed := range []string{"values.id,next", "-values.links,+values.reviewers.links.*", "*", "-*,+values.*.name", "..,-.,+", "values.author,-values.author.links.*"} {
		f.Add(seed)
	}
	paths := []string{anyState + "&pagelen=3", platform + "/commits?pagelen=3", platform + "/pipelines?pagelen=3", platform + "/pullrequests/activity?pagelen=9", platform + "/refs?pagelen=50"}
	paths = append(paths, acme+"/hooks?pagelen=3", acme+"/search/code?search_query=cache&pagelen=3", of(shared().users[0])+"/gpg-keys?pagelen=3", snippets+"?pagelen=3")
	f.Fuzz(func(t *testing.T, fields string) {
		for _, path := range paths {
			if a := ask(shared(), path+"&fields="+url.QueryEscape(fields)); a.status != http.StatusOK || !json.Valid(a.body) {
				t.Fatalf("%s with %q: %d %s", path, fields, a.status, cut(a.body))
			}
		}
	})
}

// No request makes the server panic, and every answer below /2.0 that says it is JSON is.
func FuzzRequest(f *testing.F) {
	f.Add("repositories/acme/platform/pullrequests", "q=title~%22fix%22&sort=-id&page=2&pagelen=5")
	f.Add("repositories/acme/platform/commits/main", "include=develop&exclude=v0.1.0&path=docs&ctx=abc")
	f.Add("repositories/%7B%7D/%7Bx%7D/pipelines/1/steps/", "status=PASSED&target.ref_type=TAG&sort=created_on")
	f.Add("workspaces/acme/members", "q=user.email+IN+(%22a%22)&fields=%2Bvalues.user.email")
	f.Add("repositories/acme/nope/commits/x", "")
	f.Add("workspaces/acme/search/code", "search_query=cache+repo:platform+ext:go&pagelen=1")
	f.Add("snippets/acme/0042/files/a%2Fb", "role=owner")
	f.Add("workspaces/acme/projects/PLAT/deploy-keys/1/", "")
	f.Fuzz(func(t *testing.T, path, query string) {
		r := httptest.NewRequest(http.MethodGet, "http://fake.test/2.0/", nil)
		r.URL = &url.URL{Scheme: "http", Host: "fake.test", Path: "/2.0/" + path, RawQuery: query}
		if p, err := url.PathUnescape(path); err == nil {
			r.URL.Path, r.URL.RawPath = "/2.0/"+p, "/2.0/"+path
		}
		r.Header.Set("Authorization", "Bearer demo")
		w := httptest.NewRecorder()
		shared().Handler().ServeHTTP(w, r)
		if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") && w.Code != http.StatusNotModified && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s?%s: %d %s", path, query, w.Code, cut(w.Body.Bytes()))
		}
	})
}
