package bitbucketfake

import (
	"fmt"
	"net/http"
	"strings"
)

// testCase is one test that a step reported. The document of the API has no schema for reports; members are those that
// clients read.
type testCase struct {
	uuid, name, pkg string
	status          string // SUCCESSFUL, FAILED, ERROR, SKIPPED
	milli           int
}

var testNames = []string{"Login redirects", "parses \"quoted\" names", "Größe 100%", "handles NULL", "空の結果", "retries_on_429", "rolls back"}

// testCases makes the cases of a step: none unless it ran tests to the end.
func (s *step) testCases(seed int64) []testCase {
	if s.name != "Unit tests" || s.state != "COMPLETED" || s.detail == "NOT_RUN" || s.detail == "ERROR" {
		return nil
	}
	base := salt(seed, s.uuid+"/tests")
	out := make([]testCase, 8+at(base, -1).n(40))
	for i := range out {
		g := at(base, i)
		c := &out[i]
		c.uuid, c.pkg, c.milli, c.status = g.uuid(), pick(g, []string{"acme.login", "acme.search", "acme.über", ""}), g.n(4000), "SUCCESSFUL"
		c.name = fmt.Sprintf("%s #%d", pick(g, testNames), i+1)
		switch v := g.n(20); {
		case v == 0:
			c.status, c.milli = "SKIPPED", 0
		case i == 0 && s.detail == "FAILED" || v == 1 && s.detail == "FAILED":
			c.status = "FAILED"
		case v == 2 && s.detail == "FAILED":
			c.status = "ERROR"
		}
	}
	if s.detail == "FAILED" {
		out[0].status = "FAILED"
	}
	return out
}

func (c *testCase) encode(e *encoder) {
	e.str("uuid", c.uuid)
	e.str("name", c.name)
	full := c.name
	if c.pkg != "" {
		full = c.pkg + "." + c.name
	}
	e.str("fully_qualified_name", full)
	e.strOrNull("package_name", c.pkg)
	e.str("status", c.status)
	e.str("duration", fmt.Sprintf("PT%d.%03dS", c.milli/1000, c.milli%1000))
}

// reasons are what a case has to say: failures a message and a trace, skipped ones one line, good ones nothing.
func (c *testCase) reasons() []string {
	switch c.status {
	case "FAILED":
		return []string{"AssertionError: expected \"a\" but was <null>", "at " + c.pkg + ".Test.run(Test.java:42)\n\tat C:\\agent\\runner.cs:line 7"}
	case "ERROR":
		return []string{"java.lang.IllegalStateException: Verbindung verloren"}
	case "SKIPPED":
		return []string{"not on this platform"}
	}
	return nil
}

// routeStep serves a step and what is below it.
func (rq *request) routeStep(p *pipeline, s *step, seg []string) {
	switch {
	case len(seg) == 0:
		rq.single(func(e *encoder) { p.encodeStep(e, s) })
	case seg[0] == "log" && len(seg) == 1:
		rq.getLog(p, s, s.uuid)
	case seg[0] == "logs" && len(seg) == 2:
		rq.getLog(p, s, seg[1])
	case seg[0] == "test_reports":
		rq.routeTestReport(p, s, seg[1:])
	default:
		rq.noAPI()
	}
}

func (rq *request) routeTestReport(p *pipeline, s *step, seg []string) {
	cases := s.testCases(p.repo.seed)
	if len(cases) == 0 {
		rq.failDetail(http.StatusNotFound, "Not found", "Test reports in step "+s.uuid+" do not exist.")
		return
	}
	switch {
	case len(seg) == 0:
		rq.single(func(e *encoder) {
			e.str("step_uuid", s.uuid)
			e.num("number_of_test_cases", int64(len(cases)))
			for _, status := range []string{"SUCCESSFUL", "FAILED", "ERROR", "SKIPPED"} {
				n := 0
				for i := range cases {
					if cases[i].status == status {
						n++
					}
				}
				e.num("number_of_"+strings.ToLower(status)+"_test_cases", int64(n))
			}
		})
	case seg[0] == "test_cases" && len(seg) == 1:
		rq.reply(&list{n: len(cases), max: 100, def: 10, item: func(e *encoder, i int) { cases[i].encode(e) }})
	case seg[0] == "test_cases" && len(seg) == 3 && seg[2] == "test_case_reasons":
		for i := range cases {
			if c := &cases[i]; strings.EqualFold(c.uuid, seg[1]) {
				reasons := c.reasons()
				rq.reply(&list{n: len(reasons), max: 100, def: 10, item: func(e *encoder, k int) {
					e.str("test_case_uuid", c.uuid)
					e.str("message", firstLine(reasons[k]))
					e.str("output", reasons[k])
				}})
				return
			}
		}
		rq.failDetail(http.StatusNotFound, "Not found", "Test case "+seg[1]+" not found in step "+s.uuid)
	default:
		rq.noAPI()
	}
}
