package driver

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"
)

func TestLifeCycle(t *testing.T) {
	db := openThings(t, nil)
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM Things WHERE Id <= ? ORDER BY Id", 3)
	got := collect(t, rows, err)
	want := [][]any{
		{int64(1), "thing", 0.5, true, time.Date(2026, 1, 1, 12, 0, 0, 5e8, time.UTC), `{"a":1}`},
		{int64(2), "thing", 1.0, false, time.Date(2026, 1, 2, 12, 0, 0, 5e8, time.UTC), `{"a":1}`},
		{int64(3), nil, nil, nil, nil, nil},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v, want\n%v", got, want)
	}
}

func TestManyQueryRow(t *testing.T) {
	db := openThings(t, nil)
	for i := range 200 {
		id := i%10 + 1
		var got int
		if err := db.QueryRowContext(t.Context(), "SELECT Id FROM Things WHERE Id = ?", id).Scan(&got); err != nil || got != id {
			t.Fatalf("Id = %d, %v; want %d", got, err, id)
		}
	}
	var none int
	if err := db.QueryRowContext(t.Context(), "SELECT Id FROM Things WHERE Id = 11").Scan(&none); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no row: %v", err)
	}
}

func TestCloseRowsEarly(t *testing.T) {
	db := openThings(t, nil)
	db.SetMaxOpenConns(1) // the connection must be free again
	for range 20 {
		rows, err := db.QueryContext(t.Context(), "SELECT Id FROM Things")
		if err != nil {
			t.Fatal(err)
		}
		if !rows.Next() {
			t.Fatal(rows.Err())
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if rows.Next() {
			t.Error("a row after Close")
		}
		if err := rows.Err(); err != nil {
			t.Errorf("Err after Close: %v", err)
		}
	}
}

func TestConcurrency(t *testing.T) {
	db := openThings(t, nil)
	db.SetMaxOpenConns(4)
	stmt, err := db.PrepareContext(t.Context(), "SELECT count(*) FROM Things WHERE Id <= ?")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	var wait sync.WaitGroup
	failures := make(chan error, 100)
	for worker := range 8 {
		wait.Go(func() {
			for i := range 10 {
				want := (worker+i)%10 + 1
				var got int
				var row *sql.Row
				if i%2 == 0 {
					row = stmt.QueryRowContext(t.Context(), want)
				} else {
					row = db.QueryRowContext(t.Context(), "SELECT count(*) FROM Things WHERE Id <= ?", want)
				}
				if err := row.Scan(&got); err != nil || got != want {
					failures <- fmt.Errorf("count %d, %w; want %d", got, err, want)
				}
			}
		})
	}
	wait.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
}

func TestNulls(t *testing.T) {
	db := openThings(t, nil)
	var title sql.NullString
	var score sql.NullFloat64
	var open sql.NullBool
	var created sql.NullTime
	row := db.QueryRowContext(t.Context(), "SELECT Title, Score, Open, CreatedOn FROM Things WHERE Id = 3")
	if err := row.Scan(&title, &score, &open, &created); err != nil {
		t.Fatal(err)
	}
	if title.Valid || score.Valid || open.Valid || created.Valid {
		t.Errorf("NULLs are %v %v %v %v", title, score, open, created)
	}
	var plain bool
	if err := db.QueryRowContext(t.Context(), "SELECT Open FROM Things WHERE Id = 3").Scan(&plain); err == nil {
		t.Errorf("NULL scans as %t", plain)
	}
}

func TestMaxRows(t *testing.T) {
	db := openThings(t, func(c *Config) { c.MaxRows = 3 })
	rows, err := db.QueryContext(t.Context(), "SELECT Id FROM Things")
	if got := collect(t, rows, err); len(got) != 3 {
		t.Errorf("%d rows, want 3", len(got))
	}
	var count int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM Things").Scan(&count); err != nil || count != 10 {
		t.Errorf("count = %d, %v: MaxRows must not cut what is counted", count, err)
	}
}

func TestPrepared(t *testing.T) {
	db := openThings(t, nil)
	stmt, err := db.PrepareContext(t.Context(), "SELECT Id, Open FROM Things WHERE Id > :low AND Id <= :high ORDER BY Id")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		rows, err := stmt.QueryContext(t.Context(), sql.Named("high", 2), sql.Named("low", 1))
		if got := collect(t, rows, err); !reflect.DeepEqual(got, [][]any{{int64(2), false}}) {
			t.Errorf("got %v", got)
		}
	}
	if _, err := stmt.QueryContext(t.Context(), 1); err == nil {
		t.Error("one argument for two parameters is accepted")
	}
	if err := stmt.Close(); err != nil {
		t.Error(err)
	}
	if _, err := stmt.QueryContext(t.Context(), 1, 2); err == nil {
		t.Error("a closed statement runs")
	}
	if _, err := db.PrepareContext(t.Context(), "SELECT 1; SELECT 2"); !errors.Is(err, ErrMultipleStatements) {
		t.Errorf("two statements: %v", err)
	}
	if _, err := db.PrepareContext(t.Context(), " -- nothing"); !errors.Is(err, ErrEmptyStatement) {
		t.Errorf("an empty statement: %v", err)
	}
}

