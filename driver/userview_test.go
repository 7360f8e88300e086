package driver

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

const viewsText = `{
  "OpenPulls": {"query": "SELECT Id, Title, State, AuthorName FROM platform.PullRequests WHERE State = 'OPEN'", "note": "kept"},
  "AllPulls": {"query": "SELECT RepositorySlug, Id, Title, State, CreatedOn FROM Workspace.PullRequests -- every repository\n;"},
  "Mixed": {"query": "SELECT p.Id, r.Slug FROM UserViews.OpenPulls p JOIN Repositories r ON r.Slug = 'platform'"},
  "Top3": {"query": "SELECT TOP 3 [Id] FROM platform.PullRequests ORDER BY Id"},
  "PullRequests": {"query": "SELECT 'mine' AS Whose"},
  "Sums": {"query": "WITH OpenPulls AS (SELECT 1 AS n) SELECT n FROM OpenPulls"},
  "NoTable": {"query": "SELECT * FROM platform.PullReqests"},
  "NoColumn": {"query": "SELECT Id,\n Titel FROM platform.PullRequests"},
  "NotSQL": {"query": "SELECT FROM WHERE"},
  "NoQuery": {"query": "DELETE FROM platform.PullRequests"},
  "Two": {"query": "SELECT 1; SELECT 2"},
  "Given": {"query": "SELECT Id FROM platform.PullRequests WHERE Id = ?"},
  "Snake": {"query": "SELECT * FROM Tail"},
  "Tail": {"query": "SELECT * FROM UserViews.Snake"},
  "OnBroken": {"query": "SELECT * FROM NoColumn"},
  "Empty": {}
}`

// viewsFile writes a file of views.
func viewsFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "views.json")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func all(t *testing.T, db *sql.DB, text string, args ...any) [][]any {
	t.Helper()
	rows, err := db.Query(text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return collect(t, rows, nil)
}

func TestUserViews(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 200})
	for _, properties := range []string{"", ";Schema=platform", ";PushDown=false"} {
		db := openDSN(t, dsn(fake)+properties+";UserDefinedViews="+viewsFile(t, viewsText))
		for view, table := range map[string]string{
			"SELECT * FROM UserViews.OpenPulls ORDER BY Id":                                                                            "SELECT Id, Title, State, AuthorName FROM platform.PullRequests WHERE State = 'OPEN' ORDER BY Id",
			"SELECT * FROM OpenPulls WHERE Id > 100 ORDER BY Id":                                                                       "SELECT Id, Title, State, AuthorName FROM platform.PullRequests WHERE State = 'OPEN' AND Id > 100 ORDER BY Id",
			"SELECT o.Id FROM [UserViews].[OpenPulls] o, AllPulls AS a WHERE o.Id = a.Id AND a.RepositorySlug = 'platform' ORDER BY 1": "SELECT Id FROM platform.PullRequests WHERE State = 'OPEN' ORDER BY Id",
			"SELECT UserViews.OpenPulls.Id, OpenPulls.Title FROM Bitbucket.\"userviews\".`openpulls` ORDER BY userviews.OpenPulls.Id":  "SELECT Id, Title FROM platform.PullRequests WHERE State = 'OPEN' ORDER BY Id",
			"SELECT UserViews.OpenPulls.* FROM UserViews.OpenPulls ORDER BY Id":                                                        "SELECT Id, Title, State, AuthorName FROM platform.PullRequests WHERE State = 'OPEN' ORDER BY Id",
			"SELECT Slug, Id FROM Mixed ORDER BY Id":                                                                                   "SELECT 'platform', Id FROM platform.PullRequests WHERE State = 'OPEN' ORDER BY Id",
			"SELECT COUNT(*) FROM AllPulls LEFT JOIN UserViews.Top3 t3 USING (Id) WHERE t3.Id":                                         "SELECT COUNT(*) FROM Workspace.PullRequests WHERE Id IN (1, 2, 3)",
			"SELECT * FROM Top3":                   "SELECT Id FROM platform.PullRequests WHERE Id <= 3 ORDER BY Id",
			"SELECT * FROM UserViews.PullRequests": "SELECT 'mine'",
			"SELECT PullRequests.Whose, p.Id FROM UserViews.PullRequests, platform.PullRequests p WHERE p.Id = 5": "SELECT 'mine', 5",
			"SELECT * FROM Sums": "SELECT 1",
			"WITH OpenPulls(a) AS (SELECT 7) SELECT * FROM OpenPulls":                                         "SELECT 7",
			"SELECT (SELECT COUNT(*) FROM OpenPulls), EXISTS (SELECT 1 FROM UserViews.AllPulls WHERE Id = 1)": "SELECT (SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN'), 1",
		} {
			got, want := all(t, db, view), all(t, db, table)
			if len(want) == 0 {
				t.Errorf("%s: nothing to compare with", table)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s %s:\n%v, want\n%v", properties, view, got, want)
			}
		}
	}
	// A table wins over a view where the name is not qualified.
	db := openDSN(t, dsn(fake)+";Schema=platform;UserDefinedViews="+viewsFile(t, viewsText))
	if n := len(all(t, db, "SELECT Id FROM PullRequests")); n != 200 {
		t.Errorf("PullRequests: %d rows", n)
	}
	// And so does what was created on the connection.
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TEMP TABLE Top3 AS SELECT 9 AS Id"); err != nil {
		t.Fatal(err)
	}
	if got := all(t, db, "SELECT * FROM Top3"); !reflect.DeepEqual(got, [][]any{{int64(9)}}) {
		t.Errorf("temporary Top3: %v", got)
	}
	if got := all(t, db, "SELECT * FROM UserViews.Top3"); len(got) != 3 {
		t.Errorf("UserViews.Top3: %v", got)
	}
}

