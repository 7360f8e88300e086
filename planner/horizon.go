package planner

import (
	"slices"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// horizonMargin is how far a list that is assumed to fall may go up again: by more than clocks and time zones are mostly wrong.
const horizonMargin = 24 * time.Hour

// Horizon ends a list that is assumed to fall by a timestamp: with the first page all of whose rows are older.
type Horizon struct {
	// Column is the timestamp, one of Fetch.Columns.
	Column int
	// Before is in the canonical form.
	Before string
}

// since notes the lower bounds of the column by which a list falls, where that is to be assumed.
func (c *candidate) since(s Scan, constraints []Constraint) {
	if !s.Options.AssumeOrder || c.endpoint.NewestFirst == "" {
		return
	}
	column := s.Relation.Table.Column(c.endpoint.NewestFirst)
	for _, k := range constraints {
		if k.Column == column && k.pushable(s.Relation.Table) && k.Op&(schema.EQ|schema.GT|schema.GE) != 0 {
			c.plan.Since = append(c.plan.Since, Term{Column: column, Op: k.Op, Arg: k.id + 1})
		}
	}
	if c.plan.Since != nil && !slices.Contains(c.plan.Columns, column) {
		c.plan.Columns = withKey(s.Relation.Table, append(slices.Clone(c.plan.Columns), column))
	}
}

// horizon is the margin below the latest of the bounds, or nil.
func (b *binder) horizon() *Horizon {
	var latest time.Time
	for _, term := range b.plan.Since {
		values, v := b.values(term)
		if v != usable {
			continue
		}
		for _, value := range values {
			if at, ok := timestamp.Parse(value.(string)); ok && at.After(latest) {
				latest = at
			}
		}
	}
	if latest.IsZero() {
		return nil
	}
	before, ok := timestamp.Canonical(timestamp.Format(latest.Add(-horizonMargin)))
	if !ok {
		return nil
	}
	return &Horizon{Column: b.plan.Since[0].Column, Before: before}
}
