package planner

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// truth is SQL's three-valued logic.
type truth int8

const (
	no truth = iota - 1
	null
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// row has the text columns A and B, the integer N and the boolean D; nil is NULL.
type row struct{ values map[string]any }

// expr is a random condition: its text, how tightly that binds, its meaning, and whether a hint can say it.
type expr struct {
	text  string
	level int // 0 OR, 1 AND, 2 NOT, 3 comparison
	eval  func(row) truth
	plain bool // a hint says all of it
	neg   bool // a hint says all of its negation
}

func (e expr) in(level int, r *rand.Rand) string {
	if e.level < level || r.IntN(6) == 0 {
		return "(" + e.text + ")"
	}
	return e.text
}

func compare(a, b any) (int, bool) {
	if a == nil || b == nil {
		return 0, false
	}
	if s, ok := a.(string); ok {
		return strings.Compare(s, b.(string)), true
	}
	return int(a.(int64) - b.(int64)), true
}

func test(cmp string, a, b any) truth {
	c, ok := compare(a, b)
	if !ok {
		return null
	}
	switch cmp {
	case "=", "==":
		return truthOf(c == 0)
	case "<>", "!=":
		return truthOf(c != 0)
	case "<":
		return truthOf(c < 0)
	case "<=":
		return truthOf(c <= 0)
	case ">":
		return truthOf(c > 0)
	}
	return truthOf(c >= 0)
}

// like is SQLite's LIKE for the patterns of this test: % at the ends and nothing else.
func like(value any, pattern string) truth {
	s, ok := value.(string)
	if !ok {
		return null
	}
	s, inner := strings.ToLower(s), strings.ToLower(strings.Trim(pattern, "%"))
	switch {
	case strings.HasPrefix(pattern, "%") && strings.HasSuffix(pattern, "%"):
		return truthOf(strings.Contains(s, inner))
	case strings.HasPrefix(pattern, "%"):
		return truthOf(strings.HasSuffix(s, inner))
	case strings.HasSuffix(pattern, "%"):
		return truthOf(strings.HasPrefix(s, inner))
	}
	return truthOf(s == inner)
}

var texts = []any{"x", "xy", "y", nil}

// literal is a random value for a column with its spelling, a parameter at times; parameters are :p0 … with the value in args.
func literal(r *rand.Rand, column string, args map[string]any) (string, any) {
	var v any
	switch column {
	case "A", "B":
		v = texts[r.IntN(len(texts))]
	case "N":
		v = int64(r.IntN(4)) - 1
	default:
		v = int64(r.IntN(2))
	}
	if r.IntN(5) == 0 {
		name := fmt.Sprintf("p%d", len(args))
		args[name] = v
		return ":" + name, v
	}
	switch v := v.(type) {
	case string:
		return "'" + v + "'", v
	case int64:
		return fmt.Sprint(v), v
	}
	return "NULL", nil
}

func randomLeaf(r *rand.Rand, args map[string]any) expr {
	column := []string{"A", "B", "N", "D"}[r.IntN(4)]
	spelled := []string{column, "t." + column, `"` + column + `"`, "[" + column + "]"}[r.IntN(4)]
	get := func(w row) any { return w.values[column] }
	switch r.IntN(11) {
	case 0, 1, 2:
		ops := []string{"=", "==", "<>", "!=", "<", "<=", ">", ">="}
		op := ops[r.IntN(len(ops))]
		text, v := literal(r, column, args)
		if r.IntN(4) == 0 {
			return expr{text + " " + op + " " + spelled, 3, func(w row) truth { return test(op, v, get(w)) }, true, true}
		}
		return expr{spelled + " " + op + " " + text, 3, func(w row) truth { return test(op, get(w), v) }, true, true}
	case 3, 4:
		var list []string
		var values []any
		for range r.IntN(3) + 1 {
			text, v := literal(r, column, args)
			list, values = append(list, text), append(values, v)
		}
		in := func(w row) truth {
			result := no
			for _, v := range values {
				result = max(result, test("=", get(w), v))
			}
			return result
		}
		if r.IntN(2) == 0 {
			return expr{spelled + " NOT IN (" + strings.Join(list, ", ") + ")", 3, func(w row) truth { return -in(w) }, true, true}
		}
		return expr{spelled + " IN (" + strings.Join(list, ", ") + ")", 3, in, true, true}
	case 5:
		low, a := literal(r, column, args)
		high, b := literal(r, column, args)
		between := func(w row) truth { return min(test(">=", get(w), a), test("<=", get(w), b)) }
		if r.IntN(2) == 0 {
			return expr{spelled + " NOT BETWEEN " + low + " AND " + high, 3, func(w row) truth { return -between(w) }, true, true}
		}
		return expr{spelled + " BETWEEN " + low + " AND " + high, 3, between, true, true}
	case 6:
		pattern := []string{"%x%", "x%", "%y", "X%", "xy"}[r.IntN(5)]
		if column != "B" {
			column, spelled = "A", "A"
		}
		if r.IntN(3) == 0 {
			return expr{spelled + " NOT LIKE '" + pattern + "'", 3, func(w row) truth { return -like(get(w), pattern) }, false, pattern != "xy"}
		}
		return expr{spelled + " LIKE '" + pattern + "'", 3, func(w row) truth { return like(get(w), pattern) }, pattern != "xy", false}
	case 7:
		if r.IntN(2) == 0 {
			return expr{spelled + " IS NULL", 3, func(w row) truth { return truthOf(get(w) == nil) }, true, true}
		}
		return expr{spelled + " IS NOT NULL", 3, func(w row) truth { return truthOf(get(w) != nil) }, true, true}
	case 8:
		column = "D"
		switch r.IntN(5) {
		case 0:
			return expr{"D IS TRUE", 3, func(w row) truth { return truthOf(get(w) == int64(1)) }, true, false}
		case 1:
			return expr{"D IS FALSE", 3, func(w row) truth { return truthOf(get(w) == int64(0)) }, true, false}
		case 2:
			return expr{"D IS NOT TRUE", 3, func(w row) truth { return truthOf(get(w) != int64(1)) }, false, true}
		case 3:
			return expr{"D IS NOT FALSE", 3, func(w row) truth { return truthOf(get(w) != int64(0)) }, false, true}
		}
		return expr{"D", 3, func(w row) truth { return test("=", get(w), int64(1)) }, true, true}
	case 9:
		return expr{"A = B", 3, func(w row) truth { return test("=", w.values["A"], w.values["B"]) }, false, false}
	}
	switch r.IntN(3) {
	case 0:
		return expr{"N + 1 = 2", 3, func(w row) truth { return test("=", w.values["N"], int64(1)) }, false, false}
	case 1:
		return expr{"A LIKE 'x!%' ESCAPE '!'", 3, func(w row) truth { return like(w.values["A"], "x!") }, false, false}
	}
	return expr{"A = 'X' COLLATE NOCASE", 3, func(w row) truth {
		if w.values["A"] == nil {
			return null
		}
		return truthOf(w.values["A"] == "x")
	}, false, false}
}

func randomExpr(r *rand.Rand, depth int, args map[string]any) expr {
	if depth == 0 {
		return randomLeaf(r, args)
	}
	switch r.IntN(7) {
	case 0, 1, 2:
		a, b := randomExpr(r, depth-1, args), randomExpr(r, depth-1, args)
		return expr{
			a.in(0, r) + " OR " + b.in(0, r), 0,
			func(w row) truth { return max(a.eval(w), b.eval(w)) }, a.plain && b.plain, a.neg && b.neg,
		}
	case 3, 4:
		a, b := randomExpr(r, depth-1, args), randomExpr(r, depth-1, args)
		return expr{
			a.in(1, r) + " AND " + b.in(1, r), 1,
			func(w row) truth { return min(a.eval(w), b.eval(w)) }, a.plain && b.plain, a.neg && b.neg,
		}
	case 5:
		a := randomExpr(r, depth-1, args)
		return expr{"NOT " + a.in(2, r), 2, func(w row) truth { return -a.eval(w) }, a.neg, a.plain}
	}
	return randomLeaf(r, args)
}

// holds evaluates a hint.
func holds(p Predicate, w row, args map[string]any) truth {
	switch p.Op {
	case And:
		result := yes
		for _, a := range p.Args {
			result = min(result, holds(a, w, args))
		}
		return result
	case Or:
		result := no
		for _, a := range p.Args {
			result = max(result, holds(a, w, args))
		}
		return result
	}
	have := w.values[p.Column]
	value := func(o Operand) any {
		if o.Param > 0 {
			return args[o.ParamName]
		}
		return o.Value
	}
	switch p.Cmp {
	case In:
		result := no
		for _, o := range p.Values {
			result = max(result, test("=", have, value(o)))
		}
		return result
	case Like:
		return like(have, value(p.Values[0]).(string))
	case IsNull:
		return truthOf(have == nil)
	case NotNull:
		return truthOf(have != nil)
	case IsTrue:
		return test("=", have, int64(1))
	case IsFalse:
		return test("=", have, int64(0))
	}
	return test([]string{"=", "<>", "<", "<=", ">", ">="}[p.Cmp], have, value(p.Values[0]))
}

func TestHintIsImplied(t *testing.T) {
	var rows []row
	for _, a := range texts {
		for _, b := range texts {
			for _, n := range []any{int64(-1), int64(0), int64(1), int64(2), nil} {
				for _, d := range []any{int64(0), int64(1), nil} {
					rows = append(rows, row{map[string]any{"A": a, "B": b, "N": n, "D": d}})
				}
			}
		}
	}
	r := rand.New(rand.NewPCG(7, 11))
	hinted, excluded, plain := 0, 0, 0
	for range 6000 {
		args := map[string]any{}
		// Nothing makes a D out of other numbers than 0 and 1, so IsTrue and IsFalse may be tested by equality.
		e := randomExpr(r, 1+r.IntN(3), args)
		sql := "SELECT * FROM t WHERE " + e.text
		hints := Hints(sql)
		if len(hints) == 0 {
			continue
		}
		hinted++
		analysis, err := dialect.ToSQLParser(sql)
		if err != nil {
			t.Fatal(err)
		}
		q, _ := parseQuery(analysis)
		if e.plain && q.where.op != condFalse {
			plain++
		}
		for _, w := range rows {
			where, hint := e.eval(w), holds(hints[0].Where, w, args)
			if where == yes && hint != yes {
				t.Fatalf("%s\nhint %s\nloses %v with %v", sql, show(hints[0].Where), w.values, args)
			}
			if hint != yes {
				excluded++
			}
			if e.plain && (holds(q.where.predicate(), w, args) == yes) != (where == yes) {
				t.Fatalf("%s\nread as %s\ndiffers for %v with %v", sql, show(q.where.predicate()), w.values, args)
			}
		}
	}
	t.Logf("%d hints, %d of plain conditions, exclude %d rows of %d", hinted, plain, excluded, hinted*len(rows))
	if hinted < 2000 || plain < 500 || excluded < hinted*10 {
		t.Errorf("hints are rarer than they should be: %d, %d of plain conditions, exclude %d rows", hinted, plain, excluded)
	}
}

func FuzzHints(f *testing.F) {
	f.Add("SELECT * FROM t WHERE a = 1 OR NOT b LIKE '%x%'")
	f.Add("SELECT TOP 5 * FROM [s].[t] x WHERE x.a IN (?, :b, $3) OR c IS TRUE")
	f.Fuzz(func(t *testing.T, sql string) {
		for _, h := range Hints(sql) {
			if h.Table == "" || show(h.Where) == "" {
				t.Errorf("hint without a table or condition: %+v", h)
			}
		}
		s := Classify(sql)
		if s.Kind.String() == "" || s.Offset > len(sql) || !strings.HasSuffix(sql, s.Inner) {
			t.Errorf("bad statement %+v", s)
		}
	})
}
