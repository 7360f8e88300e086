package planner

import (
	"strconv"
	"strings"

	"github.com/xwb1989/sqlparser"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// reader turns expressions into conditions.
type reader struct {
	query  query
	params []dialect.Parameter
}

// positive is what e being true implies.
func (r reader) positive(e sqlparser.Expr) condition {
	switch e := e.(type) {
	case *sqlparser.AndExpr:
		return and(r.positive(e.Left), r.positive(e.Right))
	case *sqlparser.OrExpr:
		return or(r.positive(e.Left), r.positive(e.Right))
	case *sqlparser.NotExpr:
		return r.negative(e.Expr)
	case *sqlparser.ParenExpr:
		return r.positive(e.Expr)
	case *sqlparser.ComparisonExpr:
		return r.comparison(e, false)
	case *sqlparser.RangeCond:
		return r.between(e, e.Operator == sqlparser.NotBetweenStr)
	case *sqlparser.IsExpr:
		return r.is(e)
	case *sqlparser.ColName:
		return r.truth(e, IsTrue)
	}
	return condition{}
}

// negative is what e being false, and so NOT e being true, implies.
func (r reader) negative(e sqlparser.Expr) condition {
	switch e := e.(type) {
	case *sqlparser.AndExpr:
		return or(r.negative(e.Left), r.negative(e.Right))
	case *sqlparser.OrExpr:
		return and(r.negative(e.Left), r.negative(e.Right))
	case *sqlparser.NotExpr:
		return r.positive(e.Expr)
	case *sqlparser.ParenExpr:
		return r.negative(e.Expr)
	case *sqlparser.ComparisonExpr:
		return unoffer(r.comparison(e, true))
	case *sqlparser.RangeCond:
		return unoffer(r.between(e, e.Operator != sqlparser.NotBetweenStr))
	case *sqlparser.IsExpr:
		if flipped, ok := isFlip[e.Operator]; ok {
			return unoffer(r.is(&sqlparser.IsExpr{Operator: flipped, Expr: e.Expr}))
		}
	case *sqlparser.ColName:
		return r.truth(e, IsFalse)
	}
	return condition{}
}

// isFlip negates IS, which is never NULL.
var isFlip = map[string]string{
	sqlparser.IsNullStr: sqlparser.IsNotNullStr, sqlparser.IsNotNullStr: sqlparser.IsNullStr,
	sqlparser.IsTrueStr: sqlparser.IsNotTrueStr, sqlparser.IsNotTrueStr: sqlparser.IsTrueStr,
	sqlparser.IsFalseStr: sqlparser.IsNotFalseStr, sqlparser.IsNotFalseStr: sqlparser.IsFalseStr,
}

// unoffer marks the leaves of a negation: SQLite offers none of them.
func unoffer(c condition) condition {
	c.unoffered = c.op == condLeaf
	args := make([]condition, len(c.args))
	for i, a := range c.args {
		args[i] = unoffer(a)
	}
	c.args = args
	return c
}

func leaf(column string, cmp Cmp, values ...Operand) condition {
	return condition{op: condLeaf, leaf: Predicate{Column: column, Cmp: cmp, Values: values}}
}

func (r reader) truth(e sqlparser.Expr, cmp Cmp) condition {
	column, ok := r.column(e)
	if !ok {
		return condition{}
	}
	return unoffer(leaf(column, cmp))
}

func (r reader) is(e *sqlparser.IsExpr) condition {
	column, ok := r.column(e.Expr)
	if !ok {
		return condition{}
	}
	switch e.Operator {
	case sqlparser.IsNullStr:
		return leaf(column, IsNull)
	case sqlparser.IsNotNullStr:
		return leaf(column, NotNull)
	case sqlparser.IsTrueStr:
		return unoffer(leaf(column, IsTrue))
	case sqlparser.IsFalseStr:
		return unoffer(leaf(column, IsFalse))
	}
	return condition{} // IS NOT TRUE and IS NOT FALSE take NULL in
}

// comparisonOps have the comparison, and what it is with the sides exchanged.
var comparisonOps = map[string]struct{ cmp, swapped Cmp }{
	sqlparser.EqualStr:        {EQ, EQ},
	sqlparser.NotEqualStr:     {NE, NE},
	sqlparser.LessThanStr:     {LT, GT},
	sqlparser.LessEqualStr:    {LE, GE},
	sqlparser.GreaterThanStr:  {GT, LT},
	sqlparser.GreaterEqualStr: {GE, LE},
}

// negations are what a comparison that is false implies: neither side is NULL.
var negations = map[Cmp]Cmp{EQ: NE, NE: EQ, LT: GE, GE: LT, GT: LE, LE: GT}

func (r reader) comparison(e *sqlparser.ComparisonExpr, negated bool) condition {
	switch e.Operator {
	case sqlparser.InStr, sqlparser.NotInStr:
		return r.in(e, negated != (e.Operator == sqlparser.NotInStr))
	case sqlparser.LikeStr, sqlparser.NotLikeStr:
		if negated != (e.Operator == sqlparser.NotLikeStr) {
			return condition{} // no comparison says NOT LIKE
		}
		return r.like(e)
	}
	left, right, operator := e.Left, e.Right, e.Operator
	ops, ok := comparisonOps[operator]
	if !ok || e.Escape != nil {
		return condition{}
	}
	cmp := ops.cmp
	column, isColumn := r.column(left)
	if !isColumn {
		if column, isColumn = r.column(right); !isColumn {
			return condition{}
		}
		right, cmp = left, ops.swapped
	}
	value, ok := r.operand(right)
	if !ok {
		return condition{}
	}
	if value.isNull() {
		return condition{op: condFalse}
	}
	if negated {
		cmp = negations[cmp]
	}
	return leaf(column, cmp, value)
}

func (r reader) in(e *sqlparser.ComparisonExpr, negated bool) condition {
	column, ok := r.column(e.Left)
	list, isList := e.Right.(sqlparser.ValTuple)
	if !ok || !isList {
		return condition{}
	}
	var values []Operand
	var others []condition
	for _, item := range list {
		value, ok := r.operand(item)
		switch {
		case !ok && negated: // x NOT IN (a, b) still implies x <> a
			continue
		case !ok:
			return condition{}
		case value.isNull() && negated:
			return condition{op: condFalse}
		case value.isNull():
			continue
		}
		values = append(values, value)
		others = append(others, leaf(column, NE, value))
	}
	switch {
	case negated:
		return unoffer(and(others...))
	case len(values) == 0:
		return condition{op: condFalse}
	}
	return leaf(column, In, values...)
}

func (r reader) like(e *sqlparser.ComparisonExpr) condition {
	column, ok := r.column(e.Left)
	value, isValue := e.Right.(*sqlparser.SQLVal)
	if !ok || !isValue || value.Type != sqlparser.StrVal || e.Escape != nil {
		return condition{}
	}
	pattern := string(value.Val)
	inner := strings.TrimSuffix(strings.TrimPrefix(pattern, "%"), "%")
	if len(inner) == len(pattern) || inner == "" || strings.ContainsAny(inner, "%_\x00") {
		return condition{}
	}
	return leaf(column, Like, Operand{Value: pattern})
}

func (r reader) between(e *sqlparser.RangeCond, negated bool) condition {
	column, ok := r.column(e.Left)
	if !ok {
		return condition{}
	}
	bound := func(e sqlparser.Expr, cmp Cmp) condition {
		value, ok := r.operand(e)
		switch {
		case !ok:
			return condition{}
		case value.isNull():
			return condition{op: condFalse}
		}
		return leaf(column, cmp, value)
	}
	if negated {
		return or(bound(e.From, LT), bound(e.To, GT))
	}
	return and(bound(e.From, GE), bound(e.To, LE))
}

// column is the name of a column of the table.
func (r reader) column(e sqlparser.Expr) (string, bool) {
	switch e := e.(type) {
	case *sqlparser.ParenExpr:
		return r.column(e.Expr)
	case *sqlparser.ColName:
		table, schemaName := e.Qualifier.Name.String(), e.Qualifier.Qualifier.String()
		known := table == "" || strings.EqualFold(table, r.query.alias) ||
			r.query.alias == "" && strings.EqualFold(table, r.query.table)
		if !known || schemaName != "" && !strings.EqualFold(schemaName, r.query.schema) {
			return "", false
		}
		return e.Name.String(), true
	}
	return "", false
}

// operand is a literal or a parameter.
func (r reader) operand(e sqlparser.Expr) (Operand, bool) {
	switch e := e.(type) {
	case *sqlparser.ParenExpr:
		return r.operand(e.Expr)
	case *sqlparser.NullVal:
		return Operand{}, true
	case sqlparser.BoolVal:
		return Operand{Value: bool(e)}, true
	case *sqlparser.UnaryExpr:
		if v, ok := r.operand(e.Expr); ok && e.Operator == sqlparser.UMinusStr {
			if f, isFloat := v.Value.(float64); isFloat {
				return Operand{Value: -f}, true
			}
		}
	case *sqlparser.SQLVal:
		text := string(e.Val)
		switch e.Type {
		case sqlparser.StrVal:
			return Operand{Value: text}, !strings.Contains(text, "\x00")
		case sqlparser.IntVal:
			n, err := strconv.ParseInt(text, 10, 64)
			return Operand{Value: n}, err == nil
		case sqlparser.FloatVal:
			f, err := strconv.ParseFloat(text, 64)
			return Operand{Value: f}, err == nil
		case sqlparser.ValArg:
			i, err := strconv.Atoi(strings.TrimPrefix(text, ":v"))
			if err != nil || i < 1 || i > len(r.params) || r.params[i-1].Index == 0 {
				return Operand{}, false
			}
			return Operand{Param: r.params[i-1].Index, ParamName: r.params[i-1].Name}, true
		}
	}
	return Operand{}, false
}

func (o Operand) isNull() bool { return o.Value == nil && o.Param == 0 }
