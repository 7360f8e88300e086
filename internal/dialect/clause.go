package dialect

import "strings"

// Clause is what a token stands in, as far as anyone here needs to know.
type Clause uint8

// What tokens stand in.
const (
	Elsewhere  Clause = iota
	TablePlace        // the first token of a table's name in FROM
	Condition         // WHERE, ON, USING or HAVING
)

// clauseFrame is a bracket, or the whole statement, while Clauses goes through it.
type clauseFrame struct {
	// in is what the tokens stand in. from says that they are in FROM, where a comma is followed by a table, and expect that a
	// table is next.
	in           Clause
	from, expect bool
	// query says that the bracket holds a query, so that its FROM is not one of EXTRACT, TRIM or SUBSTRING.
	query bool
}

// Clauses tells of each token what it stands in.
func (ts Words) Clauses() []Clause {
	out := make([]Clause, len(ts))
	stack := []clauseFrame{{query: true}}
	for i := range ts {
		f := &stack[len(stack)-1]
		switch {
		case ts.Op(i, "("):
			// A bracket is a part of the clause that it is in, until it turns out to be a query.
			stack = append(stack, clauseFrame{in: f.in, from: f.expect, expect: f.expect})
			f.expect = false
			continue
		case ts.Op(i, ")"):
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
			continue
		case ts.Op(i, ","):
			if f.from {
				f.in, f.expect = Elsewhere, true
			}
			continue
		}
		if !ts.Op(i-1, ".") && !ts.Op(i+1, ".") && f.keyword(ts, i) {
			continue
		}
		switch {
		case f.expect && ts.IsName(i):
			out[i], f.expect = TablePlace, false
		default:
			out[i] = f.in
		}
	}
	return out
}

// keyword brings the frame to the clause that the word at i begins, and says whether it begins one.
func (f *clauseFrame) keyword(ts Words, i int) bool {
	switch ts.Word(i) {
	case "SELECT", "VALUES":
		*f = clauseFrame{query: true}
	case "FROM":
		if !f.query || ts.Word(i-1) == "DISTINCT" && (ts.Word(i-2) == "IS" || ts.Word(i-2) == "NOT") {
			return false
		}
		f.in, f.from, f.expect = Elsewhere, true, true
	case "JOIN":
		f.in, f.from, f.expect = Elsewhere, true, true
	case "ON", "USING":
		if !f.from {
			return false
		}
		f.in = Condition
	case "WHERE", "HAVING":
		f.in, f.from, f.expect = Condition, false, false
	case "GROUP", "ORDER", "LIMIT", "OFFSET", "FETCH", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "RETURNING":
		f.in, f.from, f.expect = Elsewhere, false, false
	default:
		return false
	}
	return true
}

// ConditionOn says whether a condition of the statement names a column, of whatever table.
func (ts Words) ConditionOn(column string) bool {
	var places []Clause
	for i := range ts {
		if !strings.EqualFold(ts.Name(i), column) || ts.Op(i+1, ".") || ts.Op(i+1, "(") {
			continue
		}
		if places == nil {
			places = ts.Clauses()
		}
		if places[i] == Condition {
			return true
		}
	}
	return false
}
