package planner

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Rows are left out when they are decoded, for which the member is read, and nothing that counts them is pushed.
func TestWithoutDeleted(t *testing.T) {
	r := NewRelation("acme", "platform", "PullRequestComments")
	pull, deleted := r.Table.Column("PullRequestId"), r.Table.Column("Deleted")
	for _, pushDown := range []bool{true, false} {
		for _, without := range []bool{true, false} {
			choice, err := Best(Scan{
				Relation: r, Options: Options{PushDown: pushDown, WithoutDeleted: without},
				Constraints: []Constraint{{Column: pull, Op: schema.EQ, Usable: true}, {Op: Limit, Usable: true}},
			})
			if err != nil {
				t.Fatal(err)
			}
			f, err := Bind(r, choice.Plan, []Arg{{Value: int64(3)}, {Value: int64(5)}}[:len(choice.Args)], nil, Options{PushDown: pushDown})
			if err != nil {
				t.Fatal(err)
			}
			pushed := pushDown && !without
			if got := f.Without > 0; got != without || got && f.Without-1 != deleted {
				t.Errorf("push-down %t, without %t: Without is %d", pushDown, without, f.Without)
			}
			if slices.Contains(f.Columns, deleted) != without || f.Count != pushed || (f.Limit >= 0) != pushed {
				t.Errorf("push-down %t, without %t: columns %v, count %t, limit %d", pushDown, without, f.Columns, f.Count, f.Limit)
			}
			fields := f.Queries[0].Get("fields")
			if pushDown && without != slices.Contains(strings.Split(fields, ","), "values.deleted") {
				t.Errorf("without %t: fields=%s", without, fields)
			}
		}
	}
}

// A parent's deleted rows still have children, and tables without the column are read as ever.
func TestWithoutDeletedConcernsTheScanOnly(t *testing.T) {
	for _, name := range []string{"PullRequests", "PullRequestCommits"} {
		scan := Scan{Relation: NewRelation("acme", "platform", name), Options: Options{PushDown: true}}
		all, err := Best(scan)
		if err != nil {
			t.Fatal(err)
		}
		scan.Options.WithoutDeleted = true
		without, err := Best(scan)
		if err != nil || all.Plan.Encode() != without.Plan.Encode() {
			t.Errorf("%s: %s, want %s (%v)", name, without.Plan.Encode(), all.Plan.Encode(), err)
		}
	}
	for _, table := range schema.Tables() {
		scan := Scan{Relation: NewRelation("acme", "x", table.Name), Options: Options{PushDown: true, WithoutDeleted: true}}
		if scan.Relation == nil {
			continue
		}
		choice, err := Best(scan)
		if err != nil {
			continue
		}
		for p := choice.Plan.Parent; p != nil; p = p.Parent {
			if p.Without != 0 {
				t.Errorf("%s: rows of a parent are left out", table.Name)
			}
		}
	}
}
