package planner

import (
	"strings"

	"github.com/xwb1989/sqlparser"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
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
