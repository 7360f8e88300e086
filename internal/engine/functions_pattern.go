//go:build cgo

package engine

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// patternFunctions write a value by a pattern, of which each family of databases has its own letters.
var patternFunctions = []builtin{
	fn("DATE_FORMAT", 2, "DATE_FORMAT(t, '%Y-%m'): a timestamp by MySQL's letters", formatted("DATE_FORMAT", percentLetters)),
	fn("TO_CHAR", 2, "TO_CHAR(t, 'YYYY-MM'): a timestamp by PostgreSQL's letters", formatted("TO_CHAR", templateLetters)),
	fn("FORMAT_VALUE", 2, "FORMAT(x, 'yyyy-MM'), FORMAT(x, 'N2'): a timestamp or a number by the letters of .NET", formatValue),
}

// letters are the parts of a pattern, longer ones first where one begins another.
type letters []struct {
	text  string
	write func(t time.Time) string
}

func digits(width int, of func(t time.Time) int) func(time.Time) string {
	return func(t time.Time) string { return fmt.Sprintf("%0*d", width, of(t)) }
}

// layout writes by a layout of package time.
func layout(text string) func(time.Time) string {
	return func(t time.Time) string { return t.Format(text) }
}

func fraction(width int) func(time.Time) string {
	return func(t time.Time) string { return fmt.Sprintf("%09d", t.Nanosecond())[:width] }
}

func isoWeek(t time.Time) int { _, n := t.ISOWeek(); return n }

func isoYear(t time.Time) int { n, _ := t.ISOWeek(); return n }

// hour12 is the hour of a clock with twelve.
func hour12(t time.Time) int { return (t.Hour()+11)%12 + 1 }

// ordinal is a day of the month as English counts it.
func ordinal(t time.Time) string {
	suffix := "th"
	if tens := t.Day() / 10; tens != 1 {
		switch t.Day() % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(t.Day()) + suffix
}

func shortYear(t time.Time) int { return t.Year() % 100 }

// percentLetters are those of MySQL.
var percentLetters = letters{
	{"%Y", digits(4, time.Time.Year)},
	{"%y", digits(2, shortYear)},
	{"%m", layout("01")},
	{"%c", layout("1")},
	{"%M", layout("January")},
	{"%b", layout("Jan")},
	{"%d", layout("02")},
	{"%e", layout("2")},
	{"%D", ordinal},
	{"%j", digits(3, time.Time.YearDay)},
	{"%W", layout("Monday")},
	{"%a", layout("Mon")},
	{"%w", digits(1, func(t time.Time) int { return int(t.Weekday()) })},
	{"%v", digits(2, isoWeek)},
	{"%x", digits(4, isoYear)},
	{"%H", digits(2, time.Time.Hour)},
	{"%k", digits(1, time.Time.Hour)},
	{"%h", digits(2, hour12)},
	{"%I", digits(2, hour12)},
	{"%l", digits(1, hour12)},
	{"%i", layout("04")},
	{"%s", layout("05")},
	{"%S", layout("05")},
	{"%f", fraction(6)},
	{"%p", layout("PM")},
	{"%T", layout("15:04:05")},
	{"%r", layout("03:04:05 PM")},
	{"%%", func(time.Time) string { return "%" }},
}

// templateLetters are those of PostgreSQL. Names are not filled with blanks, as if FM stood before them.
var templateLetters = letters{
	{"FM", func(time.Time) string { return "" }},
	{"YYYY", digits(4, time.Time.Year)},
	{"IYYY", digits(4, isoYear)},
	{"YY", digits(2, shortYear)},
	{"MONTH", func(t time.Time) string { return strings.ToUpper(t.Month().String()) }},
	{"Month", layout("January")},
	{"month", func(t time.Time) string { return strings.ToLower(t.Month().String()) }},
	{"MON", func(t time.Time) string { return strings.ToUpper(t.Format("Jan")) }},
	{"Mon", layout("Jan")},
	{"mon", func(t time.Time) string { return strings.ToLower(t.Format("Jan")) }},
	{"MM", layout("01")},
	{"MI", layout("04")},
	{"MS", fraction(3)},
	{"DDD", digits(3, time.Time.YearDay)},
	{"DD", layout("02")},
	{"DAY", func(t time.Time) string { return strings.ToUpper(t.Weekday().String()) }},
	{"Day", layout("Monday")},
	{"day", func(t time.Time) string { return strings.ToLower(t.Weekday().String()) }},
	{"DY", func(t time.Time) string { return strings.ToUpper(t.Format("Mon")) }},
	{"Dy", layout("Mon")},
	{"ID", digits(1, func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 })},
	{"IW", digits(2, isoWeek)},
	{"D", digits(1, func(t time.Time) int { return int(t.Weekday()) + 1 })},
	{"HH24", digits(2, time.Time.Hour)},
	{"HH12", digits(2, hour12)},
	{"HH", digits(2, hour12)},
	{"SS", layout("05")},
	{"US", fraction(6)},
	{"Q", digits(1, quarter)},
	{"AM", layout("PM")},
	{"PM", layout("PM")},
	{"am", layout("pm")},
	{"pm", layout("pm")},
}

