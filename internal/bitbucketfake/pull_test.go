package bitbucketfake

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func states(items []map[string]any) string {
	return strings.Join(unique(column(items, "state")), " ")
}

func TestPullRequestState(t *testing.T) {
	s := shared()
	const path = platform + "/pullrequests?pagelen=50"
	for query, want := range map[string]string{
		"":                                      "OPEN",
		"&state=MERGED":                         "MERGED",
		"&state=MERGED&state=DECLINED":          "DECLINED MERGED",
		"&state=OPEN&" + q(`id > 0`):            "DECLINED MERGED OPEN SUPERSEDED", // the trap: q takes the state parameters away
		"&state=ALL&" + q(`id > 0`):             "DECLINED MERGED OPEN SUPERSEDED",
		"&" + q(`title ~ "a"`):                  "DECLINED MERGED OPEN SUPERSEDED",
		"&" + q(`state = "OPEN" AND id > 0`):    "OPEN",
		"&" + q(`state IN ("OPEN","DECLINED")`): "DECLINED OPEN",
		"&" + q(`state = "open"`):               "",
		"&q=&state=DECLINED":                    "DECLINED",
	} {
		if items, _ := all(t, s, path+query); states(items) != want {
			t.Errorf("%s: states %s, want %s", query, states(items), want)
		}
	}
	refuse(t, s, path+"&state=CLOSED", http.StatusBadRequest)
}

func TestPullRequestMix(t *testing.T) {
	for _, c := range []Config{{}, {PullRequests: 2000, Commits: 3000}, {PullRequests: 600, Commits: 60}} {
		s := New(c)
		r := s.ws[0].repos[0]
		r.loadRefs()
		count := map[string]int{}
		for i, pr := range r.pulls {
			count[pr.state]++
			if pr.id != i+1 || pr.sourceHash == "" || pr.destHash == "" || pr.updated.Before(pr.created) || !pr.updated.Before(dataLimit.Add(time.Hour)) {
				t.Fatalf("%+v: pull request %d is odd: %+v", c, i+1, pr)
			}
			if i > 0 && !pr.created.After(r.pulls[i-1].created) {
				t.Errorf("%+v: %d is not younger than its predecessor: %v, %v", c, pr.id, pr.created, r.pulls[i-1].created)
			}
			if (pr.mergeHash != "") != (pr.state == "MERGED") || pr.closed.IsZero() != (pr.state == "OPEN") || pr.state != "OPEN" && pr.closed.Before(pr.created) {
				t.Errorf("%+v: %d is %s with merge commit %q, closed %v", c, pr.id, pr.state, pr.mergeHash, pr.closed)
			}
			for _, i := range pr.commits {
				if i < 0 || i >= r.commits {
					t.Errorf("%+v: %d has commit %d of %d", c, pr.id, i, r.commits)
				}
			}
			for _, h := range []string{pr.mergeHash, pr.destHash} {
				if h != "" && r.find(h[:12]) < 0 {
					t.Errorf("%+v: %d names the unknown commit %s", c, pr.id, h)
				}
			}
		}
		for state, percent := range map[string]int{"OPEN": 20, "MERGED": 60, "DECLINED": 10, "SUPERSEDED": 10} {
			if got := count[state] * 100 / len(r.pulls); got < percent-7 || got > percent+7 {
				t.Errorf("%+v: %d %% are %s, want about %d", c, got, state, percent)
			}
		}
	}
}

