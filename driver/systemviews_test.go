package driver

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

func TestSystemUserViews(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	file := filepath.Join(t.TempDir(), "views.json")
	text := `{"Merged": {"query": "SELECT Id, Title, CreatedOn, Draft, date(UpdatedOn) AS Day, count(*) OVER () AS N FROM platform.PullRequests WHERE State = 'MERGED'"},
		"OfMetadata": {"query": "SELECT ColumnName FROM sys_tablecolumns"}, "Broken": {"query": "SELECT nothing FROM nowhere"}}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	db := openDSN(t, fake.DSN()+";UserViewsSchemaName=Mine;UserDefinedViews="+file)
	for _, test := range []struct {
		text string
		want [][]any
	}{
		{
			"SELECT TableName, TableType FROM sys_tables WHERE SchemaName = 'mine' ORDER BY 1",
			[][]any{{"Broken", "VIEW"}, {"Merged", "VIEW"}, {"OfMetadata", "VIEW"}},
		},
		{
			"SELECT ColumnName, DataTypeName, Ordinal FROM sys_tablecolumns WHERE SchemaName = 'Mine'",
			[][]any{
				{"Id", "BIGINT", int64(1)},
				{"Title", "VARCHAR", int64(2)},
				{"CreatedOn", "DATETIME", int64(3)},
				{"Draft", "BOOL", int64(4)},
				{"Day", "VARCHAR", int64(5)},
				{"N", "BIGINT", int64(6)},
				{"ColumnName", "VARCHAR", int64(1)},
			},
		},
		{
			"SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'Mine' AND table_name = 'ofmetadata'",
			[][]any{{"ColumnName", "character varying"}},
		},
		{
			"SELECT table_name, view_definition FROM information_schema.views WHERE table_name LIKE 'OF%'",
			[][]any{{"OfMetadata", "SELECT ColumnName FROM sys_tablecolumns"}},
		},
		{
			"SELECT table_name FROM information_schema.tables WHERE table_type = 'VIEW' ORDER BY 1",
			[][]any{{"Broken"}, {"Merged"}, {"OfMetadata"}},
		},
	} {
		rows, err := db.QueryContext(t.Context(), test.text)
		if got := collect(t, rows, err); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s\ngives %v, want %v", test.text, got, test.want)
		}
	}
	if n := fake.Stats().ByPath["/2.0/repositories/acme/platform/pullrequests"]; n != 0 {
		t.Errorf("describing views read pull requests %d times", n)
	}
	db = openDSN(t, fake.DSN()+";Views=merged;Tables=Tags;UserDefinedViews="+file)
	if got := strs(t, db, "SELECT DISTINCT TableName FROM sys_tables WHERE SchemaName IN ('platform', 'UserViews') ORDER BY 1"); !slices.Equal(got, []string{"Merged", "Tags"}) {
		t.Errorf("listed are %v", got)
	}
}
