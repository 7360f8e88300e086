package bitbucketfake

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// newest gives the hash of the newest commit of a repository's branch.
func newest(t *testing.T, s *Server, repo, branch string) string {
	t.Helper()
	h, _ := dig(get(t, s, "/2.0/repositories/acme/"+repo+"/refs/branches/"+branch), "target.hash").(string)
	return h
}

func TestSourceTree(t *testing.T) {
	s := shared()
	h := newest(t, s, "platform", "main")
	a := ask(s, platform+"/src?pagelen=7")
	if to := a.header.Get("Location"); a.status != http.StatusFound || to != "http://fake.test"+platform+"/src/"+h+"/?pagelen=7" {
		t.Fatalf("%d to %s", a.status, to)
	}
	refuse(t, s, platform+"/src/"+h, http.StatusNotFound) // no slash
	root, pages := all(t, s, platform+"/src/"+h+"/")
	if len(root) < 15 || pages < 2 {
		t.Errorf("%d entries in %d pages", len(root), pages)
	}
	if first := get(t, s, platform+"/src/"+h+"/"); first["size"] != nil || strings.HasSuffix(first["next"].(string), "page=2") {
		t.Errorf("size %v, next %v", first["size"], first["next"])
	}
	// What a walk of the self links finds is what one recursive listing finds.
	walked := map[string]string{}
	todo := []string{""}
	for len(todo) > 0 {
		dir := todo[0]
		todo = todo[1:]
		items, _ := all(t, s, platform+"/src/"+h+"/"+escapePath(dir))
		for _, m := range items {
			p := m["path"].(string)
			walked[p] = m["type"].(string)
			if dig(m, "commit.hash") != h {
				t.Errorf("%s is of %v", p, dig(m, "commit.hash"))
			}
			self := strings.TrimPrefix(dig(m, "links.self.href").(string), apiRoot)
			if m["type"] == "commit_directory" {
				todo = append(todo, p+"/")
				if !strings.HasSuffix(self, "/") || m["size"] != nil {
					t.Errorf("directory %v", m)
				}
				if one := get(t, s, "/2.0"+self+"?format=meta"); one["path"] != p || one["type"] != m["type"] {
					t.Errorf("meta of %s: %v", p, one)
				}
				continue
			}
			if one := get(t, s, "/2.0"+self+"?format=meta"); one["path"] != p || one["size"] != m["size"] {
				t.Errorf("meta of %s: %v", p, one)
			}
			raw := ask(s, "/2.0"+self)
			if strings.Contains(fmt.Sprint(m["attributes"]), "lfs") {
				if raw.status != http.StatusMovedPermanently {
					t.Errorf("%s: %d", p, raw.status)
				}
				continue
			}
			if raw.status != 200 || float64(len(raw.body)) != m["size"] || !strings.HasPrefix(raw.header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%s: %d, %d bytes, not %v", p, raw.status, len(raw.body), m["size"])
			}
		}
	}
	deep, _ := all(t, s, platform+"/src/"+h+"/?max_depth=20&pagelen=100")
	if len(deep) != len(walked) || len(deep) < 60 {
		t.Errorf("%d entries, walked %d", len(deep), len(walked))
	}
	level := 0
	for _, m := range deep {
		p := m["path"].(string)
		if walked[p] != m["type"] {
			t.Errorf("%s is %v, walked %q", p, m["type"], walked[p])
		}
		if n := strings.Count(p, "/"); n < level {
			t.Errorf("%s is not in breadth-first order", p)
		} else {
			level = n
		}
	}
	for query, want := range map[string][]string{
		`attributes = "binary" and size > 1024`: {"assets/logo.png"},
		`attributes = "executable"`:             {"bin/run all.sh"},
		`path ~ "Ü" and type = "commit_file"`:   {"assets/überblick.svg", "docs/a b/ü.md"},
	} {
		got, _ := all(t, s, platform+"/src/"+h+"/?max_depth=9&"+q(query))
		if query[0] == 'p' {
			got = got[:min(2, len(got))]
			for _, m := range got {
				if m["type"] != "commit_file" {
					t.Errorf("%v", m)
				}
			}
			continue
		}
		if fmt.Sprint(column(got, "path")) != fmt.Sprint(want) {
			t.Errorf("%s: %v", query, column(got, "path"))
		}
	}
	if big := values(get(t, s, platform+"/src/"+h+"/assets/?sort=-size&q=size+%3E+0")); big[0]["path"] != "assets/logo.png" {
		t.Errorf("%v", column(big, "path"))
	}
	if msg := refuse(t, s, platform+"/src/"+h+"/nope/x", http.StatusNotFound); msg != "No such file or directory: nope/x" {
		t.Error(msg)
	}
	refuse(t, s, platform+"/src/nope/", http.StatusNotFound)
	refuse(t, s, platform+"/src/"+h+"/?max_depth=1000", 555)
	refuse(t, s, platform+"/src/"+h+"/?q=mimetype+%3D+%22x%22", http.StatusBadRequest)
	refuse(t, s, "/2.0/repositories/acme/sandbox/src", http.StatusNotFound)
	refuse(t, s, "/2.0/repositories/acme/sandbox/src/HEAD/", http.StatusNotFound)
	if a := ask(s, platform+"/src/"+h+"/docs/a%20b/%C3%BC.md"); !strings.Contains(string(a.body), "漢字") || a.header.Get("Content-Type") != "text/plain" {
		t.Errorf("%d %s %s", a.status, a.header, cut(a.body))
	}
	one, two := ask(s, platform+"/src/"+h+"/src/__init__.py"), ask(s, platform+"/src/"+h+"/internal/cache/testdata/empty.json")
	if one.header.Get("Etag") == "" || one.header.Get("Etag") != two.header.Get("Etag") || one.header.Get("Content-Type") != "text/x-python" {
		t.Errorf("empty files: %v, %v", one.header, two.header)
	}
	if a := ask(s, platform+"/src/release%2F2.1/README.md"); a.status != 200 {
		t.Errorf("escaped branch: %d", a.status)
	}
	refuse(t, s, platform+"/src/release/2.1/README.md", http.StatusNotFound) // ambiguous without
}

