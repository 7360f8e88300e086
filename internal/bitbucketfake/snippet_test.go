package bitbucketfake

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const snippets = "/2.0/snippets/acme"

func TestSnippets(t *testing.T) {
	s := shared()
	refuse(t, s, "/2.0/snippets", http.StatusGone)
	items := paged(t, s, snippets, 14)
	folded := map[string]bool{}
	numeric := false
	for _, m := range items {
		id := m["id"].(string)
		folded[strings.ToLower(id)] = true
		numeric = numeric || id == "0042"
		one := get(t, s, snippets+"/"+id)
		files, ok := one["files"].(map[string]any)
		if !ok || len(files) == 0 || m["files"] != nil {
			t.Errorf("%s: files %v, in the list %v", id, one["files"], m["files"])
		}
		delete(one, "files")
		if !reflect.DeepEqual(one, m) {
			t.Errorf("%v differs from the list: %v", one, m)
		}
	}
	if len(folded) != 13 || !numeric {
		t.Errorf("%d ids without regard to case", len(folded))
	}
	owner, _ := all(t, s, snippets+"?role=owner")
	if len(owner) == 0 || len(owner) != count0(items, "creator.uuid", s.users[0].uuid) {
		t.Errorf("%d of mine", len(owner))
	}
	if some := paged(t, s, snippets+"?role=contributor", 7); some[0]["id"] == items[0]["id"] {
		t.Error("the youngest is a contributor's")
	}
	refuse(t, s, snippets+"?role=king", http.StatusBadRequest)
	refuse(t, s, snippets+"/none", http.StatusNotFound)
	refuse(t, s, "/2.0/snippets/none", http.StatusNotFound)
	paged(t, s, "/2.0/snippets/acme-labs", 0)
	scoped(t, s, snippets, "snippet")
}

func TestSnippetParts(t *testing.T) {
	s := shared()
	items, _ := all(t, s, snippets)
	first := snippets + "/" + items[13]["id"].(string)
	byID := func(m map[string]any) string { return fmt.Sprintf("%.0f", m["id"]) }
	byHash := func(m map[string]any) string { return m["hash"].(string) }
	comments := paged(t, s, first+"/comments", 13)
	deleted, replies := 0, 0
	for _, c := range comments {
		if c["deleted"] == true {
			deleted++
		}
		if c["parent"] != nil {
			replies++
		}
	}
	if deleted != 1 || replies != 2 {
		t.Errorf("%d deleted, %d replies", deleted, replies)
	}
	down, _ := all(t, s, first+"/comments?sort=-created_on")
	if down[0]["id"] != comments[12]["id"] {
		t.Errorf("%v comes first", down[0]["id"])
	}
	refuse(t, s, first+"/comments?"+q("id = 1"), http.StatusBadRequest)
	paged(t, s, first+"/commits", 11)
	paged(t, s, first+"/watchers", 12)
	empty := map[string]int{}
	for _, m := range items {
		path := snippets + "/" + m["id"].(string)
		for part, key := range map[string]func(map[string]any) string{"comments": byID, "commits": byHash} {
			list, _ := all(t, s, path+"/"+part)
			keyed(t, s, path+"/"+part, list, key)
			if len(list) == 0 {
				empty[part]++
			}
		}
		watchers, _ := all(t, s, path+"/watchers")
		want := http.StatusNotFound
		if count0(watchers, "uuid", s.users[0].uuid) > 0 {
			want = http.StatusNoContent
		}
		if len(watchers) == 0 {
			empty["watchers"]++
		}
		if a := ask(s, path+"/watch"); a.status != want || a.status == http.StatusNoContent && (len(a.body) > 0 || a.header.Get("Etag") != "") {
			t.Errorf("%s/watch: %d %s", path, a.status, a.body)
		}
	}
	if empty["comments"] == 0 || empty["commits"] > 0 || empty["watchers"] != 4 {
		t.Errorf("empty lists: %v", empty)
	}
}

