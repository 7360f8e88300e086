package dialect

import "strings"

// distinctComma is STRING_AGG(DISTINCT x, ','), of which SQLite has group_concat(DISTINCT x).
func distinctComma(call, open *node) {
	commas := arguments(open)
	if open.after().word != "DISTINCT" || len(commas) != 1 {
		return
	}
	if separator := commas[0].after(); separator.Text == "','" && separator.after() == open.match {
		call.set(Ident, "group_concat")
		dropRange(commas[0], separator)
	}
}

// percentile is PERCENTILE_CONT(fraction) WITHIN GROUP (ORDER BY x), of which the engine has PERCENTILE_CONT(x, fraction).
func percentile(open *node) {
	end := open.match
	within := end.after()
	group := within.after()
	by := group.after()
	if len(arguments(open)) != 0 || open.after() == end || within.word != "WITHIN" || group.word != "GROUP" || !by.opens() ||
		by.after().word != "ORDER" || by.after().after().word != "BY" || len(arguments(by)) != 0 {
		return
	}
	fraction := text(open.next, end.prev)
	last := by.match.before()
	switch last.word {
	case "DESC":
		fraction = "1 - (" + fraction + ")"
		last = last.before()
	case "ASC":
		last = last.before()
	}
	value := text(by.after().after().after(), last)
	parameters := append(indexes(by, by.match), indexes(open, end)...)
	dropRange(open.next, end.prev)
	dropRange(end.next, by.match)
	reindex(open, open.insertAfter(value+", "+fraction), parameters)
}

// format is FORMAT(x, 'yyyy-MM') of SQL Server, which has the pattern last; SQLite's, which has it first, is printf. A pattern of SQLite
// without a % and with an argument has no use, so that only a column or a call before a literal is taken for the former.
func format(call, open *node) {
	commas := arguments(open)
	if len(commas) != 1 || !open.after().isNameToken() {
		return
	}
	pattern := commas[0].after()
	if pattern.Kind != String || pattern.after() != open.match || strings.Contains(pattern.Value(), "%") && !strings.ContainsAny(pattern.Value(), "0#") {
		return
	}
	if strings.ContainsAny(pattern.Value(), "yMdHhmsf0#") || len(pattern.Value()) < 3 && strings.ContainsAny(pattern.Value(), "NFPDGToutg") {
		call.set(Ident, "FORMAT_VALUE")
	}
}
