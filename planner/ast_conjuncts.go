package planner

import (
	"slices"
	"strconv"
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

// extremes looks for a query that shows nothing but the least and greatest values of columns, how many rows there are, and what it groups
// by.
func (u *TableUse) extremes(sel *sqlparser.Select, c conjuncts, named map[string]int) {
	if sel.Distinct != "" || sel.Having != nil || sel.GroupBy == nil && (sel.OrderBy != nil || sel.Limit != nil) {
		return
	}
	groups, ok := c.groups(sel)
	if !ok {
		return
	}
	var found []Extreme
	rows, mentions := false, map[string]int{}
	for _, shown := range sel.SelectExprs {
		one, ok := shown.(*sqlparser.AliasedExpr)
		if !ok {
			return
		}
		mentions[one.As.Lowered()]++ // A name of the result is no column, and may be spelled like one.
		call, ok := one.Expr.(*sqlparser.FuncExpr)
		if !ok {
			if name, own := c.reader.column(one.Expr); !isLiteral(one.Expr) && !(own && slices.Contains(groups, strings.ToLower(name))) {
				return
			}
			continue
		}
		name, kind, ok := c.aggregate(call)
		switch {
		case !ok:
			return
		case kind == "count":
			rows = true // That of a column is checked where it is known whether it may be NULL.
			continue
		}
		mentions[name]++
		i := slices.IndexFunc(found, func(x Extreme) bool { return x.Column == name })
		if i < 0 {
			i = len(found)
			found = append(found, Extreme{Column: name, Bounds: c.compared[name]})
		}
		found[i].Least = found[i].Least || kind == "min"
		found[i].Greatest = found[i].Greatest || kind == "max"
	}
	for _, x := range found {
		if named[x.Column] != c.named[x.Column]+mentions[x.Column] {
			return
		}
	}
	u.Extremes, u.Rows, u.Groups = found, rows, groups
}

// groups are the columns, in lower case, by which a query groups; false where it groups by anything else.
func (c *conjuncts) groups(sel *sqlparser.Select) ([]string, bool) {
	var out []string
	for _, by := range sel.GroupBy {
		if place, ok := by.(*sqlparser.SQLVal); ok && place.Type == sqlparser.IntVal {
			n, err := strconv.Atoi(string(place.Val))
			if err != nil || n < 1 || n > len(sel.SelectExprs) {
				return nil, false
			}
			shown, ok := sel.SelectExprs[n-1].(*sqlparser.AliasedExpr)
			if !ok {
				return nil, false
			}
			by = shown.Expr
		}
		name, ok := c.reader.column(by)
		if !ok {
			return nil, false
		}
		out = append(out, strings.ToLower(name))
	}
	return out, true
}

// aggregate reads MIN(column), MAX(column), COUNT(column) and COUNT(*): the column in lower case, and the function.
func (c *conjuncts) aggregate(call *sqlparser.FuncExpr) (column, function string, ok bool) {
	function = call.Name.Lowered()
	if call.Distinct || len(call.Exprs) != 1 || !call.Qualifier.IsEmpty() || function != "count" && function != "min" && function != "max" {
		return "", "", false
	}
	switch argument := call.Exprs[0].(type) {
	case *sqlparser.StarExpr:
		return "", function, function == "count"
	case *sqlparser.AliasedExpr:
		column, ok = c.reader.column(argument.Expr)
		return strings.ToLower(column), function, ok
	}
	return "", "", false
}

func isLiteral(e sqlparser.Expr) bool {
	switch e := e.(type) {
	case *sqlparser.SQLVal:
		return e.Type != sqlparser.ValArg
	case *sqlparser.NullVal, sqlparser.BoolVal:
		return true
	}
	return false
}
