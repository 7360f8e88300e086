package driver

import (
	"reflect"
	"slices"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Conditions that keep rows from being made change no result: each pair of queries means the same, and the second asks in a
// way that SQLite does not hand down.
func TestSystemConditions(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	for _, pair := range [][2]string{
		{
			"SELECT * FROM sys_tablecolumns WHERE SchemaName = 'PLATFORM' AND TableName = 'branches'",
			"SELECT * FROM sys_tablecolumns WHERE lower(SchemaName) = 'platform' AND lower(TableName) = 'branches'",
		},
		{
			"SELECT * FROM sys_tablecolumns WHERE SchemaName IN ('Information', 'platform', NULL) AND TableName IN ('Tags', 'Users')",
			"SELECT * FROM sys_tablecolumns WHERE lower(SchemaName) IN ('information', 'platform') AND lower(TableName) IN ('tags', 'users')",
		},
		{
			"SELECT * FROM sys_tables WHERE SchemaName = 'platform' COLLATE BINARY OR TableName = 'Users'",
			"SELECT * FROM sys_tables WHERE +SchemaName || '' = 'platform' OR +TableName || '' = 'Users'",
		},
		{
			"SELECT count(*) FROM sys_tables WHERE SchemaName = 'platform' OR TableName = 'Tags'",
			"SELECT count(*) FROM sys_tables WHERE lower(SchemaName) = 'platform' OR lower(TableName) = 'tags'",
		},
		{
			"SELECT ColumnName FROM sys_tablecolumns WHERE IsKey = 'True' AND IsNullable = false AND SchemaName = 'platform'",
			"SELECT ColumnName FROM sys_tablecolumns WHERE IsKey AND NOT IsNullable AND lower(SchemaName) = 'platform'",
		},
		{
			"SELECT ColumnName FROM sys_tablecolumns WHERE IsKey = 1 AND TableName = 'Tags'",
			"SELECT ColumnName FROM sys_tablecolumns WHERE IsKey IN (1, 5) AND lower(TableName) = 'tags'",
		},
		{
			"SELECT t.TableName, count(c.ColumnName) FROM sys_tables t JOIN sys_tablecolumns c USING (SchemaName, TableName) WHERE t.SchemaName = 'platform' GROUP BY 1 ORDER BY 1",
			"SELECT TableName, count(*) FROM sys_tablecolumns WHERE lower(SchemaName) = 'platform' GROUP BY 1 ORDER BY 1",
		},
		{
			"SELECT s.SchemaName, t.TableName FROM sys_schemas s LEFT JOIN sys_tables t ON t.SchemaName = s.SchemaName AND t.TableName = 'Tags' ORDER BY 1",
			"SELECT s.SchemaName, (SELECT TableName FROM sys_tables WHERE lower(SchemaName || TableName) = lower(s.SchemaName) || 'tags') FROM sys_schemas s ORDER BY 1",
		},
		{
			"SELECT r.Slug FROM Repositories r JOIN sys_schemas s ON s.SchemaName = r.Slug ORDER BY 1",
			"SELECT Slug FROM Repositories ORDER BY Slug",
		},
	} {
		rows, err := db.QueryContext(t.Context(), pair[0])
		got := collect(t, rows, err)
		rows, err = db.QueryContext(t.Context(), pair[1])
		want := collect(t, rows, err)
		if len(want) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngives %d rows, and\n%s\n%d", pair[0], len(got), pair[1], len(want))
		}
	}
	for _, none := range []string{
		"SELECT * FROM sys_tablecolumns WHERE IsKey = 'maybe'", "SELECT * FROM sys_tablecolumns WHERE IsKey = NULL",
		"SELECT * FROM sys_tables WHERE SchemaName = 1", "SELECT * FROM sys_tables WHERE SchemaName = NULL",
		"SELECT * FROM sys_tables WHERE SchemaName = 'platform' AND SchemaName = 'billing'",
		"SELECT * FROM sys_identity",
	} {
		if got := strs(t, db, none); len(got) != 0 {
			t.Errorf("%s gives %v", none, got)
		}
	}
}

func TestSystemPrepared(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	stmt, err := db.PrepareContext(t.Context(), "SELECT TableName FROM sys_tables WHERE SchemaName = ? AND TableName = ?")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	for range 2 {
		for _, name := range []string{"Branches", "Tags"} {
			var got string
			if err := stmt.QueryRowContext(t.Context(), "platform", name).Scan(&got); err != nil || got != name {
				t.Errorf("%q, %v, want %s", got, err, name)
			}
		}
	}
}

// The tables of metadata are made when a statement first needs them, also while another one is read on the connection, and also
// through a view of the user's.
func TestSystemBesideOpenRows(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.ExecContext(t.Context(), "CREATE TEMP VIEW mine AS SELECT TableName FROM sys_tables WHERE SchemaName = 'Workspace'"); err != nil {
		t.Fatal(err)
	}
	rows, err := c.QueryContext(t.Context(), "SELECT Slug FROM Repositories ORDER BY Slug")
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	for _, text := range []string{
		"SELECT count(*) FROM mine", "SELECT count(*) FROM main.sys_tables WHERE SchemaName = 'Workspace'",
		"SELECT count(*) FROM information_schema.tables WHERE table_schema = 'Workspace'",
	} {
		var n int
		if err := c.QueryRowContext(t.Context(), text).Scan(&n); err != nil || n != len(expectedRelations("Workspace", schema.RepositoryScope, schema.ProjectScope)) {
			t.Errorf("%s: %d, %v", text, n, err)
		}
	}
	rest := collect(t, rows, nil)
	if all := strs(t, db, "SELECT Slug FROM Repositories"); len(rest) != len(all)-1 {
		t.Errorf("%d more rows of %d", len(rest), len(all))
	}
}

func TestSystemSuggestions(t *testing.T) {
	db := openThings(t, nil)
	for text, want := range map[string][]string{
		"SELECT * FROM sys_table":                  {"sys_tables"},
		"SELECT * FROM information_schema.colums":  {"information_schema.columns"},
		"SELECT * FROM information_schema.schemas": {"information_schema.schemata"},
	} {
		err := queryAll(t, db, text)
		unknown, ok := err.(*UnknownTableError)
		if !ok || !slices.Contains(unknown.Suggestions, want[0]) {
			t.Errorf("%s: %v, want %v suggested", text, err, want)
		}
	}
}

func TestCurrentUser(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	config, err := ParseDSN(fake.DSN())
	if err != nil {
		t.Fatal(err)
	}
	config.AuthScheme, config.User, config.APIToken, config.AccessToken = APIToken, "ann@example.com", "demo", ""
	db := openDSN(t, config.FormatDSN())
	if got := strs(t, db, "SELECT current_user"); !slices.Equal(got, []string{"ann@example.com"}) {
		t.Errorf("current_user is %v", got)
	}
	if n := fake.Stats().Requests; n != 0 {
		t.Errorf("%d requests", n)
	}
}
