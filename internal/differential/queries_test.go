package differential

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// TestRandomQueries makes whole queries at random: joins of every kind with conditions in ON and in WHERE, derived tables, CTEs,
// correlated subqueries, EXISTS and IN of subqueries, groups, windows, and compounds of all these. BITBUCKETSQL_QUERIES is how many,
// and BITBUCKETSQL_SEED where they begin.
func TestRandomQueries(t *testing.T) {
	h := newHarness(t, "web-app")
	n, seed := 60, 1
	if testing.Short() || raced {
		n = 12
	}
	if v, err := strconv.Atoi(os.Getenv("BITBUCKETSQL_QUERIES")); err == nil {
		n = v
	}
	if v, err := strconv.Atoi(os.Getenv("BITBUCKETSQL_SEED")); err == nil {
		seed = v
	}
	for i := range n {
		g := &querying{Rand: rand.New(rand.NewPCG(uint64(seed), uint64(i))), harness: h}
		text := g.statement()
		h.check(t, text, g.args, false)
		if t.Failed() {
			t.Fatalf("seed %d, query %d", seed, i)
		}
	}
}

// querying makes queries.
type querying struct {
	*rand.Rand
	harness *harness
	args    []any
	names   int
	wide    bool // a table of the schema Workspace is in the query
}

// source is a table in FROM, and its columns.
type source struct {
	alias   string
	columns []sourceColumn
}

type sourceColumn struct {
	name string
	kind schema.Type
	// values are some that occur.
	values []any
}

// readFrom are the tables of queries, the likelier ones more than once.
var readFrom = []string{
	"PullRequests", "PullRequests", "PullRequests", "PullRequestReviewers", "PullRequestReviewers", "PullRequestTasks", "Branches", "Tags", "Pipelines",
	"Information.Repositories", "Information.Projects", "Information.Users", "Workspace.PullRequests", "Workspace.Branches",
}

// domains are the columns that are joined with one another.
var domains = [][]string{
	{"AuthorUUID", "UserUUID", "UUID", "CreatorUUID"},
	{"Id", "PullRequestId", "TargetPullRequestId"},
	{"SourceBranchName", "DestinationBranchName", "Name", "TargetRefName", "MainBranchName"},
	{"RepositorySlug", "Slug"},
	{"ProjectKey", "Key"},
	{"AuthorName", "UserName", "DisplayName", "TargetAuthorName", "CreatorName"},
	{"State", "PullRequestState"},
}

func (g *querying) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *querying) chance(percent int) bool { return g.IntN(100) < percent }

func (g *querying) name() string {
	g.names++
	return fmt.Sprintf("t%d", g.names)
}

func (g *querying) statement() string {
	switch g.IntN(10) {
	case 0, 1:
		return g.compound()
	case 2, 3:
		return g.withCTE()
	case 4:
		text, columns := g.query(2)
		return g.limited(text, columns)
	}
	text, _ := g.query(2)
	return text
}

// limited is the first rows of a query by all its columns, so that equal rows are alike.
func (g *querying) limited(text string, columns []sourceColumn) string {
	var order []string
	for i := range columns {
		order = append(order, fmt.Sprint(i+1)+g.pick("", " DESC", " DESC NULLS LAST", " NULLS LAST"))
	}
	text += " ORDER BY " + strings.Join(order, ", ") + fmt.Sprintf(" LIMIT %d", g.IntN(25))
	if g.chance(40) {
		text += fmt.Sprintf(" OFFSET %d", g.IntN(12)+g.IntN(4)/3*45)
	}
	return text
}

func (g *querying) compound() string {
	text, columns := g.query(1)
	for range 1 + g.IntN(2) {
		other, more := g.query(1)
		n := min(len(columns), len(more))
		cut := func(text string, columns []sourceColumn) string {
			var names []string
			for _, c := range columns[:n] {
				names = append(names, c.name)
			}
			return "SELECT " + strings.Join(names, ", ") + " FROM (" + text + ")"
		}
		text = cut(text, columns) + g.pick(" UNION ", " UNION ALL ", " EXCEPT ", " INTERSECT ") + cut(other, more)
		columns = columns[:n]
	}
	if g.chance(50) {
		return g.limited(text, columns)
	}
	return text
}

func (g *querying) withCTE() string {
	inner, columns := g.query(1)
	if g.chance(30) {
		inner = g.limited(inner, columns)
	}
	cte := source{alias: "x", columns: columns}
	text := "WITH x AS " + g.pick("", "MATERIALIZED ", "NOT MATERIALIZED ") + "(" + inner + ") "
	from, scope := g.joined("x", []source{cte}, 1)
	return text + g.selected(from, scope, 1)
}

// query is a SELECT, and its columns.
func (g *querying) query(depth int) (string, []sourceColumn) {
	var from string
	var scope []source
	if depth > 0 && g.chance(25) {
		inner, columns := g.query(depth - 1)
		if g.chance(25) {
			inner = g.limited(inner, columns)
		}
		s := source{alias: g.name(), columns: columns}
		from, scope = "("+inner+") "+s.alias, []source{s}
	} else {
		name, s := g.table()
		from, scope = name+" "+s.alias, []source{s}
	}
	from, scope = g.joined(from, scope, g.IntN(3))
	return g.shaped(from, scope, depth)
}

