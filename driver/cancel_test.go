package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// soon is far longer than anything that returns at once needs, even on a busy machine.
const soon = 20 * time.Second

// within fails the test if f does not return soon.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(soon):
		t.Fatalf("%s did not return", what)
	}
}

// With a context that has ended before, nothing runs, by whatever way.
func TestContextCancelledBefore(t *testing.T) {
	db := openThings(t, nil)
	stmt, err := db.PrepareContext(t.Context(), "SELECT Id FROM Things")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	single, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = single.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	calls := map[string]func() error{
		"Query":      func() error { _, err := db.QueryContext(ctx, "SELECT 1"); return err },
		"QueryRow":   func() error { return db.QueryRowContext(ctx, "SELECT 1").Scan(new(int)) },
		"Exec":       func() error { _, err := db.ExecContext(ctx, "SELECT 1"); return err },
		"Prepare":    func() error { _, err := db.PrepareContext(ctx, "SELECT 1"); return err },
		"Stmt.Query": func() error { _, err := stmt.QueryContext(ctx); return err },
		"Stmt.Exec":  func() error { _, err := stmt.ExecContext(ctx); return err },
		"Begin":      func() error { _, err := db.BeginTx(ctx, nil); return err },
		"Ping":       func() error { return db.PingContext(ctx) },
		"Conn.Query": func() error { _, err := single.QueryContext(ctx, "SELECT 1"); return err },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
	// The same, below database/sql, which looks at the context itself.
	err = single.Raw(func(raw any) error {
		c := raw.(*conn)
		for name, call := range map[string]func() error{
			"Query":   func() error { _, err := c.QueryContext(ctx, "SELECT 1", nil); return err },
			"Exec":    func() error { _, err := c.ExecContext(ctx, "SELECT 1", nil); return err },
			"Prepare": func() error { _, err := c.PrepareContext(ctx, "SELECT 1"); return err },
			"Begin":   func() error { _, err := c.BeginTx(ctx, sqldriver.TxOptions{}); return err },
			"Ping":    func() error { return c.Ping(ctx) },
			"Connect": func() error { _, err := c.connector.Connect(ctx); return err },
		} {
			if err := call(); !errors.Is(err, context.Canceled) {
				t.Errorf("conn.%s: %v, want context.Canceled", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A call that waits for its first row returns when its context ends.
func TestContextCancelledWhileWaiting(t *testing.T) {
	slow := &thing{name: "Slow", rows: 100, blocked: make(chan struct{}, 1)}
	db := openThings(t, nil, slow)
	stmt, err := db.PrepareContext(t.Context(), "SELECT count(*) FROM Slow")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	for name, call := range map[string]func(context.Context) error{
		"Query":      func(ctx context.Context) error { _, err := db.QueryContext(ctx, "SELECT Id FROM Slow"); return err },
		"QueryRow":   func(ctx context.Context) error { return db.QueryRowContext(ctx, "SELECT Id FROM Slow").Scan(new(int)) },
		"Exec":       func(ctx context.Context) error { _, err := db.ExecContext(ctx, "SELECT Id FROM Slow"); return err },
		"Stmt.Query": func(ctx context.Context) error { _, err := stmt.QueryContext(ctx); return err },
		"Stmt.Exec":  func(ctx context.Context) error { _, err := stmt.ExecContext(ctx); return err },
		"Tx.Query": func(ctx context.Context) error {
			tx, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			_, err = tx.QueryContext(ctx, "SELECT Id FROM Slow")
			return err
		},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("the user pressed Ctrl-C")
		go func() {
			<-slow.blocked
			cancel(why)
		}()
		within(t, name, func() {
			if err := call(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v, want context.Canceled", name, err)
			}
		})
		cancel(nil)
	}
	// The connections are as good as before.
	var n int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM Things").Scan(&n); err != nil || n != 10 {
		t.Errorf("afterwards: %d, %v", n, err)
	}
}

// Rows that are being read end with an error when the context ends, not as if all were read.
func TestContextCancelledWhileReading(t *testing.T) {
	slow := &thing{name: "Slow", rows: 100, blockAfter: 4, blocked: make(chan struct{}, 1)}
	db := openThings(t, nil, slow)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	rows, err := db.QueryContext(ctx, "SELECT Id FROM Slow")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-slow.blocked
		cancel()
	}()
	within(t, "Next", func() {
		n := 0
		for rows.Next() {
			n++
		}
		if err := rows.Err(); n != 4 || !errors.Is(err, context.Canceled) {
			t.Errorf("%d rows and %v, want 4 and context.Canceled", n, err)
		}
	})
	if err := rows.Close(); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Close does not wait for a page that does not come.
func TestCloseWhileWaiting(t *testing.T) {
	slow := &thing{name: "Slow", rows: 100, blockAfter: 2, blocked: make(chan struct{}, 1)}
	db := openThings(t, nil, slow)
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	single, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = single.Close() }()
	err = single.Raw(func(raw any) error {
		result, err := raw.(*conn).QueryContext(ctx, "SELECT Id FROM Slow", nil)
		if err != nil {
			return err
		}
		within(t, "Close", func() {
			go func() {
				<-slow.blocked
				_ = result.(*rows).set.source.Close() // as awaitDone would, from another goroutine
			}()
			row := make([]sqldriver.Value, 1)
			for result.Next(row) == nil {
			}
			_ = result.Close()
		})
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A query for CPU alone, without any page, is stopped too.
func TestContextStopsSQLite(t *testing.T) {
	db := openThings(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	within(t, "QueryRow", func() {
		err := db.QueryRowContext(ctx,
			"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n").Scan(new(int))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want context.DeadlineExceeded", err)
		}
	})
}

// A request that hangs ends with the context, and the Timeout ends it as well.
func TestContextStopsRequests(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	fake.SetFaults(bitbucketfake.Faults{{Kind: bitbucketfake.FaultHang}})
	db := openDSN(t, fake.DSN())
	for name, call := range map[string]func(context.Context) error{
		"Ping": db.PingContext,
		"Query": func(ctx context.Context) error {
			_, err := db.QueryContext(ctx, "SELECT * FROM Repositories")
			return err
		},
		"QueryRow": func(ctx context.Context) error {
			return db.QueryRowContext(ctx, "SELECT count(*) FROM platform.Commits").Scan(new(int))
		},
		"Exec": func(ctx context.Context) error {
			_, err := db.ExecContext(ctx, "SELECT * FROM Repositories")
			return err
		},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		within(t, name, func() {
			if err := call(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v, want context.DeadlineExceeded", name, err)
			}
		})
		cancel()
	}
	impatient := openDSN(t, fake.DSN()+";Timeout=0.05")
	within(t, "Query", func() {
		var timeout *TimeoutError
		if _, err := impatient.QueryContext(t.Context(), "SELECT * FROM Repositories"); !errors.As(err, &timeout) {
			t.Errorf("%v, want a *TimeoutError", err)
		}
	})
}
