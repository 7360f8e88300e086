package bitbucketfake

import (
	"net/http"
	"slices"
	"strings"
)

func (rq *request) routePipelines(r *repository, seg []string) {
	if r.pipelinesOff {
		rq.pipelinesOff()
		return
	}
	r.loadPipelines()
	switch {
	case seg[0] == "pipelines" && len(seg) == 1:
		rq.listPipelines(r)
	case seg[0] == "pipelines":
		rq.routePipeline(r, seg[1:])
	case seg[0] == "environments" && len(seg) == 1:
		rq.reply(&list{n: len(r.environments), max: 100, def: 10, item: func(e *encoder, i int) { r.environments[i].encode(e) }})
	case seg[0] == "deployments" && len(seg) == 1:
		rq.reply(&list{n: len(r.deployments), max: 100, def: 10, item: func(e *encoder, i int) { r.deployments[i].encode(e) }})
	case seg[0] == "environments" && len(seg) == 2:
		for _, v := range r.environments {
			if strings.EqualFold(v.uuid, seg[1]) {
				rq.single(v.encode)
				return
			}
		}
		rq.failDetail(http.StatusNotFound, "Not found", "Environment "+seg[1]+" not found in repository "+r.uuid)
	case seg[0] == "deployments" && len(seg) == 2:
		for _, d := range r.deployments {
			if strings.EqualFold(d.uuid, seg[1]) {
				rq.single(d.encode)
				return
			}
		}
		rq.failDetail(http.StatusNotFound, "Not found", "Deployment "+seg[1]+" not found in repository "+r.uuid)
	default:
		rq.noAPI()
	}
}

func (rq *request) routePipeline(r *repository, seg []string) {
	var p *pipeline
	for _, x := range r.pipelines {
		if strings.EqualFold(x.uuid, seg[0]) || x.numberText() == seg[0] {
			p = x
		}
	}
	switch {
	case p == nil && strings.HasPrefix(seg[0], "{"):
		rq.failDetail(http.StatusNotFound, "Not found", "Pipeline '"+seg[0]+"' not found in repository "+r.uuid)
	case p == nil:
		rq.failDetail(http.StatusNotFound, "Not found", "Pipeline with build number '"+seg[0]+"' not found in repository "+r.uuid)
	case len(seg) == 1:
		rq.single(p.encode)
	case len(seg) == 2 && seg[1] == "steps":
		rq.reply(&list{n: len(p.steps), onePage: true, item: func(e *encoder, i int) { p.encodeStep(e, p.steps[i]) }})
	case len(seg) >= 3 && seg[1] == "steps":
		for _, s := range p.steps {
			if strings.EqualFold(s.uuid, seg[2]) {
				rq.routeStep(p, s, seg[3:])
				return
			}
		}
		rq.failDetail(http.StatusNotFound, "Not found", "Step '"+seg[2]+"' not found in pipeline "+p.uuid)
	default:
		rq.noAPI()
	}
}

// pipelineFilters are the list's own parameters: what a pipeline has to have for the values asked for. Words that no
// pipeline has, "branch" for "BRANCH" as well, leave no rows; they are not errors.
var pipelineFilters = map[string]func(p *pipeline, want string) bool{
	"creator.uuid":    func(p *pipeline, want string) bool { return strings.EqualFold(p.creator.uuid, want) },
	"target.ref_name": func(p *pipeline, want string) bool { return p.ref == want && p.ref != "" },
	"target.branch":   func(p *pipeline, want string) bool { return p.target == branchTarget && p.ref == want },
	"trigger_type":    func(p *pipeline, want string) bool { return p.trigger == want },
	"status":          func(p *pipeline, want string) bool { return p.status() == want },
	"target.ref_type": func(p *pipeline, want string) bool { return p.ref != "" && want == []string{"BRANCH", "TAG"}[p.target] },
	"created_on":      func(p *pipeline, want string) bool { return p.createdOn(want) },
	"target.commit.hash": func(p *pipeline, want string) bool {
		return p.repo.hash(p.commit) == want
	},
	"target.selector.pattern": func(p *pipeline, want string) bool { return p.pattern == want && want != "" },
	"target.selector.type": func(p *pipeline, want string) bool {
		return want == map[string]string{
			"branches": "BRANCH", "tags": "TAG", "custom": "CUSTOM", "pull-requests": "PULLREQUESTS", "default": "DEFAULT",
		}[p.selector]
	},
}

// createdOn compares with an instant, or with a day when there is no time. How the service compares is not documented.
func (p *pipeline) createdOn(want string) bool {
	t, ok := parseInstant(want)
	if !ok {
		return false
	}
	if len(want) == len("2006-01-02") {
		return p.created.Format("2006-01-02") == want
	}
	return p.created.Equal(t)
}

// listPipelines lists oldest first. q is ignored; next loses sort and fields, so a client has to build its own pages.
func (rq *request) listPipelines(r *repository) {
	p := r.pipelines
	l := &list{
		n: len(p), max: 100, def: 10, dropping: func(name string) bool { return name == "sort" || name == "fields" },
		item: func(e *encoder, i int) { p[i].encode(e) },
	}
	for name, holds := range pipelineFilters {
		want := rq.query[name]
		if len(want) == 0 {
			continue
		}
		if name != "status" {
			want = want[:1]
		}
		l.filter(func(i int) bool {
			return slices.ContainsFunc(want, func(w string) bool { return holds(p[i], w) })
		})
	}
	if by := rq.query.Get("sort"); by != "" {
		f := field{kind: timeField, get: func(i int) value { return instant(p[i].created) }}
		switch strings.TrimPrefix(by, "-") {
		case "created_on", "run_creation_date":
		case "creator.uuid":
			f = field{get: func(i int) value { return text(p[i].creator.uuid) }}
		default:
			rq.failDetail(http.StatusBadRequest, "Bad request", "Unsupported sort attribute: "+by)
			return
		}
		l.order(f, by[0] == '-')
	}
	rq.reply(l)
}
