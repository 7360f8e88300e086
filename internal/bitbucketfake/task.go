package bitbucketfake

import (
	"strconv"
	"time"
)

// task is something to be done before a pull request is merged.
type task struct {
	id               int64
	text             string
	creator          *user
	comment          *comment // nil: of the pull request as a whole
	created, updated time.Time
	resolvedBy       *user
	resolved         time.Time // zero: not yet
	pending          bool
}

// taskList makes the tasks that task_count counts, oldest first.
func (pr *pullRequest) taskList() []task {
	r := pr.repo
	base := salt(r.seed, "task/"+r.slug+"/"+pr.idText())
	out := make([]task, pr.tasks)
	for i := range out {
		g := at(base, i)
		t := &out[i]
		t.id = 40_000_000 + int64(r.index)*4_000_000 + int64(pr.id)*32 + int64(i)
		t.text = pick(g, []string{"Add a test", "Update the \"docs\"", "Prüfen: 100%?", "Remove TODO_1", "修复"})
		t.creator = pick(g, r.team)
		t.created = capTime(pr.created.Add(time.Duration(i+1)*17*time.Minute + time.Duration(g.n(1000000))*time.Microsecond))
		t.updated = t.created.Add(80 * time.Microsecond)
		if len(pr.comments) > 0 && g.chance(70) {
			if c := pick(g, pr.comments); !c.deleted {
				t.comment = c
			}
		}
		switch {
		case pr.state == "MERGED" || g.chance(50):
			t.resolvedBy, t.resolved = pick(g, r.team), capTime(t.created.Add(time.Duration(60+g.n(7200))*time.Second))
			t.updated = t.resolved.Add(8 * time.Microsecond)
		case g.chance(10):
			t.pending = true
		}
	}
	return out
}

func (t *task) state() string {
	if t.resolved.IsZero() {
		return "UNRESOLVED"
	}
	return "RESOLVED"
}

func (t *task) encode(e *encoder, pr *pullRequest) {
	id := strconv.FormatInt(t.id, 10)
	e.num("id", t.id)
	e.str("state", t.state())
	e.rendered("content", t.text)
	e.user("creator", t.creator)
	e.micro("created_on", t.created)
	e.micro("updated_on", t.updated)
	e.micro("resolved_on", t.resolved)
	e.user("resolved_by", t.resolvedBy)
	e.boolean("pending", t.pending)
	if e.open("links") {
		e.link("self", pr.repo.api, "/pullrequests/", pr.idText(), "/tasks/", id)
		e.link("html", pr.repo.html, "/pull-requests/", pr.idText(), "/_/diff#task-", id)
		e.close()
	}
	if t.comment != nil && e.open("comment") { // no type here
		cid := strconv.FormatInt(t.comment.id, 10)
		e.num("id", t.comment.id)
		if e.open("links") {
			e.link("self", pr.repo.api, "/pullrequests/", pr.idText(), "/comments/", cid)
			e.link("html", pr.repo.html, "/pull-requests/", pr.idText(), "/_/diff#comment-", cid)
			e.close()
		}
		e.close()
	}
}

func (rq *request) listTasks(pr *pullRequest) {
	t := pr.taskList()
	rq.reply(&list{
		n: len(t), max: 100, def: 10,
		fields: fieldSet{
			"state":      {get: func(i int) value { return text(t[i].state()) }},
			"created_on": {kind: timeField, sortOnly: true, get: func(i int) value { return instant(t[i].created) }},
			"updated_on": {kind: timeField, sortOnly: true, get: func(i int) value { return instant(t[i].updated) }},
		},
		item: func(e *encoder, i int) { t[i].encode(e, pr) },
	})
}
