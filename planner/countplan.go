package planner

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Group asks for the rows of a list as so many of each value of one column, which are counted and not read.
type Group struct {
	// Column is the column whose value rows differ in; it is one of Fetch.Columns.
	Column int
	// Values are counted one by one. Nil means that they cannot be: rows are read.
	Values []GroupValue
	// Whole says that the values are all that the column is known to have, so that the rows are only theirs when the counts make
	// up the length of the list: otherwise the rows are read. If not Whole, a condition leaves no other values.
	Whole bool
	// Alone says that the scan is made once, so that everything is better asked for at once. Otherwise the first page of the list
	// is read before, which may be all of it.
	Alone bool
	// Ordered says of a scan alone that the rows must come in the order of the column or, with Desc, in the reverse order.
	Ordered, Desc bool
}

// GroupValue is a value with its comparison in BBQL.
type GroupValue struct {
	Value any
	Query string
}

// With adds a comparison to a query of the fetch.
func (f *Fetch) With(query url.Values, comparison string) url.Values {
	out := maps.Clone(query)
	name := f.Endpoint.Query
	if q := query.Get(name); q != "" {
		out.Set(name, q+" AND "+comparison)
		return out
	}
	for _, p := range f.Endpoint.Unfiltered {
		out.Del(p.Name)
	}
	out.Set(name, comparison)
	return out
}

// count decides whether rows are counted and not read: where every column that is used is the same in all rows of a list, or
// need only satisfy conditions that are pushed exactly (a witness), but for one at most whose values are few and known.
func (c *candidate) count(s Scan) {
	e, p := c.endpoint, c.plan
	if s.Identified || p.Merge > 0 || e.Paging != schema.Numbered || e.NoSize || e.Each != nil {
		return
	}
	group := -1
	var witnesses []int
	for _, column := range s.Used {
		switch {
		case c.constant[column], s.Relation.Table.Columns[column].Param != "":
		case c.onlyCompared(s, column):
			witnesses = append(witnesses, column)
		case group < 0 && p.Hint == nil && c.groupFilter(s.Relation.Table, column) != nil:
			group = column
		default:
			return
		}
	}
	if group >= 0 && !c.groups(s, group) {
		return
	}
	p.Count, p.Witnesses = true, witnesses
	if group < 0 {
		return
	}
	p.Group, p.GroupAlone = group+1, s.Alone
	if s.Alone && len(s.OrderBy) == 1 && s.OrderBy[0].Column == group && !c.several && e.Defaults == nil {
		c.ordered, p.GroupOrder = true, 1
		if s.OrderBy[0].Desc {
			p.GroupOrder = -1
		}
	}
}

// onlyCompared says whether a column is read by nothing but comparisons that are pushed with exactly SQLite's meaning.
func (c *candidate) onlyCompared(s Scan, column int) bool {
	if s.Use == nil {
		return false
	}
	ops, ok := s.Use.Compared[strings.ToLower(s.Relation.Table.Columns[column].Name)]
	if !ok || s.Use.Counted[strings.ToLower(s.Relation.Table.Columns[column].Name)] && !c.neverNull(s.Relation.Table, column) {
		return false
	}
	return c.pushes(s, column, ops)
}

// neverNull says whether every row has a value in the column, as those have that tell the rows of a list apart.
func (c *candidate) neverNull(t *schema.Table, column int) bool {
	return slices.ContainsFunc(c.endpoint.Sorts, func(s schema.Sort) bool { return s.Unique && t.Column(s.Column) == column })
}

// pushes says whether all these comparisons of a column are offered and pushed with exactly SQLite's meaning.
func (c *candidate) pushes(s Scan, column int, ops []Op) bool {
	pushed := map[Op]int{}
	for _, k := range s.Constraints {
		if k.Column == column && c.exact[k.id] {
			pushed[k.Op]++
		}
	}
	// SQLite makes an IN of one value an equality.
	pushed[schema.EQ] += pushed[schema.IN]
	for _, op := range ops {
		if op == schema.IN {
			op = schema.EQ
		}
		if pushed[op]--; pushed[op] < 0 {
			return false
		}
	}
	return true
}

// groupFilter is the filter of a column whose values can be counted one by one, or nil.
func (c *candidate) groupFilter(t *schema.Table, column int) *schema.Filter {
	for i := range c.endpoint.Filters {
		f := &c.endpoint.Filters[i]
		if f.Field != "" && f.Values != nil && f.Exact.Has(schema.EQ) && equalFold(f.Column, t.Columns[column].Name) {
			return f
		}
	}
	return nil
}

// groups says whether counting each value of the column is less work than reading the rows.
func (c *candidate) groups(s Scan, column int) bool {
	if !s.ReadsAll || c.plan.Limit > 0 && len(s.OrderBy) == 0 {
		return false
	}
	values := len(c.groupFilter(s.Relation.Table, column).Values) + 1
	if slices.ContainsFunc(c.plan.Terms, func(t Term) bool { return t.Column == column && t.Op == schema.IN }) {
		values = 2 // A list is mostly shorter than all values, and needs no proof.
	}
	return !s.Alone || c.pages > float64(values)
}

// count lets a fetch count, where every column that is read has its value without the rows.
func (b *binder) count(f *Fetch) {
	if !b.plan.Count {
		return
	}
	if constants, ok := b.rowConstants(); ok {
		f.Count, f.Constants = true, constants
	}
}

// rowConstants are the values of rows that are counted; false where SQLite must see the rows: no value is found that the conditions
// leave.
func (b *binder) rowConstants() (map[int]any, bool) {
	constants := maps.Clone(b.constants)
	if b.plan.HintExact && !b.empty && !b.jointWitness(constants) {
		return nil, false
	}
	for _, column := range b.plan.Witnesses {
		if _, known := constants[column]; known {
			continue
		}
		value, ok := b.witness(column)
		if !ok && !b.empty {
			return nil, false
		}
		constants[column] = value
	}
	return constants, true
}

// group makes the counts of a fetch.
func (b *binder) group(f *Fetch) *Group {
	p := b.plan
	if p.Group == 0 {
		return nil
	}
	column := p.Group - 1
	g := &Group{Column: column, Whole: true, Ordered: p.GroupOrder != 0, Desc: p.GroupOrder < 0, Alone: p.GroupAlone}
	if !f.Count {
		if !g.Ordered {
			return nil
		}
		return g
	}
	table := b.relation.Table
	var filter *schema.Filter
	for i := range b.endpoint.Filters {
		if f := &b.endpoint.Filters[i]; f.Values != nil && equalFold(f.Column, table.Columns[column].Name) {
			filter = f
		}
	}
	for _, value := range slices.Sorted(slices.Values(filter.Values)) {
		if holds, bound := b.holds(column, value); holds {
			r, _ := render(&table.Columns[column], filter, schema.EQ, value)
			g.Values = append(g.Values, GroupValue{Value: value, Query: r.text})
			g.Whole = g.Whole && !bound
		}
	}
	if g.Desc {
		slices.Reverse(g.Values)
	}
	return g
}
