package bitbucketfake

import (
	"strconv"
	"strings"
	"time"
)

// pipeline is one run of a repository's build.
type pipeline struct {
	repo               *repository
	uuid               string
	number             int
	state              string // PENDING, IN_PROGRESS, COMPLETED
	detail             string // stage or result
	target             targetKind
	ref                string // branch or tag
	commit             int
	selector, pattern  string
	pr                 *pullRequest
	trigger            string
	created, completed time.Time
	creator            *user
	seconds            int
	milli              bool // dates in milliseconds, not nanoseconds
	steps              []*step
}

type targetKind int

const (
	branchTarget targetKind = iota
	tagTarget
	commitTarget
	pullTarget
)

// loadPipelines makes pipelines, environments and deployments.
func (r *repository) loadPipelines() {
	r.loadRefs()
	r.pipelinesOnce.Do(func() {
		base := salt(r.seed, "pipeline/"+r.slug)
		for i := 0; i < r.wantPipelines; i++ {
			r.pipelines = append(r.pipelines, r.makePipeline(at(base, i), i))
		}
		r.makeDeployments()
	})
}

func (r *repository) makePipeline(g *rng, i int) *pipeline {
	n := r.wantPipelines
	p := &pipeline{
		repo: r, uuid: g.uuid(), number: i + 1, creator: pick(g, r.team), state: "COMPLETED", milli: g.chance(40),
		trigger: pick(g, []string{"PUSH", "PUSH", "PUSH", "MANUAL", "SCHEDULED"}), commit: g.n(r.commits),
	}
	step := dataEnd.Sub(dataStart) / time.Duration(n+1)
	p.created = dataStart.Add(step*time.Duration(i+1) + time.Duration(g.next()%uint64(step/2+1)))
	p.seconds = 20 + g.n(900)
	switch v := g.n(20); {
	case v < 12:
		p.detail = "SUCCESSFUL"
	case v < 16:
		p.detail = "FAILED"
	case v < 18:
		p.detail = "STOPPED"
	case v == 18:
		p.detail = "ERROR"
	default:
		p.detail = "EXPIRED"
	}
	if left := n - i; left <= 4 && n > 10 {
		p.state, p.detail = "IN_PROGRESS", []string{"", "RUNNING", "PAUSED", "RUNNING", "RUNNING"}[left]
		if left == 1 {
			p.state, p.detail = "PENDING", "PENDING"
		}
		p.seconds = 0
	} else {
		p.completed = p.created.Add(time.Duration(p.seconds)*time.Second + time.Duration(g.n(1_000_000_000)))
	}
	if g.chance(8) {
		p.creator = r.bot
	}
	p.aim(g)
	p.makeSteps(g)
	return p
}

// aim chooses what the pipeline ran on.
func (p *pipeline) aim(g *rng) {
	r := p.repo
	p.selector = "default"
	switch v := g.n(10); {
	case v < 2 && len(r.pulls) > 0:
		p.target, p.pr = pullTarget, pick(g, r.pulls)
		p.selector, p.pattern = "pull-requests", "**"
		if len(p.pr.commits) > 0 {
			p.commit = p.pr.commits[0]
		}
	case v == 2:
		p.target, p.selector, p.pattern = commitTarget, "custom", "nightly build"
	case v == 3 && len(r.tags) > 0:
		t := pick(g, r.tags)
		p.target, p.ref, p.commit, p.selector, p.pattern = tagTarget, t.name, t.target, "tags", "v*"
	default:
		b := pick(g, r.branches)
		if g.chance(50) {
			b = r.branches[len(r.branches)-1]
			for _, x := range r.branches {
				if x.name == r.mainbranch {
					b = x
				}
			}
		}
		p.ref = b.name
		if strings.HasPrefix(p.ref, "release/") {
			p.selector, p.pattern = "branches", "release/*"
		}
		if p.trigger == "MANUAL" && g.chance(40) {
			p.selector, p.pattern = "custom", "deploy-to-production"
		}
	}
}