func TestUserViewsSchemaName(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN()+";UserViewsSchemaName=mine;UserDefinedViews="+viewsFile(t, viewsText))
	if got := all(t, db, "SELECT mine.Top3.Id FROM mine.Top3"); len(got) != 3 {
		t.Errorf("%v", got)
	}
	if err := queryAll(t, db, "SELECT * FROM UserViews.Top3"); err == nil {
		t.Error("the default name still means the schema")
	}
	for _, name := range []string{"Information", "WORKSPACE", "temp", "information_schema", "a b"} {
		c := NewConfig()
		c.AccessToken, c.UserViewsSchemaName = "t", name
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "UserViewsSchemaName") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a statement asks of a view reaches Bitbucket as if it had asked the table.
func TestUserViewsArePushedDown(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 2000})
	db := openDSN(t, fake.DSN()+";UserDefinedViews="+viewsFile(t, viewsText))
	for _, test := range []struct {
		view, table string
		requests    int // 0: as many as the table's
	}{
		{"SELECT * FROM UserViews.OpenPulls WHERE Id = 4", "SELECT Id, Title, State, AuthorName FROM platform.PullRequests WHERE State = 'OPEN' AND Id = 4", 1},
		{"SELECT COUNT(*) FROM OpenPulls", "SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN'", 1},
		{"SELECT Id FROM OpenPulls WHERE Id < 40", "SELECT Id FROM platform.PullRequests WHERE State = 'OPEN' AND Id < 40", 1},
		{"SELECT Id FROM OpenPulls ORDER BY Id DESC LIMIT 5", "SELECT Id FROM platform.PullRequests WHERE State = 'OPEN' ORDER BY Id DESC LIMIT 5", 1},
		{"SELECT Title FROM AllPulls WHERE RepositorySlug = 'platform' AND Id IN (3, 5, 7)", "SELECT Title FROM Workspace.PullRequests WHERE RepositorySlug = 'platform' AND Id IN (3, 5, 7)", 1},
		{"SELECT COUNT(*) FROM AllPulls WHERE RepositorySlug = ? AND State = 'MERGED'", "SELECT COUNT(*) FROM Workspace.PullRequests WHERE RepositorySlug = ? AND State = 'MERGED'", 1},
	} {
		var args []any
		if strings.Contains(test.view, "?") {
			args = []any{"platform"}
		}
		fake.Reset()
		want := all(t, db, test.table, args...)
		table := fake.Stats().Log
		fake.Reset()
		got := all(t, db, test.view, args...)
		view := fake.Stats().Log
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(view, table) || len(view) != test.requests {
			t.Errorf("%s: %v by\n%s\nwant %v by %d requests\n%s", test.view, got, strings.Join(view, "\n"), want, test.requests, strings.Join(table, "\n"))
		}
	}
	if plan := all(t, db, "EXPLAIN SELECT Id FROM OpenPulls WHERE Id = 5"); len(plan) != 1 || !strings.Contains(plan[0][3].(string), "/pullrequests/5") {
		t.Errorf("EXPLAIN: %v", plan)
	}
}

