package bitbucketfake

import (
	"fmt"
	"time"
)

// status is a build that reported on a pull request's newest commit.
type status struct {
	key, name, description, state, refname string
	created, updated                       time.Time
}

func (pr *pullRequest) statuses() []status {
	g := at(salt(pr.repo.seed, "status/"+pr.repo.slug), pr.id)
	out := make([]status, g.n(4))
	for i := range out {
		k := []string{"unit-tests", "lint", "security \"scan\""}[i]
		s := &out[i]
		s.key, s.name = fmt.Sprintf("%s-%d", k, pr.id), fmt.Sprintf("%s #%d", k, 1000+pr.id*3+i)
		s.state = pick(g, []string{"SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL", "FAILED", "INPROGRESS", "STOPPED"})
		s.description = pick(g, []string{"", "All green", "3 of 120 tests failed"})
		if g.chance(70) {
			s.refname = pr.sourceBranch
		}
		s.created = pr.created.Add(time.Duration(30+i) * time.Second)
		s.updated = s.created.Add(time.Duration(g.n(900_000_000)) * time.Microsecond)
	}
	return out
}

func (s *status) encode(e *encoder, pr *pullRequest) {
	hash := pr.sourceHash[:12]
	e.str("key", s.key)
	e.str("type", "build")
	e.str("state", s.state)
	e.str("name", s.name)
	e.strOrNull("refname", s.refname)
	if e.open("commit") {
		pr.repo.encodeCommitLink(e, hash)
		e.close()
	}
	e.str("url", "https://ci.acme.example/"+pr.repo.slug+"/"+pr.idText())
	e.repository("repository", pr.repo)
	e.str("description", s.description)
	e.micro("created_on", s.created)
	e.micro("updated_on", s.updated)
	if e.open("links") {
		e.link("commit", pr.repo.api, "/commit/", hash)
		e.link("self", pr.repo.api, "/commit/", hash, "/statuses/build/", s.key)
		e.close()
	}
}

func (rq *request) listStatuses(pr *pullRequest) {
	s := pr.statuses()
	rq.reply(&list{
		n: len(s), max: 100, def: 30,
		fields: fieldSet{
			"key":        {get: func(i int) value { return text(s[i].key) }},
			"state":      {get: func(i int) value { return text(s[i].state) }},
			"created_on": {kind: timeField, get: func(i int) value { return instant(s[i].created) }},
			"updated_on": {kind: timeField, get: func(i int) value { return instant(s[i].updated) }},
		},
		item: func(e *encoder, i int) { s[i].encode(e, pr) },
	})
}
