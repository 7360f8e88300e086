package planner

import (
	"slices"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// broaden finds how to read the rows of all values of an equality at once. A join that repeats the scan with many values of it
// may then read the whole list, when that has fewer pages than there are values, and look the rows up. The equality is the first
// that the statement does not make with a constant; others like it, whose values may change as well, are left to SQLite. Without
// one, the rows of all values of the other comparisons that the statement does not make with constants are read at once, and SQLite
// takes its own. Columns that repeat a parameter say which list it is, so that there is one for each of their values. A LIMIT, such
// as the one row of EXISTS, does not matter: SQLite takes no more rows than that of those that it is given.
func (p *Plan) broaden(s Scan, args *[]int) {
	if p.Whole || p.Parent != nil && !p.Parent.alike() || len(p.Missing) > 0 || p.Sort != "" || p.Offset > 0 || p.Group > 0 ||
		p.Firsts != nil || len(p.Since) > 0 || p.Without > 0 {
		return
	}
	table := s.Relation.Table
	by := -1
	wide := Scan{Relation: s.Relation, Used: s.Used, Named: s.Named, Identified: true, Hint: s.Hint, Options: s.Options}
	varying := func(k Constraint) bool {
		return k.Op == schema.EQ && !k.Constant && k.Usable && (k.Column < 0 || table.Columns[k.Column].Param == "")
	}
	for i, k := range s.Constraints {
		switch {
		case !varying(k):
		case k.Column < 0:
			return
		case by < 0 && k.pushable(table) && slices.Contains(*args, i):
			by = i
		}
	}
	if by < 0 && !slices.ContainsFunc(*args, func(i int) bool { return s.Constraints[i].loose() }) {
		return
	}
	if p.Count && (by < 0 || !isKey(table, s.Constraints[by].Column)) { // One row counts as much as it reads.
		return
	}
	var places []int // of the constraints among those of s
	for i, other := range s.Constraints {
		if !varying(other) && other.Op != Limit && other.Op != Offset {
			wide.Constraints = append(wide.Constraints, other)
			places = append(places, i)
		}
	}
	choice, err := choose(wide)
	if err != nil || choice.Cost >= untoldCost {
		return
	}
	b := choice.Plan
	e := &table.Endpoints[b.Endpoint]
	if e.Paging != schema.Numbered || e.NoSize || e.MaxPage == 0 || b.Parent != nil && !b.Parent.alike() || len(b.Missing) > 0 || b.Sort != "" ||
		b.Limit > 0 || b.Count || b.Group > 0 || b.Firsts != nil || len(b.Since) > 0 || b.Without > 0 ||
		by >= 0 && !slices.Contains(b.Columns, s.Constraints[by].Column) || needsDetail(table, e, b.Columns) ||
		slices.ContainsFunc(b.Terms, func(t Term) bool { return t.Op == schema.IN && t.Param != "" }) {
		return
	}
	for i := range b.Terms {
		if b.Terms[i].Arg == 0 {
			continue
		}
		constraint := places[choice.Args[b.Terms[i].Arg-1]]
		if !slices.Contains(*args, constraint) {
			*args = append(*args, constraint) // of the list only
		}
		b.Terms[i].Arg = slices.Index(*args, constraint) + 1
		if s.Constraints[constraint].loose() {
			b.Loose = append(b.Loose, b.Terms[i].Arg)
		}
	}
	b.Of, b.Broad, b.Batch, b.Rechecked, b.Lookup = "", nil, nil, nil, nil
	if by >= 0 {
		b.Lookup = &Term{Column: s.Constraints[by].Column, Op: schema.EQ, Arg: slices.Index(*args, by) + 1}
	} else if b.Loose == nil {
		return
	}
	if by >= 0 {
		if b.Parent == nil { // Values share a request of one list.
			p.Batch = p.batch(s, b)
		}
		if f := batchFilter(table, e, b.Lookup.Column); f != nil && f.Needed {
			return
		}
	}
	p.Broad = b
}

// alike says whether a parent's scan is the same whatever the arguments are.
func (p *Plan) alike() bool {
	return p.Parent == nil && len(p.Missing) == 0 && !slices.ContainsFunc(p.Terms, func(t Term) bool { return t.Arg > 0 })
}

// isKey says whether a column is all of the key.
func isKey(table *schema.Table, column int) bool {
	return len(table.Key) == 1 && table.IsKey(table.Columns[column].Name)
}

// loose says whether the value of the comparison may be another in each repetition of the scan, and rows may come without it.
func (c Constraint) loose() bool {
	switch c.Op {
	case schema.NE, schema.LT, schema.LE, schema.GT, schema.GE, schema.LIKE:
		return !c.Constant
	}
	return false
}

// Loosened is the plan without its Loose terms of those arguments, whose places count from 1.
func (p *Plan) Loosened(loose []int) *Plan {
	if len(loose) == 0 {
		return p
	}
	wider := *p
	wider.Terms = slices.DeleteFunc(slices.Clone(p.Terms), func(t Term) bool { return slices.Contains(loose, t.Arg) })
	return &wider
}
