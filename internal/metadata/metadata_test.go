package metadata

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/columntype"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

func TestMain(m *testing.M) { secretscan.Main(func() { os.Exit(m.Run()) }) }

// acme is a connection to a workspace of two repositories and a project.
type acme struct {
	settings Settings
	// listed counts how often the repositories and projects were asked for.
	listed int
	err    error
	// unlisted is why the project is not told, and broken why the views are not.
	unlisted, broken error
}

func (a *acme) Settings() Settings { return a.settings }

func (a *acme) SchemaNames(context.Context) (SchemaNames, error) {
	a.listed++
	if a.unlisted != nil {
		return SchemaNames{Repositories: []string{"platform", "web"}, Unlisted: a.unlisted}, a.err
	}
	return SchemaNames{Repositories: []string{"platform", "web"}, Projects: []string{"CORE"}}, a.err
}

func (a *acme) Views(context.Context) ([]View, error) {
	if a.broken != nil {
		return nil, a.broken
	}
	return []View{{Name: "Mine", Query: "SELECT 1 AS n"}, {Name: "Yours", Query: "SELECT 2"}}, nil
}

func (a *acme) DescribeViews(_ context.Context, views []View) {
	for i := range views {
		views[i].Columns = []ViewColumn{{Name: "n", Type: columntype.Date}}
	}
}

func (a *acme) Procedures() []Procedure {
	return []Procedure{{Name: "Sign", Parameters: []Parameter{{Name: "In"}, {Name: "Out", Output: true}}}}
}

func (a *acme) Properties() []Property {
	return []Property{{Name: "A", Category: "one"}, {Name: "B", Category: "two"}, {Name: "C", Category: "one"}}
}

func (a *acme) About() About { return About{Version: "1"} }

// read reads all columns of a table, with the conditions that columns equal values, and returns the texts of each row: "" for what is none.
func read(t *testing.T, table engine.Table, equal map[string]string) (rows [][]string, ids []int64, err error) {
	t.Helper()
	index := &engine.Index{ColumnsUsed: ^uint64(0)}
	var values []engine.Value
	for i, c := range table.Columns() {
		if v, ok := equal[c.Name]; ok {
			index.Constraints = append(index.Constraints, engine.Constraint{Column: i, Op: engine.OpEQ, Usable: true, Collation: "BINARY"})
			values = append(values, v)
		}
	}
	index.Usage = make([]engine.Usage, len(index.Constraints))
	if err := table.BestIndex(t.Context(), index); err != nil {
		return nil, nil, err
	}
	args := make([]engine.Arg, len(values))
	for i, v := range values {
		args[index.Usage[i].Arg-1].Value = v
	}
	cursor, err := table.Open()
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = cursor.Close() }()
	if err := cursor.Filter(t.Context(), index.IdxNum, index.IdxStr, args); err != nil {
		return nil, nil, err
	}
	for {
		p, err := cursor.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return rows, ids, nil
		}
		if err != nil {
			return nil, nil, err
		}
		for row := range p.Rows {
			var texts []string
			for slot := range p.Columns {
				text := ""
				if cell := p.Cell(row, slot); cell.Kind == page.Text {
					text = string(p.TextOf(cell))
				}
				texts = append(texts, text)
			}
			rows = append(rows, texts)
		}
		ids = append(ids, p.RowIDs...)
	}
}

func find(tables []engine.Table, name string) engine.Table {
	i := slices.IndexFunc(tables, func(t engine.Table) bool { return t.Name() == name })
	return tables[i]
}

func newAcme() *acme { return &acme{settings: Settings{Workspace: "acme", ViewsSchema: "UserViews"}} }

