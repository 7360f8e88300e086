package bitbucketfake

import "net/http"

// issueJob is the state of an export or import of a tracker.
type issueJob struct {
	status, phase string
	total, count  int
}

// exportJobs are the exports of every tracker by task id: one that waits, one under way, one done.
var exportJobs = map[string]issueJob{
	"1": {"ACCEPTED", "Initializing", 0, 0},
	"2": {"STARTED", "Attachments", 15, 6},
	"3": {"SUCCESS", "Finished", 15, 15},
}

// getJob writes a job with its percentage, which exports and imports call by different names; one that is not over
// answers 202.
func (rq *request) getJob(j issueJob, percent string) {
	rq.single(func(e *encoder) {
		e.str("type", "issue_job_status")
		e.str("status", j.status)
		e.str("phase", j.phase)
		e.num("total", int64(j.total))
		e.num("count", int64(j.count))
		e.num(percent, int64(100*j.count/max(j.total, 1)))
	})
	if j.status == "ACCEPTED" || j.status == "STARTED" {
		rq.status = http.StatusAccepted
	}
}

// getImport answers for the last import: done in the first repository, under way in the second, none in others.
func (rq *request) getImport(r *repository) {
	switch r.index {
	case 0:
		rq.getJob(issueJob{"SUCCESS", "Finished", 40, 40}, "percent")
	case 1:
		rq.getJob(issueJob{"STARTED", "Issues", 40, 10}, "percent")
	default:
		rq.fail(http.StatusNotFound, "No import job has begun")
	}
}
