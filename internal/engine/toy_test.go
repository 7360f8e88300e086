//go:build cgo

package engine

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/leak"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

func TestMain(m *testing.M) {
	secretscan.Main(func() {
		code := leak.Main(m)
		if n := liveObjects(); n != "" && code == 0 {
			fmt.Println("leaked:", n)
			code = 1
		}
		os.Exit(code)
	})
}

// liveObjects names what is still open; empty when nothing is.
func liveObjects() string {
	var out []string
	for _, o := range []struct {
		name string
		n    int64
	}{
		{"connections", live.conns.Load()},
		{"cursors", live.cursors.Load()},
		{"statements", live.stmts.Load()},
		{"aggregates", live.aggs.Load()},
	} {
		if o.n != 0 {
			out = append(out, fmt.Sprintf("%d %s", o.n, o.name))
		}
	}
	return strings.Join(out, ", ")
}

// toy is a table over rows in memory. It filters by the constraints it takes, sorts if it takes ORDER BY, and remembers
// what it was asked.
type toy struct {
	name string
	cols []Column
	rows [][]Value
	size int // rows of a page, default 3

	take      func(Constraint) bool // which constraints to take; default none
	list      bool                  // take IN lists whole
	order     bool                  // take ORDER BY
	limit     bool                  // take LIMIT and OFFSET
	best      func(*Index) error    // replaces BestIndex
	onOpen    func() error
	onFilter  func(context.Context) error
	onNext    func(context.Context, int) error // with the number of the page
	onlyUsed  bool                             // pages hold only the columns used
	noIDs     bool
	sloppy    bool // Filter lets all rows pass
	asked     []Index
	filters   [][]Arg
	pages     int
	closed    int
	lastUsed  uint64
	emptyPage bool // an empty page before each page
}

func (t *toy) Name() string      { return t.name }
func (t *toy) Columns() []Column { return t.cols }

func (t *toy) BestIndex(_ context.Context, ix *Index) error {
	defer func() { t.asked = append(t.asked, *ix) }()
	if t.best != nil {
		return t.best(ix)
	}
	var plan []string
	n := 0
	for i, k := range ix.Constraints {
		if !k.Usable {
			continue
		}
		limit := k.Op == OpLimit || k.Op == OpOffset
		// Rows may be cut off only in the order that the statement wants.
		ordered := len(ix.OrderBy) == 0 || t.order && len(ix.OrderBy) == 1
		if limit && (!t.limit || !ordered) || !limit && (t.take == nil || !t.take(k)) {
			continue
		}
		n++
		ix.Usage[i] = Usage{Arg: n, In: k.In && t.list, Omit: limit}
		plan = append(plan, fmt.Sprintf("%d %d", k.Op, k.Column))
	}
	if t.order && len(ix.OrderBy) == 1 {
		ix.OrderByConsumed = true
		ix.IdxNum = 1 + ix.OrderBy[0].Column*2 + btoi(ix.OrderBy[0].Desc)
	}
	ix.EstimatedCost, ix.EstimatedRows = 1e6/float64(1+n*n*100), int64(1000/(1+n*10))
	ix.IdxStr = strings.Join(plan, ",") + fmt.Sprintf(";%d", ix.ColumnsUsed)
	return nil
}

func (t *toy) Open() (Cursor, error) {
	if t.onOpen != nil {
		if err := t.onOpen(); err != nil {
			return nil, err
		}
	}
	return &toyCursor{t: t}, nil
}

type toyCursor struct {
	t     *toy
	used  []int
	ids   []int
	empty bool
	n     int
}

func (c *toyCursor) Close() error { c.t.closed++; return nil }

func (c *toyCursor) Filter(ctx context.Context, num int, str string, args []Arg) error {
	t := c.t
	t.filters = append(t.filters, args)
	if t.onFilter != nil {
		if err := t.onFilter(ctx); err != nil {
			return err
		}
	}
	plan, used, _ := strings.Cut(str, ";")
	var mask uint64
	fmt.Sscan(used, &mask)
	t.lastUsed = mask
	c.used, c.ids, c.n = nil, nil, 0
	for i := range t.cols {
		if !t.onlyUsed || mask>>min(i, 63)&1 == 1 {
			c.used = append(c.used, i)
		}
	}
	for id := range t.rows {
		if t.matches(id, plan, args) {
			c.ids = append(c.ids, id)
		}
	}
	if num > 0 {
		col, desc := (num-1)/2, (num-1)%2 == 1
		slices.SortStableFunc(c.ids, func(a, b int) int {
			r := compareValues(t.rows[a][col], t.rows[b][col])
			if desc {
				return -r
			}
			return r
		})
	}
	if t.limit {
		c.cut(plan, args)
	}
	return nil
}

func (c *toyCursor) cut(plan string, args []Arg) {
	limit, offset := len(c.ids), 0
	for i, term := range strings.Split(plan, ",") {
		if strings.HasPrefix(term, "73 ") {
			limit = int(args[i].Value.(int64))
		} else if strings.HasPrefix(term, "74 ") {
			offset = int(args[i].Value.(int64))
		}
	}
	c.ids = c.ids[min(offset, len(c.ids)):]
	if limit >= 0 {
		c.ids = c.ids[:min(limit, len(c.ids))]
	}
}

