package dialect

// functions respells calls that SQLite cannot parse, or knows by another name.
func (o Options) functions(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		if n.Kind != Ident {
			continue
		}
		open := n.after()
		if !open.opens() || n.before().is(".") {
			continue
		}
		switch n.word {
		case "GETDATE", "NOW", "SYSDATETIME", "GETUTCDATE", "SYSUTCDATETIME", "UTC_TIMESTAMP", "CURRENT_TIMESTAMP",
			"LOCALTIMESTAMP":
			constant(n, open, o.Now)
		case "CURRENT_DATE", "CURDATE", "UTC_DATE":
			constant(n, open, o.Today)
		case "CURRENT_TIME", "CURTIME", "UTC_TIME":
			constant(n, open, o.Clock)
		case "DATEADD", "DATEDIFF", "DATEDIFF_BIG", "DATEPART", "DATE_PART", "DATENAME", "DATE_TRUNC", "DATE_TRUNC2",
			"DATETRUNC", "TIMESTAMPADD", "TIMESTAMPDIFF":
			part := open.after()
			if n.word == "DATEDIFF" && len(arguments(open)) != 2 { // MySQL's DATEDIFF(a, b)
				continue
			}
			if part.Kind == Ident && part.after().is(",") && datePart(part.word) != "" {
				word := part.Text
				if len(word) > 8 && part.word[:8] == "SQL_TSI_" {
					word = datePart(word)
				}
				part.set(String, QuoteString(word))
			}
		case "EXTRACT":
			extract(n, open)
		case "SUBSTRING", "SUBSTR":
			substring(open)
		case "POSITION":
			position(n, open)
		case "TRIM":
			trim(n, open)
		case "ISNULL":
			isNull(n, open)
		case "GROUP_CONCAT":
			separator(open)
		case "LISTAGG", "STRING_AGG":
			distinctComma(n, open)
			withinGroup(n, open)
		case "PERCENTILE_CONT", "PERCENTILE_DISC":
			percentile(open)
		case "COUNT_BIG":
			n.set(Ident, "COUNT")
		case "FORMAT":
			format(n, open)
		default:
			period(n, open)
		}
	}
}

// currentUser makes calls of CURRENT_USER and its like, which the standard writes without parentheses. It does so only where
// nothing else can be meant: in a query without FROM, there are no columns.
func currentUser(head *node) {
	if mainQuery(head.after()) == nil {
		return
	}
	var found []*node
	for n := head.next; n.Kind != edge; n = n.next {
		switch n.word {
		case "FROM":
			return
		case "CURRENT_USER", "SESSION_USER", "SYSTEM_USER":
			before := n.before()
			if before.is(".") || before.word == "AS" || operandStart(before) != nil { // a column or an alias
				return
			}
			if !n.after().opens() && !n.after().is(".") {
				found = append(found, n)
			}
		}
	}
	for _, n := range found {
		n.insertAfter("()")
	}
}

// constant writes a value for a call without arguments, or with a precision.
func constant(call, open *node, value string) {
	arg := open.after()
	if arg != open.match && (arg.Kind != Number || arg.after() != open.match) {
		return
	}
	dropRange(call, open.match)
	call.insertAfter(value)
}

// find is the first node directly inside a bracket that has one of the words.
func find(open *node, list ...string) *node {
	for n := range open.after().forward() {
		for _, w := range list {
			if n.word == w {
				return n
			}
		}
	}
	return nil
}

// strftimeOf are SQLite's format letters for the parts of EXTRACT.
var strftimeOf = map[string]string{
	"year": "%Y", "month": "%m", "day": "%d", "hour": "%H", "minute": "%M", "second": "%S", "weekday": "%w", "dayofyear": "%j",
	"week": "%V", "isoweek": "%V", "isoyear": "%G", "isodow": "%u", "epoch": "%s",
}

