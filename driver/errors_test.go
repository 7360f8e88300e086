package driver

import (
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

func TestSyntaxErrors(t *testing.T) {
	db := openThings(t, nil)
	for _, test := range []struct {
		text         string
		line, column int
		near         string
		message      string
	}{
		{"SELEC 1", 1, 1, "SELEC", `syntax error near "SELEC"`},
		{"SELECT 1;\n  SELECT ü, FROM Things", 2, 13, "FROM", `syntax error near "FROM"`},
		{"SELECT 'abc", 1, 8, "", "unterminated string"},
		{"SELECT 1 FROM (SELECT 2", 0, 0, "", "incomplete"},
		{"SELECT TOP 5 nofunc(Id) FROM Things", 1, 14, "nofunc", "no such function: nofunc"},
		{"SELECT LENGT(Title) FROM Things", 1, 8, "LENGT", `no such function: LENGT; did you mean "length"`},
		{"SELECT DATEDIF('day', Id, Id) FROM Things", 1, 8, "DATEDIF", `no such function: DATEDIF; did you mean "datediff"`},
		{"SELECT array_agg(Id) FROM Things", 1, 8, "array_agg", "no such function: array_agg; write json_group_array(x)"},
		{"SELECT Id FROM Things WHERE L_TODAY() = Id", 1, 29, "L_TODAY", "CreatedOn = L_LAST_N_DAYS(7)"},
		{"SELECT a.Id FROM Things a, Things b WHERE Title = 'x'", 1, 43, "Title", "ambiguous column name: Title"},
		{"SHOW TABLES", 0, 0, "", "SHOW is not supported: read sys_schemas, sys_tables or sys_tablecolumns"},
		{"DESCRIBE Things", 0, 0, "", "SELECT ColumnName, DataTypeName FROM sys_tablecolumns WHERE TableName = …"},
		{"USE platform", 0, 0, "", "USE is not supported: write schema.table, or set Schema"},
		{"SET x = 1", 0, 0, "", "sys_connection_props"},
		{"SELECT 1 INTO x FROM Things", 0, 0, "", "CREATE TEMP TABLE"},
		{"EXPLAIN ANALYZE DROP TABLE Things", 0, 0, "", "EXPLAIN ANALYZE runs its statement, and is for queries only"},
	} {
		for _, prepare := range []bool{false, true} {
			if prepare && strings.Contains(test.text, ";") {
				continue
			}
			var err error
			if prepare {
				_, err = db.PrepareContext(t.Context(), test.text)
			} else {
				err = queryAll(t, db, test.text)
			}
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Errorf("%s: %v, want a *SyntaxError", test.text, err)
				continue
			}
			if test.line != 0 && (syntax.Line != test.line || syntax.Column != test.column || test.near != "" && syntax.Near != test.near) ||
				!strings.Contains(err.Error(), test.message) {
				t.Errorf("%s: %v (line %d, column %d, near %q), want %q, %d, %d, %q", test.text, err, syntax.Line, syntax.Column,
					syntax.Near, test.message, test.line, test.column, test.near)
			}
		}
	}
}

