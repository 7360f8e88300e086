package planner

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// ask is a scan in the words of SQL.
type ask struct {
	relation string
	used     []string
	terms    []term
	order    []string // "Column" or "Column DESC"
	limit    int64    // 0: none
	offset   int64
	hint     *Predicate
	options  Options
	union    bool // an OFFSET may count rows of other scans
}

// term is a constraint with its value; a []any value is an IN list.
type term struct {
	column, op string
	value      any
}

var opsByName = map[string]Op{
	"=": schema.EQ, "<>": schema.NE, "<": schema.LT, "<=": schema.LE, ">": schema.GT, ">=": schema.GE, "LIKE": schema.LIKE,
	"IN": schema.IN, "IS NULL": schema.ISNULL, "other": Other,
}

// plan plans and binds, and returns the choice and the fetch.
func plan(t *testing.T, a ask) (Choice, *Fetch) {
	t.Helper()
	dot := strings.LastIndexByte(a.relation, '.')
	r := NewRelation("acme", a.relation[:dot], a.relation[dot+1:])
	if r == nil {
		t.Fatalf("no relation %s", a.relation)
	}
	s := Scan{Relation: r, Hint: a.hint, Options: a.options, OwnOffset: !a.union}
	var values []Arg
	add := func(c Constraint, value any) {
		list, isList := value.([]any)
		s.Constraints = append(s.Constraints, c)
		values = append(values, Arg{Value: value, List: list, IsList: isList})
	}
	for _, k := range a.terms {
		column := r.Table.Column(k.column)
		c := Constraint{Column: column, Op: opsByName[k.op], Usable: true, Collation: Collation(&r.Table.Columns[column])}
		_, c.List = k.value.([]any)
		add(c, k.value)
	}
	if a.limit > 0 {
		add(Constraint{Column: -1, Op: Limit, Usable: true}, a.limit)
	}
	if a.offset > 0 {
		add(Constraint{Column: -1, Op: Offset, Usable: true}, a.offset)
	}
	for _, o := range a.order {
		name, desc := strings.CutSuffix(o, " DESC")
		s.OrderBy = append(s.OrderBy, Order{Column: r.Table.Column(name), Desc: desc})
	}
	for _, name := range a.used {
		s.Used = append(s.Used, r.Table.Column(name))
	}
	slices.Sort(s.Used)
	choice, err := Best(s)
	if err != nil {
		t.Fatal(err)
	}
	var args []Arg
	for _, id := range choice.Args {
		args = append(args, values[id])
	}
	decoded, err := Decode(choice.Plan.Encode())
	if err != nil {
		t.Fatal(err)
	}
	f, err := Bind(r, decoded, args, nil, a.options)
	if err != nil {
		t.Fatal(err)
	}
	return choice, f
}

// requests are the requests of a fetch, with a parent's first; fields are left out.
func requests(f *Fetch) []string {
	if f.Empty {
		return nil
	}
	var out []string
	bindings := f.Bindings
	if f.Parent != nil {
		out = append(out, requests(f.Parent)...)
		b := Binding{}
		for param := range f.Supply {
			b[param] = "*"
		}
		bindings = []Binding{b}
	}
	for _, b := range bindings {
		for _, q := range f.Queries {
			var parts []string
			for name, values := range q {
				if name != "fields" {
					for _, value := range values {
						parts = append(parts, name+"="+value)
					}
				}
			}
			slices.Sort(parts)
			if f.PageLen > 0 && !f.Count {
				parts = append(parts, fmt.Sprintf("pagelen=%d", f.PageLen))
			}
			if f.Count {
				parts = append(parts, "count")
			}
			path, _ := url.PathUnescape(f.Relation.Path(f.Endpoint, b))
			path = strings.TrimPrefix(strings.TrimPrefix(path, "/repositories/acme"), "/platform")
			out = append(out, path+"?"+strings.Join(parts, "&"))
		}
	}
	return out
}

