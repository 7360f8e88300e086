package bitbucketfake

import (
	"fmt"
	"sort"
	"strings"
)

// delta is one file that differs between two trees.
type delta struct {
	status         string // added, removed, modified or renamed
	old, new       *file  // nil: not there
	added, removed int    // lines
}

func (d *delta) path() string {
	if d.new != nil {
		return d.new.path
	}
	return d.old.path
}

// compare finds what leads from the old tree to the new one, in the order of paths. A nil old tree is empty.
func compare(old, to *tree, renames bool) []delta {
	if old == nil {
		old = &tree{}
	}
	before := make(map[string]*file, len(old.files))
	for _, f := range old.files {
		before[f.id] = f
	}
	var out []delta
	kept := make(map[string]bool, len(to.files))
	for _, f := range to.files {
		was := before[f.id]
		if was != nil && was.path != f.path && !renames {
			was = nil
		}
		if was == nil {
			out = append(out, delta{status: "added", new: f, added: f.lineCount()})
			continue
		}
		kept[f.id] = true
		d := delta{status: "modified", old: was, new: f}
		mergeLines(was.lines, f.lines, func(op byte, _ int) {
			switch op {
			case '+':
				d.added++
			case '-':
				d.removed++
			}
		})
		if was.path != f.path {
			d.status = "renamed"
		} else if d.added+d.removed == 0 {
			continue
		}
		out = append(out, d)
	}
	for _, f := range old.files {
		if !kept[f.id] {
			out = append(out, delta{status: "removed", old: f, removed: f.lineCount()})
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].path() < out[b].path() })
	return out
}

// lineCount is what a diff counts; binary files have no lines.
func (f *file) lineCount() int {
	if f.has("binary") {
		return 0
	}
	n := strings.Count(f.first, "\n") + len(f.lines)
	if f.first != "" && !strings.HasSuffix(f.first, "\n") {
		n++
	}
	return n
}

// mergeLines walks two ascending lists of commits and says of each whether it is new, gone or in both.
func mergeLines(old, to []int, line func(op byte, commit int)) {
	for len(old) > 0 || len(to) > 0 {
		switch {
		case len(old) == 0 || len(to) > 0 && to[0] < old[0]:
			line('+', to[0])
			to = to[1:]
		case len(to) == 0 || old[0] < to[0]:
			line('-', old[0])
			old = old[1:]
		default:
			line(' ', old[0])
			old, to = old[1:], to[1:]
		}
	}
}

// unified appends the git diff of one file.
func (r *repository) unified(b []byte, d *delta, context int) []byte {
	from, to := d.path(), d.path()
	if d.old != nil {
		from = d.old.path
	}
	b = fmt.Appendf(b, "diff --git %s %s\n", quotePath("a/"+from), quotePath("b/"+to))
	any := d.old
	if any == nil {
		any = d.new
	}
	mode := "100644"
	switch {
	case any.has("executable"):
		mode = "100755"
	case any.has("link"):
		mode = "120000"
	case any.has("subrepository"):
		mode = "160000"
	}
	switch d.status {
	case "added":
		b = fmt.Appendf(b, "new file mode %s\n", mode)
	case "removed":
		b = fmt.Appendf(b, "deleted file mode %s\n", mode)
	case "renamed":
		total := d.new.lineCount() + d.removed
		similar := 100
		if total > 0 {
			similar = 100 * (total - d.added - d.removed) / total
		}
		b = fmt.Appendf(b, "similarity index %d%%\nrename from %s\nrename to %s\n", similar, quotePath(from), quotePath(to))
		if d.added+d.removed == 0 {
			return b
		}
	}
	b = fmt.Appendf(b, "index %s..%s", r.blob(d.old), r.blob(d.new))
	if d.status == "modified" || d.status == "renamed" {
		b = append(append(b, ' '), mode...)
	}
	b = append(b, '\n')
	left, right := quotePath("a/"+from), quotePath("b/"+to)
	if d.old == nil {
		left = "/dev/null"
	}
	if d.new == nil {
		right = "/dev/null"
	}
	if any.has("binary") {
		return fmt.Appendf(b, "Binary files %s and %s differ\n", left, right)
	}
	if d.added+d.removed == 0 {
		return b // an empty file came or went
	}
	b = fmt.Appendf(b, "--- %s\n+++ %s\n", left, right)
	return appendHunks(b, r.script(d), context)
}

// edit is one line of a diff.
type edit struct {
	op   byte
	text string
}

func (r *repository) script(d *delta) (s []edit) {
	one, op := d.new, byte('+')
	switch {
	case d.old != nil && d.new != nil:
		for _, l := range strings.SplitAfter(d.old.first, "\n") {
			if l != "" {
				s = append(s, edit{' ', l})
			}
		}
		mergeLines(d.old.lines, d.new.lines, func(op byte, i int) { s = append(s, edit{op, r.lineText(i)}) })
		return s
	case d.new == nil:
		one, op = d.old, '-'
	}
	for _, l := range strings.SplitAfter(r.textOf(one), "\n") {
		if l != "" {
			s = append(s, edit{op, l})
		}
	}
	return s
}

// appendHunks groups edits with their context, as diff -u does.
func appendHunks(b []byte, s []edit, context int) []byte {
	oldLine, newLine, done := 1, 1, 0
	for i := 0; i < len(s); {
		if s[i].op == ' ' {
			i++
			continue
		}
		start, end := max(i-context, done), i
		for k := i; k < len(s) && k <= end+2*context; k++ {
			if s[k].op != ' ' {
				end = k
			}
		}
		end = min(end+context+1, len(s))
		for ; done < start; done++ {
			oldLine, newLine = oldLine+1, newLine+1
		}
		olds, news := 0, 0
		for _, x := range s[start:end] {
			if x.op != '+' {
				olds++
			}
			if x.op != '-' {
				news++
			}
		}
		// Of an empty side diff names the line before.
		b = fmt.Appendf(b, "@@ -%d,%d +%d,%d @@\n", oldLine-b2i(olds == 0), olds, newLine-b2i(news == 0), news)
		for _, x := range s[start:end] {
			b = append(append(b, x.op), x.text...)
			if !strings.HasSuffix(x.text, "\n") {
				b = append(b, "\n\\ No newline at end of file\n"...)
			}
		}
		oldLine, newLine, done, i = oldLine+olds, newLine+news, end, end
	}
	return b
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// blob is the short name of a file's text.
func (r *repository) blob(f *file) string {
	if f == nil {
		return "0000000"
	}
	return fmt.Sprintf("%07x", salt(int64(len(f.lines)), f.id+r.textOf(f))>>36)
}

// quotePath quotes a path as git does, in octal, when it holds more than plain characters.
func quotePath(p string) string {
	plain := true
	for i := 0; i < len(p); i++ {
		if p[i] < 0x20 || p[i] >= 0x7f || p[i] == '"' || p[i] == '\\' {
			plain = false
		}
	}
	if plain {
		return p
	}
	b := []byte{'"'}
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < 0x20 || c >= 0x7f:
			b = fmt.Appendf(b, "\\%03o", c)
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}