// queryAll runs a text to the end of its last result set.
func queryAll(t *testing.T, db *sql.DB, text string) error {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text)
	if err != nil {
		return err
	}
	for more := true; more; more = rows.NextResultSet() {
		for rows.Next() {
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

func TestLimitThatIsNoNumber(t *testing.T) {
	db := openThings(t, nil)
	for _, limit := range []any{nil, "two", 1.5} {
		rows, err := db.QueryContext(t.Context(), "SELECT 1 UNION SELECT 2 LIMIT ?", limit)
		if err == nil {
			rows.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "LIMIT and OFFSET take whole numbers") {
			t.Errorf("LIMIT %v: %v", limit, err)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	db := openThings(t, nil)
	for _, test := range []struct {
		text, schema, name string
		suggestion         string
	}{
		{"SELECT * FROM Repositores", "", "Repositores", "Information.Repositories"},
		{"SELECT * FROM [web-app].Brnaches", "web-app", "Brnaches", "web-app.Branches"},
		{"SELECT * FROM Information.Commits", "Information", "Commits", "Workspace.Commits"},
		{"SELECT * FROM platform.nothingofthekind", "platform", "nothingofthekind", ""},
		{"SELECT * FROM no_such_thing", "", "no_such_thing", ""},
	} {
		_, err := db.QueryContext(t.Context(), test.text)
		var unknown *UnknownTableError
		if !errors.As(err, &unknown) || unknown.Schema != test.schema || unknown.Name != test.name ||
			test.suggestion != "" && !slices.Contains(unknown.Suggestions, test.suggestion) ||
			test.suggestion == "" && len(unknown.Suggestions) > 0 {
			t.Errorf("%s: %#v", test.text, err)
		}
	}
	for _, test := range []struct {
		text, table, name string
		line, column      int
	}{
		{"SELECT\nTitel FROM Things", "", "Titel", 2, 1},
		{"SELECT TOP 3 Id FROM Things x WHERE x.Titel = 'a'", "x", "Titel", 1, 37},
		{`SELECT Id FROM Things WHERE "Titel" = 'a'`, "", "Titel", 1, 29},
		{`SELECT Id FROM Things WHERE [Titel] = 'a'`, "", "Titel", 1, 29},
	} {
		_, err := db.QueryContext(t.Context(), test.text)
		var unknown *UnknownColumnError
		if !errors.As(err, &unknown) || unknown.Table != test.table || unknown.Name != test.name || unknown.Line != test.line ||
			unknown.Column != test.column || !strings.Contains(err.Error(), `did you mean "Title"`) {
			t.Errorf("%s: %#v %v", test.text, err, err)
		}
	}
}

// TestTextInDoubleQuotes shows that who writes text in double quotes, as MySQL takes it, is told how to write it.
func TestTextInDoubleQuotes(t *testing.T) {
	db := openThings(t, nil)
	for text, want := range map[string]string{
		`SELECT Id FROM Things WHERE Title = "open it's"`:     "line 1, column 37: no such column: open it's; text stands in single quotes: 'open it''s'",
		`SELECT Id FROM Things WHERE "Titel" = 'a'`:           `line 1, column 29: no such column: Titel; did you mean "Title"? text stands in single quotes: 'Titel'`,
		`SELECT 1 FROM platform.Branches WHERE "main" = Name`: "column 39: no such column: main; text stands in single quotes: 'main'",
		`SELECT Id FROM Things WHERE [zzzz] = 'a'`:            "line 1, column 29: no such column: zzzz",
		`SELECT Id FROM Things t WHERE t."zzzz" = 'a'`:        "line 1, column 31: no such column: t.zzzz",
	} {
		_, err := db.QueryContext(t.Context(), text)
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestSuggestedColumnsOfTables shows that columns of other tables than the statement names are not suggested.
func TestSuggestedColumnsOfTables(t *testing.T) {
	_, err := openThings(t, nil).QueryContext(t.Context(), "SELECT Nam FROM platform.Branches")
	if want := `no such column: Nam; did you mean "Name" or "TargetAuthorName" or "TargetRepositoryName"?`; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestReadOnly(t *testing.T) {
	db := openThings(t, nil)
	for _, text := range []string{
		"INSERT INTO Repositories (Slug) VALUES ('x')",
		"INSERT INTO Information.Repositories (Slug) VALUES ('x')",
		"UPDATE Things SET Title = 'x'",
		"UPDATE test.Things SET Title = 'x'",
		"DELETE FROM [web-app].Branches WHERE Name = 'x'",
		"WITH x AS (SELECT 1) DELETE FROM Things",
		"REPLACE INTO Things (Id) VALUES (1)",
		"EXEC MergePullRequest Id = 1",
		"CREATE TABLE mine (Id INTEGER)",
		"DROP VIEW Repositories",
		"DROP TABLE test.Things",
		"ATTACH 'x.db' AS x",
		"PRAGMA writable_schema = 1",
		"VACUUM",
	} {
		_, err := db.ExecContext(t.Context(), text)
		if !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v, want ErrReadOnly", text, err)
		}
	}
}

// load_extension would run code of the caller's choice.
func TestNoExtensions(t *testing.T) {
	db := openThings(t, nil)
	if _, err := db.ExecContext(t.Context(), "SELECT load_extension('x')"); err == nil || !strings.Contains(err.Error(), "not authorized") {
		t.Errorf("load_extension: %v", err)
	}
}

// An error of the first page is an error of Query; one of a later page ends the rows.
func TestErrorsOfTables(t *testing.T) {
	why := &APIError{Kind: 4, Status: 404, Method: "GET", Path: "/x"}
	db := openThings(t, nil, &thing{name: "First", rows: 9, err: why}, &thing{name: "Later", rows: 9, failAfter: 4, err: why})
	var got *APIError
	if _, err := db.QueryContext(t.Context(), "SELECT Id FROM First"); !errors.As(err, &got) || got != why || !errors.Is(err, ErrNotFound) {
		t.Errorf("the first page: %v", err)
	}
	rows, err := db.QueryContext(t.Context(), "SELECT Id FROM Later")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for rows.Next() {
		n++
	}
	if err := rows.Err(); n != 4 || !errors.Is(err, ErrNotFound) {
		t.Errorf("a later page: %d rows and %v, want 4 and ErrNotFound", n, err)
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
}

// A panic in a table is an error, and the connection is not used again. It is never ErrBadConn, which would make the pool
// run the statement again.
func TestPanicDropsConnection(t *testing.T) {
	db := openThings(t, nil, &thing{name: "Bad", panics: true})
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "CREATE TEMP TABLE mark (x)"); err != nil {
		t.Fatal(err)
	}
	var panicked *PanicError
	if _, err := db.QueryContext(t.Context(), "SELECT * FROM Bad"); !errors.As(err, &panicked) || errors.Is(err, sqldriver.ErrBadConn) {
		t.Errorf("%v, want a PanicError", err)
	}
	var unknown *UnknownTableError
	if _, err := db.QueryContext(t.Context(), "SELECT * FROM mark"); !errors.As(err, &unknown) {
		t.Errorf("%v: the connection was used again", err)
	}
}

func TestPing(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	if err := db.PingContext(t.Context()); err != nil {
		t.Error(err)
	}
	if stats := fake.Stats(); stats.Requests != 1 || stats.Log[0] != "GET /2.0/user?fields=uuid" {
		t.Errorf("Ping requested %v", stats.Log)
	}
	fake.SetFaults(bitbucketfake.Faults{{Kind: bitbucketfake.FaultScope, Body: "account"}})
	if err := db.PingContext(t.Context()); err != nil {
		t.Errorf("a credential without the scope: %v", err)
	}
	fake.SetFaults(bitbucketfake.Faults{{Kind: bitbucketfake.FaultUnauthorized}})
	if err := db.PingContext(t.Context()); !errors.Is(err, ErrUnauthorized) {
		t.Errorf("a revoked token: %v", err)
	}
}

func TestAuthSchemes(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{Token: "hush-s3cret"})
	base := ";BaseURL=" + fake.URL() + "/2.0"
	for _, dsn := range []string{
		"OAuthAccessToken=hush-s3cret" + base,
		"AccessToken=hush-s3cret" + base,
		"User=me@example.com;APIToken=hush-s3cret" + base,
		"bitbucket://me%40example.com:hush-s3cret@acme?BaseURL=" + fake.URL() + "/2.0",
		"bitbucket://:hush-s3cret@acme?BaseURL=" + fake.URL() + "/2.0",
	} {
		if err := openDSN(t, dsn).PingContext(t.Context()); err != nil {
			t.Errorf("%s: %v", dsn, err)
		}
		wrong := strings.Replace(dsn, "s3cret", "wr0ng", 1)
		if err := openDSN(t, wrong).PingContext(t.Context()); !errors.Is(err, ErrUnauthorized) || strings.Contains(err.Error(), "wr0ng") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
