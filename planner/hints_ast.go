package planner

import (
	"strconv"
	"strings"

	"github.com/xwb1989/sqlparser"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// query is a query of one table with what its WHERE implies.
type query struct {
	schema, table, alias string
	where                condition
}

// parseQuery parses an analysis; false when it is no query of one table with a WHERE, or the parse is not to be trusted.
func parseQuery(a dialect.Analysis) (query, bool) {
	sel, q, ok := parseSelect(a)
	if !ok || sel.Where == nil {
		return query{}, false
	}
	q.where = reader{query: q, params: a.Params}.positive(sel.Where.Expr)
	return q, true
}

// parseSelect parses a query of one table without subqueries.
func parseSelect(a dialect.Analysis) (sel *sqlparser.Select, q query, ok bool) {
	defer func() {
		if recover() != nil { // the parser is old; whatever it stumbles over only costs requests
			sel, q, ok = nil, query{}, false
		}
	}()
	statement, err := sqlparser.Parse(a.SQL)
	if err != nil {
		return nil, q, false
	}
	sel, isSelect := statement.(*sqlparser.Select)
	if !isSelect || len(sel.From) != 1 || !agrees(a.Tokens, sqlparser.String(statement)) {
		return nil, q, false
	}
	from, isTable := sel.From[0].(*sqlparser.AliasedTableExpr)
	if !isTable {
		return nil, q, false
	}
	name, isTable := from.Expr.(sqlparser.TableName)
	if !isTable || hasSubquery(sel) {
		return nil, q, false
	}
	return sel, query{schema: name.Qualifier.String(), table: name.Name.String(), alias: from.As.String()}, true
}

func hasSubquery(sel *sqlparser.Select) bool {
	found := false
	_ = sqlparser.Walk(func(node sqlparser.SQLNode) (bool, error) {
		if _, ok := node.(*sqlparser.Subquery); ok {
			found = true
		}
		return !found, nil
	}, sel)
	return found
}

// agrees compares the tokens of the analysis with those of the printed parse.
func agrees(want []string, printed string) bool {
	t := sqlparser.NewStringTokenizer(printed)
	for {
		kind, value := t.Scan()
		if kind == 0 {
			return len(want) == 0
		}
		got := string(value)
		switch kind {
		case sqlparser.LEX_ERROR:
			return false
		case sqlparser.STRING:
			got = "'" + got
		case sqlparser.ID:
			got = strings.ToLower(got)
		case sqlparser.NE:
			got = "!="
		case sqlparser.LE:
			got = "<="
		case sqlparser.GE:
			got = ">="
		case sqlparser.SHIFT_LEFT:
			got = "<<"
		case sqlparser.SHIFT_RIGHT:
			got = ">>"
		case sqlparser.HEX:
			got = "x'" + got + "'"
		default:
			if value == nil {
				got = string(rune(kind))
			}
			if dialect.Silent(got) {
				continue
			}
		}
		if len(want) == 0 || want[0] != got {
			return false
		}
		want = want[1:]
	}
}

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

// collect collects them from an expression, and says whether it is made of nothing else.
func (c *conjuncts) collect(e sqlparser.Expr) bool {
	switch e := e.(type) {
	case *sqlparser.AndExpr:
		left, right := c.collect(e.Left), c.collect(e.Right)
		return left && right
	case *sqlparser.ParenExpr:
		return c.collect(e.Expr)
	}
	column, ops, ok := c.comparison(e)
	if ok {
		c.named[column]++
		c.compared[column] = append(c.compared[column], ops...)
	}
	return ok
}

// comparison reads a comparison of a column, in lower case, with values that are the same for all rows.
func (c *conjuncts) comparison(e sqlparser.Expr) (column string, ops []Op, ok bool) {
	switch e := e.(type) {
	case *sqlparser.ComparisonExpr:
		column, ok = c.reader.column(e.Left)
		if e.Operator == sqlparser.InStr {
			return strings.ToLower(column), []Op{schema.IN}, ok && steady(e.Right)
		}
		sides, known := comparisonOps[e.Operator]
		cmp, other := sides.cmp, e.Right
		if !ok {
			column, ok = c.reader.column(e.Right)
			cmp, other = sides.swapped, e.Left
		}
		return strings.ToLower(column), []Op{comparisons[cmp]}, ok && known && e.Escape == nil && steady(other)
	case *sqlparser.RangeCond:
		column, ok = c.reader.column(e.Left)
		return strings.ToLower(column), []Op{schema.GE, schema.LE},
			ok && e.Operator == sqlparser.BetweenStr && steady(e.From) && steady(e.To)
	case *sqlparser.IsExpr:
		column, ok = c.reader.column(e.Expr)
		switch e.Operator {
		case sqlparser.IsNullStr:
			return strings.ToLower(column), []Op{schema.ISNULL}, ok
		case sqlparser.IsNotNullStr:
			return strings.ToLower(column), []Op{schema.NOTNULL}, ok
		}
	}
	return "", nil, false
}

// steadyFunctions have the same value throughout a statement for the same arguments.
var steadyFunctions = map[string]bool{
	"date": true, "datetime": true, "julianday": true, "strftime": true, "time": true, "unixepoch": true,
	"current_date": true, "current_time": true, "current_timestamp": true, "getdate": true, "dateadd": true, "lower": true, "upper": true,
}

// steady says whether an expression has one value, or list of values, throughout a statement: literals, parameters, and functions
// of them that are known to be like that.
func steady(e sqlparser.Expr) bool {
	ok := true
	_ = sqlparser.Walk(func(node sqlparser.SQLNode) (bool, error) {
		switch node := node.(type) {
		case *sqlparser.SQLVal, *sqlparser.NullVal, sqlparser.BoolVal, sqlparser.ValTuple, *sqlparser.ParenExpr, *sqlparser.UnaryExpr,
			sqlparser.SelectExprs, *sqlparser.AliasedExpr, sqlparser.Exprs, sqlparser.ColIdent, sqlparser.TableIdent:
		case *sqlparser.FuncExpr:
			ok = ok && steadyFunctions[node.Name.Lowered()]
		default:
			ok = false
		}
		return ok, nil
	}, e)
	return ok
}

// extremes looks for a query that shows nothing but the least and greatest values of a column.
func (u *TableUse) extremes(sel *sqlparser.Select, c conjuncts, named map[string]int) {
	if sel.Distinct != "" || sel.GroupBy != nil || sel.Having != nil || sel.OrderBy != nil || sel.Limit != nil {
		return
	}
	column, least, greatest := "", false, false
	for _, shown := range sel.SelectExprs {
		one, ok := shown.(*sqlparser.AliasedExpr)
		if !ok {
			return
		}
		call, ok := one.Expr.(*sqlparser.FuncExpr)
		if !ok || call.Distinct || len(call.Exprs) != 1 || !call.Qualifier.IsEmpty() {
			return
		}
		argument, ok := call.Exprs[0].(*sqlparser.AliasedExpr)
		if !ok {
			return
		}
		name, ok := c.reader.column(argument.Expr)
		if name = strings.ToLower(name); !ok || column != "" && name != column {
			return
		}
		column = name
		switch call.Name.Lowered() {
		case "min":
			least = true
		case "max":
			greatest = true
		default:
			return
		}
	}
	if named[column] != c.named[column]+len(sel.SelectExprs) {
		return
	}
	u.Extreme, u.Least, u.Greatest, u.Bounds = column, least, greatest, c.compared[column]
}
