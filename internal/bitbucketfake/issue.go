package bitbucketfake

import (
	"strconv"
	"time"
)

// issue is one issue of a repository's tracker.
type issue struct {
	repo                          *repository
	id                            int
	title, text                   string
	state, kind, priority         string
	reporter, assignee            *user
	component, milestone, version *label
	votes, watches                int
	created, updated, edited      time.Time
	unavailable                   bool // spam: no list has it, and its own path answers 410
	comments                      []*issueComment
	changes                       []*issueChange
	attachments                   []string
}

var (
	issueStates     = []string{"submitted", "new", "open", "resolved", "on hold", "invalid", "duplicate", "wontfix", "closed"}
	issueKinds      = []string{"bug", "bug", "enhancement", "proposal", "task"}
	issuePriorities = []string{"trivial", "minor", "major", "major", "critical", "blocker"}
)

func pickLabel(g *rng, list []*label) *label {
	if len(list) == 0 || g.chance(45) {
		return nil
	}
	return pick(g, list)
}

// makeIssue makes an issue as it was reported, and then everything that happened to it.
func (r *repository) makeIssue(g *rng, i, n int) *issue {
	x := &issue{
		repo: r, id: i + 1, title: pick(g, titles), text: pick(g, descriptions), state: "new", kind: pick(g, issueKinds), priority: pick(g, issuePriorities),
		reporter: pick(g, r.team), votes: g.n(9), watches: 1 + g.n(5), unavailable: i == 12,
		component: pickLabel(g, r.tracker.components), milestone: pickLabel(g, r.tracker.milestones), version: pickLabel(g, r.tracker.versions),
	}
	switch g.n(12) {
	case 0:
		x.reporter = nil // anonymous
	case 1:
		x.reporter = r.gone
	}
	if g.chance(50) {
		x.assignee = pick(g, r.team)
	}
	step := dataEnd.Sub(dataStart) / time.Duration(n+1)
	x.created = dataStart.Add(step*time.Duration(i) + time.Duration(g.n(3600_000_000))*time.Microsecond)
	x.updated = x.created
	x.happen(g)
	if g.chance(15) {
		x.edited = x.created.Add(time.Duration(1+g.n(600)) * time.Second)
	}
	for k := g.n(4) - 1; k > 0; k-- {
		x.attachments = append(x.attachments, []string{"screenshot 1.png", "log-größe.txt"}[k-1])
	}
	return x
}

// happen makes comments and changes, oldest first. A change has a comment of its own, with the same id and no text.
func (x *issue) happen(g *rng) {
	r := x.repo
	count := g.n(6)
	if x.id%29 == 3 {
		count = 34
	}
	on := x.created
	for k := 0; k < count; k++ {
		on = capTime(on.Add(time.Duration(60+g.n(30*3600))*time.Second + time.Duration(g.n(1000))*time.Millisecond))
		c := &issueComment{id: 60_000_000 + int64(r.index)*1_000_000 + int64(x.id)*64 + int64(k), user: pick(g, r.team), created: on}
		if g.chance(55) {
			ch := &issueChange{id: c.id, user: c.user, created: on, message: pick(g, []string{"", "", "Done in \"develop\""})}
			x.change(g, ch)
			x.changes = append(x.changes, ch)
			c.ofChange = true
		} else {
			c.text = pick(g, remarks)
			if g.chance(15) {
				c.updated = on.Add(time.Duration(1+g.n(900)) * time.Second)
			}
		}
		x.comments = append(x.comments, c)
		x.updated = on
	}
}

func (x *issue) idText() string { return strconv.Itoa(x.id) }

// encodeCompact writes the reference to the issue that its comments and changes hold.
func (x *issue) encodeCompact(e *encoder) {
	e.str("type", "issue")
	e.num("id", int64(x.id))
	e.repository("repository", x.repo)
	e.str("title", x.title)
	if e.open("links") {
		e.link("self", x.repo.api, "/issues/", x.idText())
		e.close()
	}
}

func (x *issue) encode(e *encoder) {
	r := x.repo
	e.str("type", "issue")
	e.num("id", int64(x.id))
	e.repository("repository", r)
	if e.open("links") {
		e.link("self", r.api, "/issues/", x.idText())
		e.link("html", r.html, "/issues/", x.idText())
		for _, l := range []string{"comments", "attachments", "watch", "vote"} {
			e.link(l, r.api, "/issues/", x.idText(), "/", l)
		}
		e.close()
	}
	e.str("title", x.title)
	e.rendered("content", x.text)
	e.user("reporter", x.reporter)
	e.user("assignee", x.assignee)
	e.micro("created_on", x.created)
	e.micro("updated_on", x.updated)
	e.micro("edited_on", x.edited)
	e.str("state", x.state)
	e.str("kind", x.kind)
	e.str("priority", x.priority)
	e.label("milestone", x.milestone, r)
	e.label("version", x.version, r)
	e.label("component", x.component, r)
	e.num("votes", int64(x.votes))
	e.num("watches", int64(x.watches))
}

// issueFields are what issues are filtered and sorted by; component, milestone and version compare by name, and people
// can be compared with null.
func issueFields(x []*issue) fieldSet {
	word := func(get func(x *issue) string) field {
		return field{get: func(i int) value { return text(get(x[i])) }}
	}
	when := func(get func(x *issue) time.Time) field {
		return field{kind: timeField, get: func(i int) value { return instant(get(x[i])) }}
	}
	fs := fieldSet{
		"id":          {kind: numberField, get: func(i int) value { return number(x[i].id) }},
		"votes":       {kind: numberField, get: func(i int) value { return number(x[i].votes) }},
		"title":       word(func(x *issue) string { return x.title }),
		"content.raw": word(func(x *issue) string { return x.text }),
		"state":       word(func(x *issue) string { return x.state }),
		"kind":        word(func(x *issue) string { return x.kind }),
		"priority":    word(func(x *issue) string { return x.priority }),
		"created_on":  when(func(x *issue) time.Time { return x.created }),
		"updated_on":  when(func(x *issue) time.Time { return x.updated }),
		"edited_on":   when(func(x *issue) time.Time { return x.edited }),
	}
	for name, get := range map[string]func(x *issue) *label{
		"component": func(x *issue) *label { return x.component },
		"milestone": func(x *issue) *label { return x.milestone },
		"version":   func(x *issue) *label { return x.version },
	} {
		f := field{get: func(i int) value {
			if l := get(x[i]); l != nil {
				return text(l.name)
			}
			return value{}
		}}
		fs[name], fs[name+".name"] = f, f
	}
	for name, get := range map[string]func(i int) *user{
		"reporter": func(i int) *user { return x[i].reporter }, "assignee": func(i int) *user { return x[i].assignee },
	} {
		userFields(fs, name, get)
		fs[name] = fs[name+".uuid"]
	}
	return fs
}
