//go:build cgo

package engine

import (
	"fmt"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// calendarFunctions make dates, and find those at the borders of the months, quarters and weeks that hold a timestamp. Weeks of FDWEEK
// and LDWEEK begin on Sunday.
func calendarFunctions(c *Conn) []builtin {
	border := func(name, doc string, of func(day time.Time) time.Time) builtin {
		return fn(name, 1, doc, func(a []Value) (Value, error) {
			t, ok := timestamp.Parse(toText(a[0]))
			if !ok {
				return nil, nil
			}
			return of(truncate(t, "day")).Format(time.DateOnly), nil
		})
	}
	before := func(name, doc string, years, months, days int) builtin {
		return fn(name, 0, doc, func([]Value) (Value, error) {
			return timestamp.Format(addMonths(c.nowUTC().Truncate(time.Second), -12*years-months).AddDate(0, 0, -days)), nil
		})
	}
	return []builtin{
		border("FDMONTH", "the first day of the timestamp's month", func(t time.Time) time.Time { return truncate(t, "month") }),
		border("LDMONTH", "the last day of the timestamp's month", func(t time.Time) time.Time { return addMonths(truncate(t, "month"), 1).AddDate(0, 0, -1) }),
		border("FDQUARTER", "the first day of the timestamp's quarter", func(t time.Time) time.Time { return truncate(t, "quarter") }),
		border("LDQUARTER", "the last day of the timestamp's quarter", func(t time.Time) time.Time { return addMonths(truncate(t, "quarter"), 3).AddDate(0, 0, -1) }),
		border("FDWEEK", "the Sunday that begins the timestamp's week", sunday),
		border("LDWEEK", "the Saturday that ends the timestamp's week", func(t time.Time) time.Time { return sunday(t).AddDate(0, 0, 6) }),
		before("LAST_WEEK", "the time in UTC a week before the statement started", 0, 0, 7),
		before("LAST_MONTH", "the time in UTC a month before the statement started", 0, 1, 0),
		before("LAST_YEAR", "the time in UTC a year before the statement started", 1, 0, 0),
		fn("EOMONTH", 2, "the last day of the month that is n months after the timestamp's", func(a []Value) (Value, error) {
			n, ok := toInt(a[1])
			t, ok2 := timestamp.Parse(toText(a[0]))
			if !ok || !ok2 || n > 4e6 || n < -4e6 {
				return nil, nil
			}
			return dateOf(addMonths(truncate(t, "month"), int(n)+1).AddDate(0, 0, -1)), nil
		}),
		fn("DATEFROMPARTS", 3, "the date of a year, a month and a day", func(a []Value) (Value, error) {
			t, ok := fromParts(a, 0)
			if !ok {
				return nil, nil
			}
			return dateOf(t), nil
		}),
		fn("SMALLDATETIMEFROMPARTS", 5, "the timestamp of a year, month, day, hour and minute", timestampOf(0)),
		fn("DATETIMEFROMPARTS", 7, "the timestamp of a year, month, day, hour, minute, second and milliseconds", timestampOf(3)),
		fn("DATETIME2FROMPARTS", 8, "the timestamp of a year, month, day, hour, minute, second and a fraction with so many digits", func(a []Value) (Value, error) {
			n, _ := toInt(a[7])
			return timestampOf(int(max(0, min(n, 9))))(a[:7])
		}),
		fn("MAKEDATE", 2, "the date of a year and a day of it", func(a []Value) (Value, error) {
			year, ok := toInt(a[0])
			day, ok2 := toInt(a[1])
			if !ok || !ok2 || year < 0 || year > 9999 || day < 1 || day > 4e6 {
				return nil, nil
			}
			return dateOf(time.Date(int(year), 1, int(day), 0, 0, 0, 0, time.UTC)), nil
		}),
		fn("TO_DAYS", 1, "the days from the year 0 to a timestamp", func(a []Value) (Value, error) {
			t, ok := timestamp.Parse(toText(a[0]))
			if !ok {
				return nil, nil
			}
			return truncate(t, "day").Unix()/86400 + daysToEpoch, nil
		}),
		fn("FROM_DAYS", 1, "the date that is so many days after the year 0", func(a []Value) (Value, error) {
			n, ok := toInt(a[0])
			if !ok || n < 0 || n > 4e6 {
				return nil, nil
			}
			return dateOf(time.Unix((n-daysToEpoch)*86400, 0).UTC()), nil
		}),
		fn("FROM_UNIXTIME", 1, "the timestamp that is so many seconds after 1970 began", func(a []Value) (Value, error) {
			x, ok := toFloat(a[0])
			if !ok || x < -6.2e10 || x > 2.5e11 {
				return nil, nil
			}
			return timestamp.Format(time.UnixMicro(int64(x * 1e6)).UTC()), nil
		}),
		null("ISDATE", 1, "1 if the argument is a timestamp or a date", func(a []Value) (Value, error) {
			_, ok := timestamp.Parse(toText(a[0]))
			return ok, nil
		}),
		fn("DATENAME", 2, "DATENAME(part, t): a part of a timestamp as text, months and weekdays by their English names", func(a []Value) (Value, error) {
			part, err := partOf(a[0])
			if err != nil {
				return nil, err
			}
			t, ok := timestamp.Parse(toText(a[1]))
			switch {
			case !ok:
				return nil, nil
			case part == "month":
				return t.Month().String(), nil
			case part == "weekday":
				return t.Weekday().String(), nil
			}
			n, err := datePart(a)
			return toText(n), err
		}),
		fn("PERIOD_START", 1, "the first instant of TODAY, LAST_WEEK, THIS_MONTH and the like; x = L_LAST_WEEK() uses it", c.period(true)),
		fn("PERIOD_START", 2, "the first instant of LAST_N_DAYS, NEXT_N_WEEKS and the like; x = L_LAST_N_DAYS(n) uses it", c.period(true)),
		fn("PERIOD_END", 1, "the last instant of TODAY, LAST_WEEK, THIS_MONTH and the like", c.period(false)),
		fn("PERIOD_END", 2, "the last instant of LAST_N_DAYS, NEXT_N_WEEKS and the like", c.period(false)),
		fn("TIMESTAMPADD", 3, "TIMESTAMPADD(part, n, t): the timestamp t moved by n years, months, days, …", dateAdd),
		fn("TIMESTAMPDIFF", 3, "TIMESTAMPDIFF(part, a, b): the whole years, months, days, … from a to b", timestampDiff),
	}
}

// daysToEpoch are the days from the year 0 to 1970, as MySQL counts them.
const daysToEpoch = 719528

func sunday(t time.Time) time.Time { return t.AddDate(0, 0, -int(t.Weekday())) }

// dateOf is a date as text; NULL outside of the years with four digits.
func dateOf(t time.Time) Value {
	if t.Year() < 0 || t.Year() > 9999 {
		return nil
	}
	return t.Format(time.DateOnly)
}

// fromParts is the time of a year, a month and so on, the last of which is a fraction of a second with so many digits, if there are
// seven. It returns false for parts that no date has.
func fromParts(a []Value, precision int) (time.Time, bool) {
	var p [7]int
	for i, v := range a {
		n, ok := toInt(v)
		if !ok || n < 0 || n >= 1e9 {
			return time.Time{}, false
		}
		p[i] = int(n)
	}
	for range 9 - precision {
		if p[6] >= 1e9 {
			return time.Time{}, false
		}
		p[6] *= 10
	}
	t := time.Date(p[0], time.Month(p[1]), p[2], p[3], p[4], p[5], p[6], time.UTC)
	same := t.Year() == p[0] && int(t.Month()) == p[1] && t.Day() == p[2] && t.Hour() == p[3] && t.Minute() == p[4] && t.Second() == p[5] && t.Nanosecond() == p[6]
	return t, same && t.Year() <= 9999
}

func timestampOf(precision int) func(a []Value) (Value, error) {
	return func(a []Value) (Value, error) {
		t, ok := fromParts(a, precision)
		if !ok {
			return nil, nil
		}
		return timestamp.Format(t), nil
	}
}

// timestampDiff counts whole units, where DATEDIFF counts the borders between them.
func timestampDiff(a []Value) (Value, error) {
	part, err := partOf(a[0])
	if err != nil {
		return nil, err
	}
	from, ok := timestamp.Parse(toText(a[1]))
	to, ok2 := timestamp.Parse(toText(a[2]))
	if !ok || !ok2 {
		return nil, nil
	}
	sign := int64(1)
	if to.Before(from) {
		from, to, sign = to, from, -1
	}
	if months := map[string]int64{"year": 12, "quarter": 3, "month": 1}[part]; months > 0 {
		n := int64((to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month()))
		if addMonths(from, int(n)).After(to) {
			n--
		}
		return sign * (n / months), nil
	}
	unit, fixed := units[part]
	switch part {
	case "week":
		unit = 7 * 24 * time.Hour
	case "day", "dayofyear", "weekday", "dow", "isodow":
		unit = 24 * time.Hour
	case "epoch":
		unit = time.Second
	}
	if !fixed && unit == 0 {
		return nil, fmt.Errorf("TIMESTAMPDIFF knows no %s", part)
	}
	seconds := to.Unix() - from.Unix()
	nanoseconds := int64(to.Nanosecond() - from.Nanosecond())
	if nanoseconds < 0 {
		seconds, nanoseconds = seconds-1, nanoseconds+1e9
	}
	if unit >= time.Second {
		return sign * (seconds / int64(unit/time.Second)), nil
	}
	per := int64(time.Second / unit)
	if seconds > (1<<62)/per {
		return nil, fmt.Errorf("TIMESTAMPDIFF: more %ss than a number holds", part)
	}
	return sign * (seconds*per + nanoseconds/int64(unit)), nil
}
