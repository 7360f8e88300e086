package bitbucketfake

import (
	"net/http"
	"slices"
	"strings"
)

// account finds a user, also one that is no person or left, by {uuid} or account ID; it answers 404 itself.
func (rq *request) account(id string) *user {
	for _, u := range append(rq.s.users[:len(rq.s.users):len(rq.s.users)], rq.s.bot, rq.s.gone) {
		if strings.EqualFold(u.uuid, id) || u.accountID == id && id != "" {
			return u
		}
	}
	rq.fail(http.StatusNotFound, "No such user: "+id)
	return nil
}

// routeUsers serves /users and what is below it.
func (rq *request) routeUsers(seg []string) {
	if len(seg) == 0 {
		rq.noAPI()
		return
	}
	rq.scope = "account"
	u := rq.account(seg[0])
	if u == nil {
		return
	}
	rest := seg[1:]
	switch {
	case len(rest) == 0:
		rq.scope = ""
		rq.single(func(e *encoder) { u.encodeFull(e, false) })
	case rest[0] == "ssh-keys" || rest[0] == "gpg-keys":
		rq.routeKeys(u, rest)
	case len(rest) >= 2 && rest[0] == "pipelines_config" && rest[1] == "variables":
		n := 0
		if u == rq.s.users[0] {
			n = 3
		}
		rq.routeVariables(u.uuid, n, rest[2:])
	case len(rest) == 2 && rest[0] == "search" && rest[1] == "code":
		rq.searchCode(rq.s.personal(u))
	case rest[0] == "properties":
		rq.getStoredProperty(rest[1:], u.uuid)
	default:
		rq.noAPI()
	}
}

// routeKeys hides the keys of apps from the caller.
func (rq *request) routeKeys(u *user, seg []string) {
	switch {
	case u.kind == "app_user":
		rq.fail(http.StatusForbidden, "You do not have access to the keys of this account.")
	case seg[0] == "ssh-keys":
		rq.routeSSHKeys(u, seg[1:])
	default:
		rq.routeGPGKeys(u, seg[1:])
	}
}

// routeTeams serves what is left of teams, which workspaces replaced: their slug is still the team's username.
func (rq *request) routeTeams(seg []string) {
	if len(seg) < 3 || seg[1]+"/"+seg[2] != "pipelines_config/variables" && (seg[1]+"/"+seg[2] != "search/code" || len(seg) > 3) {
		rq.noAPI()
		return
	}
	w := rq.workspace(seg[0])
	switch {
	case w == nil:
	case seg[1] == "search":
		rq.searchCode(w.repos)
	default:
		rq.routeVariables(w.slug, rq.inSample(w, sharedVariables), seg[3:])
	}
}

// listPullsOf serves the pull requests of one author in all repositories of a workspace, the youngest first.
func (rq *request) listPullsOf(w *workspace, id string) {
	rq.scope = "pullrequest"
	u := rq.account(id)
	if u == nil {
		return
	}
	var p []*pullRequest
	for _, r := range w.repos {
		r.load()
		for _, pr := range r.pulls {
			if pr.author == u {
				p = append(p, pr)
			}
		}
	}
	slices.SortStableFunc(p, func(a, b *pullRequest) int { return a.created.Compare(b.created) })
	rq.listPulls(p)
}
