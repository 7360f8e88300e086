package bitbucketfake

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

type fieldKind int

const (
	textField fieldKind = iota
	numberField
	boolField
	timeField
)

// value is a field's value of one item: the zero value is null.
type value struct {
	set  bool
	text string
	num  float64 // numbers, and booleans as 0 and 1
	at   time.Time
}

func text(s string) value { return value{set: true, text: s} }
func number(n int) value  { return value{set: true, num: float64(n)} }

func truth(b bool) value {
	if b {
		return number(1)
	}
	return number(0)
}

func instant(t time.Time) value { return value{set: !t.IsZero(), at: t} }

// field is what q and sort can do with one member of an endpoint's objects.
type field struct {
	kind     fieldKind
	get      func(i int) value
	all      func(i int) []value // several values (reviewers): a comparison holds when it holds for one of them
	sortOnly bool
	less     func(a, b value) bool // order other than the natural one
	rank     func(string) int      // order of words that have one (permissions); -1 for others, which q must not name
}

// fieldSet is the members that an endpoint filters and sorts by; any other answers 400.
type fieldSet map[string]field

type predicate func(i int) bool

// queryError is the message of a 400, in the service's words.
type queryError string

func (e queryError) Error() string { return string(e) }

func badQuery(format string, args ...any) error { return queryError(fmt.Sprintf(format, args...)) }

// compile turns a parsed q into a predicate over an endpoint's items.
func (fs fieldSet) compile(x *expr) (predicate, error) {
	if x.op == "and" || x.op == "or" {
		parts := make([]predicate, len(x.parts))
		for k, p := range x.parts {
			var err error
			if parts[k], err = fs.compile(p); err != nil {
				return nil, err
			}
		}
		or := x.op == "or"
		return func(i int) bool {
			for _, p := range parts {
				if p(i) == or {
					return or
				}
			}
			return !or
		}, nil
	}
	f, ok := fs[x.field]
	if !ok || f.sortOnly {
		return nil, badQuery("Field %q does not support filtering", "."+x.field)
	}
	want := make([]value, len(x.literals))
	for k, l := range x.literals {
		var err error
		if want[k], err = f.literal(x.field, l); err != nil {
			return nil, err
		}
	}
	test, err := f.test(x, want)
	if err != nil {
		return nil, err
	}
	if f.all == nil {
		return func(i int) bool { return test(f.get(i)) }, nil
	}
	return func(i int) bool {
		vs := f.all(i)
		if len(vs) == 0 {
			return test(value{})
		}
		for _, v := range vs {
			if test(v) {
				return true
			}
		}
		return false
	}, nil
}

func (f field) literal(name string, l literal) (value, error) {
	bad := func() (value, error) {
		return value{}, badQuery("Invalid value %q for field %q", l.text, "."+name)
	}
	if l.kind == tokenWord && l.text == "null" {
		return value{}, nil
	}
	switch f.kind {
	case textField:
		if l.kind != tokenString {
			return bad()
		}
		if f.rank != nil && f.rank(l.text) < 0 {
			return bad()
		}
		return text(l.text), nil
	case numberField:
		n, err := strconv.ParseFloat(l.text, 64)
		if err != nil || l.kind == tokenWord {
			return bad()
		}
		return value{set: true, num: n}, nil
	case boolField:
		if l.kind != tokenWord {
			return bad()
		}
		return truth(l.text == "true"), nil
	}
	t, ok := parseInstant(l.text)
	if !ok || l.kind == tokenWord {
		return bad()
	}
	return instant(t), nil
}

// parseInstant reads an ISO-8601 date with optional time, fraction and offset; without an offset it is UTC.
func parseInstant(s string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999-0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// test makes the comparison itself. A null item matches "= null" and nothing else, as in SQL.
func (f field) test(x *expr, want []value) (func(value) bool, error) {
	one := want[0]
	switch x.op {
	case "=", "!=":
		equal := x.op == "="
		if !one.set {
			return func(v value) bool { return !v.set == equal }, nil
		}
		return func(v value) bool { return v.set && (f.compare(v, one) == 0) == equal }, nil
	case "in", "not in":
		in := x.op == "in"
		return func(v value) bool {
			found := false
			for _, w := range want {
				if v.set == w.set && (!v.set || f.compare(v, w) == 0) {
					found = true
					break
				}
			}
			return found == in && (v.set || in)
		}, nil
	case "~", "!~":
		if f.kind != textField || !one.set {
			return nil, badQuery("Operator %q needs a string field and a string, not %q", x.op, "."+x.field)
		}
		contains, needle := x.op == "~", strings.ToLower(one.text)
		return func(v value) bool { return v.set && strings.Contains(strings.ToLower(v.text), needle) == contains }, nil
	}
	if !one.set || f.kind == boolField {
		return nil, badQuery("Operator %q cannot compare field %q with that", x.op, "."+x.field)
	}
	return func(v value) bool {
		if !v.set {
			return false
		}
		c := f.compare(v, one)
		switch x.op {
		case ">":
			return c > 0
		case ">=":
			return c >= 0
		case "<":
			return c < 0
		}
		return c <= 0
	}, nil
}

func (f field) compare(a, b value) int {
	switch f.kind {
	case textField:
		if f.rank != nil {
			return f.rank(a.text) - f.rank(b.text)
		}
		return strings.Compare(a.text, b.text)
	case timeField:
		return a.at.Compare(b.at)
	}
	switch {
	case a.num < b.num:
		return -1
	case a.num > b.num:
		return 1
	}
	return 0
}
