//go:build cgo

package engine

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// The functions of time read every spelling of timestamp.Canonical and return the canonical one, in UTC. What is no
// timestamp gives NULL, as with SQLite's own functions.

// partNames maps the names and abbreviations that SQL dialects have for parts of a timestamp.
var partNames = map[string]string{
	"year": "year", "yy": "year", "yyyy": "year", "years": "year",
	"quarter": "quarter", "qq": "quarter", "q": "quarter", "quarters": "quarter",
	"month": "month", "mm": "month", "m": "month", "months": "month", "mon": "month",
	"week": "week", "wk": "week", "ww": "week", "weeks": "week", "isowk": "week", "isoww": "week", "iso_week": "week", "isoweek": "week",
	"day": "day", "dd": "day", "d": "day", "days": "day",
	"dayofyear": "dayofyear", "dy": "dayofyear", "doy": "dayofyear", "y": "dayofyear",
	"weekday": "weekday", "dw": "weekday", "w": "weekday", "dayofweek": "weekday",
	"dow": "dow", "isodow": "isodow", "epoch": "epoch",
	"hour": "hour", "hh": "hour", "h": "hour", "hours": "hour",
	"minute": "minute", "mi": "minute", "n": "minute", "minutes": "minute", "min": "minute",
	"second": "second", "ss": "second", "s": "second", "seconds": "second", "sec": "second",
	"millisecond": "millisecond", "ms": "millisecond", "milliseconds": "millisecond",
	"microsecond": "microsecond", "mcs": "microsecond", "us": "microsecond", "microseconds": "microsecond",
	"nanosecond": "nanosecond", "ns": "nanosecond", "nanoseconds": "nanosecond",
}

// units are the parts of fixed length.
var units = map[string]time.Duration{
	"hour": time.Hour, "minute": time.Minute, "second": time.Second, "millisecond": time.Millisecond,
	"microsecond": time.Microsecond, "nanosecond": time.Nanosecond,
}

func partOf(v Value) (string, error) {
	name := strings.ToLower(strings.TrimSpace(toText(v)))
	if p, ok := partNames[name]; ok {
		return p, nil
	}
	return "", fmt.Errorf("unknown part of a timestamp %q: use year, quarter, month, week, day, hour, minute or second", name)
}

