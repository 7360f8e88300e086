package planner

import (
	"math"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

const requestCost = 1000

// batchShare is how many scans of a plan with a Batch are guessed to share a request: fewer than may, for not all of them are foreseen.
const batchShare = 40

// untoldCost is more than any number of requests costs.
const untoldCost = 1e9

// share is the guess of how many scans that are repeated with other values, and have so many rows each, share a request.
func (p *Plan) share(table *schema.Table, rows float64) float64 {
	switch b := p.Batch; {
	case b == nil:
		return 1
	case b.Lone:
		return batchShare
	}
	return max(1, min(batchShare, float64(table.Endpoints[p.Endpoint].MaxPage)/rows))
}

func (c *candidate) cost() float64 {
	cost := c.requests*requestCost + c.latency*requestCost/4 + c.rows
	if c.untold {
		cost += untoldCost
	}
	if c.missing {
		cost += 1e15 // Any plan that has the values is better; the error comes when there is none.
	}
	return cost
}

// estimate guesses requests and rows. The guesses need only rank plans.
func (c *candidate) estimate(s Scan, units float64) {
	e, table := c.endpoint, s.Relation.Table
	if single(e) {
		c.requests += units
		c.rows = units
		c.latency++
		return
	}
	rows := 100.0
	switch table.Scope {
	case schema.RepositoryScope:
		rows = 1000
	case schema.ProjectScope:
		rows = 20
	}
	for param := range e.Binds {
		if !(param == "repo_slug" && table.Scope == schema.RepositoryScope || param == "project_key" && table.Scope == schema.ProjectScope) {
			rows = 20 // of one pull request, pipeline or the like
		}
	}
	if e.Each != nil {
		rows *= 2
	}
	objects := rows
	for _, t := range c.plan.Terms {
		if t.Param != "" || s.Hint.names(table.Columns[t.Column].Name) {
			// An arm of an OR narrows nothing that the hint of the whole OR does not: one scan is to be cheaper than one an arm.
			continue
		}
		share := map[Op]float64{schema.EQ: 0.1, schema.IN: 0.2, schema.NE: 0.9, schema.LIKE: 0.3, schema.ISNULL: 0.2}[t.Op]
		if share == 0 {
			share = 0.5
		}
		if table.IsKey(table.Columns[t.Column].Name) && len(table.Key) == 1 && t.Op == schema.EQ {
			share = 1 / rows
		}
		rows *= share
		objects *= share
	}
	if s.Hint != nil {
		rows, objects = rows*0.4, objects*0.4
	}
	pages := math.Max(1, math.Ceil(objects/math.Max(1, float64(e.MaxPage))))
	c.requests, c.pages = c.requests+units*pages, pages
	c.rows = math.Max(1, units*rows)
	switch e.Paging {
	case schema.Chained:
		c.latency += pages
	default:
		c.latency += 2
	}
}
