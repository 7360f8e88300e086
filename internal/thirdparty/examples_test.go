package thirdparty

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// stub answers with an example: the paths of lists with all of its objects, other paths with the first.
type stub struct {
	d       *document
	objects []any
	paths   map[string]any // answers of other paths of the document
}

// RoundTrip implements [http.RoundTripper].
func (s *stub) RoundTrip(request *http.Request) (*http.Response, error) {
	d, path, _, problem := s.d.find(strings.TrimPrefix(request.URL.EscapedPath(), "/2.0/"))
	operation, _ := d.get(path)
	if problem != "" && young(&exchange{url: request.URL}) == "" {
		return nil, fmt.Errorf("%s %s", request.URL, problem)
	}
	var body any
	switch other, ok := s.paths[path]; {
	case ok:
		body = other
	case operation == nil || answer(operation) == nil || len(d.members(answer(operation), "values")) > 0:
		body = map[string]any{"values": s.objects, "page": 1, "pagelen": 100, "size": len(s.objects)}
	default:
		body = s.objects[0]
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		Body: io.NopCloser(bytes.NewReader(data)), ContentLength: int64(len(data)), Request: request,
	}, nil
}

// example is files with answers of Bitbucket, the table that reads them, and where some of its columns come from. The
// condition supplies what is in the path and not in the answer.
type example struct {
	table   string
	where   string
	members map[string]string
	files   []string
}

var examples = []example{
	{
		table: "Workspaces", members: map[string]string{"UUID": "workspace.uuid", "Slug": "workspace.slug", "Administrator": "administrator"},
		files: []string{"gildas.workspace-access.json", "spec.user-workspaces.200.json"},
	},
	{
		table: "Repositories",
		members: map[string]string{
			"UUID": "uuid", "Slug": "slug", "FullName": "full_name", "IsPrivate": "is_private", "Size": "size",
		},
		files: []string{"apy.repositories-TestWorkspace1.json", "gildas.repository.json", "jenkins.repository.json", "go-scm.repos.json"},
	},
	{
		table: "Branches", members: map[string]string{"Name": "name", "TargetCommitHash": "target.hash", "TargetDate": "target.date"},
		files: []string{
			"jenkins.refs-branches_pagelen_100.json", "spec.repo-refs-branches.200.json", "go-scm.branches.json", "gildas.branch.json",
		},
	},
	{
		table: "Tags", members: map[string]string{"Name": "name", "TargetCommitHash": "target.hash", "Message": "message"},
		files: []string{"gildas.tags.json", "jenkins.refs-tags_pagelen_100.json", "go-scm.tags.json"},
	},
	{
		table: "Commits", members: map[string]string{"Hash": "hash", "AuthorRaw": "author.raw", "Date": "date"},
		files: []string{"gildas.commit.json", "go-scm.commits.json", "jenkins.commit-046d9a3c1532.json"},
	},
	{
		table: "PullRequests",
		members: map[string]string{
			"Id": "id", "Title": "title", "State": "state", "CreatedOn": "created_on", "MergeCommitHash": "merge_commit.hash",
		},
		files: []string{
			"gildas.pullrequests.json", "apy.repo-pullrequests.json", "jenkins.pullrequests_pagelen_50.json", "go-scm.prs.json",
			"gildas.pullrequest-no-dest-repo.json",
		},
	},
	{
		table: "PullRequestReviewers", members: map[string]string{"UserUUID": "user.uuid", "Approved": "approved"},
		files: []string{"apy.repo-pullrequests-1.json", "apy.repo-pullrequests-25.json", "jenkins.pullrequests-1.json", "go-scm.pr.json"},
	},
	{
		table: "PullRequestComments", where: "PullRequestId = 1", members: map[string]string{"Id": "id", "ContentRaw": "content.raw", "Deleted": "deleted"},
		files: []string{"apy.repo-pullrequests-1-comments.json", "go-scm.prcomments.json"},
	},
	{
		table: "PullRequestCommits", where: "PullRequestId = 1", members: map[string]string{"Hash": "hash", "Message": "message"},
		files: []string{"apy.repo-pullrequests-1-commits.json"},
	},
	{
		table: "PullRequestActivity", members: map[string]string{"PullRequestId": "pull_request.id"},
		files: []string{
			"gildas.activity-approval.json", "gildas.activity-comment.json", "gildas.activity-update.json", "gildas.activity-missing.json",
			"spec.desc-pullrequest-activity-approval.json", "spec.desc-pullrequest-activity-comment.json",
			"spec.desc-pullrequest-activity-update.json",
		},
	},
	{
		table: "Pipelines",
		members: map[string]string{
			"UUID": "uuid", "BuildNumber": "build_number", "ResultName": "state.result.name", "CreatedOn": "created_on",
		},
		files: []string{"apy.repo-pipelines.json", "gildas.pipeline.json", "gildas.pipeline-pullrequest.json"},
	},
	{
		table: "PipelineSteps", where: "PipelineUUID = '{01234567-89ab-cdef-0123-456789abcdef}'",
		members: map[string]string{"UUID": "uuid", "StateName": "state.name", "StartedOn": "started_on"},
		files:   []string{"apy.repo-pipelines-PipelineUuid-steps.json", "gildas.pipeline-step.json"},
	},
	{table: "Environments", members: map[string]string{"UUID": "uuid", "Name": "name"}, files: []string{"hand.environment.json"}},
	{table: "Deployments", members: map[string]string{"UUID": "uuid", "StateName": "state.name"}, files: []string{"hand.deployment.json"}},
}

