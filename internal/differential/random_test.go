package differential

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// TestRandomStatements makes statements of one table: WHERE trees over its columns with values that occur and values that do
// not, in literals and parameters, with ORDER BY, LIMIT and OFFSET.
func TestRandomStatements(t *testing.T) {
	h := newHarness(t, "platform", "web-app")
	var readable []*planner.Relation
	for _, name := range []string{schema.Information, "web-app", "platform", project, schema.Workspace} {
		for _, r := range relations(name) {
			if !ofCommits(r.Table) && r.Table.Retired == "" {
				readable = append(readable, r)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		// Pull requests are where most is pushed: every other statement reads them.
		r := rapid.SampledFrom(readable).Draw(t, "relation")
		if rapid.Bool().Draw(t, "pull requests") {
			r = planner.NewRelation("acme", rapid.SampledFrom([]string{"platform", "web-app", schema.Workspace}).Draw(t, "schema"), "PullRequests")
		}
		g := &generator{T: t, table: r.Table, rows: h.oracle.tableRows(r.Schema, r.Table)}
		from := "[" + r.Schema + "].[" + r.Table.Name + "]"
		text, ordered := "", false
		if g.chance("within", 25) {
			text = g.within(from)
		} else {
			text, ordered = g.statement(from)
		}
		h.check(t, text, g.args, ordered)
	})
}

// generator makes a statement.
type generator struct {
	*rapid.T
	table *schema.Table
	rows  [][]any
	args  []any
}

func (g *generator) oneOf(label string, choices ...string) string {
	return rapid.SampledFrom(choices).Draw(g.T, label)
}

func (g *generator) chance(label string, percent int) bool {
	return rapid.IntRange(1, 100).Draw(g.T, label) <= percent
}

func (g *generator) statement(from string) (text string, ordered bool) {
	where := ""
	switch {
	case g.chance("conjunction", 40):
		where = g.conjunction()
	case g.chance("where", 90):
		where = " WHERE " + g.condition(3)
	}
	switch g.oneOf("shape", "count", "max", "extremes", "aggregates", "group", "top", "rows", "rows", "rows", "rows") {
	case "aggregates":
		return g.aggregates(from + where), false
	case "extremes":
		c := g.column("column")
		return fmt.Sprintf("SELECT %s FROM %s%s", g.oneOf("extremes", "MIN("+c.Name+")", "MAX("+c.Name+")", "MAX("+c.Name+"), MIN("+c.Name+")"), from, where), false
	case "top":
		// Rows that are equal by the order may come in any order, so only what is ordered by is shown.
		c := g.sortable()
		return fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s%s LIMIT %d OFFSET %d", c.Name, from, where, c.Name, g.oneOf("direction", "", " DESC"),
			rapid.IntRange(-1, 70).Draw(g.T, "limit"), g.offset()), true
	case "count":
		counted := "*"
		if g.chance("counted", 30) {
			counted = g.sortable().Name
		}
		return "SELECT COUNT(" + counted + ") FROM " + from + where, false
	case "max":
		c := g.column("column")
		return fmt.Sprintf("SELECT MIN(%s), MAX(%s), COUNT(%s) FROM %s%s", c.Name, c.Name, c.Name, from, where), false
	case "group":
		c := g.sortable()
		if g.chance("any column", 60) {
			c = g.column("column")
		}
		return fmt.Sprintf("SELECT %s, COUNT(*) FROM %s%s GROUP BY %s", c.Name, from, where, c.Name), false
	}
	var columns []string
	for range rapid.IntRange(1, 4).Draw(g.T, "columns") {
		columns = append(columns, g.column("column").Name)
	}
	text = "SELECT " + strings.Join(columns, ", ") + " FROM " + from + where
	if !g.chance("order", 50) {
		return text, false
	}
	text += " ORDER BY " + g.order()
	if g.chance("limit", 70) {
		text += fmt.Sprintf(" LIMIT %d", rapid.IntRange(0, 70).Draw(g.T, "limit"))
		if g.chance("offset", 30) {
			text += fmt.Sprintf(" OFFSET %d", g.offset())
		}
	}
	return text, true
}

