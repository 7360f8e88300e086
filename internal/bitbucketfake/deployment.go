package bitbucketfake

import (
	"fmt"
	"strings"
	"time"
)

// environment is where a repository is deployed to.
type environment struct {
	uuid, name, slug, kind string
	rank                   int
}

// deployment is one deployment of a pipeline's result.
type deployment struct {
	uuid, release    string
	state, status    string
	env              *environment
	pipeline         *pipeline
	created, updated time.Time
	number           int
}

// makeDeployments gives every repository with pipelines its environments, and deployments to them.
func (r *repository) makeDeployments() {
	if len(r.pipelines) == 0 {
		return
	}
	base := salt(r.seed, "deployment/"+r.slug)
	for i, name := range []string{"Test", "Staging", "Production"} {
		r.environments = append(r.environments, &environment{uuid: at(base, -1-i).uuid(), name: name, slug: strings.ToLower(name), kind: name, rank: i})
	}
	if r.index == 0 {
		r.environments = append(r.environments, &environment{uuid: at(base, -9).uuid(), name: "Staging EU \"blue\"", slug: "staging-eu-blue", kind: "Staging", rank: 1})
	}
	for i, p := range r.pipelines {
		g := at(base, i)
		if p.detail != "SUCCESSFUL" && p.detail != "FAILED" || p.target == pullTarget {
			continue
		}
		for k := g.n(3); k >= 0 && k < len(r.environments); k-- {
			d := &deployment{
				uuid: g.uuid(), release: fmt.Sprintf("#%d", p.number), state: "COMPLETED", status: "SUCCESSFUL", env: r.environments[k], pipeline: p,
				number: len(r.deployments) + 1, created: p.created.Add(time.Duration(60+g.n(600)) * time.Second).Truncate(time.Second),
			}
			d.updated = d.created.Add(time.Duration(10+g.n(300)) * time.Second)
			switch v := g.n(12); {
			case v == 0:
				d.status = "FAILED"
			case v == 1:
				d.status = "STOPPED"
			case v == 2:
				d.state, d.status = "UNDEPLOYED", ""
			case v == 3 && i > len(r.pipelines)-15:
				d.state, d.status = "IN_PROGRESS", ""
			}
			r.deployments = append(r.deployments, d)
		}
	}
}

func (v *environment) encode(e *encoder) {
	e.str("type", "deployment_environment")
	e.str("uuid", v.uuid)
	e.str("name", v.name)
	e.str("slug", v.slug)
	e.num("rank", int64(v.rank))
	e.boolean("hidden", false)
	if e.open("environment_type") {
		e.str("type", "deployment_environment_type")
		e.str("name", v.kind)
		e.num("rank", int64(v.rank))
		e.close()
	}
}

func (d *deployment) encode(e *encoder) {
	r := d.pipeline.repo
	hash := r.hash(d.pipeline.commit)
	e.str("type", "deployment")
	e.str("uuid", d.uuid)
	e.num("number", int64(d.number))
	if e.open("state") {
		e.str("type", "deployment_state_"+strings.ToLower(d.state))
		e.str("name", d.state)
		if d.status != "" {
			if e.open("status") {
				e.str("type", "deployment_state_completed_status_"+strings.ToLower(d.status))
				e.str("name", d.status)
				e.close()
			}
			e.str("url", r.html+"/addon/pipelines/home#!/results/"+d.pipeline.numberText()+"/steps/"+quoteUUID(d.pipeline.steps[len(d.pipeline.steps)-1].uuid))
			e.user("deployer", d.pipeline.creator)
			e.stamp("start_date", stampWhole, d.created)
			e.stamp("completion_date", stampWhole, d.updated)
		}
		e.close()
	}
	if e.open("environment") {
		e.str("type", "deployment_environment")
		e.str("uuid", d.env.uuid)
		e.str("name", d.env.name)
		e.close()
	}
	if e.open("release") {
		e.str("type", "deployment_release")
		e.str("uuid", d.pipeline.uuid)
		e.str("name", d.release)
		e.str("url", r.html+"/addon/pipelines/home#!/results/"+d.pipeline.numberText())
		if e.open("commit") {
			r.encodeCommitLink(e, hash)
			e.close()
		}
		e.stamp("created_on", stampWhole, d.created)
		e.close()
	}
	if e.open("deployable") {
		e.str("type", "deployment_deployable")
		e.str("uuid", d.pipeline.uuid)
		e.str("name", d.release)
		if e.open("commit") {
			r.encodeCommitLink(e, hash)
			e.close()
		}
		if e.open("pipeline") {
			e.str("type", "pipeline")
			e.str("uuid", d.pipeline.uuid)
			e.close()
		}
		e.stamp("created_on", stampWhole, d.created)
		e.close()
	}
	e.stamp("created_on", stampWhole, d.created)
	e.stamp("last_update_time", stampWhole, d.updated)
}
