package bitbucketfake

import (
	"net/http"
	"slices"
	"strings"
)

// ranked gives the place of a permission in an ascending order, -1 for a word that is no permission.
func ranked(order ...string) func(string) int {
	return func(s string) int { return slices.Index(order, s) }
}

// permission is what member number k of a workspace is there. The two last members of the sample team are
// collaborators; the caller is no owner where it is no administrator.
func (w *workspace) permission(k int) string {
	switch {
	case k == 0 && w.admin, k == 1 && !w.admin, k == 3:
		return "owner"
	case k >= 11:
		return "collaborator"
	}
	return "member"
}

func (rq *request) listPermissions(w *workspace) {
	m := w.members
	rq.reply(&list{
		n: len(m), max: 100, def: 10,
		fields: fieldSet{"permission": {
			rank: ranked("collaborator", "member", "owner"), get: func(i int) value { return text(w.permission(i)) },
		}},
		item: func(e *encoder, i int) {
			e.str("permission", w.permission(i))
			w.encodeMember(e, m[i], false)
		},
	})
}

// grant is the effective permission of a user on a repository.
type grant struct {
	repo       *repository
	user       *user
	permission string
}

func (g grant) encode(e *encoder) {
	e.str("type", "repository_permission")
	e.user("user", g.user)
	e.repository("repository", g.repo)
	e.str("permission", g.permission)
}

// repositoryRank orders the permissions on repositories, also by comparisons of q.
var repositoryRank = ranked("none", "read", "write", "admin")

// effective is the highest permission of every member of the workspace on a repository, empty for none: that of an
// owner, of the team, or one that was set on the repository or its project. The caller's agrees with the role parameter
// of the list of repositories.
func (r *repository) effective() []string {
	out := make([]string, len(r.ws.members))
	raise := func(u *user, p string) {
		if p == "create-repo" {
			p = "write"
		}
		if k := slices.Index(r.ws.members, u); k > 0 && repositoryRank(p) > repositoryRank(out[k]) && p != "none" {
			out[k] = p
		}
	}
	for k, u := range r.ws.members {
		if r.ws.permission(k) == "owner" {
			raise(u, "admin")
		}
	}
	base := salt(r.seed, "grant/"+r.slug)
	for k, u := range r.team {
		raise(u, pick(at(base, k), []string{"read", "write", "write", "admin"}))
	}
	for _, g := range r.userGrants() {
		raise(g.user, g.permission)
	}
	if r.project != nil {
		for _, g := range r.project.userGrants() {
			raise(g.user, g.permission)
		}
	}
	switch {
	case r.index%3 == 0 || r.index%5 == 0:
		out[0] = "admin"
	case r.index%2 == 0:
		out[0] = "write"
	default:
		out[0] = "read"
	}
	return out
}

// grants lists the permissions on repositories, of all members or of the caller alone.
func grants(repos []*repository, callerOnly bool) (list []grant) {
	for _, r := range repos {
		for k, p := range r.effective() {
			if p != "" && (k == 0 || !callerOnly) {
				list = append(list, grant{r, r.ws.members[k], p})
			}
		}
	}
	return list
}

func (rq *request) listGrants(g []grant, allowed ...string) {
	all := fieldSet{
		"permission":        {rank: repositoryRank, get: func(i int) value { return text(g[i].permission) }},
		"repository.name":   {get: func(i int) value { return text(g[i].repo.name) }},
		"user.display_name": {sortOnly: true, get: func(i int) value { return text(g[i].user.name) }},
	}
	fs := fieldSet{}
	for _, name := range allowed {
		fs[name] = all[name]
	}
	rq.reply(&list{n: len(g), max: 100, def: 10, fields: fs, item: func(e *encoder, i int) { g[i].encode(e) }})
}

// routePermissions serves what is below /workspaces/{workspace}/permissions.
func (rq *request) routePermissions(w *workspace, seg []string) {
	rq.scope = "account"
	switch {
	case len(seg) == 0:
		rq.listPermissions(w)
		return
	case seg[0] != "repositories" || len(seg) > 2:
		rq.noAPI()
		return
	case !rq.administers(w):
		return
	case len(seg) == 1:
		rq.listGrants(grants(w.repos, false), "permission", "repository.name", "user.display_name")
		return
	}
	rq.scope = "repository"
	for _, r := range w.repos {
		if r.slug == seg[1] || strings.EqualFold(r.uuid, seg[1]) {
			rq.listGrants(grants([]*repository{r}, false), "permission", "user.display_name")
			return
		}
	}
	rq.fail(http.StatusNotFound, "Repository "+w.slug+"/"+seg[1]+" not found")
}

// listOwnGrants serves /user/workspaces/{workspace}/permissions/repositories.
func (rq *request) listOwnGrants(id string) {
	rq.scope = "account, repository"
	if w := rq.workspace(id); w != nil {
		rq.listGrants(grants(w.repos, true), "permission", "repository.name")
	}
}

// administers answers 403 itself when the caller is no administrator of the workspace.
func (rq *request) administers(w *workspace) bool {
	return w.admin || rq.fail(http.StatusForbidden, "You must be an administrator of workspace "+w.slug+" to do this.")
}
