//go:build cgo

package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"
)

func TestStatementDescription(t *testing.T) {
	p := people()
	p.cols[4].Type, p.cols[1].Type = "BOOLEAN", "TIMESTAMP_TEXT"
	c := open(t, p)
	s, err := c.Prepare(t.Context(), "SELECT Id AS n, Name, Active, Score + 1 FROM People WHERE Id = :id AND Name = ? AND Team = @t OR Id = :id ; -- done")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, w := fmt.Sprintf("%q %q %q %d %v %v", s.ParamNames(), s.Columns(), s.DeclTypes(), s.NumInput(), s.ReadOnly(), s.Empty()),
		`[":id" "" "@t"] ["n" "Name" "Active" "Score + 1"] ["INTEGER" "TIMESTAMP_TEXT" "BOOLEAN" ""] 3 true false`; got != w {
		t.Fatalf("got  %s\nwant %s", got, w)
	}
	args := []driver.NamedValue{{Name: "id", Ordinal: 1, Value: int64(2)}, {Ordinal: 2, Value: "x"}, {Name: "t", Ordinal: 3, Value: nil}}
	r, err := s.Query(t.Context(), args)
	if err != nil {
		t.Fatal(err)
	}
	dest := make([]driver.Value, 4)
	if err := r.Next(dest); err != nil || !reflect.DeepEqual(dest, []driver.Value{int64(2), "Bob", int64(0), 3.5}) {
		t.Fatal(dest, err)
	}
	if _, err := s.Query(t.Context(), args); err == nil {
		t.Fatal("a second run of a running statement")
	}
	r.Close()
	for _, bad := range [][]driver.NamedValue{
		args[:2],
		{{Name: "nope", Ordinal: 1, Value: nil}},
		append(args, driver.NamedValue{Ordinal: 4, Value: nil}),
		{args[0], {Ordinal: 2, Value: struct{}{}}, args[2]},
	} {
		if _, err := s.Query(t.Context(), bad); err == nil {
			t.Errorf("no error for %v", bad)
		}
	}
}

