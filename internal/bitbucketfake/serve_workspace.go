package bitbucketfake

import (
	"net/http"
	"strings"
)

func (rq *request) listWorkspaces() {
	ws := rq.s.ws
	slug := field{get: func(i int) value { return text(ws[i].slug) }}
	l := &list{
		n: len(ws), max: 100, def: 25, fields: fieldSet{"slug": slug, "workspace.slug": slug},
		item: func(e *encoder, i int) { ws[i].encodeAccess(e) },
	}
	switch a := rq.query.Get("administrator"); a {
	case "":
	case "true", "false":
		l.filter(func(i int) bool { return ws[i].admin == (a == "true") })
	default:
		rq.fail(http.StatusBadRequest, "Bad request")
		return
	}
	rq.reply(l)
}

func (rq *request) getPermission(id string) {
	w := rq.workspace(id)
	if w == nil {
		return
	}
	rq.single(func(e *encoder) {
		e.str("type", "workspace_membership")
		permission := "member"
		if w.admin {
			permission = "owner"
		}
		e.str("permission", permission)
		e.user("user", rq.s.users[0])
		e.object("workspace", w.compact, w.encodeCompact)
		if e.open("links") {
			e.link("self", apiRoot, "/workspaces/", w.slug, "/members/", quoteUUID(rq.s.users[0].uuid))
			e.close()
		}
	})
}

func (rq *request) listProjects(w *workspace) {
	rq.scope = "project"
	p := w.projects
	l := &list{
		n: len(p), max: 100, def: 10,
		fields: fieldSet{
			"name":       {get: func(i int) value { return text(p[i].name) }},
			"key":        {get: func(i int) value { return text(p[i].key) }},
			"updated_on": {kind: timeField, get: func(i int) value { return instant(p[i].updated) }},
		},
		item: func(e *encoder, i int) { p[i].encode(e) },
	}
	if rq.caller.anonymous {
		l.filter(func(i int) bool { return !p[i].private })
	}
	rq.reply(l)
}

func (rq *request) getProject(w *workspace, key string) {
	rq.scope = "project"
	p := rq.project(w, key)
	switch {
	case p == nil:
	case rq.hides(p.private):
		rq.fail(http.StatusNotFound, "Project with key "+key+" not found in workspace "+w.slug)
	default:
		rq.single(p.encode)
	}
}

// emailLimit is the longest list of addresses that a filter on members may hold.
const emailLimit = 90

func (rq *request) listMembers(w *workspace) {
	m := w.members
	asked := map[string]bool{} // addresses that q names: only these may show
	if q := rq.query.Get("q"); q != "" {
		if x, err := parseBBQL(q); err == nil {
			askedEmails(x, asked)
		}
		if len(asked) > emailLimit {
			rq.fail(http.StatusBadRequest, "Too many email addresses")
			return
		}
	}
	rq.reply(&list{
		n: len(m), max: 100, def: 10,
		fields: fieldSet{
			"user.nickname":   {get: func(i int) value { return text(m[i].nick) }},
			"user.account_id": {get: func(i int) value { return text(m[i].accountID) }},
			"user.uuid":       {get: func(i int) value { return text(m[i].uuid) }},
			"user.email":      {get: func(i int) value { return text(m[i].email) }},
		},
		item: func(e *encoder, i int) { w.encodeMember(e, m[i], asked[m[i].email]) },
	})
}

func askedEmails(x *expr, into map[string]bool) {
	for _, p := range x.parts {
		askedEmails(p, into)
	}
	if x.field == "user.email" && (x.op == "=" || x.op == "in") {
		for _, l := range x.literals {
			into[l.text] = true
		}
	}
}

func (rq *request) getMember(w *workspace, id string) {
	for _, u := range w.members {
		if strings.EqualFold(u.uuid, id) || u.accountID == id {
			rq.single(func(e *encoder) { w.encodeMember(e, u, false) })
			return
		}
	}
	rq.fail(http.StatusNotFound, id+" is not a member of workspace "+w.slug)
}

func (rq *request) listRepositories(w *workspace) { rq.replyRepositories(w.repos) }

// replyRepositories answers with repositories, of a workspace or the forks of one.
func (rq *request) replyRepositories(r []*repository) {
	l := &list{
		n: len(r), max: 100, def: 10,
		fields: fieldSet{
			"name":        {get: func(i int) value { return text(r[i].name) }},
			"full_name":   {get: func(i int) value { return text(r[i].fullName()) }},
			"description": {get: func(i int) value { return text(r[i].description) }},
			"language":    {get: func(i int) value { return text(r[i].language) }},
			"is_private":  {kind: boolField, get: func(i int) value { return truth(r[i].private) }},
			"created_on":  {kind: timeField, get: func(i int) value { return instant(r[i].created) }},
			"updated_on":  {kind: timeField, get: func(i int) value { return instant(r[i].updated) }},
			"project.key": {get: func(i int) value {
				if r[i].project == nil {
					return value{}
				}
				return text(r[i].project.key)
			}},
			"parent.owner.nickname": {get: func(i int) value {
				if r[i].parent == nil {
					return value{}
				}
				return text(r[i].parent.ws.slug)
			}},
		},
		item: func(e *encoder, i int) { r[i].encode(e) },
	}
	if rq.caller.anonymous {
		l.filter(func(i int) bool { return !r[i].private })
	}
	switch role := rq.query.Get("role"); role {
	case "", "member":
	case "contributor", "admin", "owner":
		every := map[string]int{"contributor": 2, "admin": 3, "owner": 5}[role]
		l.filter(func(i int) bool { return r[i].index%every == 0 })
	default:
		rq.fail(http.StatusBadRequest, "Invalid role: "+role)
		return
	}
	rq.reply(l)
}
