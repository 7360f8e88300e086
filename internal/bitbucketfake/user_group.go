package bitbucketfake

// userGroup is a group of members of a workspace. The API tells of groups only where they have permissions.
type userGroup struct {
	ws         *workspace
	name, slug string
}

// groups are those of the sample workspace.
func groups(w *workspace) []*userGroup {
	return []*userGroup{
		{w, "Administrators", "administrators"}, {w, "Developers", "developers"}, {w, "Q&A \"crew\"", "qa-crew"}, {w, "Förderer", "forderer"},
	}
}

func (g *userGroup) encode(e *encoder) {
	e.str("type", "group")
	if e.open("links") {
		e.link("self", "https://api.bitbucket.org/1.0/groups/", g.ws.slug, "/", g.slug)
		e.link("html", "https://bitbucket.org/", g.ws.slug, "/workspace/settings/groups/", g.slug)
		e.close()
	}
	if e.open("owner") {
		g.ws.encodeTeam(e)
		e.close()
	}
	e.object("workspace", g.ws.compact, g.ws.encodeCompact)
	e.str("name", g.name)
	e.str("slug", g.slug)
	e.str("full_slug", g.ws.slug+":"+g.slug)
}
