//go:build cgo

package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/panics"
)

type httpError struct{ status int }

func (e *httpError) Error() string { return fmt.Sprintf("status %d", e.status) }

// Every callback's error must be found by errors.As, and the connection must work afterwards.
func TestErrorsCrossSQLite(t *testing.T) {
	fail := fmt.Errorf("people: %w", &httpError{403})
	for name, set := range map[string]func(*toy){
		"BestIndex": func(p *toy) { p.best = func(*Index) error { return fail } },
		"Open":      func(p *toy) { p.onOpen = func() error { return fail } },
		"Filter":    func(p *toy) { p.onFilter = func(context.Context) error { return fail } },
		"Next first": func(p *toy) {
			p.onNext = func(_ context.Context, n int) error { return fail }
		},
		"Next later": func(p *toy) {
			p.onNext = func(_ context.Context, n int) error {
				if n == 2 {
					return fail
				}
				return nil
			}
		},
		"Next broken off": func(p *toy) {
			p.onNext = func(_ context.Context, n int) error { return fmt.Errorf("%w: %w", fail, io.EOF) }
		},
	} {
		for _, sql := range []string{
			"SELECT * FROM People", "SELECT count(*) FROM People p JOIN Teams t ON t.Team = p.Team",
			"INSERT INTO temp.sink SELECT Name FROM People", "INSERT OR IGNORE INTO temp.sink SELECT Name FROM People",
			"SELECT coalesce((SELECT Name FROM People WHERE Id > 4), 'none')",
		} {
			p := people()
			c := open(t, p, teams())
			run1(t, c, "CREATE TEMP TABLE sink(x)")
			set(p)
			_, err := query(t.Context(), c, sql)
			var he *httpError
			if !errors.As(err, &he) || !errors.Is(err, fail) {
				t.Fatalf("%s, %s: %v (%T)", name, sql, err, err)
			}
			want(t, c, "0", "SELECT count(*) FROM temp.sink")
			p.best, p.onOpen, p.onFilter, p.onNext = nil, nil, nil, nil
			want(t, c, "7", "SELECT count(*) FROM People")
		}
	}
}

func TestPanicsBecomeErrors(t *testing.T) {
	boom := errors.New("boom")
	for name, set := range map[string]func(*toy){
		"BestIndex": func(p *toy) { p.best = func(*Index) error { panic(boom) } },
		"Open":      func(p *toy) { p.onOpen = func() error { panic(boom) } },
		"Filter":    func(p *toy) { p.onFilter = func(context.Context) error { panic(boom) } },
		"Next":      func(p *toy) { p.onNext = func(context.Context, int) error { panic(boom) } },
	} {
		p := people()
		c := open(t, p)
		set(p)
		_, err := query(t.Context(), c, "SELECT * FROM People")
		var pe *panics.Error
		if !errors.As(err, &pe) || !errors.Is(err, boom) || !strings.Contains(string(pe.Stack), "toy_test.go") {
			t.Fatalf("%s: %v", name, err)
		}
	}
	c := open(t)
	if err := c.RegisterFunc(Function{Name: "bang", Args: 0, Call: func([]Value) (Value, error) { panic("no error value") }}); err != nil {
		t.Fatal(err)
	}
	var pe *panics.Error
	if _, err := query(t.Context(), c, "SELECT bang()"); !errors.As(err, &pe) || pe.Value != "no error value" {
		t.Fatal(err)
	}
	want(t, c, "1", "SELECT 1")
}

func TestPanicWhileCursorCloses(t *testing.T) {
	c := open(t, closePanics{people()})
	want(t, c, "7", "SELECT count(*) FROM People")
}

type closePanics struct{ *toy }

func (c closePanics) Open() (Cursor, error) {
	cur, err := c.toy.Open()
	return closePanicsCursor{cur}, err
}

type closePanicsCursor struct{ Cursor }

func (closePanicsCursor) Close() error { panic("close") }

