package driver

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/columntype"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/metadata"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// metaColumns are the columns of CData's system tables (reference: the driver's manual), with ours at their end.
var metaColumns = map[string]string{
	"sys_catalogs": "CatalogName",
	"sys_schemas":  "CatalogName SchemaName",
	"sys_tables":   "CatalogName SchemaName TableName TableType Description IsUpdateable",
	"sys_tablecolumns": "CatalogName SchemaName TableName ColumnName DataTypeName DataType Length DisplaySize NumericPrecision NumericScale " +
		"IsNullable Description Ordinal IsAutoIncrement IsGeneratedColumn IsHidden IsArray IsReadOnly IsKey ColumnType FieldControl " +
		"Operators Sortable References",
	"sys_procedures": "CatalogName SchemaName ProcedureName Description ProcedureType",
	"sys_procedureparameters": "CatalogName SchemaName ProcedureName ColumnName Direction DataTypeName DataType Length NumericPrecision " +
		"NumericScale IsNullable IsRequired IsArray Description Ordinal Values SupportsStreams IsPath Default",
	"sys_keycolumns": "CatalogName SchemaName TableName ColumnName IsKey IsForeignKey PrimaryKeyName ForeignKeyName ReferencedCatalogName " +
		"ReferencedSchemaName ReferencedTableName ReferencedColumnName",
	"sys_primarykeys": "CatalogName SchemaName TableName ColumnName KeySeq KeyName",
	"sys_foreignkeys": "CatalogName SchemaName TableName ColumnName PrimaryKeyName ForeignKeyName ReferencedCatalogName ReferencedSchemaName " +
		"ReferencedTableName ReferencedColumnName ForeignKeyType",
	"sys_indexes": "CatalogName SchemaName TableName IndexName ColumnName IsUnique IsPrimary Type SortOrder OrdinalPosition",
	"sys_connection_props": "Name ShortDescription Type Values Default Category Required Value IsSessionProperty Sensitivity PropertyName " +
		"Ordinal CatOrdinal Hierarchy Visible ETC alias usercredential",
	"sys_sqlinfo":  "NAME VALUE",
	"sys_identity": "Id Batch Operation Message",
	"sys_information": "Product Version Datasource NodeId HelpURL License Location Environment Workspace AuthScheme RequestsUsed " +
		"RequestsThisHour RequestLimit RequestsLeft RequestsReset WaitedMilliseconds",
}

// Every table of metadata has its columns, and each of them its type whether there are rows or not.
func TestSystemColumns(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	tables := map[string]engine.Table{}
	for _, table := range metadata.System(nil) {
		tables[table.Name()] = table
	}
	if len(tables) != len(metaColumns) {
		t.Errorf("%d tables, want %d", len(tables), len(metaColumns))
	}
	for _, table := range metadata.Standard(nil) {
		tables[metadata.StandardSchema+"."+table.Name()] = table
	}
	for name, table := range tables {
		declared := table.Columns()
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+name)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		if want := metaColumns[name]; want != "" && strings.Join(columns, " ") != want {
			t.Errorf("%s has the columns %v, want %s", name, columns, want)
		}
		types, err := rows.ColumnTypes()
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range types {
			if c.DatabaseTypeName() != string(columntype.Declared(declared[i].Type)) {
				t.Errorf("%s.%s is %s", name, c.Name(), c.DatabaseTypeName())
			}
		}
		for _, row := range collect(t, rows, nil) {
			for i, v := range row {
				if v != nil && reflect.TypeOf(v) != types[i].ScanType() {
					t.Fatalf("%s.%s has the %T %v", name, types[i].Name(), v, v)
				}
			}
		}
	}
}

func TestSystemTableColumnsAreTheLiterals(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	for _, name := range []string{"Information", "Workspace", "platform"} {
		for _, r := range planner.Relations("acme", name) {
			if r.Table.Scope == schema.ProjectScope && name == "platform" {
				continue
			}
			rows, err := db.QueryContext(t.Context(),
				"SELECT ColumnName, IsKey, IsNullable, Ordinal, Description, [References] FROM sys_tablecolumns WHERE SchemaName = ? AND TableName = ?", name, r.Table.Name)
			got := collect(t, rows, err)
			if len(got) != len(r.Table.Columns) {
				t.Errorf("%s has %d columns, want %d", r, len(got), len(r.Table.Columns))
				continue
			}
			for i, row := range got {
				c := &r.Table.Columns[i]
				key := slices.Contains(r.Table.Key, c.Name)
				if want := []any{c.Name, key, !key, int64(i + 1), c.Description, orNull(c.References)}; !reflect.DeepEqual(row, want) {
					t.Errorf("%s: %v, want %v", r, row, want)
				}
			}
		}
	}
	for column, want := range map[string]string{
		"platform.PullRequests.Id":                   "BIGINT -5 =",
		"platform.PullRequests.State":                "VARCHAR 12 = <> IN",
		"platform.PullRequests.CreatedOn":            "DATETIME 93 = < <= > >= IN",
		"platform.PullRequests.Draft":                "BOOL 16 =",
		"platform.PullRequests.Links":                "JSON -1 ",
		"platform.PullRequestComments.PullRequestId": "BIGINT -5 = IN",
		"Workspace.PullRequests.RepositorySlug":      "VARCHAR 12 = IN",
		"Information.Repositories.Slug":              "VARCHAR 12 = IN LIKE",
	} {
		part := strings.Split(column, ".")
		got := strs(t, db, "SELECT concat_ws(' ', DataTypeName, DataType, ifnull(Operators, '')) FROM sys_tablecolumns WHERE SchemaName = ? AND TableName = ? AND ColumnName = ?",
			part[0], part[1], part[2])
		if len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: %v, want %s", column, got, want)
		}
	}
	if got := strs(t, db, "SELECT ColumnName FROM sys_tablecolumns WHERE SchemaName = 'platform' AND TableName = 'PullRequests' AND Sortable"); !slices.Contains(got, "CreatedOn") || slices.Contains(got, "Title") {
		t.Errorf("sortable are %v", got)
	}
}
