package bitbucketfake

import (
	"fmt"
	"net/url"
	"time"
)

// status is a build that reported on a pull request's newest commit.
type status struct {
	key, name, description, state, refname string
	created, updated                       time.Time
}

func (pr *pullRequest) statuses() []status {
	g := at(salt(pr.repo.seed, "status/"+pr.repo.slug), pr.id)
	n := g.n(4)
	if pr.id%58 == 11 {
		n = 14 // more than a page
	}
	out := make([]status, n)
	for i := range out {
		k := []string{"unit-tests", "lint", "security \"scan\""}[i%3]
		if i > 2 {
			k = fmt.Sprintf("%s %d", k, i/3+1)
		}
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
	s.encodeOn(e, pr.repo, pr.sourceHash[:12], pr.idText())
}

// encodeOn writes the status of a commit; the build's page has a name of its own.
func (s *status) encodeOn(e *encoder, r *repository, hash, page string) {
	e.str("key", s.key)
	e.str("type", "build")
	e.str("state", s.state)
	e.str("name", s.name)
	e.strOrNull("refname", s.refname)
	if e.open("commit") {
		r.encodeCommitLink(e, hash)
		e.close()
	}
	e.str("url", "https://ci.acme.example/"+r.slug+"/"+page)
	e.repository("repository", r)
	e.str("description", s.description)
	e.micro("created_on", s.created)
	e.micro("updated_on", s.updated)
	if e.open("links") {
		e.link("commit", r.api, "/commit/", hash)
		e.link("self", r.api, "/commit/", hash, "/statuses/build/", url.PathEscape(s.key))
		e.close()
	}
}

func (rq *request) listStatuses(pr *pullRequest) {
	s := pr.statuses()
	rq.reply(&list{
		n: len(s), max: 100, def: 30,
		fields: fieldSet{
			"key":        {get: func(i int) value { return text(s[i].key) }},
			"name":       {get: func(i int) value { return text(s[i].name) }},
			"refname":    {get: func(i int) value { return value{set: s[i].refname != "", text: s[i].refname} }},
			"state":      {get: func(i int) value { return text(s[i].state) }},
			"created_on": {kind: timeField, get: func(i int) value { return instant(s[i].created) }},
			"updated_on": {kind: timeField, get: func(i int) value { return instant(s[i].updated) }},
		},
		item: func(e *encoder, i int) { s[i].encode(e, pr) },
	})
}
