package bitbucketfake

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// tracked is a server with issues.
var tracked = sync.OnceValue(func() *Server { return New(Config{Issues: true}) })

func TestIssuesAreGone(t *testing.T) {
	s := shared()
	for _, path := range []string{"/issues", "/issues/1", "/issues/1/comments", "/issues/import"} {
		refuse(t, s, platform+path, http.StatusGone)
	}
	for _, path := range []string{"/components", "/milestones/1000", "/versions"} {
		refuse(t, s, platform+path, http.StatusNotFound)
	}
	repos, _ := all(t, s, "/2.0/repositories/acme?pagelen=100")
	for _, r := range repos {
		if r["has_issues"] != false || dig(r, "links.issues") != nil {
			t.Errorf("%v: %v", r["slug"], r["has_issues"])
		}
	}
}

func TestIssues(t *testing.T) {
	s := tracked()
	repos, _ := all(t, s, "/2.0/repositories/acme?pagelen=100")
	for _, r := range repos {
		path := "/2.0/repositories/" + r["full_name"].(string) + "/issues"
		if r["has_issues"] == true {
			get(t, s, path)
			continue
		}
		refuse(t, s, path, http.StatusNotFound)
	}
	items := sameByKey(t, s, platform+"/issues", "id", below(platform+"/issues"))
	if len(items) != 85 || items[0]["id"] != 86.0 || len(values(get(t, s, platform+"/issues"))) != 20 {
		t.Errorf("%d issues, the first is %v", len(items), items[0]["id"])
	}
	refuse(t, s, platform+"/issues/13", http.StatusGone)
	refuse(t, s, platform+"/issues/999", http.StatusNotFound)
	nulls := map[string][2]bool{}
	for _, m := range items {
		for _, k := range []string{"assignee", "reporter", "component", "milestone", "version", "edited_on"} {
			v, has := m[k]
			if !has {
				t.Fatalf("issue without %s: %v", k, m)
			}
			n := nulls[k]
			n[0], n[1] = n[0] || v == nil, n[1] || v != nil
			nulls[k] = n
		}
	}
	for k, n := range nulls {
		if !n[0] || !n[1] {
			t.Errorf("%s is always or never null", k)
		}
	}
	count := func(keep func(map[string]any) bool) (n int) {
		for _, m := range items {
			if keep(m) {
				n++
			}
		}
		return n
	}
	for text, keep := range map[string]func(map[string]any) bool{
		`state = "new"`: func(m map[string]any) bool { return m["state"] == "new" },
		`state IN ("new", "on hold") AND assignee = null`: func(m map[string]any) bool {
			return (m["state"] == "new" || m["state"] == "on hold") && m["assignee"] == nil
		},
		`component = "UI"`: func(m map[string]any) bool { return dig(m, "component.name") == "UI" },
		`(title ~ "fix") AND id<50`: func(m map[string]any) bool {
			return strings.Contains(strings.ToLower(m["title"].(string)), "fix") && m["id"].(float64) < 50
		},
		`milestone = null`: func(m map[string]any) bool { return m["milestone"] == nil },
		`priority = "blocker" OR kind != "bug"`: func(m map[string]any) bool {
			return m["priority"] == "blocker" || m["kind"] != "bug"
		},
	} {
		got, _ := all(t, s, platform+"/issues?pagelen=10&"+q(text))
		if want := count(keep); len(got) != want || want == 0 {
			t.Errorf("%s: %d issues, want %d", text, len(got), want)
		}
	}
	refuse(t, s, platform+"/issues?"+q(`watches > 1`), http.StatusBadRequest)
	up, _ := all(t, s, platform+"/issues?pagelen=100&sort=updated_on")
	if on := column(up, "updated_on"); !slices.IsSortedFunc(on, compareInstants) {
		t.Error("sort=updated_on does not sort")
	}
}