func TestFileHistory(t *testing.T) {
	s := shared()
	h := newest(t, s, "platform", "main")
	items, _ := all(t, s, platform+"/src/"+h+"/notes/?pagelen=100")
	renamed := ""
	for _, m := range items {
		if strings.Contains(m["path"].(string), "final") {
			renamed = m["path"].(string)
		}
	}
	hist, _ := all(t, s, platform+"/filehistory/"+h+"/"+escapePath(renamed))
	if got := column(hist, "path"); len(got) != 2 || got[0] != renamed || !strings.HasPrefix(got[1], "notes/draft ") {
		t.Errorf("%s: %v", renamed, got)
	}
	for _, m := range hist {
		one := get(t, s, "/2.0"+strings.TrimPrefix(dig(m, "links.meta.href").(string), apiRoot))
		if one["size"] != m["size"] || fmt.Sprint(one["links"]) != fmt.Sprint(m["links"]) {
			t.Errorf("%v\n%v", one, m)
		}
	}
	if hist[0]["type"] != "commit_file" || dig(hist[1], "commit.date") == nil || dig(hist[0], "commit.hash") == h {
		t.Errorf("%v", hist[0])
	}
	if alone, _ := all(t, s, platform+"/filehistory/"+h+"/"+escapePath(renamed)+"?renames=false"); len(alone) != 1 {
		t.Errorf("%d without renames", len(alone))
	}
	// The history of a file agrees with the log of its path and with its text.
	hist, pages := all(t, s, platform+"/filehistory/main/README.md?pagelen=20")
	log, _ := all(t, s, platform+"/commits/main?pagelen=100&path=README.md")
	if fmt.Sprint(column(hist, "commit.hash")) != fmt.Sprint(column(log, "hash")) || len(hist) < 40 || pages < 3 {
		t.Errorf("%d in the history, %d in the log", len(hist), len(log))
	}
	if m := get(t, s, platform+"/filehistory/main/README.md"); m["size"] != nil {
		t.Error("a file's history has a size")
	}
	body := string(ask(s, platform+"/src/"+h+"/README.md").body)
	for _, m := range append(hist[:3:3], hist[len(hist)-1]) {
		if one := get(t, s, "/2.0"+strings.TrimPrefix(dig(m, "links.meta.href").(string), apiRoot)); one["size"] != m["size"] {
			t.Errorf("size %v, not %v of %v", m["size"], one["size"], one["path"])
		}
	}
	for _, c := range column(hist, "commit.hash")[:len(hist)-1] {
		if !strings.Contains(body, c[:12]) {
			t.Errorf("no line of %s", c)
		}
	}
	date := column(hist, "commit.date")[10]
	old, _ := all(t, s, platform+"/filehistory/main/README.md?"+q("commit.date <= "+date))
	if len(old) < 20 || len(old) >= len(hist) {
		t.Errorf("%d of %d not after %s", len(old), len(hist), date)
	}
	for _, m := range old {
		if compareInstants(dig(m, "commit.date").(string), date) > 0 {
			t.Errorf("%v is after %s", dig(m, "commit.date"), date)
		}
	}
	refuse(t, s, platform+"/filehistory/main/nope", http.StatusNotFound)
	refuse(t, s, platform+"/filehistory/nope/README.md", http.StatusNotFound)
	refuse(t, s, platform+"/filehistory/main/README.md?"+q(`path = "x"`), http.StatusBadRequest)
}

