package differential

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// empty are the tables of which the sample workspace has no row in some schemas.
var empty = map[string]bool{"platform.Forks": true}

// TestEveryTable reads every column of every table, by its list, by its keys, and by every filter and order that is declared.
func TestEveryTable(t *testing.T) {
	// Children of commits cost a request for each commit: they are read in a small repository.
	const small = "cli-tools"
	h := newHarness(t, "platform", "web-app", small)
	for _, in := range []string{schema.Information, "platform", "web-app", small, project, schema.Workspace} {
		for _, r := range relations(in) {
			commits := ofCommits(schema.Lookup(r.Table.Name))
			switch {
			case r.Table.Retired != "": // TestRetiredTables
				continue
			case in != schema.Workspace && r.Table.Scope == schema.RepositoryScope && commits != (in == small):
				continue
			}
			t.Run(in+"."+r.Table.Name, func(t *testing.T) {
				c := tableCheck{T: t, harness: h, table: r.Table, from: "[" + in + "].[" + r.Table.Name + "]"}
				if in == schema.Workspace && commits {
					c.always = "RepositorySlug IN ('" + strings.Join(fewRepositories, "', '") + "')"
				}
				whole := c.check("*", "", "", false)
				if len(whole.rows) == 0 && in != "web-app" && !empty[r.String()] {
					t.Error("the table has no rows to compare")
				}
				c.check("COUNT(*)", "", "", false)
				if in == schema.Workspace && commits {
					return
				}
				c.check("COUNT(*), COUNT("+strings.Join(r.Table.Key, "), COUNT(")+")", "", "", false)
				c.rows = h.oracle.tableRows(in, r.Table)
				c.byKeys()
				c.byFilters()
				c.byOrders()
			})
		}
	}
}

// tableCheck checks one table.
type tableCheck struct {
	*testing.T
	harness *harness
	table   *schema.Table
	from    string
	// always is a condition of every statement.
	always string
	rows   [][]any
}

func (c *tableCheck) check(columns, where, order string, ordered bool, args ...any) answer {
	c.Helper()
	switch {
	case where == "":
		where = c.always
	case c.always != "":
		where += " AND " + c.always
	}
	if where != "" {
		where = " WHERE " + where
	}
	return c.harness.check(c, "SELECT "+columns+" FROM "+c.from+where+order, args, ordered)
}

// byKeys gets rows by each endpoint that gets one by its key: it and the list must agree.
func (c *tableCheck) byKeys() {
	for i := range c.table.Endpoints {
		e := &c.table.Endpoints[i]
		if i == 0 || len(e.Binds) == 0 {
			continue
		}
		var terms []string
		var columns []int
		for _, column := range slices.Sorted(maps.Values(e.Binds)) {
			terms = append(terms, column+" = ?")
			columns = append(columns, c.table.Column(column))
		}
		for _, row := range c.some(3) {
			var args []any
			for _, column := range columns {
				args = append(args, row[column])
			}
			if slices.Contains(args, nil) {
				continue
			}
			c.check("*", strings.Join(terms, " AND "), "", false, args...)
			c.check("COUNT(*)", strings.Join(terms, " AND "), "", false, args...)
		}
	}
}

// byFilters uses each filter with each of its operators, with values that occur.
func (c *tableCheck) byFilters() {
	symbols := map[schema.Ops]string{
		schema.EQ: "=", schema.NE: "<>", schema.LT: "<", schema.LE: "<=", schema.GT: ">", schema.GE: ">=", schema.LIKE: "LIKE",
	}
	key := strings.Join(c.table.Key, ", ")
	for i := range c.table.Endpoints {
		for _, f := range c.table.Endpoints[i].Filters {
			if f.Needed {
				continue
			}
			column := c.table.Column(f.Column)
			for _, row := range c.some(4) {
				value := row[column]
				for op, symbol := range symbols {
					if f.Ops&op == 0 || value == nil {
						continue
					}
					arg := value
					if text, ok := value.(string); ok && op == schema.LIKE {
						runes := []rune(text)
						arg = "%" + string(runes[:min(len(runes), 5)]) + "%"
					}
					c.check(key, f.Column+" "+symbol+" ?", "", false, arg)
					c.check("COUNT(*)", f.Column+" "+symbol+" ?", "", false, arg)
				}
			}
			if f.Ops&schema.IN != 0 {
				var args []any
				for _, row := range c.some(3) {
					args = append(args, row[column])
				}
				c.check(key, f.Column+" IN (?"+strings.Repeat(", ?", max(0, len(args)-1))+")", "", false, pad(args)...)
			}
			if f.Ops&schema.ISNULL != 0 {
				c.check(key, f.Column+" IS NULL", "", false)
			}
			if f.Ops&schema.NOTNULL != 0 {
				c.check(key, f.Column+" IS NOT NULL", "", false)
			}
		}
	}
}

func pad(args []any) []any {
	if len(args) == 0 {
		return []any{nil}
	}
	return args
}

// byOrders orders by each column that an endpoint sorts by. Only that column is compared: rows with the same value have no
// order.
func (c *tableCheck) byOrders() {
	for i := range c.table.Endpoints {
		for _, s := range c.table.Endpoints[i].Sorts {
			for _, direction := range []string{"", " DESC"} {
				c.check(s.Column, "", fmt.Sprintf(" ORDER BY %s%s LIMIT 7", s.Column, direction), true)
				c.check(s.Column, "", fmt.Sprintf(" ORDER BY %s%s LIMIT 5 OFFSET 3", s.Column, direction), true)
			}
		}
	}
}

// some are a few rows, from all over the table.
func (c *tableCheck) some(n int) [][]any {
	if len(c.rows) <= n {
		return c.rows
	}
	var out [][]any
	for i := range n {
		out = append(out, c.rows[i*(len(c.rows)-1)/(n-1)])
	}
	return out
}

// TestRetiredTables reads the tables of what Atlassian has removed from a Bitbucket that still has it.
func TestRetiredTables(t *testing.T) {
	h := newHarnessOf(t, bitbucketfake.Config{Issues: true}, "platform", "web-app")
	for _, r := range relations("platform") {
		if r.Table.Retired == "" {
			continue
		}
		t.Run(r.Table.Name, func(t *testing.T) {
			c := tableCheck{T: t, harness: h, table: r.Table, from: "platform." + r.Table.Name}
			if whole := c.check("*", "", "", false); len(whole.rows) == 0 {
				t.Error("the table has no rows to compare")
			}
			c.check("COUNT(*)", "", "", false)
			c.rows = h.oracle.tableRows("platform", r.Table)
			c.byKeys()
			c.byFilters()
			c.byOrders()
		})
	}
}
