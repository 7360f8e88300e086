package bitbucketfake

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// snippetFile is a file of a snippet: it begins in a revision and gets a line in each that changes it.
type snippetFile struct {
	name, first, kind string
	since             int // revision
}

// snippetRev is a commit of a snippet, a child of the one before it.
type snippetRev struct {
	snippet *snippet
	index   int
	hash    string
	date    time.Time
	author  *user // nil: the address belongs to no account
	message string
}

var snippetFiles = []snippetFile{
	{name: "snippet.txt", first: "One line.\n", kind: "text/plain"},
	{name: "über uns.md", first: "# Über uns\n\nText with <tags> & \"quotes\".\n", kind: "text/markdown"},
	{name: "pixel.png", first: "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\xff\xfe", kind: "image/png"},
	{name: "empty.json", first: "", kind: "application/json"},
	{name: "query #1?.sql", first: "SELECT 1\nUNION ALL\nSELECT 2\nORDER BY 1\n", kind: "application/sql"},
}

// write makes the files and revisions: eleven revisions in the first snippet, one to four in others.
func (s *snippet) write(g *rng, i int) {
	n := 1 + g.n(4)
	if i == 0 {
		n = 11
	}
	for k := 0; k < 1+i%3; k++ {
		f := snippetFiles[(i+k)%len(snippetFiles)]
		f.since = min(k, n-1)
		s.files = append(s.files, &f)
	}
	for k := 0; k < n; k++ {
		r := &snippetRev{snippet: s, index: k, hash: hex.EncodeToString(g.bytes(20)), author: s.creator}
		r.date = s.created.AddDate(0, 0, 3*k).Truncate(time.Second)
		r.message = fmt.Sprintf("%s edited online with Bitbucket", s.changed(k)[0].name)
		if g.chance(20) {
			r.author = nil
		}
		if s.creator.deleted {
			r.author = nil
		}
		s.revs = append(s.revs, r)
	}
}

// changes says whether a revision adds or changes a file.
func (s *snippet) changes(k, file int) bool {
	f := s.files[file]
	return f.since == k || f.since < k && (k%len(s.files) == file || s.files[k%len(s.files)].since > k)
}

func (s *snippet) changed(k int) (list []*snippetFile) {
	for i, f := range s.files {
		if s.changes(k, i) {
			list = append(list, f)
		}
	}
	return list
}

// text is the contents of a file as of a revision.
func (s *snippet) text(f *snippetFile, rev int) string {
	var b strings.Builder
	b.WriteString(f.first)
	for k := f.since + 1; k <= rev; k++ {
		for _, x := range s.changed(k) {
			if x == f {
				fmt.Fprintf(&b, "line of revision %d\n", k)
			}
		}
	}
	return b.String()
}

// file finds a file as of a revision.
func (r *snippetRev) file(name string) *snippetFile {
	for _, f := range r.snippet.files {
		if f.name == name && f.since <= r.index {
			return f
		}
	}
	return nil
}

// rev finds a revision by its hash, or seven or more digits of it.
func (s *snippet) rev(id string) *snippetRev {
	for _, r := range s.revs {
		if len(id) >= 7 && strings.HasPrefix(r.hash, strings.ToLower(id)) {
			return r
		}
	}
	return nil
}

func (r *snippetRev) rawAuthor() string {
	if r.author == nil {
		return "Former colleague <former@acme.example>"
	}
	return r.author.name + " <" + r.author.email + ">"
}

func (r *snippetRev) encode(e *encoder) {
	s := r.snippet
	e.str("type", "snippet_commit")
	e.str("hash", r.hash)
	e.stamp("date", stampWhole, r.date)
	if e.open("author") {
		e.str("type", "author")
		e.str("raw", r.rawAuthor())
		if r.author != nil {
			e.user("user", r.author)
		}
		e.close()
	}
	e.str("message", r.message)
	e.rendered("summary", r.message)
	if e.openList("parents") {
		if r.index > 0 {
			p := s.revs[r.index-1]
			e.begin()
			e.str("type", "snippet_commit")
			e.str("hash", p.hash)
			if e.open("links") {
				p.links(e)
				e.close()
			}
			e.end()
		}
		e.closeList()
	}
	if e.open("links") {
		r.links(e)
		e.link("diff", s.api(), "/", r.hash, "/diff")
		e.close()
	}
	if e.open("snippet") {
		s.encodeCompact(e)
		e.close()
	}
}

func (r *snippetRev) links(e *encoder) {
	e.link("self", r.snippet.api(), "/commits/", r.hash)
	e.link("html", r.snippet.html(), "/revisions/", r.hash)
}

// diff compares the revision with its parent, in one file or (path empty) in all.
func (r *snippetRev) diff(path string) string {
	var b strings.Builder
	for _, f := range r.snippet.changed(r.index) {
		if path != "" && path != f.name {
			continue
		}
		fmt.Fprintf(&b, "diff --git \"a/%s\" \"b/%s\"\n", f.name, f.name)
		was, now := "", r.snippet.text(f, r.index)
		old := "\"a/" + f.name + "\""
		if f.since == r.index {
			b.WriteString("new file mode 100644\n")
			old = "/dev/null"
		} else {
			was = r.snippet.text(f, r.index-1)
		}
		if f.kind == "image/png" {
			fmt.Fprintf(&b, "Binary files %s and \"b/%s\" differ\n", old, f.name)
			continue
		}
		if now == was { // an empty file is born
			continue
		}
		fmt.Fprintf(&b, "--- %s\n+++ \"b/%s\"\n", old, f.name)
		writeHunk(&b, was, now)
	}
	return b.String()
}

// writeHunk writes the change of a text that grew at its end, with three lines before it.
func writeHunk(b *strings.Builder, was, now string) {
	lines, more := strings.SplitAfter(was, "\n"), strings.SplitAfter(now[len(was):], "\n")
	lines, more = lines[:len(lines)-1], more[:len(more)-1] // each ends with a newline, so the last piece is empty
	context := lines[max(0, len(lines)-3):]
	from := len(lines) - len(context) + 1
	if len(lines) == 0 {
		fmt.Fprintf(b, "@@ -0,0 +1,%d @@\n", len(more))
	} else {
		fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n", from, len(context), from, len(context)+len(more))
	}
	for _, l := range context {
		b.WriteString(" " + l)
	}
	for _, l := range more {
		b.WriteString("+" + l)
	}
}

// patch is the diff with who made it and why, as mail.
func (r *snippetRev) patch() string {
	return fmt.Sprintf("From %s Mon Sep 17 00:00:00 2001\nFrom: %s\nDate: %s\nSubject: [PATCH] %s\n\n---\n%s--\n",
		r.hash, r.rawAuthor(), r.date.Format(time.RFC1123Z), r.message, r.diff(""))
}