// checkout writes the files of a commit to disk, as the fake serves them.
func checkout(t *testing.T, s *Server, hash, dir string) {
	t.Helper()
	items, _ := all(t, s, platform+"/src/"+hash+"/?max_depth=20&pagelen=100&"+q(`type = "commit_file"`))
	for _, m := range items {
		if x := fmt.Sprint(m["attributes"]); x != "[]" && x != "[executable]" {
			continue
		}
		name := filepath.Join(dir, m["path"].(string))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		a := ask(s, platform+"/src/"+hash+"/"+escapePath(m["path"].(string)))
		if err := os.WriteFile(name, a.body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A diff leads from the one tree to the other: git itself applies it.
func TestDiffApplies(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git")
	}
	s := shared()
	log, _ := all(t, s, platform+"/commits/main?pagelen=100")
	source, dest := log[20]["hash"].(string), log[90]["hash"].(string)
	want, have := t.TempDir(), t.TempDir()
	checkout(t, s, source, want)
	checkout(t, s, dest, have)
	for _, context := range []string{"3", "1"} {
		diff := ask(s, platform+"/diff/"+source+".."+dest+"?topic=false&context="+context)
		if diff.status != 200 || diff.header.Get("Content-Type") != "text/plain" {
			t.Fatalf("%d %v", diff.status, diff.header)
		}
		run := func(args ...string) {
			c := exec.Command(git, append([]string{"-C", have}, args...)...)
			c.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(have), "GIT_CONFIG_NOSYSTEM=1")
			c.Stdin = strings.NewReader(string(diff.body))
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("git %v: %v\n%s", args, err, out)
			}
		}
		run("apply", "--whitespace=nowarn", "-")
		if a, b := hashTree(t, want), hashTree(t, have); a != b {
			t.Errorf("the trees differ after the diff\n%s\n%s", a, b)
		}
		run("apply", "--whitespace=nowarn", "--reverse", "-")
	}
}