func TestRequests(t *testing.T) {
	on := Options{PushDown: true}
	states := "state=DECLINED&state=MERGED&state=OPEN&state=SUPERSEDED"
	hash := strings.Repeat("ab", 20)
	uuid := "{01234567-89ab-cdef-0123-456789abcdef}"
	for _, test := range []struct {
		name string
		ask  ask
		want []string
	}{
		{"everything", ask{relation: "platform.PullRequests", used: []string{"Title"}}, []string{"/pullrequests?" + states + "&pagelen=50"}},
		{"count", ask{relation: "platform.PullRequests"}, []string{"/pullrequests?" + states + "&count"}},
		{
			"count of a state",
			ask{relation: "platform.PullRequests", used: []string{"State"}, terms: []term{{"State", "=", "OPEN"}}},
			[]string{`/pullrequests?q=state = "OPEN"&count`},
		},
		{
			"count of two states reads rows: SQLite may want the state",
			ask{relation: "platform.PullRequests", used: []string{"State"}, terms: []term{{"State", "IN", []any{"OPEN", "MERGED"}}}},
			[]string{`/pullrequests?q=state IN ("OPEN", "MERGED")&pagelen=50`},
		},
		{
			"a state outside the enumeration is SQLite's, and so is the count",
			ask{relation: "platform.PullRequests", used: []string{"State"}, terms: []term{{"State", "=", "open"}}},
			[]string{"/pullrequests?" + states + "&pagelen=50"},
		},
		{
			"limit",
			ask{relation: "platform.PullRequests", used: []string{"Title", "State"}, terms: []term{{"State", "=", "OPEN"}}, limit: 12, offset: 5},
			[]string{`/pullrequests?q=state = "OPEN"&pagelen=17`},
		},
		{
			"limit beside a wider condition is not pushed",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Title", "LIKE", "%fix%"}}, limit: 5},
			[]string{`/pullrequests?q=title ~ "fix"&pagelen=50`},
		},
		{
			"limit beside a condition that is not pushed",
			ask{relation: "platform.PullRequests", used: []string{"Reason"}, terms: []term{{"Reason", "=", ""}}, limit: 5},
			[]string{"/pullrequests?" + states + "&pagelen=50"},
		},
		{
			"order and limit",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, order: []string{"CreatedOn DESC"}, limit: 20},
			[]string{"/pullrequests?sort=-created_on&" + states + "&pagelen=20"},
		},
		{
			"order by a unique column and more",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, order: []string{"Id", "Title"}, limit: 20},
			[]string{"/pullrequests?sort=id&" + states + "&pagelen=20"},
		},
		{
			"order by more than Bitbucket sorts",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, order: []string{"CreatedOn", "Title"}, limit: 20},
			[]string{"/pullrequests?" + states + "&pagelen=50"},
		},
		{
			"order by text is SQLite's",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, order: []string{"Title"}, limit: 20},
			[]string{"/pullrequests?" + states + "&pagelen=50"},
		},
		{"key", ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Id", "=", int64(7)}}}, []string{"/pullrequests/7?"}},
		{"key as text", ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Id", "=", " 7.0"}}}, []string{"/pullrequests/7?"}},
		{"key that is no number", ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Id", "=", "x"}}}, nil},
		{"key that is NULL", ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Id", "=", nil}}}, nil},
		{
			"keys",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Id", "IN", []any{int64(1), "2", "x", nil}}}},
			[]string{"/pullrequests?q=(id = 1 OR id = 2)&pagelen=50"},
		},
		{
			"quotes and backslashes",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Title", "=", `a "b" \c`}}},
			[]string{`/pullrequests?q=title = "a \"b\" \\c"&pagelen=50`},
		},
		{
			"pieces of a pattern",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Title", "LIKE", `a%b_"c%`}}},
			[]string{`/pullrequests?q=title ~ "a" AND title ~ "b" AND title ~ "\"c"&pagelen=50`},
		},
		{
			"<> of free text is SQLite's",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Title", "<>", "x"}}},
			[]string{"/pullrequests?" + states + "&pagelen=50"},
		},
		{
			"timestamps",
			ask{relation: "platform.PullRequests", used: []string{"CreatedOn"}, terms: []term{{"CreatedOn", ">=", "2026-01-02"}, {"CreatedOn", "<", "2026-01-02T03:04:05.5+02:00"}}, limit: 3},
			[]string{"/pullrequests?q=created_on >= 2026-01-02T00:00:00+00:00 AND created_on < 2026-01-02T01:04:05.500+00:00&pagelen=10"},
		},
		{
			"finer than milliseconds is widened",
			ask{relation: "platform.PullRequests", used: []string{"CreatedOn"}, terms: []term{{"CreatedOn", ">", "2026-01-02 03:04:05.123456"}, {"CreatedOn", "<", "2026-12-31 23:59:59.999999"}}, limit: 3},
			[]string{"/pullrequests?q=created_on >= 2026-01-02T03:04:05.123+00:00 AND created_on <= 2027-01-01T00:00:00+00:00&pagelen=50"},
		},
		{
			"an instant, and one that is spelled finer",
			ask{relation: "platform.PullRequests", used: []string{"CreatedOn"}, terms: []term{{"CreatedOn", "=", "2026-01-02T03:04:05.1+01:00"}, {"UpdatedOn", "=", "2026-01-02 03:04:59.123456"}}, limit: 3},
			[]string{"/pullrequests?q=(created_on >= 2026-01-02T02:04:05.100+00:00 AND created_on <= 2026-01-02T02:04:05.100+00:00)" +
				" AND (updated_on >= 2026-01-02T03:04:59.123+00:00 AND updated_on <= 2026-01-02T03:05:00+00:00)&pagelen=50"},
		},
		{
			"instants",
			ask{relation: "platform.PullRequests", used: []string{"CreatedOn"}, terms: []term{{"CreatedOn", "IN", []any{"2026-01-02", nil, "2026-01-02T00:00Z", "2026-01-03"}}}},
			[]string{"/pullrequests?q=((created_on >= 2026-01-02T00:00:00+00:00 AND created_on <= 2026-01-02T00:00:00+00:00) OR " +
				"(created_on >= 2026-01-03T00:00:00+00:00 AND created_on <= 2026-01-03T00:00:00+00:00))&pagelen=50"},
		},
		{
			"an instant among no timestamps is SQLite's",
			ask{relation: "platform.PullRequests", used: []string{"CreatedOn"}, terms: []term{{"CreatedOn", "IN", []any{"2026-01-02", "yesterday"}}}},
			[]string{"/pullrequests?" + states + "&pagelen=50"},
		},
		{
			"no timestamp",
			ask{relation: "platform.PullRequests", used: []string{"CreatedOn"}, terms: []term{{"CreatedOn", ">", "yesterday"}}},
			[]string{"/pullrequests?" + states + "&pagelen=50"},
		},
		{"commit", ask{relation: "platform.Commits", used: []string{"Message"}, terms: []term{{"Hash", "=", hash}}}, []string{"/commit/" + hash + "?"}},
		{"a branch is no hash", ask{relation: "platform.Commits", used: []string{"Message"}, terms: []term{{"Hash", "=", "main"}}}, nil},
		{"branch", ask{relation: "platform.Branches", used: []string{"Name"}, terms: []term{{"Name", "=", "feature/a b"}}}, []string{"/refs/branches/feature/a b?"}},
		{
			"comments of a pull request",
			ask{relation: "platform.PullRequestComments", used: []string{"ContentRaw"}, terms: []term{{"PullRequestId", "=", int64(3)}}},
			[]string{"/pullrequests/3/comments?pagelen=100"},
		},
		{
			"comments of all",
			ask{relation: "platform.PullRequestComments", used: []string{"ContentRaw"}},
			[]string{"/pullrequests?" + states + "&pagelen=50", "/pullrequests/*/comments?pagelen=100"},
		},
		{
			"a range narrows the parent",
			ask{relation: "platform.PullRequestComments", used: []string{"PullRequestId"}, terms: []term{{"PullRequestId", ">", int64(100)}}},
			[]string{"/pullrequests?q=id > 100&pagelen=50", "/pullrequests/*/comments?count"},
		},
		{
			"activity of one and of all",
			ask{relation: "platform.PullRequestActivity", used: []string{"Kind"}, terms: []term{{"PullRequestId", "=", int64(3)}}},
			[]string{"/pullrequests/3/activity?pagelen=50"},
		},
		{"activity", ask{relation: "platform.PullRequestActivity", used: []string{"Kind"}}, []string{"/pullrequests/activity?pagelen=50"}},
		{
			"over all repositories",
			ask{relation: "Workspace.PullRequests", used: []string{"Title"}, terms: []term{{"State", "=", "OPEN"}}},
			[]string{"?pagelen=100", `/*/pullrequests?q=state = "OPEN"&pagelen=50`},
		},
		{
			"over some repositories",
			ask{relation: "Workspace.PullRequests", used: []string{"Title"}, terms: []term{{"RepositorySlug", "IN", []any{"a", "b", "C"}}}},
			[]string{"/a/pullrequests?" + states + "&pagelen=50", "/b/pullrequests?" + states + "&pagelen=50"},
		},
		{
			"two levels of parents",
			ask{relation: "Workspace.PullRequestComments", used: []string{"Id"}, terms: []term{{"PullRequestId", "=", int64(5)}, {"RepositorySlug", "LIKE", "%api%"}}},
			[]string{`?q=full_name ~ "api"&pagelen=100`, "/*/pullrequests?q=id = 5&pagelen=50", "/*/pullrequests/*/comments?pagelen=100"},
		},
		{
			"parameters of an endpoint's own",
			ask{relation: "platform.Pipelines", used: []string{"UUID"}, terms: []term{{"ResultName", "IN", []any{"FAILED", "SUCCESSFUL"}}, {"TargetRefType", "=", "branch"}, {"CreatorUUID", "=", uuid}}, order: []string{"CreatedOn DESC"}, limit: 3},
			[]string{"/pipelines/?creator.uuid=" + uuid + "&sort=-created_on&status=FAILED&status=PASSED&target.ref_type=BRANCH&pagelen=100"},
		},
		{
			"an unknown word is SQLite's",
			ask{relation: "platform.Pipelines", used: []string{"UUID"}, terms: []term{{"ResultName", "=", "EXPIRED"}}},
			[]string{"/pipelines/?pagelen=100"},
		},
		{"pipeline by number", ask{relation: "platform.Pipelines", used: []string{"UUID"}, terms: []term{{"BuildNumber", "=", int64(9)}}}, []string{"/pipelines/9?"}},
		{
			"short pages",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, options: Options{PushDown: true, PageSize: 25}},
			[]string{"/pullrequests?" + states + "&pagelen=25"},
		},
		{
			"no push-down",
			ask{relation: "platform.PullRequests", used: []string{"Title"}, terms: []term{{"Id", "=", int64(1)}}, limit: 1, options: Options{PushDown: false, PageSize: 7}},
			[]string{"/pullrequests?" + states + "&pagelen=7"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.ask.options == (Options{}) {
				test.ask.options = on
			}
			_, f := plan(t, test.ask)
			if got := requests(f); !slices.Equal(got, test.want) {
				t.Errorf("requests are\n  %q\nwant\n  %q", got, test.want)
			}
		})
	}
}

func TestLongListsAreCut(t *testing.T) {
	var ids []any
	for i := range 120 {
		ids = append(ids, int64(i))
	}
	_, f := plan(t, ask{relation: "platform.PullRequests", used: []string{"Id"}, terms: []term{{"Id", "IN", ids}}, options: Options{PushDown: true}})
	if len(f.Queries) != 3 {
		t.Errorf("%d requests for 120 values, want 3", len(f.Queries))
	}
	_, f = plan(t, ask{relation: "platform.PullRequests", used: []string{"Id"}, terms: []term{{"Id", "IN", ids}}, order: []string{"Id"}, limit: 5, options: Options{PushDown: true}})
	if len(f.Queries) != 1 || f.Queries[0].Get("q") != "" || f.Limit != -1 || f.Queries[0].Get("sort") != "id" {
		t.Errorf("a long list beside ORDER BY: %v, limit %d; want it left to SQLite, and the limit with it", f.Queries, f.Limit)
	}
}

// TestListsThatOverlapAreNotCut leaves a long list to SQLite where Bitbucket may answer two requests with the same row: texts
// that differ in their case only, and instants, which are asked for as ranges.
func TestListsThatOverlapAreNotCut(t *testing.T) {
	var titles, instants []any
	for i := range 60 {
		titles = append(titles, fmt.Sprint("title ", i))
		instants = append(instants, fmt.Sprintf("2026-01-02 03:04:%02d.000001", i))
	}
	for _, test := range []struct {
		column string
		list   []any
		want   int // requests with a filter
	}{
		{"Title", titles, 2}, {"Title", append(slices.Clone(titles), "TITLE 7"), 0}, {"CreatedOn", instants[:20], 1}, {"CreatedOn", instants, 0},
	} {
		_, f := plan(t, ask{relation: "platform.PullRequests", used: []string{"Id"}, terms: []term{{test.column, "IN", test.list}}, options: Options{PushDown: true}})
		got := 0
		for _, q := range f.Queries {
			if q.Get("q") != "" {
				got++
			}
		}
		if got != test.want || got == 0 && len(f.Queries) != 1 {
			t.Errorf("%d values of %s: %d requests, %d of them with a filter, want %d", len(test.list), test.column, len(f.Queries), got, test.want)
		}
	}
}

func TestChoice(t *testing.T) {
	on := Options{PushDown: true}
	one, _ := plan(t, ask{relation: "platform.PullRequests", used: []string{"Id"}, terms: []term{{"Id", "=", int64(1)}}, order: []string{"Title"}, options: on})
	if !one.Unique || !one.Ordered {
		t.Errorf("a key GET is one row, hence in any order: %+v", one)
	}
	all, _ := plan(t, ask{relation: "platform.PullRequests", used: []string{"Id"}, order: []string{"CreatedOn", "Title"}, options: on})
	if all.Unique || all.Ordered || all.Cost <= one.Cost {
		t.Errorf("a scan is dearer than a key GET, and not in an order that Bitbucket does not know: %+v", all)
	}
	bySlug, _ := plan(t, ask{relation: "Workspace.PullRequests", used: []string{"Id"}, terms: []term{{"RepositorySlug", "=", "a"}}, options: on})
	everywhere, _ := plan(t, ask{relation: "Workspace.PullRequests", used: []string{"Id"}, options: on})
	if everywhere.Cost <= 5*bySlug.Cost {
		t.Errorf("all repositories cost %v, one costs %v", everywhere.Cost, bySlug.Cost)
	}
}

func TestCollationKeepsAConditionFromBitbucket(t *testing.T) {
	r := NewRelation("acme", "platform", "PullRequests")
	c := Constraint{Column: r.Table.Column("State"), Op: schema.EQ, Usable: true, Collation: "NOCASE"}
	choice, err := Best(Scan{Relation: r, Constraints: []Constraint{c}, Options: Options{PushDown: true}})
	if err != nil || len(choice.Args) != 0 || choice.Plan.Count {
		t.Errorf("a NOCASE comparison was pushed: %+v, %v", choice.Plan, err)
	}
}

func TestHintIsRendered(t *testing.T) {
	hint := &Predicate{Op: Or, Args: []Predicate{
		{Column: "State", Cmp: EQ, Values: []Operand{{Value: "OPEN"}}},
		{Op: And, Args: []Predicate{
			{Column: "Id", Cmp: GT, Values: []Operand{{Value: int64(10)}}},
			{Column: "Reason", Cmp: EQ, Values: []Operand{{Value: "cannot be pushed"}}},
		}},
		{Column: "Title", Cmp: Like, Values: []Operand{{Value: "%a%b%"}}},
	}}
	_, f := plan(t, ask{relation: "platform.PullRequests", used: []string{"Id"}, hint: hint, limit: 5, options: Options{PushDown: true}})
	want := `(state = "OPEN" OR id > 10 OR (title ~ "a" AND title ~ "b"))`
	if got := f.Queries[0].Get("q"); got != want || f.Limit != -1 {
		t.Errorf("q=%s, limit %d; want %s and no limit", got, f.Limit, want)
	}
	hint.Args = append(hint.Args, Predicate{Column: "Reason", Cmp: EQ, Values: []Operand{{Value: "x"}}})
	if _, f = plan(t, ask{relation: "platform.PullRequests", used: []string{"Id"}, hint: hint, options: Options{PushDown: true}}); f.Queries[0].Has("q") {
		t.Errorf("q=%s: an arm of the OR cannot be said, so none may", f.Queries[0].Get("q"))
	}
}

// TestColumnThatNeedsItsValue wants the table that gives a value to come before one whose column is NULL without it.
func TestColumnThatNeedsItsValue(t *testing.T) {
	r := NewRelation("acme", schema.Information, "Users")
	s := Scan{Relation: r, Options: Options{PushDown: true}, Constraints: []Constraint{{Column: r.Table.Column("UserEmail"), Op: schema.EQ}}}
	if choice, err := Best(s); !errors.Is(err, ErrUnusable) {
		t.Errorf("the plan is %+v: %v", choice, err)
	}
	for _, k := range []Constraint{{Column: r.Table.Column("UserEmail"), Op: schema.EQ, Usable: true}, {Column: r.Table.Column("Nickname"), Op: schema.EQ}} {
		s.Constraints = []Constraint{k}
		if _, err := Best(s); err != nil {
			t.Errorf("%+v: %v", k, err)
		}
	}
}
