package planner

import (
	"errors"
	"slices"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Choice is the answer to a scan.
type Choice struct {
	Plan *Plan
	// Args names for each argument of Bind, in order, the constraint that supplies it.
	Args []int
	// Ordered says that the rows come in the order that was asked for.
	Ordered bool
	// Unique says that there is one row at the most.
	Unique bool
	// Cost and Rows are estimates. One request costs requestCost.
	Cost float64
	Rows float64
}

// ErrUnusable says that with these usable constraints the table cannot be read.
var ErrUnusable = errors.New("planner: a column that the endpoint needs has no usable value")

// Best chooses how to run a scan.
func Best(s Scan) (Choice, error) {
	choice, err := choose(s)
	if err != nil {
		return Choice{}, err
	}
	choice.Plan.broaden(s, &choice.Args)
	choice.Cost /= choice.Plan.share(s.Relation.Table, choice.Rows)
	choice.Plan.lookUp(s, &choice.Args)
	if choice.Plan.Lookup != nil {
		// As many requests, and fewer rows to hand to SQLite each time: it shall not prefer the plan without.
		rows := max(1, choice.Rows/10)
		choice.Cost -= choice.Rows - rows
		choice.Rows = rows
	}
	return choice, nil
}

// choose chooses how to run a scan once.
func choose(s Scan) (Choice, error) {
	constraints := slices.Clone(s.Constraints)
	for i := range constraints {
		constraints[i].id = i
	}
	var best *candidate
	for e := range s.Relation.Table.Endpoints {
		c := build(s, e, constraints, 0)
		if c != nil && (best == nil || c.cost() < best.cost()) {
			best = c
		}
	}
	if best == nil || best.missing && slices.ContainsFunc(constraints, func(k Constraint) bool {
		return !k.Usable && (k.Op == schema.EQ || k.Op == schema.IN)
	}) {
		// A value that an outer table would give is on offer: another order of the tables has it.
		return Choice{}, ErrUnusable
	}
	if best.lacksNeeded(s.Relation.Table, constraints) {
		return Choice{}, ErrUnusable // Before that table comes, the column has no value.
	}
	best.finish(s, constraints)
	if s.Explaining {
		best.plan.Notes = best.notes(s, constraints)
	}
	best.plan.Of = s.Relation.String()
	choice := Choice{Plan: best.plan, Ordered: best.ordered, Unique: best.unique, Cost: best.cost(), Rows: best.rows}
	best.plan.number(&choice.Args)
	return choice, nil
}

// candidate is a plan in the making. Until it is numbered, Term.Arg is the constraint's id plus one.
type candidate struct {
	plan     *Plan
	endpoint *schema.Endpoint
	// exact are the ids of the constraints whose pushed meaning is exactly SQLite's.
	exact map[int]bool
	// constant are the columns that an equality fixes for every row.
	constant map[int]bool
	// several says that the rows come from more than one list.
	several bool
	// untold says that a condition may be about a parameter that the endpoint is not told.
	untold bool
	// missing says that a value is missing without which the scan fails.
	missing                 bool
	ordered, unique         bool
	requests, rows, latency float64
	// pages is the guess of how many pages one list has.
	pages float64
}

// build makes the candidate of an endpoint, or nil when its path cannot be filled.
func build(s Scan, e int, constraints []Constraint, depth int) *candidate {
	table := s.Relation.Table
	endpoint := &table.Endpoints[e]
	c := &candidate{
		plan:     &Plan{Endpoint: e, Whole: !s.Options.PushDown},
		endpoint: endpoint,
		exact:    map[int]bool{},
		constant: map[int]bool{},
	}
	if c.plan.Whole && e > 0 && single(endpoint) && !single(&table.Endpoints[0]) {
		return nil
	}
	var supplied []string
	for _, param := range boundParams(endpoint) {
		column := table.Column(param.column)
		switch {
		case c.bindParam(s, table, param, column, constraints):
		case param.optional:
		case s.suppliable(param.column):
			supplied = append(supplied, param.column)
		default:
			c.plan.Missing = append(c.plan.Missing, column)
		}
	}
	c.unheard(s, constraints)
	if e > 0 && len(c.plan.Missing) > 0 {
		return nil // The first endpoint says what is missing.
	}
	c.unique = single(endpoint) && endpoint.Each == nil && !c.several && len(supplied) == 0
	units := 1.0
	if c.several {
		units = 10
	}
	if len(supplied) > 0 && len(c.plan.Missing) == 0 {
		// The parent fills every parameter that it can, those with a constraint too: it is given the constraint.
		if e > 0 && single(endpoint) || depth > 4 {
			return nil
		}
		parent := c.useParent(s, table, endpoint, constraints, depth)
		if parent == nil {
			return nil
		}
		c.plan.Parent, c.several, units = parent.plan, true, parent.rows
		c.requests, c.latency = parent.requests, parent.latency
		c.missing = c.missing || parent.missing
	}
	c.missing = c.missing || len(c.plan.Missing) > 0
	c.pushFilters(table, constraints)
	c.estimate(s, units)
	return c
}

// unheard counts as missing what the endpoint must be told and is not: a column that repeats a parameter has the value that
// the statement compares it with only where it fills that parameter. Where the endpoint does not take it, or where its value
// is not known yet, rows would come without it, and SQLite would drop them all.
func (c *candidate) unheard(s Scan, constraints []Constraint) {
	for _, k := range constraints {
		if k.Column < 0 || k.Op != schema.EQ && k.Op != schema.IN {
			continue
		}
		if k.Usable && !k.pushable(s.Relation.Table) {
			continue // A comparison by another collation is SQLite's, over the rows that come without it.
		}
		column := &s.Relation.Table.Columns[k.Column]
		told := slices.ContainsFunc(c.plan.Terms, func(t Term) bool { return t.Column == k.Column && t.Param != "" })
		if column.Param != "" && !told && !s.suppliable(column.Name) && !slices.Contains(c.plan.Missing, k.Column) {
			c.plan.Missing = append(c.plan.Missing, k.Column)
		}
	}
	// An OR offers its arms one by one, and a scan that takes none of them is offered nothing.
	for _, column := range s.Named {
		told := slices.ContainsFunc(c.plan.Terms, func(t Term) bool { return t.Column == column && t.Param != "" })
		c.untold = c.untold || !told && !s.suppliable(s.Relation.Table.Columns[column].Name)
	}
}

// lacksNeeded says whether an outer table would give a value to a column that has one only when the endpoint is told it.
func (c *candidate) lacksNeeded(table *schema.Table, constraints []Constraint) bool {
	for i := range c.endpoint.Filters {
		f := &c.endpoint.Filters[i]
		if !f.Needed {
			continue
		}
		column := table.Column(f.Column)
		told := slices.ContainsFunc(c.plan.Terms, func(t Term) bool { return t.Column == column })
		if !told && slices.ContainsFunc(constraints, func(k Constraint) bool {
			return k.Column == column && !k.Usable && (k.Op == schema.EQ || k.Op == schema.IN)
		}) {
			return true
		}
	}
	return false
}

// single says whether an endpoint answers with one object or body.
func single(e *schema.Endpoint) bool { return e.Paging == schema.One || e.Paging == schema.Raw }

// suppliable says whether the parent table has values for a column.
func (s Scan) suppliable(column string) bool {
	p := s.Relation.Table.Parent
	if p == nil {
		return false
	}
	_, ok := p.Columns[column]
	return ok
}

// bindParam fills a parameter from an equality, or else an IN list.
func (c *candidate) bindParam(s Scan, table *schema.Table, param boundParam, column int, constraints []Constraint) bool {
	if c.plan.Whole && s.suppliable(param.column) {
		return false
	}
	for _, op := range []Op{schema.EQ, schema.IN} {
		for _, k := range constraints {
			if k.Column != column || k.Op != op || !k.pushable(table) {
				continue
			}
			c.plan.Terms = append(c.plan.Terms, Term{Column: column, Op: op, Arg: k.id + 1, Param: param.name})
			if c.echoes(table, k) {
				c.exact[k.id] = true
				c.constant[column] = op == schema.EQ
			}
			if op == schema.IN {
				c.several = true
			}
			return true
		}
	}
	return false
}

// useParent plans the parent's scan. Terms that it takes over are taken away from the candidate.
func (c *candidate) useParent(s Scan, table *schema.Table, endpoint *schema.Endpoint, constraints []Constraint, depth int) *candidate {
	c.plan.Terms = slices.DeleteFunc(c.plan.Terms, func(t Term) bool { return s.suppliable(table.Columns[t.Column].Name) })
	clear(c.exact)
	clear(c.constant)
	for _, t := range c.plan.Terms {
		if k := constraints[slices.IndexFunc(constraints, func(k Constraint) bool { return k.id == t.Arg-1 })]; c.echoes(table, k) {
			c.exact[k.id], c.constant[t.Column] = true, t.Op == schema.EQ
		}
	}
	parent := bestParent(s, endpoint, constraints, depth)
	if parent == nil {
		return nil
	}
	for id := range parent.exact {
		if c.echoes(table, constraints[slices.IndexFunc(constraints, func(k Constraint) bool { return k.id == id })]) {
			c.exact[id] = true
		}
	}
	return parent
}

// echoes says whether the constraint's column repeats the path parameter it fills, so that every row has the value.
func (c *candidate) echoes(table *schema.Table, k Constraint) bool {
	return k.Column >= 0 && table.Columns[k.Column].Param != ""
}

// bestParent is the cheapest scan of the parent table that supplies the endpoint's parameters.
func bestParent(s Scan, endpoint *schema.Endpoint, constraints []Constraint, depth int) *candidate {
	relation := s.Relation.parent()
	if relation == nil {
		return nil
	}
	mapping := s.Relation.Table.Parent.Columns
	var used []int
	for _, param := range boundParams(endpoint) {
		if from, ok := mapping[param.column]; ok {
			used = append(used, relation.Table.Column(from))
		}
	}
	var passed []Constraint
	for _, k := range constraints {
		if k.Column < 0 || k.Op == Limit || k.Op == Offset {
			continue
		}
		if from, ok := mapping[s.Relation.Table.Columns[k.Column].Name]; ok {
			k.Column = relation.Table.Column(from)
			passed = append(passed, k)
		}
	}
	scan := Scan{Relation: relation, Used: used, Options: s.Options}
	var best *candidate
	for e := range relation.Table.Endpoints {
		c := build(scan, e, passed, depth+1)
		if c != nil && (best == nil || c.cost() < best.cost()) {
			best = c
		}
	}
	if best != nil {
		best.plan.Columns = withKey(relation.Table, used)
	}
	return best
}

// pushFilters pushes what the endpoint can filter by.
func (c *candidate) pushFilters(table *schema.Table, constraints []Constraint) {
	taken := map[string]bool{}
	for i := range c.endpoint.Filters {
		f := &c.endpoint.Filters[i]
		if c.plan.Whole && !f.Needed {
			continue
		}
		column := table.Column(f.Column)
		for _, k := range constraints {
			if k.Column != column || f.Ops&k.Op == 0 || !k.pushable(table) {
				continue
			}
			if f.Param != "" {
				// A parameter of its own is sent once: a second condition is left to SQLite.
				if taken[f.Param] {
					continue
				}
				taken[f.Param] = true
			}
			t := Term{Column: column, Op: k.Op}
			if k.Op != schema.ISNULL && k.Op != schema.NOTNULL {
				t.Arg = k.id + 1
			}
			c.plan.Terms = append(c.plan.Terms, t)
			if f.Exact.Has(k.Op) {
				c.exact[k.id] = true
				if k.Op == schema.EQ {
					c.constant[column] = true
				}
			}
		}
	}
}

// finish pushes order, limit and count into the chosen candidate, and settles its columns.
func (c *candidate) finish(s Scan, constraints []Constraint) {
	p, table := c.plan, s.Relation.Table
	if s.Hint != nil && !p.Whole && c.endpoint.Query != "" && p.Parent == nil {
		p.Hint = s.Hint
	}
	if s.HintWhole && !p.Whole && s.Hint.exactAt(c.endpoint) {
		p.Hint, p.HintExact = s.Hint, true
	}
	p.Columns = withKey(table, s.Used)
	if s.Options.WithoutDeleted {
		c.leaveOutDeleted(table)
	}
	if p.Whole {
		return
	}
	c.since(s, constraints)
	// Bitbucket counts the rows that are left out.
	all := p.Without == 0
	for _, k := range constraints {
		if k.Op == Limit || k.Op == Offset {
			continue
		}
		if !c.exact[k.id] {
			all = false
			if i := slices.IndexFunc(p.Terms, func(t Term) bool { return t.Arg == k.id+1 }); i >= 0 {
				p.Rechecked = append(p.Rechecked, k.Column)
			}
		}
	}
	c.sort(s)
	if all && (p.Hint == nil && !s.HintWhole || p.HintExact) {
		c.merge(s, constraints)
		c.limit(s, constraints)
		c.count(s)
		c.extremes(s)
		c.limit(s, constraints)
		c.skip(s)
	}
}

// limit pushes LIMIT and OFFSET, where the rows come in the order that was asked for.
func (c *candidate) limit(s Scan, constraints []Constraint) {
	if len(s.OrderBy) > 0 && !c.ordered {
		return
	}
	for _, k := range constraints {
		switch {
		case k.Op == Limit && k.Usable:
			c.plan.Limit = k.id + 1
		case k.Op == Offset && k.Usable:
			c.plan.Offset = k.id + 1
		}
	}
}

// sort lets the endpoint sort, where one list holds all rows and its order is exactly the one asked for.
func (c *candidate) sort(s Scan) {
	if len(s.OrderBy) == 0 {
		return
	}
	if c.unique {
		c.ordered = true
		return
	}
	if c.several || single(c.endpoint) || c.endpoint.Each != nil {
		return
	}
	first := s.OrderBy[0]
	for _, sort := range c.endpoint.Sorts {
		if s.Relation.Table.Column(sort.Column) != first.Column || len(s.OrderBy) > 1 && !sort.Unique {
			continue
		}
		c.plan.Sort, c.ordered = sort.Field, true
		if first.Desc {
			c.plan.Sort = "-" + sort.Field
		}
		return
	}
}

// number gives the arguments their places, in the order in which the plan names them.
func (p *Plan) number(args *[]int) {
	place := func(id int) int {
		if i := slices.Index(*args, id-1); i >= 0 {
			return i + 1
		}
		*args = append(*args, id-1)
		return len(*args)
	}
	p.numberTerms(place)
	for i := range p.Since {
		p.Since[i].Arg = place(p.Since[i].Arg)
	}
	if p.Limit > 0 {
		p.Limit = place(p.Limit)
	}
	if p.Offset > 0 {
		p.Offset = place(p.Offset)
	}
}

// lookUp takes an equality that is not pushed, for a scan that is repeated with other values of it alone.
func (p *Plan) lookUp(s Scan, args *[]int) {
	if p.Whole {
		return
	}
	for i, k := range s.Constraints {
		if k.Op == schema.EQ && k.pushable(s.Relation.Table) && Collation(&s.Relation.Table.Columns[k.Column]) == "BINARY" &&
			!slices.Contains(*args, i) && slices.Contains(p.Columns, k.Column) {
			*args = append(*args, i)
			p.Lookup = &Term{Column: k.Column, Op: schema.EQ, Arg: len(*args)}
			return
		}
	}
}

func (p *Plan) numberTerms(place func(int) int) {
	for i := range p.Terms {
		if p.Terms[i].Arg > 0 {
			p.Terms[i].Arg = place(p.Terms[i].Arg)
		}
	}
	if p.Parent != nil {
		p.Parent.numberTerms(place)
	}
}

// withKey is the columns used and those of the key, from which rows get their ids, in rising order.
func withKey(table *schema.Table, used []int) []int {
	out := slices.Clone(used)
	for _, name := range table.Key {
		out = append(out, table.Column(name))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
