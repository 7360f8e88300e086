package bitbucketfake

import (
	"net/http"
	"sort"
	"strings"
)

// version is a commit that changed a file, and the file's path there.
type version struct {
	commit int
	path   string
	kind   string // of the change
	nth    int    // change of its commit
}

// listHistory is git log --follow: commits that changed a file, newest first, under the name it had then.
func (rq *request) listHistory(r *repository, i int, where string) {
	in := r.ancestors(i)
	follow := !strings.EqualFold(rq.query.Get("renames"), "false")
	var v []version
	var buf [8]change
	name := where
	for _, k := range r.log {
		if !in[k] {
			continue
		}
		for n, c := range r.changes(int(k), buf[:0]) {
			if c.path != name {
				continue
			}
			v = append(v, version{int(k), name, c.kind, n})
			if c.kind == "renamed" && follow {
				name = c.from
			}
			break
		}
	}
	if len(v) == 0 {
		rq.fail(http.StatusNotFound, "No such file or directory: "+where)
		return
	}
	rq.reply(&list{
		n: len(v), max: 100, def: 50, paging: tokenPage,
		fields: fieldSet{"commit.date": {kind: timeField, get: func(i int) value { return instant(r.commit(v[i].commit).date) }}},
		item: func(e *encoder, i int) {
			e.str("path", v[i].path)
			if e.open("commit") {
				r.encodeCommit(e, v[i].commit, true, false)
				e.close()
			}
			r.encodeFile(e, r.hash(v[i].commit), r.fileOf(v, i))
		},
	})
}

// fileOf makes a file as of one of its versions from those before it, which is quicker than the whole tree.
func (r *repository) fileOf(v []version, i int) *file {
	last := len(v) - 1
	if v[last].kind != "added" { // a history that does not follow renames
		if f := r.tree(v[i].commit).byPath[v[i].path]; f != nil {
			return f
		}
		return &file{path: v[i].path}
	}
	f := r.begin(v[last].commit, v[last].nth, v[i].path)
	if v[i].kind == "removed" {
		return &file{path: v[i].path}
	}
	in := r.ancestors(v[i].commit)
	for k := i; k < last; k++ {
		if in[v[k].commit] && v[k].kind == "modified" {
			f.lines = append(f.lines, v[k].commit)
		}
	}
	sort.Ints(f.lines)
	return f
}
