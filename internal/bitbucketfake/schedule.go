package bitbucketfake

import (
	"fmt"
	"time"
)

// schedule starts pipelines by the clock; executions are the pipelines it started and the attempts that failed.
type schedule struct {
	uuid, cron, branch string
	selector, pattern  string
	enabled            bool
	created, updated   time.Time
	executions         []execution
}

// execution is one time that a schedule came round. Without a pipeline it went wrong.
type execution struct {
	pipeline *pipeline
}

// makeSchedules makes n schedules. The first takes two thirds of the repository's scheduled pipelines, the second the
// rest; others have not come round yet, or only failed.
func (r *repository) makeSchedules(base uint64, n int) []*schedule {
	out := make([]*schedule, n)
	for i := range out {
		g := at(base, i)
		out[i] = &schedule{
			uuid: g.uuid(), cron: fmt.Sprintf("0 %d %d ? * %s *", g.n(60), g.n(24), pick(g, []string{"*", "MON-FRI", "SUN"})), branch: r.mainbranch,
			selector: "branches", pattern: "default", enabled: i != 2, created: dataStart.Add(time.Duration(g.n(90*24*3600))*time.Second + 123456*time.Microsecond),
		}
		s := out[i]
		s.updated = s.created.Add(time.Duration(g.n(3600*1000)) * time.Millisecond)
		switch i % 3 {
		case 0:
			s.cron, s.selector, s.pattern = "0 0 2 * * ? *", "custom", "nightly build"
		case 1:
			s.branch = "develop"
		}
		if i == 4 {
			s.executions = []execution{{}, {}}
		}
	}
	k := 0
	for _, p := range r.pipelines {
		if p.trigger != "SCHEDULED" || n == 0 {
			continue
		}
		s := out[0]
		if k%3 == 2 && n > 1 {
			s = out[1]
		}
		s.executions = append(s.executions, execution{p})
		if k++; k%7 == 3 {
			s.executions = append(s.executions, execution{})
		}
	}
	return out
}

func (s *schedule) encode(e *encoder) {
	e.str("type", "pipeline_schedule")
	e.str("uuid", s.uuid)
	e.boolean("enabled", s.enabled)
	if e.open("target") {
		e.str("type", "pipeline_ref_target")
		e.str("ref_type", "branch")
		e.str("ref_name", s.branch)
		if e.open("selector") {
			e.str("type", s.selector)
			e.str("pattern", s.pattern)
			e.close()
		}
		e.close()
	}
	e.str("cron_pattern", s.cron)
	e.micro("created_on", s.created)
	e.micro("updated_on", s.updated)
}

func (x execution) encode(e *encoder) {
	if x.pipeline == nil {
		e.str("type", "pipeline_schedule_execution_errored")
		if e.open("error") {
			e.str("type", "pipeline_error")
			e.str("key", "schedule.target.not-found")
			e.str("message", "The branch or the custom pipeline of the schedule does not exist.")
			e.close()
		}
		return
	}
	e.str("type", "pipeline_schedule_execution_executed")
	if e.open("pipeline") {
		x.pipeline.encode(e)
		e.close()
	}
}
