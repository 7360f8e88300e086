//go:build cgo

package engine

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// period is the first or the last instant of a time that is named by its place beside today, in UTC. Weeks begin on Sunday. Days,
// weeks and so on that were before today or come after it are whole ones, without the current one, but that NEXT_N_DAYS begins with
// today.
func (c *Conn) period(first bool) func(a []Value) (Value, error) {
	return func(a []Value) (Value, error) {
		name, n := strings.ToUpper(toText(a[0])), int64(1)
		if len(a) > 1 {
			var ok bool
			if n, ok = toInt(a[1]); !ok || n < 0 || n > 1e5 {
				return nil, fmt.Errorf("%v is no number for L_%s: give one from 0 to 100000", a[1], name)
			}
		}
		from, to, ok := periodOf(name, int(n), truncate(c.nowUTC(), "day"))
		if !ok {
			return nil, fmt.Errorf("there is no L_%s: use L_TODAY, L_LAST_WEEK, L_THIS_MONTH, L_NEXT_YEAR, L_LAST_N_DAYS(n) or the like", name)
		}
		if !first {
			from = to.Add(-1)
		}
		return timestamp.Format(from), nil
	}
}

// periodOf is the time from its first instant to the first one behind it.
func periodOf(name string, n int, today time.Time) (from, to time.Time, ok bool) {
	day := func(n int) time.Time { return today.AddDate(0, 0, n) }
	switch name {
	case "TODAY":
		return today, day(1), true
	case "YESTERDAY":
		return day(-1), today, true
	case "TOMORROW":
		return day(1), day(2), true
	case "LAST_90_DAYS":
		return day(-90), today, true
	case "NEXT_90_DAYS":
		return today, day(90), true
	case "LAST_N_DAYS":
		return day(-n), today, true
	case "NEXT_N_DAYS":
		return today, day(n), true
	}
	when, unit, _ := strings.Cut(name, "_")
	if rest, several := strings.CutPrefix(unit, "N_"); several {
		unit = strings.TrimSuffix(rest, "S")
	}
	var this time.Time
	var move func(n int) time.Time
	switch unit {
	case "WEEK":
		this = sunday(today)
		move = func(n int) time.Time { return this.AddDate(0, 0, 7*n) }
	case "MONTH", "QUARTER", "YEAR":
		months := map[string]int{"MONTH": 1, "QUARTER": 3, "YEAR": 12}[unit]
		this = truncate(today, strings.ToLower(unit))
		move = func(n int) time.Time { return addMonths(this, months*n) }
	default:
		return from, to, false
	}
	switch when {
	case "LAST":
		return move(-n), this, true
	case "THIS":
		return this, move(1), true
	case "NEXT":
		return move(1), move(n + 1), true
	}
	return from, to, false
}