func timeFunctions(c *Conn) []builtin {
	out := []builtin{
		// Within a run of a statement these are constant, which lets SQLite compute them once.
		fn("NOW", 0, "the time in UTC when the statement started", func([]Value) (Value, error) {
			return timestamp.Format(c.nowUTC().Truncate(time.Second)), nil
		}),
		fn("GETDATE", 0, "the time in UTC when the statement started", func([]Value) (Value, error) {
			return timestamp.Format(c.nowUTC().Truncate(time.Second)), nil
		}),
		fn("GETUTCDATE", 0, "the time in UTC when the statement started", func([]Value) (Value, error) {
			return timestamp.Format(c.nowUTC().Truncate(time.Second)), nil
		}),
		fn("CURDATE", 0, "the date in UTC when the statement started", func([]Value) (Value, error) {
			return c.nowUTC().Format(time.DateOnly), nil
		}),
		null("SUBTRAHEND", 2, "the first argument, unless both are timestamps, of which SQLite would subtract the years", subtrahend),
		fn("DATEADD", 3, "DATEADD(part, n, t): the timestamp t moved by n years, months, days, …", dateAdd),
		fn("DATEDIFF", 3, "DATEDIFF(part, a, b): the boundaries of years, months, days, … passed from a to b", dateDiff),
		fn("DATEDIFF", 2, "DATEDIFF(a, b): the days from b to a", func(a []Value) (Value, error) {
			return dateDiff([]Value{"day", a[1], a[0]})
		}),
		fn("DATEPART", 2, "DATEPART(part, t): a part of a timestamp as a number", datePart),
		fn("DATE_PART", 2, "DATE_PART(part, t): a part of a timestamp as a number", datePart),
		fn("DATE_TRUNC", 2, "DATE_TRUNC(part, t) or DATE_TRUNC(t, part): the start of the year, month, day, … that holds the timestamp", func(a []Value) (Value, error) {
			if _, err := partOf(a[0]); err != nil {
				if _, other := partOf(a[1]); other == nil {
					a = []Value{a[1], a[0]}
				}
			}
			return dateTrunc(a)
		}),
		fn("DATE_TRUNC2", 2, "DATE_TRUNC2(part, t): the start of the year, month, day, … that holds the timestamp", dateTrunc),
		fn("DATETRUNC", 2, "DATETRUNC(part, t): the start of the year, month, day, … that holds the timestamp", dateTrunc),
		fn("EOMONTH", 1, "the last day of the timestamp's month", lastDay),
		fn("LAST_DAY", 1, "the last day of the timestamp's month", lastDay),
		fn("DAYNAME", 1, "the English name of the timestamp's weekday", func(a []Value) (Value, error) {
			t, ok := timestamp.Parse(toText(a[0]))
			if !ok {
				return nil, nil
			}
			return t.Weekday().String(), nil
		}),
		fn("MONTHNAME", 1, "the English name of the timestamp's month", func(a []Value) (Value, error) {
			t, ok := timestamp.Parse(toText(a[0]))
			if !ok {
				return nil, nil
			}
			return t.Month().String(), nil
		}),
	}
	for _, p := range []struct{ name, part, doc string }{
		{"YEAR", "year", "the year of a timestamp"},
		{"QUARTER", "quarter", "the quarter of a timestamp, 1 to 4"},
		{"MONTH", "month", "the month of a timestamp, 1 to 12"},
		{"WEEK", "week", "the ISO 8601 week of a timestamp, 1 to 53"},
		{"DAY", "day", "the day of a timestamp's month, 1 to 31"},
		{"DAYOFMONTH", "day", "the day of a timestamp's month, 1 to 31"},
		{"DAYOFYEAR", "dayofyear", "the day of a timestamp's year, 1 to 366"},
		{"DAYOFWEEK", "weekday", "the weekday of a timestamp, 1 is Sunday"},
		{"HOUR", "hour", "the hour of a timestamp, 0 to 23"},
		{"MINUTE", "minute", "the minute of a timestamp, 0 to 59"},
		{"SECOND", "second", "the second of a timestamp, 0 to 59"},
	} {
		out = append(out, fn(p.name, 1, p.doc, func(a []Value) (Value, error) { return datePart([]Value{p.part, a[0]}) }))
	}
	return out
}

// errDifference says what to write for the difference of two timestamps.
var errDifference = errors.New("timestamps have no difference in SQLite, which would subtract their years: " +
	"write DATEDIFF('hour', a, b), or julianday(b) - julianday(a) for days with a fraction")

func subtrahend(a []Value) (Value, error) {
	for _, v := range a {
		text, ok := v.(string)
		if _, timestamped := timestamp.Parse(text); !ok || !timestamped {
			return a[0], nil
		}
	}
	return nil, errDifference
}

func datePart(a []Value) (Value, error) {
	part, err := partOf(a[0])
	if err != nil {
		return nil, err
	}
	t, ok := timestamp.Parse(toText(a[1]))
	if !ok {
		return nil, nil
	}
	var n int
	switch part {
	case "year":
		n = t.Year()
	case "quarter":
		n = quarter(t)
	case "month":
		n = int(t.Month())
	case "week":
		_, n = t.ISOWeek()
	case "day":
		n = t.Day()
	case "dayofyear":
		n = t.YearDay()
	case "weekday":
		n = int(t.Weekday()) + 1
	case "dow":
		n = int(t.Weekday())
	case "isodow":
		n = (int(t.Weekday())+6)%7 + 1
	case "epoch":
		return t.Unix(), nil
	case "hour":
		n = t.Hour()
	case "minute":
		n = t.Minute()
	case "second":
		n = t.Second()
	default:
		n = t.Nanosecond() / int(units[part])
	}
	return int64(n), nil
}

func quarter(t time.Time) int { return (int(t.Month())-1)/3 + 1 }