func (t *toy) matches(id int, plan string, args []Arg) bool {
	if plan == "" || t.sloppy {
		return true
	}
	for i, term := range strings.Split(plan, ",") {
		var op, col int
		fmt.Sscan(term, &op, &col)
		var v Value = int64(id + 1)
		if col >= 0 {
			v = t.rows[id][col]
		}
		a := args[i]
		ok := true
		switch {
		case a.IsList:
			ok = slices.ContainsFunc(a.List, func(x Value) bool { return x != nil && compareValues(v, x) == 0 })
		case Op(op) == OpEQ:
			ok = v != nil && a.Value != nil && compareValues(v, a.Value) == 0
		case Op(op) == OpGT:
			ok = v != nil && a.Value != nil && compareValues(v, a.Value) > 0
		}
		if !ok {
			return false
		}
	}
	return true
}

func (c *toyCursor) Next(ctx context.Context) (*page.Page, error) {
	t := c.t
	c.n++
	if t.onNext != nil {
		if err := t.onNext(ctx, c.n); err != nil {
			return nil, err
		}
	}
	if t.emptyPage && !c.empty {
		c.empty = true
		return &page.Page{Columns: c.used}, nil
	}
	c.empty = false
	if len(c.ids) == 0 {
		return nil, io.EOF
	}
	size := t.size
	if size == 0 {
		size = 3
	}
	size = min(size, len(c.ids))
	p := &page.Page{Columns: c.used, Rows: size}
	for _, id := range c.ids[:size] {
		for _, col := range c.used {
			switch v := t.rows[id][col].(type) {
			case nil:
				p.AppendNull()
			case int64:
				p.AppendInt(v)
			case float64:
				p.AppendFloat(v)
			case string:
				p.AppendString(v)
			default:
				return nil, fmt.Errorf("toy: %T", v)
			}
		}
		if !t.noIDs {
			p.RowIDs = append(p.RowIDs, int64(id+1))
		}
	}
	c.ids = c.ids[size:]
	t.pages++
	return p, nil
}

// compareValues orders by SQLite's classes: NULL, numbers, texts.
func compareValues(a, b Value) int {
	class := func(v Value) int {
		switch v.(type) {
		case nil:
			return 0
		case int64, float64:
			return 1
		}
		return 2
	}
	if r := cmp.Compare(class(a), class(b)); r != 0 || a == nil {
		return r
	}
	if s, ok := a.(string); ok {
		return cmp.Compare(s, b.(string))
	}
	num := func(v Value) float64 {
		if i, ok := v.(int64); ok {
			return float64(i)
		}
		return v.(float64)
	}
	return cmp.Compare(num(a), num(b))
}

func cols(spec ...string) []Column {
	out := make([]Column, len(spec))
	for i, s := range spec {
		name, typ, _ := strings.Cut(s, " ")
		out[i] = Column{Name: name, Type: typ}
	}
	return out
}

// people and teams are the usual tables of the tests.
func people() *toy {
	return &toy{
		name: "People", cols: cols("Id INTEGER", "Name TEXT", "Team TEXT", "Score REAL", "Active BOOLEAN"),
		rows: [][]Value{
			{int64(1), "Ann", "red", 1.5, int64(1)},
			{int64(2), "Bob", "blue", 2.5, int64(0)},
			{int64(3), "Cid", nil, nil, int64(1)},
			{int64(4), "Dee", "red", 4.0, nil},
			{int64(5), "Eve", "green", 0.5, int64(1)},
			{int64(6), "", "blue", -1.0, int64(0)},
			{int64(7), "Zoë", "red", 7.25, int64(1)},
		},
	}
}

func teams() *toy {
	return &toy{
		name: "Teams", cols: cols("Team TEXT", "Lead TEXT"),
		rows: [][]Value{{"red", "Ann"}, {"blue", "Bob"}, {"black", nil}},
	}
}

func open(t testing.TB, tables ...Table) *Conn {
	t.Helper()
	c, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	if len(tables) > 0 {
		if err := c.Attach("S", tables, nil); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func named(args []any) []driver.NamedValue {
	out := make([]driver.NamedValue, len(args))
	for i, a := range args {
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return out
}

// query runs a statement and returns its rows as text: cells parted by |, rows by newline, NULL as ∅.
func query(ctx context.Context, c *Conn, sql string, args ...any) (string, error) {
	s, err := c.Prepare(ctx, sql)
	if err != nil {
		return "", err
	}
	defer s.Close()
	r, err := s.Query(ctx, named(args))
	if err != nil {
		return "", err
	}
	defer r.Close()
	var out []string
	dest := make([]driver.Value, len(r.Columns()))
	for {
		if err := r.Next(dest); err == io.EOF {
			return strings.Join(out, "\n"), nil
		} else if err != nil {
			return "", err
		}
		cells := make([]string, len(dest))
		for i, v := range dest {
			if cells[i] = fmt.Sprint(v); v == nil {
				cells[i] = "∅"
			}
		}
		out = append(out, strings.Join(cells, "|"))
	}
}

func want(t *testing.T, c *Conn, expected, sql string, args ...any) {
	t.Helper()
	got, err := query(t.Context(), c, sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	if got != expected {
		t.Fatalf("%s\n got: %q\nwant: %q", sql, got, expected)
	}
}

func run1(t *testing.T, c *Conn, sql string, args ...any) driver.Result {
	t.Helper()
	r, err := execSQL(t.Context(), c, sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return r
}

func execSQL(ctx context.Context, c *Conn, sql string, args ...any) (driver.Result, error) {
	s, err := c.Prepare(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.Exec(ctx, named(args))
}
