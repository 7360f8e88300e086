package docs

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

const pagesPath = "../../docs/tables"

// TestTablePagesAreFresh compares docs/tables with the literals.
func TestTablePagesAreFresh(t *testing.T) {
	want := map[string]string{"README.md": indexPage()}
	for _, table := range schema.Tables() {
		want[table.Name+".md"] = tablePage(table)
	}
	if *update {
		if err := os.MkdirAll(pagesPath, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(pagesPath)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, ok := want[e.Name()]; ok {
			continue
		}
		if !*update {
			t.Errorf("docs/tables/%s is of no table", e.Name())
		} else if err := os.Remove(filepath.Join(pagesPath, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range want {
		path := filepath.Join(pagesPath, name)
		if got, err := os.ReadFile(path); err == nil && string(got) == text {
			continue
		}
		if !*update {
			t.Errorf("docs/tables/%s is stale: run go test ./internal/docs -update", name)
		} else if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// where names the schemas of a table.
func where(t *schema.Table) string {
	switch {
	case t.Scope == schema.InformationScope:
		return "schema `Information`"
	case t.Retired != "":
		return "the schema of each repository"
	case t.Scope == schema.ProjectScope:
		return "the schema of each project, and over all projects in `Workspace`, with `ProjectKey` as its first column"
	}
	return "the schema of each repository, and over all repositories in `Workspace`, with `RepositorySlug` as its first column"
}

// part is a group of tables.
type part struct {
	title string
	is    func(*schema.Table) bool
}

func parts() []part {
	return []part{
		{"Information: the workspace and you", func(t *schema.Table) bool { return t.Scope == schema.InformationScope }},
		{"each project, and all of them in Workspace", func(t *schema.Table) bool { return t.Scope == schema.ProjectScope }},
		{"each repository, and all of them in Workspace", func(t *schema.Table) bool { return t.Scope == schema.RepositoryScope && t.Retired == "" }},
		{"each repository, but retired by Atlassian", func(t *schema.Table) bool { return t.Retired != "" }},
	}
}

func indexPage() string {
	var b strings.Builder
	b.WriteString("# Tables\n\nMade from the literals in `schema` by `go test ./internal/docs -update`.\n")
	for _, part := range parts() {
		rows := ""
		for _, t := range schema.Tables() {
			if part.is(t) {
				rows += fmt.Sprintf("| [%s](%s.md) | %s |\n", t.Name, t.Name, t.Description)
			}
		}
		if rows != "" {
			fmt.Fprintf(&b, "\n## %s\n\n| table | a row is |\n|---|---|\n%s", part.title, rows)
		}
	}
	return b.String()
}

func tablePage(t *schema.Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\nIn %s. Key: %s.\n", t.Name, t.Description, where(t), strings.Join(t.Key, ", "))
	if t.Retired != "" {
		fmt.Fprintf(&b, "\n**Retired.** %s\n", t.Retired)
	}
	b.WriteString("\n## Columns\n\n| column | type | meaning | WHERE at Bitbucket |\n|---|---|---|---|\n")
	for i := range t.Columns {
		c := &t.Columns[i]
		meaning := c.Description
		if c.References != "" {
			meaning += " → `" + c.References + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.Name, c.Type, meaning, pushed(t, c))
	}
	var sorts []string
	for _, s := range t.Endpoints[0].Sorts {
		sorts = append(sorts, s.Column)
	}
	if len(sorts) > 0 {
		fmt.Fprintf(&b, "\nORDER BY at Bitbucket: %s.\n", strings.Join(sorts, ", "))
	}
	b.WriteString("\nWhat Bitbucket does not filter or order, SQLite does, after reading.\n\n## Cost in requests\n\n")
	if missing := needed(t); len(missing) > 0 {
		fmt.Fprintf(&b, "The table needs a value for %s; then: %s.\n", strings.Join(missing, " and "), cost(t, missing))
	} else {
		fmt.Fprintf(&b, "The whole table: %s.", cost(t, nil))
		if t.Detail != nil {
			var names []string
			for i := range t.Columns {
				if t.Columns[i].Detail {
					names = append(names, t.Columns[i].Name)
				}
			}
			fmt.Fprintf(&b, " Reading %s costs one more for each row.", strings.Join(names, ", "))
		}
		b.WriteString("\n")
	}
	for i := range t.Endpoints {
		if e := &t.Endpoints[i]; i > 0 && e.Paging == schema.One && len(e.Binds) > 0 {
			fmt.Fprintf(&b, "A row by %s: 1.\n", strings.Join(slices.Sorted(maps.Values(e.Binds)), " and "))
		}
	}
	b.WriteString("\n## Access\n\n| operation | OAuth and access tokens | API tokens |\n|---|---|---|\n")
	for _, e := range endpoints(t) {
		fmt.Fprintf(&b, "| `GET %s` | %s | %s |\n", e.Path, scope(e.Scope), scope(e.TokenScope))
	}
	b.WriteString("\nThis version reads: INSERT, UPDATE and DELETE are refused.\n\n## Examples\n")
	for _, x := range examples(t) {
		fmt.Fprintf(&b, "\n%s\n\n```sql\n%s\n```\n", x.Says, x.SQL)
	}
	return b.String()
}

func scope(s string) string {
	if s == "" {
		return "none"
	}
	return "`" + s + "`"
}

// endpoints are the operations of a table, each path once.
func endpoints(t *schema.Table) []*schema.Endpoint {
	var out []*schema.Endpoint
	add := func(e *schema.Endpoint) {
		if !slices.ContainsFunc(out, func(o *schema.Endpoint) bool { return o.Path == e.Path }) {
			out = append(out, e)
		}
	}
	for i := range t.Endpoints {
		add(&t.Endpoints[i])
	}
	if t.Detail != nil {
		add(t.Detail)
	}
	return out
}

// pushed are the comparisons of a column that go to Bitbucket.
func pushed(t *schema.Table, c *schema.Column) string {
	var ops schema.Ops
	for i := range t.Endpoints {
		for _, column := range t.Endpoints[i].Binds {
			if column == c.Name {
				ops |= schema.Equality
			}
		}
		for _, column := range t.Endpoints[i].Inputs {
			if column == c.Name {
				ops |= schema.EQ
			}
		}
		for _, f := range t.Endpoints[i].Filters {
			if f.Column == c.Name {
				ops |= f.Ops
			}
		}
	}
	var names []string
	for _, op := range []struct {
		op   schema.Ops
		name string
	}{
		{schema.EQ, "="},
		{schema.NE, "<>"},
		{schema.IN, "IN"},
		{schema.LT, "<"},
		{schema.LE, "<="},
		{schema.GT, ">"},
		{schema.GE, ">="},
		{schema.LIKE, "LIKE"},
		{schema.ISNULL, "IS NULL"},
		{schema.NOTNULL, "IS NOT NULL"},
	} {
		if ops&op.op != 0 {
			names = append(names, op.name)
		}
	}
	return strings.Join(names, " ")
}

// relation is the table in the schema that its page is about.
func relation(t *schema.Table) *planner.Relation {
	switch t.Scope {
	case schema.InformationScope:
		return planner.NewRelation("acme", schema.Information, t.Name)
	case schema.ProjectScope:
		return planner.NewRelation("acme", "PLAT", t.Name)
	}
	return planner.NewRelation("acme", "platform", t.Name)
}

// scanOf plans a scan of the whole table, or of that with values for some columns.
func scanOf(t *schema.Table, columns []string) *planner.Plan {
	s := planner.Scan{Relation: relation(t), Options: planner.Options{PushDown: true}}
	for i, c := range t.Columns {
		if !c.Detail {
			s.Used = append(s.Used, i)
		}
	}
	for _, name := range columns {
		i := t.Column(name)
		s.Constraints = append(s.Constraints, planner.Constraint{Column: i, Op: schema.EQ, Usable: true, Collation: planner.Collation(&t.Columns[i])})
	}
	choice, err := planner.Best(s)
	if err != nil {
		return nil
	}
	return choice.Plan
}

// needed are the columns without a value for which the table cannot be read.
func needed(t *schema.Table) []string {
	var names []string
	for plan := scanOf(t, nil); plan != nil; plan = plan.Parent {
		for _, i := range plan.Missing {
			names = append(names, t.Columns[i].Name)
		}
	}
	return names
}

func cost(t *schema.Table, columns []string) string {
	plan := scanOf(t, columns)
	if plan == nil {
		return "it cannot be read"
	}
	text := plan.Describe(relation(t), planner.Options{PushDown: true}).Requests
	if len(columns) > 0 {
		text = strings.TrimSuffix(text, " for each "+strings.Join(columns, " and "))
	}
	return text
}

// qualified is the table's name in examples.
func qualified(t *schema.Table) string {
	switch t.Scope {
	case schema.InformationScope:
		return t.Name
	case schema.ProjectScope:
		return "PLAT." + t.Name
	}
	return "platform." + t.Name
}

// examples are the table's own and, up to two, made ones.
func examples(t *schema.Table) []schema.Example {
	list := slices.Clone(t.Examples)
	if len(list) >= 2 || len(needed(t)) > 0 {
		return list
	}
	var columns []string
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Type != schema.JSON && c.Type != schema.Blob && !c.Detail && len(columns) < 5 {
			columns = append(columns, c.Name)
		}
	}
	list = append(list, schema.Example{
		Says: "Ten of them:", SQL: "SELECT " + strings.Join(columns, ", ") + "\nFROM " + qualified(t) + "\nLIMIT 10",
	})
	switch {
	case len(list) >= 2:
	case t.Scope == schema.RepositoryScope && t.Retired == "":
		list = append(list, schema.Example{
			Says: "How many in some repositories:",
			SQL:  "SELECT RepositorySlug, COUNT(*)\nFROM Workspace." + t.Name + "\nWHERE RepositorySlug IN ('cli-tools', 'docs-site-fork')\nGROUP BY RepositorySlug",
		})
	case t.Scope == schema.ProjectScope:
		list = append(list, schema.Example{Says: "How many in each project:", SQL: "SELECT ProjectKey, COUNT(*)\nFROM Workspace." + t.Name + "\nGROUP BY ProjectKey"})
	default:
		list = append(list, schema.Example{Says: "How many there are:", SQL: "SELECT COUNT(*)\nFROM " + qualified(t)})
	}
	return list
}

// TestExamplesRun runs the examples of every page against the fake.
func TestExamplesRun(t *testing.T) {
	server := bitbucketfake.New(bitbucketfake.Config{Token: fakeToken})
	if err := server.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	db, err := sql.Open("bitbucket", server.DSN()+";MaxRequests=0;Verbosity=5;Logfile="+secretscan.LogPath())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range schema.Tables() {
		list := examples(table)
		if len(list) < 2 {
			t.Errorf("%s has %d examples of its own, and needs two because it needs a value for %v", table.Name, len(list), needed(table))
		}
		if table.Retired != "" {
			continue
		}
		for _, x := range list {
			t.Run(table.Name, func(t *testing.T) {
				rows, err := db.QueryContext(t.Context(), x.SQL)
				if err != nil {
					t.Fatalf("%v\n%s", err, x.SQL)
				}
				defer rows.Close()
				n := 0
				for rows.Next() {
					n++
				}
				if err := rows.Err(); err != nil {
					t.Fatalf("%v\n%s", err, x.SQL)
				}
				if n == 0 && len(table.Examples) > 0 {
					t.Errorf("it finds nothing:\n%s", x.SQL)
				}
			})
		}
	}
}
