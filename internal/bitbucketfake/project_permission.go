package bitbucketfake

import "strings"

// projectGrant is what a user or a group may do in a project, as somebody has set it.
type projectGrant struct {
	project    *project
	user       *user
	group      *userGroup
	permission string
}

func (g *projectGrant) encode(e *encoder) {
	if g.user != nil {
		e.str("type", "project_user_permission")
		e.user("user", g.user)
	} else {
		e.str("type", "project_group_permission")
		if e.open("group") {
			g.group.encode(e)
			e.close()
		}
	}
	e.str("permission", g.permission)
	e.object("project", g.project.compact, g.project.encodeCompact)
	if e.open("links") {
		if g.user != nil {
			e.link("self", g.project.api(), "/permissions-config/users/", g.user.accountID)
		} else {
			e.link("self", g.project.api(), "/permissions-config/groups/", g.group.slug)
		}
		e.close()
	}
}

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
func (p *project) userGrants() (list []*projectGrant) {
	for k := 0; k < []int{12, 3, 1, 0}[p.index()]; k++ {
		list = append(list, &projectGrant{project: p, user: p.ws.members[(k+1+p.index())%len(p.ws.members)], permission: projectPermissions[k%4]})
	}
	return list
}

// groupGrants are four, three, two and none.
func (p *project) groupGrants() (list []*projectGrant) {
	for k, g := range groups(p.ws) {
		if k < []int{4, 3, 2, 0}[p.index()] {
			list = append(list, &projectGrant{project: p, group: g, permission: projectPermissions[(k+p.index())%4]})
		}
	}
	return list
}

// routeProjectPermissions knows no q and no sort, as the service.
func (rq *request) routeProjectPermissions(p *project, seg []string) {
	c := collection[*projectGrant]{kind: "Permission", encode: (*projectGrant).encode}
	switch {
	case len(seg) > 0 && seg[0] == "users":
		c.items = p.userGrants()
		c.is = func(g *projectGrant, id string) bool {
			return g.user.accountID == id || strings.EqualFold(g.user.uuid, id)
		}
	case len(seg) > 0 && seg[0] == "groups":
		c.items = p.groupGrants()
		c.is = func(g *projectGrant, id string) bool { return g.group.slug == id }
	default:
		rq.noAPI()
		return
	}
	c.serve(rq, seg[1:])
}