// Real answers come out of SQL as they are in the JSON: every column of every row, read whole and read alone.
func TestExamples(t *testing.T) {
	d := openDocument(t)
	for _, example := range examples {
		for _, file := range example.files {
			t.Run(example.table+"/"+strings.TrimSuffix(file, ".json"), func(t *testing.T) {
				table := schema.Lookup(example.table)
				s := &stub{d: d, objects: exampleObjects(t, file), paths: map[string]any{}}
				detail := s.objects[0]
				if table == &schema.Workspaces {
					detail = exampleObjects(t, "gildas.workspace.json")[0]
					s.paths["/workspaces/{workspace}"] = detail
				}
				db := openThrough(t, "Workspace=acme;AccessToken=none;BaseURL=http://127.0.0.1:1/2.0;PushDown=true", s)
				name := schemaOf(table) + "." + table.Name
				where := ""
				if example.where != "" {
					where = " WHERE " + example.where
				}
				want := exampleRows(table, s.objects)
				got := run(t, db, "SELECT * FROM "+name+where)
				if len(got) != len(want) {
					t.Fatalf("%d rows, want %d", len(got), len(want))
				}
				for i, row := range want {
					for column, member := range example.members {
						value, _ := dig(row.object, member)
						checkCell(t, table.Columns[table.Column(column)], value, got[i][table.Column(column)])
					}
					for c, column := range table.Columns {
						if column.Param == "" {
							checkCell(t, column, row.value(column, detail), got[i][c])
						}
					}
				}
				for c, column := range table.Columns {
					for i, row := range run(t, db, "SELECT "+column.Name+" FROM "+name+where) {
						if !reflect.DeepEqual(row[0], got[i][c]) {
							t.Errorf("%s alone is %v, with others %v", column.Name, row[0], got[i][c])
						}
					}
				}
			})
		}
	}
}

// exampleRow is the object of a row and, when it is a member of another, that one.
type exampleRow struct{ object, around any }

func exampleRows(table *schema.Table, objects []any) []exampleRow {
	each := table.Endpoints[0].Each
	var rows []exampleRow
	for _, o := range objects {
		if each == nil {
			rows = append(rows, exampleRow{object: o})
			continue
		}
		list, _ := dig(o, each.Member)
		elements, _ := list.([]any)
		for _, element := range elements {
			if value, _ := dig(element, each.Where); each.Where == "" || value == each.Equals {
				rows = append(rows, exampleRow{element, o})
			}
		}
	}
	return rows
}

// value is what the JSON has for the column, nil if nothing.
func (r exampleRow) value(column schema.Column, detail any) any {
	for _, path := range column.Variant {
		if _, ok := dig(r.object, path); ok {
			first, _, _ := strings.Cut(path, ".")
			return first
		}
	}
	if column.Path == "." {
		return r.object
	}
	for path := range strings.SplitSeq(column.Path, "|") {
		from := r.object
		if inner, ok := strings.CutPrefix(path, "^."); ok {
			from, path = r.around, inner
		}
		if column.Detail {
			from = detail
		}
		if value, ok := dig(from, path); ok && value != nil {
			return value
		}
	}
	return nil
}

func checkCell(t *testing.T, column schema.Column, want, got any) {
	t.Helper()
	switch w := want.(type) {
	case nil:
	case float64:
		if column.Type == schema.Integer {
			want = int64(w)
		}
	case string:
		if column.Type == schema.Timestamp {
			at, err := time.Parse(time.RFC3339Nano, w)
			if err != nil {
				t.Fatal(err)
			}
			want = at.UTC()
		}
	case map[string]any, []any:
		text, _ := got.(string)
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Errorf("%s = %v: %v", column.Name, got, err)
		}
		got = value
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s = %#v, want %#v", column.Name, got, want)
	}
}

// withoutExample are the tables of which no public JSON was found (examples/SOURCES.md).
var withoutExample = []string{"Projects", "Users"}

// Every table has an example, or there is none to be had.
func TestExamplesCoverTables(t *testing.T) {
	for _, table := range schema.Tables() {
		has := slices.ContainsFunc(examples, func(e example) bool { return e.table == table.Name })
		if has == slices.Contains(withoutExample, table.Name) {
			t.Errorf("%s: has an example: %t", table.Name, has)
		}
	}
}
