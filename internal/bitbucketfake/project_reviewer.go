package bitbucketfake

import "strings"

// defaultReviewers are the users that pull requests of a project's repositories begin with: eleven, two, none and one.
func (p *project) defaultReviewers() []*user {
	m := p.ws.members
	return m[p.index() : p.index()+[]int{11, 2, 0, 1}[p.index()]]
}

// routeProjectReviewers lists reviewers wrapped, but gives one of them as a bare user.
func (rq *request) routeProjectReviewers(p *project, rest []string) {
	(&collection[*user]{
		kind: "Default reviewer", items: p.defaultReviewers(),
		is: func(u *user, id string) bool { return strings.EqualFold(u.uuid, id) || u.accountID == id },
		encode: func(u *user, e *encoder) {
			e.str("type", "default_reviewer")
			e.str("reviewer_type", "project")
			e.user("user", u)
		},
		single: (*user).encode,
	}).serve(rq, rest)
}
