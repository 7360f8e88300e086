package planner

import (
	"slices"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// maxTries bounds the search for values that satisfy a hint together.
const maxTries = 10_000

// jointWitness finds values of the columns that the hint names, which satisfy it and the pushed conditions on each of them, and adds
// them to the constants, those that are known already as they are. It returns false when none are found.
func (b *binder) jointWitness(constants map[int]any) bool {
	var columns []int
	values := map[int][]any{}
	for _, leaf := range b.plan.hintLeaves() {
		column := b.relation.Table.Column(leaf.Column)
		if !slices.Contains(columns, column) {
			columns = append(columns, column)
			if value, known := constants[column]; known {
				values[column] = []any{value}
				continue
			}
			values[column] = append(b.candidates(column), nil)
		}
		if _, known := constants[column]; known {
			continue
		}
		for _, value := range b.leafValues(leaf) {
			values[column] = append(append(values[column], value), neighbours(&b.relation.Table.Columns[column], value)...)
		}
	}
	for column, list := range values {
		if _, known := constants[column]; !known {
			values[column] = slices.DeleteFunc(list, func(value any) bool { return !b.allows(column, value) })
		}
	}
	tries := 0
	chosen := map[int]any{}
	var choose func(i int) bool
	choose = func(i int) bool {
		if i == len(columns) {
			tries++
			return b.isTrue(b.plan.Hint, chosen)
		}
		for _, value := range values[columns[i]] {
			chosen[columns[i]] = value
			if choose(i + 1) {
				return true
			}
			if tries >= maxTries {
				return false
			}
		}
		return false
	}
	if !choose(0) {
		return false
	}
	for column, value := range chosen {
		constants[column] = value
	}
	return true
}

func (p *Plan) hintLeaves() []*Predicate {
	var out []*Predicate
	p.Hint.leaves(func(leaf *Predicate) { out = append(out, leaf) })
	return out
}

// leafValues are the values of a comparison in the form of coerce.
func (b *binder) leafValues(p *Predicate) []any {
	column := &b.relation.Table.Columns[b.relation.Table.Column(p.Column)]
	if p.Cmp == IsTrue || p.Cmp == IsFalse {
		return []any{p.Cmp == IsTrue}
	}
	var out []any
	for _, operand := range p.Values {
		if raw, ok := b.operand(operand); ok {
			if value, v := coerce(column, raw); v == usable {
				out = append(out, value)
			}
		}
	}
	return out
}

// allows says whether a value, which may be NULL, satisfies the pushed conditions on its column.
func (b *binder) allows(column int, value any) bool {
	if value != nil {
		holds, _ := b.holds(column, value)
		return holds
	}
	return !slices.ContainsFunc(b.plan.Terms, func(t Term) bool { return t.Column == column && t.Op != schema.ISNULL })
}

// isTrue says whether a predicate is true of values by column, which have the form of coerce.
func (b *binder) isTrue(p *Predicate, row map[int]any) bool {
	switch p.Op {
	case And:
		for i := range p.Args {
			if !b.isTrue(&p.Args[i], row) {
				return false
			}
		}
		return true
	case Or:
		for i := range p.Args {
			if b.isTrue(&p.Args[i], row) {
				return true
			}
		}
		return false
	}
	value := row[b.relation.Table.Column(p.Column)]
	switch {
	case p.Cmp == IsNull:
		return value == nil
	case p.Cmp == NotNull:
		return value != nil
	case value == nil:
		return false
	}
	op := comparisons[p.Cmp]
	if p.Cmp == IsTrue || p.Cmp == IsFalse {
		op = schema.EQ
	}
	return slices.ContainsFunc(b.leafValues(p), func(other any) bool { return satisfies(op, value, other) })
}
