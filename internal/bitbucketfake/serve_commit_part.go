package bitbucketfake

import (
	"net/http"
	"strings"
)

// routeCommitPart serves what is below a commit; it says whether the path is its.
func (rq *request) routeCommitPart(r *repository, seg []string) bool {
	if len(seg) < 2 {
		return false
	}
	rest := seg[2:]
	var serve func(i int)
	switch seg[1] {
	case "comments":
		serve = func(i int) { rq.commitComments(r, i).serve(rq, rest) }
	case "statuses":
		serve = func(i int) { rq.routeStatuses(r, i, rest) }
	case "reports":
		serve = func(i int) { rq.routeReports(r, i, rest) }
	case "pullrequests":
		if len(rest) > 0 {
			return false
		}
		rq.scope = "pullrequest"
		serve = func(i int) { rq.listCommitPulls(r, i) }
	case "properties":
		serve = func(i int) { rq.getStoredProperty(rest, r.hash(i)) }
	default:
		return false
	}
	i := r.refIndex(seg[0])
	if i < 0 {
		rq.commitNotFound(seg[0])
		return true
	}
	serve(i)
	return true
}

// unindexed is the commit whose pull requests the service is still looking for when it is asked first: the second of
// the oldest side branch.
const unindexed = 2

// listCommitPulls lists the pull requests that a commit came with. It is 404 where the app is not installed.
func (rq *request) listCommitPulls(r *repository, i int) {
	if r.index%5 == 4 {
		rq.fail(http.StatusNotFound, "Pull Request Commit Links is not installed for repository "+r.fullName())
		return
	}
	var p []*pullRequest
	if i != unindexed || r.indexedBefore() {
		for _, pr := range r.pulls {
			for _, k := range pr.commits {
				if k == i {
					p = append(p, pr)
					break
				}
			}
		}
	} else {
		rq.status, rq.plain = http.StatusAccepted, true
	}
	rq.reply(&list{n: len(p), max: 50, def: 10, item: func(e *encoder, i int) { p[i].encode(e, false) }})
}

func (r *repository) indexedBefore() bool {
	r.indexMu.Lock()
	defer r.indexMu.Unlock()
	was := r.indexed
	r.indexed = true
	return was
}

// getStoredProperty serves the one property that the app acme-app has stored, against a repository or a commit. An
// application property is any JSON; only its attributes are the service's.
func (rq *request) getStoredProperty(seg []string, on string) {
	rq.scope = ""
	if len(seg) != 2 {
		rq.noAPI()
		return
	}
	if seg[0] != "acme-app" || seg[1] != "notes" {
		rq.fail(http.StatusNotFound, "No property "+strings.Join(seg, "/"))
		return
	}
	rq.single(func(e *encoder) {
		e.strings("_attributes", []string{"public", "read_only"})
		e.str("about", on)
		e.num("stars", int64(len(on)))
		e.null("reviewer")
		e.strings("tags", []string{"größe", "100%", `"quoted"`})
		if e.open("window") {
			e.boolean("open", true)
			e.close()
		}
	})
}
