package bitbucketfake

import (
	"net/http"
	"strconv"
)

// routePull serves what is below a pull request beside its comments, commits, activity and statuses.
func (rq *request) routePull(pr *pullRequest, seg []string) {
	switch {
	case len(seg) == 1 && seg[0] == "tasks":
		rq.listTasks(pr)
	case len(seg) == 2 && seg[0] == "tasks":
		list := pr.taskList()
		for i := range list {
			if strconv.FormatInt(list[i].id, 10) == seg[1] {
				rq.single(func(e *encoder) { list[i].encode(e, pr) })
				return
			}
		}
		rq.fail(http.StatusNotFound, "Task "+seg[1]+" not found")
	case len(seg) == 1 && (seg[0] == "diff" || seg[0] == "diffstat" || seg[0] == "patch"):
		rq.redirectToSpec(pr, seg[0])
	case len(seg) == 1 && seg[0] == "conflicts":
		rq.redirectToSpec(pr, "file-conflicts")
	case len(seg) == 2 && seg[0] == "mergeability" && seg[1] == "checks":
		rq.getMergeability(pr)
	case len(seg) == 3 && seg[0] == "merge" && seg[1] == "task-status":
		rq.getMergeTask(pr, seg[2])
	case len(seg) == 3 && seg[0] == "properties":
		rq.getPullProperty(pr, seg[1], seg[2])
	default:
		rq.noAPI()
	}
}

// redirectToSpec sends the client to the repository's own comparison of the two commits. The client's parameters are
// lost on the way, as in captures.
func (rq *request) redirectToSpec(pr *pullRequest, what string) {
	r := pr.repo
	rq.fail(http.StatusFound, "Found")
	rq.header.Set("Location", rq.base+"/2.0/repositories/"+r.fullName()+"/"+what+"/"+r.fullName()+":"+pr.sourceHash[:12]+"%0D"+pr.destHash[:12]+
		"?from_pullrequest_id="+pr.idText()+"&topic=true")
}

// mergeability says whether git could merge: not when the two sides conflict, nor when the source is gone.
func (pr *pullRequest) mergeability() string {
	r := pr.repo
	x := revspec{source: r.find(pr.sourceHash), dest: r.find(pr.destHash)}
	switch {
	case pr.source == nil || x.source < 0 || x.dest < 0:
		return "unknown"
	case len(r.conflicts(x)) > 0:
		return "conflicts"
	}
	return "clean"
}

// getMergeability answers with the checks: a size and values, and no pages.
func (rq *request) getMergeability(pr *pullRequest) {
	check := func(e *encoder, kind string, passed bool, reason, state string) {
		e.begin()
		e.str("type", kind)
		status := "PASSED"
		if !passed {
			status = "FAILED"
		}
		e.str("status", status)
		e.boolean("required", true)
		e.boolean("blocking", !passed)
		e.strOrNull("reason", reason)
		if state != "" {
			e.str("state", state)
		}
		e.end()
	}
	rq.single(func(e *encoder) {
		e.num("size", 3)
		if e.openList("values") {
			reason := pr.mergeability()
			check(e, "pullrequest_state_check", pr.state == "OPEN", "", pr.state)
			check(e, "current_user_permission_check", true, "", "")
			check(e, "git_mergeability_check", reason == "clean", reason, "")
			e.closeList()
		}
	})
}

// mergeTask is the id of the task that merged a pull request, empty when it is not merged.
func (pr *pullRequest) mergeTask() string {
	if pr.mergeHash == "" {
		return ""
	}
	h := pr.mergeHash
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}

// getMergeTask answers SUCCESS for the task that merged the pull request, 400 for that of another one, and PENDING, for
// ever, for any other id: so does the service.
func (rq *request) getMergeTask(pr *pullRequest, id string) {
	done := id == pr.mergeTask()
	for _, other := range pr.repo.pulls {
		if !done && other.mergeTask() == id {
			rq.fail(http.StatusBadRequest, "The task "+id+" does not relate to pull request "+pr.idText())
			return
		}
	}
	rq.single(func(e *encoder) {
		status := "PENDING"
		if done {
			status = "SUCCESS"
		}
		e.str("task_status", status)
		if e.open("links") {
			e.link("self", pr.repo.api, "/pullrequests/", pr.idText(), "/merge/task-status/", id)
			e.close()
		}
		if done && e.open("merge_result") {
			pr.encode(e, true)
			e.close()
		}
	})
}

// The only application property of pull requests.
const (
	propertyApp  = "acme-app"
	propertyName = "notes"
)

// getPullProperty answers with the JSON that the application stored, which is whatever it likes.
func (rq *request) getPullProperty(pr *pullRequest, app, name string) {
	if app != propertyApp || name != propertyName {
		rq.fail(http.StatusNotFound, "Property "+app+"/"+name+" not found")
		return
	}
	rq.single(func(e *encoder) {
		e.strings("_attributes", []string{"public"})
		e.str("text", "Pull request \""+pr.title+"\" was seen")
		e.num("score", int64(pr.id%10))
		e.boolean("seen", pr.id%2 == 0)
		e.null("next_review")
	})
}
