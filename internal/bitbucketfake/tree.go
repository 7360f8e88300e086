package bitbucketfake

import (
	"fmt"
	"sort"
	"strings"
)

// tree is the files of one commit, in the order of git.
type tree struct {
	commit int
	files  []*file
	byPath map[string]*file
}

// file is a file of a tree: the text it began with, and a line from each commit that changed it since.
type file struct {
	id         string // stays when the file is renamed
	path       string
	first      string
	attributes []string
	lines      []int // commits, ascending
}

// firstFiles are the files of every repository's first commit. Among them are all of paths.
var firstFiles = []struct{ path, text, attribute string }{
	{".editorconfig", "root = true\n\n[*]\nindent_style = tab\n", ""},
	{".gitignore", "bin/\n*.tmp\n", ""},
	{"100% & more/#1?.txt", "A name that needs escaping.\n", ""},
	{"CHANGELOG.md", "# Changes\n", ""},
	{"LICENSE", "All rights reserved.\n", ""},
	{"Makefile", "test:\n\tgo test ./...\n", ""},
	{"README.md", "# Read me\n\nStart with docs/guide.md.\n", ""},
	{"assets/logo.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" + strings.Repeat("\x00\xff", 600), "binary"},
	{"assets/video/intro.mp4", "version https://git-lfs.github.com/spec/v1\noid sha256:" + lfsOID + "\nsize 2147483650\n", "lfs"},
	{"assets/überblick.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n", ""},
	{"bin/run all.sh", "#!/bin/sh\nexec make test\n", "executable"},
	{"bitbucket-pipelines.yml", "image: golang:1.26\npipelines:\n  default:\n    - step:\n        script: [make test]\n", ""},
	{"docs/a b/ü.md", "# Ü\n\nUmlaute: äöü, 漢字\n", ""},
	{"docs/guide.md", "# Guide\n\nOne.\n\nTwo.\n", ""},
	{"docs/latest", "guide.md", "link"},
	{"go.mod", "module acme.example/app\n\ngo 1.26\n", ""},
	{"internal/cache/cache.go", "package cache\n\n// Size is the number of entries.\nconst Size = 128\n", ""},
	{"internal/cache/cache_test.go", "package cache\n", ""},
	{"internal/cache/testdata/1.json", "{\"case\": 1}\n", ""},
	{"internal/cache/testdata/10.json", "{\"case\": 10}\n", ""},
	{"internal/cache/testdata/2.json", "{\"case\": 2}\n", ""},
	{"internal/cache/testdata/3.json", "{\"case\": 3}\n", ""},
	{"internal/cache/testdata/4.json", "{\"case\": 4}\n", ""},
	{"internal/cache/testdata/5.json", "{\"case\": 5}\n", ""},
	{"internal/cache/testdata/6.json", "{\"case\": 6}\n", ""},
	{"internal/cache/testdata/7.json", "{\"case\": 7}\n", ""},
	{"internal/cache/testdata/8.json", "{\"case\": 8}\n", ""},
	{"internal/cache/testdata/9.json", "{\"case\": 9}\n", ""},
	{"internal/cache/testdata/empty.json", "", ""},
	{"schema/users.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n", ""},
	{"src/__init__.py", "", ""},
	{"src/deep/er/and/deeper/file.txt", "The bottom.\n", ""},
	{"src/main.go", "package main\n\nfunc main() {}\n", ""},
	{"third_party/lib", "16dffcb0de1b22e249db6799532074cf32efe80f", "subrepository"},
	{"web/app.tsx", "export const App = () => null;\n", ""},
}

const lfsOID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"

// growTree applies, in the order of the graph, what the commit and its ancestors did.
func (r *repository) growTree(i int) *tree {
	t := &tree{commit: i, byPath: map[string]*file{}}
	in := r.ancestors(i)
	var buf [8]change
	for k := range in {
		if !in[k] {
			continue
		}
		for n, c := range r.changes(k, buf[:0]) {
			f := t.byPath[c.path]
			switch c.kind {
			case "added":
				t.byPath[c.path] = r.begin(k, n, c.path)
			case "removed":
				delete(t.byPath, c.path)
			case "renamed":
				if f = t.byPath[c.from]; f != nil {
					delete(t.byPath, c.from)
					f.path = c.path
					t.byPath[c.path] = f
				}
			default:
				if f != nil {
					f.lines = append(f.lines, k)
				}
			}
		}
	}
	for _, f := range t.byPath {
		t.files = append(t.files, f)
	}
	sort.Slice(t.files, func(a, b int) bool { return t.files[a].path < t.files[b].path })
	return t
}

// begin makes the file that change n of a commit adds.
func (r *repository) begin(commit, n int, path string) *file {
	f := &file{id: fmt.Sprintf("%d:%s", commit, path), path: path}
	if commit > 0 {
		f.first = "Begun in " + r.hash(commit)[:12] + "\n"
		return f
	}
	f.first = firstFiles[n].text
	if a := firstFiles[n].attribute; a != "" {
		f.attributes = []string{a}
	}
	return f
}

// subjectOf is the part of a file's line that its commit chooses.
func (r *repository) subjectOf(i int) string {
	return subjects[mix64(r.history.salt^uint64(i)<<1)%uint64(len(subjects))]
}

// lineText is the line that a commit leaves in a file.
func (r *repository) lineText(i int) string { return r.hash(i)[:12] + " " + r.subjectOf(i) + "\n" }

func (r *repository) sizeOf(f *file) int {
	n := len(f.first)
	for _, i := range f.lines {
		n += 12 + 1 + len(r.subjectOf(i)) + 1
	}
	return n
}

func (r *repository) textOf(f *file) string {
	var b strings.Builder
	b.WriteString(f.first)
	for _, i := range f.lines {
		b.WriteString(r.lineText(i))
	}
	return b.String()
}

func (f *file) has(attribute string) bool {
	for _, a := range f.attributes {
		if a == attribute {
			return true
		}
	}
	return false
}

// entry is one row of a directory listing: a file, or a directory when file is nil.
type entry struct {
	path string
	file *file
}

// list gives the contents of a directory ("" is the root) breadth-first down to a depth, and false when there is no
// such directory.
func (t *tree) list(dir string, depth int) ([]entry, bool) {
	levels := make([][]entry, 0, 4)
	if dir != "" {
		dir += "/"
	}
	last := map[string]bool{}
	found := dir == ""
	for _, f := range t.files {
		rest, ok := strings.CutPrefix(f.path, dir)
		if !ok {
			continue
		}
		found = true
		for from, level := 0, 0; level < depth; level++ {
			for len(levels) <= level {
				levels = append(levels, nil)
			}
			slash := strings.IndexByte(rest[from:], '/')
			if slash < 0 {
				levels[level] = append(levels[level], entry{f.path, f})
				break
			}
			sub := dir + rest[:from+slash]
			if !last[sub] {
				last[sub] = true
				levels[level] = append(levels[level], entry{path: sub})
			}
			from += slash + 1
		}
	}
	var out []entry
	for _, l := range levels {
		out = append(out, l...)
	}
	return out, found
}

// isDir says whether some file lies below a path.
func (t *tree) isDir(path string) bool {
	i := sort.Search(len(t.files), func(i int) bool { return t.files[i].path >= path+"/" })
	return path == "" || i < len(t.files) && strings.HasPrefix(t.files[i].path, path+"/")
}
