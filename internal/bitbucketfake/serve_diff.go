package bitbucketfake

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// routeDiff serves what compares commits; it says whether the path is its.
func (rq *request) routeDiff(r *repository, seg []string) bool {
	serve := map[string]func(*repository, revspec){
		"diff": rq.getDiff, "patch": rq.getPatch, "diffstat": rq.listDiffstat, "file-conflicts": rq.listConflicts, "merge-base": rq.getMergeBase,
	}[seg[0]]
	if serve == nil {
		return false
	}
	if x, ok := rq.revspec(r, seg[1:]); ok {
		serve(r, x)
	}
	return true
}

func (rq *request) getDiff(r *repository, x revspec) {
	context := 3
	if c := rq.query.Get("context"); c != "" {
		n, err := strconv.Atoi(c)
		if err != nil || n < 0 {
			rq.fail(http.StatusBadRequest, "Invalid context: "+c)
			return
		}
		context = n
	}
	d, _, ok := rq.deltas(r, x)
	if !ok {
		return
	}
	var b []byte
	for i := range d {
		b = r.unified(b, &d[i], context)
	}
	rq.raw("text/plain", b)
}

// getPatch writes mails, as git format-patch does: of one commit, or of those that the source has and dest has not.
func (rq *request) getPatch(r *repository, x revspec) {
	commits := []int{x.source}
	if x.dest >= 0 {
		commits = commits[:0]
		in, out := r.ancestors(x.source), r.ancestors(x.dest)
		for i := range in {
			if in[i] && !out[i] && len(r.parents(i, nil)) < 2 {
				commits = append(commits, i)
			}
		}
	}
	var b []byte
	for k, i := range commits {
		c := r.commit(i)
		number := ""
		if len(commits) > 1 {
			number = fmt.Sprintf(" %d/%d", k+1, len(commits))
		}
		subject, body, _ := strings.Cut(strings.TrimRight(c.message, "\n"), "\n")
		b = fmt.Appendf(b, "From %s Mon Sep 17 00:00:00 2001\nFrom: %s\nDate: %s\nSubject: [PATCH%s] %s\n\n%s\n---\n\n",
			c.hash, c.raw, c.date.Format("Mon, 2 Jan 2006 15:04:05 -0700"), number, subject, strings.TrimLeft(body, "\n"))
		var old *tree
		if len(c.parents) > 0 {
			old = r.tree(c.parents[0])
		}
		d := compare(old, r.tree(i), true)
		for n := range d {
			b = r.unified(b, &d[n], 3)
		}
		b = append(b, "-- \n2.47.1\n\n"...)
	}
	rq.raw("text/plain", b)
}

func (rq *request) listDiffstat(r *repository, x revspec) {
	d, base, ok := rq.deltas(r, x)
	if !ok {
		return
	}
	from, to := r.hash(base), r.hash(x.source)
	side := func(e *encoder, k string, f *file, hash string) {
		if f == nil {
			e.null(k)
			return
		}
		if !e.open(k) {
			return
		}
		e.str("path", f.path)
		e.str("type", "commit_file")
		e.str("escaped_path", escapePath(f.path))
		if e.open("links") {
			e.link("self", r.api, "/src/", hash, "/", escapePath(f.path))
			e.close()
		}
		e.close()
	}
	rq.reply(&list{
		n: len(d), max: 500, def: 500,
		item: func(e *encoder, i int) {
			x := &d[i]
			e.str("type", "diffstat")
			e.num("lines_added", int64(x.added))
			e.num("lines_removed", int64(x.removed))
			e.str("status", x.status)
			side(e, "old", x.old, from)
			side(e, "new", x.new, to)
		},
	})
}

type conflict struct{ path, scenario, message string }

// conflicts finds the files that both sides changed since their merge base. One commit conflicts with nothing.
func (r *repository) conflicts(x revspec) (c []conflict) {
	if x.dest >= 0 {
		base := r.tree(r.mergeBase(x.source, x.dest))
		theirs := map[string]*delta{}
		dest := compare(base, r.tree(x.dest), true)
		for i := range dest {
			if o := dest[i].old; o != nil {
				theirs[o.id] = &dest[i]
			}
		}
		for _, d := range compare(base, r.tree(x.source), true) {
			if d.old == nil || theirs[d.old.id] == nil {
				continue
			}
			o := theirs[d.old.id]
			switch {
			case d.status == "removed" && o.status == "removed" || d.added+d.removed == 0 || o.added+o.removed == 0:
			case d.status == "removed":
				c = append(c, conflict{d.old.path, "delete_modify", "File deleted in source but modified in destination"})
			case o.status == "removed":
				c = append(c, conflict{d.old.path, "modify_delete", "File modified in source but deleted in destination"})
			default:
				c = append(c, conflict{o.new.path, "content", "File modified in both source and destination"})
			}
		}
	}
	return c
}

func (rq *request) listConflicts(r *repository, x revspec) {
	c := r.conflicts(x)
	rq.reply(&list{
		n: len(c), max: 500, def: 500,
		item: func(e *encoder, i int) {
			e.str("path", c[i].path)
			e.str("scenario", c[i].scenario)
			e.str("message", c[i].message)
		},
	})
}

func (rq *request) getMergeBase(r *repository, x revspec) {
	if x.dest < 0 {
		rq.fail(http.StatusBadRequest, "A revspec of two commits is needed")
		return
	}
	i := r.mergeBase(x.source, x.dest)
	rq.single(func(e *encoder) { r.encodeCommit(e, i, false, false) })
}
