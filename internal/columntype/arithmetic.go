package columntype

import (
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// Arithmetic fills in the types of sums and of arithmetic among those that are unknown. It is for a result that has no value to tell
// them by: no row, or NULL in the first. Operands are integers or reals, and their columns say which; with anything else, a text for
// instance, the type stays unknown, since only the values decide. declares is that of [Query.Types].
func (q *Query) Arithmetic(types []Type, declares func(sql string) []string) {
	ts := dialect.WordsOf(q.SQL)
	list := ts.SelectList()
	if len(list) != len(types) { // a *, which stands for more than one
		return
	}
	// The columns that the expressions are made of come first, and then their types.
	var columns []string
	for i, item := range list {
		if types[i] == Unknown {
			numberType(withoutAlias(item), func(column string) Type {
				if !slices.Contains(columns, column) {
					columns = append(columns, column)
				}
				return Integer
			})
		}
	}
	var known []Type
	if len(columns) > 0 {
		probe := withColumns(ts, columns)
		if probe == "" {
			return
		}
		known = OfDeclared(declares(probe))
	}
	if len(known) != len(columns) {
		return
	}
	for i, item := range list {
		if types[i] == Unknown {
			types[i] = numberType(withoutAlias(item), func(column string) Type { return known[slices.Index(columns, column)] })
		}
	}
}

// withColumns is a query with other columns, for compiling only: what it groups, sorts and limits is left out. It is empty for a
// compound query and one without a table.
func withColumns(ts dialect.Words, columns []string) string {
	var b strings.Builder
	begun, listed := false, false
	for i := 0; i < len(ts); {
		next := ts.Skip(i)
		switch ts.Word(i) {
		case "UNION", "INTERSECT", "EXCEPT":
			return ""
		case "SELECT":
			begun = true
			b.WriteString("SELECT " + strings.Join(columns, ", ") + " ")
		case "FROM":
			listed = true
		}
		if ends := listed && ts.EndsList(i) && ts.Word(i) != "FROM" && ts.Word(i) != "WHERE"; ends || ts.Op(i, ";") {
			break
		}
		if !begun || listed {
			for _, t := range ts[i:next] {
				b.WriteString(t.Text + " ")
			}
		}
		i = next
	}
	if !listed {
		return ""
	}
	return b.String()
}

// numberType is the type of an expression of numbers: Integer if all its operands are, and Real if one of them is. A truth value counts
// as an integer. The operators do not matter, since SQLite divides integers to an integer.
func numberType(ts dialect.Words, column func(name string) Type) Type {
	if t := exprType(ts); t != Unknown {
		return number(t)
	}
	result, start := Unknown, 0
	for i := 0; i <= len(ts); i = ts.Skip(i) {
		if i < len(ts) && !(ts[i].Kind == dialect.Op && strings.Contains("+-*/%", ts[i].Text)) {
			continue
		}
		operand := ts[start:i]
		start = i + 1
		if len(operand) == 0 && i < len(ts) && (ts.Op(i, "+") || ts.Op(i, "-")) { // a sign
			continue
		}
		switch t := operandType(operand, column); {
		case t == Unknown:
			return Unknown
		case result != Real:
			result = t
		}
	}
	return result
}

// operandType is the type of an operand: a column, a SUM, a bracket, or what [exprType] knows.
func operandType(ts dialect.Words, column func(name string) Type) Type {
	switch {
	case len(ts) == 0:
		return Unknown
	case ts.Op(0, "(") && ts.Skip(0) == len(ts) && ts.Word(1) != "SELECT" && ts.Word(1) != "WITH" && ts.Word(1) != "VALUES":
		return numberType(ts[1:max(1, len(ts)-1)], column)
	case ts.Word(0) == "SUM" && ts.Op(1, "(") && afterCall(ts, 0) == len(ts):
		argument := ts[2:max(2, ts.Skip(1)-1)]
		if w := argument.Word(0); w == "DISTINCT" || w == "ALL" {
			argument = argument[1:]
		}
		return numberType(argument, column)
	}
	var name strings.Builder
	for i, t := range ts {
		if i%2 == 0 && !ts.IsName(i) || i%2 == 1 && !ts.Op(i, ".") {
			return number(exprType(ts))
		}
		name.WriteString(t.Text)
	}
	return number(column(name.String()))
}

// number is a type as arithmetic sees it.
func number(t Type) Type {
	switch t {
	case Boolean, Integer:
		return Integer
	case Real:
		return Real
	}
	return Unknown
}