// A table that breaks the contract must not crash the process.
func TestBadTables(t *testing.T) {
	bad := func(p *page.Page) *fixed { return &fixed{toy: people(), p: p} }
	cell := page.Cell{Kind: page.Text, V: 0, Len: 5}
	for name, p := range map[string]*page.Page{
		"cells":   {Columns: []int{0, 1}, Rows: 2, Cells: make([]page.Cell, 3)},
		"ids":     {Columns: []int{0}, Rows: 2, Cells: make([]page.Cell, 2), RowIDs: []int64{1}},
		"column":  {Columns: []int{9}, Rows: 1, Cells: make([]page.Cell, 1)},
		"text":    {Columns: []int{1}, Rows: 1, Cells: []page.Cell{cell}, Text: []byte("abc")},
		"offset":  {Columns: []int{1}, Rows: 1, Cells: []page.Cell{{Kind: page.Text, V: -1, Len: 1}}, Text: []byte("abc")},
		"no page": nil,
	} {
		c := open(t, bad(p))
		if _, err := query(t.Context(), c, "SELECT * FROM People"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, best := range map[string]func(*Index) error{
		"gap":        func(ix *Index) error { ix.Usage[0].Arg = 2; return nil },
		"twice":      func(ix *Index) error { ix.Usage[0].Arg = 1; ix.Usage[1].Arg = 1; return nil },
		"list":       func(ix *Index) error { ix.Usage[0] = Usage{Arg: 1, In: true}; return nil },
		"too short":  func(ix *Index) error { ix.Usage = nil; return nil },
		"NUL":        func(ix *Index) error { ix.IdxStr = "a\x00b"; return nil },
		"not usable": func(ix *Index) error { ix.Constraints[0].Usable = false; ix.Usage[0].Arg = 1; return nil },
	} {
		p := people()
		p.best = best
		c := open(t, p)
		if _, err := query(t.Context(), c, "SELECT * FROM People WHERE Id = 1 AND Name = 'x'"); err == nil || !strings.Contains(err.Error(), "BestIndex") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type fixed struct {
	*toy
	p *page.Page
}

func (f *fixed) Open() (Cursor, error) { return &fixedCursor{p: f.p}, nil }

type fixedCursor struct {
	p    *page.Page
	done bool
}

func (f *fixedCursor) Filter(context.Context, int, string, []Arg) error { return nil }
func (f *fixedCursor) Close() error                                     { return nil }
func (f *fixedCursor) Next(context.Context) (*page.Page, error) {
	if f.done {
		return nil, io.EOF
	}
	f.done = true
	return f.p, nil
}

func TestSQLErrors(t *testing.T) {
	c := open(t, people())
	for sql, w := range map[string]SQLError{
		"SELECT Nope FROM People":          {1, 1, "no such column: Nope", 7},
		`SELECT 1 FRUM x`:                  {1, 1, "near ", 14},
		"SELECT * FROM Missing":            {1, 1, "no such table: Missing", -1},
		`SELECT "Nope" FROM People`:        {1, 1, `no such column: "Nope"`, 7},
		"SELECT 1 \x00":                    {1, 1, "the statement holds a NUL character", 9},
		"SELECT abs(-9223372036854775808)": {1, 1, "integer overflow", -1},
	} {
		_, err := query(t.Context(), c, sql)
		var se *SQLError
		if !errors.As(err, &se) {
			t.Fatalf("%s: %v", sql, err)
		}
		if SQLiteVersion() < "3.46" {
			w.Message = strings.ReplaceAll(w.Message, `"`, "") // older libraries word it so
		}
		if !strings.HasPrefix(se.Message, w.Message) || se.Code != w.Code || se.Offset != w.Offset {
			t.Errorf("%s: %+v", sql, *se)
		}
	}
	run1(t, c, "CREATE TEMP TABLE u(x UNIQUE)")
	run1(t, c, "INSERT INTO u VALUES (1)")
	_, err := execSQL(t.Context(), c, "INSERT INTO u VALUES (1)")
	var se *SQLError
	if !errors.As(err, &se) || se.Code != 19 || se.ExtendedCode != 2067 {
		t.Fatalf("%#v", err)
	}
}

func TestCancelGoCallbacks(t *testing.T) {
	for _, where := range []string{"Filter", "Next", "second Next"} {
		started := make(chan struct{})
		block := func(ctx context.Context) error {
			close(started)
			<-ctx.Done()
			return fmt.Errorf("GET failed: %w", context.Cause(ctx))
		}
		p := people()
		switch where {
		case "Filter":
			p.onFilter = block
		case "Next":
			p.onNext = func(ctx context.Context, _ int) error { return block(ctx) }
		default:
			p.onNext = func(ctx context.Context, n int) error {
				if n == 2 {
					return block(ctx)
				}
				return nil
			}
		}
		c := open(t, p)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-started; cancel() }()
		_, err := query(ctx, c, "SELECT * FROM People")
		if err != context.Canceled { //nolint:errorlint // exactly the context's error
			t.Fatalf("%s: %v", where, err)
		}
		p.onFilter, p.onNext = nil, nil
		want(t, c, "7", "SELECT count(*) FROM People")
	}
}

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

func TestCancelSQLiteWork(t *testing.T) {
	c := open(t, people())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := query(ctx, c, endless); err != context.DeadlineExceeded { //nolint:errorlint // exactly
		t.Fatal(err)
	}
	ctx2, cancel2 := context.WithCancelCause(t.Context())
	cause := errors.New("enough requests")
	time.AfterFunc(10*time.Millisecond, func() { cancel2(cause) })
	if _, err := query(ctx2, c, endless); !errors.Is(err, cause) || !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := query(ctx2, c, "SELECT 1"); !errors.Is(err, cause) {
		t.Fatal(err)
	}
	want(t, c, "7", "SELECT count(*) FROM People")
}

// Cancelling one statement must leave the other open ones of the connection alone, and each callback gets the context of
// its own statement.
func TestStatementsSideBySide(t *testing.T) {
	type key struct{}
	p := people()
	p.size = 1
	var seen []any
	p.onNext = func(ctx context.Context, _ int) error {
		seen = append(seen, ctx.Value(key{}))
		return ctx.Err()
	}
	c := open(t, p)
	start := func(name string) (*Stmt, *Rows, context.CancelFunc) {
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, name))
		s, err := c.Prepare(ctx, "SELECT Id FROM People")
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Query(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s, r, cancel
	}
	sa, a, cancelA := start("a")
	sb, b, cancelB := start("b")
	defer cancelB()
	dest := make([]driver.Value, 1)
	for i := range 3 {
		for _, r := range []*Rows{a, b} {
			if err := r.Next(dest); err != nil || dest[0] != int64(i+1) {
				t.Fatal(dest, err)
			}
		}
	}
	// A first step for each, then they alternate.
	if got := fmt.Sprint(seen); got != "[a b a b a b]" {
		t.Fatal(got)
	}
	cancelA()
	if err := a.Next(dest); err != context.Canceled { //nolint:errorlint // exactly
		t.Fatal(err)
	}
	for i := 3; i < 7; i++ {
		if err := b.Next(dest); err != nil || dest[0] != int64(i+1) {
			t.Fatal(dest, err)
		}
	}
	if err := b.Next(dest); err != io.EOF {
		t.Fatal(err)
	}
	for _, f := range []func() error{a.Close, b.Close, a.Close, sa.Close, sb.Close, sb.Close} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestInterrupt(t *testing.T) {
	c := open(t)
	c.Interrupt() // nothing runs
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-time.After(time.Millisecond):
				c.Interrupt()
			case done <- struct{}{}:
				return
			}
		}
	}()
	_, err := query(context.Background(), c, endless)
	<-done
	if !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	<-done
	want(t, c, "1", "SELECT 1")
}

func TestClosed(t *testing.T) {
	c, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Attach("S", []Table{people()}, nil); err != nil {
		t.Fatal(err)
	}
	s, err := c.Prepare(t.Context(), "SELECT * FROM People")
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Query(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if n := live.cursors.Load(); n != 0 {
		t.Fatalf("%d cursors", n)
	}
	if err := r.Next(make([]driver.Value, 5)); err != ErrClosed {
		t.Fatal(err)
	}
	if _, err := s.Query(t.Context(), nil); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	if _, err := c.Prepare(t.Context(), "SELECT 1"); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	for _, f := range []func() error{r.Close, s.Close, c.Close, c.Close} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	c.Interrupt()
}
