package columntype

import (
	"slices"
	"testing"
)

// What an expression is made of is asked for once, with the tables of the query and without what it groups, sorts and limits.
func TestArithmetic(t *testing.T) {
	for _, test := range []struct {
		sql string
		// types are what is known of the columns before.
		types []Type
		// probe is the query that is compiled, if any, and declared what SQLite says of its columns.
		probe    string
		declared []string
		want     []Type
	}{
		{
			"SELECT Title, SUM(Id) n, p.Score - Id FROM t p WHERE Id > ?1 GROUP BY Title HAVING n > 2 ORDER BY n DESC LIMIT 3;",
			[]Type{Text, Unknown, Unknown},
			"SELECT Id, p.Score FROM t p WHERE Id > ?1 ",
			[]string{"INTEGER", "REAL"},
			[]Type{Text, Integer, Real},
		},
		{
			"WITH t AS (SELECT 1 Id ORDER BY 1) SELECT DISTINCT Id * Open FROM t",
			[]Type{Unknown},
			"WITH t AS ( SELECT 1 Id ORDER BY 1 ) SELECT Id, Open FROM t ",
			[]string{"", "BOOLEAN"},
			[]Type{Unknown},
		},
		{"SELECT -(Open + [Id]) FROM t", []Type{Unknown}, "SELECT Open, [Id] FROM t ", []string{"BOOLEAN", "INTEGER"}, []Type{Integer}},
		{"SELECT Id + Title FROM t", []Type{Unknown}, "SELECT Id, Title FROM t ", []string{"INTEGER", "TEXT"}, []Type{Unknown}},
		{"SELECT Id + (SELECT 1), Id + abs(Id) FROM t", []Type{Unknown, Unknown}, "SELECT Id FROM t ", []string{"INTEGER"}, []Type{Unknown, Unknown}},
		{"SELECT Id + 1 FROM t", []Type{Unknown}, "SELECT Id FROM t ", nil, []Type{Unknown}}, // which does not compile
		{"SELECT COUNT(*) * 1.5, SUM(1) FROM t", []Type{Unknown, Unknown}, "", nil, []Type{Real, Integer}},
		{"SELECT Id + 1 FROM t UNION SELECT Title FROM t", []Type{Unknown}, "", nil, []Type{Unknown}},
		{"SELECT *, Id + 1 FROM t", []Type{Text, Integer, Unknown}, "", nil, []Type{Text, Integer, Unknown}},
		{"SELECT NULL + 1", []Type{Unknown}, "", nil, []Type{Unknown}},
	} {
		asked, types := "", slices.Clone(test.types)
		q := Query{SQL: test.sql}
		q.Arithmetic(types, func(sql string) []string {
			asked += sql
			return test.declared
		})
		if asked != test.probe || !slices.Equal(types, test.want) {
			t.Errorf("%s: %q by %q, want %q by %q", test.sql, types, asked, test.want, test.probe)
		}
	}
}