func hashTree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		fmt.Fprintf(&b, "%s %x\n", strings.TrimPrefix(p, dir), salt(0, string(text)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDiffstat(t *testing.T) {
	s := shared()
	log, _ := all(t, s, platform+"/commits/main?pagelen=100")
	source, dest := log[5]["hash"].(string), log[250]["hash"].(string)
	spec := platform + "/diffstat/" + source + ".." + dest
	items, pages := all(t, s, spec+"?pagelen=10")
	if m := get(t, s, spec); m["pagelen"] != 500.0 || m["size"] != float64(len(items)) || pages < 3 {
		t.Errorf("pagelen %v, size %v, %d rows in %d pages", m["pagelen"], m["size"], len(items), pages)
	}
	refuse(t, s, spec+"?pagelen=501", http.StatusBadRequest)
	seen := map[string]int{}
	for _, m := range items {
		st := m["status"].(string)
		seen[st]++
		if (m["old"] == nil) != (st == "added") || (m["new"] == nil) != (st == "removed") {
			t.Errorf("%v", m)
		}
		if st == "renamed" && dig(m, "old.path") == dig(m, "new.path") {
			t.Errorf("%v", m)
		}
	}
	back, _ := all(t, s, platform+"/diffstat/"+dest+".."+source+"?topic=false")
	for _, m := range back {
		seen[m["status"].(string)]++
	}
	split, _ := all(t, s, platform+"/diffstat/"+source+".."+dest+"?topic=false&renames=false")
	for _, m := range split {
		if m["status"] == "renamed" {
			t.Errorf("renames=false: %v", m)
		}
	}
	if some, _ := all(t, s, spec+"?path=README.md&path=notes"); len(some) == 0 || len(some) == len(items) {
		t.Errorf("path: %d of %d", len(some), len(items))
	}
	// The diff of one commit against its parent has the rows of its diffstat, and so has the merge.
	for _, c := range log[:30] {
		h := c["hash"].(string)
		rows := values(get(t, s, platform+"/diffstat/"+h))
		diff := string(ask(s, platform+"/diff/"+h).body)
		if n := strings.Count(diff, "diff --git "); n != len(rows) || n == 0 {
			t.Errorf("%s: %d files in the diff, %d rows", h, n, len(rows))
		}
		added := 0.0
		for _, m := range rows {
			added += m["lines_added"].(float64)
			seen[m["status"].(string)]++
		}
		if n := strings.Count(diff, "\n+") - strings.Count(diff, "\n+++ "); float64(n) != added {
			t.Errorf("%s: %d lines in the diff, %v in the rows", h, n, added)
		}
	}
	for _, st := range []string{"added", "removed", "modified", "renamed"} {
		if seen[st] == 0 {
			t.Errorf("no file is %s: %v", st, seen)
		}
	}
	first := log[len(log)-1]["hash"].(string)
	if rows := values(get(t, s, platform+"/diffstat/"+first)); len(rows) != len(firstFiles) || rows[0]["status"] != "added" {
		t.Errorf("the first commit adds %d files", len(rows))
	}
	// The form that links in pull requests have.
	if m := get(t, s, platform+"/diffstat/acme/platform:"+source[:12]+"%0D"+dest[:12]+"?from_pullrequest_id=1&topic=true"); m["size"] != float64(len(items)) {
		t.Errorf("%v rows", m["size"])
	}
	if m := get(t, s, platform+"/diffstat/main..main"); m["size"] != 0.0 {
		t.Errorf("%v rows between equals", m["size"])
	}
	for path, status := range map[string]int{
		"/diffstat/nope": 404, "/diffstat/main..nope": 404, "/diff/nope": 404, "/patch/nope": 404, "/diffstat": 404,
		"/diffstat/main..release/2.1?topic=true&merge=true": 400, "/diffstat/main?topic=x": 400, "/diff/main?context=x": 400,
		"/merge-base/main": 400, "/merge-base/main..nope": 404, "/file-conflicts/nope..main": 404,
	} {
		refuse(t, s, platform+path, status)
	}
}

func TestMergeBaseConflictsAndPatch(t *testing.T) {
	s := shared()
	branches, _ := all(t, s, platform+"/refs/branches?pagelen=100")
	parents := map[string][]string{}
	log, _ := all(t, s, platform+"/commits?pagelen=100")
	for _, m := range log {
		for _, p := range m["parents"].([]any) {
			parents[m["hash"].(string)] = append(parents[m["hash"].(string)], dig(p, "hash").(string))
		}
	}
	main := walk(parents, newest(t, s, "platform", "main"))
	scenarios := map[string]int{}
	for _, b := range branches {
		name, h := b["name"].(string), dig(b, "target.hash").(string)
		base := get(t, s, platform+"/merge-base/"+url.PathEscape(name)+"..main")["hash"].(string)
		mine := walk(parents, h)
		if !mine[base] || !main[base] {
			t.Errorf("%s: %s is not common", name, base)
		}
		under := walk(parents, base)
		for x := range mine {
			if main[x] && !under[x] {
				t.Errorf("%s: %s is a better base than %s", name, x, base)
				break
			}
		}
		conflicts := values(get(t, s, platform+"/file-conflicts/"+url.PathEscape(name)+"..main"))
		for _, c := range conflicts {
			scenarios[c["scenario"].(string)]++
		}
		patch := ask(s, platform+"/patch/"+url.PathEscape(name)+"..main")
		want := 0
		for x := range mine {
			if !main[x] && len(parents[x]) < 2 {
				want++
			}
		}
		if n := strings.Count(string(patch.body), " Mon Sep 17 00:00:00 2001\n"); n != want {
			t.Errorf("%s: %d patches, want %d", name, n, want)
		}
	}
	if scenarios["content"] == 0 || len(scenarios) < 2 {
		t.Errorf("conflicts: %v", scenarios)
	}
	if m := get(t, s, platform+"/file-conflicts/main"); m["pagelen"] != 500.0 || m["size"] != 0.0 {
		t.Errorf("%v", m)
	}
}

func TestStorageTakesNoCredential(t *testing.T) {
	s := small(t)
	d := values(get(t, s, platform+"/downloads"))[1]
	r, _ := http.NewRequest(http.MethodGet, s.URL()+"/2.0"+strings.TrimPrefix(dig(d, "links.self.href").(string), apiRoot), nil)
	r.Header.Set("Authorization", "Bearer demo")
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = a.Body.Close()
	to, _ := url.Parse(a.Header.Get("Location"))
	if a.StatusCode != http.StatusFound || to.Hostname() != "localhost" || to.Port() != r.URL.Port() || strings.HasPrefix(to.Path, "/2.0") {
		t.Fatalf("%d to %s", a.StatusCode, to)
	}
	for _, c := range []struct {
		to, credential string
		status         int
	}{
		{to.String(), "", 200},
		{to.String(), "Bearer demo", 400},
		{strings.Replace(to.String(), "Signature=", "Signature=x", 1), "", 403},
	} {
		r, _ := http.NewRequest(http.MethodGet, c.to, nil)
		if c.credential != "" {
			r.Header.Set("Authorization", c.credential)
		}
		a, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(a.Body)
		_ = a.Body.Close()
		if a.StatusCode != c.status || err != nil || c.status == 200 && float64(len(body)) != d["size"] {
			t.Errorf("%s with %q: %d, %d bytes of %v, %v", c.to, c.credential, a.StatusCode, len(body), d["size"], err)
		}
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}
