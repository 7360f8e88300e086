package bitbucketfake

import (
	"net/http"
	"strconv"
	"strings"
)

// load makes the pull requests and the history on first use.
func (r *repository) load() { r.once.Do(r.build) }

func (rq *request) routePulls(r *repository, seg []string) {
	r.load()
	if len(seg) == 0 {
		rq.listPulls(r.pulls)
		return
	}
	if seg[0] == "activity" && len(seg) == 1 {
		rq.listActivity(r, r.pulls)
		return
	}
	id, err := strconv.Atoi(seg[0])
	if err != nil || id < 1 || id > len(r.pulls) {
		rq.fail(http.StatusNotFound, "Pull request "+seg[0]+" not found")
		return
	}
	pr := r.pulls[id-1]
	switch {
	case len(seg) == 1:
		rq.single(func(e *encoder) { pr.encode(e, true) })
	case seg[1] == "comments":
		pr.serveComments(rq, seg[2:])
	case len(seg) == 2 && seg[1] == "commits":
		rq.listPullCommits(pr)
	case len(seg) == 2 && seg[1] == "activity":
		rq.listActivity(r, []*pullRequest{pr})
	case len(seg) == 2 && seg[1] == "statuses":
		rq.listStatuses(pr)
	default:
		rq.routePull(pr, seg[1:])
	}
}

func userFields(fs fieldSet, prefix string, get func(i int) *user) {
	one := func(f func(*user) string) field {
		return field{get: func(i int) value {
			if u := get(i); u != nil && f(u) != "" {
				return text(f(u))
			}
			return value{}
		}}
	}
	fs[prefix+".uuid"] = one(func(u *user) string { return u.uuid })
	fs[prefix+".nickname"] = one(func(u *user) string { return u.nick })
	fs[prefix+".account_id"] = one(func(u *user) string { return u.accountID })
}

func pullFields(p []*pullRequest) fieldSet {
	fs := fieldSet{
		"id":                      {kind: numberField, get: func(i int) value { return number(p[i].id) }},
		"title":                   {get: func(i int) value { return text(p[i].title) }},
		"state":                   {get: func(i int) value { return text(p[i].state) }},
		"draft":                   {kind: boolField, get: func(i int) value { return truth(p[i].draft) }},
		"created_on":              {kind: timeField, get: func(i int) value { return instant(p[i].created) }},
		"updated_on":              {kind: timeField, get: func(i int) value { return instant(p[i].updated) }},
		"source.branch.name":      {get: func(i int) value { return text(p[i].sourceBranch) }},
		"destination.branch.name": {get: func(i int) value { return text(p[i].destBranch) }},
		"source.repository.full_name": {get: func(i int) value {
			if p[i].source == nil {
				return value{}
			}
			return text(p[i].source.fullName())
		}},
	}
	userFields(fs, "author", func(i int) *user { return p[i].author })
	for _, name := range []string{"uuid", "nickname", "account_id"} {
		fs["reviewers."+name] = field{all: func(i int) (vs []value) {
			for _, x := range p[i].participants {
				if x.role == "REVIEWER" {
					vs = append(vs, text(map[string]string{"uuid": x.user.uuid, "nickname": x.user.nick, "account_id": x.user.accountID}[name]))
				}
			}
			return vs
		}}
	}
	return fs
}

// listPulls lists open pull requests, those of the states asked for, or, with q, those that q names whatever their
// state: then the state parameters count for nothing.
func (rq *request) listPulls(p []*pullRequest) {
	l := &list{n: len(p), reverse: true, max: 50, def: 10, fields: pullFields(p), item: func(e *encoder, i int) { p[i].encode(e, false) }}
	if rq.query.Get("q") != "" {
		l.cacheKey = "q"
		rq.reply(l)
		return
	}
	want := map[string]bool{}
	for _, s := range rq.query["state"] {
		switch s {
		case "OPEN", "MERGED", "DECLINED", "SUPERSEDED":
			want[s] = true
		default:
			rq.fail(http.StatusBadRequest, "Invalid state: "+s)
			return
		}
	}
	if len(want) == 0 {
		want["OPEN"] = true
	}
	l.cacheKey = "state " + strings.Join(rq.query["state"], ",")
	l.keep = func(i int) bool { return want[p[i].state] }
	rq.reply(l)
}

func (pr *pullRequest) serveComments(rq *request, rest []string) {
	c := pr.comments
	(&collection[*comment]{
		kind: "Comment", items: c, is: (*comment).is,
		encode: func(c *comment, e *encoder) { pr.encodeComment(e, c) },
		fields: fieldSet{
			"updated_on": {kind: timeField, get: func(i int) value { return instant(c[i].updated) }},
			"created_on": {kind: timeField, sortOnly: true, get: func(i int) value { return instant(c[i].created) }},
		},
	}).serve(rq, rest)
}

// listPullCommits is empty when the source branch is gone, and 404 when the whole fork is.
func (rq *request) listPullCommits(pr *pullRequest) {
	if pr.source == nil {
		rq.fail(http.StatusNotFound, "Repository not found")
		return
	}
	c := pr.commits
	rq.reply(&list{
		n: len(c), max: 100, def: 10, paging: tokenPage,
		item: func(e *encoder, i int) { pr.repo.encodeCommit(e, c[i], false, false) },
	})
}
