package planner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

func TestInnerUses(t *testing.T) {
	for _, test := range []struct {
		sql string
		// want are the uses: the table, with an x if it has an alias, the columns compared, the extreme.
		want []string
	}{
		{"SELECT * FROM Tags WHERE TargetDate = (SELECT MAX(TargetDate) FROM Tags)", []string{"Tags: : targetdate"}},
		{"SELECT (SELECT COUNT(*) FROM s.PullRequests AS p WHERE p.Id > 3 AND State <> 'x'), 1", []string{"s.PullRequests x: id state: "}},
		{"SELECT COUNT(*) FROM a.Tags UNION ALL SELECT MIN(Name) FROM [b].[Tags] ORDER BY 1", []string{"a.Tags: : ", "b.Tags: : "}},
		{"WITH n AS (SELECT COUNT(*) c FROM Tags) SELECT MIN(TargetDate) FROM Tags", []string{"Tags: : ", "Tags: : targetdate"}},
		// The columns of the queries around have one value.
		{"SELECT (SELECT COUNT(*) FROM PullRequests p WHERE p.State = r.State AND r.Id < p.Id) FROM x r", []string{"PullRequests x: id state: "}},
		{"SELECT (SELECT MIN(Id) FROM PullRequests WHERE State = lower(r.State)) FROM x r", []string{"PullRequests: state: id"}},
		{"SELECT (SELECT MIN(Id) FROM PullRequests WHERE Title = Other) FROM x r", []string{"PullRequests: : "}},
		{"SELECT (SELECT MIN(Id) FROM PullRequests WHERE State = a.b.State) FROM x r", []string{"PullRequests: : "}},
		{"SELECT (SELECT MIN(Id) FROM PullRequests WHERE State = r.State OR Id = 2) FROM x r", []string{"PullRequests: : "}},
		// What is no aggregate, or one of other columns, is a part of the query around it.
		{"SELECT (SELECT MAX(r.Id) FROM Tags) FROM x r", nil},
		{"SELECT (SELECT MAX(Slug) FROM Tags) FROM Repositories", nil},
		{"SELECT (SELECT Name FROM Tags), EXISTS (SELECT 1 FROM Tags WHERE Name > 'x')", nil},
		{"SELECT (SELECT COUNT(*) OVER () FROM Tags LIMIT 1)", nil},
		{"SELECT (SELECT MAX(Name, 'x') FROM Tags)", nil},
		// Only the innermost query of one table is looked at.
		{"SELECT (SELECT COUNT(*) FROM Tags WHERE Name = (SELECT MIN(Name) FROM Branches))", []string{"Branches: : name"}},
		{"SELECT (SELECT COUNT(*) FROM Tags, Branches), (SELECT COUNT(*) FROM Tags JOIN Branches USING (Name))", nil},
		{"SELECT (SELECT COUNT(*), * FROM Tags)", nil},
		// A name that WITH defines is no table, but with a schema.
		{"WITH Tags AS (SELECT 1) SELECT (SELECT COUNT(*) FROM Tags), (SELECT COUNT(*) FROM s.Tags)", []string{"s.Tags: : "}},
		{"WITH RECURSIVE x AS (SELECT 1), [tags](Name) AS NOT MATERIALIZED (SELECT 1) SELECT (SELECT COUNT(*) FROM Tags)", nil},
		{"SELECT (SELECT COUNT(*) FROM (SELECT 1)), (SELECT COUNT(*)), (SELECT COUNT(*) FROM", nil},
		{"SELECT 'unclosed", nil},
	} {
		var got []string
		for _, u := range InnerUses(test.sql) {
			var compared []string
			for column := range u.Compared {
				compared = append(compared, column)
			}
			slices.Sort(compared)
			if !strings.HasPrefix(strings.Trim(test.sql[u.Offset:], "["), u.Table) || strings.HasSuffix(test.sql[:u.Offset], "[") {
				t.Errorf("the name is at %d: %s", u.Offset, test.sql)
			}
			name := strings.TrimPrefix(u.Schema+"."+u.Table, ".")
			if u.Aliased {
				name += " x"
			}
			got = append(got, fmt.Sprintf("%s: %s: %s", name, strings.Join(compared, " "), extremesOf(u.TableUse)))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%q, want %q: %s", got, test.want, test.sql)
		}
	}
	uses := InnerUses("SELECT (SELECT COUNT(*) FROM Tags WHERE Name = 'a' OR Message > 1), (SELECT COUNT(*) FROM Tags) FROM x WHERE 1 OR 2")
	if len(uses) != 2 || !uses[0].Twice || uses[1].Twice {
		t.Errorf("the OR is that of the first: %+v", uses)
	}
}

