package bitbucketfake

// routeWorkspacePart serves what is below a workspace, except its projects and members themselves.
func (rq *request) routeWorkspacePart(w *workspace, seg []string) {
	switch {
	case seg[0] == "projects" && len(seg) > 2:
		rq.routeProject(w, seg[1], seg[2:])
	case seg[0] == "permissions":
		rq.routePermissions(w, seg[1:])
	case seg[0] == "hooks":
		rq.routeHooks(w, seg[1:])
	case seg[0] == "pipelines-config":
		rq.routeShared(w, seg[1:])
	case len(seg) == 3 && seg[0] == "settings" && seg[1] == "gpg" && seg[2] == "public-key":
		rq.publicKey(w)
	case len(seg) == 2 && seg[0] == "pullrequests":
		rq.listPullsOf(w, seg[1])
	case len(seg) == 2 && seg[0] == "search" && seg[1] == "code":
		rq.searchCode(w.repos)
	default:
		rq.noAPI()
	}
}
