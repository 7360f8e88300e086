package bitbucketfake

func (p *project) api() string { return apiRoot + "/workspaces/" + p.ws.slug + "/projects/" + p.key }

// index is the project's place among those of its workspace.
func (p *project) index() int {
	for i, x := range p.ws.projects {
		if x == p {
			return i
		}
	}
	return -1
}

var projectPermissions = []string{"admin", "write", "create-repo", "read"}

// userGrants are twelve, three, one and none, project by project; the caller is not among them.
func (p *project) userGrants() (list []*explicitGrant) {
	for k := 0; k < []int{12, 3, 1, 0}[p.index()]; k++ {
		list = append(list, &explicitGrant{user: p.ws.members[(k+1+p.index())%len(p.ws.members)], permission: projectPermissions[k%4]})
	}
	return list
}

// groupGrants are four, three, two and none.
func (p *project) groupGrants() (list []*explicitGrant) {
	for k, g := range groups(p.ws) {
		if k < []int{4, 3, 2, 0}[p.index()] {
			list = append(list, &explicitGrant{group: g, permission: projectPermissions[(k+p.index())%4]})
		}
	}
	return list
}

func (rq *request) routeProjectPermissions(p *project, seg []string) {
	rq.routeGrants(seg, p.userGrants, p.groupGrants, func(g *explicitGrant, e *encoder) {
		g.encodeOn(e, "project", p.api(), p.compact, p.encodeCompact)
	})
}