// TestOpaquePieces wants the conjuncts of WHERE that are to be asked for exactly, and none where one of them cannot be.
func TestOpaquePieces(t *testing.T) {
	for _, test := range []struct {
		where string
		want  []string
	}{
		{"State = 'OPEN' OR Draft", []string{"WHERE State = 'OPEN' OR Draft"}},
		{"Id > 3 AND (State = 'OPEN' OR Draft) AND Id BETWEEN 4 AND 5 AND (Id < 3 OR NOT Draft) GROUP BY RepositorySlug", []string{"AND (State = 'OPEN' OR Draft)", "AND (Id < 3 OR NOT Draft)"}},
		{"Id > 3 AND State = 'OPEN' OR Draft", []string{"WHERE Id > 3 AND State = 'OPEN' OR Draft"}},
		{"NOT State = 'OPEN' AND Id BETWEEN 2 AND 3", []string{"WHERE NOT State = 'OPEN'"}},
		{"Id NOT BETWEEN 2 AND 3 AND Id <> 7", []string{"WHERE Id NOT BETWEEN 2 AND 3"}},
		{"State NOT IN ('OPEN', NULL, 'x') OR Id IN (1, 2)", []string{"WHERE State NOT IN ('OPEN', NULL, 'x') OR Id IN (1, 2)"}},
		{"State = 'OPEN'", nil},
		{"State = 'OPEN' OR Title = 'x'", nil},              // may ignore case
		{"State = 'OPEN' OR Title LIKE '%x%'", nil},         // is wider
		{"State = 'OPEN' OR Id > 3 + 4", nil},               // is computed
		{"State = 'OPEN' OR Id IN (1, 2 + 3)", nil},         // in part
		{"State = 'OPEN' OR Id BETWEEN 3 AND abs(4)", nil},  // in part
		{"State = 'OPEN' OR NOT (Draft IS TRUE)", nil},      // is true of NULL
		{"State = 'OPEN' OR CreatedOn = '2025-01-01'", nil}, // is a range
		{"State = 'OPEN' OR r.Id = 3", nil},                 // is about another table
		{"State = 'OPEN' OR RepositorySlug = 'x'", nil},     // is no filter
		{"(State = 'OPEN' OR Draft) AND Title = 'x'", []string{"WHERE (State = 'OPEN' OR Draft)"}},
		{"(State = 'OPEN' OR Draft) AND Title || 'x' = 'x'", nil},
		{"State = NULL OR Id < NULL", nil}, // is never true
	} {
		sql := "SELECT COUNT(*) FROM PullRequests p WHERE " + test.where
		uses := InnerUses(sql)
		if len(uses) != 1 {
			t.Errorf("%d uses: %s", len(uses), sql)
			continue
		}
		u := uses[0]
		var got []string
		for _, piece := range u.Opaque {
			for _, word := range dialect.WordsOf(sql) {
				if word.Offset == piece.Last {
					got = append(got, sql[piece.Before:piece.Last+len(word.Text)])
				}
			}
		}
		if !slices.Equal(got, test.want) || (u.Where == nil) != (test.want == nil) {
			t.Errorf("%q, want %q: %s", got, test.want, sql)
		}
		if u.Twice != (u.Where == nil && strings.Contains(sql, " OR ")) {
			t.Errorf("twice is %v: %s", u.Twice, sql)
		}
	}
	for _, sql := range []string{
		"SELECT SUM(Id) FROM PullRequests WHERE Id = 3 OR Id = 7", "SELECT State, COUNT(*) FROM PullRequests WHERE Id = 3 OR Draft GROUP BY State",
		"SELECT MAX(Title) FROM PullRequests WHERE Id = 3 OR Draft", "SELECT COUNT(*), MAX(Id) FROM PullRequests WHERE Id = 3 OR Draft",
		"SELECT 1, (SELECT COUNT(*) FROM PullRequests WHERE Id = ? OR Draft)", "SELECT COUNT(*) FROM Commits WHERE Hash = 'x' OR Date > 1",
	} {
		if uses := InnerUses(sql); len(uses) != 1 || uses[0].Where != nil || uses[0].Opaque != nil {
			t.Errorf("the WHERE is split: %s", sql)
		}
	}
}
