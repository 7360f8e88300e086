package dialect

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// text joins the texts of the nodes from first to last.
func text(first, last *node) string {
	var b strings.Builder
	for n := first; ; n = n.next {
		b.WriteString(n.Text)
		if n == last {
			return b.String()
		}
	}
}

// casts turns PostgreSQL's x::type, and CONVERT of SQL Server, MySQL and ODBC, into CAST(x AS type).
func casts(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		switch {
		case n.is("::"):
			last := n.before()
			first := operandStart(last)
			typ := parseType(n.after())
			if first == nil || typ.last == nil {
				continue
			}
			spelled := text(n.after(), typ.last)
			resume := typ.last.next
			dropRange(last.next, typ.last)
			wrap(first, last, "CAST", " AS "+spelled)
			n = resume.prev
		case n.word == "TRY_CAST" && n.after().is("("):
			n.set(Ident, "CAST")
		case n.word == "CONVERT" || n.word == "TRY_CONVERT":
			if open := n.after(); open.opens() {
				convert(n, open)
			}
		}
	}
}

// isoStyles are SQL Server's style codes whose text is ISO 8601, which is how dates are written here anyway:
// https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql#date-and-time-styles
var isoStyles = map[string]bool{"20": true, "21": true, "23": true, "25": true, "120": true, "121": true, "126": true, "127": true}

func convert(call, open *node) {
	end := open.match
	commas := arguments(open)
	switch {
	case len(commas) == 0:
		// MySQL: CONVERT(x USING utf8mb4); all text is UTF-8 here.
		for n := range open.after().forward() {
			if n.word == "USING" && n != open.after() && n.after().isNameToken() && n.after().after() == end {
				call.set(Ident, "CAST")
				dropRange(n, end.prev)
				end.insertBefore("AS TEXT")
				return
			}
		}
		return
	case len(commas) > 2 || len(commas) == 2 && !isoStyles[commas[1].after().Text]:
		return
	}
	second := parseType(commas[0].after())
	mysql := second.known && second.last.after() == end
	if typ := parseType(open.after()); typ.known && typ.last.after() == commas[0] && !mysql {
		spelled := text(open.after(), typ.last)
		last := end.before()
		if len(commas) == 2 {
			last = commas[1].before()
			dropRange(commas[1], end.prev)
		}
		dropRange(open.next, commas[0])
		if commas[0].next.Kind == Space {
			commas[0].next.drop()
		}
		call.set(Ident, "CAST")
		last.insertAfter(" AS " + spelled)
		return
	}
	if mysql {
		call.set(Ident, "CAST")
		commas[0].set(Ident, "AS")
		commas[0].insertBefore(" ")
	}
}

// arguments are the commas directly inside a bracket.
func arguments(open *node) []*node {
	var commas []*node
	for n := range open.after().forward() {
		if n.is(",") {
			commas = append(commas, n)
		}
	}
	return commas
}

// types gives CAST its meaning where SQLite, which knows no type but five, would give another: CAST('2024-05-06' AS DATE) is
// 2024 there, and a length or scale is ignored.
func (o Options) types(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		if n.word != "CAST" || !n.after().opens() {
			continue
		}
		open := n.after()
		end := open.match
		for as := range open.after().forward() {
			if as.word != "AS" || as == open.after() {
				continue
			}
			if typ := parseType(as.after()); typ.last != nil && typ.last.after() == end {
				o.cast(n, as, end, typ)
			}
			break
		}
	}
}

// cast respells one CAST whose type is known.
func (o Options) cast(call, as, end *node, typ sqlType) {
	last := as.before() // of the value
	untype := func() { dropRange(last.next, end.prev) }
	retype := func(name string) {
		dropRange(as.after(), end.prev)
		end.insertBefore(name)
	}
	switch typ.class {
	case dateType:
		call.set(Ident, o.Date)
		untype()
	case timeType:
		call.set(Ident, o.Time)
		untype()
	case timestampType:
		call.set(Ident, o.Timestamp)
		untype()
	case boolType:
		call.set(Ident, "lower")
		untype()
		wrap(call, end, "", " NOT IN ('', '0', '0.0', 'f', 'false', 'n', 'no', 'off')")
	case textType:
		if typ.respell || typ.size != "" {
			retype("TEXT")
		}
		if typ.size != "" {
			wrap(call, end, "substr", ", 1, "+typ.size)
		}
	case decimalType:
		switch {
		case typ.size == "":
		case typ.scale == "" || typ.scale == "0":
			wrap(call.after().after(), last, "round", "")
			retype("INTEGER")
		default:
			retype("NUMERIC")
			wrap(call, end, "round", ", "+typ.scale)
		}
	case integerType:
		if typ.respell {
			retype("INTEGER")
		}
	case blobType:
		retype("BLOB")
	}
}
