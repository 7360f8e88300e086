package bitbucketfake

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// report is a Code Insights report on a commit.
type report struct {
	uuid, externalID string
	title, details   string
	reporter         string
	link, logo       string // empty: null
	kind, result     string
	remote           bool
	data             []datum
	created, updated time.Time
	annotations      []*annotation
}

// datum is one typed value of a report; its kind says how the text is written.
type datum struct{ kind, title, text string }

// annotation is a finding of a report.
type annotation struct {
	uuid, externalID string
	kind             string
	path             string // empty: about the commit as a whole
	line             int    // 0: null
	summary, details string
	result, severity string // empty: null
	link             string
	created, updated time.Time
}

// reportsOn makes the reports on a commit: newest commits of branches have one or two, that of the main branch twelve,
// the first of them with 27 annotations; one in twelve other commits has one.
func (r *repository) reportsOn(i int) []*report {
	r.marks()
	g := at(salt(r.seed, "report/"+r.slug), i)
	count := 0
	switch {
	case i == r.mainTip():
		count = 12
	case r.tips[i] != nil:
		count = 1 + g.n(2)
	case g.chance(8):
		count = 1
	}
	kinds := []string{"SECURITY", "COVERAGE", "TEST", "BUG"}
	out := make([]*report, count)
	when := r.commit(i).date
	for k := range out {
		when = when.Add(time.Duration(g.n(200_000)) * time.Millisecond)
		x := &report{
			uuid: g.uuid(), kind: kinds[k%4], result: pick(g, []string{"PASSED", "PASSED", "FAILED", "PENDING"}), reporter: pick(g, []string{"scanner", "größe-checker", "CI \"bot\""}),
			details: pick(g, []string{"", "3 findings in 2 files.", "Line one\nline two"}), remote: k%2 == 0,
			created: capTime(when), updated: capTime(when.Add(time.Duration(g.n(5000)) * time.Millisecond)),
		}
		x.externalID = fmt.Sprintf("%s-%d", strings.ToLower(x.kind), k+1)
		x.title = fmt.Sprintf("%s report %d", strings.ToLower(x.kind), k+1)
		if g.chance(70) {
			x.link = "https://reports.acme.example/" + r.slug + "/" + x.externalID
		}
		if g.chance(40) {
			x.logo = "https://reports.acme.example/logo.png"
		}
		n := g.n(4)
		if k == 0 {
			n = 4
			if i == r.mainTip() {
				n = 27
			}
		}
		if k > 0 && g.chance(25) {
			n = 0
		}
		x.data = reportData(g, x)
		for a := 0; a < n; a++ {
			x.annotations = append(x.annotations, annotate(g, x, a))
		}
		out[k] = x
	}
	return out
}

// reportData holds at least one value of each type in the longest lists, and none in one report of five.
func reportData(g *rng, x *report) []datum {
	if g.chance(20) {
		return nil
	}
	return []datum{
		{"BOOLEAN", "Safe to merge?", strconv.FormatBool(x.result == "PASSED")},
		{"DATE", "Scanned", strconv.FormatInt(x.created.UnixMilli(), 10)},
		{"DURATION", "Time", strconv.Itoa(g.n(600_000))},
		{"LINK", "More", `{"text":"All of it","href":"https://reports.acme.example/?a=1&b=2"}`},
		{"NUMBER", "Findings", strconv.Itoa(g.n(5_000_000_000))},
		{"PERCENTAGE", "Coverage", fmt.Sprintf("%d.%d", g.n(100), g.n(10))},
		{"TEXT", "Tool", `"v1.2 \"größe\""`},
	}[:1+g.n(7)]
}

func annotate(g *rng, x *report, k int) *annotation {
	a := &annotation{
		uuid: g.uuid(), externalID: fmt.Sprintf("%s-a%d", x.externalID, k+1), kind: pick(g, []string{"VULNERABILITY", "CODE_SMELL", "BUG"}),
		summary: pick(g, []string{"Unchecked error", "SQL built from \"input\"", "Zu lang: 100 % über dem Limit"}),
		details: pick(g, []string{"", "See the guide.\nThen fix it."}), severity: pick(g, []string{"CRITICAL", "HIGH", "MEDIUM", "LOW", ""}),
		result: pick(g, []string{"PASSED", "FAILED", "SKIPPED", "IGNORED", ""}), created: x.created, updated: x.updated,
	}
	if g.chance(80) {
		a.path = pick(g, paths)
		if g.chance(85) {
			a.line = 1 + g.n(300)
		}
	}
	if g.chance(50) {
		a.link = x.link
	}
	return a
}

// routeReports accepts, for reports and annotations, the uuid and the external id.
func (rq *request) routeReports(r *repository, i int, rest []string) {
	reports := r.reportsOn(i)
	is := func(x *report, id string) bool { return strings.EqualFold(x.uuid, id) || x.externalID == id }
	if len(rest) < 2 {
		(&collection[*report]{kind: "Report", items: reports, is: is, encode: (*report).encode}).serve(rq, rest)
		return
	}
	if rest[1] != "annotations" {
		rq.noAPI()
		return
	}
	for _, x := range reports {
		if is(x, rest[0]) {
			(&collection[*annotation]{
				kind: "Annotation", items: x.annotations, encode: (*annotation).encode,
				is: func(a *annotation, id string) bool { return strings.EqualFold(a.uuid, id) || a.externalID == id },
			}).serve(rq, rest[2:])
			return
		}
	}
	rq.fail(http.StatusNotFound, "Report "+rest[0]+" not found")
}

func (x *report) encode(e *encoder) {
	e.str("type", "report")
	e.str("uuid", x.uuid)
	e.str("title", x.title)
	e.str("details", x.details)
	e.str("external_id", x.externalID)
	e.str("reporter", x.reporter)
	e.strOrNull("link", x.link)
	e.boolean("remote_link_enabled", x.remote)
	e.strOrNull("logo_url", x.logo)
	e.str("report_type", x.kind)
	e.str("result", x.result)
	if e.openList("data") {
		for _, d := range x.data {
			e.begin()
			e.str("type", d.kind)
			e.str("title", d.title)
			// The value is of any type; fields goes no deeper than it.
			if e.wants("value") {
				e.b = append(e.b, d.text...)
			}
			e.end()
		}
		e.closeList()
	}
	e.stamp("created_on", stampMilli, x.created)
	e.stamp("updated_on", stampMilli, x.updated)
}

func (a *annotation) encode(e *encoder) {
	e.str("type", "report_annotation")
	e.str("external_id", a.externalID)
	e.str("uuid", a.uuid)
	e.str("annotation_type", a.kind)
	e.strOrNull("path", a.path)
	e.numOrNull("line", a.line)
	e.str("summary", a.summary)
	e.str("details", a.details)
	e.strOrNull("result", a.result)
	e.strOrNull("severity", a.severity)
	e.strOrNull("link", a.link)
	e.stamp("created_on", stampMilli, a.created)
	e.stamp("updated_on", stampMilli, a.updated)
}
