package differential

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// answer is what a statement gave.
type answer struct {
	columns []string
	rows    []string // each in a spelling that tells values and types apart
	err     error
}

// mode is a way to run a statement.
type mode struct {
	name string
	run  func(ctx context.Context, text string, args []any) answer
}

// harness runs statements in every mode. Its first mode is the truth.
type harness struct {
	server *bitbucketfake.Server
	oracle *oracle
	modes  []mode
}

// raced says that the race detector runs. It makes the reading of whole tables ten times as slow, and finds no race there that
// it does not find in the other ways; the tests without it compare all of them.
var raced bool

func newHarness(t testing.TB, repositories ...string) *harness {
	return newHarnessOf(t, bitbucketfake.Config{}, repositories...)
}

func newHarnessOf(t testing.TB, config bitbucketfake.Config, repositories ...string) *harness {
	config.Token = fakeToken
	server := bitbucketfake.New(config)
	if err := server.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	h := &harness{server: server, oracle: newOracle(t, server, repositories...)}
	h.modes = append(h.modes, mode{"plain SQLite tables", h.oracle.run})
	ways := []struct{ name, properties string }{
		{"push-down", ""},
		{"push-down with short pages", ";Pagesize=10;MaxInFlight=3"},
		{"no push-down", ";PushDown=false"},
	}
	if raced {
		ways = ways[:2]
	}
	for _, m := range ways {
		dsn := strings.Replace(server.DSN(), "Schema=Information", "Schema="+repositories[0], 1) + ";MaxRequests=0;IncludeDeleted=true;Verbosity=5;Logfile=" +
			secretscan.LogPath() + m.properties
		db, err := sql.Open("bitbucket", dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		h.modes = append(h.modes, mode{m.name, func(ctx context.Context, text string, args []any) answer { return query(ctx, db, text, args) }})
	}
	return h
}

// query runs a statement through database/sql.
func query(ctx context.Context, db *sql.DB, text string, args []any) (a answer) {
	defer func() { _ = secretscan.Error(a.err) }()
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return answer{err: err}
	}
	defer rows.Close()
	if a.columns, a.err = rows.Columns(); a.err != nil {
		return a
	}
	values := make([]any, len(a.columns))
	into := make([]any, len(a.columns))
	for i := range values {
		into[i] = &values[i]
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return answer{err: err}
	}
	for rows.Next() {
		if a.err = rows.Scan(into...); a.err != nil {
			return a
		}
		for i, v := range values {
			if at, ok := v.(time.Time); ok && types[i].DatabaseTypeName() == "DATE" {
				values[i] = at.Format(time.DateOnly)
			}
		}
		a.rows = append(a.rows, spell(values))
	}
	a.err = rows.Err()
	return a
}

// run runs a statement over the plain tables.
func (o *oracle) run(ctx context.Context, text string, args []any) (a answer) {
	o.ensure(text)
	rewritten, err := dialect.ToSQLite(text)
	if err != nil {
		return answer{err: err}
	}
	s, err := o.conn.Prepare(ctx, rewritten.SQL)
	if err != nil {
		return answer{err: err}
	}
	defer s.Close()
	var named []sqldriver.NamedValue
	for i, arg := range args {
		v := sqldriver.NamedValue{Ordinal: i + 1, Value: arg}
		if n, ok := arg.(sql.NamedArg); ok {
			v.Value = n.Value
			for _, p := range rewritten.Params {
				if p.Name == n.Name {
					v.Ordinal = p.Index
				}
			}
		}
		if at, ok := v.Value.(time.Time); ok {
			v.Value = timestamp.Format(at)
		}
		if i, ok := v.Value.(int); ok {
			v.Value = int64(i)
		}
		named = append(named, v)
	}
	rows, err := s.Query(ctx, named)
	if err != nil {
		return answer{err: err}
	}
	defer rows.Close()
	a.columns = slices.Clone(rows.Columns())
	values := make([]sqldriver.Value, len(a.columns))
	for {
		err := rows.Next(values)
		if errors.Is(err, io.EOF) {
			return a
		}
		if err != nil {
			a.err = err
			return a
		}
		row := make([]any, len(values))
		for i, v := range values {
			row[i] = v
		}
		a.rows = append(a.rows, spell(row))
	}
}

// spell writes a row so that equal rows have equal spellings: the driver shows booleans and timestamps as such, SQLite as
// numbers and text. JSON is compared by value, since its members have no order.
func spell(row []any) string {
	var b strings.Builder
	for _, v := range row {
		switch x := v.(type) {
		case time.Time:
			v = timestamp.Format(x)
		case bool:
			v = int64(0)
			if x {
				v = int64(1)
			}
		case []byte:
			v = string(x)
		}
		if s, ok := v.(string); ok && (strings.HasPrefix(s, "{\"") || strings.HasPrefix(s, "[{") || strings.HasPrefix(s, "[\"")) {
			var parsed any
			if json.Unmarshal([]byte(s), &parsed) == nil {
				if again, err := json.Marshal(parsed); err == nil {
					v = "json " + string(again)
				}
			}
		}
		fmt.Fprintf(&b, "%T %v | ", v, v)
	}
	return b.String()
}

// reporter is a test, or a property's.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// check runs a statement in every mode and wants the same answer.
func (h *harness) check(t reporter, text string, args []any, ordered bool) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	want := h.modes[0].run(ctx, text, args)
	if want.err != nil {
		t.Errorf("%s: %v\n%s", h.modes[0].name, want.err, text)
		return want
	}
	if !ordered {
		slices.Sort(want.rows)
	}
	answers := make([]answer, len(h.modes))
	var wg sync.WaitGroup
	for i := 1; i < len(h.modes); i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			answers[i] = h.modes[i].run(ctx, text, args)
		}()
	}
	wg.Wait()
	for i := 1; i < len(h.modes); i++ {
		got, name := answers[i], h.modes[i].name
		if got.err != nil {
			t.Errorf("%s: %v\n%s", name, got.err, text)
			continue
		}
		if !ordered {
			slices.Sort(got.rows)
		}
		if !slices.Equal(got.columns, want.columns) {
			t.Errorf("%s: columns %q, want %q\n%s", name, got.columns, want.columns, text)
		}
		if !slices.Equal(got.rows, want.rows) {
			t.Errorf("%s: %d rows, want %d; %s\n%s\n%v", name, len(got.rows), len(want.rows), difference(got.rows, want.rows), text, args)
		}
	}
	return want
}

// difference is the first rows that differ.
func difference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return fmt.Sprintf("row %d is missing: %.600s", i+1, want[i])
		case i >= len(want):
			return fmt.Sprintf("row %d is too much: %.600s", i+1, got[i])
		case got[i] != want[i]:
			return fmt.Sprintf("row %d is\n  %.900s\nwant\n  %.900s", i+1, got[i], want[i])
		}
	}
	return "equal"
}
