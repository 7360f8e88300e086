package planner

import (
	"maps"
	"net/url"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// extremes lets the first row of a list, in one order or both, stand for all of it: where the statement asks for nothing but the
// least and greatest values of a column by which the endpoint sorts, and every condition is pushed exactly.
func (c *candidate) extremes(s Scan) {
	e, u := c.endpoint, s.Use
	if u == nil || u.Extreme == "" || s.Identified || c.ordered || e.Paging != schema.Numbered || e.Each != nil {
		return
	}
	t := s.Relation.Table
	extreme := t.Column(u.Extreme)
	for _, column := range s.Used {
		if column == extreme && c.pushes(s, column, u.Bounds) || column != extreme && c.onlyCompared(s, column) {
			continue
		}
		return
	}
	field := ""
	if extreme >= 0 {
		field = sortField(t, e, extreme)
	}
	if field == "" {
		return
	}
	c.plan.Extreme = extreme + 1
	if u.Least {
		c.plan.ExtremeSorts = append(c.plan.ExtremeSorts, field)
	}
	if u.Greatest {
		c.plan.ExtremeSorts = append(c.plan.ExtremeSorts, "-"+field)
	}
}

// sorted makes of each query one for each sort.
func sorted(queries []url.Values, sorts []string) []url.Values {
	var out []url.Values
	for _, query := range queries {
		for _, sort := range sorts {
			with := maps.Clone(query)
			with.Set("sort", sort)
			out = append(out, with)
		}
	}
	return out
}

// sortField is the field by which an endpoint sorts like a column, or empty.
func sortField(t *schema.Table, e *schema.Endpoint, column int) string {
	for _, sort := range e.Sorts {
		if equalFold(sort.Column, t.Columns[column].Name) {
			return sort.Field
		}
	}
	return ""
}
