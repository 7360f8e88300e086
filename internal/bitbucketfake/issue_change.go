package bitbucketfake

import (
	"strconv"
	"time"
)

// issueChange is one edit of an issue.
type issueChange struct {
	id      int64
	user    *user
	created time.Time
	message string
	fields  []changedField
}

// changedField is what one field was and became; empty stands for nothing.
type changedField struct{ name, old, new string }

// change edits the issue in one to three fields and notes what it did.
func (x *issue) change(g *rng, c *issueChange) {
	set := func(name string, at *string, to string) {
		if *at != to {
			c.fields = append(c.fields, changedField{name, *at, to})
			*at = to
		}
	}
	for len(c.fields) == 0 {
		if g.chance(70) {
			set("state", &x.state, pick(g, issueStates))
		}
		if g.chance(25) {
			set("priority", &x.priority, pick(g, issuePriorities))
		}
		if g.chance(15) {
			set("kind", &x.kind, pick(g, issueKinds))
		}
		if g.chance(10) {
			set("title", &x.title, x.title+" (reopened)")
		}
		if g.chance(25) {
			x.reassign(g, c)
		}
		if g.chance(15) {
			x.relabel(c, "milestone", &x.milestone, pickLabel(g, x.repo.tracker.milestones))
		}
		if g.chance(10) {
			x.relabel(c, "component", &x.component, pickLabel(g, x.repo.tracker.components))
		}
		if g.chance(10) {
			x.relabel(c, "version", &x.version, pickLabel(g, x.repo.tracker.versions))
		}
	}
}

func (x *issue) relabel(c *issueChange, name string, at **label, to *label) {
	text := func(l *label) string {
		if l == nil {
			return ""
		}
		return l.name
	}
	if *at != to {
		c.fields = append(c.fields, changedField{name, text(*at), text(to)})
		*at = to
	}
}

func (x *issue) reassign(g *rng, c *issueChange) {
	to := pick(g, x.repo.team)
	if g.chance(30) {
		to = nil
	}
	if to == x.assignee {
		return
	}
	text := func(u *user, f func(*user) string) string {
		if u == nil {
			return ""
		}
		return f(u)
	}
	for _, v := range []struct {
		name string
		get  func(*user) string
	}{{"assignee", func(u *user) string { return u.nick }}, {"assignee_account_id", func(u *user) string { return u.accountID }}} {
		c.fields = append(c.fields, changedField{v.name, text(x.assignee, v.get), text(to, v.get)})
	}
	x.assignee = to
}

func (c *issueChange) encode(e *encoder, x *issue) {
	id := strconv.FormatInt(c.id, 10)
	e.str("type", "issue_change")
	e.num("id", c.id)
	if e.open("changes") {
		for _, f := range c.fields {
			if e.open(f.name) {
				e.str("old", f.old)
				e.str("new", f.new)
				e.close()
			}
		}
		e.close()
	}
	if e.open("links") {
		e.link("self", x.repo.api, "/issues/", x.idText(), "/changes/", id)
		e.link("issue", x.repo.api, "/issues/", x.idText())
		e.link("html", x.repo.html, "/issues/", x.idText(), "#comment-", id)
		e.close()
	}
	if e.open("issue") {
		x.encodeCompact(e)
		e.close()
	}
	e.micro("created_on", c.created)
	e.user("user", c.user)
	e.rendered("message", c.message)
}

func (rq *request) listIssueChanges(x *issue) {
	c := x.changes
	fs := fieldSet{"created_on": {kind: timeField, get: func(i int) value { return instant(c[i].created) }}}
	userFields(fs, "user", func(i int) *user { return c[i].user })
	for _, name := range []string{"state", "assignee", "priority", "kind", "milestone", "component", "version", "title"} {
		for _, end := range []string{"old", "new"} {
			fs["changes."+name+"."+end] = field{get: func(i int) value {
				for _, f := range c[i].fields {
					if f.name == name {
						return text(map[string]string{"old": f.old, "new": f.new}[end])
					}
				}
				return value{}
			}}
		}
	}
	rq.reply(&list{n: len(c), max: 100, def: 20, fields: fs, item: func(e *encoder, i int) { c[i].encode(e, x) }})
}
