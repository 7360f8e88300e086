package bitbucketfake

import "time"

const apiRoot = "https://api.bitbucket.org/2.0"

// workspace holds projects, repositories and members.
type workspace struct {
	slug     string
	name     string
	uuid     string
	created  time.Time
	admin    bool
	projects []*project
	repos    []*repository
	members  []*user
	compact  []byte
}

// encodeCompact writes the workspace as it appears inside other objects.
func (w *workspace) encodeCompact(e *encoder) {
	e.str("type", "workspace")
	e.str("uuid", w.uuid)
	e.str("name", w.name)
	e.str("slug", w.slug)
	if e.open("links") {
		e.link("avatar", "https://bitbucket.org/workspaces/", w.slug, "/avatar/?ts=1543733398")
		e.link("html", "https://bitbucket.org/", w.slug, "/")
		e.link("self", apiRoot, "/workspaces/", w.slug)
		e.close()
	}
}

func (w *workspace) encode(e *encoder) {
	e.str("type", "workspace")
	e.str("uuid", w.uuid)
	e.str("name", w.name)
	e.str("slug", w.slug)
	e.boolean("is_private", true)
	e.boolean("is_personal", false)
	e.boolean("is_privacy_enforced", false)
	e.str("forking_mode", "allow_forks")
	e.stamp("created_on", stampTenth, w.created)
	if e.open("links") {
		e.link("avatar", "https://bitbucket.org/workspaces/", w.slug, "/avatar/?ts=1543733398")
		e.link("hooks", apiRoot, "/workspaces/", w.slug, "/hooks")
		e.link("html", "https://bitbucket.org/", w.slug, "/")
		e.link("html_overview", "https://bitbucket.org/", w.slug, "/workspace/overview/")
		e.link("members", apiRoot, "/workspaces/", w.slug, "/members")
		e.link("owners", apiRoot, "/workspaces/", w.slug, "/members?q=permission%3D%22owner%22")
		e.link("projects", apiRoot, "/workspaces/", w.slug, "/projects")
		e.link("repositories", apiRoot, "/repositories/", w.slug)
		e.link("snippets", apiRoot, "/snippets/", w.slug)
		e.link("self", apiRoot, "/workspaces/", w.slug)
		e.close()
	}
}

func (w *workspace) encodeAccess(e *encoder) {
	e.str("type", "workspace_access")
	e.boolean("administrator", w.admin)
	if e.open("workspace") {
		e.str("type", "workspace_base")
		e.str("uuid", w.uuid)
		e.str("slug", w.slug)
		if e.open("links") {
			e.link("avatar", "https://api.bitbucket.org/workspaces/", w.slug, "/avatar/")
			e.link("self", apiRoot, "/workspaces/", w.slug)
			e.close()
		}
		e.close()
	}
}

// encodeMember writes a membership; the address shows only in answers to a filter on it, and only when asked for.
func (w *workspace) encodeMember(e *encoder, u *user, email bool) {
	e.str("type", "workspace_membership")
	if e.open("user") {
		u.encode(e)
		if email && e.state.member("email", true) != nil {
			e.key("email")
			e.b = appendString(e.b, u.email)
		}
		e.close()
	}
	e.object("workspace", w.compact, w.encodeCompact)
	if e.open("links") {
		e.link("self", apiRoot, "/workspaces/", w.slug, "/members/", quoteUUID(u.uuid))
		e.close()
	}
}

// project groups repositories of a workspace.
type project struct {
	ws               *workspace
	key, name        string
	uuid             string
	description      string
	noDescription    bool
	private          bool
	created, updated time.Time
	compact          []byte
}

func (p *project) links(e *encoder) {
	if e.open("links") {
		e.link("self", apiRoot, "/workspaces/", p.ws.slug, "/projects/", p.key)
		e.link("html", "https://bitbucket.org/", p.ws.slug, "/workspace/projects/", p.key)
		e.link("avatar", "https://bitbucket.org/", p.ws.slug, "/workspace/projects/", p.key, "/avatar/32?ts=1604524147")
		e.close()
	}
}

func (p *project) encodeCompact(e *encoder) {
	e.str("type", "project")
	e.str("key", p.key)
	e.str("uuid", p.uuid)
	e.str("name", p.name)
	p.links(e)
}

func (p *project) encode(e *encoder) {
	e.str("type", "project")
	e.str("uuid", p.uuid)
	e.str("key", p.key)
	e.str("name", p.name)
	if p.noDescription {
		e.null("description")
	} else {
		e.str("description", p.description)
	}
	e.boolean("is_private", p.private)
	e.micro("created_on", p.created)
	e.micro("updated_on", p.updated)
	e.boolean("has_publicly_visible_repos", !p.private)
	if e.open("owner") {
		p.ws.encodeTeam(e)
		e.close()
	}
	e.object("workspace", p.ws.compact, p.ws.encodeCompact)
	p.links(e)
}

// encodeTeam writes the old owner object of a shared workspace.
func (w *workspace) encodeTeam(e *encoder) {
	e.str("display_name", w.name)
	if e.open("links") {
		e.link("self", apiRoot, "/workspaces/", quoteUUID(w.uuid))
		e.link("avatar", "https://bitbucket.org/account/", w.slug, "/avatar/")
		e.link("html", "https://bitbucket.org/", quoteUUID(w.uuid), "/")
		e.close()
	}
	e.str("type", "team")
	e.str("uuid", w.uuid)
	e.str("username", w.slug)
}

func makeProjects(seed int64, w *workspace) {
	base := salt(seed, "project")
	for i, p := range []struct{ key, name, description string }{
		{"PLAT", "Platform", "Core services that everything else stands on."},
		{"WEB", "Web & Mobile", "What customers see:\n* web\n* mobile\n* design system"},
		{"DATA", "Data", "-"},
		{"OPS", "Operations", ""},
	} {
		r := at(base, i)
		created := time.Date(2021, time.Month(2+2*i), 3+i, 9, 15, 42, r.n(1000000)*1000, time.UTC)
		q := &project{
			ws: w, key: p.key, name: p.name, uuid: r.uuid(), description: p.description, noDescription: p.description == "-",
			private: i != 1, created: created, updated: created.AddDate(3, i, 1).Add(time.Duration(r.n(86400000)) * time.Millisecond),
		}
		q.compact = marshal(q.encodeCompact)
		w.projects = append(w.projects, q)
	}
}
