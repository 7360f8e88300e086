package scan

import (
	"errors"
	"math"
	"testing"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// whole is the fetch of all columns of a table by one of its endpoints.
func whole(relation *planner.Relation, endpoint int) *planner.Fetch {
	f := &planner.Fetch{Relation: relation, Endpoint: &relation.Table.Endpoints[endpoint]}
	for i := range relation.Table.Columns {
		f.Columns = append(f.Columns, i)
	}
	return f
}

// row spells the cells of a row by column.
func row(t *testing.T, f *planner.Fetch, p *page.Page, at int) map[string]any {
	t.Helper()
	out := map[string]any{}
	for slot, column := range p.Columns {
		name := f.Relation.Table.Columns[column].Name
		switch c := p.Cell(at, slot); c.Kind {
		case page.Integer:
			out[name] = c.V
		case page.Real:
			out[name] = c.Float()
		case page.Text:
			out[name] = string(p.TextOf(c))
		}
	}
	return out
}

// pageOf decodes objects that are rows.
func pageOf(t *testing.T, d *decoder, values []*fastjson.Value, b planner.Binding) *page.Page {
	t.Helper()
	p, err := d.page(values, b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestWhatIsNoRow decodes what stands in place of an object: none of it is a row of NULLs.
func TestWhatIsNoRow(t *testing.T) {
	for _, test := range []struct {
		table, value string
		row          bool
	}{
		{"PullRequests", `{}`, false},
		{"PullRequests", `null`, false},
		{"PullRequests", `"x"`, false},
		{"PullRequests", `[]`, false},
		{"PullRequests", `{"title":"x"}`, true},
		{"EffectiveDefaultReviewers", `{}`, true}, // of an account that is gone
		{"EffectiveDefaultReviewers", `7`, false},
		{"PullRequestReviewers", `{"id":1}`, true},
		{"PullRequestReviewers", `{"id":1,"participants":null}`, true},
		{"PullRequestReviewers", `{"id":1,"participants":{}}`, false},
		{"PullRequestReviewers", `{"id":1,"participants":["x"]}`, false},
		{"PullRequestReviewers", `{}`, false},
	} {
		f := whole(planner.NewRelation("acme", "platform", test.table), 0)
		_, err := newDecoder(f).page([]*fastjson.Value{fastjson.MustParse(test.value)}, nil)
		if (err == nil) != test.row {
			t.Errorf("%s as a row of %s: %v", test.value, test.table, err)
		}
	}
}

func TestNullAbsentAndEmptyAreToldApart(t *testing.T) {
	f := whole(planner.NewRelation("acme", "platform", "PullRequests"), 0)
	d := newDecoder(f)
	p := pageOf(t, d, []*fastjson.Value{fastjson.MustParse(`{
		"id": 7, "title": "", "summary": {"raw": null}, "draft": false, "author": {"display_name": "Zoë \"Z\""}, "closed_by": null,
		"source": {"repository": null, "branch": {"name": "a/b"}}, "comment_count": 0, "created_on": "2026-01-03T07:36:40.109572+02:00",
		"updated_on": "not a time", "reviewers": [], "participants": [{"role": "REVIEWER", "state": null}], "task_count": "7", "reason": 5,
		"links": {"html": {"href": "x"}}
	}`)}, nil)
	got := row(t, f, p, 0)
	for name, want := range map[string]any{
		"Id": int64(7), "Title": "", "SummaryRaw": nil, "Draft": int64(0), "Queued": nil, "AuthorName": `Zoë "Z"`, "ClosedByUUID": nil,
		"SourceRepositoryName": nil, "SourceBranchName": "a/b", "CommentCount": int64(0), "CreatedOn": "2026-01-03 05:36:40.109572",
		"UpdatedOn": "not a time", "Reviewers": "[]", "Participants": `[{"role":"REVIEWER","state":null}]`, "TaskCount": "7", "Reason": "5",
		"HtmlURL": "x", "Links": `{"html":{"href":"x"}}`,
	} {
		if got[name] != want {
			t.Errorf("%s is %v (%T), want %v", name, got[name], got[name], want)
		}
	}
}

// TestNumbersKeepTheirValue decodes numbers at the edges of what a column holds: what does not fit stays as it is written.
func TestNumbersKeepTheirValue(t *testing.T) {
	f := whole(planner.NewRelation("acme", "platform", "PullRequests"), 0)
	for text, want := range map[string]any{
		"9007199254740993": int64(9007199254740993), "9223372036854775807": int64(math.MaxInt64), "-9223372036854775808": int64(math.MinInt64),
		"9223372036854775808": "9223372036854775808", "-9223372036854775809": "-9223372036854775809", "1.5": 1.5, "1e3": 1e3, "-0": int64(0),
		"1e999": "1e999", "-1E999": "-1E999", "\"7\"": "7", "true": int64(1),
	} {
		p := pageOf(t, newDecoder(f), []*fastjson.Value{fastjson.MustParse(`{"id":1,"comment_count":` + text + `}`)}, nil)
		if got := row(t, f, p, 0)["CommentCount"]; got != want {
			t.Errorf("%s is %v (%T), want %v", text, got, got, want)
		}
	}
}

func TestElementsAreRows(t *testing.T) {
	f := whole(planner.NewRelation("acme", "platform", "PullRequestReviewers"), 0)
	p := pageOf(t, newDecoder(f), []*fastjson.Value{
		fastjson.MustParse(`{"id": 1, "title": "a", "participants": [
			{"role": "REVIEWER", "user": {"uuid": "u1"}, "approved": true}, {"role": "PARTICIPANT", "user": {"uuid": "u2"}}, {"role": "REVIEWER", "user": {"uuid": "u3"}}]}`),
		fastjson.MustParse(`{"id": 2, "title": "b"}`),
		fastjson.MustParse(`{"id": 3, "title": "c", "participants": [{"role": "REVIEWER", "user": {"uuid": "u1"}}]}`),
	}, nil)
	if p.Rows != 3 {
		t.Fatalf("%d rows, want 3", p.Rows)
	}
	if r := row(t, f, p, 2); r["PullRequestId"] != int64(3) || r["PullRequestTitle"] != "c" || r["UserUUID"] != "u1" {
		t.Errorf("the last row is %v", r)
	}
	if p.RowIDs[0] == p.RowIDs[2] || p.RowIDs[0] == p.RowIDs[1] {
		t.Errorf("row ids are not unique: %v", p.RowIDs)
	}
}

func TestVariantAndAlternatives(t *testing.T) {
	f := whole(planner.NewRelation("acme", "platform", "PullRequestActivity"), 0)
	p := pageOf(t, newDecoder(f), []*fastjson.Value{
		fastjson.MustParse(`{"pull_request": {"id": 1}, "approval": {"date": "2026-01-01T00:00:00Z", "user": {"display_name": "A"}}}`),
		fastjson.MustParse(`{"pull_request": {"id": 1}, "comment": {"id": 9, "created_on": "2026-01-02T00:00:00Z", "user": {"display_name": "B"}}}`),
		fastjson.MustParse(`{"pull_request": {"id": 1}, "something_new": {}}`),
	}, nil)
	for i, want := range []map[string]any{
		{"Kind": "approval", "Date": "2026-01-01 00:00:00", "UserName": "A", "CommentId": nil},
		{"Kind": "comment", "Date": "2026-01-02 00:00:00", "UserName": "B", "CommentId": int64(9)},
		{"Kind": nil, "Date": nil},
	} {
		got := row(t, f, p, i)
		for name, value := range want {
			if got[name] != value {
				t.Errorf("row %d: %s is %v, want %v", i, name, got[name], value)
			}
		}
	}
}

func TestRowIDsAreThoseOfTheKey(t *testing.T) {
	relation := planner.NewRelation("acme", "platform", "PullRequests")
	full := whole(relation, 0)
	narrow := &planner.Fetch{Relation: relation, Endpoint: full.Endpoint, Columns: []int{relation.Table.Column("Id"), relation.Table.Column("State")}}
	v := fastjson.MustParse(`{"id": 12, "title": "x", "state": "OPEN"}`)
	if a, b := pageOf(t, newDecoder(full), []*fastjson.Value{v}, nil), pageOf(t, newDecoder(narrow), []*fastjson.Value{v}, nil); a.RowIDs[0] != b.RowIDs[0] {
		t.Error("the id of a row depends on the columns that are read")
	}
}

// FuzzDecode decodes arbitrary JSON as rows of every table: whatever comes, there is a row for each object or an error, and no panic.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, `null`, `5`, `"x"`, `{"id":1.5,"title":{"a":[1,2,{}]},"author":[],"created_on":7,"participants":{"role":1}}`,
		`{"participants":[1,null,{"role":"REVIEWER","user":5}]}`, `{"update":{"date":true},"comment":null}`, `{"id":99999999999999999999,"draft":"yes","links":"\u0000\ud800"}`,
	} {
		f.Add(s)
	}
	var fetches []*planner.Fetch
	for _, in := range []string{schema.Information, schema.Workspace, "platform"} {
		for _, r := range planner.Relations("acme", in) {
			for e := range r.Table.Endpoints {
				fetches = append(fetches, whole(r, e))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := fastjson.Parse(text)
		if err != nil {
			return
		}
		for _, fetch := range fetches {
			p, err := newDecoder(fetch).page([]*fastjson.Value{v, v}, planner.Binding{"repo_slug": "x", "pull_request_id": "7"})
			if err != nil {
				if unfit := api.Unfit(""); !errors.As(err, &unfit) {
					t.Fatalf("%s: %v", fetch.Relation, err)
				}
				continue
			}
			if fetch.Endpoint.Each == nil && p.Rows != 2 {
				t.Fatalf("%s: %d rows of 2 objects", fetch.Relation, p.Rows)
			}
			if len(p.Cells) != p.Rows*len(p.Columns) || len(p.RowIDs) != p.Rows {
				t.Fatalf("%s: %d cells and %d ids for %d rows of %d columns", fetch.Relation, len(p.Cells), len(p.RowIDs), p.Rows, len(p.Columns))
			}
			for _, c := range p.Cells {
				if c.Kind == page.Text {
					p.TextOf(c)
				}
			}
		}
	})
}

// TestTextOfJSONDoesNotDependOnOtherColumns reads a string before and after the object that holds it.
func TestTextOfJSONDoesNotDependOnOtherColumns(t *testing.T) {
	const text = `{"links": {"html": {"href": "a\u0026b\/\"c\\\n\u0001\u00e9é🚀\ud83d\ude80"}, "n": [1.50, null, true, {}]}}`
	relation := planner.NewRelation("acme", "platform", "Branches")
	links := relation.Table.Column("Links")
	alone := newDecoder(&planner.Fetch{Relation: relation, Endpoint: &relation.Table.Endpoints[0], Columns: []int{links}})
	both := newDecoder(&planner.Fetch{Relation: relation, Endpoint: &relation.Table.Endpoints[0], Columns: []int{relation.Table.Column("HtmlURL"), links}})
	a := pageOf(t, alone, []*fastjson.Value{fastjson.MustParse(text)}, nil)
	b := pageOf(t, both, []*fastjson.Value{fastjson.MustParse(text)}, nil)
	got, again := string(a.TextOf(a.Cell(0, 0))), string(b.TextOf(b.Cell(0, 1)))
	want := "{\"html\":{\"href\":\"a&b/\\\"c\\\\\\n\\u0001éé🚀🚀\"},\"n\":[1.50,null,true,{}]}"
	if got != want || again != want {
		t.Errorf("alone it is\n%s\nbeside its own string\n%s\nwant\n%s", got, again, want)
	}
}
