package bitbucketfake

import (
	"net/http"
	"strconv"
	"strings"
)

func (rq *request) routeIssues(r *repository, seg []string) {
	switch {
	case len(seg) == 0:
		rq.listIssues(r)
		return
	case seg[0] == "import" && len(seg) == 1:
		rq.scope = "issue:write"
		rq.getImport(r)
		return
	case seg[0] == "export" && len(seg) == 2:
		id, ok := strings.CutPrefix(strings.TrimSuffix(seg[1], ".zip"), r.slug+"-issues-")
		job, known := exportJobs[id]
		if !ok || !known || !strings.HasSuffix(seg[1], ".zip") {
			rq.fail(http.StatusNotFound, "No export job has begun")
			return
		}
		rq.getJob(job, "pct")
		return
	}
	id, err := strconv.Atoi(seg[0])
	if err != nil || id < 1 || id > len(r.tracker.issues) {
		rq.fail(http.StatusNotFound, "There is no issue with id "+seg[0])
		return
	}
	x := r.tracker.issues[id-1]
	if x.unavailable {
		rq.fail(http.StatusGone, "This issue is unavailable.")
		return
	}
	rq.routeIssue(x, seg[1:])
}

func (rq *request) routeIssue(x *issue, seg []string) {
	what := ""
	if len(seg) > 0 {
		what = seg[0]
	}
	switch {
	case len(seg) == 0:
		rq.single(x.encode)
	case what == "comments" && len(seg) == 1:
		rq.listIssueComments(x)
	case what == "changes" && len(seg) == 1:
		rq.listIssueChanges(x)
	case what == "attachments" && len(seg) == 1:
		rq.listAttachments(x)
	case what == "attachments":
		rq.getAttachment(x, strings.Join(seg[1:], "/"))
	case what == "vote" && len(seg) == 1:
		rq.scope = "account"
		rq.yesOrNo(x.votes > 0 && x.id%3 == 0, "You have not voted for this issue")
	case what == "watch" && len(seg) == 1:
		rq.scope = "account"
		rq.yesOrNo(x.id%2 == 0, "You are not watching this issue")
	case what == "comments" && len(seg) == 2:
		for _, c := range x.comments {
			if strconv.FormatInt(c.id, 10) == seg[1] {
				rq.single(func(e *encoder) { c.encode(e, x) })
				return
			}
		}
		rq.fail(http.StatusNotFound, "Comment "+seg[1]+" not found")
	case what == "changes" && len(seg) == 2:
		for _, c := range x.changes {
			if strconv.FormatInt(c.id, 10) == seg[1] {
				rq.single(func(e *encoder) { c.encode(e, x) })
				return
			}
		}
		rq.fail(http.StatusNotFound, "Change "+seg[1]+" not found")
	default:
		rq.noAPI()
	}
}

// yesOrNo is how the service answers a question: 204 for yes, 404 for no.
func (rq *request) yesOrNo(yes bool, no string) {
	if !yes {
		rq.fail(http.StatusNotFound, no)
		return
	}
	rq.status, rq.plain, rq.enc.b = http.StatusNoContent, true, rq.enc.b[:0]
	rq.header.Del("Content-Type")
}

// listIssues lists newest first.
func (rq *request) listIssues(r *repository) {
	x := r.tracker.issues
	rq.reply(&list{
		n: len(x), reverse: true, max: 100, def: 20, fields: issueFields(x), cacheKey: "issues",
		keep: func(i int) bool { return !x[i].unavailable }, item: func(e *encoder, i int) { x[i].encode(e) },
	})
}