func TestValuesRoundTrip(t *testing.T) {
	c := open(t)
	s, err := c.Prepare(t.Context(), "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	long := strings.Repeat("é", 100_000)
	in := []any{nil, int64(math.MinInt64), 1.5, "", "a\x00b", []byte{}, []byte{0, 1}, true, long, time.Date(2024, 5, 6, 9, 8, 7, 120_000_000, time.FixedZone("", 7200))}
	r, err := s.Query(t.Context(), named(in))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dest := make([]driver.Value, len(in))
	if err := r.Next(dest); err != nil {
		t.Fatal(err)
	}
	if w := []driver.Value{nil, int64(math.MinInt64), 1.5, "", "a\x00b", []byte{}, []byte{0, 1}, int64(1), long, "2024-05-06 07:08:07.12"}; !reflect.DeepEqual(dest, w) {
		t.Fatalf("%v", dest)
	}
}

func TestScripts(t *testing.T) {
	c := open(t)
	if _, err := c.Prepare(t.Context(), "SELECT 1; SELECT 2"); !errors.Is(err, ErrMultipleStatements) {
		t.Fatal(err)
	}
	for _, sql := range []string{"", " ; ", "-- x", "/* x", "/* x */ ;"} {
		s, err := c.Prepare(t.Context(), sql)
		if err != nil || !s.Empty() || s.NumInput() != 0 {
			t.Fatalf("%q: %v", sql, err)
		}
		if _, err := s.Exec(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
	script, n := "CREATE TEMP TABLE t(x); INSERT INTO t VALUES (1), (2); /* end */ SELECT 1;; -- x\n", 0
	for script != "" {
		s, tail, err := c.PrepareNext(t.Context(), script)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Exec(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		s.Close()
		script = tail
		n++
	}
	if n != 3 {
		t.Fatalf("%d statements", n)
	}
	want(t, c, "1\n2", "SELECT x FROM t")
}

func TestExecResult(t *testing.T) {
	c := open(t)
	check := func(sql string, changed, id int64) {
		t.Helper()
		r := run1(t, c, sql)
		n, _ := r.RowsAffected()
		last, _ := r.LastInsertId()
		if n != changed || last != id {
			t.Fatalf("%s: %d rows, id %d", sql, n, last)
		}
	}
	check("CREATE TEMP TABLE t(x)", 0, 0)
	check("INSERT INTO t VALUES (1), (2), (3)", 3, 3)
	check("UPDATE t SET x = x + 1 WHERE x > 1 RETURNING x", 2, 3)
	check("SELECT * FROM t", 0, 3)
	check("CREATE TEMP TABLE u(x)", 0, 3)
	check("DELETE FROM t", 3, 3)
	check("BEGIN", 0, 3)
	if c.AutoCommit() {
		t.Fatal("no transaction")
	}
	check("INSERT INTO u VALUES (1)", 1, 1)
	check("ROLLBACK", 0, 1)
	want(t, c, "0", "SELECT count(*) FROM u")
}

// After a change of the schema SQLite compiles a statement anew.
func TestStatementAfterSchemaChange(t *testing.T) {
	c := open(t)
	run1(t, c, "CREATE TEMP TABLE t(a, b)")
	run1(t, c, "INSERT INTO t VALUES (1, 2)")
	s, err := c.Prepare(t.Context(), "SELECT * FROM t")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	run1(t, c, "ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'three'")
	r, err := s.Query(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dest := make([]driver.Value, 3)
	if err := r.Next(dest); err != nil || fmt.Sprint(r.Columns(), dest) != "[a b c] [1 2 three]" {
		t.Fatal(r.Columns(), dest, err)
	}
	r.Close()
	run1(t, c, "DROP TABLE t")
	run1(t, c, "CREATE TEMP TABLE t(x BLOB, y, z)")
	if r, err = s.Query(t.Context(), nil); err != nil || fmt.Sprintf("%q %q", r.Columns(), s.DeclTypes()) != `["x" "y" "z"] ["BLOB" "" ""]` {
		t.Fatal(r.Columns(), err)
	}
	if err := r.Next(dest); err != io.EOF {
		t.Fatal(err)
	}
}

func TestAttach(t *testing.T) {
	c := open(t)
	odd := people()
	odd.name, odd.cols[1].Name = `We"ird [x]`, `Na"me ü`
	if err := c.Attach(`my "schema"-1`, []Table{odd, teams()}, map[string]string{"Reds": "SELECT * FROM Teams WHERE Team = 'red'"}); err != nil {
		t.Fatal(err)
	}
	want(t, c, "Ann", `SELECT "Na""me ü" FROM "my ""schema""-1"."We""ird [x]" WHERE Id = 1`)
	want(t, c, "red|Ann", `SELECT * FROM "my ""schema""-1".Reds`)
	for _, schema := range []string{"main", "temp"} {
		p := people()
		p.name = "P_" + schema
		if err := c.Attach(schema, []Table{p}, nil); err != nil {
			t.Fatal(err)
		}
		want(t, c, "7", "SELECT count(*) FROM "+schema+".P_"+schema)
	}
	if got := fmt.Sprint(c.Attached()); got != `[my "schema"-1]` {
		t.Fatal(got)
	}
	// A failure leaves nothing behind.
	bad := people()
	bad.cols = nil
	if err := c.Attach("half", []Table{teams(), bad}, nil); err == nil || len(c.Attached()) != 1 {
		t.Fatal(err, c.Attached())
	}
	if err := c.Attach("half", []Table{teams()}, map[string]string{"V": "SELECT * FROM nowhere("}); err == nil {
		t.Fatal("no error")
	}
	bad.name = "Bad"
	n := len(c.tables)
	if err := c.Attach("main", []Table{teams(), bad}, nil); err == nil || len(c.tables) != n {
		t.Fatal(err, len(c.tables), n)
	}
	want(t, c, "0", "SELECT count(*) FROM main.sqlite_master WHERE name LIKE '%Teams'")
	again := people()
	again.name = "p_MAIN"
	if err := c.Attach("main", []Table{again}, nil); err == nil || !strings.Contains(err.Error(), "already a table named p_MAIN") {
		t.Fatal(err)
	}
	// Nobody else can write to the schema's own table.
	if _, err := query(t.Context(), c, "DELETE FROM sqlite_master"); err == nil {
		t.Fatal("the schema is writable")
	}
	if err := c.Attach("s2", []Table{people()}, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Attach("S2", nil, nil); err == nil || len(c.Attached()) != 2 {
		t.Fatal("attached twice", err)
	}
	// In use.
	s, _ := c.Prepare(t.Context(), "SELECT * FROM s2.People")
	r, err := s.Query(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Detach("s2"); err == nil {
		t.Fatal("detached in use")
	}
	r.Close()
	s.Close()
	if err := c.Detach("s2"); err != nil {
		t.Fatal(err)
	}
	if _, err := query(t.Context(), c, "SELECT * FROM s2.People"); err == nil {
		t.Fatal("still there")
	}
	// SQLite's limit.
	for i := len(c.Attached()); i < 10; i++ {
		if err := c.Attach(fmt.Sprintf("x%d", i), []Table{people()}, nil); err != nil {
			t.Fatal(err)
		}
	}
	err = c.Attach("eleventh", nil, nil)
	var se *SQLError
	if !errors.As(err, &se) || !strings.Contains(err.Error(), "too many attached databases") {
		t.Fatal(err)
	}
}

// Inside a transaction of the user's, attaching must work too, and a rollback must not break the tables.
func TestAttachInTransaction(t *testing.T) {
	c := open(t, people())
	run1(t, c, "BEGIN")
	run1(t, c, "CREATE TEMP TABLE x(a)")
	if err := c.Attach("later", []Table{teams()}, nil); err != nil {
		t.Fatal(err)
	}
	want(t, c, "3", "SELECT count(*) FROM later.Teams")
	run1(t, c, "COMMIT")
	want(t, c, "3", "SELECT count(*) FROM later.Teams")
	// Beside a running statement.
	s, err := c.Prepare(t.Context(), "SELECT Id FROM People")
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Query(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Attach("beside", []Table{teams()}, nil); err != nil {
		t.Fatal(err)
	}
	rows := 0
	if err := r.each(1, func([]Value) { rows++ }); err != nil || rows != 7 {
		t.Fatal(rows, err)
	}
	want(t, c, "3", "SELECT count(*) FROM beside.Teams")
	s.Close()
	if err := c.Detach("beside"); err != nil {
		t.Fatal(err)
	}
	run1(t, c, "BEGIN")
	run1(t, c, "CREATE TEMP TABLE y(a)")
	run1(t, c, "ROLLBACK")
	want(t, c, "3|7", "SELECT (SELECT count(*) FROM later.Teams), (SELECT count(*) FROM S.People)")
}

func TestParallelConnections(t *testing.T) {
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for range 5 {
				c, err := Open(Config{})
				if err != nil {
					t.Error(err)
					return
				}
				p := people()
				p.take = takeEQ
				if err := c.Attach("S", []Table{p, teams()}, nil); err != nil {
					t.Error(err)
				}
				got, err := query(context.Background(), c, "SELECT count(*), ? FROM People p JOIN Teams t ON p.Team = t.Team", int64(g))
				if err != nil || got != fmt.Sprintf("5|%d", g) {
					t.Error(got, err)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// Connections that others open with mattn's driver must not get our module, authorizer or collation, even at the same time.
func TestForeignConnections(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				c, err := Open(Config{})
				if err != nil {
					t.Error(err)
					return
				}
				c.Close()
			}
		})
		wg.Go(func() {
			for range 10 {
				db := sql.OpenDB(foreign{})
				for sql, ok := range map[string]bool{
					"CREATE VIRTUAL TABLE v USING bitbucketsql(1)": false, "SELECT 1 COLLATE TIMESTAMP": true,
					"SELECT 'a' < 'b' COLLATE TIMESTAMP": false, "ATTACH ':memory:' AS x": true, "SELECT DATEADD('day', 1, '2024-01-01')": false,
				} {
					if _, err := db.Exec(sql); (err == nil) != ok {
						t.Errorf("%s: %v", sql, err)
					}
				}
				db.Close()
			}
		})
	}
	wg.Wait()
}

type foreign struct{}

func (foreign) Connect(context.Context) (driver.Conn, error) {
	return (&sqlite3.SQLiteDriver{}).Open(":memory:")
}
func (foreign) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

func TestAuthorizer(t *testing.T) {
	c := open(t, people(), teams())
	run1(t, c, "CREATE TEMP TABLE before(x)")
	for _, sql := range []string{
		"CREATE TEMP TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)", "INSERT INTO t(a) SELECT Name FROM People", "CREATE INDEX temp.i ON t(a)",
		"CREATE TEMP VIEW v AS SELECT * FROM S.People", "SELECT * FROM v",
		"ALTER TABLE t RENAME COLUMN a TO b",
		"CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET b = b || 'x' WHERE id = new.id; END", "INSERT INTO t(b) VALUES ('q')",
		"ALTER TABLE t ADD COLUMN c", "ALTER TABLE t DROP COLUMN c", "ALTER TABLE t RENAME TO t2",
		"UPDATE t2 SET b = 'z'", "DELETE FROM t2 WHERE id = 1", "REINDEX temp.i", "ANALYZE temp.t2", "CREATE TEMP TABLE copy AS SELECT * FROM Teams",
		"DROP TRIGGER g", "DROP INDEX temp.i", "DROP VIEW v", "DROP TABLE t2",
		"BEGIN", "SAVEPOINT a", "RELEASE a", "COMMIT", "EXPLAIN QUERY PLAN SELECT * FROM People",
		"PRAGMA table_info(People)", "PRAGMA S.table_xinfo('Teams')", "PRAGMA database_list", "PRAGMA function_list", "PRAGMA collation_list",
		"PRAGMA user_version", "SELECT * FROM pragma_table_info('People')", "SELECT * FROM pragma_table_list", "SELECT * FROM S.sqlite_master",
		"SELECT json_extract('{\"a\":1}', '$.a')", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 3) SELECT * FROM n",
	} {
		if _, err := query(t.Context(), c, sql); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	for sql, w := range map[string]string{
		"ATTACH ':memory:' AS m":                            "ATTACH :memory:",
		"ATTACH 'x' || 'y' AS m":                            "ATTACH",
		"DETACH S":                                          "DETACH S",
		"CREATE TABLE t(x)":                                 "CREATE TABLE t in schema main",
		"CREATE TABLE S.t(x)":                               "CREATE TABLE t in schema S",
		"CREATE VIEW S.t AS SELECT 1":                       "CREATE VIEW t in schema S",
		"DROP TABLE S.\"~People\"":                          "DROP VIRTUAL TABLE ~People in schema S",
		"DROP VIEW S.People":                                "DROP VIEW People in schema S",
		"INSERT INTO People(Id) VALUES (1)":                 "INSERT INTO People in schema S",
		"INSERT INTO S.\"~People\"(Id) VALUES (1)":          "INSERT INTO ~People in schema S",
		"CREATE VIRTUAL TABLE temp.x USING fts4(a)":         "CREATE VIRTUAL TABLE x in schema temp",
		"CREATE VIRTUAL TABLE temp.x USING bitbucketsql(1)": "CREATE VIRTUAL TABLE x in schema temp",
		"PRAGMA user_version = 3":                           "PRAGMA user_version",
		"PRAGMA writable_schema = 1":                        "PRAGMA writable_schema",
		"PRAGMA case_sensitive_like = 1":                    "PRAGMA case_sensitive_like",
		"PRAGMA temp_store_directory = '/tmp'":              "PRAGMA temp_store_directory",
		"SELECT load_extension('x')":                        "function load_extension",
		"VACUUM":                                            "ATTACH",
		"VACUUM INTO '/tmp/bb-engine-test.db'":              "ATTACH",
		"ANALYZE S":                                         "",
		"ALTER TABLE S.\"~People\" RENAME TO x":             "ALTER TABLE ~People in schema S",
	} {
		_, err := query(t.Context(), c, sql)
		var de *DeniedError
		var se *SQLError
		if !errors.As(err, &de) || !strings.HasPrefix(de.Error(), w) || !strings.Contains(de.Error(), "is not allowed") {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		if !errors.As(err, &se) || se.Code == 0 {
			t.Errorf("%s: %#v", sql, se)
		}
	}
	// Some are refused by SQLite before it asks, and a user's trigger does not open a view.
	run1(t, c, "CREATE TEMP TRIGGER ins INSTEAD OF INSERT ON S.People BEGIN SELECT 1; END")
	run1(t, c, "CREATE TEMP TRIGGER del INSTEAD OF DELETE ON S.People BEGIN SELECT 1; END")
	for _, sql := range []string{
		"UPDATE People SET Id = 1", "DELETE FROM People", `UPDATE S."~People" SET Id = 1`, "DELETE FROM main.sqlite_master", "UPDATE S.sqlite_master SET sql = ''",
		"INSERT INTO sqlite_temp_master(name) VALUES ('x')", "INSERT INTO People(Id) VALUES (1)",
	} {
		if _, err := query(t.Context(), c, sql); err == nil {
			t.Errorf("%s passed", sql)
		}
	}
	want(t, c, "7", "SELECT count(*) FROM People")
}

func TestRegisterFunctions(t *testing.T) {
	c := open(t, people())
	fail := &httpError{418}
	for _, f := range []Function{
		{Name: "twice", Args: 1, Call: func(a []Value) (Value, error) { return toText(a[0]) + toText(a[0]), nil }},
		{Name: "argc", Args: -1, Call: func(a []Value) (Value, error) { return len(a), nil }},
		{Name: "fails", Args: 1, Call: func(a []Value) (Value, error) { return nil, fail }},
		{Name: "odd", Args: 0, Call: func(a []Value) (Value, error) { return struct{}{}, nil }},
	} {
		if err := c.RegisterFunc(f); err != nil {
			t.Fatal(err)
		}
	}
	want(t, c, "abab|0|12|11", "SELECT twice('ab'), argc(), argc(1,2,3,4,5,6,7,8,9,10,11,12), twice(1)")
	var he *httpError
	if _, err := query(t.Context(), c, "SELECT fails(Id) FROM People"); !errors.As(err, &he) {
		t.Fatal(err)
	}
	if _, err := query(t.Context(), c, "SELECT odd()"); err == nil || !strings.Contains(err.Error(), "function odd") {
		t.Fatal(err)
	}
	if _, err := query(t.Context(), c, "SELECT twice()"); err == nil {
		t.Fatal("wrong number of arguments")
	}
	if err := c.RegisterFunc(Function{Name: strings.Repeat("x", 300), Call: nil}); err == nil {
		t.Fatal("a name that is too long")
	}
	if err := c.RegisterAggregate(Aggregate{Name: "bad", Args: 1, New: func() Aggregator { return badAggregate{} }}); err != nil {
		t.Fatal(err)
	}
	if _, err := query(t.Context(), c, "SELECT bad(Id) FROM People GROUP BY Team"); !errors.Is(err, errBadAggregate) {
		t.Fatal(err)
	}
	if n := live.aggs.Load(); n != 0 {
		t.Fatalf("%d aggregates left", n)
	}
}

var errBadAggregate = errors.New("bad aggregate")

type badAggregate struct{}

func (badAggregate) Step([]Value) error    { return errBadAggregate }
func (badAggregate) Final() (Value, error) { return nil, nil }
