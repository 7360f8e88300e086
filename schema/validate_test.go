package schema

import (
	"strings"
	"testing"
)

func TestTablesAreValid(t *testing.T) {
	if err := Validate(Tables()); err != nil {
		t.Fatal(err)
	}
	var workspace []*Table
	for _, table := range Tables() {
		if w := table.InWorkspace(); w != nil {
			workspace = append(workspace, w)
		} else {
			workspace = append(workspace, table)
		}
	}
	if err := Validate(workspace); err != nil {
		t.Fatalf("as tables of the schema Workspace: %v", err)
	}
}

func TestValidateReportsEveryFault(t *testing.T) {
	bad := &Table{
		Name: "bad", Description: "No sentence",
		Columns: []Column{
			{Name: "A", Path: "a", Param: "b", Description: "Both."},
			{Name: "A", Path: "a", Description: "Again."},
			{Name: "B", Path: "b", Description: "Points nowhere.", References: "Nothing.X"},
			{Name: "C", Path: "c", Description: "Detail.", Detail: true},
			{Name: "D", Type: Timestamp, Path: "d", Description: "Instant."},
		},
		Endpoints: []Endpoint{
			{Path: "/x/{y}", Paging: Numbered},
			{
				Path: "/z", Paging: One, TokenScope: "s", Binds: map[string]string{"q": "Nope"},
				Filters: []Filter{{Column: "B", Field: "b", Ops: NE | LIKE, Exact: LIKE | EQ}, {Column: "D", Field: "d", Ops: EQ | NE}},
				Sorts:   []Sort{{Column: "B", Field: "b"}},
			},
		},
		Parent: &Parent{Table: "Missing"},
	}
	err := Validate([]*Table{bad, bad})
	if err == nil {
		t.Fatal("no fault found")
	}
	for _, want := range []string{
		"not PascalCase", "not a sentence", "no key", "exactly one of", "there twice", "references Nothing.X", "without a detail endpoint",
		"nothing fills y", "no token scope", "MaxPage goes with", "not filtered or sorted", "is BBQL", "names Nope", "q is bound and not in the path",
		"text column B cannot be sorted", "free text", "asked for as a range", "<> of timestamps", "parent Missing is no table", "used twice",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestInWorkspace(t *testing.T) {
	w := PullRequestComments.InWorkspace()
	if w.Columns[0].Name != RepositorySlug || w.Key[0] != RepositorySlug || len(w.Columns) != len(PullRequestComments.Columns)+1 {
		t.Errorf("columns or key are wrong: %v, %v", w.Columns[0], w.Key)
	}
	if w.Parent.Table != "PullRequests" || w.Parent.Columns[RepositorySlug] != RepositorySlug || w.Parent.Columns["PullRequestId"] != "Id" {
		t.Errorf("parent is wrong: %+v", w.Parent)
	}
	if PullRequestComments.Endpoints[0].Binds["repo_slug"] != "" {
		t.Error("the table itself was changed")
	}
	if b := Branches.InWorkspace(); b.Parent.Table != "Repositories" || b.Parent.Columns[RepositorySlug] != "Slug" {
		t.Errorf("parent of branches is wrong: %+v", b.Parent)
	}
	if Repositories.InWorkspace() != nil {
		t.Error("a table of Information is in Workspace")
	}
}