// extract is EXTRACT(part FROM x).
func extract(call, open *node) {
	from := find(open, "FROM")
	part := open.after()
	if from == nil || part.after() != from {
		return
	}
	name := datePart(part.Value())
	if extractInterval(call, open, from, name) {
		return
	}
	format := strftimeOf[name]
	if name == "quarter" {
		format = "%m"
	}
	if format == "" {
		return
	}
	end := open.match
	dropRange(open.next, from)
	if from.next.Kind == Space {
		from.next.drop()
	}
	call.set(Ident, "strftime")
	open.insertAfter("'" + format + "', ")
	wrap(call, end, "CAST", " AS INTEGER")
	if name == "quarter" {
		wrap(call.before().before(), end.after().after().after(), "", "")
		outer := call.before().before().before()
		outer.match.insertBefore(" + 2")
		wrap(outer, outer.match, "", " / 3")
	}
}

// substring is SUBSTRING(x FROM a FOR b).
func substring(open *node) {
	from, count := find(open, "FROM"), find(open, "FOR")
	if from == nil && count == nil || open.after() == from || open.after() == count {
		return
	}
	if from == nil {
		count.insertBefore(", 1")
	} else {
		from.set(Op, ",")
	}
	if count != nil {
		count.set(Op, ",")
	}
}

// position is POSITION(a IN b).
func position(call, open *node) {
	in := find(open, "IN")
	if in == nil || in == open.after() || in.after() == open.match {
		return
	}
	call.set(Ident, "instr")
	swap(open, in)
}

// swap turns (a WORD b) into (b, a), where word is that node.
func swap(open, word *node) {
	first, last := open.after(), word.before()
	dropRange(last.next, word)
	if word.next.Kind == Space {
		word.next.drop()
	}
	target := open.match.before().insertAfter(", ")
	move(first, last, target)
}

// trim is TRIM([BOTH | LEADING | TRAILING] [characters] FROM x).
func trim(call, open *node) {
	from := find(open, "FROM")
	if from == nil {
		return
	}
	switch side := open.after(); side.word {
	case "LEADING":
		call.set(Ident, "ltrim")
		side.drop()
	case "TRAILING":
		call.set(Ident, "rtrim")
		side.drop()
	case "BOTH":
		side.drop()
	}
	if open.after() == from {
		dropRange(open.next, from)
		return
	}
	if from.after() != open.match {
		swap(open, from)
	}
}

// isNull is SQL Server's ISNULL(a, b) or MySQL's ISNULL(a); bare, the word is an operator of SQLite.
func isNull(call, open *node) {
	switch len(arguments(open)) {
	case 0:
		if open.after() == open.match {
			return
		}
		call.drop()
		wrap(open, open.match, "", " IS NULL")
	case 1:
		call.set(Ident, "ifnull")
	}
}

// separator is MySQL's GROUP_CONCAT([DISTINCT] x [ORDER BY y] SEPARATOR ',').
func separator(open *node) {
	sep := find(open, "SEPARATOR")
	if sep == nil || sep.after().Kind != String || sep.after().after() != open.match {
		return
	}
	value := sep.after()
	plain := value.Text == "','" && open.after().word == "DISTINCT" // SQLite's DISTINCT takes one argument
	order := find(open, "ORDER")
	before := sep.before()
	if order != nil {
		before = order.before()
	}
	spelled := value.Text
	dropRange(sep, value)
	if p := sep.prev; p.Kind == Space {
		p.drop()
	}
	if !plain {
		before.insertAfter(", " + spelled)
	}
}

// withinGroup is LISTAGG(x, ',') WITHIN GROUP (ORDER BY y), of which SQLite has group_concat(x, ',' ORDER BY y).
func withinGroup(call, open *node) {
	end := open.match
	if call.word == "LISTAGG" {
		call.set(Ident, "group_concat")
	}
	within := end.after()
	group := within.after()
	by := group.after()
	if within.word != "WITHIN" || group.word != "GROUP" || !by.opens() || by.after().word != "ORDER" {
		return
	}
	spelled, parameters := text(by.next, by.match.prev), indexes(by, by.match)
	dropRange(end.next, by.match)
	reindex(end.insertBefore(" "+spelled), end, parameters)
}
