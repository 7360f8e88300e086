// Package outline tells by the words of a statement how it reads its tables: to their ends or not, once or again, with deleted rows
// or without them. It goes by the text, because SQLite asks for one scan after the other and tells nothing of the statement that
// they are for.
package outline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// Outline is what the words of a statement tell. A wrong guess at its end, or at how many scans it makes, costs time or requests,
// never rows.
type Outline struct {
	// Whole says that nothing in the statement ends a scan early.
	Whole bool
	// Sorted says that it has a LIMIT, but only behind a sorter or an aggregate, which reads all there is, unless the rows come in
	// the order that is asked for.
	Sorted bool
	// Alone says that the statement makes one scan, and Once that none of its scans is made again: it reads one table, without a
	// view that may hide others, and without the OR whose arms SQLite may read one by one.
	Alone, Once bool
	// Repeated says that scans are repeated for all the rows of others: EXISTS ends only its own, and a LIMIT, which Limited tells,
	// is that of the whole statement, behind a sorter or an aggregate.
	Repeated, Limited bool
	// Unordered says that nothing in the text asks for an order, so that SQLite does for a least or greatest value only: it takes the
	// first row.
	Unordered bool
	// Twice says that the statement, or a view that it may use, has what makes SQLite read a table twice and tell its rows by their
	// ids: an OR, whose arms it may read one by one, or a right or full join.
	Twice bool
	// Deleted says that deleted rows are asked for: a condition of the statement, or of a view that it uses, names the column
	// Deleted. It goes by the text and not by the constraints that SQLite offers, because those depend on the plan: the arms of an
	// OR, each read by itself, would disagree about which rows there are.
	Deleted bool
}

// Of looks at a statement. The views are the definitions of those that it can use, by name in lower case.
func Of(ts dialect.Words, views map[string]string) Outline {
	out := Outline{Whole: !dialect.HasLimit(ts), Once: len(views) == 0 && readsOnce(ts), Twice: readsTwice(ts, views), Deleted: asksDeleted(ts, views)}
	if len(views) > 0 {
		// What a name stands for is another statement.
		out.Repeated = out.Whole && !anyView(ts, views, func(ts dialect.Words) bool { return dialect.HasLimit(ts) })
		return out
	}
	selects, tables, sorts, exists := 0, 0, false, false
	depth, limits, inner, outermost := 0, 0, false, false
	places := ts.Clauses()
	out.Unordered = true
	for i := range ts {
		if places[i] == dialect.TablePlace {
			tables++
		}
		switch {
		case ts.Op(i, "("):
			depth++
		case ts.Op(i, ")"):
			depth--
		}
		switch ts.Word(i) {
		case "ORDER", "GROUP", "DISTINCT", "OVER", "WINDOW", "UNION", "INTERSECT", "EXCEPT":
			out.Unordered = false
		}
		switch ts.Word(i) {
		case "SELECT", "VALUES":
			selects++
		case "EXISTS":
			exists = true
		case "GROUP", "ORDER":
			sorts = sorts || ts.Word(i+1) == "BY"
			outermost = outermost || depth == 0 && ts.Word(i+1) == "BY"
		case "COUNT", "SUM", "TOTAL", "AVG":
			sorts = sorts || ts.Op(i+1, "(")
			outermost = outermost || depth == 0 && ts.Op(i+1, "(")
		case "LIMIT", "TOP", "FETCH":
			limits++
			inner = inner || depth > 0
		}
	}
	out.Repeated, out.Limited = limits == 0 || outermost && !inner, limits > 0
	out.Alone = selects == 1 && tables == 1
	out.Sorted = selects == 1 && !exists && sorts && !out.Whole
	return out
}

func readsTwice(ts dialect.Words, views map[string]string) bool {
	again := func(ts dialect.Words) bool {
		for i := range ts {
			switch ts.Word(i) {
			case "OR", "RIGHT", "FULL":
				return true
			}
		}
		return false
	}
	if again(ts) {
		return true
	}
	for _, text := range views {
		if all, err := dialect.Lex(text); err != nil || again(dialect.Significant(all)) {
			return true
		}
	}
	return false
}

func readsOnce(ts dialect.Words) bool {
	from := -1
	for i := range ts {
		switch ts.Word(i) {
		case "FROM":
			if from >= 0 {
				return false
			}
			from = i
		case "JOIN", "OR", "UNION", "INTERSECT", "EXCEPT":
			return false
		}
	}
	if from < 0 {
		return false
	}
	for i := from + 1; i < len(ts); i++ {
		switch ts.Word(i) {
		case "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT":
			return true
		}
		if ts[i].Text == "," || ts[i].Text == "(" {
			return false
		}
	}
	return true
}

func asksDeleted(ts dialect.Words, views map[string]string) bool {
	deleted := func(ts dialect.Words) bool { return ts.ConditionOn("Deleted") }
	return ts.Word(0) == "GETDELETED" || deleted(ts) || anyView(ts, views, deleted)
}

// anyView says whether something holds for a view that the statement names, or that such a view does.
func anyView(ts dialect.Words, views map[string]string, holds func(dialect.Words) bool) bool {
	seen := map[string]bool{}
	var inViews func(dialect.Words) bool
	inViews = func(ts dialect.Words) bool {
		for i := range ts {
			name := strings.ToLower(ts.Name(i))
			text, ok := views[name]
			if !ok || seen[name] {
				continue
			}
			seen[name] = true
			if view := dialect.WordsOf(text); holds(view) || inViews(view) {
				return true
			}
		}
		return false
	}
	return inViews(ts)
}

// Limit is a bound of the rows that a statement returns, from its outermost LIMIT; -1 means none. argument is the i-th argument of
// the statement, from 0, and nil if there is none.
func Limit(ts dialect.Words, argument func(i int) any) int {
	most := -1
	depth, marks := 0, 0
	for i := range ts {
		switch {
		case ts[i].Kind == dialect.Param:
			marks++
		case ts.Op(i, "("):
			depth++
		case ts.Op(i, ")"):
			depth--
		case depth == 0 && i+1 < len(ts) && slices.Contains([]string{"LIMIT", "TOP", "FIRST", "NEXT"}, ts.Word(i)):
			text := ts[i+1].Text
			if text == "?" {
				text = fmt.Sprint(argument(marks))
			}
			if n, err := strconv.Atoi(text); err == nil && n >= 0 && (most < 0 || n < most) {
				most = n
			}
		}
	}
	return most
}