// table is a table with a new alias.
func (g *querying) table() (string, source) {
	name := g.pick(readFrom...)
	if in, _, _ := strings.Cut(name, "."); in == schema.Workspace && g.wide {
		name = "PullRequests"
	} else if in == schema.Workspace {
		g.wide = true
	}
	in, table, ok := strings.Cut(name, ".")
	if !ok {
		in, table = "web-app", name
	}
	s := source{alias: g.name()}
	columns := schema.Lookup(table).Columns
	relation := schema.Lookup(table)
	for _, r := range relations(in) {
		if r.Table.Name == table {
			relation, columns = r.Table, r.Table.Columns
		}
	}
	rows := g.harness.oracle.tableRows(in, relation)
	for i, c := range columns {
		if c.Type == schema.JSON || c.Detail || c.Type == schema.Blob || i > 30 && !inDomain(c.Name) || c.Name == "UserEmail" {
			continue
		}
		column := sourceColumn{name: c.Name, kind: c.Type}
		for range 12 {
			if len(rows) > 0 {
				column.values = append(column.values, rows[g.IntN(len(rows))][i])
			}
		}
		s.columns = append(s.columns, column)
	}
	return name, s
}

func inDomain(name string) bool {
	return slices.ContainsFunc(domains, func(d []string) bool { return slices.Contains(d, name) })
}

// joined joins more tables.
func (g *querying) joined(from string, scope []source, more int) (string, []source) {
	for range more {
		name, s := g.table()
		on := g.keys(scope, s)
		if on == "" {
			continue // a product
		}
		both := append(slices.Clone(scope), s)
		for range g.IntN(3) {
			on += " AND " + g.condition(both, 1, false)
		}
		kind := g.pick(" JOIN ", " JOIN ", " LEFT JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN ", " CROSS JOIN ")
		from += kind + name + " " + s.alias + " ON " + on
		scope = both
	}
	return from, scope
}

// keys joins a source by columns of one domain.
func (g *querying) keys(scope []source, s source) string {
	var pairs []string
	for _, other := range scope {
		for _, a := range other.columns {
			for _, b := range s.columns {
				for _, d := range domains {
					if slices.Contains(d, a.name) && slices.Contains(d, b.name) {
						pairs = append(pairs, other.alias+"."+a.name+" = "+s.alias+"."+b.name, s.alias+"."+b.name+" = "+other.alias+"."+a.name)
					}
				}
			}
		}
	}
	if pairs == nil {
		return ""
	}
	return g.pick(pairs...)
}

// shaped is a query of sources, with names for its columns.
func (g *querying) shaped(from string, scope []source, depth int) (string, []sourceColumn) {
	where := ""
	if g.chance(75) {
		where = " WHERE " + g.condition(scope, depth+1, true)
	}
	var list, groups []string
	var columns []sourceColumn
	add := func(e string, kind schema.Type, values []any) {
		name := fmt.Sprintf("c%d", len(columns)+1)
		if s, c, ok := strings.Cut(e, "."); ok && inDomain(c) && !slices.ContainsFunc(columns, func(x sourceColumn) bool { return x.name == c }) && s[0] == 't' {
			name = c
		}
		list = append(list, e+" AS "+name)
		columns = append(columns, sourceColumn{name: name, kind: kind, values: values})
	}
	switch g.IntN(6) {
	case 0: // groups
		for range g.IntN(3) {
			e, kind := g.value(scope, 0)
			add(e, kind, nil)
			groups = append(groups, e)
		}
		for range 1 + g.IntN(3) {
			e, kind := g.aggregate(scope)
			add(e, kind, nil)
		}
		text := "SELECT " + strings.Join(list, ", ") + " FROM " + from + where
		if groups != nil {
			text += " GROUP BY " + strings.Join(groups, ", ")
			if g.chance(40) {
				e, _ := g.aggregate(scope)
				text += " HAVING " + e + g.pick(" > 1", " >= 2", " IS NOT NULL", " < 'm'", " <> 3")
			}
		}
		return text, columns
	case 1: // windows
		if len(scope) == 1 {
			for range 1 + g.IntN(2) {
				s, c := g.column(scope)
				add(s.alias+"."+c.name, c.kind, c.values)
			}
			_, by := g.column(scope)
			_, part := g.column(scope)
			over := fmt.Sprintf(" OVER (%sORDER BY %s%s)", g.pick("", "PARTITION BY "+scope[0].alias+"."+part.name+" "), scope[0].alias+"."+by.name, g.pick("", " DESC"))
			counted := scope[0].alias + "." + columns[0].name
			if !slices.ContainsFunc(scope[0].columns, func(c sourceColumn) bool { return c.name == columns[0].name }) {
				counted = "*"
			}
			add(g.pick("RANK()", "DENSE_RANK()", "COUNT(*)", "COUNT("+counted+")")+over, schema.Integer, nil)
			break
		}
		fallthrough
	default:
		for range 1 + g.IntN(4) {
			e, kind := g.value(scope, depth)
			add(e, kind, nil)
		}
		if g.chance(60) {
			s, c := g.column(scope)
			add(s.alias+"."+c.name, c.kind, c.values)
		}
	}
	return "SELECT " + g.pick("", "", "", "DISTINCT ") + strings.Join(list, ", ") + " FROM " + from + where, columns
}

func (g *querying) selected(from string, scope []source, depth int) string {
	text, columns := g.shaped(from, scope, depth)
	if g.chance(30) {
		return g.limited(text, columns)
	}
	return text
}

func (g *querying) column(scope []source) (source, sourceColumn) {
	s := scope[g.IntN(len(scope))]
	if g.chance(60) {
		var known []sourceColumn
		for _, c := range s.columns {
			if inDomain(c.name) || c.name == "CreatedOn" || c.name == "Title" || c.name == "Draft" {
				known = append(known, c)
			}
		}
		if known != nil {
			return s, known[g.IntN(len(known))]
		}
	}
	return s, s.columns[g.IntN(len(s.columns))]
}