// A broken view is nobody's trouble but of the one who uses it.
func TestBrokenUserViews(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN()+";UserDefinedViews="+viewsFile(t, viewsText))
	for text, want := range map[string]string{
		"SELECT * FROM NoTable":                        "the view UserViews.NoTable is broken: no such table: platform.PullReqests; did you mean",
		"SELECT Id FROM UserViews.NoColumn":            `the view UserViews.NoColumn is broken: line 2, column 2: no such column: Titel; did you mean "Title"`,
		"SELECT * FROM NotSQL":                         `the view UserViews.NotSQL is broken: line 1, column 8: syntax error near "FROM"`,
		"SELECT * FROM NoQuery":                        "the view UserViews.NoQuery is broken: a view is a SELECT, and this is DELETE",
		"SELECT * FROM Two":                            "2 statements",
		"SELECT * FROM Given":                          "cannot have a parameter",
		"SELECT * FROM Snake":                          "it is defined by itself",
		"SELECT * FROM OnBroken":                       "the view UserViews.OnBroken is broken: the view UserViews.NoColumn is broken: line 2, column 2",
		"SELECT * FROM UserViews.Empty":                `it has no "query"`,
		"SELECT * FROM UserViews.OpenPull":             `no such table: UserViews.OpenPull; did you mean "UserViews.OpenPulls"`,
		"SELECT * FROM OpnPulls":                       `did you mean "UserViews.OpenPulls"`,
		"SELECT Nope FROM UserViews.Top3":              "no such column: Nope",
		"SELECT Id FROM UserViews.Top3 WHERE Nope = 1": "line 1, column 37: no such column: Nope",
	} {
		for range 2 {
			err := queryAll(t, db, text)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", text, err, want)
			}
			var broken *ViewError
			if strings.Contains(want, "broken") && (!errors.As(err, &broken) || broken.Unwrap() == nil) {
				t.Errorf("%s: %v is no ViewError", text, err)
			}
		}
	}
	if n := len(all(t, db, "SELECT * FROM OpenPulls")); n == 0 {
		t.Error("a good view gives nothing")
	}
	for text, want := range map[string]string{
		"[]": "it is not a JSON object", "{": "it is not JSON: unexpected end", `{"a": {"query": "SELECT 1"}, "A": {"query": "SELECT 2"}}`: "two views of the name A",
	} {
		db := openDSN(t, fake.DSN()+";UserDefinedViews="+viewsFile(t, text))
		for _, query := range []string{
			"SELECT * FROM UserViews.v", "SELECT * FROM v", "CREATE LOCAL VIEW v AS SELECT 1",
			"SELECT * FROM sys_tables WHERE SchemaName = 'UserViews'", "SELECT * FROM information_schema.views",
		} {
			if err := queryAll(t, db, query); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s of %s: %v", query, text, err)
			}
		}
		if got := all(t, db, "SELECT Slug FROM Repositories WHERE Slug = 'platform'"); len(got) != 1 {
			t.Errorf("another table: %v", got)
		}
		if got := all(t, db, "SELECT * FROM sys_tables WHERE TableName = 'PullRequests'"); len(got) == 0 {
			t.Error("a list of all tables has none")
		}
	}
}