// aggregates is a query of several aggregates, most of them of columns that an endpoint sorts by.
func (g *generator) aggregates(fromWhere string) string {
	var list []string
	for range rapid.IntRange(1, 4).Draw(g.T, "aggregates") {
		c := g.sortable()
		list = append(list, g.oneOf("aggregate", "COUNT(*)", "COUNT(*)", "COUNT("+c.Name+")", "MIN("+c.Name+")", "MIN("+c.Name+")", "MAX("+c.Name+")", "MAX("+c.Name+")", "'x'"))
	}
	text := "SELECT " + strings.Join(list, ", ") + " FROM " + fromWhere
	if c := g.table.Columns[0]; c.Param != "" && g.chance("by the list", 40) {
		text += " GROUP BY " + c.Name
	}
	return text
}

// within is a statement with aggregate queries in it.
func (g *generator) within(from string) string {
	c := g.sortable()
	switch g.oneOf("place", "values", "condition", "compound", "table", "with", "correlated") {
	case "values":
		return "SELECT (" + g.aggregate(from, c) + "), (" + g.aggregate(from, g.sortable()) + ")"
	case "condition":
		text := "SELECT " + c.Name + " FROM " + from + " WHERE " + c.Name + g.oneOf("comparison", " = ", " < ", " >= ", " IN ", " <> ") + "(" + g.aggregate(from, c) + ")"
		if g.chance("more", 50) {
			text += g.oneOf("join", " AND ", " OR ") + g.condition(0)
		}
		return text
	case "compound":
		return g.aggregate(from, c) + g.oneOf("operator", " UNION ALL ", " UNION ", " EXCEPT ", " INTERSECT ") + g.aggregate(from, g.sortable())
	case "table":
		return "SELECT * FROM (" + g.aggregates(from+g.where()) + ") x, (" + g.aggregate(from, c) + ") y"
	case "with":
		return "WITH x(a) AS (" + g.aggregate(from, c) + "), y AS (" + g.aggregates(from+g.where()) + ") SELECT y.*, x.a FROM x, y LEFT JOIN x AS z ON z.a = x.a"
	}
	where := g.conjunction()
	if where == "" {
		where = " WHERE TRUE"
	}
	return "SELECT o." + c.Name + ", (SELECT " + g.oneOf("aggregate", "COUNT(*)", "MIN(i."+c.Name+")", "MAX(i."+c.Name+")") + " FROM " + from + " i" +
		where + " AND i." + c.Name + g.oneOf("comparison", " = ", " < ", " >= ", " <> ") + "o." + c.Name + ") FROM (SELECT DISTINCT " + c.Name + " FROM " + from +
		" ORDER BY 1 LIMIT 6) o"
}

// aggregate is a query of one aggregate.
func (g *generator) aggregate(from string, c *schema.Column) string {
	return "SELECT " + g.oneOf("aggregate", "COUNT(*)", "MIN("+c.Name+")", "MAX("+c.Name+")") + " FROM " + from + g.where()
}

// where is a conjunction, or a tree.
func (g *generator) where() string {
	if g.chance("conjunction", 70) {
		return g.conjunction()
	}
	return " WHERE " + g.condition(2)
}

// offset leaves out some rows, or whole pages of them.
func (g *generator) offset() int {
	if g.chance("within a page", 40) {
		return rapid.IntRange(0, 30).Draw(g.T, "offset")
	}
	return rapid.SampledFrom([]int{10, 20, 49, 50, 51, 60, 99, 100, 101, 110, 120, 4000}).Draw(g.T, "offset")
}