// Over a real connection: redirects are followed, and an answer without a body ends.
func TestSnippetsOverHTTP(t *testing.T) {
	s := small(t)
	for _, m := range must(all(t, s, snippets)) {
		path := snippets + "/" + m["id"].(string)
		for name := range get(t, s, path)["files"].(map[string]any) {
			r, body, err := fetch(t, s, strings.TrimPrefix(path, "/2.0")+"/files/"+url.PathEscape(name))
			if err != nil || r.StatusCode != http.StatusOK || r.Request.URL.Path == path+"/files/"+name {
				t.Errorf("%s %s: %v %s", path, name, err, cut(body))
			}
		}
		r, body, err := fetch(t, s, strings.TrimPrefix(path, "/2.0")+"/watch")
		if err != nil || r.StatusCode != ask(s, path+"/watch").status || (r.StatusCode == http.StatusNoContent) != (len(body) == 0) {
			t.Errorf("%s/watch: %v %s", path, err, cut(body))
		}
	}
}

// A patch of every revision in turn makes, with git's own tool, the files of the newest one.
func TestSnippetRevisions(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git here")
	}
	s := shared()
	for _, m := range must(all(t, s, snippets)) {
		id := m["id"].(string)
		path, dir := snippets+"/"+id, t.TempDir()
		commits, _ := all(t, s, path+"/commits")
		binary := false
		var node map[string]any
		for k := len(commits) - 1; k >= 0; k-- {
			hash := commits[k]["hash"].(string)
			if parents := commits[k]["parents"].([]any); len(parents) != min(1, len(commits)-1-k) || len(parents) > 0 && dig(parents[0], "hash") != commits[k+1]["hash"] {
				t.Errorf("%s: parents %v", id, parents)
			}
			node = get(t, s, path+"/"+hash)
			diff := ask(s, path+"/"+hash+"/diff")
			patch := ask(s, path+"/"+hash[:9]+"/patch")
			if diff.header.Get("Content-Type") != "text/plain" || !strings.Contains(string(patch.body), string(diff.body)) || !strings.HasPrefix(string(patch.body), "From "+hash) {
				t.Errorf("%s: %s\n%s", hash, cut(diff.body), cut(patch.body))
			}
			if binary = binary || strings.Contains(string(diff.body), "Binary files"); binary {
				continue
			}
			cmd := exec.Command(git, "apply", "-")
			cmd.Dir, cmd.Stdin = dir, strings.NewReader(string(diff.body))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v %s\n%s", id, err, out, diff.body)
			}
		}
		head := get(t, s, path)
		if !reflect.DeepEqual(head, node) {
			t.Errorf("%s is not its newest revision", id)
		}
		for name, f := range head["files"].(map[string]any) {
			raw := ask(s, path+"/"+commits[0]["hash"].(string)+"/files/"+url.PathEscape(name))
			linked := ask(s, strings.TrimPrefix(dig(f, "links.self.href").(string), "https://api.bitbucket.org"))
			short := ask(s, path+"/files/"+url.PathEscape(name))
			moved := ask(s, strings.TrimPrefix(short.header.Get("Location"), "http://fake.test"))
			if raw.status != http.StatusOK || string(linked.body) != string(raw.body) || short.status != http.StatusFound || string(moved.body) != string(raw.body) {
				t.Errorf("%s %s: %d, %d to %s, %d", id, name, raw.status, short.status, short.header.Get("Location"), moved.status)
			}
			if raw.header.Get("Content-Disposition") != "attachment" || strings.Contains(raw.header.Get("Content-Type"), "charset") {
				t.Errorf("%v", raw.header)
			}
			if binary {
				continue
			}
			if made, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(made) != string(raw.body) {
				t.Errorf("%s %s: %v\n%s\n%s", id, name, err, made, raw.body)
			}
		}
		for _, bad := range []string{"/files/none", "/" + commits[0]["hash"].(string) + "/files/none", "/0123456789", "/0123456789/diff", "/" + commits[0]["hash"].(string) + "/nope"} {
			refuse(t, s, path+bad, http.StatusNotFound)
		}
		if a := ask(s, path+"/"+commits[0]["hash"].(string)+"/diff?path=none"); a.status != http.StatusOK || len(a.body) > 0 {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
}
