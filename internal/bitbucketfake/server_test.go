package bitbucketfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestStats(t *testing.T) {
	s := small(t)
	s.SetLatency(20 * time.Millisecond)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			if p, _, err := fetch(t, s, fmt.Sprintf("/repositories/acme/platform/pullrequests?page=1&n=%d", i)); err != nil || p.StatusCode != 200 {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	_, body, err := fetch(t, s, "/user?a=b%20c")
	if err != nil {
		t.Fatal(err)
	}
	p, err := http.Get(s.URL() + "/_stats")
	if err != nil {
		t.Fatal(err)
	}
	var st Stats
	if err := json.NewDecoder(p.Body).Decode(&st); err != nil {
		t.Fatal(err)
	}
	_ = p.Body.Close()
	if st.Requests != 7 || st.ByPath["/2.0/repositories/acme/platform/pullrequests"] != 6 || st.MaxInFlight < 2 || st.MaxInFlight > 6 || st.Bytes <= int64(len(body)) {
		t.Errorf("%+v", st)
	}
	if len(st.Log) != 7 || st.Log[6] != "GET /2.0/user?a=b%20c" {
		t.Errorf("log %v", st.Log)
	}
	if p, err = http.Post(s.URL()+"/_reset", "", nil); err != nil || p.StatusCode != 204 {
		t.Fatal(err, p)
	}
	_ = p.Body.Close()
	if st = s.Stats(); st.Requests != 0 || st.Bytes != 0 || len(st.Log) != 0 || len(st.ByPath) != 0 || st.MaxInFlight != 0 {
		t.Errorf("after the reset: %+v", st)
	}
}

func TestDSN(t *testing.T) {
	s := small(t)
	if want := "Workspace=acme;Schema=Information;AuthScheme=AccessToken;AccessToken=demo;BaseURL=" + s.URL() + "/2.0"; s.DSN() != want {
		t.Error(s.DSN())
	}
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Error(s.URL())
	}
}

// Every endpoint once.
func everyPath() []string {
	paths := []string{"/2.0/user", "/2.0/user/workspaces", "/2.0/user/workspaces/acme/permission", "/2.0/workspaces/acme", "/2.0/workspaces/acme/projects", "/2.0/workspaces/acme/projects/OPS", "/2.0/workspaces/acme/members", "/2.0/repositories/acme"}
	for _, slug := range []string{"platform", "docs-site", "sandbox", "cli-tools"} {
		for _, p := range []string{"", "/refs", "/refs/branches", "/refs/tags", "/commits", "/commits?pagelen=100", "/pullrequests", "/pullrequests?pagelen=50&state=MERGED&state=DECLINED&state=SUPERSEDED&sort=title", "/pullrequests/activity", "/pipelines", "/environments", "/deployments"} {
			paths = append(paths, "/2.0/repositories/acme/"+slug+p)
		}
	}
	for _, p := range []string{"/pipelines_config", "/pipelines_config/variables", "/pipelines_config/schedules", "/pipelines_config/ssh/known_hosts", "/pipelines_config/ssh/key_pair", "/pipelines-config/caches", "/pipelines-config/runners", "/pullrequests/11/tasks", "/pullrequests/11/mergeability/checks"} {
		paths = append(paths, platform+p)
	}
	for _, p := range []string{
		"/permissions", "/permissions/repositories", "/hooks", "/pipelines-config/variables", "/pipelines-config/runners", "/pipelines-config/identity/oidc/keys.json",
		"/search/code?search_query=cache", "/projects/PLAT/permissions-config/users", "/projects/PLAT/deploy-keys", "/projects/PLAT/default-reviewers",
	} {
		paths = append(paths, acme+p)
	}
	paths = append(paths, snippets, snippets+"/0042", snippets+"/0042/commits", snippets+"/0042/comments", of(shared().users[0])+"/ssh-keys", of(shared().users[0])+"/gpg-keys?fields=*")
	for _, p := range []string{"", "/comments", "/commits", "/statuses", "/activity"} {
		paths = append(paths, platform+"/pullrequests/11"+p)
	}
	return append(paths, platform+"/pipelines/7", platform+"/pipelines/7/steps", platform+"/commit/main", platform+"/refs/branches/main", platform+"/refs/tags/v0.1.0")
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b, other := New(Config{}), New(Config{Seed: 1, Workspace: "acme"}), New(Config{Seed: 2})
	differ := 0
	paths := everyPath()
	for i := range paths {
		ask(b, paths[len(paths)-1-i]) // b makes its data in another order
	}
	for _, path := range paths {
		x, y := ask(a, path), ask(b, path)
		if x.status != http.StatusOK || !bytes.Equal(x.body, y.body) || !json.Valid(x.body) {
			t.Errorf("%s: %d, %d and %d bytes", path, x.status, len(x.body), len(y.body))
		}
		if !bytes.Equal(x.body, ask(other, path).body) {
			differ++
		}
	}
	if differ < len(paths)/2 {
		t.Errorf("another seed changes only %d of %d answers", differ, len(paths))
	}
}

func TestParallelRequests(t *testing.T) {
	s := New(Config{})
	want := map[string][]byte{}
	for _, path := range everyPath() {
		want[path] = ask(shared(), path).body
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for path, body := range want {
				if got := ask(s, path).body; !bytes.Equal(got, body) {
					t.Errorf("%s differs under load", path)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkPullRequestPages(b *testing.B) {
	s := New(Config{PullRequests: 5000, Commits: 10_000})
	for name, path := range map[string]string{
		"full":     anyState + "&pagelen=50",
		"fields":   anyState + "&pagelen=50&fields=values.id,values.title,values.author.uuid,values.created_on,next,size,page",
		"filtered": platform + "/pullrequests?pagelen=50&sort=-updated_on&" + q(`title ~ "fix" AND state = "MERGED"`),
		"size":     anyState + "&fields=size",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n++
				if a := ask(s, fmt.Sprintf("%s&page=%d", path, 1+n%10)); a.status != 200 {
					b.Fatal(a.status, string(a.body))
				}
			}
		})
	}
}

func BenchmarkCommitPages(b *testing.B) {
	s := New(Config{Commits: 100_000})
	b.ReportAllocs()
	for b.Loop() {
		if a := ask(s, platform+"/commits?pagelen=100"); a.status != 200 {
			b.Fatal(a.status)
		}
	}
}