func TestLocalViews(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 50})
	path := filepath.Join(t.TempDir(), "new.json")
	db, other := openDSN(t, fake.DSN()+";UserDefinedViews="+path), openDSN(t, fake.DSN()+";UserDefinedViews="+path)
	db.SetMaxOpenConns(1)
	other.SetMaxOpenConns(1)
	exec := func(text string) {
		t.Helper()
		if _, err := db.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	ids := func(db *sql.DB, text string) (out []int64) {
		t.Helper()
		for _, row := range all(t, db, text) {
			out = append(out, row[0].(int64))
		}
		return out
	}
	if err := queryAll(t, other, "SELECT * FROM UserViews.Some"); err == nil {
		t.Error("there is a view without a file")
	}
	exec("CREATE LOCAL VIEW [Some] AS SELECT Id FROM platform.PullRequests WHERE Id < 3 AND Title <> '>' ORDER BY Id")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	if text, _ := os.ReadFile(path); !strings.Contains(string(text), `"query": "SELECT Id FROM platform.PullRequests WHERE Id < 3 AND Title <> '>' ORDER BY Id"`) {
		t.Errorf("the file: %s", text)
	}
	// Prepared statements and open rows live through changes.
	prepared, err := other.Prepare("SELECT Id FROM Some ORDER BY Id")
	if err != nil {
		t.Fatal(err)
	}
	defer prepared.Close()
	for _, db := range []*sql.DB{db, other} {
		if got := ids(db, "SELECT * FROM Some"); !reflect.DeepEqual(got, []int64{1, 2}) {
			t.Errorf("created: %v", got)
		}
	}
	if err := queryAll(t, db, "CREATE LOCAL VIEW some AS SELECT 1"); !errors.Is(err, ErrViewExists) {
		t.Errorf("twice: %v", err)
	}
	exec("CREATE LOCAL VIEW IF NOT EXISTS Some AS SELECT 1")
	exec("CREATE LOCAL VIEW Outside AS SELECT Id + 100 AS Id FROM Some")
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	open, err := conn.QueryContext(t.Context(), "SELECT Id FROM Outside")
	if err != nil {
		t.Fatal(err)
	}
	if !open.Next() {
		t.Fatal(open.Err())
	}
	if _, err := conn.ExecContext(t.Context(), "ALTER LOCAL VIEW UserViews.Some AS SELECT Id FROM platform.PullRequests WHERE Id IN (7, 8, 9)"); err != nil {
		t.Fatal(err)
	}
	var again int64
	if err := conn.QueryRowContext(t.Context(), "SELECT MIN(Id) FROM UserViews.Outside").Scan(&again); err != nil || again != 107 {
		t.Errorf("while rows are open: %d, %v", again, err)
	}
	if n := 1; open.Next() {
		for n++; open.Next(); n++ {
		}
		if n != 2 || open.Err() != nil {
			t.Errorf("open rows: %d, %v", n, open.Err())
		}
	}
	if err := errors.Join(open.Close(), conn.Close()); err != nil {
		t.Fatal(err)
	}
	rows, err := prepared.Query()
	if got := collect(t, rows, err); len(got) != 3 || got[0][0] != int64(7) {
		t.Errorf("prepared: %v", got)
	}
	if got := ids(other, "SELECT Id FROM Outside ORDER BY Id"); !reflect.DeepEqual(got, []int64{107, 108, 109}) {
		t.Errorf("altered: %v", got)
	}
	exec("CREATE OR REPLACE LOCAL VIEW Some AS SELECT 1 AS Id; CREATE LOCAL VIEW Later AS SELECT Id FROM Some")
	if got := ids(other, "SELECT Id FROM Later"); !reflect.DeepEqual(got, []int64{1}) {
		t.Errorf("replaced: %v", got)
	}
	exec("CREATE TEMP VIEW mine AS SELECT Id + 1 AS Id FROM UserViews.Some JOIN Later USING (Id)")
	if _, err := other.Exec("ALTER LOCAL VIEW Some AS SELECT 4 AS Id"); err != nil {
		t.Fatal(err)
	}
	if got := ids(db, "SELECT Id FROM mine"); !reflect.DeepEqual(got, []int64{5}) {
		t.Errorf("in a temporary view: %v", got)
	}
	exec("DROP LOCAL VIEW [Some]")
	exec("DROP LOCAL VIEW IF EXISTS [Some]")
	if err := queryAll(t, db, "DROP LOCAL VIEW Some"); err == nil || !strings.Contains(err.Error(), "no such table: UserViews.Some") {
		t.Errorf("dropped twice: %v", err)
	}
	if err := queryAll(t, other, "SELECT * FROM Later"); err == nil || !strings.Contains(err.Error(), "the view UserViews.Later is broken: no such table: Some") {
		t.Errorf("on a dropped one: %v", err)
	}
	if _, err := prepared.Query(); err == nil {
		t.Error("a prepared statement outlives its view")
	}
}

