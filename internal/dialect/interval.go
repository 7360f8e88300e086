package dialect

import "strings"

// intervals turns date arithmetic into SQLite's modifiers (https://sqlite.org/lang_datefunc.html): x - INTERVAL '7 days' and
// DATE_SUB(x, INTERVAL 7 DAY) become datetime(x, '-7 days').
func (o Options) intervals(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		if n.word != "INTERVAL" {
			continue
		}
		p := n.before()
		negative := p.is("-")
		switch {
		case p.is("-") || p.is("+"):
			last := p.before()
			first := operandStart(last)
			modifiers, end := interval(n, negative)
			// Beside another operator of arithmetic the operand is not what the interval is added to.
			if first == nil || modifiers == "" || isArithmetic(first.before()) || isArithmetic(end.after()) && !isSum(end.after()) {
				continue
			}
			resume, parameters := end.next, indexes(n, end)
			dropRange(last.next, end)
			wrap(first, last, o.Timestamp, ", "+modifiers)
			reindex(last, resume, parameters)
			n = resume.prev
		case p.is(","):
			call := enclosing(p)
			if call == nil {
				continue
			}
			switch name := call.before(); name.word {
			case "DATE_SUB", "SUBDATE", "DATE_ADD", "ADDDATE":
				modifiers, end := interval(n, strings.Contains(name.word, "SUB"))
				if modifiers == "" || end.after() != call.match {
					continue
				}
				name.set(Ident, o.Timestamp)
				parameters := indexes(n, end)
				dropRange(n, end)
				reindex(n, n.insertAfter(modifiers), parameters)
			}
		}
	}
}

func isSum(n *node) bool { return n.is("+") || n.is("-") }

func isArithmetic(n *node) bool { return isSum(n) || n.is("*") || n.is("/") || n.is("%") || n.is("||") }

// enclosing is the bracket around n, nil when there is none.
func enclosing(n *node) *node {
	first := n
	for m := range n.backward() {
		first = m
	}
	if open := first.before(); open.is("(") && open.match != nil {
		return open
	}
	return nil
}

// interval reads INTERVAL at n and writes SQLite's modifiers for it, "" when it cannot; last is its last node.
func interval(n *node, negative bool) (modifiers string, last *node) {
	amount := n.after()
	unit := amount.after()
	if amount.opens() {
		unit = amount.match.after()
	}
	part := ""
	if unit.Kind == Ident {
		part = datePart(unit.word)
	}
	if unit.after().word == "TO" { // YEAR TO MONTH
		return "", nil
	}
	switch {
	case amount.Kind == String && part == "":
		return modifierList(amount.Value(), negative), amount
	case amount.Kind == String:
		return modifierList(amount.Value()+" "+unit.Text, negative), unit
	case amount.Kind == Number && part != "":
		return modifierList(amount.Text+" "+unit.Text, negative), unit
	case (amount.Kind == Param || amount.opens()) && part != "":
		factor, plural := modifierUnit(part)
		if plural == "" {
			return "", nil
		}
		sign := ""
		if negative {
			sign = "-"
		}
		value := amount.Text
		if amount.opens() {
			value = text(amount, amount.match)
		}
		if factor != 1 {
			sign += itoa(factor) + " * "
		}
		if sign != "" {
			value = "(" + sign + value + ")"
		}
		return value + " || ' " + plural + "'", unit
	}
	return "", nil
}

// modifierList turns PostgreSQL's interval text, such as "1 day 2 hours", into a list of modifiers, "" when it is none.
func modifierList(s string, negative bool) string {
	fields := strings.Fields(splitUnits(s))
	if len(fields) == 0 || len(fields)%2 != 0 {
		return ""
	}
	var list []string
	for i := 0; i < len(fields); i += 2 {
		amount, minus := strings.CutPrefix(fields[i], "-")
		amount = strings.TrimPrefix(amount, "+")
		factor, plural := modifierUnit(datePart(fields[i+1]))
		if plural == "" || amount == "" || strings.Trim(amount, "0123456789.") != "" || strings.Count(amount, ".") > 1 {
			return ""
		}
		if factor != 1 {
			n, ok := atoi(amount)
			if !ok {
				return ""
			}
			amount = itoa(n * factor)
		}
		sign := "+"
		if minus != negative {
			sign = "-"
		}
		list = append(list, "'"+sign+amount+" "+plural+"'")
	}
	return strings.Join(list, ", ")
}

// splitUnits puts a space between a number and its unit: 7days.
func splitUnits(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i > 0 && isDigit(s[i-1]) && isIdentStart(s[i]) {
			b.WriteByte(' ')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// modifierUnit is the unit that SQLite knows for a part of a date, and how many of it make one.
func modifierUnit(part string) (factor int, plural string) {
	switch part {
	case "year", "month", "day", "hour", "minute", "second":
		return 1, part + "s"
	case "quarter":
		return 3, "months"
	case "week":
		return 7, "days"
	}
	return 0, ""
}
