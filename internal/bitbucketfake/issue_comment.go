package bitbucketfake

import (
	"strconv"
	"time"
)

// issueComment is a comment on an issue, or what a change left among them: that one has no text (null).
type issueComment struct {
	id               int64
	text             string
	user             *user
	created, updated time.Time // updated: zero, null
	ofChange         bool
}

func (c *issueComment) encode(e *encoder, x *issue) {
	id := strconv.FormatInt(c.id, 10)
	e.str("type", "issue_comment")
	e.num("id", c.id)
	e.micro("created_on", c.created)
	e.micro("updated_on", c.updated)
	if c.ofChange {
		if e.open("content") {
			e.str("type", "rendered")
			e.null("raw")
			e.str("markup", "markdown")
			e.str("html", "")
			e.close()
		}
	} else {
		e.rendered("content", c.text)
	}
	e.user("user", c.user)
	if e.open("issue") {
		x.encodeCompact(e)
		e.close()
	}
	if e.open("links") {
		e.link("self", x.repo.api, "/issues/", x.idText(), "/comments/", id)
		e.link("html", x.repo.html, "/issues/", x.idText(), "#comment-", id)
		e.close()
	}
}

func (rq *request) listIssueComments(x *issue) {
	c := x.comments
	fs := fieldSet{
		"id":          {kind: numberField, get: func(i int) value { return value{set: true, num: float64(c[i].id)} }},
		"created_on":  {kind: timeField, get: func(i int) value { return instant(c[i].created) }},
		"updated_on":  {kind: timeField, get: func(i int) value { return instant(c[i].updated) }},
		"content.raw": {get: func(i int) value { return value{set: !c[i].ofChange, text: c[i].text} }},
	}
	userFields(fs, "user", func(i int) *user { return c[i].user })
	rq.reply(&list{n: len(c), max: 100, def: 20, fields: fs, item: func(e *encoder, i int) { c[i].encode(e, x) }})
}
