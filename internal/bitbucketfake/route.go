package bitbucketfake

import (
	"net/http"
	"net/url"
	"strings"
)

// route splits the path and finds the handler. A trailing slash is accepted everywhere.
func (rq *request) route() {
	rest, ok := strings.CutPrefix(rq.path, "/2.0/")
	if !ok {
		rq.noAPI()
		return
	}
	seg := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	for i, p := range seg {
		u, err := url.PathUnescape(p)
		if err != nil {
			rq.fail(http.StatusBadRequest, "Bad request")
			return
		}
		seg[i] = u
	}
	if rq.caller.anonymous && !public(seg) {
		rq.unauthorized(badToken)
		return
	}
	switch seg[0] {
	case "user":
		rq.routeUser(seg[1:])
	case "users":
		rq.routeUsers(seg[1:])
	case "teams":
		rq.routeTeams(seg[1:])
	case "snippets":
		rq.routeSnippets(seg[1:])
	case "hook_events":
		rq.routeHookEvents(seg[1:])
	case "workspaces":
		rq.routeWorkspace(seg[1:])
	case "repositories":
		rq.routeRepositories(seg[1:])
	default:
		rq.noAPI()
	}
}

func (rq *request) noAPI() {
	rq.failDetail(http.StatusNotFound, "Resource not found", "There is no API hosted at this URL")
}

func (rq *request) routeUser(seg []string) {
	rq.scope = "account"
	switch {
	case len(seg) == 0:
		if rq.caller.app {
			rq.single(rq.s.bot.encode)
			return
		}
		rq.single(func(e *encoder) { rq.s.users[0].encodeFull(e, true) })
	case len(seg) == 1 && seg[0] == "workspaces":
		rq.listWorkspaces()
	case len(seg) == 3 && seg[0] == "workspaces" && seg[2] == "permission":
		rq.getPermission(seg[1])
	case len(seg) == 4 && seg[0] == "workspaces" && seg[2] == "permissions" && seg[3] == "repositories":
		rq.listOwnGrants(seg[1])
	case len(seg) > 0 && seg[0] == "emails":
		rq.routeEmails(seg[1:])
	case len(seg) == 2 && seg[0] == "permissions" && (seg[1] == "workspaces" || seg[1] == "repositories"):
		rq.gone2770()
	default:
		rq.noAPI()
	}
}

func (rq *request) routeWorkspace(seg []string) {
	rq.scope = "account"
	if len(seg) == 0 {
		rq.gone2770()
		return
	}
	w := rq.workspace(seg[0])
	if w == nil {
		return
	}
	switch {
	case len(seg) == 1:
		rq.scope = ""
		rq.single(w.encode)
	case len(seg) == 2 && seg[1] == "projects":
		rq.listProjects(w)
	case len(seg) == 3 && seg[1] == "projects":
		rq.getProject(w, seg[2])
	case len(seg) == 2 && seg[1] == "members":
		rq.listMembers(w)
	case len(seg) == 3 && seg[1] == "members":
		rq.getMember(w, seg[2])
	default:
		rq.routeWorkspacePart(w, seg[1:])
	}
}

func (rq *request) routeRepositories(seg []string) {
	switch len(seg) {
	case 0:
		rq.gone2770()
		return
	case 1:
		if w := rq.workspace(seg[0]); w != nil {
			rq.listRepositories(w)
		}
		return
	}
	r := rq.repository(seg)
	if r == nil {
		return
	}
	seg = seg[2:]
	if len(seg) == 0 {
		rq.single(r.encode)
		return
	}
	rest := seg[1:]
	switch seg[0] {
	case "refs":
		rq.routeRefs(r, rest)
	case "commits":
		rq.listCommits(r, strings.Join(rest, "/"))
	case "commit":
		rq.routeCommit(r, rest)
	case "pullrequests":
		rq.scope = "pullrequest"
		rq.routePulls(r, rest)
	case "pipelines", "environments", "deployments":
		rq.scope = "pipeline"
		rq.routePipelines(r, seg)
	case "pipelines_config", "pipelines-config", "deployments_config":
		rq.scope = "pipeline"
		rq.routePipelineSettings(r, seg)
	case "issues", "components", "milestones", "versions":
		rq.scope = "issue"
		rq.routeTracker(r, seg)
	default:
		rq.routeRepositoryPart(r, seg)
	}
}

// single answers with one object.
func (rq *request) single(f func(*encoder)) {
	rq.enc.begin()
	f(&rq.enc)
	rq.enc.end()
}

// workspace finds a workspace by slug or {uuid}; it answers 404 itself.
func (rq *request) workspace(id string) *workspace {
	for _, w := range rq.s.ws {
		if id == w.slug || strings.EqualFold(id, w.uuid) {
			return w
		}
	}
	rq.fail(http.StatusNotFound, "No workspace with identifier '"+id+"'.")
	return nil
}

// renamed is the old slug of a repository that has another name now.
const renamed = "monolith"

// repository finds a repository by slug or {uuid}; "{}" stands for the workspace when the uuid says it all. It answers
// 404 and the redirect of a renamed repository itself.
func (rq *request) repository(seg []string) *repository {
	ws, id := seg[0], seg[1]
	byUUID := strings.HasPrefix(id, "{")
	for _, w := range rq.s.ws {
		if ws != w.slug && !strings.EqualFold(ws, w.uuid) && !(ws == "{}" && byUUID) {
			continue
		}
		for _, r := range w.repos {
			if byUUID && strings.EqualFold(id, r.uuid) || !byUUID && strings.EqualFold(id, r.slug) {
				if rq.hides(r.private) {
					rq.hiddenRepository()
					return nil
				}
				return r
			}
		}
		if id == renamed && len(w.repos) > 0 && !rq.hides(w.repos[0].private) {
			to := strings.Replace(rq.path, "/"+renamed, "/"+w.repos[0].slug, 1)
			if rq.r.URL.RawQuery != "" {
				to += "?" + rq.r.URL.RawQuery
			}
			rq.fail(http.StatusMovedPermanently, "Repository moved")
			rq.header.Set("Location", rq.base+to)
			return nil
		}
	}
	if len(seg) > 3 && seg[2] == "commits" {
		rq.html(http.StatusNotFound, "Repository not found", 25_000)
		return nil
	}
	rq.fail(http.StatusNotFound, "Repository "+ws+"/"+id+" not found")
	return nil
}
