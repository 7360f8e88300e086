package bitbucketfake

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestHashesGiveTheirNumberBack(t *testing.T) {
	r := New(Config{Commits: 100_000}).ws[0].repos[0]
	r.load()
	if r.commits != 100_000 {
		t.Fatalf("%d commits", r.commits)
	}
	for _, i := range []int{0, 1, 7, 4_999, 77_777, 99_999} {
		h := r.hash(i)
		if len(h) != 40 || r.find(h) != i || r.find(h[:12]) != i || r.find(h[:9]) != i {
			t.Errorf("%d: %s gives %d, %d, %d", i, h, r.find(h), r.find(h[:12]), r.find(h[:9]))
		}
	}
	for _, h := range []string{"", "abc", strings.Repeat("0", 40), r.hash(5)[:39] + "x", strings.ToUpper(r.hash(5))} {
		if r.find(h) >= 0 {
			t.Errorf("%q was found", h)
		}
	}
}

// walk is the definition that include and exclude are checked against: parents as the answers give them.
func walk(parents map[string][]string, from ...string) map[string]bool {
	seen := map[string]bool{}
	for len(from) > 0 {
		h := from[0]
		from = from[1:]
		if !seen[h] {
			seen[h] = true
			from = append(from, parents[h]...)
		}
	}
	return seen
}

func TestCommitGraph(t *testing.T) {
	s := shared()
	items, _ := all(t, s, platform+"/commits?pagelen=100")
	parents, at := map[string][]string{}, map[string]int{}
	unmapped, merges, late := 0, 0, 0
	for i, m := range items {
		h := m["hash"].(string)
		at[h] = i
		for _, p := range m["parents"].([]any) {
			parents[h] = append(parents[h], dig(p, "hash").(string))
		}
		if i > 0 && compareInstants(m["date"].(string), items[i-1]["date"].(string)) > 0 {
			late++
		}
		if len(parents[h]) == 2 {
			merges++
		}
		if dig(m, "author.user") == nil && dig(m, "author.raw") != nil {
			unmapped++
		}
	}
	for h, ps := range parents {
		for _, p := range ps {
			if i, ok := at[p]; !ok || i <= at[h] {
				t.Fatalf("parent %s of %s is missing or newer", p, h)
			}
		}
	}
	if unmapped < 5 || merges < 50 {
		t.Errorf("%d unmapped authors, %d merges", unmapped, merges)
	}
	if late == 0 || late > 25 {
		t.Errorf("%d of 500 commits are younger than the one before them", late)
	}
	heads := map[string]string{}
	branches, _ := all(t, s, platform+"/refs/branches?pagelen=100")
	for _, b := range branches {
		heads[b["name"].(string)] = dig(b, "target.hash").(string)
	}
	var feature string
	for name := range heads {
		if strings.Contains(name, "PLAT-") {
			feature = name
		}
	}
	for query, want := range map[string]map[string]bool{
		"?include=main": walk(parents, heads["main"]),
		"/main":         walk(parents, heads["main"]),
		"/" + url.PathEscape(feature) + "?exclude=main":                                minus(walk(parents, heads[feature]), walk(parents, heads["main"])),
		"?include=" + url.QueryEscape(feature) + "&include=main&exclude=release%2F2.1": minus(walk(parents, heads[feature], heads["main"]), walk(parents, heads["release/2.1"])),
		"?exclude=main": minus(walk(parents, items[0]["hash"].(string)), nil),
	} {
		if query == "?exclude=main" { // all that main has not
			want = map[string]bool{}
			main := walk(parents, heads["main"])
			for h := range at {
				if !main[h] {
					want[h] = true
				}
			}
		}
		sep := "?"
		if strings.Contains(query, "?") {
			sep = "&"
		}
		got, _ := all(t, s, platform+"/commits"+query+sep+"pagelen=100")
		if len(got) != len(want) {
			t.Errorf("%s: %d commits, want %d", query, len(got), len(want))
		}
		for _, m := range got {
			if !want[m["hash"].(string)] {
				t.Errorf("%s: %s does not belong", query, m["hash"])
			}
		}
	}
	docs, _ := all(t, s, platform+"/commits?path=docs/&include=main")
	if len(docs) == 0 || len(docs) > 200 {
		t.Errorf("path: %d commits", len(docs))
	}
	for _, bad := range []string{"/nope", "?include=nope", "?exclude=nope&include=main"} {
		if msg := refuse(t, s, platform+"/commits"+bad, http.StatusNotFound); msg != "Commit not found" {
			t.Errorf("%s: %q", bad, msg)
		}
	}
}

func minus(a, b map[string]bool) map[string]bool {
	out := map[string]bool{}
	for k := range a {
		if !b[k] {
			out[k] = true
		}
	}
	return out
}

func TestSingleCommit(t *testing.T) {
	s := shared()
	h := values(get(t, s, platform+"/commits/main"))[0]["hash"].(string)
	for _, rev := range []string{h, h[:12], h[:8], "main", "HEAD"} {
		if m := get(t, s, platform+"/commit/"+rev); m["hash"] != h || m["participants"] == nil {
			t.Errorf("%s gives %v", rev, m["hash"])
		}
	}
	a := ask(s, platform+"/commit/0000000000")
	if a.status != 404 || string(a.body) != `{"type":"error","error":{"message":"Commit not found","data":{"shas":["0000000000"]}},"data":{"shas":["0000000000"]}}` {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestRefs(t *testing.T) {
	s := shared()
	branches, _ := all(t, s, platform+"/refs/branches")
	tags, _ := all(t, s, platform+"/refs/tags")
	refs, _ := all(t, s, platform+"/refs?pagelen=100")
	if len(refs) != len(branches)+len(tags) || len(branches) < 20 || len(tags) < 10 {
		t.Errorf("%d branches, %d tags, %d refs", len(branches), len(tags), len(refs))
	}
	light := 0
	for _, m := range refs {
		name, kind := m["name"].(string), "branches"
		if m["type"] == "tag" {
			kind = "tags"
			if m["tagger"] == nil {
				light++
				if m["message"] != nil || m["date"] != nil {
					t.Errorf("lightweight tag %v", m)
				}
			}
		}
		one := get(t, s, platform+"/refs/"+kind+"/"+url.PathEscape(name))
		if one["name"] != name || dig(one, "target.hash") != dig(m, "target.hash") || len(dig(m, "target.hash").(string)) != 40 {
			t.Errorf("%s: %v", name, one["name"])
		}
	}
	if light == 0 || light == len(tags) {
		t.Errorf("%d of %d tags are lightweight", light, len(tags))
	}
	if m := get(t, s, platform+"/refs/branches/release/2.1"); m["name"] != "release/2.1" {
		t.Errorf("%v", m["name"])
	}
	if m := get(t, s, "/2.0/repositories/acme/web-app/refs/tags"); m["size"] != nil || m["next"] == nil {
		t.Errorf("tags of web-app: size %v, next %v", m["size"], m["next"])
	}
	if m := get(t, s, "/2.0/repositories/acme/sandbox/refs/branches"); m["size"] != 0.0 {
		t.Errorf("an empty repository has branches: %v", m)
	}
	if m := get(t, s, "/2.0/repositories/acme/sandbox/commits"); len(values(m)) != 0 {
		t.Errorf("an empty repository has commits: %v", m)
	}
	refuse(t, s, platform+"/refs/branches/nope", http.StatusNotFound)
}
