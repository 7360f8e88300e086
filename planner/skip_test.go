package planner

import (
	"testing"

	"pgregory.net/rapid"
)

// TestOffsetIsSkipped wants the pages before those of the rows left out, and witnesses that satisfy the conditions, where
// everything is exact, and nothing else anywhere else.
func TestOffsetIsSkipped(t *testing.T) {
	on := Options{PushDown: true}
	pulls := func(a ask) ask {
		a.relation, a.used, a.options = "platform.PullRequests", []string{"Id", "Title", "State", "CreatedOn"}, on
		return a
	}
	for _, test := range []struct {
		name string
		ask  ask
		want *Skip
	}{
		{"whole pages", pulls(ask{order: []string{"Id"}, limit: 10, offset: 4000}), &Skip{4000, 401, 10}},
		{"without order", pulls(ask{limit: 10, offset: 4000}), &Skip{4000, 401, 10}},
		{"across a border", pulls(ask{limit: 10, offset: 45}), &Skip{45, 5, 11}},
		{"two pages", pulls(ask{limit: 50, offset: 4025}), &Skip{4025, 81, 50}},
		{"more than a page", pulls(ask{limit: 500, offset: 4025}), &Skip{4025, 81, 50}},
		{"one row", pulls(ask{limit: 1, offset: 4009}), &Skip{4009, 401, 10}},
		{"the first page", pulls(ask{limit: 10, offset: 40}), nil},
		{"rows of the first page and the second", pulls(ask{limit: 50, offset: 25}), nil},
		{"no offset", pulls(ask{limit: 100}), nil},
		{"no limit", pulls(ask{offset: 4000}), nil},
		{"an order that is SQLite's", pulls(ask{order: []string{"SummaryRaw"}, limit: 10, offset: 4000}), nil},
		{"an inexact condition", pulls(ask{terms: []term{{"Title", "LIKE", "%x%"}}, limit: 10, offset: 4000}), nil},
		{"exact conditions", pulls(ask{terms: []term{{"Id", ">", int64(7)}, {"State", "=", "OPEN"}}, limit: 10, offset: 4000}), &Skip{4000, 401, 10}},
		{"a value that is not exact", pulls(ask{terms: []term{{"State", "=", "no state"}}, limit: 10, offset: 4000}), nil},
		{"a condition that no row satisfies", pulls(ask{terms: []term{{"Id", ">", int64(7)}, {"Id", "<", int64(8)}}, limit: 10, offset: 4000}), nil},
		{"several lists", ask{relation: "Workspace.PullRequests", used: []string{"Id", "Title"}, limit: 10, offset: 4000, options: on}, nil},
		{"a list without size", ask{relation: "platform.Tags", used: []string{"Name"}, limit: 10, offset: 4000, options: on}, nil},
		{"a chain", ask{relation: "platform.Commits", used: []string{"Hash"}, limit: 10, offset: 4000, options: on}, nil},
		{"members of rows", ask{
			relation: "platform.PullRequestReviewers", used: []string{"UserUUID"}, terms: []term{{"PullRequestId", "=", int64(3)}},
			limit: 10, offset: 4000, options: on,
		}, nil},
		{"the offset of a union", pulls(ask{limit: 10, offset: 4000, union: true}), nil},
		{"short pages", ask{relation: "platform.PullRequests", used: []string{"Title"}, limit: 10, offset: 4000, options: Options{PushDown: true, PageSize: 4}}, &Skip{4000, 1001, 4}},
		{"no push-down", ask{relation: "platform.PullRequests", used: []string{"Title"}, limit: 10, offset: 4000}, nil},
	} {
		_, f := plan(t, test.ask)
		if (f.Skip == nil) != (test.want == nil) || f.Skip != nil && *f.Skip != *test.want {
			t.Errorf("%s: %+v, want %+v", test.name, f.Skip, test.want)
		}
		if f.Skip == nil {
			continue
		}
		for _, k := range test.ask.terms {
			value := f.Constants[f.Relation.Table.Column(k.column)]
			if !satisfies(opsByName[k.op], value, k.value) {
				t.Errorf("%s: the witness of %s is %v", test.name, k.column, value)
			}
		}
		if f.Unfiltered != nil && (f.Unfiltered.Skip != nil || f.Unfiltered.Limit >= 0) {
			t.Errorf("%s: without the filters rows are left out: %+v", test.name, f.Unfiltered)
		}
	}
}

func TestSkipPageLen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offset, rows := rapid.Int64Range(1, 20000).Draw(t, "offset"), rapid.Int64Range(1, 600).Draw(t, "rows")
		longest := rapid.Int64Range(1, 500).Draw(t, "longest")
		n := skipPageLen(offset, rows, longest)
		if n < 1 || n > longest || n < MinPageLen && n != longest {
			t.Fatalf("pages of %d rows, at most %d are served", n, longest)
		}
		pages := (offset+rows-1)/n - offset/n + 1
		if most := (rows+longest-1)/longest + 1; pages > most {
			t.Fatalf("%d pages of %d for rows that %d of the longest hold", pages, n, most)
		}
		if n < longest && pages != 1 {
			t.Fatalf("%d pages of %d, which are not the longest", pages, n)
		}
	})
}
