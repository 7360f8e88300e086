package planner

import (
	"maps"
	"slices"

	"github.com/xwb1989/sqlparser"
)

// exactly reads a WHERE of which some conjuncts are comparisons, and the others conditions of literals and parameters that a predicate
// says exactly: it is true of the rows that they are true of. It returns the conjuncts with what all of them name, the predicate of
// the others, and which those are.
func (c conjuncts) exactly(where sqlparser.Expr) (all conjuncts, others Predicate, opaque []bool, ok bool) {
	all = c
	all.named, all.compared = map[string]int{}, map[string][]Op{}
	var rest []condition
	for _, e := range conjunctsOf(where) {
		one := c
		one.named, one.compared = map[string]int{}, map[string][]Op{}
		plain := one.collect(e)
		opaque = append(opaque, !plain)
		if !plain {
			one.named = map[string]int{}
			if !c.reader.says(e, false) {
				return c, Predicate{}, nil, false
			}
			rest = append(rest, c.reader.positive(e))
			_ = sqlparser.Walk(func(node sqlparser.SQLNode) (bool, error) {
				if name, isColumn := node.(*sqlparser.ColName); isColumn {
					one.named[name.Name.Lowered()]++
				}
				return true, nil
			}, e)
			one.compared = nil
		}
		for name, n := range one.named {
			all.named[name] += n
		}
		for name, ops := range maps.All(one.compared) {
			all.compared[name] = append(slices.Clone(all.compared[name]), ops...)
		}
	}
	joined := and(rest...)
	if joined.op == condTrue || joined.op == condFalse {
		return c, Predicate{}, nil, false
	}
	return all, joined.predicate(), opaque, true
}

// conjunctsOf are the conjuncts of an expression as they are written.
func conjunctsOf(e sqlparser.Expr) []sqlparser.Expr {
	if both, ok := e.(*sqlparser.AndExpr); ok {
		return append(conjunctsOf(both.Left), conjunctsOf(both.Right)...)
	}
	return []sqlparser.Expr{e}
}

// says whether a condition, or its negation, is true exactly where what positive, or negative, makes of it is.
func (r reader) says(e sqlparser.Expr, negated bool) bool {
	known := func(operands ...sqlparser.Expr) bool {
		return !slices.ContainsFunc(operands, func(e sqlparser.Expr) bool { _, ok := r.operand(e); return !ok })
	}
	switch e := e.(type) {
	case *sqlparser.AndExpr:
		return r.says(e.Left, negated) && r.says(e.Right, negated)
	case *sqlparser.OrExpr:
		return r.says(e.Left, negated) && r.says(e.Right, negated)
	case *sqlparser.NotExpr:
		return r.says(e.Expr, !negated)
	case *sqlparser.ParenExpr:
		return r.says(e.Expr, negated)
	case *sqlparser.ComparisonExpr:
		if list, ok := e.Right.(sqlparser.ValTuple); ok && !known(list...) {
			return false
		}
	case *sqlparser.RangeCond:
		if !known(e.From, e.To) {
			return false
		}
	}
	if negated {
		return r.negative(e).op != condTrue
	}
	return r.positive(e).op != condTrue
}