// customLetters are those of .NET.
var customLetters = letters{
	{"yyyy", digits(4, time.Time.Year)},
	{"yy", digits(2, shortYear)},
	{"MMMM", layout("January")},
	{"MMM", layout("Jan")},
	{"MM", layout("01")},
	{"M", layout("1")},
	{"dddd", layout("Monday")},
	{"ddd", layout("Mon")},
	{"dd", layout("02")},
	{"d", layout("2")},
	{"HH", digits(2, time.Time.Hour)},
	{"H", digits(1, time.Time.Hour)},
	{"hh", digits(2, hour12)},
	{"h", digits(1, hour12)},
	{"mm", layout("04")},
	{"m", layout("4")},
	{"ss", layout("05")},
	{"s", layout("5")},
	{"ffffff", fraction(6)},
	{"fff", fraction(3)},
	{"f", fraction(1)},
	{"tt", layout("PM")},
	{"zzz", layout("-07:00")},
	{"K", layout("Z07:00")},
}

// standardPatterns are those that .NET has a single letter for.
var standardPatterns = map[string]string{
	"d": "MM/dd/yyyy", "D": "dddd, dd MMMM yyyy", "s": "yyyy-MM-ddTHH:mm:ss", "u": "yyyy-MM-dd HH:mm:ssK", "o": "yyyy-MM-ddTHH:mm:ss.ffffffK",
	"t": "HH:mm", "T": "HH:mm:ss", "g": "MM/dd/yyyy HH:mm", "G": "MM/dd/yyyy HH:mm:ss", "m": "MMMM dd", "M": "MMMM dd", "y": "yyyy MMMM", "Y": "yyyy MMMM",
}

// formatted is a function that writes its first argument by the pattern that is its second.
func formatted(name string, l letters) func(a []Value) (Value, error) {
	return func(a []Value) (Value, error) {
		if _, number := a[0].(float64); number {
			return nil, fmt.Errorf("%s writes timestamps: write a number with printf('%%.2f', x)", name)
		}
		t, ok := timestamp.Parse(toText(a[0]))
		if !ok {
			return nil, nil
		}
		return l.format(t, toText(a[1]))
	}
}

// format writes a timestamp. What is no letter stays, and what is in quotes.
func (l letters) format(t time.Time, pattern string) (Value, error) {
	var b strings.Builder
	strict := !strings.HasPrefix(l[0].text, "%") // every letter may be one of the pattern
next:
	for pattern != "" {
		for _, part := range l {
			if rest, ok := strings.CutPrefix(pattern, part.text); ok {
				b.WriteString(part.write(t))
				pattern = rest
				continue next
			}
		}
		c := pattern[0]
		if quoted, rest, ok := strings.Cut(pattern[1:], string(c)); ok && (c == '"' || c == '\'') {
			b.WriteString(quoted)
			pattern = rest
			continue
		}
		if letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'; letter && strict && c != 'T' && c != 'Z' {
			return nil, fmt.Errorf("unknown letter %q in the pattern of a timestamp: put text in double quotes", c)
		}
		b.WriteByte(c)
		pattern = pattern[1:]
	}
	return b.String(), nil
}

// formatValue writes a number where its argument is one, and else a timestamp.
func formatValue(a []Value) (Value, error) {
	pattern := toText(a[1])
	switch a[0].(type) {
	case int64, float64:
		x, _ := toFloat(a[0])
		return formatNumber(x, pattern)
	}
	t, ok := timestamp.Parse(toText(a[0]))
	if !ok {
		return nil, nil
	}
	if standard, ok := standardPatterns[pattern]; ok {
		pattern = standard
	}
	return customLetters.format(t, pattern)
}

// formatNumber knows N2, F2, P1, D4 and patterns of 0 and #, with a comma for thousands, a point and a % at the end.
func formatNumber(x float64, pattern string) (Value, error) {
	kind, places, grouped, least := strings.ToUpper(pattern[:min(1, len(pattern))]), 2, false, 1
	if n, err := strconv.Atoi(pattern[min(1, len(pattern)):]); err == nil && n >= 0 && n < 30 {
		places = n
	} else if len(pattern) > 1 {
		kind = ""
	}
	suffix := ""
	switch kind {
	case "N":
		grouped = true
	case "F":
	case "P":
		x, suffix, grouped = 100*x, " %", true
	case "D":
		least, places = max(1, places), 0
		if len(pattern) == 1 {
			least = 1
		}
	default:
		body, percent := strings.CutSuffix(pattern, "%")
		if percent {
			x, suffix = 100*x, "%"
		}
		if body == "" || strings.Trim(body, "0#,.") != "" || strings.Count(body, ".") > 1 {
			return nil, fmt.Errorf("unknown pattern %q of a number: write N2, F2, P1, D4, 0.00 or #,##0", pattern)
		}
		before, after, _ := strings.Cut(body, ".")
		grouped, least, places = strings.Contains(before, ","), strings.Count(before, "0"), len(after)
		text := strconv.FormatFloat(x, 'f', places, 64)
		for optional := strings.Count(after, "#"); optional > 0 && strings.HasSuffix(text, "0"); optional-- {
			text = text[:len(text)-1]
		}
		return group(strings.TrimSuffix(text, "."), grouped, least) + suffix, nil
	}
	return group(strconv.FormatFloat(x, 'f', places, 64), grouped, least) + suffix, nil
}

// group puts commas between thousands, and zeros in front until there are so many digits before the point.
func group(number string, grouped bool, least int) string {
	sign := ""
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		number = rest
		if f, _ := strconv.ParseFloat(number, 64); math.Abs(f) > 0 {
			sign = "-"
		}
	}
	whole, rest, point := strings.Cut(number, ".")
	if whole == "0" && least == 0 {
		whole = ""
	}
	whole = strings.Repeat("0", max(0, least-len(whole))) + whole
	if grouped {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
	}
	if point {
		rest = "." + rest
	}
	return sign + whole + rest
}