func TestLocalViewErrors(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	path := viewsFile(t, `{"v": {"query": "SELECT 1 AS n", "note": [1, 2]}, "kept": {"query": "SELECT 2", "more": true}}`)
	db := openDSN(t, fake.DSN()+";UserDefinedViews="+path)
	for text, want := range map[string]string{
		"CREATE LOCAL VIEW w AS SELECT Slgu FROM Repositories":                 "line 1, column 31: no such column: Slgu",
		"CREATE LOCAL VIEW w AS SELECT Slug FROM Repos":                        "no such table: Repos",
		"CREATE LOCAL VIEW w":                                                  "incomplete",
		"CREATE LOCAL VIEW w AS DELETE FROM Repositories":                      "a view is a SELECT",
		"CREATE LOCAL VIEW w AS SELECT Slug FROM Repositories WHERE Slug = ?1": "cannot have a parameter",
		"CREATE LOCAL VIEW other.w AS SELECT 1":                                "local views belong to the schema UserViews, not to other",
		"ALTER LOCAL VIEW vv AS SELECT 1":                                      `no such table: UserViews.vv; did you mean "UserViews.v"`,
		"DROP LOCAL VIEW v CASCADE":                                            "DROP LOCAL VIEW takes one name",
	} {
		if err := queryAll(t, db, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := db.Exec("ALTER LOCAL VIEW V AS SELECT 3 AS n"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var views map[string]map[string]any
	if err := json.Unmarshal(text, &views); err != nil || len(views) != 2 || views["v"]["query"] != "SELECT 3 AS n" || !strings.Contains(string(text), "note") ||
		!strings.Contains(string(text), "more") {
		t.Errorf("%s, %v", text, err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v", info.Mode())
	}
	if err := queryAll(t, openDSN(t, fake.DSN()), "CREATE LOCAL VIEW v AS SELECT 1"); err == nil || !strings.Contains(err.Error(), "UserDefinedViews") {
		t.Errorf("without a file: %v", err)
	}
	missing := openDSN(t, fake.DSN()+";UserDefinedViews="+filepath.Join(t.TempDir(), "no", "such", "directory.json"))
	if err := queryAll(t, missing, "CREATE LOCAL VIEW v AS SELECT 1"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a directory: %v", err)
	}
}

// Views created at the same time are all there.
func TestLocalViewsConcurrently(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	path := filepath.Join(t.TempDir(), "views.json")
	db := openDSN(t, fake.DSN()+";UserDefinedViews="+path)
	names := strings.Fields("a b c d e f g h")
	failures := make(chan error, len(names))
	for _, name := range names {
		go func() {
			_, err := db.ExecContext(context.Background(), "CREATE LOCAL VIEW "+name+" AS SELECT 1")
			failures <- err
		}()
	}
	for range names {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
	text, err := os.ReadFile(path)
	var views map[string]any
	if err := errors.Join(err, json.Unmarshal(text, &views)); err != nil || len(views) != len(names) {
		t.Errorf("%s, %v", text, err)
	}
}

// A view's condition on the column Deleted counts as the statement's.
func TestUserViewAsksDeleted(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN()+";UserDefinedViews="+viewsFile(t, `{
		"Erased": {"query": "SELECT Id FROM platform.PullRequestComments WHERE Deleted"}, "Over": {"query": "SELECT * FROM UserViews.Erased"},
		"Comments": {"query": "SELECT * FROM platform.PullRequestComments"}}`))
	for text, want := range map[string]bool{
		"SELECT COUNT(*) FROM Erased": true, "SELECT COUNT(*) FROM UserViews.Over": true, "SELECT SUM(Deleted) FROM Comments": false,
		"SELECT SUM(Deleted) FROM Comments WHERE Deleted IS NOT NULL": true,
	} {
		var n int
		if err := db.QueryRow(text).Scan(&n); err != nil || (n > 0) != want {
			t.Errorf("%s: %d, %v", text, n, err)
		}
	}
}
