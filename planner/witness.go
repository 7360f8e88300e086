package planner

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// A witness is a value that satisfies all conditions on its column. Rows that are counted and not read have it where SQLite
// checks conditions that Bitbucket has checked.

// witness finds a value; false when none is found.
func (b *binder) witness(column int) (any, bool) {
	for _, candidate := range b.candidates(column) {
		if holds, _ := b.holds(column, candidate); holds {
			return candidate, true
		}
	}
	return nil, false
}

// candidates are the values that the column is compared with, and their neighbours.
func (b *binder) candidates(column int) []any {
	var out []any
	for _, term := range b.plan.Terms {
		if term.Column != column || term.Arg == 0 {
			continue
		}
		values, v := b.values(term)
		if v != usable {
			return nil
		}
		out = append(out, values...)
		for _, value := range values {
			out = append(out, neighbours(&b.relation.Table.Columns[column], value)...)
		}
	}
	if b.relation.Table.Columns[column].Type == schema.Integer {
		out = append(out, int64(1)) // where there is no condition
	}
	for i := range b.endpoint.Filters {
		if f := &b.endpoint.Filters[i]; equalFold(f.Column, b.relation.Table.Columns[column].Name) {
			for _, value := range f.Values {
				out = append(out, value)
			}
		}
	}
	return out
}

// neighbours are values just above and below.
func neighbours(column *schema.Column, value any) []any {
	switch v := value.(type) {
	case int64:
		if v > math.MinInt64 && v < math.MaxInt64 {
			return []any{v + 1, v - 1}
		}
	case bool:
		return []any{!v}
	case string:
		if column.Type != schema.Timestamp {
			return []any{v + "!"}
		}
		at, ok := timestamp.Parse(v)
		if !ok {
			return nil
		}
		var out []any
		for _, d := range []time.Duration{time.Nanosecond, -time.Nanosecond} {
			// What falls out of the years that have four digits has no canonical form.
			if text, ok := timestamp.Canonical(timestamp.Format(at.Add(d))); ok {
				out = append(out, text)
			}
		}
		return out
	}
	return nil
}

// holds says whether a value satisfies all pushed conditions on a column, and whether one of them is an equality or a list, so
// that no others than its values do.
func (b *binder) holds(column int, value any) (holds, bound bool) {
	for _, term := range b.plan.Terms {
		if term.Column != column || term.Param != "" {
			continue
		}
		if term.Arg == 0 {
			if term.Op != schema.NOTNULL {
				return false, false
			}
			continue
		}
		values, v := b.values(term)
		if v != usable {
			return false, false
		}
		bound = bound || term.Op == schema.EQ || term.Op == schema.IN
		if !slices.ContainsFunc(values, func(other any) bool { return satisfies(term.Op, value, other) }) {
			return false, false
		}
	}
	return true, bound
}

// satisfies compares two values of one column, in the form of coerce, as SQLite does: text by its bytes, which is the order of
// canonical timestamps, too.
func satisfies(op Op, value, other any) bool {
	var order int
	switch v := value.(type) {
	case int64:
		o, ok := other.(int64)
		if !ok {
			return false
		}
		order = cmp.Compare(v, o)
	case bool:
		o, ok := other.(bool)
		if !ok || op != schema.EQ && op != schema.IN && op != schema.NE {
			return false
		}
		if v != o {
			order = 1
		}
	case string:
		o, ok := other.(string)
		if !ok {
			return false
		}
		order = strings.Compare(v, o)
	default:
		return false
	}
	switch op {
	case schema.EQ, schema.IN:
		return order == 0
	case schema.NE:
		return order != 0
	case schema.LT:
		return order < 0
	case schema.LE:
		return order <= 0
	case schema.GT:
		return order > 0
	case schema.GE:
		return order >= 0
	}
	return false
}
