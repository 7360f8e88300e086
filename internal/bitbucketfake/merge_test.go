package bitbucketfake

import (
	"net/http"
	"strings"
	"testing"
)

func TestPullRequestRedirects(t *testing.T) {
	s := shared()
	pr := s.ws[0].repos[0].pulls
	if pr == nil {
		get(t, s, platform+"/pullrequests")
		pr = s.ws[0].repos[0].pulls
	}
	for _, id := range []int{3, 50, 119} {
		self := platform + "/pullrequests/" + pr[id-1].idText()
		links := get(t, s, self)["links"]
		for path, want := range map[string]string{
			"diff": dig(links, "diff.href").(string), "diffstat": dig(links, "diffstat.href").(string),
			"patch":     strings.Replace(dig(links, "diff.href").(string), "/diff/", "/patch/", 1),
			"conflicts": strings.Replace(dig(links, "diff.href").(string), "/diff/", "/file-conflicts/", 1),
		} {
			a := ask(s, self+"/"+path+"?pagelen=20")
			want = strings.Replace(want, "https://api.bitbucket.org", "http://fake.test", 1)
			if a.status != http.StatusFound || a.header.Get("Location") != want {
				t.Errorf("%s: %d to %s, want %s", path, a.status, a.header.Get("Location"), want)
			}
		}
	}
	// An open pull request's own commits are there, so the redirect leads somewhere.
	open, _ := all(t, s, platform+"/pullrequests?pagelen=50&"+q(`state = "OPEN"`))
	led := 0
	for _, m := range open {
		for _, path := range []string{"diffstat", "diff", "patch", "conflicts"} {
			a := ask(s, strings.TrimPrefix(dig(m, "links.self.href").(string), "https://api.bitbucket.org")+"/"+path)
			if b := ask(s, strings.TrimPrefix(a.header.Get("Location"), "http://fake.test")); b.status == http.StatusOK {
				led++
			} else if b.status != http.StatusNotFound {
				t.Errorf("%s: %d %s", a.header.Get("Location"), b.status, cut(b.body))
			}
		}
	}
	if led == 0 {
		t.Error("no redirect leads to an answer")
	}
	refuse(t, s, platform+"/pullrequests/3/nope", http.StatusNotFound)
	refuse(t, s, platform+"/pullrequests/99999/diffstat", http.StatusNotFound)
}

func TestMergeability(t *testing.T) {
	s := shared()
	items, _ := all(t, s, anyState+"&pagelen=50")
	seen := map[string]bool{}
	for _, p := range items {
		m := get(t, s, strings.TrimPrefix(dig(p, "links.self.href").(string), "https://api.bitbucket.org")+"/mergeability/checks?pagelen=1&page=2")
		v := values(m)
		if m["size"] != float64(len(v)) || len(v) != 3 || m["pagelen"] != nil || m["page"] != nil {
			t.Fatalf("checks %v", m)
		}
		if v[0]["state"] != p["state"] || (v[0]["status"] == "PASSED") != (p["state"] == "OPEN") || v[0]["blocking"] != (p["state"] != "OPEN") {
			t.Errorf("%v: %v", p["state"], v[0])
		}
		if reason, has := v[1]["reason"]; !has || reason != nil {
			t.Errorf("reason %v", reason)
		}
		seen[v[2]["reason"].(string)] = true
		if (v[2]["status"] == "PASSED") != (v[2]["reason"] == "clean") {
			t.Errorf("%v", v[2])
		}
	}
	if !seen["clean"] || !seen["conflicts"] || !seen["unknown"] {
		t.Errorf("seen %v", seen)
	}
}

func TestMergeTaskAndProperty(t *testing.T) {
	s := shared()
	get(t, s, platform+"/pullrequests")
	var merged []*pullRequest
	for _, pr := range s.ws[0].repos[0].pulls {
		if pr.state == "MERGED" {
			merged = append(merged, pr)
		}
	}
	path := platform + "/pullrequests/" + merged[0].idText()
	m := get(t, s, path+"/merge/task-status/"+merged[0].mergeTask())
	if m["task_status"] != "SUCCESS" || dig(m, "merge_result.id") != float64(merged[0].id) || dig(m, "links.self.href") == nil {
		t.Errorf("%v", m)
	}
	if m = get(t, s, path+"/merge/task-status/no-such-task"); m["task_status"] != "PENDING" || m["merge_result"] != nil {
		t.Errorf("%v", m)
	}
	refuse(t, s, path+"/merge/task-status/"+merged[1].mergeTask(), http.StatusBadRequest)

	m = get(t, s, path+"/properties/acme-app/notes")
	if attributes, _ := m["_attributes"].([]any); len(attributes) != 1 || attributes[0] != "public" || m["text"] == nil {
		t.Errorf("property %v", m)
	}
	refuse(t, s, path+"/properties/acme-app/other", http.StatusNotFound)
	refuse(t, s, path+"/properties/other-app/notes", http.StatusNotFound)
}
