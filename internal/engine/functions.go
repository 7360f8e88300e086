//go:build cgo

package engine

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// builtin is a function that every connection has, unless SQLite brings one of its own.
type builtin struct {
	Function
	// nulls: the function takes NULL itself; for the others a NULL argument makes the result NULL.
	nulls bool
	// replace: ours is registered even where the library has one.
	replace bool
}

// fn is a builtin that gives NULL for NULL.
func fn(name string, args int, doc string, call func(a []Value) (Value, error)) builtin {
	return builtin{Function: Function{Name: name, Args: args, Doc: doc, Call: call}}
}

// null is a builtin that takes NULLs.
func null(name string, args int, doc string, call func(a []Value) (Value, error)) builtin {
	b := fn(name, args, doc, call)
	b.nulls = true
	return b
}

// FunctionDoc describes a function of the engine for listings.
type FunctionDoc struct {
	Name string
	// Args is the number of arguments; -1 is any number.
	Args      int
	Aggregate bool
	Doc       string
}

// FunctionDocs lists the functions that the engine adds to SQLite's, by name.
func FunctionDocs() []FunctionDoc {
	var out []FunctionDoc
	for _, b := range (&Conn{}).builtins() {
		out = append(out, FunctionDoc{Name: b.Name, Args: b.Args, Doc: b.Doc})
	}
	for _, a := range aggregates() {
		out = append(out, FunctionDoc{Name: a.Name, Args: a.Args, Aggregate: true, Doc: a.Doc})
	}
	slices.SortStableFunc(out, func(a, b FunctionDoc) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (c *Conn) builtins() []builtin {
	return slices.Concat(textFunctions, editFunctions, regexpFunctions(), timeFunctions(c), calendarFunctions(c), patternFunctions, mathFunctions,
		conditionalFunctions, sessionFunctions(c))
}

type signature struct {
	name string
	args int
}

// registerBuiltins adds the functions that the library lacks.
func (c *Conn) registerBuiltins() error {
	has, err := c.libraryFunctions()
	if err != nil {
		return err
	}
	missing := func(name string, args int) bool {
		name = strings.ToLower(name)
		return !has[signature{name, args}] && !has[signature{name, -1}]
	}
	for _, b := range c.builtins() {
		if !b.replace && !missing(b.Name, b.Args) {
			continue
		}
		f := b.Function
		if !b.nulls {
			f.Call = strict(f.Call)
		}
		if err := c.RegisterFunc(f); err != nil {
			return err
		}
	}
	for _, a := range aggregates() {
		if missing(a.Name, a.Args) {
			if err := c.RegisterAggregate(a); err != nil {
				return err
			}
		}
	}
	return nil
}

// libraryFunctions lists SQLite's own functions, which depend on its version and build.
func (c *Conn) libraryFunctions() (map[signature]bool, error) {
	s, _, err := c.prepare(context.Background(), "SELECT DISTINCT lower(name), narg FROM pragma_function_list", true)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	rows, err := s.Query(context.Background(), nil)
	if err != nil {
		return nil, err
	}
	out := map[signature]bool{}
	err = rows.each(2, func(v []Value) {
		if n, ok := v[1].(int64); ok {
			out[signature{toText(v[0]), int(n)}] = true
		}
	})
	return out, err
}

func strict(call func([]Value) (Value, error)) func([]Value) (Value, error) {
	return func(a []Value) (Value, error) {
		for _, v := range a {
			if v == nil {
				return nil, nil
			}
		}
		return call(a)
	}
}

// conditionalFunctions choose among their arguments.
var conditionalFunctions = []builtin{
	null("ISNULL", 2, "the first argument, or the second if the first is NULL", firstNotNull),
	null("NVL", 2, "the first argument, or the second if the first is NULL", firstNotNull),
	null("NVL2", 3, "the second argument if the first is not NULL, else the third", func(a []Value) (Value, error) {
		if a[0] != nil {
			return a[1], nil
		}
		return a[2], nil
	}),
	fn("GREATEST", -1, "the largest of the arguments", func(a []Value) (Value, error) { return pick(a, 1), nil }),
	fn("LEAST", -1, "the smallest of the arguments", func(a []Value) (Value, error) { return pick(a, -1), nil }),
}

func firstNotNull(a []Value) (Value, error) {
	if a[0] != nil {
		return a[0], nil
	}
	return a[1], nil
}

func pick(a []Value, sign int) Value {
	if len(a) == 0 {
		return nil
	}
	return slices.MaxFunc(a, func(x, y Value) int { return sign * compare(x, y) })
}

func sessionFunctions(c *Conn) []builtin {
	user := func([]Value) (Value, error) { return c.cfg.User, nil }
	return []builtin{
		fn("VERSION", 0, "the version of the SQL engine", func([]Value) (Value, error) {
			if c.cfg.Version != "" {
				return c.cfg.Version, nil
			}
			return "SQLite " + SQLiteVersion(), nil
		}),
		fn("CURRENT_USER", 0, "the user of the connection", user),
		fn("SESSION_USER", 0, "the user of the connection", user),
		fn("SYSTEM_USER", 0, "the user of the connection", user),
		fn("USER", 0, "the user of the connection", user),
	}
}

// toText is the text of a value as CAST(… AS TEXT) gives it.
func toText(v Value) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		s := strconv.FormatFloat(v, 'g', 15, 64)
		if strings.Trim(s, "-0123456789") == "" {
			s += ".0"
		}
		return s
	}
	return ""
}

// toFloat is the number of a value; a text must be one as a whole.
func toFloat(v Value) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return f, err == nil
	}
	return 0, false
}

// toInt is the integer of a value, cut towards zero and to the range of int64.
func toInt(v Value) (int64, bool) {
	if i, ok := v.(int64); ok {
		return i, true
	}
	if s, ok := v.(string); ok {
		if i, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil {
			return i, true
		}
	}
	f, ok := toFloat(v)
	if !ok || f != f {
		return 0, false
	}
	return int64(max(min(f, 9.2e18), -9.2e18)), true
}

func (c *Conn) nowUTC() time.Time {
	if c.now.IsZero() {
		return time.Now().UTC()
	}
	return c.now
}
