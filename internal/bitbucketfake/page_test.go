package bitbucketfake

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestNumberedPages(t *testing.T) {
	s := shared()
	m := get(t, s, anyState+"&pagelen=50")
	if m["size"] != 120.0 || m["page"] != 1.0 || m["pagelen"] != 50.0 || len(values(m)) != 50 || m["previous"] != nil {
		t.Fatalf("first page: size %v page %v pagelen %v previous %v", m["size"], m["page"], m["pagelen"], m["previous"])
	}
	if next := m["next"].(string); !strings.Contains(next, "state=OPEN&state=MERGED") || !strings.Contains(next, "pagelen=50") ||
		!strings.HasPrefix(next, "http://fake.test"+platform+"/pullrequests?") {
		t.Errorf("next lost its query: %s", next)
	}
	m = get(t, s, anyState+"&pagelen=50&page=3")
	if len(values(m)) != 20 || m["next"] != nil || !strings.HasSuffix(m["previous"].(string), "page=2") {
		t.Errorf("last page: %d values, next %v, previous %v", len(values(m)), m["next"], m["previous"])
	}
	items, pages := all(t, s, anyState)
	if len(items) != 120 || pages != 12 {
		t.Errorf("%d items in %d pages of the default length", len(items), pages)
	}
	ids := column(items, "id")
	if ids[0] != "120" || ids[119] != "1" || len(slices.Compact(ids)) != 120 {
		t.Errorf("ids are not 120 … 1: %v", ids)
	}
}

func TestPageLimits(t *testing.T) {
	s := shared()
	for path, longest := range map[string]int{
		"/2.0/repositories/acme":               100,
		platform + "/pullrequests":             50,
		platform + "/pullrequests/activity":    50,
		platform + "/pullrequests/11/activity": 50,
		platform + "/pullrequests/11/comments": 100,
		platform + "/pullrequests/10/commits":  100,
		platform + "/pullrequests/10/statuses": 100,
		platform + "/commits":                  100,
		platform + "/commits/main":             100,
		platform + "/refs":                     100,
		platform + "/refs/branches":            100,
		platform + "/refs/tags":                100,
		platform + "/pipelines":                100,
		platform + "/environments/":            100,
		platform + "/deployments/":             100,
		"/2.0/workspaces/acme/members":         100,
		"/2.0/workspaces/acme/projects":        100,
		"/2.0/user/workspaces":                 100,
	} {
		get(t, s, fmt.Sprintf("%s?pagelen=%d", path, longest))
		for _, bad := range []string{fmt.Sprint(longest + 1), "0", "-1", "x"} {
			if msg := refuse(t, s, path+"?pagelen="+bad, http.StatusBadRequest); msg != "Invalid pagelen" {
				t.Errorf("%s: %q", path, msg)
			}
		}
	}
	for path, def := range map[string]float64{
		"/2.0/repositories/acme": 10, "/2.0/user/workspaces": 25, platform + "/commits": 30, platform + "/pullrequests/activity": 20,
		platform + "/pullrequests/10/statuses": 30,
	} {
		if m := get(t, s, path); m["pagelen"] != def {
			t.Errorf("%s: default length %v, want %v", path, m["pagelen"], def)
		}
	}
}

func TestPagePastTheEnd(t *testing.T) {
	s := shared()
	for _, page := range []string{"0", "x", "-3", "99999999999999999999"} {
		refuse(t, s, anyState+"&page="+page, http.StatusBadRequest)
	}
	if msg := refuse(t, s, anyState+"&page=13", http.StatusNotFound); msg != "Invalid page" {
		t.Errorf("%q", msg)
	}
	if m := get(t, s, "/2.0/repositories/acme/sandbox/pullrequests?page=1"); m["size"] != 0.0 || len(values(m)) != 0 {
		t.Errorf("empty list: %v", m)
	}
	refuse(t, s, platform+"/commits?ctx=nonsense&page=2", http.StatusBadRequest)
	refuse(t, s, platform+"/pullrequests/10/commits?page=zzzz", http.StatusBadRequest)
}

func TestCommitChain(t *testing.T) {
	s := shared()
	m := get(t, s, platform+"/commits?pagelen=100")
	if m["size"] != nil || m["page"] != nil || m["previous"] != nil {
		t.Errorf("a chain has no size, page and previous: %v %v %v", m["size"], m["page"], m["previous"])
	}
	if next := m["next"].(string); !strings.Contains(next, "ctx=") || !strings.Contains(next, "page=2") {
		t.Errorf("next %s", next)
	}
	items, pages := all(t, s, platform+"/commits?pagelen=100")
	if len(items) != 500 || pages != 5 {
		t.Errorf("%d commits in %d pages", len(items), pages)
	}
	if hashes := column(items, "hash"); len(unique(hashes)) != 500 || len(hashes[0]) != 40 {
		t.Error("hashes are not 500 different ones of 40 digits")
	}
	// A page number without its context starts the chain again.
	again := get(t, s, platform+"/commits?pagelen=100&page=3")
	if !reflect.DeepEqual(column(values(again), "hash"), column(values(m), "hash")) {
		t.Error("page alone moved the chain")
	}
	a, _ := all(t, s, platform+"/pullrequests/activity?pagelen=50")
	b, _ := all(t, s, platform+"/pullrequests/activity?q=ignored(&sort=nonsense")
	if len(a) < 400 || len(a) != len(b) {
		t.Errorf("activity: %d entries, and %d with q and sort that are to be ignored", len(a), len(b))
	}
}

func TestPullCommitPages(t *testing.T) {
	s := shared()
	long := 0
	for _, pr := range s.ws[0].repos[0].pulls {
		if len(pr.commits) <= 10 {
			continue
		}
		long++
		path := fmt.Sprintf("%s/pullrequests/%d/commits", platform, pr.id)
		m := get(t, s, path)
		if m["size"] != nil || strings.Contains(m["next"].(string), "page=2") {
			t.Errorf("size %v, next %v", m["size"], m["next"])
		}
		if items, _ := all(t, s, path); len(unique(column(items, "hash"))) != len(pr.commits) {
			t.Errorf("%d of %d commits", len(items), len(pr.commits))
		}
	}
	if long == 0 {
		t.Error("no pull request has more than one page of commits")
	}
}

func TestStepsInOnePage(t *testing.T) {
	m := get(t, shared(), platform+"/pipelines/3/steps?pagelen=1")
	if n := len(values(m)); n < 1 || m["next"] != nil || m["size"] != float64(n) {
		t.Errorf("%d steps, size %v, next %v", n, m["size"], m["next"])
	}
	for _, p := range shared().ws[0].repos[0].pipelines {
		if len(p.steps) > 1 {
			return
		}
	}
	t.Error("no pipeline has two steps")
}

func TestPipelineNextDropsSort(t *testing.T) {
	m := get(t, shared(), platform+"/pipelines?sort=-created_on&fields=%2Bvalues.x&pagelen=20&status=PASSED&status=FAILED")
	next := m["next"].(string)
	if strings.Contains(next, "sort") || strings.Contains(next, "fields") || !strings.Contains(next, "status=PASSED&status=FAILED") {
		t.Errorf("next %s", next)
	}
}

func TestTokens(t *testing.T) {
	for _, start := range []int{0, 1, 30, 99_970, 1 << 29} {
		token := makeToken(start, "/a")
		if got, ok := openToken(token, "/a"); !ok || got != start {
			t.Errorf("%d: %q gives %d, %v", start, token, got, ok)
		}
		if got, ok := openToken(token, "/b"); ok {
			t.Errorf("%q of another path gives %d", token, got)
		}
	}
}

func unique(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
