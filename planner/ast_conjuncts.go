package planner

import (
	"strings"

	"github.com/xwb1989/sqlparser"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// conjuncts are the comparisons that WHERE is the conjunction of.
type conjuncts struct {
	reader reader
	// inner says that the query is within a statement, so that a column may be that of another table, which has one value for all rows.
	inner bool
	// named is how often each column is named in them; compared are the operators by which it is compared.
	named    map[string]int
	compared map[string][]Op
}

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
			return strings.ToLower(column), []Op{schema.IN}, ok && c.steady(e.Right)
		}
		sides, known := comparisonOps[e.Operator]
		cmp, other := sides.cmp, e.Right
		if !ok {
			column, ok = c.reader.column(e.Right)
			cmp, other = sides.swapped, e.Left
		}
		return strings.ToLower(column), []Op{comparisons[cmp]}, ok && known && e.Escape == nil && c.steady(other)
	case *sqlparser.RangeCond:
		column, ok = c.reader.column(e.Left)
		return strings.ToLower(column), []Op{schema.GE, schema.LE},
			ok && e.Operator == sqlparser.BetweenStr && c.steady(e.From) && c.steady(e.To)
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

// steady says whether an expression has one value, or list of values, for all rows of the table: literals, parameters, columns of the
// queries around this one, and functions of them that are known to be like that. It counts the names of such columns.
func (c *conjuncts) steady(e sqlparser.Expr) bool {
	ok := true
	_ = sqlparser.Walk(func(node sqlparser.SQLNode) (bool, error) {
		switch node := node.(type) {
		case *sqlparser.ColName:
			if _, own := c.reader.column(node); own || !c.inner || node.Qualifier.IsEmpty() || !node.Qualifier.Qualifier.IsEmpty() {
				ok = false
				return false, nil
			}
			c.named[node.Name.Lowered()]++
			return false, nil
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

// aggregates says whether a query is an aggregate one. An aggregate of other columns than the table's is that of a query around it.
func (c *conjuncts) aggregates(sel *sqlparser.Select) bool {
	found := false
	_ = sqlparser.Walk(func(node sqlparser.SQLNode) (bool, error) {
		call, ok := node.(*sqlparser.FuncExpr)
		if !ok || len(call.Exprs) != 1 {
			return true, nil
		}
		switch call.Name.Lowered() {
		case "count", "min", "max", "sum", "total", "avg":
			switch argument := call.Exprs[0].(type) {
			case *sqlparser.StarExpr:
				found = true
			case *sqlparser.AliasedExpr:
				column, own := c.reader.column(argument.Expr)
				found = found || own && ofTable(c.reader.query.table, column)
			}
		}
		return true, nil
	}, sel.SelectExprs)
	return found
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
