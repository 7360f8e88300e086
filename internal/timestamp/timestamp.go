// Package timestamp brings timestamps to the one form that tables hold: UTC text "2006-01-02 15:04:05", followed by a
// fraction without trailing zeros when there is one. It is what SQLite's datetime() writes, so that the two compare, and it
// sorts as text. Bitbucket spells timestamps in five ways; queries spell them in more.
package timestamp

import (
	"strings"
	"time"
)

// Layout is the canonical form as a layout of package time.
const Layout = "2006-01-02 15:04:05.999999999"

// Canonical returns the canonical form of s. It reads ISO 8601 as people write it: a date with an optional time of day, 'T' or
// a space between them, seconds and a fraction being optional, and an optional zone: 'Z' or an offset ±hh, ±hhmm or ±hh:mm,
// also after a space. No zone means UTC. The second result is false when s has no such form exactly: when it is nothing of the
// kind, is finer than a nanosecond, or lies outside the years 0 to 9999.
func Canonical(s string) (string, bool) {
	text, ok := AppendCanonical(nil, s)
	return string(text), ok
}

// AppendCanonical appends what Canonical returns.
func AppendCanonical(dst []byte, s string) ([]byte, bool) {
	p, ok := parse(s)
	if !ok || p.finer {
		return dst, false
	}
	if p.offset == 0 {
		dst = append(dst, s[:10]...)
		dst = append(dst, ' ')
		dst = appendTwo(dst, p.hour)
		dst = append(dst, ':')
		dst = appendTwo(dst, p.minute)
		dst = append(dst, ':')
		dst = appendTwo(dst, p.second)
		return appendFraction(dst, p.fraction), true
	}
	t := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, 0, time.UTC).Add(-p.offset)
	if y := t.Year(); y < 0 || y > 9999 {
		return dst, false
	}
	dst = t.AppendFormat(dst, "2006-01-02 15:04:05")
	return appendFraction(dst, p.fraction), true
}

// Parse returns the instant that s spells, in UTC, without what is finer than a nanosecond.
func Parse(s string) (time.Time, bool) {
	p, ok := parse(s)
	if !ok {
		return time.Time{}, false
	}
	nanos := 0
	for i := range 9 {
		nanos *= 10
		if i < len(p.fraction) {
			nanos += int(p.fraction[i] - '0')
		}
	}
	t := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, nanos, time.UTC).Add(-p.offset)
	return t, t.Year() >= 0 && t.Year() <= 9999
}

// parts are the members of a timestamp as written; offset is what the zone is ahead of UTC.
type parts struct {
	year, month, day, hour, minute, second int
	fraction                               string
	// finer says that there is more to the fraction than nanoseconds.
	finer  bool
	offset time.Duration
}

func parse(s string) (p parts, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return p, false
	}
	century, ok1 := two(s, 0)
	year, ok2 := two(s, 2)
	if p.month, ok = two(s, 5); !ok || !ok1 || !ok2 || p.month < 1 || p.month > 12 {
		return p, false
	}
	p.year = century*100 + year
	if p.day, ok = two(s, 8); !ok || p.day < 1 || p.day > daysIn(p.year, p.month) {
		return p, false
	}
	rest := s[10:]
	if rest == "" {
		return p, true
	}
	if rest[0] != 'T' && rest[0] != ' ' && rest[0] != 't' {
		return p, false
	}
	rest = rest[1:]
	if len(rest) < 5 || rest[2] != ':' {
		return p, false
	}
	if p.hour, ok = two(rest, 0); !ok || p.hour > 23 {
		return p, false
	}
	if p.minute, ok = two(rest, 3); !ok || p.minute > 59 {
		return p, false
	}
	rest = rest[5:]
	if len(rest) > 0 && rest[0] == ':' {
		if p.second, ok = two(rest, 1); !ok || p.second > 59 {
			return p, false
		}
		rest = rest[3:]
		if len(rest) > 0 && rest[0] == '.' {
			n := 1
			for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
				n++
			}
			if n == 1 {
				return p, false
			}
			p.fraction, p.finer, rest = trim(rest[1:min(n, 10)]), trim(rest[min(n, 10):n]) != "", rest[n:]
		}
	}
	p.offset, ok = zone(rest)
	return p, ok
}

func zone(s string) (time.Duration, bool) {
	if s == "" || s == "Z" || s == "z" {
		return 0, true
	}
	s = strings.TrimPrefix(s, " ")
	if s == "" || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hours, ok := two(s, 1)
	if !ok || hours > 23 {
		return 0, false
	}
	minutes := 0
	switch rest := s[3:]; {
	case rest == "":
	case len(rest) == 2:
		minutes, ok = two(rest, 0)
	case len(rest) == 3 && rest[0] == ':':
		minutes, ok = two(rest, 1)
	default:
		return 0, false
	}
	if !ok || minutes > 59 {
		return 0, false
	}
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if s[0] == '-' {
		d = -d
	}
	return d, true
}

func two(s string, at int) (int, bool) {
	if len(s) < at+2 {
		return 0, false
	}
	a, b := s[at]-'0', s[at+1]-'0'
	return int(a)*10 + int(b), a <= 9 && b <= 9
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func trim(fraction string) string {
	for len(fraction) > 0 && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	return fraction
}

func appendTwo(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }

func appendFraction(dst []byte, fraction string) []byte {
	if fraction == "" {
		return dst
	}
	return append(append(dst, '.'), fraction...)
}

// Format returns the canonical form of an instant.
func Format(t time.Time) string { return t.UTC().Format(Layout) }
