package planner

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// bbqlOperators are the operators of BBQL, Bitbucket's query language for the parameter q:
// https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering.
var bbqlOperators = map[Op]string{
	schema.EQ: "=", schema.NE: "!=", schema.LT: "<", schema.LE: "<=", schema.GT: ">", schema.GE: ">=",
}

// rendered is a comparison in BBQL.
type rendered struct {
	// text is the comparison; empty when there is nothing to ask.
	text string
	// exact says that its meaning is SQLite's for this value, where the filter says so at all.
	exact bool
}

// render writes a comparison with a coerced value. It returns false for a value that BBQL cannot say.
func render(column *schema.Column, f *schema.Filter, op Op, value any) (rendered, bool) {
	exact := f.Exact.Has(op)
	switch op {
	case schema.ISNULL:
		return rendered{f.Field + " = null", exact}, true
	case schema.NOTNULL:
		return rendered{f.Field + " != null", exact}, true
	case schema.LIKE:
		s, ok := value.(string)
		if !ok {
			return rendered{}, false
		}
		text, ok := renderLike(f.Field, s)
		return rendered{text, false}, ok
	}
	symbol, ok := bbqlOperators[op]
	if !ok {
		return rendered{}, false
	}
	literal := ""
	switch v := value.(type) {
	case int64:
		literal = strconv.FormatInt(v, 10)
	case bool:
		literal = strconv.FormatBool(v)
	case string:
		if column.Type == schema.Timestamp {
			if op == schema.EQ {
				return rendered{renderInstant(f.Field, v), false}, true
			}
			var cut bool
			literal, symbol, cut = renderTimestamp(v, op, symbol)
			return rendered{f.Field + " " + symbol + " " + literal, exact && !cut}, true
		}
		if literal, ok = quote(v); !ok {
			return rendered{}, false
		}
	default:
		return rendered{}, false
	}
	return rendered{f.Field + " " + symbol + " " + literal, exact}, true
}

// renderInstant writes an equality with a canonical timestamp as the range of the instants that BBQL takes for it.
func renderInstant(field, canonical string) string {
	from, notBefore, _ := renderTimestamp(canonical, schema.GE, ">=")
	to, notAfter, _ := renderTimestamp(canonical, schema.LE, "<=")
	return "(" + field + " " + notBefore + " " + from + " AND " + field + " " + notAfter + " " + to + ")"
}

// renderTimestamp writes the bound of a range, a canonical timestamp, for BBQL, which documents milliseconds as its finest unit. A
// finer value is moved away from the rows that are asked for, so that none is lost, and is then no longer exact.
func renderTimestamp(canonical string, op Op, symbol string) (literal, operator string, cut bool) {
	date, fraction, _ := strings.Cut(canonical, ".")
	literal = strings.Replace(date, " ", "T", 1)
	if len(fraction) > 3 {
		cut = true
		switch op {
		case schema.GT, schema.GE:
			fraction, symbol = fraction[:3], ">="
		default:
			// Rounding up may carry into the seconds; a whole second more is enough and simpler to get right.
			return nextSecond(date), "<=", true
		}
	}
	if fraction != "" {
		literal += "." + (fraction + "00")[:3]
	}
	return literal + "+00:00", symbol, cut
}

// quote writes a string literal. Control characters have no spelling in BBQL, and text that is not UTF-8 none in a URL.
func quote(s string) (string, bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			return "", false
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String(), true
}

// renderLike asks for the text between the wildcards of a LIKE pattern: rows that match contain every piece of it. BBQL's ~
// ignores case at least where LIKE does.
func renderLike(field, pattern string) (string, bool) {
	var pieces []string
	for _, piece := range strings.FieldsFunc(pattern, func(r rune) bool { return r == '%' || r == '_' }) {
		literal, ok := quote(piece)
		if !ok {
			continue
		}
		pieces = append(pieces, field+" ~ "+literal)
	}
	return strings.Join(pieces, " AND "), len(pieces) > 0
}

// renderList writes a comparison with any of several coerced values.
func renderList(column *schema.Column, f *schema.Filter, values []any) (rendered, bool) {
	var literals, terms []string
	exact := f.Exact.Has(schema.IN)
	for _, value := range values {
		r, ok := render(column, f, schema.EQ, value)
		if !ok {
			return rendered{}, false
		}
		terms = append(terms, r.text)
		if s, isText := value.(string); isText && column.Type != schema.Timestamp {
			literal, _ := quote(s)
			literals = append(literals, literal)
		}
	}
	switch {
	case len(terms) == 1:
		return rendered{terms[0], exact}, true
	case len(literals) == len(values):
		return rendered{f.Field + " IN (" + strings.Join(literals, ", ") + ")", exact}, true
	}
	return rendered{"(" + strings.Join(terms, " OR ") + ")", exact}, true
}
