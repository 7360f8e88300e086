package driver

import (
	"reflect"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

func TestSystemKeys(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	for _, test := range []struct {
		text string
		want [][]any
	}{
		{
			"SELECT ColumnName, KeySeq, KeyName FROM sys_primarykeys WHERE SchemaName = 'platform' AND TableName = 'PullRequestComments'",
			[][]any{{"PullRequestId", int64(1), "PK_PullRequestComments"}, {"Id", int64(2), "PK_PullRequestComments"}},
		},
		{
			"SELECT ColumnName, ReferencedSchemaName, ReferencedTableName, ReferencedColumnName, PrimaryKeyName, ForeignKeyType FROM sys_foreignkeys " +
				"WHERE SchemaName = 'platform' AND ForeignKeyName = 'FK_PullRequestComments_PullRequestId'",
			[][]any{{"PullRequestId", "platform", "PullRequests", "Id", "PK_PullRequests", "IMPORT"}},
		},
		{ // to Information, where the reference leaves the repository
			"SELECT ReferencedSchemaName, ReferencedTableName, ReferencedColumnName FROM sys_foreignkeys WHERE SchemaName = 'platform' AND TableName = 'PullRequests' AND ColumnName = 'AuthorUUID'",
			[][]any{{"Information", "Users", "UUID"}},
		},
		{ // a number means nothing without its repository
			"SELECT ColumnName, ReferencedSchemaName, ReferencedColumnName FROM sys_foreignkeys WHERE SchemaName = 'Workspace' AND ForeignKeyName = 'FK_PullRequestComments_PullRequestId'",
			[][]any{{"RepositorySlug", "Workspace", "RepositorySlug"}, {"PullRequestId", "Workspace", "Id"}},
		},
		{ // to a column that is no key
			"SELECT PrimaryKeyName, ReferencedColumnName FROM sys_foreignkeys WHERE SchemaName = 'Information' AND TableName = 'Repositories' AND ColumnName = 'ProjectUUID'",
			[][]any{{nil, "UUID"}},
		},
		{
			"SELECT ColumnName, IsForeignKey, ReferencedTableName FROM sys_keycolumns WHERE SchemaName = 'platform' AND TableName = 'PullRequestComments' AND IsKey = 'True' ORDER BY 1",
			[][]any{{"Id", false, nil}, {"PullRequestId", true, "PullRequests"}},
		},
		{
			"SELECT IndexName, ColumnName, IsUnique, IsPrimary, OrdinalPosition FROM sys_indexes WHERE SchemaName = 'Workspace' AND TableName = 'Tags'",
			[][]any{{"PK_Tags", "RepositorySlug", true, true, int64(1)}, {"PK_Tags", "Name", true, true, int64(2)}},
		},
		{ // the two views of keys agree, and the standard's with them
			`SELECT (SELECT count(*) FROM sys_primarykeys) = (SELECT count(*) FROM information_schema.key_column_usage WHERE constraint_name LIKE 'PK%'),
				(SELECT count(*) FROM sys_foreignkeys) = (SELECT count(*) FROM sys_keycolumns WHERE IsForeignKey),
				(SELECT count(*) FROM sys_foreignkeys) = (SELECT count(*) FROM information_schema.key_column_usage WHERE constraint_name LIKE 'FK%')`,
			[][]any{{int64(1), int64(1), int64(1)}},
		},
		{ // every reference leads to a column that is there
			`SELECT count(*) FROM sys_foreignkeys f WHERE NOT EXISTS (SELECT * FROM sys_tablecolumns c WHERE c.SchemaName = f.ReferencedSchemaName
				AND c.TableName = f.ReferencedTableName AND c.ColumnName = f.ReferencedColumnName) AND f.SchemaName IN ('Information', 'Workspace', 'platform')`,
			[][]any{{int64(0)}},
		},
	} {
		rows, err := db.QueryContext(t.Context(), test.text)
		if got := collect(t, rows, err); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s\ngives %v, want %v", test.text, got, test.want)
		}
	}
}
