package driver

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// SQLite knows the declared type of a result that is a column, and none of an expression. What follows finds the types of
// expressions in two ways: by the text of the select list, where a function or operator always gives one type
// (textTypes), and by the columns inside of functions that hand a value on, such as MAX and COALESCE, where the statement
// is reduced to those columns and SQLite is asked for their types (reduce). A wrong answer cannot change a value beyond
// recognition: columnType.value converts only what is of the type.

// functionTypes are the types of functions that always give the same.
var functionTypes = map[string]columnType{
	"COUNT": typeInteger, "LENGTH": typeInteger, "INSTR": typeInteger, "UNICODE": typeInteger, "SIGN": typeInteger,
	"ROW_NUMBER": typeInteger, "RANK": typeInteger, "DENSE_RANK": typeInteger, "NTILE": typeInteger, "UNIXEPOCH": typeInteger,
	"JSON_ARRAY_LENGTH": typeInteger, "EXISTS": typeInteger,
	"AVG": typeReal, "TOTAL": typeReal, "PERCENT_RANK": typeReal, "CUME_DIST": typeReal, "JULIANDAY": typeReal,
	"UPPER": typeText, "LOWER": typeText, "TRIM": typeText, "LTRIM": typeText, "RTRIM": typeText, "SUBSTR": typeText,
	"SUBSTRING": typeText, "REPLACE": typeText, "GROUP_CONCAT": typeText, "STRING_AGG": typeText, "HEX": typeText, "TYPEOF": typeText,
	"PRINTF": typeText, "FORMAT": typeText, "STRFTIME": typeText, "DATE": typeText, "TIME": typeText, "DATETIME": typeText,
	"QUOTE": typeText, "CONCAT": typeText, "CONCAT_WS": typeText,
	"JSON": typeJSON, "JSON_OBJECT": typeJSON, "JSON_ARRAY": typeJSON, "JSON_GROUP_ARRAY": typeJSON, "JSON_GROUP_OBJECT": typeJSON,
}

// handing are the functions that return one of their arguments, with the number of the argument to look at.
var handing = map[string]int{
	"MIN": 0, "MAX": 0, "COALESCE": 0, "IFNULL": 0, "ISNULL": 0, "NVL": 0, "NULLIF": 0, "IIF": 1, "IF": 1,
	"LAG": 0, "LEAD": 0, "FIRST_VALUE": 0, "LAST_VALUE": 0, "NTH_VALUE": 0, "GREATEST": 0, "LEAST": 0,
}

// tokens is a piece of a statement without blanks and comments.
type tokens []dialect.Token

func lex(sql string) tokens {
	all, err := dialect.Lex(sql)
	if err != nil {
		return nil
	}
	return significant(all)
}

func significant(all []dialect.Token) tokens {
	var ts tokens
	for _, t := range all {
		if t.Significant() {
			ts = append(ts, t)
		}
	}
	return ts
}

// word is the upper-case keyword or function name at i, or empty.
func (ts tokens) word(i int) string {
	if i < 0 || i >= len(ts) || ts[i].Kind != dialect.Ident {
		return ""
	}
	return strings.ToUpper(ts[i].Text)
}

func (ts tokens) op(i int, text string) bool {
	return i >= 0 && i < len(ts) && ts[i].Kind == dialect.Op && ts[i].Text == text
}

// skip returns the index after the token at i, or after the bracket or CASE that begins there.
func (ts tokens) skip(i int) int {
	isCase := ts.word(i) == "CASE"
	if !isCase && !ts.op(i, "(") {
		return i + 1
	}
	for j := i + 1; j < len(ts); {
		if isCase && ts.word(j) == "END" || !isCase && ts.op(j, ")") {
			return j + 1
		}
		j = ts.skip(j)
	}
	return len(ts)
}

// split cuts at the commas of the outermost level.
func (ts tokens) split() []tokens {
	var parts []tokens
	start := 0
	for i := 0; i < len(ts); i = ts.skip(i) {
		if ts.op(i, ",") {
			parts = append(parts, ts[start:i])
			start = i + 1
		}
	}
	return append(parts, ts[start:])
}

// selectList returns the expressions that the statement returns: those of its first outermost SELECT.
func (ts tokens) selectList() []tokens {
	for i := 0; i < len(ts); i = ts.skip(i) {
		if ts.word(i) != "SELECT" {
			continue
		}
		start := i + 1
		if w := ts.word(start); w == "DISTINCT" || w == "ALL" {
			start++
		}
		end := start
		for end < len(ts) && !endsList[ts.word(end)] && !ts.op(end, ";") {
			end = ts.skip(end)
		}
		if start == end {
			return nil
		}
		return ts[start:end].split()
	}
	return nil
}

var endsList = map[string]bool{
	"FROM": true, "WHERE": true, "GROUP": true, "HAVING": true, "WINDOW": true, "ORDER": true, "LIMIT": true, "UNION": true,
	"INTERSECT": true, "EXCEPT": true,
}

// textTypes fills in the types of expressions that their text tells. A * in the list stands for as many columns as are
// left.
func textTypes(sql string, types []columnType) {
	list := lex(sql).selectList()
	for i, item := range list {
		at := i
		if len(item) > 0 && item.op(len(item)-1, "*") && (len(item) == 1 || item.op(len(item)-2, ".")) {
			// What follows counts from the end.
			for j := len(list) - 1; j > i; j-- {
				if k := len(types) - (len(list) - j); k >= 0 && types[k] == typeUnknown {
					types[k] = list[j].exprType()
				}
			}
			return
		}
		if at < len(types) && types[at] == typeUnknown {
			types[at] = item.exprType()
		}
	}
}

