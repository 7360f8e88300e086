package cli

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/leak"
)

var (
	demoCosts = regexp.MustCompile(`(?m)^   ([\d,]+ requests?), \d.*$`)
	demoTimes = regexp.MustCompile(`(requests?), \d+(\.\d)? m?s`)
)

func TestDemo(t *testing.T) {
	defer leak.None(t)
	var outputs []string
	for range 2 {
		s := newSession("")
		if code := Run(context.Background(), []string{"demo", "--latency", "0s"}, &s.IO); code != exitOK {
			t.Fatalf("exit code %d: %s", code, s.err.String())
		}
		outputs = append(outputs, s.out.String())
	}
	out := outputs[0]
	if demoTimes.ReplaceAllString(out, "$1") != demoTimes.ReplaceAllString(outputs[1], "$1") {
		t.Error("two runs differ in more than times")
	}
	var costs []string
	for _, m := range demoCosts.FindAllStringSubmatch(out, -1) {
		costs = append(costs, m[1])
	}
	// 13 repositories and their list; the pages of 985 open pull requests; 136 pipelines by 100.
	want := []string{"1 request", "1 request", "1 request", "14 requests", "20 requests", "2 requests", "0 requests"}
	if !slices.Equal(costs, want) {
		t.Errorf("costs %q, want %q", costs, want)
	}
	for _, want := range []string{"│         5000 │", "OpenPullRequests", "└─ ", "BITBUCKETSQL_DSN", "sql.Open"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for line := range strings.SplitSeq(out, "\n") {
		if displayWidth(line) > 115 {
			t.Errorf("%d columns: %s", displayWidth(line), line)
		}
	}
	if strings.Contains(out, "\x1b") || strings.Contains(out, "demo@") {
		t.Error("colours without a terminal, or a secret")
	}
}

func TestDemoOnTerminal(t *testing.T) {
	s := newSession("")
	s.IsTerminal, s.Width = true, 90
	if code := Run(context.Background(), []string{"demo", "--latency", "0s", "--pullrequests", "60"}, &s.IO); code != exitOK {
		t.Fatalf("exit code %d: %s", code, s.err.String())
	}
	if out := s.out.String(); !strings.Contains(out, "\x1b[1m1. ") || !strings.Contains(out, "│           60 │") {
		t.Errorf("got\n%s", out)
	}
}

func TestDemoStopsAtBrokenOutput(t *testing.T) {
	s := newSession("")
	s.Out = brokenPipe{}
	if code := Run(context.Background(), []string{"demo", "--latency", "0s", "--pullrequests", "60"}, &s.IO); code != exitOK || s.err.Len() > 0 {
		t.Errorf("exit code %d, stderr %q", code, s.err.String())
	}
}
