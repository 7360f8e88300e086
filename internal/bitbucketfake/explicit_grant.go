package bitbucketfake

import "strings"

// explicitGrant is what a user or a group may do in a repository or a project because somebody has set it there.
type explicitGrant struct {
	user       *user // or
	group      *userGroup
	permission string
}

// encodeOn writes the grant on a subject: "repository" or "project".
func (g *explicitGrant) encodeOn(e *encoder, subject, api string, compact []byte, pieces func(*encoder)) {
	self := api + "/permissions-config/"
	if g.user != nil {
		e.str("type", subject+"_user_permission")
		e.user("user", g.user)
		self += "users/" + g.user.accountID
	} else {
		e.str("type", subject+"_group_permission")
		if e.open("group") {
			g.group.encode(e)
			e.close()
		}
		self += "groups/" + g.group.slug
	}
	e.str("permission", g.permission)
	e.object(subject, compact, pieces)
	if e.open("links") {
		e.link("self", self)
		e.close()
	}
}

// routeGrants knows no q and no sort, as the service.
func (rq *request) routeGrants(seg []string, users, groups func() []*explicitGrant, encode func(*explicitGrant, *encoder)) {
	c := collection[*explicitGrant]{kind: "Permission", encode: encode}
	switch {
	case len(seg) > 0 && seg[0] == "users":
		c.items = users()
		c.is = func(g *explicitGrant, id string) bool {
			return g.user.accountID == id || strings.EqualFold(g.user.uuid, id)
		}
	case len(seg) > 0 && seg[0] == "groups":
		c.items = groups()
		c.is = func(g *explicitGrant, id string) bool { return g.group.slug == id }
	default:
		rq.noAPI()
		return
	}
	c.serve(rq, seg[1:])
}
