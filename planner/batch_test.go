package planner

import (
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// TestBatch wants a plan for several values of a key where a list can be asked for them, and none where that would read more.
func TestBatch(t *testing.T) {
	key := func(column string, op Op) Constraint {
		return Constraint{Column: 0, Op: op, Usable: true, Name: column}
	}
	constant := func(column string, op Op) Constraint {
		k := key(column, op)
		k.Constant = true
		return k
	}
	limit := Constraint{Column: -1, Op: Limit, Usable: true}
	for _, test := range []struct {
		name, in, table string
		constraints     []Constraint
		want            string // q of two values; empty where there is no such plan
		lone            bool
	}{
		{"key", "platform", "PullRequests", []Constraint{key("Id", schema.EQ)}, "(id = 1 OR id = 2)", true},
		// The object of a key is asked for whatever its state is, and so must those of several keys.
		{"key and constant", "platform", "PullRequests", []Constraint{key("Id", schema.EQ), constant("State", schema.EQ)}, "(id = 1 OR id = 2)", true},
		{"text and constant", "platform", "PullRequests", []Constraint{key("Title", schema.EQ), constant("Id", schema.GT)}, `id > 2 AND title IN ("1", "2")`, false},
		{"key and LIMIT", "platform", "PullRequests", []Constraint{key("Id", schema.EQ), limit}, "(id = 1 OR id = 2)", true},
		{"key and another value", "platform", "PullRequests", []Constraint{key("Id", schema.EQ), key("Title", schema.EQ)}, "(id = 1 OR id = 2)", true},
		{"key of objects with rows", "platform", "PullRequestReviewers", []Constraint{key("PullRequestId", schema.EQ)}, "(id = 1 OR id = 2)", true},
		{"key of a list", schema.Information, "Users", []Constraint{key("UUID", schema.EQ)}, "", true}, // 1 and 2 have not its form
		{"text", "platform", "PullRequests", []Constraint{key("Title", schema.EQ)}, `title IN ("1", "2")`, false},
		{"needed", schema.Information, "Users", []Constraint{key("UserEmail", schema.EQ)}, `user.email IN ("1", "2")`, false},
		{"author", "platform", "PullRequests", []Constraint{key("AuthorAccountId", schema.EQ)}, `author.account_id IN ("1", "2")`, false},
		{"author and LIMIT", "platform", "PullRequests", []Constraint{key("AuthorUUID", schema.EQ), limit}, "", false}, // one row of each would do
		{"text and another value", "platform", "PullRequests", []Constraint{key("Title", schema.EQ), key("SourceBranchName", schema.EQ)}, "", false},
		{"constant", "platform", "PullRequests", []Constraint{constant("Id", schema.EQ)}, "", false},
		{"range", "platform", "PullRequests", []Constraint{key("Id", schema.GT)}, "", false},
		{"timestamp", "platform", "PullRequests", []Constraint{key("CreatedOn", schema.EQ)}, "", false}, // spelled as a range
		{"no filter", "platform", "PullRequests", []Constraint{key("Reason", schema.EQ)}, "", false},
		{"path", "platform", "PullRequestTasks", []Constraint{key("PullRequestId", schema.EQ)}, "", false},
		{"path of an object", "platform", "Commits", []Constraint{key("Hash", schema.EQ)}, "", false},
		{"list of a repository", schema.Workspace, "PullRequests", []Constraint{key("RepositorySlug", schema.EQ), key("Id", schema.EQ)}, "(id = 1 OR id = 2)", true},
		{"lists of all repositories", schema.Workspace, "PullRequests", []Constraint{key("Id", schema.EQ)}, "", false},
	} {
		r := NewRelation("acme", test.in, test.table)
		s := Scan{Relation: r, Options: Options{PushDown: true}, Used: []int{0}}
		for _, k := range test.constraints {
			if k.Column >= 0 {
				k.Column = r.Table.Column(k.Name)
				s.Used = append(s.Used, k.Column)
			}
			s.Constraints = append(s.Constraints, k)
		}
		choice, err := Best(s)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		b := choice.Plan.Batch
		if b == nil {
			if test.want != "" || test.lone {
				t.Errorf("%s: no plan for several values", test.name)
			}
			continue
		}
		if b.Lone != test.lone {
			t.Errorf("%s: a value has one object: %v, want %v", test.name, b.Lone, test.lone)
		}
		args := make([]Arg, len(choice.Args))
		for i := range args {
			args[i].Value = int64(2)
		}
		args[b.Lookup.Arg-1] = Arg{List: []any{int64(1), int64(2)}, IsList: true}
		f, err := Bind(r, b, args, nil, s.Options)
		if err != nil || len(f.Queries) != 1 || len(f.Bindings) != 1 {
			t.Fatalf("%s: %v, %+v", test.name, err, f)
		}
		if got := f.Queries[0].Get("q"); got != test.want {
			t.Errorf("%s: q is %s, want %s", test.name, got, test.want)
		}
		if again, err := Decode(choice.Plan.Encode()); err != nil || again.Encode() != choice.Plan.Encode() || again.Batch.Lookup.Column != b.Lookup.Column {
			t.Errorf("%s: the plan is not what was encoded: %v", test.name, err)
		}
	}
}

// TestBatchValue wants the values of a key as cells have them, and none that the list cannot be asked for.
func TestBatchValue(t *testing.T) {
	uuid := "{0b9e6b7c-7a51-4a42-8a0f-0d5a4f4c2b11}"
	for _, test := range []struct {
		in, table, column string
		value, want       any
	}{
		{"platform", "PullRequests", "Id", int64(7), int64(7)},
		{"platform", "PullRequests", "Id", "7", int64(7)},
		{"platform", "PullRequests", "Id", " 7.0", int64(7)},
		{"platform", "PullRequests", "Id", 7.0, int64(7)},
		{"platform", "PullRequests", "Id", 7.5, nil},
		{"platform", "PullRequests", "Id", "x", nil},
		{"platform", "PullRequests", "Id", nil, nil},
		{"platform", "PullRequests", "Id", []byte("7"), nil},
		{"platform", "PullRequests", "Title", "x", "x"},
		{"platform", "PullRequests", "Title", int64(7), "7"},
		{"platform", "PullRequests", "Title", "a\x00b", nil},
		{"platform", "PullRequests", "Title", "\xff", nil},
		{"platform", "PullRequests", "State", "OPEN", "OPEN"},
		{"platform", "PullRequests", "State", "open", nil},
		{schema.Information, "Users", "UUID", uuid, uuid},
		{schema.Information, "Users", "UUID", strings.ToUpper(uuid), nil},
	} {
		r := NewRelation("acme", test.in, test.table)
		column := r.Table.Column(test.column)
		got, ok := (&Plan{Lookup: &Term{Column: column, Op: schema.EQ, Arg: 1}}).BatchValue(r, test.value)
		if got != test.want || ok != (test.want != nil) {
			t.Errorf("%s = %#v: %#v, %v, want %#v", test.column, test.value, got, ok, test.want)
		}
	}
}
