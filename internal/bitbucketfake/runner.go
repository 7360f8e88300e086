package bitbucketfake

import (
	"fmt"
	"strings"
	"time"
)

// runner is a self-hosted machine for pipelines, of a repository or of a workspace.
type runner struct {
	uuid, name, status string
	labels             []string
	version, current   string // empty: it has never connected
	cordoned           bool
	client             string
	created, updated   time.Time
	seen               time.Time // of its state
}

var runnerStates = []string{"ONLINE", "ONLINE", "OFFLINE", "ENABLED", "DISABLED", "UNHEALTHY", "UNREGISTERED"}

// makeRunners makes the first n runners of a salted kind.
func makeRunners(base uint64, n int) []*runner {
	out := make([]*runner, n)
	for i := range out {
		g := at(base, i)
		out[i] = &runner{
			uuid: g.uuid(), name: fmt.Sprintf("runner %d \"%s\"", i+1, pick(g, []string{"linux", "größer", "arm"})),
			status: runnerStates[i%len(runnerStates)], labels: []string{"self.hosted", pick(g, []string{"linux", "macos", "linux.arm64"})},
			client: strings.Trim(g.uuid(), "{}"), version: "3.9.0", current: "3.21.0", cordoned: g.chance(20),
			created: dataStart.Add(time.Duration(i*37+g.n(30)) * 11 * time.Hour).Add(time.Duration(g.n(1000)) * time.Millisecond),
		}
		r := out[i]
		if g.chance(40) {
			r.labels = append(r.labels, "gpu", "100%")
		}
		r.updated = r.created.Add(time.Duration(g.n(90*24*3600)) * time.Second)
		r.seen = r.updated.Add(time.Duration(g.n(3600)) * time.Second)
		if r.status == "UNREGISTERED" {
			r.version, r.current = "", ""
		}
	}
	return out
}

// encode writes the runner; the secret of its client was shown once, when it was made.
func (r *runner) encode(e *encoder) {
	e.str("type", "pipeline_runner")
	e.str("uuid", r.uuid)
	e.str("name", r.name)
	e.strings("labels", r.labels)
	if e.open("state") {
		e.str("type", "pipeline_runner_state")
		e.str("status", r.status)
		if r.version == "" {
			e.null("version")
		} else if e.open("version") {
			e.str("type", "pipeline_runner_version")
			e.str("version", r.version)
			e.str("current", r.current)
			e.close()
		}
		e.stamp("updated_on", stampMilli, r.seen)
		e.boolean("cordoned", r.cordoned)
		e.close()
	}
	e.stamp("created_on", stampMilli, r.created)
	e.stamp("updated_on", stampMilli, r.updated)
	if e.open("oauth_client") {
		e.str("type", "pipeline_runner_oauth_client")
		e.str("id", r.client)
		e.str("token_endpoint", "https://auth.atlassian.com/oauth/token")
		e.str("audience", "api.atlassian.com")
		e.close()
	}
}

// strings writes a list of strings.
func (e *encoder) strings(k string, list []string) {
	s := e.state.member(k, false)
	if s == nil || !s.all || !e.openList(k) {
		return
	}
	for _, v := range list {
		e.comma()
		e.b = appendString(e.b, v)
	}
	e.closeList()
}
