package thirdparty

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/XSAM/otelsql"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// openOtel opens a database through otelsql's wrapper and counts the spans that it makes.
func openOtel(t *testing.T) (*sql.DB, func() map[otelsql.Method]int) {
	t.Helper()
	fake := startFake(t, small)
	var mu sync.Mutex
	spans := make(map[otelsql.Method]int)
	db, err := otelsql.Open("bitbucket", fake.DSN(), otelsql.WithSpanOptions(otelsql.SpanOptions{
		Ping: true,
		SpanFilter: func(_ context.Context, method otelsql.Method, _ string, _ []sqldriver.NamedValue) bool {
			mu.Lock()
			defer mu.Unlock()
			spans[method]++
			return true
		},
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, func() map[otelsql.Method]int {
		mu.Lock()
		defer mu.Unlock()
		return spans
	}
}

func TestOtelsql(t *testing.T) {
	db, spans := openOtel(t)
	if err := db.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(t.Context(), "SELECT Id, Draft, CreatedOn, MergeCommitHash FROM platform.PullRequests WHERE State = @state ORDER BY Id",
		sql.Named("state", "MERGED"))
	if err != nil {
		t.Fatal(err)
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(types)) // the wrapper has no ScanType
	for i := range types {
		names[i] = types[i].DatabaseTypeName()
	}
	if want := []string{"INTEGER", "BOOLEAN", "TIMESTAMP", "TEXT"}; !slices.Equal(names, want) {
		t.Errorf("column types %v, want %v", names, want)
	}
	count := 0
	for rows.Next() {
		var id, draft, created, merge any
		if err := rows.Scan(&id, &draft, &created, &merge); err != nil {
			t.Fatal(err)
		}
		for i, value := range []any{id, draft, created, merge} {
			if got, want := reflect.TypeOf(value), []reflect.Type{
				reflect.TypeFor[int64](), reflect.TypeFor[bool](), reflect.TypeFor[time.Time](), reflect.TypeFor[string](),
			}[i]; got != want {
				t.Errorf("%s scans as %v, want %v", types[i].Name(), got, want)
			}
		}
		count++
	}
	if err := rows.Err(); err != nil || count == 0 {
		t.Errorf("%d rows, %v", count, err)
	}

	statement, err := db.PrepareContext(t.Context(), "SELECT count(*) FROM platform.PullRequests WHERE State = ?")
	if err != nil {
		t.Fatal(err)
	}
	var merged int
	if err := statement.QueryRowContext(t.Context(), "MERGED").Scan(&merged); err != nil || merged != count {
		t.Errorf("%d merged, %v; want %d", merged, err, count)
	}
	if err := statement.Close(); err != nil {
		t.Error(err)
	}

	// What the driver offers beyond the least: the wrapper must not hide it.
	if _, err := db.ExecContext(t.Context(), "DELETE FROM platform.PullRequests"); !errors.Is(err, driver.ErrReadOnly) {
		t.Errorf("DELETE: %v", err)
	}
	ctx, stats := driver.CollectStats(t.Context())
	if _, err := collect(ctx, db, "SELECT Title FROM platform.PullRequests"); err != nil || stats.Requests == 0 || stats.Rows != small.PullRequests {
		t.Errorf("stats %+v, %v", *stats, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := collect(cancelled, db, "SELECT Title FROM platform.PullRequests"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, method := range []otelsql.Method{
		otelsql.MethodConnPing, otelsql.MethodConnQuery, otelsql.MethodConnPrepare, otelsql.MethodStmtQuery, otelsql.MethodRows,
	} {
		if spans()[method] == 0 {
			t.Errorf("no span of %s: %v", method, spans())
		}
	}
}
