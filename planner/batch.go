package planner

import (
	"slices"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// batch is the plan that reads the rows of several values of an equality with one condition on all of them, or nil where the list
// cannot be asked so. broad is the plan without the equality. Each row belongs to the value that its column has, so that SQLite finds
// what it would have found with a request for each value.
func (p *Plan) batch(s Scan, broad *Plan) *Plan {
	table, column := s.Relation.Table, broad.Lookup.Column
	e := &table.Endpoints[broad.Endpoint]
	if batchFilter(table, e, column) == nil {
		return nil
	}
	b := *broad
	// The rows of a value are also those of other scans that ask for it as this one does: what only the list can be asked would take
	// rows from them.
	b.Terms, b.Hint = nil, p.Hint
	for _, t := range broad.Terms {
		if t.Param != "" || slices.Contains(p.Terms, t) {
			b.Terms = append(b.Terms, t)
		}
	}
	b.Terms = append(b.Terms, Term{Column: column, Op: schema.IN, Arg: b.Lookup.Arg})
	b.Lone = single(&table.Endpoints[p.Endpoint]) || isKey(table, column)
	if !b.Lone {
		// Conditions that only the scan of one value has would make the rows of several more than those of each.
		varying := slices.ContainsFunc(p.Terms, func(t Term) bool {
			return t.Column != column && t.Arg > 0 && !slices.ContainsFunc(b.Terms, func(o Term) bool { return o.Arg == t.Arg })
		})
		if varying || p.Limit > 0 {
			return nil // a row of each would do
		}
	}
	return &b
}

// batchFilter is the filter by which a list can be asked for several values of a column, or nil. Each value must have a request of its
// own, whose rows are those that equal it: timestamps that are close together have the same.
func batchFilter(table *schema.Table, e *schema.Endpoint, column int) *schema.Filter {
	if kind := table.Columns[column].Type; kind != schema.Text && kind != schema.Integer {
		return nil
	}
	for i := range e.Filters {
		f := &e.Filters[i]
		if f.Field != "" && f.Ops.Has(schema.EQ) && f.Ops.Has(schema.IN) && equalFold(f.Column, table.Columns[column].Name) {
			return f
		}
	}
	return nil
}

// SameArgs are the places of the arguments, from 0, of which a Broad or a Batch is the same list.
func (p *Plan) SameArgs() []int {
	var same []int
	for _, t := range p.Terms {
		if t.Arg > 0 && (p.Lookup == nil || t.Arg != p.Lookup.Arg) {
			same = append(same, t.Arg-1)
		}
	}
	return same
}

// BatchSize is how many values a Batch is asked for at once, and how many rows a page of its list has at the most.
func (p *Plan) BatchSize(r *Relation, o Options) (values, rows int) {
	e := &r.Table.Endpoints[p.Endpoint]
	rows = (&binder{relation: r, plan: p, endpoint: e, options: o}).pageLen(&Fetch{Limit: -1})
	values = min(maxList(&r.Table.Columns[p.Lookup.Column], batchFilter(r.Table, e, p.Lookup.Column)), rows)
	return values, rows
}

// BatchValue is a value of a Batch's equality as the cells of its column have it: a string or an int64. It returns false for one that
// the list is not asked for, be it that no row equals it or that it has no spelling there.
func (p *Plan) BatchValue(r *Relation, value any) (any, bool) {
	column := &r.Table.Columns[p.Lookup.Column]
	f := batchFilter(r.Table, &r.Table.Endpoints[p.Endpoint], p.Lookup.Column)
	value, v := coerce(column, value)
	if v != usable {
		return nil, false
	}
	if kept, ok := allowed(f, schema.IN, []any{value}); !ok || len(kept) == 0 {
		return nil, false
	}
	if _, ok := render(column, f, schema.EQ, value); !ok {
		return nil, false
	}
	return value, true
}
