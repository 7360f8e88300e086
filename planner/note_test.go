package planner

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Each reason why SQLite has to do something itself is told once.
func TestNotes(t *testing.T) {
	for _, test := range []struct {
		name                      string
		relation                  string
		terms                     []Constraint // Column is the place in columns
		columns                   []string
		order                     string
		options                   Options
		rechecked, notPushed, why string
	}{
		{
			"like", "platform.PullRequests",
			[]Constraint{{Op: schema.LIKE}, {Op: schema.GE, Collation: "NOCASE"}, {Op: schema.LT, Collation: "NOCASE"}},
			[]string{"Title", "Title", "Title"},
			"",
			Options{PushDown: true},
			"Title LIKE", "", "Title LIKE: Bitbucket finds the text anywhere, and ignores the case of all letters, LIKE only of a to z",
		},
		{
			"exact", "platform.PullRequests",
			[]Constraint{{Op: schema.EQ}, {Op: schema.GT}},
			[]string{"State", "CreatedOn"},
			"CreatedOn",
			Options{PushDown: true},
			"", "", "",
		},
		{
			"columns", "platform.PullRequests",
			[]Constraint{{Op: schema.GT}, {Op: schema.EQ}, {Op: Other, Name: "GLOB"}},
			[]string{"CommentCount", "Title", "State"},
			"Title",
			Options{PushDown: true},
			"Title =", "CommentCount >, State GLOB, ORDER BY Title",
			"CommentCount >: Bitbucket cannot filter by CommentCount; Title =: Bitbucket may ignore case; " +
				"State GLOB: Bitbucket has no such comparison; ORDER BY Title: Bitbucket cannot sort by Title",
		},
		{
			"operator and collation", "platform.PullRequests",
			[]Constraint{{Op: schema.GT}, {Op: schema.EQ, Collation: "NOCASE"}},
			[]string{"Title", "State"},
			"",
			Options{PushDown: true},
			"", "Title >, State =",
			"Title >: Bitbucket cannot filter Title by >; State =: it compares by the collation NOCASE",
		},
		{
			"off", "platform.PullRequests",
			[]Constraint{{Op: schema.EQ}, {Op: schema.LIKE}},
			[]string{"State", "Title"},
			"CreatedOn",
			Options{},
			"", "State =, Title LIKE, ORDER BY CreatedOn", "State =, Title LIKE, ORDER BY CreatedOn: PushDown is off",
		},
		{
			"several lists", "Workspace.PullRequests", nil, nil, "CreatedOn",
			Options{PushDown: true},
			"", "ORDER BY CreatedOn", "ORDER BY CreatedOn: the rows come from several lists",
		},
		{
			"key", "platform.PullRequests",
			[]Constraint{{Op: schema.EQ}, {Op: schema.EQ}},
			[]string{"Id", "State"},
			"",
			Options{PushDown: true},
			"Id =", "State =", "Id =: Bitbucket may know the object by other spellings; State =: the object is asked for by its key",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := NewRelation("acme", test.relation[:len(test.relation)-len(".PullRequests")], "PullRequests")
			s := Scan{Relation: r, Options: test.options, Explaining: true}
			for i, k := range test.terms {
				k.Column, k.Usable = r.Table.Column(test.columns[i]), true
				s.Constraints = append(s.Constraints, k)
			}
			if test.order != "" {
				s.OrderBy = []Order{{Column: r.Table.Column(test.order)}}
			}
			choice, err := Best(s)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := Decode(choice.Plan.Encode())
			if err != nil {
				t.Fatal(err)
			}
			d := plan.Describe(r, test.options)
			if d.Rechecked != test.rechecked || d.NotPushed != test.notPushed || d.Why != test.why {
				t.Errorf("rechecked %q, not pushed %q, why %q", d.Rechecked, d.NotPushed, d.Why)
			}
			if s.Explaining = false; test.why != "" {
				if choice, err = Best(s); err != nil || choice.Plan.Notes != nil {
					t.Errorf("without EXPLAIN the plan has notes: %v, %v", choice.Plan.Notes, err)
				}
			}
		})
	}
}

// A value can make a difference that the plan alone cannot know.
func TestNotesOfValues(t *testing.T) {
	r := NewRelation("acme", "platform", "PullRequests")
	state, created := r.Table.Column("State"), r.Table.Column("CreatedOn")
	for _, test := range []struct {
		column                            int
		op                                Op
		value                             any
		pushed, rechecked, notPushed, why string
	}{
		{state, schema.EQ, "OPEN", "State =, COUNT", "", "", ""},
		{state, schema.EQ, "open", "", "", "State =", "State =: Bitbucket cannot be asked for this value"},
		{created, schema.GT, "2026-01-01 10:00:00", "CreatedOn >, COUNT", "", "", ""},
		{
			created, schema.GT, "2026-01-01 10:00:00.123456", "CreatedOn >", "CreatedOn >", "",
			"CreatedOn >: Bitbucket compares this value less finely",
		},
	} {
		choice, err := Best(Scan{
			Relation: r, Options: Options{PushDown: true}, Explaining: true,
			Constraints: []Constraint{{Column: test.column, Op: test.op, Usable: true}},
		})
		if err != nil {
			t.Fatal(err)
		}
		choice.Plan.Values = map[int]any{1: test.value}
		d := choice.Plan.Describe(r, Options{PushDown: true})
		if d.Pushed != test.pushed || d.Rechecked != test.rechecked || d.NotPushed != test.notPushed || d.Why != test.why {
			t.Errorf("%v: pushed %q, rechecked %q, not pushed %q, why %q", test.value, d.Pushed, d.Rechecked, d.NotPushed, d.Why)
		}
	}
}
