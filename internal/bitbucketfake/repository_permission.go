package bitbucketfake

var repositoryPermissions = []string{"admin", "write", "read", "none"}

// userGrants are thirteen of the first repository, none to three of another.
func (r *repository) userGrants() (list []*explicitGrant) {
	n := r.index % 4
	if r.index == 0 {
		n = len(r.ws.members)
	}
	for k := 0; k < n; k++ {
		list = append(list, &explicitGrant{user: r.ws.members[(k+r.index)%len(r.ws.members)], permission: repositoryPermissions[k%3]})
	}
	return list
}

// groupGrants are all groups of the first repository, none to three of another.
func (r *repository) groupGrants() (list []*explicitGrant) {
	for k, g := range groups(r.ws) {
		if r.index == 0 || k < r.index%4 {
			list = append(list, &explicitGrant{group: g, permission: repositoryPermissions[(k+r.index)%4]})
		}
	}
	return list
}

func (rq *request) routeRepositoryPermissions(r *repository, seg []string) {
	rq.routeGrants(seg, r.userGrants, r.groupGrants, func(g *explicitGrant, e *encoder) {
		g.encodeOn(e, "repository", r.api, r.compact, r.encodeCompact)
	})
}
