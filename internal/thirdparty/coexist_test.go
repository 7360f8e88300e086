package thirdparty

import (
	"database/sql"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"

	_ "github.com/seed281e34fa/bitbucketsql/driver"
)

// A program's own SQLite databases are as they were: the driver's tables, modules and functions stay out of them.
func TestPlainSQLiteBesideTheDriver(t *testing.T) {
	fake := startFake(t, small)
	db, _ := openRecorded(t, fake.DSN())
	plain, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = plain.Close() }()
	plain.SetMaxOpenConns(1)
	for range 3 {
		if got := run(t, db, "SELECT count(*) FROM Repositories")[0][0]; got != int64(small.Repositories) {
			t.Errorf("%v repositories", got)
		}
		if _, err := plain.ExecContext(t.Context(), "CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)"); err != nil {
			t.Fatal(err)
		}
	}
	if got := run(t, plain, "SELECT count(*) FROM t")[0][0]; got != int64(3) {
		t.Errorf("%v rows in the plain table, want 3", got)
	}
	if _, err := collect(t.Context(), plain, "SELECT * FROM Repositories"); err == nil || !strings.Contains(err.Error(), "no such table") {
		t.Errorf("Repositories in a plain database: %v", err)
	}
	modules := run(t, plain, "SELECT group_concat(name, ' ') FROM pragma_module_list")
	if names, _ := modules[0][0].(string); strings.Contains(names, "bitbucket") {
		t.Errorf("modules of a plain database: %s", names)
	}
}
