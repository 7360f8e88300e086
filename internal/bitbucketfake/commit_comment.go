package bitbucketfake

import (
	"net/url"
	"strconv"
	"time"
)

// commentsOn makes the comments on a commit, oldest first: newest commits of branches have some, that of the main
// branch more than a page, and one in eight others one to three.
func (r *repository) commentsOn(i int) []*comment {
	r.marks()
	g := at(salt(r.seed, "commit-comment/"+r.slug), i)
	count := 0
	switch {
	case i == r.mainTip():
		count = 14
	case r.tips[i] != nil:
		count = 2 + g.n(4)
	case g.chance(12):
		count = 1 + g.n(3)
	}
	var changed [8]change
	what := r.changes(i, changed[:0])
	out := make([]*comment, count)
	at := r.commit(i).date
	for k := range out {
		at = at.Add(time.Duration(60+g.n(5400))*time.Second + time.Duration(g.n(1_000_000))*time.Microsecond)
		c := &comment{
			id: 10_000_000 + int64(r.index)*50_000_000 + int64(i)*16 + int64(k), text: pick(g, remarks), user: pick(g, r.team),
			created: capTime(at), updated: capTime(at),
		}
		out[k] = c
		if g.chance(25) {
			c.updated = capTime(at.Add(time.Duration(1+g.n(86_400)) * time.Second))
		}
		switch {
		case k > 0 && g.chance(35):
			c.anchor(out[g.n(k)])
		case len(what) > 0 && g.chance(60):
			c.path = pick(g, what).path
			if line := 1 + g.n(40); g.chance(75) {
				c.to = line
				if g.chance(30) {
					c.to, c.startTo = line+3, line
				}
			} else {
				c.from = line
				c.widen()
			}
		}
		switch v := g.n(12); {
		case v == 0 || k == 3:
			c.deleted, c.text = true, ""
		case v == 1:
			c.user = r.gone
		}
	}
	return out
}

// commitComments serves the comments on a commit.
func (rq *request) commitComments(r *repository, i int) *collection[*comment] {
	c := r.commentsOn(i)
	return &collection[*comment]{
		kind: "Comment", items: c, is: (*comment).is,
		encode: func(c *comment, e *encoder) { r.encodeCommitComment(e, r.hash(i), c) },
		fields: fieldSet{
			"id":         {kind: numberField, get: func(i int) value { return number(int(c[i].id)) }},
			"created_on": {kind: timeField, get: func(i int) value { return instant(c[i].created) }},
			"updated_on": {kind: timeField, get: func(i int) value { return instant(c[i].updated) }},
		},
	}
}

func (r *repository) encodeCommitComment(e *encoder, hash string, c *comment) {
	links := func(id int64) {
		if !e.open("links") {
			return
		}
		n := strconv.FormatInt(id, 10)
		e.link("self", r.api, "/commit/", hash, "/comments/", n)
		e.link("html", r.html, "/commits/", hash, "#comment-", n)
		if id == c.id && c.path != "" {
			e.link("code", r.api, "/diff/", hash, "?path=", url.QueryEscape(c.path))
		}
		e.close()
	}
	c.encode(e)
	if c.parent != nil && e.open("parent") {
		e.num("id", c.parent.id)
		links(c.parent.id)
		e.str("type", "commit_comment")
		e.close()
	}
	if c.path != "" && e.open("inline") {
		c.encodePlace(e)
		e.close()
	}
	e.str("type", "commit_comment")
	if e.open("commit") {
		r.encodeCommitLink(e, hash)
		e.close()
	}
	links(c.id)
}