// In a transaction a statement can have several sets of rows open, on one connection.
func TestPreparedTwiceInTx(t *testing.T) {
	db := openThings(t, nil)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	stmt, err := tx.PrepareContext(t.Context(), "SELECT Id FROM Things WHERE Id >= ? ORDER BY Id")
	if err != nil {
		t.Fatal(err)
	}
	first, err := stmt.QueryContext(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for want := 1; want <= 3; want++ {
		var got int
		if !first.Next() {
			t.Fatal(first.Err())
		}
		if err := first.Scan(&got); err != nil || got != want {
			t.Fatalf("Id %d, %v; want %d", got, err, want)
		}
		second, err := stmt.QueryContext(t.Context(), 8)
		if rest := collect(t, second, err); len(rest) != 3 {
			t.Fatalf("second rows: %v", rest)
		}
	}
	if err := errors.Join(first.Close(), stmt.Close(), tx.Commit()); err != nil {
		t.Error(err)
	}
}

func TestNextResultSet(t *testing.T) {
	db := openThings(t, nil)
	rows, err := db.QueryContext(t.Context(), `
		CREATE TEMP TABLE picked (Id INTEGER); -- no rows come of this; nor of the next
		INSERT INTO picked VALUES (?), (:more);
		SELECT Id FROM picked ORDER BY Id; ;
		SELECT 'x;y', :more, ?;`, 4, "last", sql.Named("more", 7))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var sets [][]any
	for more := true; more; more = rows.NextResultSet() {
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			row := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			sets = append(sets, row)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	want := [][]any{{int64(4)}, {int64(7)}, {"x;y", int64(7), "last"}}
	if !reflect.DeepEqual(sets, want) {
		t.Errorf("got %v, want %v", sets, want)
	}

	for text, args := range map[string][]any{
		"SELECT ?; SELECT ?": {1}, "SELECT 1; SELECT 2": {1}, "SELECT :a; SELECT :a": {sql.Named("b", 1)},
	} {
		rows, err := db.QueryContext(t.Context(), text, args...)
		if err == nil {
			for rows.NextResultSet() {
			}
			err = errors.Join(rows.Err(), rows.Close())
		}
		if err == nil {
			t.Errorf("%s with %v is accepted", text, args)
		}
	}
}

// The error of a later statement comes out of the iteration.
func TestNextResultSetFails(t *testing.T) {
	db := openThings(t, nil)
	rows, err := db.QueryContext(t.Context(), "SELECT 1;\nSELECT nope FROM Things")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() || rows.NextResultSet() {
		t.Fatal("the first set has a row, and there is no second")
	}
	var unknown *UnknownColumnError
	if !errors.As(rows.Err(), &unknown) || unknown.Line != 2 || unknown.Column != 8 {
		t.Errorf("got %v, want an UnknownColumnError in line 2, column 8", rows.Err())
	}
}

func TestExec(t *testing.T) {
	db := openThings(t, nil)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(t.Context(), "CREATE TEMP TABLE mine AS SELECT Id, CreatedOn FROM Things"); err != nil {
		t.Fatal(err)
	}
	res, err := conn.ExecContext(t.Context(), "DELETE FROM mine WHERE Id > @id", sql.Named("id", 4))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); n != 6 || err != nil {
		t.Errorf("RowsAffected = %d, %v; want 6", n, err)
	}
	if _, err := res.LastInsertId(); err == nil {
		t.Error("there is a LastInsertId")
	}
	for _, text := range []string{"", " ; -- nothing", "SELECT 1", "BEGIN; COMMIT", "SAVEPOINT a; RELEASE a", "DROP TABLE mine"} {
		if _, err := conn.ExecContext(t.Context(), text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTransactions(t *testing.T) {
	db := openThings(t, nil)
	for level := sql.LevelReadUncommitted; level <= sql.LevelLinearizable; level++ {
		if _, err := db.BeginTx(t.Context(), &sql.TxOptions{Isolation: level}); err == nil {
			t.Errorf("isolation level %s is accepted", level)
		}
	}
	tx, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM Things").Scan(&n); err != nil || n != 10 {
		t.Errorf("count = %d, %v", n, err)
	}
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if tx, err = conn.BeginTx(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.BeginTx(t.Context(), nil); !errors.Is(err, ErrNestedTransaction) {
		t.Errorf("a transaction in a transaction: %v", err)
	}
	if err := tx.Commit(); err != nil {
		t.Error(err)
	}
	if tx, err = conn.BeginTx(t.Context(), nil); err != nil {
		t.Errorf("a transaction after another: %v", err)
	} else if err := tx.Commit(); err != nil {
		t.Error(err)
	}
}

func TestStats(t *testing.T) {
	db := openThings(t, nil)
	ctx, stats := CollectStats(t.Context())
	for range 2 {
		rows, err := db.QueryContext(ctx, "SELECT Id FROM Things LIMIT 4")
		collect(t, rows, err)
	}
	if stats.Rows != 8 || stats.Requests != 0 {
		t.Errorf("stats = %+v, want 8 rows and no request", *stats)
	}
}
