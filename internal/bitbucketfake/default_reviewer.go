package bitbucketfake

import "strings"

// defaultReviewers are the repository's own: eleven of the first one, none to three of another.
func (r *repository) defaultReviewers() []*user {
	if r.index == 0 {
		return r.ws.members[1:12]
	}
	return r.team[:r.index%4]
}

// reviewers serves the repository's own default reviewers, as bare users.
func (r *repository) reviewers() *collection[*user] {
	return &collection[*user]{
		kind: "Default reviewer", items: r.defaultReviewers(), encode: (*user).encode,
		is: func(u *user, id string) bool { return strings.EqualFold(u.uuid, id) || u.accountID == id },
	}
}

// effectiveReviewer is a default reviewer and whose setting made him one.
type effectiveReviewer struct {
	user *user
	kind string
}

// effectiveReviewers serves the project's default reviewers and the repository's; who is both is the repository's.
func (r *repository) effectiveReviewers() *collection[effectiveReviewer] {
	own := map[*user]bool{}
	for _, u := range r.defaultReviewers() {
		own[u] = true
	}
	var list []effectiveReviewer
	if r.project != nil {
		for _, u := range r.project.defaultReviewers() {
			if !own[u] {
				list = append(list, effectiveReviewer{u, "project"})
			}
		}
	}
	for _, u := range r.defaultReviewers() {
		list = append(list, effectiveReviewer{u, "repository"})
	}
	return &collection[effectiveReviewer]{
		items: list, def: 20,
		encode: func(x effectiveReviewer, e *encoder) {
			e.str("type", "default_reviewer")
			e.str("reviewer_type", x.kind)
			e.user("user", x.user)
		},
	}
}
