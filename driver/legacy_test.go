package driver

import (
	sqldriver "database/sql/driver"
	"errors"
	"io"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// The methods without a context, which database/sql does not call, work all the same.
func TestMethodsWithoutContext(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	opened, err := Driver{}.Open(fake.DSN())
	if err != nil {
		t.Fatal(err)
	}
	c := opened.(*conn)
	defer func() { _ = c.Close() }()
	tx, err := c.Begin()
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := c.Prepare("SELECT Slug FROM Repositories WHERE Slug = ?")
	if err != nil {
		t.Fatal(err)
	}
	s := prepared.(*stmt)
	if n := s.NumInput(); n != 1 {
		t.Errorf("NumInput = %d", n)
	}
	rows, err := s.Query([]sqldriver.Value{"platform"})
	if err != nil {
		t.Fatal(err)
	}
	row := make([]sqldriver.Value, len(rows.Columns()))
	if err := rows.Next(row); err != nil || row[0] != "platform" {
		t.Errorf("got %v, %v", row, err)
	}
	if err := rows.Next(row); !errors.Is(err, io.EOF) {
		t.Errorf("after the last row: %v", err)
	}
	if err := errors.Join(rows.Close(), rows.Close()); err != nil {
		t.Error(err)
	}
	if _, err := s.Exec([]sqldriver.Value{"platform"}); err != nil {
		t.Error(err)
	}
	if err := errors.Join(s.Close(), s.Close(), tx.Commit()); err != nil {
		t.Error(err)
	}
}

// EXPLAIN has rows and sends nothing, prepared or not.
func TestExplain(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	for _, prepare := range []bool{false, true} {
		for text, args := range map[string][]any{
			"EXPLAIN SELECT * FROM platform.PullRequests WHERE State = 'OPEN'": nil,
			"EXPLAIN SELECT * FROM platform.PullRequests WHERE Id = ?":         {7},
			"EXPLAIN QUERY PLAN SELECT Slug FROM Repositories":                 nil,
		} {
			rows, err := query(t, db, prepare, text, args)
			if got := collect(t, rows, err); len(got) == 0 {
				t.Errorf("%s: no rows", text)
			}
		}
	}
	var unknown *UnknownTableError
	if _, err := db.QueryContext(t.Context(), "EXPLAIN SELECT * FROM Repositores"); !errors.As(err, &unknown) {
		t.Errorf("an unknown table: %v", err)
	}
	if n := fake.Stats().Requests; n != 0 {
		t.Errorf("EXPLAIN sent %d requests: %v", n, fake.Stats().Log)
	}
}
