package driver

import (
	"reflect"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// The statements have the columns, joins and parameters of clients that read the standard's metadata, such as usql.
func TestInformationSchema(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	for _, test := range []struct {
		text string
		args []any
		want [][]any // the first rows
	}{
		{
			"SELECT schema_name, catalog_name FROM information_schema.schemata WHERE schema_name LIKE $1 AND schema_name NOT IN ($2) ORDER BY catalog_name, schema_name",
			[]any{"plat%m", "information_schema"},
			[][]any{{"platform", "Bitbucket"}},
		},
		{
			"SELECT table_catalog, table_schema, table_name, table_type FROM information_schema.tables WHERE table_schema LIKE $1 AND table_name LIKE $2 AND table_type IN ($3, $4) " +
				"ORDER BY table_catalog, table_schema, table_type, table_name",
			[]any{"platform", "%tag%", "BASE TABLE", "VIEW"},
			[][]any{{"Bitbucket", "platform", "Tags", "BASE TABLE"}},
		},
		{
			"SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, data_type, COALESCE(column_default, ''), COALESCE(is_nullable, '') AS is_nullable, " +
				"COALESCE(character_maximum_length, numeric_precision, datetime_precision, 0), COALESCE(numeric_scale, 0), COALESCE(numeric_precision_radix, 10), " +
				"COALESCE(character_octet_length, 0) FROM information_schema.columns WHERE table_schema LIKE $1 AND table_name LIKE $2 " +
				"ORDER BY table_catalog, table_schema, table_name, ordinal_position",
			[]any{"platform", "PullRequests"},
			[][]any{{"Bitbucket", "platform", "PullRequests", "Id", int64(1), "bigint", "", "NO", int64(19), int64(0), int64(10), int64(0)}},
		},
		{
			`SELECT t.constraint_catalog, t.table_schema, t.table_name, t.constraint_name, t.constraint_type, t.is_deferrable, t.initially_deferred,
				COALESCE(r.unique_constraint_schema, ''), COALESCE(f.table_name, ''), COALESCE(r.unique_constraint_name, ''), COALESCE(r.match_option, ''), COALESCE(c.check_clause, '')
			FROM information_schema.table_constraints t
			LEFT JOIN information_schema.referential_constraints r ON t.constraint_catalog = r.constraint_catalog AND t.constraint_schema = r.constraint_schema
				AND t.constraint_name = r.constraint_name AND t.constraint_type = 'FOREIGN KEY'
			LEFT JOIN information_schema.table_constraints f ON r.unique_constraint_catalog = f.constraint_catalog
				AND r.unique_constraint_schema = f.constraint_schema AND r.unique_constraint_name = f.constraint_name
			LEFT JOIN information_schema.check_constraints c ON t.constraint_catalog = c.constraint_catalog AND t.constraint_schema = c.constraint_schema
				AND t.constraint_name = c.constraint_name
			WHERE t.table_schema LIKE ? AND t.table_name LIKE ? AND t.constraint_name IN ('PK_PullRequestComments', 'FK_PullRequestComments_PullRequestId')
			ORDER BY t.constraint_catalog, t.table_schema, t.table_name, t.constraint_name`,
			[]any{"platform", "PullRequestComments"},
			[][]any{
				{"Bitbucket", "platform", "PullRequestComments", "FK_PullRequestComments_PullRequestId", "FOREIGN KEY", "NO", "NO", "platform", "PullRequests", "PK_PullRequests", "NONE", ""},
				{"Bitbucket", "platform", "PullRequestComments", "PK_PullRequestComments", "PRIMARY KEY", "NO", "NO", "", "", "", "", ""},
			},
		},
		{
			`SELECT c.constraint_schema, c.constraint_name, c.column_name, 1 AS ordinal_position, '' AS foreign_schema, '' AS foreign_table, '' AS foreign_name
			FROM information_schema.constraint_column_usage c WHERE c.table_schema LIKE '-'
			UNION ALL
			SELECT c.constraint_schema, c.constraint_name, c.column_name, c.ordinal_position, COALESCE(f.table_schema, ''), COALESCE(f.table_name, ''), COALESCE(f.column_name, '')
			FROM information_schema.key_column_usage c
			LEFT JOIN information_schema.referential_constraints r ON c.constraint_catalog = r.constraint_catalog AND c.constraint_schema = r.constraint_schema
				AND c.constraint_name = r.constraint_name
			LEFT JOIN information_schema.key_column_usage f ON r.unique_constraint_catalog = f.constraint_catalog
				AND r.unique_constraint_schema = f.constraint_schema AND r.unique_constraint_name = f.constraint_name
				AND c.position_in_unique_constraint = f.ordinal_position
			WHERE c.table_schema LIKE ? AND c.table_name LIKE ? AND c.constraint_name LIKE ?
			ORDER BY constraint_schema, constraint_name, ordinal_position, column_name`,
			[]any{"workspace", "PullRequestComments", "FK_%_PullRequestId"},
			[][]any{
				{"Workspace", "FK_PullRequestComments_PullRequestId", "RepositorySlug", int64(1), "Workspace", "PullRequests", "RepositorySlug"},
				{"Workspace", "FK_PullRequestComments_PullRequestId", "PullRequestId", int64(2), "Workspace", "PullRequests", "Id"},
			},
		},
		{ // the columns that a constraint depends on: of a reference, those pointed to
			"SELECT table_schema, table_name, column_name FROM information_schema.constraint_column_usage WHERE constraint_schema = ? AND constraint_name = ?",
			[]any{"platform", "FK_PullRequests_AuthorUUID"},
			[][]any{{"Information", "Users", "UUID"}},
		},
		{
			"SELECT specific_name, routine_catalog, routine_schema, routine_name, COALESCE(routine_type, ''), data_type, routine_definition, " +
				"COALESCE(external_language, routine_body) AS language, is_deterministic, security_type FROM information_schema.routines WHERE routine_schema NOT IN ($1)",
			[]any{"information_schema"},
			nil,
		},
		{
			"SELECT specific_catalog, specific_schema, specific_name, COALESCE(parameter_name, ''), ordinal_position, COALESCE(parameter_mode, ''), data_type, " +
				"COALESCE(character_maximum_length, numeric_precision, datetime_precision, 0), COALESCE(numeric_scale, 0) FROM information_schema.parameters",
			nil, nil,
		},
		{"SELECT TABLE_NAME, VIEW_DEFINITION FROM INFORMATION_SCHEMA.VIEWS", nil, nil},
	} {
		rows, err := db.QueryContext(t.Context(), test.text, test.args...)
		got := collect(t, rows, err)
		if len(got) < len(test.want) || !reflect.DeepEqual(got[:len(test.want)], test.want) && len(test.want) > 0 {
			t.Errorf("%s\ngives %v, want %v", test.text, got, test.want)
		}
	}
}

// The schema makes room like any other, and comes back.
func TestInformationSchemaIsDetached(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{Repositories: 15})
	db := openDSN(t, fake.DSN())
	db.SetMaxOpenConns(1)
	stmt, err := db.PrepareContext(t.Context(), "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'Information'")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stmt.Close() }()
	for range 2 {
		var n int
		if err := stmt.QueryRowContext(t.Context()).Scan(&n); err != nil || n == 0 {
			t.Errorf("%d tables, %v", n, err)
		}
		for _, slug := range strs(t, db, "SELECT Slug FROM Repositories") {
			if err := queryAll(t, db, "SELECT Name FROM ["+slug+"].Tags LIMIT 1"); err != nil {
				t.Errorf("%s: %v", slug, err)
			}
		}
	}
}