// order is a total order: one column with a value of its own in each row, or any columns and then the key.
func (g *generator) order() string {
	direction := g.oneOf("direction", "", " DESC")
	var unique []string
	for i := range g.table.Columns {
		if g.table.Columns[i].Type != schema.JSON && g.isUnique(i) {
			unique = append(unique, g.table.Columns[i].Name)
		}
	}
	if len(unique) > 0 && g.chance("single", 60) {
		return rapid.SampledFrom(unique).Draw(g.T, "by") + direction
	}
	terms := []string{g.column("by").Name + direction}
	// A hash of every column makes the order total where the key has NULLs or is no real key.
	for i := range g.table.Columns {
		if g.table.Columns[i].Type != schema.JSON {
			terms = append(terms, g.table.Columns[i].Name)
		}
	}
	return strings.Join(terms[:min(len(terms), 60)], ", ")
}

func (g *generator) isUnique(column int) bool {
	seen := map[any]bool{}
	for _, row := range g.rows {
		if row[column] == nil || seen[row[column]] {
			return false
		}
		seen[row[column]] = true
	}
	return true
}

// fussy reports whether Bitbucket refuses a request with a value of the column that it does not know, as no table does.
func fussy(c schema.Column) bool { return c.Name == "UserEmail" || c.Param == "role" }

// column prefers columns for which something is pushed.
func (g *generator) column(label string) *schema.Column {
	var pushed []string
	for _, e := range g.table.Endpoints {
		for _, f := range e.Filters {
			pushed = append(pushed, f.Column)
		}
		for _, column := range e.Binds {
			pushed = append(pushed, column)
		}
	}
	pushed = slices.DeleteFunc(pushed, func(name string) bool { return fussy(g.table.Columns[g.table.Column(name)]) })
	slices.Sort(pushed)
	if len(pushed) > 0 && g.chance("pushed", 70) {
		return &g.table.Columns[g.table.Column(rapid.SampledFrom(pushed).Draw(g.T, label))]
	}
	for {
		c := &g.table.Columns[rapid.IntRange(0, len(g.table.Columns)-1).Draw(g.T, label)]
		// JSON text is compared by value, here, not by SQLite: the members of an object have no order.
		if !fussy(*c) && c.Type != schema.JSON && (!c.Detail || g.chance("rare", 10)) {
			return c
		}
	}
}

// sortable is a column by which an endpoint sorts, or that can be counted by its values, or any column where there is none.
func (g *generator) sortable() *schema.Column {
	var names []string
	for _, e := range g.table.Endpoints {
		for _, sort := range e.Sorts {
			names = append(names, sort.Column)
		}
		for _, f := range e.Filters {
			if f.Values != nil {
				names = append(names, f.Column)
			}
		}
	}
	if len(names) == 0 {
		return g.column("by")
	}
	return &g.table.Columns[g.table.Column(rapid.SampledFrom(names).Draw(g.T, "by"))]
}

// conjunction is a WHERE of a few comparisons, of which many are pushed exactly, or nothing.
func (g *generator) conjunction() string {
	text, with := "", " WHERE "
	for range rapid.IntRange(0, 3).Draw(g.T, "conjuncts") {
		c := g.column("column")
		switch op := g.oneOf("operator", "=", "<>", "<", "<=", ">", ">=", "IN", "BETWEEN"); op {
		case "IN":
			text += with + c.Name + " IN (" + g.value(c) + ", " + g.value(c) + ")"
		case "BETWEEN":
			text += with + c.Name + " BETWEEN " + g.value(c) + " AND " + g.value(c)
		default:
			text += with + c.Name + " " + op + " " + g.value(c)
		}
		with = " AND "
	}
	return text
}

