package dialect

import "strings"

// periods are the names behind L_ of the days, weeks, months, quarters and years that CData compares timestamps with, and how many
// arguments they take.
var periods = namePeriods()

func namePeriods() map[string]int {
	names := map[string]int{"TODAY": 0, "YESTERDAY": 0, "TOMORROW": 0, "LAST_90_DAYS": 0, "NEXT_90_DAYS": 0, "LAST_N_DAYS": 1, "NEXT_N_DAYS": 1}
	for _, unit := range []string{"WEEK", "MONTH", "QUARTER", "YEAR"} {
		names["LAST_"+unit], names["THIS_"+unit], names["NEXT_"+unit] = 0, 0, 0
		names["LAST_N_"+unit+"S"], names["NEXT_N_"+unit+"S"] = 1, 1
	}
	return names
}

// period turns the comparison of x with L_LAST_WEEK() or the like into one with the first and last instants of that time:
// x = L_TODAY() becomes x BETWEEN PERIOD_START('TODAY') AND PERIOD_END('TODAY').
func period(call, open *node) {
	name, ok := strings.CutPrefix(call.word, "L_")
	count, known := periods[name]
	if !ok || !known {
		return
	}
	arguments := QuoteString(name)
	if inner := open.after(); (count == 0) != (inner == open.match) {
		return
	} else if count > 0 {
		arguments += ", " + text(open.next, open.match.prev)
	}
	first, last := "PERIOD_START("+arguments+")", "PERIOD_END("+arguments+")"
	op, spelled := call.before(), ""
	switch op.Text {
	case "=", "==":
		spelled = "BETWEEN " + first + " AND " + last
	case "<>", "!=":
		spelled = "NOT BETWEEN " + first + " AND " + last
	case "<", ">=":
		spelled = op.Text + " " + first
	case ">", "<=":
		spelled = op.Text + " " + last
	default:
		return
	}
	if op.Kind != Op || operandStart(op.before()) == nil {
		return
	}
	parameters := indexes(open, open.match)
	dropRange(op, open.match)
	reindex(op, op.insertAfter(spelled), parameters)
}

// difference finds the two operands of a difference that fills the nodes from first to last, with brackets around it or without: PostgreSQL
// takes parts of such an interval. They are empty where there is none. parameters are the indexes of those of the subtrahend, then of
// the minuend.
func difference(first, last *node) (minuend, subtrahend string, parameters []int) {
	if first.opens() && first.match == last {
		first, last = first.after(), last.before()
	}
	for n := range first.forward() {
		if n.is("-") && operandStart(n.before()) == first && operandStart(last) == n.after() {
			return text(first, n.before()), text(n.after(), last), append(indexes(n, last), indexes(first, n)...)
		}
		if n == last {
			break
		}
	}
	return "", "", nil
}

// intervalParts are those of a difference of timestamps, whose days are whole.
var intervalParts = map[string]string{"day": "", "hour": " % 24", "minute": " % 60", "second": " % 60"}

// extractInterval is EXTRACT(part FROM a - b).
func extractInterval(call, open, from *node, part string) bool {
	a, b, parameters := difference(from.after(), open.match.before())
	if a == "" {
		return false
	}
	rest, known := intervalParts[part]
	spelled := "TIMESTAMPDIFF('" + part + "', " + b + ", " + a + ")" + rest
	if part == "epoch" {
		spelled = "DATEDIFF('microsecond', " + b + ", " + a + ") / 1000000.0"
	} else if !known {
		return false
	}
	dropRange(call, open.match)
	reindex(call, call.insertAfter("("+spelled+")"), parameters)
	return true
}
