package bitbucketfake

import (
	"strconv"
	"strings"
)

// routeRepositoryPart serves what is below a repository and has no place of its own in routeRepositories.
func (rq *request) routeRepositoryPart(r *repository, seg []string) {
	rest := seg[1:]
	one := len(seg) == 1
	switch seg[0] {
	case "src", "filehistory":
		rq.routeSource(r, seg)
	case "branch-restrictions":
		rq.routeRestrictions(r, rest)
	case "branching-model", "effective-branching-model":
		rq.routeBranching(r, seg)
	case "default-reviewers":
		rq.scope = "pullrequest"
		r.reviewers().serve(rq, rest)
	case "effective-default-reviewers":
		rq.scope = "pullrequest"
		if !one {
			rq.noAPI()
			return
		}
		r.effectiveReviewers().serve(rq, nil)
	case "deploy-keys":
		rq.scope = "repository:admin"
		(&collection[*deployKey]{
			kind: "Deploy key", items: r.deployKeys(), encode: (*deployKey).encode,
			is: func(k *deployKey, id string) bool { return strconv.FormatInt(k.id, 10) == id },
		}).serve(rq, rest)
	case "hooks":
		rq.scope = "webhook"
		(&collection[*repositoryHook]{
			kind: "Webhook", items: r.hooks(), encode: (*repositoryHook).encode,
			is: func(h *repositoryHook, id string) bool { return strings.EqualFold(h.uuid, id) },
		}).serve(rq, rest)
	case "permissions-config":
		rq.scope = "repository:admin"
		rq.routeRepositoryPermissions(r, rest)
	case "downloads":
		rq.routeDownloads(r, rest)
	case "properties":
		rq.getStoredProperty(rest, r.fullName())
	default:
		switch {
		case rq.routeDiff(r, seg):
		case seg[0] == "override-settings" && one:
			rq.scope = "repository:admin"
			rq.single(r.encodeInheritance)
		case seg[0] == "forks" && one:
			rq.replyRepositories(r.forks())
		case seg[0] == "watchers" && one:
			rq.listWatchers(r)
		default:
			rq.noAPI()
		}
	}
}

func (r *repository) forks() (list []*repository) {
	for _, x := range r.ws.repos {
		if x.parent == r {
			list = append(list, x)
		}
	}
	return list
}

// listWatchers lists everybody who watches: twelve people the first repository, two to six another, and one the empty.
func (rq *request) listWatchers(r *repository) {
	m, n := r.ws.members, 2+r.index%5
	switch {
	case r.index == 0:
		n = 12
	case r.mainbranch == "":
		n = 1
	}
	rq.reply(&list{n: n, max: 100, def: 10, item: func(e *encoder, i int) { m[(i*5+r.index)%len(m)].encode(e) }})
}

// encodeInheritance says which settings are the repository's own and not its project's.
func (r *repository) encodeInheritance(e *encoder) {
	e.str("type", "repository_inheritance_state")
	if e.open("override_settings") {
		e.boolean("default_merge_strategy", r.index%4 == 0)
		e.boolean("branching_model", r.index%2 == 0)
		e.close()
	}
}
