package bitbucketfake

import (
	"sort"
	"time"
)

// event is one entry of a pull request's activity.
type event struct {
	pr    *pullRequest
	kind  eventKind
	index int // of the participant or comment
	at    time.Time
}

type eventKind int

const (
	eventOpened eventKind = iota
	eventComment
	eventApproval
	eventChanges
	eventClosed
)

// events lists what happened to pull requests, newest first.
func events(pulls []*pullRequest) []event {
	var out []event
	for _, pr := range pulls {
		out = append(out, event{pr, eventOpened, 0, pr.created})
		for i, c := range pr.comments {
			out = append(out, event{pr, eventComment, i, c.created})
		}
		for i, p := range pr.participants {
			switch p.state {
			case "approved":
				out = append(out, event{pr, eventApproval, i, p.on})
			case "changes_requested":
				out = append(out, event{pr, eventChanges, i, p.on})
			}
		}
		if !pr.closed.IsZero() {
			out = append(out, event{pr, eventClosed, 0, pr.closed})
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].at.After(out[b].at) })
	return out
}

func (v event) encode(e *encoder) {
	pr := v.pr
	reference := func() {
		if e.open("pull_request") {
			pr.encodeCompact(e)
			e.close()
		}
	}
	reference()
	switch v.kind {
	case eventComment:
		if e.open("comment") {
			pr.encodeComment(e, pr.comments[v.index])
			e.close()
		}
	case eventApproval, eventChanges:
		name := "approval"
		if v.kind == eventChanges {
			name = "changes_requested"
		}
		if e.open(name) {
			e.micro("date", v.at)
			e.user("user", pr.participants[v.index].user)
			if e.open("pullrequest") {
				pr.encodeCompact(e)
				e.close()
			}
			e.close()
		}
	default:
		if e.open("update") {
			v.encodeUpdate(e)
			e.close()
		}
	}
}

func (v event) encodeUpdate(e *encoder) {
	pr := v.pr
	state, reason, author := "OPEN", "", pr.author
	if v.kind == eventClosed {
		state, reason, author = pr.state, pr.reason, pr.closedBy
	}
	e.str("state", state)
	e.boolean("draft", pr.draft)
	e.str("title", pr.title)
	e.str("description", pr.description)
	if e.openList("reviewers") {
		for _, p := range pr.participants {
			if p.role == "REVIEWER" {
				e.element(p.user.compact, p.user.encode)
			}
		}
		e.closeList()
	}
	if e.open("changes") {
		if v.kind == eventClosed && e.open("status") {
			e.str("old", "open")
			e.str("new", map[string]string{"MERGED": "fulfilled", "DECLINED": "rejected", "SUPERSEDED": "superseded"}[pr.state])
			e.close()
		}
		e.close()
	}
	e.str("reason", reason)
	e.user("author", author)
	e.micro("date", v.at)
	pr.encodeEnd(e, "destination", pr.repo, pr.destBranch, pr.destHash)
	pr.encodeEnd(e, "source", pr.source, pr.sourceBranch, pr.sourceHash)
}

// listActivity lists events; q and sort are ignored, as the service does.
func (rq *request) listActivity(r *repository, pulls []*pullRequest) {
	var all []event
	if len(pulls) == len(r.pulls) {
		r.eventsOnce.Do(func() { r.events = events(r.pulls) })
		all = r.events
	} else {
		all = events(pulls)
	}
	rq.reply(&list{n: len(all), max: 50, def: 20, paging: ctxChain, item: func(e *encoder, i int) { all[i].encode(e) }})
}
