package driver

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// strs reads the first column of a query as texts.
func strs(t *testing.T, db *sql.DB, text string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text, args...)
	var list []string
	for _, row := range collect(t, rows, err) {
		list = append(list, fmt.Sprint(row[0]))
	}
	return list
}

// projectKeys are the projects of the fake.
func projectKeys(t *testing.T, db *sql.DB) []string {
	return strs(t, db, "SELECT Key FROM Information.Projects ORDER BY Key")
}

// rejuvenate makes what is listed as young as it can be: on a slow machine the statements of a test can outlast listingAge, and would
// rightly ask again.
func rejuvenate(t *testing.T, db *sql.DB) {
	t.Helper()
	single, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = single.Close() }()
	err = single.Raw(func(raw any) error {
		l := &raw.(*conn).connector.listing
		l.mu.Lock()
		defer l.mu.Unlock()
		l.read = time.Now()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Listing the metadata of every schema costs what listing the repositories and projects does, and once a minute at that.
func TestSystemRequests(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{Repositories: 200})
	db := openDSN(t, fake.DSN())
	if err := queryAll(t, db, "SELECT 1"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"SELECT * FROM sys_catalogs", "SELECT * FROM sys_connection_props", "SELECT * FROM sys_sqlinfo", "SELECT * FROM sys_information",
		"SELECT * FROM sys_identity", "SELECT * FROM sys_procedures", "SELECT * FROM sys_procedureparameters",
		"SELECT * FROM information_schema.routines", "SELECT * FROM information_schema.views",
		"SELECT * FROM sys_tables WHERE SchemaName = 'information'", "SELECT * FROM sys_tablecolumns WHERE SchemaName IN ('Information', 'Workspace')",
		"SELECT * FROM information_schema.columns WHERE table_schema = 'Workspace' AND table_name = 'PullRequests'",
		"EXPLAIN SELECT * FROM sys_tablecolumns",
	} {
		if err := queryAll(t, db, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if n := fake.Stats().Requests; n != 0 {
		t.Fatalf("connecting and metadata that does not depend on the workspace's contents sent %d requests: %v", n, fake.Stats().Log)
	}
	for _, text := range []string{
		"SELECT * FROM sys_tablecolumns", "SELECT * FROM sys_tablecolumns", "SELECT * FROM sys_tables WHERE SchemaName = 'platform'",
		"SELECT * FROM information_schema.columns", "SELECT * FROM sys_keycolumns", "SELECT * FROM information_schema.key_column_usage",
	} {
		if err := queryAll(t, db, text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if n := fake.Stats().Requests; n != 3 {
			t.Fatalf("%s: %d requests in all, want 2 for 200 repositories and 1 for projects: %v", text, n, fake.Stats().Log)
		}
		rejuvenate(t, db)
	}
	for _, line := range fake.Stats().Log {
		if !strings.Contains(line, "fields=values.slug%2C") && !strings.Contains(line, "fields=values.key%2C") {
			t.Errorf("%s asks for more than names", line)
		}
	}
	if used := strs(t, db, "SELECT RequestsUsed FROM sys_information"); !slices.Equal(used, []string{"3"}) {
		t.Errorf("RequestsUsed is %v, want 3", used)
	}
}

func TestSystemSchemas(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	want := []string{schema.Information, schema.Workspace}
	want = append(want, strs(t, db, "SELECT Slug FROM Information.Repositories ORDER BY Slug")...)
	want = append(want, projectKeys(t, db)...)
	for text, column := range map[string]string{"sys_schemas": "SchemaName", "information_schema.schemata": "schema_name"} {
		if got := strs(t, db, "SELECT "+column+" FROM "+text); !slices.Equal(got, want) {
			t.Errorf("%s lists %v, want %v", text, got, want)
		}
	}
}

// expectedRelations are the tables of a schema by the literals.
func expectedRelations(name string, scopes ...schema.Scope) []string {
	var list []string
	for _, r := range planner.Relations("acme", name) {
		if slices.Contains(scopes, r.Table.Scope) {
			list = append(list, r.Table.Name)
		}
	}
	return list
}

func TestSystemTablesAreTheLiterals(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	// Whatever the default schema is, the tables of metadata are found.
	for _, standard := range []string{"Information", "Workspace", "platform", "information_schema"} {
		db := openDSN(t, dsn(fake)+";Schema="+standard)
		for name, want := range map[string][]string{
			"Information":         expectedRelations("Information", schema.InformationScope),
			"Workspace":           expectedRelations("Workspace", schema.RepositoryScope, schema.ProjectScope),
			"platform":            expectedRelations("platform", schema.RepositoryScope),
			projectKeys(t, db)[0]: expectedRelations("X", schema.ProjectScope),
			"no-such-repository":  nil,
		} {
			for _, text := range []string{
				"SELECT TableName FROM sys_tables WHERE SchemaName = ?", "SELECT TableName FROM SYS_TABLES WHERE schemaname = upper(?)",
				"SELECT TableName FROM main.sys_tables WHERE lower(SchemaName) = lower(?)", "SELECT TableName FROM [Bitbucket].[main].[sys_tables] WHERE SchemaName = ?",
				"SELECT table_name FROM INFORMATION_SCHEMA.TABLES WHERE table_schema LIKE ?",
				"SELECT table_name FROM Bitbucket.information_schema.tables t WHERE ? IN (t.table_schema, t.is_typed)",
			} {
				if got := strs(t, db, text, name); !slices.Equal(got, want) {
					t.Errorf("Schema=%s: %s with %s gives %v, want %v", standard, text, name, got, want)
				}
			}
		}
	}
}

// What is listed can be read, and without a workspace only that is listed.
func TestSystemTablesWithoutWorkspace(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	config, err := ParseDSN(fake.DSN())
	if err != nil {
		t.Fatal(err)
	}
	config.Workspace = ""
	db := openDSN(t, config.FormatDSN())
	if got := strs(t, db, "SELECT SchemaName FROM sys_schemas"); !slices.Equal(got, []string{"Information"}) {
		t.Errorf("schemas %v", got)
	}
	listed := strs(t, db, "SELECT TableName FROM sys_tables")
	if !slices.Contains(listed, "Workspaces") {
		t.Errorf("tables %v", listed)
	}
	if n := fake.Stats().Requests; n != 0 {
		t.Errorf("%d requests", n)
	}
	for _, name := range expectedRelations("Information", schema.InformationScope) {
		err := queryAll(t, db, "SELECT * FROM "+name+" LIMIT 1")
		var missing *planner.MissingError
		switch {
		case !slices.Contains(listed, name):
			if !errors.Is(err, ErrNoWorkspace) {
				t.Errorf("%s is not listed, and reading it gives %v", name, err)
			}
		case err != nil && !errors.As(err, &missing):
			t.Errorf("%s is listed, and reading it gives %v", name, err)
		}
	}
	if err := queryAll(t, db, "SELECT * FROM sys_foreignkeys"); err != nil {
		t.Error(err)
	}
}

func TestSystemBrowsable(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN()+";BrowsableSchemas=Information, [platform];Tables=repositories,platform.Tags,Workspace.Branches")
	rows, err := db.QueryContext(t.Context(), "SELECT SchemaName, TableName FROM sys_tables")
	if got, want := collect(t, rows, err), [][]any{{"Information", "Repositories"}, {"platform", "Tags"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("tables %v, want %v", got, want)
	}
	if got := strs(t, db, "SELECT schema_name FROM information_schema.schemata"); !slices.Equal(got, []string{"Information", "platform"}) {
		t.Errorf("schemas %v", got)
	}
	if got := strs(t, db, "SELECT DISTINCT ReferencedTableName FROM sys_foreignkeys"); !slices.Equal(got, []string{"Repositories"}) {
		t.Errorf("references to %v, of which only Repositories are listed", got)
	}
	// Access is not limited.
	if got := strs(t, db, "SELECT count(*) FROM Workspace.Branches"); got[0] == "0" {
		t.Error("no branches")
	}
}

func TestSystemListingFaults(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	var log strings.Builder
	open := func() *sql.DB {
		config, err := ParseDSN(fake.DSN())
		if err != nil {
			t.Fatal(err)
		}
		connector, err := NewConnector(config, WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		if err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(connector)
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	type faults = bitbucketfake.Faults
	fake.SetFaults(faults{{Path: "/projects", Kind: bitbucketfake.FaultScope, Body: "project"}})
	db := open()
	got := strs(t, db, "SELECT SchemaName FROM sys_schemas")
	if !slices.Contains(got, "platform") {
		t.Errorf("without the scope of projects: %v", got)
	}
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "project") {
		t.Errorf("no warning in the log: %s", log.String())
	}
	if got := strs(t, db, "SELECT TableName FROM sys_tables WHERE SchemaName = 'platform'"); len(got) == 0 {
		t.Error("without the scope of projects a repository has no tables")
	}
	for _, where := range []string{"= 'PLAT'", "IN ('platform', 'PLAT')"} {
		if err := queryAll(t, db, "SELECT * FROM sys_tables WHERE SchemaName "+where); !errors.Is(err, ErrMissingScope) {
			t.Errorf("SchemaName %s: %v, want %v", where, err, ErrMissingScope)
		}
	}
	fake.SetFaults(nil)
	for _, key := range projectKeys(t, db) {
		if slices.Contains(got, key) {
			t.Errorf("project %s is listed", key)
		}
	}
	for _, test := range []struct {
		faults faults
		is     error
	}{
		{faults{{Path: "/repositories/", Kind: bitbucketfake.FaultScope}}, ErrMissingScope},
		{faults{{Path: "/repositories/", Kind: bitbucketfake.FaultUnauthorized}}, ErrUnauthorized},
		{faults{{Path: "/projects", Kind: bitbucketfake.FaultUnauthorized}}, ErrUnauthorized},
		{faults{{Path: "/projects", Kind: bitbucketfake.FaultGone}}, ErrGone},
	} {
		fake.SetFaults(test.faults)
		db := open()
		if err := queryAll(t, db, "SELECT * FROM sys_tables"); !errors.Is(err, test.is) {
			t.Errorf("%+v: %v, want %v", test.faults, err, test.is)
		}
		// What needs no list works, and a failure is not kept.
		if err := queryAll(t, db, "SELECT * FROM sys_tables WHERE SchemaName = 'Workspace'"); err != nil {
			t.Error(err)
		}
		fake.SetFaults(nil)
		if err := queryAll(t, db, "SELECT * FROM sys_tables"); err != nil {
			t.Error(err)
		}
	}
}

// Metadata respects the budget of its statement.
func TestSystemListingBudget(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{Repositories: 350})
	db := openDSN(t, fake.DSN()+";MaxRequests=2")
	if err := queryAll(t, db, "SELECT * FROM sys_schemas"); !errors.Is(err, ErrBudget) {
		t.Errorf("%v, want ErrBudget", err)
	}
}