func TestIssueParts(t *testing.T) {
	s := tracked()
	long, files, ofChange := 0, 0, 0
	votes, watches := map[int]int{}, map[int]int{}
	for id := 1; id <= 86; id++ {
		if id == 13 {
			continue
		}
		path := fmt.Sprintf("%s/issues/%d", platform, id)
		comments := sameByKey(t, s, path+"/comments", "id", below(path+"/comments"))
		changes := sameByKey(t, s, path+"/changes", "id", below(path+"/changes"))
		if len(comments) > 20 && len(changes) > 10 {
			long++
			if n := len(values(get(t, s, path+"/comments"))); n != 20 {
				t.Errorf("the default page has %d comments", n)
			}
		}
		for _, c := range comments {
			if raw, has := c["content"].(map[string]any)["raw"]; has && raw == nil {
				ofChange++
			}
		}
		issue := get(t, s, path)
		if n := len(changes); n > 0 {
			for k := n - 1; k >= 0; k-- { // the last change of the state says what it is now
				if to := dig(changes[k], "changes.state.new"); to != nil {
					if to != issue["state"] {
						t.Errorf("%s is %v, its last change says %v", path, issue["state"], to)
					}
					break
				}
			}
			closed, _ := all(t, s, path+"/changes?"+q(`changes.state.new = "closed"`))
			for _, c := range closed {
				if dig(c, "changes.state.new") != "closed" {
					t.Errorf("change %v", c)
				}
			}
		}
		for _, m := range sameByKey(t, s, path+"/attachments", "name", nil) {
			files++
			a := ask(s, path+"/attachments/"+url.PathEscape(m["name"].(string)))
			if a.status != http.StatusFound || a.header.Get("Location") == "" {
				t.Errorf("attachment: %d", a.status)
			}
		}
		for what, seen := range map[string]map[int]int{"vote": votes, "watch": watches} {
			a := ask(s, path+"/"+what)
			if seen[a.status]++; a.status == http.StatusNoContent && len(a.body) != 0 {
				t.Errorf("%s: %s", what, a.body)
			}
		}
	}
	if long == 0 || files == 0 || ofChange == 0 {
		t.Errorf("%d issues with many comments, %d files, %d comments of changes", long, files, ofChange)
	}
	for _, seen := range []map[int]int{votes, watches} {
		if seen[204] == 0 || seen[404] == 0 || len(seen) != 2 {
			t.Errorf("answers %v, %v", votes, watches)
		}
	}
	for path, rows := range map[string]int{"/components": 12, "/milestones": 11, "/versions": 13} {
		if items := sameByKey(t, s, platform+path, "id", below(platform+path)); len(items) != rows {
			t.Errorf("%s: %d", path, len(items))
		}
		refuse(t, s, platform+path+"/7", http.StatusNotFound)
	}
}

func TestIssueJobs(t *testing.T) {
	s := tracked()
	for path, want := range map[string]string{
		"/platform/issues/export/platform-issues-1.zip": "202 ACCEPTED",
		"/platform/issues/export/platform-issues-2.zip": "202 STARTED",
		"/platform/issues/export/platform-issues-3.zip": "200 SUCCESS",
		"/platform/issues/import":                       "200 SUCCESS",
		"/web-app/issues/import":                        "202 STARTED",
	} {
		a := ask(s, "/2.0/repositories/acme"+path)
		status, state, _ := strings.Cut(want, " ")
		if fmt.Sprint(a.status) != status || !strings.Contains(string(a.body), `"status":"`+state+`"`) {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for _, path := range []string{"/platform/issues/export/platform-issues-9.zip", "/platform/issues/export/web-app-issues-1.zip", "/billing/issues/import"} {
		refuse(t, s, "/2.0/repositories/acme"+path, http.StatusNotFound)
	}
}

func TestIssueAnswersOnTheWire(t *testing.T) {
	s := New(Config{Issues: true, PullRequests: 12, Commits: 60})
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	do := func(path string) (int, string) {
		r, err := http.NewRequest(http.MethodGet, s.URL()+platform+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer demo")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	if status, body := do("/issues/2/watch"); status != http.StatusNoContent || body != "" {
		t.Errorf("%d %q", status, body)
	}
	files := 0
	for id := 20; id < 80; id++ {
		for _, name := range s.ws[0].repos[0].issueFiles(id) {
			files++
			if status, body := do(fmt.Sprintf("/issues/%d/attachments/%s", id, url.PathEscape(name))); status != http.StatusOK || !strings.Contains(body, name) {
				t.Errorf("%d %q", status, body)
			}
		}
	}
	if files == 0 {
		t.Error("no issue has a file")
	}
}

func (r *repository) issueFiles(id int) []string {
	r.loadTracker()
	return r.tracker.issues[id-1].attachments
}
