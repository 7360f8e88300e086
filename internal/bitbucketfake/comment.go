package bitbucketfake

import (
	"strconv"
	"time"
)

// comment is a comment on a pull request, a commit or a snippet.
type comment struct {
	id               int64
	text             string
	user             *user
	created, updated time.Time
	deleted, pending bool
	parent           *comment
	path             string // empty: on the pull request as a whole
	from, to         int    // line numbers, 0: null
	startFrom        int    // first of several lines, 0: of one; of the old version
	startTo          int    // the same of the new one
	resolvedBy       *user
	resolved         time.Time
}

var remarks = []string{
	"Looks good to me 👍", "Could we use a `map` here?", "nit: typo", "This breaks on NULL, see \"the other\" branch.", "Path should be C:\\data\\x",
	"Why 100%?", "Done.", "Was ist mit Umlauten?", "请加测试", "Please add a test.\n\n```go\nif err != nil {\n\treturn err\n}\n```", "",
}

var paths = []string{"README.md", "src/main.go", "internal/cache/cache_test.go", "docs/a b/ü.md", "web/app.tsx", "schema/users.sql"}

// discuss makes the comments, oldest first, inside the pull request's life.
func (pr *pullRequest) discuss(g *rng, window int) {
	count := g.n(6)
	switch {
	case g.chance(20):
		count = 0
	case pr.id%29 == 11:
		count = 25 + g.n(90)
	}
	r := pr.repo
	for k := 0; k < count; k++ {
		c := &comment{
			id: 100_000_000 + int64(r.index)*20_000_000 + int64(pr.id)*128 + int64(k), text: pick(g, remarks), user: pick(g, r.team),
		}
		c.created = capTime(pr.created.Add(time.Duration(window)*time.Second*time.Duration(k+1)/time.Duration(count+1) +
			time.Duration(g.n(1000000))*time.Microsecond))
		c.updated = c.created.Add(time.Duration(1000+g.n(3000)) * time.Microsecond)
		if g.chance(15) {
			c.updated = capTime(c.created.Add(time.Duration(g.n(7200)) * time.Second))
		}
		if k > 0 && g.chance(30) {
			c.parent = pr.comments[g.n(k)]
			c.anchor(c.parent)
		} else if g.chance(50) {
			c.path = pick(g, paths)
			if line := 1 + g.n(400); g.chance(75) {
				c.to = line
			} else {
				c.from = line
			}
			c.widen()
		}
		switch v := g.n(25); {
		case v < 2:
			c.deleted, c.text = true, ""
		case v == 2:
			c.pending = true
		case v < 7 && c.parent == nil:
			c.resolvedBy = pick(g, r.team)
			c.resolved = capTime(c.created.Add(time.Duration(60+g.n(3600)) * time.Second))
			if c.resolved.After(c.updated) {
				c.updated = c.resolved
			}
		case v == 7:
			c.user = r.gone
		}
		pr.comments = append(pr.comments, c)
	}
}

// widen makes one inline comment of four a comment on three lines.
func (c *comment) widen() {
	switch {
	case c.id%4 != 1:
	case c.to > 0:
		c.startTo, c.to = c.to, c.to+2
	default:
		c.startFrom, c.from = c.from, c.from+2
	}
}

// anchor puts a reply where the comment is that it answers.
func (c *comment) anchor(up *comment) {
	c.parent, c.path = up, up.path
	c.from, c.to, c.startFrom, c.startTo = up.from, up.to, up.startFrom, up.startTo
}

// commentCount does not count what was deleted.
func (pr *pullRequest) commentCount() int {
	n := 0
	for _, c := range pr.comments {
		if !c.deleted {
			n++
		}
	}
	return n
}

func (c *comment) is(id string) bool { return strconv.FormatInt(c.id, 10) == id }

// encode writes what every comment has; one that was deleted stays, without its text.
func (c *comment) encode(e *encoder) {
	e.num("id", c.id)
	e.micro("created_on", c.created)
	e.micro("updated_on", c.updated)
	e.rendered("content", c.text)
	e.user("user", c.user)
	e.boolean("deleted", c.deleted)
}

// encodePlace writes where an inline comment is.
func (c *comment) encodePlace(e *encoder) {
	e.numOrNull("from", c.from)
	e.numOrNull("to", c.to)
	if c.startFrom > 0 {
		e.num("start_from", int64(c.startFrom))
	}
	if c.startTo > 0 {
		e.num("start_to", int64(c.startTo))
	}
	e.str("path", c.path)
}

func (pr *pullRequest) encodeComment(e *encoder, c *comment) {
	id := strconv.FormatInt(c.id, 10)
	c.encode(e)
	if c.parent != nil && e.open("parent") {
		e.num("id", c.parent.id)
		if e.open("links") {
			pid := strconv.FormatInt(c.parent.id, 10)
			e.link("self", pr.repo.api, "/pullrequests/", pr.idText(), "/comments/", pid)
			e.link("html", pr.repo.html, "/pull-requests/", pr.idText(), "/_/diff#comment-", pid)
			e.close()
		}
		e.str("type", "pullrequest_comment")
		e.close()
	}
	if c.path != "" && e.open("inline") {
		c.encodePlace(e)
		e.boolean("outdated", c.id%5 == 2)
		e.str("context_lines", "")
		e.close()
	}
	e.boolean("pending", c.pending)
	if c.resolvedBy != nil {
		if e.open("resolution") {
			e.str("type", "comment_resolution")
			e.user("user", c.resolvedBy)
			e.micro("created_on", c.resolved)
			e.close()
		}
	}
	e.str("type", "pullrequest_comment")
	if e.open("links") {
		e.link("self", pr.repo.api, "/pullrequests/", pr.idText(), "/comments/", id)
		e.link("html", pr.repo.html, "/pull-requests/", pr.idText(), "/_/diff#comment-", id)
		if c.path != "" {
			e.link("code", pr.repo.api, "/diff/", pr.repo.fullName(), ":", pr.sourceHash[:12], "..", pr.destHash[:12])
		}
		e.close()
	}
	if e.open("pullrequest") {
		pr.encodeCompact(e)
		e.close()
	}
}

func (e *encoder) numOrNull(k string, v int) {
	if v == 0 {
		e.null(k)
		return
	}
	e.num(k, int64(v))
}
