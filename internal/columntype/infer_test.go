package columntype

import (
	"slices"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// Of a query whose columns all have types nothing more is asked, and none is compiled that would ask the same again.
func TestTypesAskNoMoreThanNeeded(t *testing.T) {
	for _, test := range []struct {
		query Query
		want  []Type
	}{
		{Query{Text: "SELECT Id FROM t", SQL: "SELECT Id FROM t", Declared: []string{"INTEGER"}}, []Type{Integer}},
		{Query{Text: "SELECT COUNT(*), Id FROM t", SQL: "SELECT COUNT(*), Id FROM t", Declared: []string{"", "INTEGER"}}, []Type{Integer, Integer}},
		{Query{Text: "SELECT Id + 1 FROM t", SQL: "SELECT Id + 1 FROM t", Declared: []string{""}}, []Type{Unknown}},
	} {
		got := test.query.Types(func(sql string) []string {
			t.Errorf("%s: %s is compiled", test.query.Text, sql)
			return nil
		})
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.query.Text, got, test.want)
		}
	}
}

// What a function hands on has the type of the column, which SQLite is asked for once; an answer for other columns is not taken.
func TestTypesOfReducedQuery(t *testing.T) {
	q := Query{Text: "SELECT max(At), 1.5 FROM t", SQL: "SELECT max(At), 1.5 FROM t", Declared: []string{"", ""}}
	var asked []string
	got := q.Types(func(sql string) []string {
		asked = append(asked, sql)
		return []string{"TIMESTAMP_TEXT", ""}
	})
	if want := []string{"SELECT ( At ) , 1.5 FROM t "}; !slices.Equal(asked, want) {
		t.Errorf("compiled is %q, want %q", asked, want)
	}
	if want := []Type{Timestamp, Real}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := q.Types(func(string) []string { return []string{"TEXT"} }); got[0] != Unknown {
		t.Errorf("a type of another query's column is taken: %v", got)
	}
}

// FuzzTypes lets no statement make the inference of types panic.
func FuzzTypes(f *testing.F) {
	for _, text := range []string{
		"SELECT count(*) FILTER (WHERE Open) OVER (PARTITION BY Title), Title || '!' x FROM Things",
		"SELECT CAST(CreatedOn AS DATE), MAX(coalesce(NULLIF(CreatedOn, ''), '2020-01-01')) FROM Things",
		"SELECT max(CASE WHEN Id > 3 THEN CreatedOn END), (SELECT max(CreatedOn) FROM Things), Id::text FROM Things",
		"WITH a AS (SELECT 1) SELECT TOP 1 *, t.*, max(",
		"SELECT 2 %(",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		q := Query{Text: sql, SQL: sql, Declared: make([]string, 3)}
		if got := q.Types(func(string) []string { return make([]string, 3) }); len(got) != 3 {
			t.Errorf("%q: %d types of 3 columns", sql, len(got))
		}
		for n := range 3 {
			q.Arithmetic(make([]Type, n), func(string) []string { return make([]string, n) })
		}
		if all, err := dialect.Lex(sql); err == nil {
			for _, piece := range dialect.Statements(all) {
				if len(piece) == 0 || !piece[0].Significant() {
					t.Errorf("an empty piece in %q", sql)
				}
				exprType(piece)
			}
		}
	})
}
