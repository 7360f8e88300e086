package bitbucketfake

import (
	"net/http"
	"slices"
	"strings"
)

// listCommits lists what git log would: from a revision, or from include without exclude, or all of it; newest first.
func (rq *request) listCommits(r *repository, rev string) {
	r.loadRefs()
	l := &list{
		n: r.commits, rows: r.log, filtered: true, max: 100, def: 30, paging: ctxChain,
		item: func(e *encoder, i int) { r.encodeCommit(e, i, false, false) },
	}
	include, exclude, path := rq.query["include"], rq.query["exclude"], rq.query.Get("path")
	if rev != "" {
		include = append([]string{rev}, include...)
	}
	if len(include) == 0 && len(exclude) == 0 && path == "" {
		rq.reply(l)
		return
	}
	for _, name := range append(append([]string(nil), include...), exclude...) {
		if r.refIndex(name) < 0 {
			rq.commitNotFound(name)
			return
		}
	}
	l.cacheKey = strings.Join(include, "\x01") + "\x02" + strings.Join(exclude, "\x01") + "\x02" + path
	if rows, ok := rq.s.views.get(rq.path + "\x00" + l.cacheKey); ok {
		l.rows = rows
	} else {
		in := r.reach(include, len(include) == 0)
		out := r.reach(exclude, false)
		l.filter(func(i int) bool { return in[i] && !out[i] && (path == "" || r.touches(i, path)) })
		rq.s.views.put(rq.path+"\x00"+l.cacheKey, l.rows)
	}
	l.cacheKey = ""
	rq.reply(l)
}

// reach marks the commits that can be reached from the named ones, or all.
func (r *repository) reach(names []string, all bool) []bool {
	if all {
		return slices.Repeat([]bool{true}, r.commits)
	}
	from := make([]int, len(names))
	for k, name := range names {
		from[k] = r.refIndex(name)
	}
	return r.ancestors(from...)
}

func (rq *request) routeCommit(r *repository, seg []string) {
	if len(seg) == 0 {
		rq.noAPI()
		return
	}
	if rq.routeCommitPart(r, seg) {
		return
	}
	rev := strings.Join(seg, "/")
	i := r.refIndex(rev)
	if i < 0 {
		rq.commitNotFound(rev)
		return
	}
	rq.single(func(e *encoder) { r.encodeCommit(e, i, false, true) })
}

func (rq *request) routeRefs(r *repository, seg []string) {
	r.loadRefs()
	switch {
	case len(seg) == 0:
		all := append(append([]*ref(nil), r.branches...), r.tags...)
		rq.listRefs(r, all, false)
	case seg[0] == "branches" && len(seg) == 1:
		rq.listRefs(r, r.branches, false)
	case seg[0] == "tags" && len(seg) == 1:
		// Captures of tag lists sometimes lack the size; here only the first repository sends it.
		rq.listRefs(r, r.tags, r.index > 0)
	case seg[0] == "branches" || seg[0] == "tags":
		list := r.branches
		if seg[0] == "tags" {
			list = r.tags
		}
		name := strings.Join(seg[1:], "/")
		for _, x := range list {
			if x.name == name {
				rq.single(func(e *encoder) { r.encodeRef(e, x) })
				return
			}
		}
		rq.fail(http.StatusNotFound, "No such branch or tag: "+name)
	default:
		rq.noAPI()
	}
}

func (rq *request) listRefs(r *repository, refs []*ref, unsized bool) {
	rq.reply(&list{
		n: len(refs), max: 100, def: 10, unsized: unsized,
		fields: fieldSet{
			"name":        {get: func(i int) value { return text(refs[i].name) }, less: func(a, b value) bool { return naturalLess(a.text, b.text) }},
			"target.date": {kind: timeField, get: func(i int) value { return instant(r.commit(refs[i].target).date) }},
		},
		item: func(e *encoder, i int) { r.encodeRef(e, refs[i]) },
	})
}

// naturalLess orders names with runs of digits as numbers: v9 before v10.
func naturalLess(a, b string) bool {
	for a != "" && b != "" {
		if isDigit(a[0]) && isDigit(b[0]) {
			x, restA := digits(a)
			y, restB := digits(b)
			if x != y {
				if len(x) != len(y) {
					return len(x) < len(y)
				}
				return x < y
			}
			a, b = restA, restB
			continue
		}
		if a[0] != b[0] {
			return a[0] < b[0]
		}
		a, b = a[1:], b[1:]
	}
	return len(a) < len(b)
}

// digits takes the leading number without its leading zeros.
func digits(s string) (number, rest string) {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return strings.TrimLeft(s[:n], "0"), s[n:]
}
