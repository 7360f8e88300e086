package driver

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// clause is what a token stands in, as far as the driver needs to know.
type clause uint8

const (
	elsewhere  clause = iota
	tablePlace        // the first token of a table's name in FROM
	condition         // WHERE, ON, USING or HAVING
)

// clauseFrame is a bracket, or the whole statement, while clauses goes through it.
type clauseFrame struct {
	// in is what the tokens stand in. from says that they are in FROM, where a comma is followed by a table, and expect that a
	// table is next.
	in           clause
	from, expect bool
	// query says that the bracket holds a query, so that its FROM is not one of EXTRACT, TRIM or SUBSTRING.
	query bool
}

// clauses tells of each token what it stands in.
func (ts tokens) clauses() []clause {
	out := make([]clause, len(ts))
	stack := []clauseFrame{{query: true}}
	for i := range ts {
		f := &stack[len(stack)-1]
		switch {
		case ts.op(i, "("):
			// A bracket is a part of the clause that it is in, until it turns out to be a query.
			stack = append(stack, clauseFrame{in: f.in, from: f.expect, expect: f.expect})
			f.expect = false
			continue
		case ts.op(i, ")"):
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
			continue
		case ts.op(i, ","):
			if f.from {
				f.in, f.expect = elsewhere, true
			}
			continue
		}
		if !ts.op(i-1, ".") && !ts.op(i+1, ".") && f.keyword(ts, i) {
			continue
		}
		switch {
		case f.expect && ts.isName(i):
			out[i], f.expect = tablePlace, false
		default:
			out[i] = f.in
		}
	}
	return out
}

// keyword brings the frame to the clause that the word at i begins, and says whether it begins one.
func (f *clauseFrame) keyword(ts tokens, i int) bool {
	switch ts.word(i) {
	case "SELECT", "VALUES":
		*f = clauseFrame{query: true}
	case "FROM":
		if !f.query || ts.word(i-1) == "DISTINCT" && (ts.word(i-2) == "IS" || ts.word(i-2) == "NOT") {
			return false
		}
		f.in, f.from, f.expect = elsewhere, true, true
	case "JOIN":
		f.in, f.from, f.expect = elsewhere, true, true
	case "ON", "USING":
		if !f.from {
			return false
		}
		f.in = condition
	case "WHERE", "HAVING":
		f.in, f.from, f.expect = condition, false, false
	case "GROUP", "ORDER", "LIMIT", "OFFSET", "FETCH", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "RETURNING":
		f.in, f.from, f.expect = elsewhere, false, false
	default:
		return false
	}
	return true
}

// isName says whether the token at i is an identifier, quoted or not.
func (ts tokens) isName(i int) bool {
	return i >= 0 && i < len(ts) && (ts[i].Kind == dialect.Ident || ts[i].Kind == dialect.Quoted)
}

// name is the identifier at i, or empty.
func (ts tokens) name(i int) string {
	if !ts.isName(i) {
		return ""
	}
	return ts[i].Value()
}

// conditionOn says whether a condition of the statement names a column, of whatever table.
func (ts tokens) conditionOn(column string) bool {
	var places []clause
	for i := range ts {
		if !strings.EqualFold(ts.name(i), column) || ts.op(i+1, ".") || ts.op(i+1, "(") {
			continue
		}
		if places == nil {
			places = ts.clauses()
		}
		if places[i] == condition {
			return true
		}
	}
	return false
}

// follows are the words that come after a table in FROM, where any other name is the table's alias.
var follows = map[string]bool{
	"WHERE": true, "GROUP": true, "ORDER": true, "HAVING": true, "LIMIT": true, "OFFSET": true, "FETCH": true, "WINDOW": true,
	"UNION": true, "INTERSECT": true, "EXCEPT": true, "JOIN": true, "LEFT": true, "RIGHT": true, "FULL": true, "INNER": true,
	"OUTER": true, "CROSS": true, "NATURAL": true, "ON": true, "USING": true, "RETURNING": true, "SET": true, "INDEXED": true, "NOT": true,
}

// aliased says whether the table whose name ends before i has an alias.
func (ts tokens) aliased(i int) bool {
	return ts.word(i) == "AS" || ts.isName(i) && !follows[ts.word(i)]
}
