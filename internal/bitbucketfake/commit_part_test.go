package bitbucketfake

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"testing"
)

// sameAlone checks that every row of a list is what its own address gives, by each of its keys.
func sameAlone(t *testing.T, s *Server, path string, items []map[string]any, keys ...string) {
	t.Helper()
	for _, m := range items {
		for _, k := range keys {
			key := fmt.Sprint(dig(m, k))
			if f, ok := dig(m, k).(float64); ok {
				key = fmt.Sprintf("%.0f", f)
			}
			if one := get(t, s, path+"/"+url.PathEscape(key)); !reflect.DeepEqual(one, m) {
				t.Errorf("%s by %s:\n%v\n%v", path, key, one, m)
			}
		}
	}
}

func TestCommitComments(t *testing.T) {
	s := shared()
	path := platform + "/commit/main/comments"
	items, pages := all(t, s, path)
	if len(items) != 14 || pages != 2 {
		t.Errorf("%d comments in %d pages", len(items), pages)
	}
	sameAlone(t, s, path, items, "id")
	deleted, replies := 0, 0
	for i, m := range items {
		if m["deleted"] == true {
			deleted++
			if dig(m, "content.raw") != "" {
				t.Errorf("a deleted comment has a text: %v", m)
			}
		}
		if m["parent"] != nil {
			replies++
		}
		if i > 0 && compareInstants(m["created_on"].(string), items[i-1]["created_on"].(string)) < 0 {
			t.Errorf("comment %d is older than the one before", i)
		}
		if m["type"] != "commit_comment" || m["pending"] != nil || m["inline"] != nil && dig(m, "inline.path") == nil {
			t.Errorf("%v", m)
		}
	}
	if deleted == 0 || replies == 0 {
		t.Errorf("%d deleted, %d replies", deleted, replies)
	}
	down, _ := all(t, s, path+"?sort=-created_on&pagelen=100")
	slices.Reverse(down)
	if !slices.Equal(column(down, "id"), column(items, "id")) {
		t.Error("sort=-created_on is not the reverse")
	}
	if some, _ := all(t, s, path+"?"+q("created_on > "+items[4]["created_on"].(string))); len(some) != 9 {
		t.Errorf("%d later", len(some))
	}
	refuse(t, s, path+"?"+q(`content.raw ~ "x"`), http.StatusBadRequest)
	refuse(t, s, path+"/1", http.StatusNotFound)
	refuse(t, s, platform+"/commit/nope/comments", http.StatusNotFound)
	for _, branch := range column(values(get(t, s, platform+"/refs/branches?pagelen=100")), "name") {
		for _, part := range []string{"comments", "reports"} {
			if m := get(t, s, platform+"/commit/"+url.PathEscape(branch)+"/"+part); m["size"] == 0.0 {
				t.Errorf("the newest commit of %s has no %s", branch, part)
			}
		}
	}
}

