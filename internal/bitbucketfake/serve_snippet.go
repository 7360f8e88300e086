package bitbucketfake

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// routeSnippets serves /snippets and all below it.
func (rq *request) routeSnippets(seg []string) {
	rq.scope = "snippet"
	if len(seg) == 0 {
		rq.gone2770()
		return
	}
	w := rq.workspace(seg[0])
	if w == nil {
		return
	}
	all := rq.snippets(w)
	if len(seg) == 1 {
		rq.listSnippets(all)
		return
	}
	for _, s := range all {
		if s.id == seg[1] {
			rq.routeSnippet(s, seg[0], seg[2:])
			return
		}
	}
	rq.fail(http.StatusNotFound, "No snippet with id "+seg[1]+" in workspace "+w.slug)
}

// listSnippets lists the youngest first.
func (rq *request) listSnippets(all []*snippet) {
	l := &list{n: len(all), reverse: true, max: 100, def: 10, item: func(e *encoder, i int) { all[i].encode(e) }}
	switch role := rq.query.Get("role"); role {
	case "", "member":
	case "contributor":
		l.filter(func(i int) bool { return i%2 == 0 })
	case "owner":
		l.filter(func(i int) bool { return all[i].creator == rq.s.users[0] })
	default:
		rq.fail(http.StatusBadRequest, "Invalid role: "+role)
		return
	}
	rq.reply(l)
}

func (rq *request) routeSnippet(s *snippet, ws string, rest []string) {
	if len(rest) == 0 {
		rq.single(func(e *encoder) { s.encodeAt(e, s.head()) })
		return
	}
	switch part := rest[0]; {
	case part == "comments":
		rq.routeSnippetComments(s, rest[1:])
	case part == "commits":
		young := slices.Clone(s.revs)
		slices.Reverse(young)
		(&collection[*snippetRev]{
			kind: "Commit", items: young, encode: (*snippetRev).encode,
			is: func(r *snippetRev, id string) bool { return r == s.rev(id) },
		}).serve(rq, rest[1:])
	case part == "watchers" && len(rest) == 1:
		(&collection[*user]{items: s.watchers, encode: (*user).encode}).serve(rq, nil)
	case part == "watch" && len(rest) == 1:
		rq.getWatch(s)
	case part == "files" && len(rest) > 1:
		rq.redirectToFile(s, ws, rest[1:])
	default:
		rq.routeSnippetRev(s, rest)
	}
}

// getWatch says by its status alone whether the caller watches the snippet.
func (rq *request) getWatch(s *snippet) {
	if !slices.Contains(s.watchers, rq.s.users[0]) {
		rq.fail(http.StatusNotFound, "You are not watching this snippet")
		return
	}
	rq.status, rq.plain = http.StatusNoContent, true
	rq.header.Del("Content-Type")
}

// redirectToFile leads to a file of the newest revision. The links of files have a revision in this place, though.
func (rq *request) redirectToFile(s *snippet, ws string, path []string) {
	if r := s.rev(path[0]); r != nil && len(path) > 1 {
		rq.getSnippetFile(r, strings.Join(path[1:], "/"))
		return
	}
	name := strings.Join(path, "/")
	if s.head().file(name) == nil {
		rq.fail(http.StatusNotFound, "No such file or directory: "+name)
		return
	}
	rq.fail(http.StatusFound, "The file is at its revision")
	rq.header.Set("Location", rq.base+"/2.0/snippets/"+url.PathEscape(ws)+"/"+s.id+"/"+s.head().hash+"/files/"+escapePath(name))
}

func (rq *request) routeSnippetRev(s *snippet, rest []string) {
	r := s.rev(rest[0])
	switch {
	case r == nil:
		rq.fail(http.StatusNotFound, "No revision "+rest[0]+" of snippet "+s.id)
	case len(rest) == 1:
		rq.single(func(e *encoder) { s.encodeAt(e, r) })
	case len(rest) == 2 && rest[1] == "diff":
		rq.raw("text/plain", []byte(r.diff(rq.query.Get("path"))))
	case len(rest) == 2 && rest[1] == "patch":
		rq.raw("text/plain", []byte(r.patch()))
	case len(rest) > 2 && rest[1] == "files":
		rq.getSnippetFile(r, strings.Join(rest[2:], "/"))
	default:
		rq.noAPI()
	}
}

// getSnippetFile answers with the bytes of a file, never to be shown in place.
func (rq *request) getSnippetFile(r *snippetRev, name string) {
	f := r.file(name)
	if f == nil {
		rq.fail(http.StatusNotFound, "No such file or directory: "+name)
		return
	}
	rq.raw(f.kind, []byte(r.snippet.text(f, r.index)))
	rq.header.Set("Content-Disposition", "attachment")
}