// status is the word of the status parameter for the pipeline's state.
func (p *pipeline) status() string {
	switch p.detail {
	case "SUCCESSFUL":
		return "PASSED"
	case "RUNNING":
		return "BUILDING"
	case "EXPIRED":
		return "STOPPED"
	}
	return p.detail
}

func (p *pipeline) stamp(e *encoder, k string, t time.Time) {
	if t.IsZero() {
		return // an instant that has not come yet is absent, not null
	}
	if p.milli {
		e.stamp(k, stampMilli, t)
		return
	}
	e.stamp(k, stampNano, t)
}

// encodeState writes the state of a pipeline or step; kind is "pipeline_state" or "pipeline_step_state".
func encodeState(e *encoder, kind, state, detail string, stopper *user) {
	if !e.open("state") {
		return
	}
	e.str("name", state)
	e.str("type", kind+"_"+strings.ToLower(state))
	switch state {
	case "COMPLETED":
		if e.open("result") {
			e.str("name", detail)
			e.str("type", kind+"_completed_"+strings.ToLower(detail))
			if detail == "STOPPED" && stopper != nil {
				e.user("terminator", stopper)
			}
			if detail == "ERROR" {
				if e.open("error") {
					e.str("type", "pipeline_error")
					e.str("key", "plan-service.parse.yaml-error")
					e.str("message", "The section \"pipelines\" is invalid.\nLine 12: mapping values are not allowed here")
					e.close()
				}
			}
			e.close()
		}
	case "IN_PROGRESS":
		if kind == "pipeline_state" && e.open("stage") {
			e.str("name", detail)
			e.str("type", kind+"_in_progress_"+strings.ToLower(detail))
			e.close()
		}
	}
	e.close()
}

func (p *pipeline) encode(e *encoder) {
	r := p.repo
	e.str("type", "pipeline")
	e.str("uuid", p.uuid)
	e.repository("repository", r)
	encodeState(e, "pipeline_state", p.state, p.detail, p.creator)
	e.num("build_number", int64(p.number))
	e.user("creator", p.creator)
	p.stamp(e, "created_on", p.created)
	p.stamp(e, "completed_on", p.completed)
	if e.open("target") {
		p.encodeTarget(e)
		e.close()
	}
	if e.open("trigger") {
		e.str("name", p.trigger)
		e.str("type", "pipeline_trigger_"+strings.ToLower(p.trigger))
		e.close()
	}
	e.num("run_number", 1)
	e.num("duration_in_seconds", int64(p.seconds))
	e.num("build_seconds_used", int64(p.seconds*9/10))
	e.boolean("first_successful", p.number == 1)
	e.boolean("expired", p.detail == "EXPIRED")
	e.boolean("has_variables", p.selector == "custom")
	if p.number%10 == 7 && e.openList("configuration_sources") { // often absent
		e.begin()
		e.str("source", "commit")
		e.str("uri", r.html+"/src/"+r.hash(p.commit)+"/bitbucket-pipelines.yml")
		e.end()
		e.closeList()
	}
	if e.open("labels") {
		e.close()
	}
	if e.open("links") {
		e.link("self", r.api, "/pipelines/", quoteUUID(p.uuid))
		e.link("steps", r.api, "/pipelines/", quoteUUID(p.uuid), "/steps/")
		e.close()
	}
}

func (p *pipeline) encodeTarget(e *encoder) {
	r := p.repo
	if e.open("selector") {
		e.str("type", p.selector)
		if p.pattern != "" {
			e.str("pattern", p.pattern)
		}
		e.close()
	}
	if e.open("commit") {
		r.encodeCommitLink(e, r.hash(p.commit))
		e.close()
	}
	switch p.target {
	case branchTarget, tagTarget:
		e.str("type", "pipeline_ref_target")
		e.str("ref_type", map[targetKind]string{branchTarget: "branch", tagTarget: "tag"}[p.target])
		e.str("ref_name", p.ref)
	case commitTarget:
		e.str("type", "pipeline_commit_target")
	case pullTarget:
		e.str("type", "pipeline_pullrequest_target")
		e.str("source", p.pr.sourceBranch)
		e.str("destination", p.pr.destBranch)
		if e.open("destination_commit") {
			r.encodeCommitLink(e, p.pr.destHash[:12])
			e.close()
		}
		if e.open("pullrequest") {
			p.pr.encodeCompact(e)
			e.close()
		}
	}
}

