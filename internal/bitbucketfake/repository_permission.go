package bitbucketfake

import "strings"

// explicitGrant is what a user or a group may do in a repository because somebody has set it there.
type explicitGrant struct {
	repo       *repository
	user       *user
	group      *userGroup
	permission string
}

var explicitPermissions = []string{"admin", "write", "read", "none"}

// userGrants are thirteen of the first repository, none to three of another.
func (r *repository) userGrants() (list []*explicitGrant) {
	n := r.index % 4
	if r.index == 0 {
		n = len(r.ws.members)
	}
	for k := 0; k < n; k++ {
		list = append(list, &explicitGrant{repo: r, user: r.ws.members[(k+r.index)%len(r.ws.members)], permission: explicitPermissions[k%3]})
	}
	return list
}

// groupGrants are all groups of the first repository, none to three of another.
func (r *repository) groupGrants() (list []*explicitGrant) {
	for k, g := range groups(r.ws) {
		if r.index == 0 || k < r.index%4 {
			list = append(list, &explicitGrant{repo: r, group: g, permission: explicitPermissions[(k+r.index)%4]})
		}
	}
	return list
}

func (g *explicitGrant) encode(e *encoder) {
	self := g.repo.api + "/permissions-config/"
	if g.user != nil {
		e.str("type", "repository_user_permission")
		e.user("user", g.user)
		self += "users/" + g.user.accountID
	} else {
		e.str("type", "repository_group_permission")
		if e.open("group") {
			g.group.encode(e)
			e.close()
		}
		self += "groups/" + g.group.slug
	}
	e.str("permission", g.permission)
	e.repository("repository", g.repo)
	if e.open("links") {
		e.link("self", self)
		e.close()
	}
}

// routeRepositoryPermissions knows no q and no sort, as the service.
func (rq *request) routeRepositoryPermissions(r *repository, seg []string) {
	c := collection[*explicitGrant]{kind: "Permission", encode: (*explicitGrant).encode}
	switch {
	case len(seg) > 0 && seg[0] == "users":
		c.items = r.userGrants()
		c.is = func(g *explicitGrant, id string) bool {
			return g.user.accountID == id || strings.EqualFold(g.user.uuid, id)
		}
	case len(seg) > 0 && seg[0] == "groups":
		c.items = r.groupGrants()
		c.is = func(g *explicitGrant, id string) bool { return g.group.slug == id }
	default:
		rq.noAPI()
		return
	}
	c.serve(rq, seg[1:])
}