func (g *generator) condition(depth int) string {
	if depth > 0 && g.chance("tree", 55) {
		join := g.oneOf("join", " AND ", " AND ", " OR ")
		text := "(" + g.condition(depth-1) + join + g.condition(depth-1) + ")"
		if g.chance("not", 20) {
			return "NOT " + text
		}
		return text
	}
	c := g.column("column")
	not := g.oneOf("negate", "", "", "", "NOT ")
	switch op := g.oneOf("operator", "=", "=", "=", "<>", "<", "<=", ">", ">=", "IN", "IN", "LIKE", "BETWEEN", "NULL", "IS", "COLLATE"); op {
	case "IN":
		var list []string
		for range rapid.IntRange(1, 6).Draw(g.T, "list") {
			list = append(list, g.value(c))
		}
		if g.chance("long", 4) {
			for i := range 70 {
				list = append(list, fmt.Sprint(i))
			}
		}
		return c.Name + " " + not + "IN (" + strings.Join(list, ", ") + ")"
	case "LIKE":
		return c.Name + " " + not + "LIKE " + g.pattern(c)
	case "BETWEEN":
		return c.Name + " " + not + "BETWEEN " + g.value(c) + " AND " + g.value(c)
	case "NULL":
		return c.Name + " IS " + not + "NULL"
	case "IS":
		return c.Name + " IS " + not + g.value(c)
	case "COLLATE":
		return c.Name + " = " + g.value(c) + " COLLATE NOCASE"
	default:
		if g.chance("swapped", 10) {
			return g.value(c) + " " + op + " " + c.Name
		}
		return c.Name + " " + op + " " + g.value(c)
	}
}

// sample is a value of a column that occurs, or one of another kind.
func (g *generator) sample(c *schema.Column) any {
	if len(g.rows) > 0 && g.chance("occurs", 80) {
		return g.rows[rapid.IntRange(0, len(g.rows)-1).Draw(g.T, "row")][g.table.Column(c.Name)]
	}
	return rapid.SampledFrom([]any{
		nil, "", "x", "OPEN", "open", "it's", `a"b\c`, "5", "5.0", "abc", int64(0), int64(1), int64(7), int64(-1), 2.5, 3.0, "2025-01-01", "2025-06-01T00:00:00Z",
		"{00000000-0000-0000-0000-000000000000}", "main", "größe", "%", "_", "zz\x01",
	}).Draw(g.T, "value")
}

func (g *generator) value(c *schema.Column) string {
	v := g.sample(c)
	if s, ok := v.(string); ok && c.Type == schema.Timestamp {
		if at, ok := timestamp.Parse(s); ok {
			v = g.spelling(at)
		}
	}
	if s, ok := v.(string); ok && c.Type == schema.Text && g.chance("case", 10) {
		v = strings.ToUpper(s)
	}
	if g.chance("parameter", 30) {
		g.args = append(g.args, v)
		return "?"
	}
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	case int64:
		if c.Type == schema.Boolean && g.chance("word", 50) && (v == 0 || v == 1) {
			return []string{"FALSE", "TRUE"}[v]
		}
	}
	return fmt.Sprint(v)
}

// spelling writes an instant in one of the ways that a query may.
func (g *generator) spelling(at time.Time) string {
	at = at.Add(time.Duration(rapid.SampledFrom([]int64{0, 0, 1, -1, 1000, -1000, 1e6, 1e9}).Draw(g.T, "shift")))
	layout := g.oneOf("layout", timestamp.Layout, time.RFC3339Nano, "2006-01-02", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04:05.000Z07:00")
	if layout == time.RFC3339Nano && g.chance("zone", 50) {
		at = at.In(time.FixedZone("", 2*3600))
	}
	return at.Format(layout)
}

func (g *generator) pattern(c *schema.Column) string {
	s, _ := g.sample(c).(string)
	runes := []rune(s)
	if len(runes) > 2 {
		from := rapid.IntRange(0, len(runes)-1).Draw(g.T, "from")
		runes = runes[from:min(len(runes), from+rapid.IntRange(1, 8).Draw(g.T, "length"))]
	}
	text := string(runes)
	if g.chance("case", 30) {
		text = strings.ToUpper(text)
	}
	if len(text) > 3 && g.chance("underscore", 20) {
		text = text[:1] + "_" + text[1:]
	}
	return "'" + strings.ReplaceAll(g.oneOf("left", "%", "%", "")+text+g.oneOf("right", "%", "%", ""), "'", "''") + "'"
}
