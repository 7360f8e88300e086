package planner

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// TableUse is what a query of one table does with columns that it does not show: it compares them in WHERE, or asks for their
// least and greatest values. What SQLite tells of a scan does not tell these from columns that are read.
type TableUse struct {
	// Schema and Table are as the query names them, as in TableHint.
	Schema, Table string
	// Compared has the columns, in lower case, that the query names in comparisons with literals or parameters, each of them
	// WHERE or a conjunct of it, and nowhere else but in COUNT(column); with the operators of these comparisons.
	Compared map[string][]Op
	// Counted are those of Compared that stand in a COUNT, which leaves out NULLs.
	Counted map[string]bool
	// Extremes are the columns of whose values the query shows the least, the greatest or both, where it shows nothing else of any
	// row but, with Rows, how many there are, and but the columns Groups, in lower case, by which it groups, and where WHERE is made
	// of comparisons as those of Compared; nil for other queries.
	Extremes []Extreme
	Rows     bool
	Groups   []string
}

// Extreme is a column, in lower case, whose least or greatest value is asked for. Bounds are the operators of the comparisons of this
// column itself.
type Extreme struct {
	Column          string
	Least, Greatest bool
	Bounds          []Op
}

// UseOf finds out what a query does with its columns; false when it is not a query of one table, or the parser and our own lexer
// do not agree on its text.
func UseOf(sql string) (TableUse, bool) {
	u, _, ok := useOf(sql, false, false)
	return u.TableUse, ok
}

// useOf is UseOf of a whole statement or of an aggregate query within one. With split it finds Where, and says which conjuncts of WHERE,
// as they are written, it has: all that are no comparisons as those of Compared.
func useOf(sql string, inner, split bool) (u InnerUse, opaque []bool, ok bool) {
	analysis, err := dialect.ToSQLParser(sql)
	if err != nil {
		return u, nil, false
	}
	tokens, err := dialect.Lex(sql)
	if err != nil {
		return u, nil, false
	}
	sel, q, ok := parseSelect(analysis)
	if !ok {
		return u, nil, false
	}
	u.Aliased, u.TableUse = q.alias != "", TableUse{Schema: q.schema, Table: q.table, Compared: map[string][]Op{}, Counted: map[string]bool{}}
	// The analysis leaves out what the parser does not know, so names are counted in the text itself.
	named, counted, shows := names(tokens)
	c := conjuncts{
		reader: reader{query: q, params: analysis.Params}, inner: inner, named: map[string]int{}, compared: map[string][]Op{},
	}
	if shows || inner && (named["over"] > 0 || !c.aggregates(sel)) {
		return u, nil, false
	}
	whole := sel.Where == nil || c.collect(sel.Where.Expr)
	if split && !whole {
		if other, where, places, ok := c.exactly(sel.Where.Expr); ok {
			c, whole, opaque, u.Where = other, true, places, &where
		}
	}
	for column := range named {
		if n := c.named[column] + counted[column]; n > 0 && n == named[column] {
			u.Compared[column], u.Counted[column] = c.compared[column], counted[column] > 0
		}
	}
	if whole && named["filter"] == 0 && named["over"] == 0 {
		u.extremes(sel, c, named)
	}
	return u, opaque, true
}

// names counts the names of a text, in lower case, and those of them in COUNT(name), and says whether a star, other than that of
// COUNT(*), shows all columns.
func names(tokens []dialect.Token) (named, counted map[string]int, star bool) {
	named, counted = map[string]int{}, map[string]int{}
	var before [3]string // the tokens before, names in lower case
	for _, t := range tokens {
		if !t.Significant() {
			continue
		}
		text := strings.ToLower(t.Text)
		switch t.Kind {
		case dialect.Ident, dialect.Quoted:
			text = strings.ToLower(t.Value())
			named[text]++
		case dialect.Op:
			star = star || text == "*" && (before[1] != "count" || before[2] != "(")
			if text == ")" && before[0] == "count" && before[1] == "(" {
				counted[before[2]]++
			}
		}
		before = [3]string{before[1], before[2], text}
	}
	return named, counted, star
}