// The awkward values that a client has to get right do occur.
func TestPullRequestVariety(t *testing.T) {
	items, _ := all(t, shared(), anyState+"&pagelen=50&fields=%2Bvalues.participants,%2Bvalues.reviewers")
	seen := map[string]bool{}
	for _, m := range items {
		title := m["title"].(string)
		for _, x := range []string{"Fix", "fix", "%", "_", `"`, `\`, "修", "Ü", "<"} {
			seen["title "+x] = seen["title "+x] || strings.Contains(title, x)
		}
		seen["no author"] = seen["no author"] || m["author"] == nil
		seen["app user"] = seen["app user"] || dig(m, "author.type") == "app_user"
		seen["deleted author"] = seen["deleted author"] || m["author"] != nil && dig(m, "author.account_id") == nil
		seen["no source"] = seen["no source"] || dig(m, "source.repository") == nil && dig(m, "source.commit.hash") != nil
		seen["merged, not by anyone"] = seen["merged, not by anyone"] || m["state"] == "MERGED" && m["closed_by"] == nil
		seen["draft"] = seen["draft"] || m["draft"] == true
		seen["tasks"] = seen["tasks"] || m["task_count"] != 0.0
		seen["empty description"] = seen["empty description"] || m["description"] == ""
		seen["long description"] = seen["long description"] || len(m["description"].(string)) > 2000
		if h := dig(m, "source.commit.hash").(string); len(h) != 12 {
			t.Errorf("hash %s", h)
		}
		for _, p := range m["participants"].([]any) {
			seen[fmt.Sprint(dig(p, "state"), dig(p, "approved"))] = true
			seen["not yet"] = seen["not yet"] || dig(p, "participated_on") == nil
		}
	}
	for _, x := range []string{
		"title Fix", "title fix", "title %", "title _", `title "`, `title \`, "title 修", "title Ü", "no author", "app user", "deleted author", "no source",
		"merged, not by anyone", "draft", "tasks", "empty description", "long description", "approvedtrue", "changes_requestedfalse", "<nil> false", "not yet",
	} {
		if !seen[x] {
			t.Errorf("no pull request with %s", x)
		}
	}
	single := get(t, shared(), platform+"/pullrequests/11")
	if single["reviewers"] == nil || single["participants"] == nil || dig(single, "rendered.title.raw") != single["title"] {
		t.Errorf("single: %q", keys(single))
	}
	forked, _ := all(t, shared(), "/2.0/repositories/acme/docs-site/pullrequests?"+q(`source.repository.full_name = "acme/docs-site-fork"`))
	if len(forked) == 0 {
		t.Error("nothing comes from the fork")
	}
}

func TestComments(t *testing.T) {
	s := shared()
	seen := map[string]bool{}
	total := 0
	for _, pr := range s.ws[0].repos[0].pulls {
		path := fmt.Sprintf("%s/pullrequests/%d/comments", platform, pr.id)
		items, _ := all(t, s, path+"?pagelen=100")
		total += len(items)
		live := 0
		var last string
		for _, c := range items {
			if c["deleted"] == true {
				seen["deleted"] = true
			} else {
				live++
			}
			for _, k := range []string{"inline", "parent", "resolution"} {
				seen[k] = seen[k] || c[k] != nil
			}
			seen["pending"] = seen["pending"] || c["pending"] == true
			seen["from"] = seen["from"] || dig(c, "inline.from") != nil && dig(c, "inline.to") == nil
			if p := dig(c, "parent.id"); p != nil && !slices.Contains(column(items, "id"), fmt.Sprint(p)) {
				t.Errorf("parent %v is not there", p)
			}
			if on := c["created_on"].(string); last != "" && compareInstants(on, last) < 0 {
				t.Errorf("pull request %d: comments are not oldest first", pr.id)
			} else {
				last = on
			}
		}
		if m := get(t, s, fmt.Sprintf("%s/pullrequests/%d?fields=comment_count", platform, pr.id)); m["comment_count"] != float64(live) {
			t.Errorf("pull request %d: comment_count %v, comments %d", pr.id, m["comment_count"], live)
		}
	}
	if total < 200 {
		t.Errorf("only %d comments", total)
	}
	for _, x := range []string{"deleted", "inline", "parent", "resolution", "pending", "from"} {
		if !seen[x] {
			t.Errorf("no comment with %s", x)
		}
	}
	c := values(get(t, s, platform+"/pullrequests/11/comments"))[1]
	one := get(t, s, fmt.Sprintf("%s/pullrequests/11/comments/%.0f", platform, c["id"]))
	if one["created_on"] != c["created_on"] {
		t.Error("the single comment differs")
	}
	refuse(t, s, platform+"/pullrequests/11/comments/1", http.StatusNotFound)
	back, _ := all(t, s, platform+"/pullrequests/11/comments?sort=-updated_on")
	if on := column(back, "updated_on"); compareInstants(on[0], on[1]) < 0 {
		t.Error("sort=-updated_on")
	}
}

func TestActivity(t *testing.T) {
	s := shared()
	items, _ := all(t, s, platform+"/pullrequests/activity?pagelen=50")
	kinds := map[string]int{}
	var last string
	for _, m := range items {
		var on any
		for kind, path := range map[string]string{
			"update": "update.date", "comment": "comment.created_on", "approval": "approval.date", "changes_requested": "changes_requested.date",
		} {
			if m[kind] != nil {
				kinds[kind]++
				on = dig(m, path)
			}
		}
		if len(m) != 2 || on == nil || dig(m, "pull_request.id") == nil {
			t.Fatalf("entry %v", keys(m))
		}
		if last != "" && compareInstants(on.(string), last) > 0 {
			t.Fatal("activity is not newest first")
		}
		last = on.(string)
	}
	if len(kinds) != 4 {
		t.Errorf("kinds %v", kinds)
	}
	perPull := 0
	for _, pr := range s.ws[0].repos[0].pulls {
		one, _ := all(t, s, fmt.Sprintf("%s/pullrequests/%d/activity", platform, pr.id))
		perPull += len(one)
	}
	if perPull != len(items) {
		t.Errorf("%d entries together, %d one by one", len(items), perPull)
	}
}

func TestPullCommitsWhenTheForkIsGone(t *testing.T) {
	s := shared()
	gone, empty := false, false
	for _, pr := range s.ws[0].repos[0].pulls {
		path := fmt.Sprintf("%s/pullrequests/%d/commits", platform, pr.id)
		switch {
		case pr.source == nil:
			gone = true
			refuse(t, s, path, http.StatusNotFound)
		case pr.state == "DECLINED":
			empty = true
			if m := get(t, s, path); len(values(m)) != 0 {
				t.Errorf("%d still has commits", pr.id)
			}
		}
	}
	if !gone || !empty {
		t.Error("neither case occurs")
	}
}

func TestStatuses(t *testing.T) {
	s := shared()
	n := map[string]int{}
	for id := 1; id <= 120; id++ {
		for _, v := range values(get(t, s, fmt.Sprintf("%s/pullrequests/%d/statuses", platform, id))) {
			n[v["state"].(string)]++
			if v["refname"] == nil {
				n["no ref"]++
			}
		}
	}
	if len(n) != 5 {
		t.Errorf("%v", n)
	}
}
