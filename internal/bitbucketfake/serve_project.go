package bitbucketfake

import (
	"net/http"
	"strings"
)

// project finds a project by its key or {uuid}; it answers 404 itself.
func (rq *request) project(w *workspace, key string) *project {
	for _, p := range w.projects {
		if p.key == key || strings.EqualFold(p.uuid, key) {
			return p
		}
	}
	rq.fail(http.StatusNotFound, "Project with key "+key+" not found in workspace "+w.slug)
	return nil
}

// routeProject serves what is below a project.
func (rq *request) routeProject(w *workspace, key string, seg []string) {
	rq.scope = "project:admin"
	p := rq.project(w, key)
	if p == nil {
		return
	}
	switch {
	case seg[0] == "permissions-config":
		rq.routeProjectPermissions(p, seg[1:])
	case seg[0] == "default-reviewers":
		rq.routeProjectReviewers(p, seg[1:])
	case seg[0] == "deploy-keys":
		rq.scope = "project, project:admin"
		rq.routeProjectKeys(p, seg[1:])
	case seg[0] == "branching-model" && len(seg) == 1:
		rq.single(func(e *encoder) { p.encodeBranching(e, false) })
	case seg[0] == "branching-model" && len(seg) == 2 && seg[1] == "settings":
		rq.single(func(e *encoder) { p.encodeBranching(e, true) })
	default:
		rq.noAPI()
	}
}