func TestCommitStatuses(t *testing.T) {
	s := shared()
	path := platform + "/commit/main/statuses"
	items, pages := all(t, s, path)
	if len(items) < 33 || pages != 2 {
		t.Errorf("%d statuses in %d pages", len(items), pages)
	}
	sameAlone(t, s, path+"/build", items, "key")
	named, _ := all(t, s, path+"?refname=main")
	same, _ := all(t, s, path+"?"+q(`refname = "main"`))
	if len(named) == 0 || len(named) == len(items) || !reflect.DeepEqual(named, same) {
		t.Errorf("%d of %d on main, q gives %d", len(named), len(items), len(same))
	}
	failed, _ := all(t, s, path+"?"+q(`state = "FAILED"`))
	if len(failed) == 0 || len(failed) == len(items) {
		t.Errorf("%d of %d failed", len(failed), len(items))
	}
	refuse(t, s, path+"?"+q(`url = "x"`), http.StatusBadRequest)
	refuse(t, s, path+"/build/nope", http.StatusNotFound)
	refuse(t, s, path+"/build", http.StatusNotFound)
	// The statuses of a pull request are those of its newest commit.
	found := 0
	for id := 1; id <= 120 && found < 5; id++ {
		pr := fmt.Sprintf("%s/pullrequests/%d", platform, id)
		mine := column(values(get(t, s, pr+"/statuses")), "key")
		a := ask(s, platform+"/commit/"+dig(get(t, s, pr), "source.commit.hash").(string)+"/statuses")
		if len(mine) == 0 || a.status != 200 {
			continue
		}
		found++
		theirs := column(values(get(t, s, platform+"/commit/"+dig(get(t, s, pr), "source.commit.hash").(string)+"/statuses")), "key")
		for _, k := range mine {
			if !slices.Contains(theirs, k) {
				t.Errorf("pull request %d: its commit lacks %s", id, k)
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d pull requests have statuses", found)
	}
}

func TestReports(t *testing.T) {
	s := shared()
	path := platform + "/commit/main/reports"
	items, pages := all(t, s, path)
	if len(items) != 12 || pages != 2 {
		t.Errorf("%d reports in %d pages", len(items), pages)
	}
	sameAlone(t, s, path, items, "uuid", "external_id")
	kinds := map[string]any{}
	for _, m := range items {
		for _, d := range m["data"].([]any) {
			kinds[dig(d, "type").(string)] = dig(d, "value")
		}
	}
	for kind, want := range map[string]any{
		"BOOLEAN": true, "DATE": 1.0, "DURATION": 1.0, "LINK": map[string]any{}, "NUMBER": 1.0, "PERCENTAGE": 1.0, "TEXT": "",
	} {
		if have := kinds[kind]; reflect.TypeOf(have) != reflect.TypeOf(want) {
			t.Errorf("%s is %T", kind, have)
		}
	}
	notes := path + "/" + items[0]["external_id"].(string) + "/annotations"
	found, pages := all(t, s, notes)
	if len(found) != 27 || pages != 3 {
		t.Errorf("%d annotations in %d pages", len(found), pages)
	}
	sameAlone(t, s, notes, found, "uuid", "external_id")
	nulls := map[string]bool{}
	for _, m := range found {
		for _, k := range []string{"path", "line", "severity", "result", "link"} {
			if v, ok := m[k]; ok && v == nil {
				nulls[k] = true
			}
		}
	}
	if len(nulls) < 4 {
		t.Errorf("null are only %v", nulls)
	}
	for _, p := range []string{"/nope", "/nope/annotations", "/" + items[0]["uuid"].(string) + "/annotations/nope"} {
		refuse(t, s, path+p, http.StatusNotFound)
	}
}

func TestCommitPullRequests(t *testing.T) {
	s := New(Config{PullRequests: 12, Commits: 60})
	r := s.ws[0].repos[0]
	r.load()
	path := platform + "/commit/" + r.hash(unindexed) + "/pullrequests"
	first := ask(s, path)
	if first.status != http.StatusAccepted || first.header.Get("Etag") != "" {
		t.Errorf("%d %s", first.status, cut(first.body))
	}
	if again := get(t, s, path); again["size"] != 1.0 {
		t.Errorf("%v", again)
	}
	for _, pr := range r.pulls {
		for _, i := range pr.commits {
			if got := column(values(get(t, s, platform+"/commit/"+r.hash(i)+"/pullrequests")), "id"); !slices.Contains(got, pr.idText()) {
				t.Errorf("commit %d: %v, not %d", i, got, pr.id)
			}
		}
	}
	if m := get(t, s, platform+"/commit/"+r.hash(0)+"/pullrequests"); m["size"] != 0.0 {
		t.Errorf("%v", m)
	}
	refuse(t, s, "/2.0/repositories/acme/billing/commit/master/pullrequests", http.StatusNotFound)
}

func TestProperties(t *testing.T) {
	s := shared()
	for _, path := range []string{platform, platform + "/commit/main"} {
		if m := get(t, s, path+"/properties/acme-app/notes"); m["_attributes"] == nil || m["about"] == nil {
			t.Errorf("%v", m)
		}
		refuse(t, s, path+"/properties/acme-app/nope", http.StatusNotFound)
		refuse(t, s, path+"/properties/nope/notes", http.StatusNotFound)
	}
}
