package bitbucketfake

import (
	"fmt"
	"sort"
	"strings"
)

// change is what a commit does to one file.
type change struct {
	kind string // added, removed, modified or renamed
	path string
	from string // the old path of a renamed file
}

// changes appends what a commit does, against its first parent's line. Commit 0 adds the first files. Every other one
// that is no merge appends a line to one of paths. On the main line notes are added as drafts, renamed to final and,
// half of them, removed; every third side branch adds a feature; unmerged lines add a topic and rename or remove a file.
func (r *repository) changes(i int, into []change) []change {
	if i == 0 {
		for _, f := range firstFiles {
			into = append(into, change{kind: "added", path: f.path})
		}
		return into
	}
	if i < r.mainPart && i%blockLen == 4 {
		return into
	}
	into = append(into, change{kind: "modified", path: paths[at(r.history.salt^0x7061, i).n(len(paths))]})
	if i >= r.mainPart {
		return r.lineChanges(i, into)
	}
	switch k := i / blockLen; i % blockLen {
	case 0:
		if k%4 == 1 {
			into = append(into, change{kind: "added", path: draftNote(k)})
		}
		if k >= 3 && (k-3)%8 == 1 {
			into = append(into, change{kind: "removed", path: finalNote(k - 3)})
		}
		if k%11 == 5 {
			into = append(into, change{kind: "modified", path: "LICENSE"})
		}
	case 1:
		if k%3 == 2 {
			into = append(into, change{kind: "added", path: feature(k)})
		}
	case 2:
		if k%3 == 2 {
			into = append(into, change{kind: "modified", path: feature(k)})
		}
	case 3:
		if k >= 1 && (k-1)%4 == 1 {
			into = append(into, change{kind: "renamed", path: finalNote(k - 1), from: draftNote(k - 1)})
		}
		if k%7 == 0 {
			into = append(into, change{kind: "modified", path: "docs/guide.md"})
		}
	}
	return into
}

func (r *repository) lineChanges(i int, into []change) []change {
	k := sort.Search(len(r.lines), func(k int) bool { return r.lines[k].first > i }) - 1
	switch i - r.lines[k].first {
	case 0:
		return append(into, change{kind: "added", path: fmt.Sprintf("src/wip/topic %d.go", k)})
	case 1:
		switch k % 3 {
		case 0:
			return append(into, change{kind: "renamed", path: "docs/handbook.md", from: "docs/guide.md"})
		case 1:
			return append(into, change{kind: "removed", path: "LICENSE"})
		}
		return append(into, change{kind: "modified", path: "docs/guide.md"})
	}
	return into
}

func draftNote(k int) string { return fmt.Sprintf("notes/draft %d.md", k) }
func finalNote(k int) string { return fmt.Sprintf("notes/final-%d-größe.md", k) }
func feature(k int) string   { return fmt.Sprintf("src/features/feature_%d.go", k) }

// touches says whether a commit changed a file or something below a directory; merges change nothing.
func (r *repository) touches(i int, path string) bool {
	dir := strings.TrimSuffix(path, "/") + "/"
	var buf [8]change
	for _, c := range r.changes(i, buf[:0]) {
		if c.path == path || strings.HasPrefix(c.path, dir) || c.from != "" && (c.from == path || strings.HasPrefix(c.from, dir)) {
			return true
		}
	}
	return false
}