// exprType is the type of an expression of a select list, where its text tells.
func (ts tokens) exprType() columnType {
	// The alias goes first.
	for i := 0; i < len(ts); i = ts.skip(i) {
		if ts.word(i) == "AS" {
			ts = ts[:i]
		}
	}
	if n := len(ts); n > 1 && (ts[n-1].Kind == dialect.Quoted || ts[n-1].Kind == dialect.Ident) && !ts.op(n-2, ".") &&
		ts.word(n-2) != "OVER" && ts.word(n-1) != "END" && (ts[n-2].Kind != dialect.Op || ts.op(n-2, ")")) && !operatorWords[ts.word(n-2)] {
		ts = ts[:n-1]
	}
	if len(ts) == 0 {
		return typeUnknown
	}
	text, cast := false, typeUnknown
	for i := 0; i < len(ts); i = ts.skip(i) {
		switch {
		case ts.op(i, "::") && i == len(ts)-2:
			cast = declaredType(ts[i+1].Value())
		case operatorWords[ts.word(i)], ts[i].Kind == dialect.Op && comparisons[ts[i].Text]:
			return typeInteger
		case ts.op(i, "||"), ts.op(i, "->"):
			text = true
		}
	}
	switch {
	case text:
		return typeText
	case cast != typeUnknown:
		return cast
	case len(ts) == 1 && ts[0].Kind == dialect.String:
		return typeText
	case len(ts) == 1 && ts[0].Kind == dialect.Number && !strings.ContainsAny(ts[0].Text, ".eE"):
		return typeInteger
	case len(ts) == 1 && ts[0].Kind == dialect.Number && !strings.HasPrefix(strings.ToLower(ts[0].Text), "0x"):
		return typeReal
	}
	if !ts.op(1, "(") || ts.afterCall(0) != len(ts) {
		return typeUnknown
	}
	inner := ts[2:max(2, ts.skip(1)-1)]
	if ts.word(0) == "CAST" {
		for i := 0; i < len(inner); i = inner.skip(i) {
			if inner.word(i) == "AS" && i+1 < len(inner) {
				return declaredType(inner[i+1].Value())
			}
		}
	}
	return functionTypes[ts.word(0)]
}

// operatorWords give a truth value, which SQLite keeps as an integer.
var operatorWords = map[string]bool{
	"AND": true, "OR": true, "NOT": true, "IN": true, "LIKE": true, "GLOB": true, "REGEXP": true, "MATCH": true, "BETWEEN": true, "IS": true,
	"ISNULL": true, "NOTNULL": true, "EXISTS": true,
}

var comparisons = map[string]bool{"=": true, "==": true, "<>": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true}

// afterCall is the index after the call whose name is at i, with its FILTER and OVER.
func (ts tokens) afterCall(i int) int {
	end := ts.skip(i + 1)
	for {
		switch {
		case (ts.word(end) == "FILTER" || ts.word(end) == "OVER") && ts.op(end+1, "("):
			end = ts.skip(end + 1)
		case ts.word(end) == "OVER" && end+1 < len(ts):
			end += 2
		case (ts.word(end) == "IGNORE" || ts.word(end) == "RESPECT") && ts.word(end+1) == "NULLS":
			end += 2
		default:
			return end
		}
	}
}

// reduce replaces in a statement every call that hands on a value by that value, so that SQLite can tell its declared
// type. The result is for compiling only. It is empty if there is nothing to replace.
func reduce(sql string) string {
	var b strings.Builder
	if !lex(sql).reduce(&b) {
		return ""
	}
	return b.String()
}

func (ts tokens) reduce(b *strings.Builder) (changed bool) {
	for i := 0; i < len(ts); {
		if argument, next := ts.handed(i); argument != nil {
			b.WriteString("( ")
			argument.reduce(b)
			b.WriteString(") ")
			i, changed = next, true
			continue
		}
		b.WriteString(ts[i].Text)
		b.WriteByte(' ')
		i++
	}
	return changed
}

// handed returns the value that the call or CASE at i hands on, and the index after it.
func (ts tokens) handed(i int) (argument tokens, next int) {
	word := ts.word(i)
	if word == "CASE" {
		end := ts.skip(i)
		for j := i + 1; j < end; j = ts.skip(j) {
			if ts.word(j) != "THEN" {
				continue
			}
			k := j + 1
			for k < end-1 && ts.word(k) != "WHEN" && ts.word(k) != "ELSE" {
				k = ts.skip(k)
			}
			return ts[j+1 : k], end
		}
		return nil, 0
	}
	n, ok := handing[word]
	if !ok || !ts.op(i+1, "(") {
		return nil, 0
	}
	end := ts.skip(i + 1)
	if end <= i+3 {
		return nil, 0
	}
	arguments := ts[i+2 : end-1].split()
	if n >= len(arguments) {
		return nil, 0
	}
	argument = arguments[n]
	if w := argument.word(0); w == "DISTINCT" || w == "ALL" {
		argument = argument[1:]
	}
	if len(argument) == 0 {
		return nil, 0
	}
	return argument, ts.afterCall(i)
}