// step is one step of a pipeline.
type step struct {
	uuid, name         string
	state, detail      string
	started, completed time.Time
	seconds            int
	manual             bool
}

var stepNames = []string{"Build", "Unit tests", "Lint & \"format\"", "Deploy to staging", "Deploy to production"}

func (p *pipeline) makeSteps(g *rng) {
	n := 1 + g.n(len(stepNames))
	if p.detail == "ERROR" || p.state == "PENDING" {
		n = 1
	}
	bad := n
	if p.detail != "SUCCESSFUL" {
		bad = g.n(n)
	}
	from := p.created.Add(3*time.Second + time.Duration(g.n(1_000_000_000)))
	for k := 0; k < n; k++ {
		s := &step{uuid: g.uuid(), name: stepNames[k], state: "COMPLETED", detail: "SUCCESSFUL", manual: k == 4}
		switch {
		case k == bad && p.state == "COMPLETED":
			s.detail = p.detail
		case k == bad && p.state == "IN_PROGRESS":
			s.state, s.detail = "IN_PROGRESS", ""
		case k >= bad && p.state == "COMPLETED":
			s.detail = "NOT_RUN"
		case k >= bad:
			s.state, s.detail = "PENDING", ""
		}
		if s.state != "PENDING" && s.detail != "NOT_RUN" {
			s.started = from
			if s.state == "COMPLETED" {
				s.seconds = max(p.seconds/n-2, 1)
				s.completed = from.Add(time.Duration(s.seconds)*time.Second + time.Duration(g.n(900_000_000)))
				from = s.completed
			}
		}
		p.steps = append(p.steps, s)
	}
}

func (p *pipeline) encodeStep(e *encoder, s *step) {
	e.str("type", "pipeline_step")
	e.str("uuid", s.uuid)
	e.str("name", s.name)
	if e.open("pipeline") {
		e.str("type", "pipeline")
		e.str("uuid", p.uuid)
		e.close()
	}
	e.num("run_number", 1)
	e.num("maxTime", 120)
	if e.open("image") {
		e.str("name", "golang:1.26")
		e.close()
	}
	p.stamp(e, "started_on", s.started)
	p.stamp(e, "completed_on", s.completed)
	e.num("duration_in_seconds", int64(s.seconds))
	e.num("build_seconds_used", int64(s.seconds))
	encodeState(e, "pipeline_step_state", s.state, s.detail, nil)
	if e.open("trigger") {
		kind := "pipeline_step_trigger_automatic"
		if s.manual {
			kind = "pipeline_step_trigger_manual"
		}
		e.str("type", kind)
		e.close()
	}
	for _, part := range []struct {
		name, action string
		commands     []string
	}{
		{"setup_commands", "", []string{"umask 000", "git reset --hard " + p.repo.hash(p.commit)}},
		{"script_commands", "", []string{"make", "make test && echo \"100%\""}},
		{"teardown_commands", "PROCESS_TEST_REPORTS", []string{"echo \"Processing test reports\""}},
	} {
		if !e.openList(part.name) {
			continue
		}
		for _, c := range part.commands {
			e.begin()
			if part.action == "" {
				e.str("commandType", "user")
			} else {
				e.str("commandType", "system")
				e.str("action", part.action)
			}
			e.str("name", c)
			e.str("command", c)
			e.end()
		}
		e.closeList()
	}
}

func (p *pipeline) numberText() string { return strconv.Itoa(p.number) }
