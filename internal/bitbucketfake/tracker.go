package bitbucketfake

import (
	"fmt"
	"net/http"
	"strconv"
)

// tracker is a repository's issue tracker: gone since August 2026, and here for those who look at old data.
type tracker struct {
	issues                           []*issue // number i+1
	components, milestones, versions []*label
}

// label is a component, a milestone or a version of a tracker.
type label struct {
	kind, plural string
	id           int
	name         string
}

// loadTracker makes the tracker on first use.
func (r *repository) loadTracker() {
	r.trackerOnce.Do(func() {
		base := salt(r.seed, "issue/"+r.slug)
		g := at(base, -1)
		count := func(first, others int) int {
			if r.index == 0 {
				return first
			}
			return g.n(others)
		}
		t := &r.tracker
		first := 1000 * (r.index + 1)
		components, milestones, versions, n := count(12, 5), count(11, 3), count(13, 4), count(86, 24)
		for i := 0; i < components; i++ {
			name := []string{"UI", "API", "ui", "Datenbank \"neu\"", "100%"}[i%5]
			if i >= 5 {
				name = fmt.Sprintf("%s %d", name, i/5+1)
			}
			t.components = append(t.components, &label{kind: "component", plural: "components", id: first + i, name: name})
		}
		for i := 0; i < milestones; i++ {
			t.milestones = append(t.milestones, &label{kind: "milestone", plural: "milestones", id: first + i, name: fmt.Sprintf("M%d", i+1)})
		}
		for i := 0; i < versions; i++ {
			t.versions = append(t.versions, &label{kind: "version", plural: "versions", id: first + i, name: fmt.Sprintf("2.%d", i)})
		}
		for i := 0; i < n; i++ {
			t.issues = append(t.issues, r.makeIssue(at(base, i), i, n))
		}
	})
}

func (l *label) encode(e *encoder, r *repository) {
	e.str("type", l.kind)
	e.num("id", int64(l.id))
	e.str("name", l.name)
	if e.open("links") {
		e.link("self", r.api, "/", l.plural, "/", strconv.Itoa(l.id))
		e.close()
	}
}

// label writes a label member, null when there is none.
func (e *encoder) label(k string, l *label, r *repository) {
	if l == nil {
		e.null(k)
		return
	}
	if e.open(k) {
		l.encode(e, r)
		e.close()
	}
}

// routeTracker serves the tracker when the server has one: issues answer 410 since their removal, and the rest, whose
// operations are gone, 404.
func (rq *request) routeTracker(r *repository, seg []string) {
	switch {
	case !rq.s.config.Issues && seg[0] == "issues":
		rq.failDetail(http.StatusGone, "The issue tracker has been removed.", "Bitbucket's issue tracker is no longer available since August 20, 2026.")
		return
	case !rq.s.config.Issues:
		rq.noAPI()
		return
	case !r.hasIssues:
		rq.fail(http.StatusNotFound, "Repository has no issue tracker.")
		return
	}
	r.loadTracker()
	labels := map[string][]*label{"components": r.tracker.components, "milestones": r.tracker.milestones, "versions": r.tracker.versions}[seg[0]]
	switch {
	case seg[0] == "issues":
		rq.routeIssues(r, seg[1:])
	case len(seg) == 1:
		rq.reply(&list{n: len(labels), max: 100, def: 20, item: func(e *encoder, i int) { labels[i].encode(e, r) }})
	case len(seg) == 2:
		for _, l := range labels {
			if strconv.Itoa(l.id) == seg[1] {
				rq.single(func(e *encoder) { l.encode(e, r) })
				return
			}
		}
		rq.fail(http.StatusNotFound, "There is no such object: "+seg[1])
	default:
		rq.noAPI()
	}
}
