package planner

import (
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// First asks for the first rows of a list by one order, up to the first that has a value in the column.
type First struct {
	// Column is the place of the column, and Sort the parameter that sorts by it.
	Column int    `json:"c"`
	Sort   string `json:"s"`
}

// Greatest says that the order begins with the greatest value.
func (f First) Greatest() bool { return strings.HasPrefix(f.Sort, "-") }

// extremes lets the first rows of a list, by one order or several, stand for all of it: where the statement asks for nothing but the
// least and greatest values of columns by which the endpoint sorts and for the number of rows, and every condition is pushed exactly.
func (c *candidate) extremes(s Scan) {
	e, u := c.endpoint, s.Use
	if u == nil || u.Extremes == nil || s.Identified || c.ordered || c.plan.Count || e.Paging != schema.Numbered || e.Each != nil ||
		u.Rows && e.NoSize {
		return
	}
	t := s.Relation.Table
	// A column that repeats a parameter is the same in all rows of a list.
	if slices.ContainsFunc(u.Groups, func(name string) bool { i := t.Column(name); return i < 0 || t.Columns[i].Param == "" }) {
		return
	}
	var firsts []First
	extreme := map[int]bool{}
	for _, x := range u.Extremes {
		column := t.Column(x.Column)
		if column < 0 || !c.pushes(s, column, x.Bounds) || u.Rows && t.Columns[column].Type == schema.Real {
			return
		}
		field := sortField(t, e, column)
		if field == "" {
			return
		}
		if u.Rows && s.Hint.names(x.Column) {
			return // The value would have to go with those of other columns.
		}
		extreme[column] = true
		if x.Least {
			firsts = append(firsts, First{column, field})
		}
		if x.Greatest {
			firsts = append(firsts, First{column, "-" + field})
		}
	}
	var witnesses []int
	for _, column := range s.Used {
		switch {
		case extreme[column], t.Columns[column].Param != "":
		case c.onlyCompared(s, column):
			witnesses = append(witnesses, column)
		default:
			return
		}
	}
	c.plan.Firsts, c.plan.FirstCount = firsts, u.Rows
	if u.Rows {
		c.plan.Witnesses = witnesses
	}
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

// firsts lets a fetch read first rows, if every column of rows that are counted has its value without them.
func (b *binder) firsts(f *Fetch) {
	if b.plan.Firsts == nil {
		return
	}
	if b.plan.FirstCount {
		constants, ok := b.rowConstants()
		if !ok {
			return
		}
		f.FirstCount, f.Constants = true, constants
	}
	f.Firsts = b.plan.Firsts
}
