package bitbucketfake

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// commitStatus is a status with the name of its build's page.
type commitStatus struct {
	status
	page string
}

// statusesOf are the builds of a commit: those of the pull requests that end with it, then those of its branches (the
// main branch's newest commit has more than a page of 30), and of one in three other commits a few without a branch.
func (r *repository) statusesOf(i int) []commitStatus {
	r.marks()
	var out []commitStatus
	for _, pr := range r.reviewed[i] {
		for _, s := range pr.statuses() {
			out = append(out, commitStatus{s, pr.idText()})
		}
	}
	g := at(salt(r.seed, "commit-status/"+r.slug), i)
	count := 0
	switch {
	case i == r.mainTip():
		count = 33
	case r.tips[i] != nil:
		count = 1 + g.n(3)
	case g.chance(33):
		count = 1 + g.n(2)
	}
	at := r.commit(i).date
	for k := 0; k < count; k++ {
		at = at.Add(time.Duration(1+g.n(300))*time.Second + time.Duration(g.n(1_000_000))*time.Microsecond)
		s := commitStatus{status: status{
			key: fmt.Sprintf("build/%s-%d", pick(g, []string{"linux", "größe", "win 11"}), k+1), name: fmt.Sprintf("%s » build #%d", r.name, 4000+i+k),
			description: pick(g, []string{"", "All green", "3 of 120 tests failed", "\"quoted\""}),
			state:       pick(g, []string{"SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL", "FAILED", "INPROGRESS", "STOPPED"}),
			created:     capTime(at), updated: capTime(at.Add(time.Duration(g.n(900_000_000)) * time.Microsecond)),
		}, page: fmt.Sprintf("c%d-%d", i, k)}
		if names := r.tips[i]; names != nil && g.chance(70) {
			s.refname = pick(g, names)
		}
		out = append(out, s)
	}
	return out
}

func (rq *request) routeStatuses(r *repository, i int, rest []string) {
	s := r.statusesOf(i)
	hash := r.hash(i)
	switch {
	case len(rest) == 0:
		rq.listCommitStatuses(r, hash, s)
	case rest[0] == "build" && len(rest) > 1:
		key := strings.Join(rest[1:], "/")
		for k := range s {
			if s[k].key == key {
				rq.single(func(e *encoder) { s[k].encodeOn(e, r, hash, s[k].page) })
				return
			}
		}
		rq.fail(http.StatusNotFound, "Build status "+key+" not found")
	default:
		rq.noAPI()
	}
}

func (rq *request) listCommitStatuses(r *repository, hash string, s []commitStatus) {
	l := &list{
		n: len(s), max: 100, def: 30,
		fields: fieldSet{
			"key":        {get: func(i int) value { return text(s[i].key) }},
			"name":       {get: func(i int) value { return text(s[i].name) }},
			"state":      {get: func(i int) value { return text(s[i].state) }},
			"refname":    {get: func(i int) value { return value{set: s[i].refname != "", text: s[i].refname} }},
			"created_on": {kind: timeField, get: func(i int) value { return instant(s[i].created) }},
			"updated_on": {kind: timeField, get: func(i int) value { return instant(s[i].updated) }},
		},
		item: func(e *encoder, i int) { s[i].encodeOn(e, r, hash, s[i].page) },
	}
	if name := rq.query.Get("refname"); name != "" {
		l.filter(func(i int) bool { return s[i].refname == name })
	}
	rq.reply(l)
}
