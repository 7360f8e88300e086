package columntype

import (
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// Query is a query whose columns have types.
type Query struct {
	// Text is the query as its author wrote it, and SQL as SQLite reads it.
	Text, SQL string
	// Declared are the types that SQLite declares of its columns, empty for expressions.
	Declared []string
}

// Types are the types of the columns as far as they can be told without a row. SQLite knows the declared type of a result that is
// a column, and none of an expression. Those of expressions are found in two ways: by the text of the select list, where a function
// or operator always gives one type, and by the columns inside of functions that hand a value on, such as MAX and COALESCE, where
// the query is reduced to those columns and SQLite is asked for their types. A wrong answer cannot change a value beyond
// recognition: [Type.Value] converts only what is of the type.
//
// declares compiles another query and returns what SQLite declares of its columns, nothing if it does not compile.
func (q *Query) Types(declares func(sql string) []string) []Type {
	types := OfDeclared(q.Declared)
	if !slices.Contains(types, Unknown) {
		return types
	}
	textTypes(q.Text, types)
	textTypes(q.SQL, types)
	if !slices.Contains(types, Unknown) {
		return types
	}
	reduced := reduce(q.SQL)
	if reduced == "" {
		return types
	}
	if known := OfDeclared(declares(reduced)); len(known) == len(types) {
		for i := range types {
			if types[i] == Unknown {
				types[i] = known[i]
			}
		}
	}
	return types
}

// OfDeclared reads the types that SQLite declares of columns.
func OfDeclared(declared []string) []Type {
	types := make([]Type, len(declared))
	for i := range types {
		types[i] = Declared(declared[i])
	}
	return types
}

// functionTypes are the types of functions that always give the same.
var functionTypes = map[string]Type{
	"COUNT": Integer, "LENGTH": Integer, "INSTR": Integer, "UNICODE": Integer, "SIGN": Integer,
	"ROW_NUMBER": Integer, "RANK": Integer, "DENSE_RANK": Integer, "NTILE": Integer, "UNIXEPOCH": Integer,
	"JSON_ARRAY_LENGTH": Integer, "EXISTS": Integer,
	"AVG": Real, "TOTAL": Real, "PERCENT_RANK": Real, "CUME_DIST": Real, "JULIANDAY": Real,
	"UPPER": Text, "LOWER": Text, "TRIM": Text, "LTRIM": Text, "RTRIM": Text, "SUBSTR": Text,
	"SUBSTRING": Text, "REPLACE": Text, "GROUP_CONCAT": Text, "STRING_AGG": Text, "HEX": Text, "TYPEOF": Text,
	"PRINTF": Text, "FORMAT": Text, "STRFTIME": Text, "DATE": Text, "TIME": Text, "DATETIME": Text,
	"DATE_FORMAT": Text, "TO_CHAR": Text, "FORMAT_VALUE": Text, "DATENAME": Text, "DAYNAME": Text, "MONTHNAME": Text,
	"LEFT": Text, "RIGHT": Text, "REVERSE": Text, "UCASE": Text, "LCASE": Text, "LPAD": Text, "RPAD": Text, "SPLIT": Text, "SPLIT_PART": Text,
	"STUFF": Text, "STR": Text, "TOSTRING": Text, "QUOTENAME": Text, "REGEXP_REPLACE": Text, "REGEXP_SUBSTR": Text, "REPLICATE": Text,
	"LEN": Integer, "CHAR_LENGTH": Integer, "CHARACTER_LENGTH": Integer, "OCTET_LENGTH": Integer, "CHARINDEX": Integer, "LOCATE": Integer,
	"INDEXOF": Integer, "PATINDEX": Integer, "ASCII": Integer, "STARTSWITH": Integer, "ENDSWITH": Integer, "CONTAINS": Integer,
	"REGEXP_LIKE": Integer, "ISDATE": Integer, "BOOL_AND": Integer, "BOOL_OR": Integer, "EVERY": Integer,
	"DATEDIFF": Integer, "TIMESTAMPDIFF": Integer, "DATEPART": Integer, "DATE_PART": Integer, "TO_DAYS": Integer, "YEAR": Integer,
	"QUARTER": Integer, "MONTH": Integer, "WEEK": Integer, "DAY": Integer, "DAYOFMONTH": Integer, "DAYOFYEAR": Integer, "DAYOFWEEK": Integer,
	"HOUR": Integer, "MINUTE": Integer, "SECOND": Integer,
	"STDDEV": Real, "STDEV": Real, "STDDEV_SAMP": Real, "STDDEV_POP": Real, "STDEVP": Real, "VARIANCE": Real, "VAR": Real, "VAR_SAMP": Real,
	"VAR_POP": Real, "VARP": Real, "MEDIAN": Real, "PERCENTILE_CONT": Real,
	"NOW": Timestamp, "GETDATE": Timestamp, "GETUTCDATE": Timestamp, "DATEADD": Timestamp, "TIMESTAMPADD": Timestamp, "DATE_TRUNC": Timestamp,
	"DATE_TRUNC2": Timestamp, "DATETRUNC": Timestamp, "FROM_UNIXTIME": Timestamp, "DATETIMEFROMPARTS": Timestamp, "DATETIME2FROMPARTS": Timestamp,
	"SMALLDATETIMEFROMPARTS": Timestamp, "LAST_WEEK": Timestamp, "LAST_MONTH": Timestamp, "LAST_YEAR": Timestamp,
	"CURDATE": Date, "EOMONTH": Date, "LAST_DAY": Date, "DATEFROMPARTS": Date, "MAKEDATE": Date, "FROM_DAYS": Date, "FDMONTH": Date,
	"LDMONTH": Date, "FDQUARTER": Date, "LDQUARTER": Date, "FDWEEK": Date, "LDWEEK": Date,
	"QUOTE": Text, "CONCAT": Text, "CONCAT_WS": Text,
	"JSON": JSON, "JSON_OBJECT": JSON, "JSON_ARRAY": JSON, "JSON_GROUP_ARRAY": JSON, "JSON_GROUP_OBJECT": JSON,
}

// handing are the functions that return one of their arguments, with the number of the argument to look at.
var handing = map[string]int{
	"MIN": 0, "MAX": 0, "COALESCE": 0, "IFNULL": 0, "ISNULL": 0, "NVL": 0, "NULLIF": 0, "IIF": 1, "IF": 1,
	"LAG": 0, "LEAD": 0, "FIRST_VALUE": 0, "LAST_VALUE": 0, "NTH_VALUE": 0, "GREATEST": 0, "LEAST": 0,
	"ANY_VALUE": 0, "PERCENTILE_DISC": 0,
}

// textTypes fills in the types of expressions that their text tells. A * in the list stands for as many columns as are
// left.
func textTypes(sql string, types []Type) {
	list := dialect.WordsOf(sql).SelectList()
	for i, item := range list {
		at := i
		if len(item) > 0 && item.Op(len(item)-1, "*") && (len(item) == 1 || item.Op(len(item)-2, ".")) {
			// What follows counts from the end.
			for j := len(list) - 1; j > i; j-- {
				if k := len(types) - (len(list) - j); k >= 0 && types[k] == Unknown {
					types[k] = exprType(list[j])
				}
			}
			return
		}
		if at < len(types) && types[at] == Unknown {
			types[at] = exprType(item)
		}
	}
}

// exprType is the type of an expression of a select list, where its text tells.
func exprType(ts dialect.Words) Type {
	ts = withoutAlias(ts)
	if len(ts) == 0 {
		return Unknown
	}
	text, cast := false, Unknown
	for i := 0; i < len(ts); i = ts.Skip(i) {
		switch {
		case ts.Op(i, "::") && i == len(ts)-2:
			cast = Declared(ts[i+1].Value())
		case operatorWords[ts.Word(i)], ts[i].Kind == dialect.Op && comparisons[ts[i].Text]:
			return Integer
		case ts.Op(i, "||"), ts.Op(i, "->"):
			text = true
		}
	}
	switch {
	case text:
		return Text
	case cast != Unknown:
		return cast
	case len(ts) == 1 && ts[0].Kind == dialect.String:
		return Text
	case len(ts) == 1 && ts[0].Kind == dialect.Number && !strings.ContainsAny(ts[0].Text, ".eE"):
		return Integer
	case len(ts) == 1 && ts[0].Kind == dialect.Number && !strings.HasPrefix(strings.ToLower(ts[0].Text), "0x"):
		return Real
	}
	if !ts.Op(1, "(") || afterCall(ts, 0) != len(ts) {
		return Unknown
	}
	inner := ts[2:max(2, ts.Skip(1)-1)]
	if ts.Word(0) == "CAST" {
		for i := 0; i < len(inner); i = inner.Skip(i) {
			if inner.Word(i) == "AS" && i+1 < len(inner) {
				return Declared(inner[i+1].Value())
			}
		}
	}
	return functionTypes[ts.Word(0)]
}

// withoutAlias is an expression of a select list without the name that it gives its column.
func withoutAlias(ts dialect.Words) dialect.Words {
	for i := 0; i < len(ts); i = ts.Skip(i) {
		if ts.Word(i) == "AS" {
			ts = ts[:i]
		}
	}
	if n := len(ts); n > 1 && (ts[n-1].Kind == dialect.Quoted || ts[n-1].Kind == dialect.Ident) && !ts.Op(n-2, ".") &&
		ts.Word(n-2) != "OVER" && ts.Word(n-1) != "END" && (ts[n-2].Kind != dialect.Op || ts.Op(n-2, ")")) && !operatorWords[ts.Word(n-2)] {
		ts = ts[:n-1]
	}
	return ts
}

// operatorWords give a truth value, which SQLite keeps as an integer.
var operatorWords = map[string]bool{
	"AND": true, "OR": true, "NOT": true, "IN": true, "LIKE": true, "GLOB": true, "REGEXP": true, "MATCH": true, "BETWEEN": true, "IS": true,
	"ISNULL": true, "NOTNULL": true, "EXISTS": true,
}

var comparisons = map[string]bool{"=": true, "==": true, "<>": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true}

// afterCall is the index after the call whose name is at i, with its FILTER and OVER.
func afterCall(ts dialect.Words, i int) int {
	end := ts.Skip(i + 1)
	for {
		switch {
		case (ts.Word(end) == "FILTER" || ts.Word(end) == "OVER") && ts.Op(end+1, "("):
			end = ts.Skip(end + 1)
		case ts.Word(end) == "OVER" && end+1 < len(ts):
			end += 2
		case (ts.Word(end) == "IGNORE" || ts.Word(end) == "RESPECT") && ts.Word(end+1) == "NULLS":
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
	if !reduceTo(&b, dialect.WordsOf(sql)) {
		return ""
	}
	return b.String()
}

func reduceTo(b *strings.Builder, ts dialect.Words) (changed bool) {
	for i := 0; i < len(ts); {
		if argument, next := handed(ts, i); argument != nil {
			b.WriteString("( ")
			reduceTo(b, argument)
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
func handed(ts dialect.Words, i int) (argument dialect.Words, next int) {
	word := ts.Word(i)
	if word == "CASE" {
		end := ts.Skip(i)
		for j := i + 1; j < end; j = ts.Skip(j) {
			if ts.Word(j) != "THEN" {
				continue
			}
			k := j + 1
			for k < end-1 && ts.Word(k) != "WHEN" && ts.Word(k) != "ELSE" {
				k = ts.Skip(k)
			}
			return ts[j+1 : k], end
		}
		return nil, 0
	}
	n, ok := handing[word]
	if !ok || !ts.Op(i+1, "(") {
		return nil, 0
	}
	end := ts.Skip(i + 1)
	if end <= i+3 {
		return nil, 0
	}
	arguments := ts[i+2 : end-1].Split()
	if n >= len(arguments) {
		return nil, 0
	}
	argument = arguments[n]
	if w := argument.Word(0); w == "DISTINCT" || w == "ALL" {
		argument = argument[1:]
	}
	if len(argument) == 0 {
		return nil, 0
	}
	return argument, afterCall(ts, i)
}