// The id of a row is the same in every scan and that of no other row.
func TestRowIDs(t *testing.T) {
	for _, table := range slices.Concat(System(newAcme()), Standard(newAcme())) {
		seen := map[int64]bool{}
		for range 2 {
			before := len(seen)
			rows, ids, err := read(t, table, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 && !slices.Contains([]string{"sys_identity", "check_constraints"}, table.Name()) {
				t.Errorf("%s has no rows", table.Name())
			}
			for _, id := range ids {
				seen[id] = true
			}
			if len(ids) != len(rows) || len(seen) != len(rows) || before > 0 && len(seen) != before {
				t.Errorf("%s: %d ids for %d rows, %d before", table.Name(), len(seen), len(rows), before)
			}
		}
	}
}

// What cannot be listed is left out of a list of all, and an error for who asks for it.
func TestWhatCannotBeListedIsAnErrorForWhoAsksForIt(t *testing.T) {
	forbidden, broken := errors.New("forbidden"), errors.New("no JSON")
	for _, test := range []struct {
		table string
		equal map[string]string
		want  error
	}{
		{"sys_schemas", nil, nil},
		{"sys_tables", nil, nil},
		{"sys_tables", map[string]string{"TableName": "PullRequests"}, nil},
		{"sys_tables", map[string]string{"SchemaName": "platform"}, nil},
		{"sys_tables", map[string]string{"SchemaName": "WEB"}, nil},    // which is a repository
		{"sys_tables", map[string]string{"SchemaName": "public"}, nil}, // which tools ask for, and no project has
		{"sys_schemas", map[string]string{"SchemaName": "CORE"}, forbidden},
		{"sys_tables", map[string]string{"SchemaName": "CORE"}, forbidden},
		{"sys_tablecolumns", map[string]string{"SchemaName": "CORE", "TableName": "ProjectDefaultReviewers"}, forbidden},
		{"sys_tables", map[string]string{"SchemaName": "userviews"}, broken},
		{"sys_tablecolumns", map[string]string{"SchemaName": "UserViews"}, broken},
	} {
		c := newAcme()
		c.unlisted, c.broken = forbidden, broken
		if _, _, err := read(t, find(System(c), test.table), test.equal); !errors.Is(err, test.want) {
			t.Errorf("%s %v: %v, want %v", test.table, test.equal, err, test.want)
		}
	}
	c := newAcme()
	c.broken = broken
	if _, _, err := read(t, find(Standard(c), "views"), nil); !errors.Is(err, broken) {
		t.Errorf("information_schema.views: %v, want %v", err, broken)
	}
}

// Which repositories and projects there are is asked for only where one of them may be wanted.
func TestSchemaNamesAreAskedForWhenWanted(t *testing.T) {
	for _, test := range []struct {
		table string
		equal map[string]string
		want  []string
		asked int
	}{
		{"sys_schemas", nil, []string{"Information", "Workspace", "UserViews", "platform", "web", "CORE"}, 1},
		{"sys_schemas", map[string]string{"SchemaName": "WEB"}, []string{"web"}, 1},
		{"sys_schemas", map[string]string{"SchemaName": "nowhere"}, nil, 1},
		{"sys_schemas", map[string]string{"SchemaName": "information"}, []string{"Information"}, 0},
		{"sys_schemas", map[string]string{"SchemaName": "userviews"}, []string{"UserViews"}, 0},
		{"sys_schemas", map[string]string{"SchemaName": "information_schema"}, nil, 0},
		{"sys_procedures", nil, []string{"Information"}, 0},
	} {
		c := newAcme()
		rows, _, err := read(t, find(System(c), test.table), test.equal)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range rows {
			got = append(got, row[1])
		}
		if !slices.Equal(got, test.want) || c.listed != test.asked {
			t.Errorf("%s %v: %q by asking %d times, want %q by %d", test.table, test.equal, got, c.listed, test.want, test.asked)
		}
	}
	c := newAcme()
	c.err = errors.New("no answer")
	if _, _, err := read(t, find(System(c), "sys_tables"), nil); !errors.Is(err, c.err) {
		t.Errorf("%v, want %v", err, c.err)
	}
	c.settings.Workspace = ""
	if rows, _, err := read(t, find(System(c), "sys_schemas"), nil); err != nil || len(rows) != 2 || c.listed != 1 {
		t.Errorf("without a workspace: %v, %v, asked %d times", rows, err, c.listed)
	}
}

// The properties hide schemas, tables and views from what is listed.
func TestBrowsable(t *testing.T) {
	c := newAcme()
	c.settings.BrowsableSchemas, c.settings.Tables, c.settings.Views = "[platform], USERVIEWS", "web.Tags,platform.branches, Commits", "mine"
	rows, _, err := read(t, find(System(c), "sys_tables"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows {
		got = append(got, row[1]+"."+row[2])
	}
	slices.Sort(got)
	if want := "UserViews.Mine platform.Branches platform.Commits"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %s", got, want)
	}
}

// The columns of views are found only for tables that tell of columns.
func TestViewColumns(t *testing.T) {
	rows, _, err := read(t, find(Standard(newAcme()), "columns"), map[string]string{"table_schema": "UserViews", "table_name": "mine"})
	if err != nil || len(rows) != 1 || rows[0][3] != "n" || rows[0][7] != "date" {
		t.Errorf("%v, %v", rows, err)
	}
}

// Every type of column has a description.
func TestDataTypes(t *testing.T) {
	for kind := schema.Text; kind <= schema.Blob; kind++ {
		if d := dataTypes[kind]; d.name == "" || d.standard == "" || d.code == 0 {
			t.Errorf("type %s is not described", kind)
		}
	}
}