func dateAdd(a []Value) (Value, error) {
	part, err := partOf(a[0])
	if err != nil {
		return nil, err
	}
	n, ok := toInt(a[1])
	t, ok2 := timestamp.Parse(toText(a[2]))
	// No move within the four-digit years is longer in its unit, other than in fractions of a second.
	if unit, fixed := units[part]; !ok || !ok2 || !fixed && (n > 4e6 || n < -4e6) || fixed && unit >= time.Second && (n > 4e11 || n < -4e11) {
		return nil, nil
	}
	switch part {
	case "year":
		t = addMonths(t, 12*int(n))
	case "quarter":
		t = addMonths(t, 3*int(n))
	case "month":
		t = addMonths(t, int(n))
	case "week":
		t = t.AddDate(0, 0, 7*int(n))
	case "day", "dayofyear", "weekday", "dow", "isodow":
		t = t.AddDate(0, 0, int(n))
	case "epoch":
		return nil, fmt.Errorf("DATEADD cannot add an epoch: use second")
	default:
		// Whole seconds first: a time.Duration reaches 292 years only.
		unit := int64(units[part])
		per := max(int64(time.Second)/unit, 1)
		t = time.Unix(t.Unix()+n/per*max(unit/int64(time.Second), 1), int64(t.Nanosecond())+n%per*unit).UTC()
	}
	if t.Year() < 0 || t.Year() > 9999 {
		return nil, nil
	}
	return timestamp.Format(t), nil
}

// addMonths keeps within the month: a month after January 31 is the end of February.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	return first.AddDate(0, 0, min(t.Day(), daysIn(first.Year(), int(first.Month())))-1)
}

func dateDiff(a []Value) (Value, error) {
	part, err := partOf(a[0])
	if err != nil {
		return nil, err
	}
	from, ok := timestamp.Parse(toText(a[1]))
	to, ok2 := timestamp.Parse(toText(a[2]))
	if !ok || !ok2 {
		return nil, nil
	}
	switch part {
	case "year":
		return int64(to.Year() - from.Year()), nil
	case "quarter":
		return int64((to.Year()-from.Year())*4 + quarter(to) - quarter(from)), nil
	case "month":
		return int64((to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())), nil
	case "week":
		return (truncate(to, "week").Unix() - truncate(from, "week").Unix()) / (7 * 86400), nil
	case "day", "dayofyear", "weekday", "dow", "isodow":
		return (truncate(to, "day").Unix() - truncate(from, "day").Unix()) / 86400, nil
	case "epoch":
		return to.Unix() - from.Unix(), nil
	}
	unit := units[part]
	if unit >= time.Second {
		n := int64(unit / time.Second)
		return truncate(to, part).Unix()/n - truncate(from, part).Unix()/n, nil
	}
	// 292 years of nanoseconds fit.
	d := truncate(to, part).Sub(truncate(from, part))
	if d == 1<<63-1 || d == -1<<63 {
		return nil, fmt.Errorf("DATEDIFF: more %ss than a number holds", part)
	}
	return int64(d / unit), nil
}

func dateTrunc(a []Value) (Value, error) {
	part, err := partOf(a[0])
	if err != nil {
		return nil, err
	}
	t, ok := timestamp.Parse(toText(a[1]))
	if !ok {
		return nil, nil
	}
	return timestamp.Format(truncate(t, part)), nil
}

// truncate goes back to the start of the part. Weeks start on Monday.
func truncate(t time.Time, part string) time.Time {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	switch part {
	case "year":
		return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	case "quarter":
		return time.Date(t.Year(), time.Month(quarter(t)*3-2), 1, 0, 0, 0, 0, time.UTC)
	case "month":
		return day.AddDate(0, 0, 1-t.Day())
	case "week":
		return day.AddDate(0, 0, -(int(t.Weekday())+6)%7)
	}
	if unit, ok := units[part]; ok {
		return day.Add(t.Sub(day).Truncate(unit))
	}
	return day
}

func lastDay(a []Value) (Value, error) {
	t, ok := timestamp.Parse(toText(a[0]))
	if !ok {
		return nil, nil
	}
	return addMonths(truncate(t, "month"), 1).AddDate(0, 0, -1).Format(time.DateOnly), nil
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
