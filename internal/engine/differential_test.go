//go:build cgo

package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// statement makes statements over People and Teams whose rows do not depend on their order, or that have a full order.
func statement(t *rapid.T) string {
	pick := func(options ...string) string { return rapid.SampledFrom(options).Draw(t, "option") }
	var cond func(depth int, p string) string
	cond = func(depth int, p string) string {
		if depth > 0 {
			switch pick("leaf", "and", "or", "not") {
			case "and":
				return "(" + cond(depth-1, p) + " AND " + cond(depth-1, p) + ")"
			case "or":
				return "(" + cond(depth-1, p) + " OR " + cond(depth-1, p) + ")"
			case "not":
				return "NOT " + cond(depth-1, p)
			}
		}
		return p + pick("Team = 'red'", "Team = 'blue'", "Id = 3", "Id > 4", "Name = 'Ann'", "Name = ''", "Score > 1", "Score IS NULL",
			"Active = 1", "Team IS NULL", "Team IN ('red', 'green', NULL)", "Id IN (1, 2, 6, 7)", "Name NOT IN ('Bob')", "Team = 'RED' COLLATE NOCASE",
			"Id IN (SELECT Id + 1 FROM People)", "Team IN (SELECT Team FROM Teams)", "Name LIKE 'z%'", "Team <> 'red'", "Active")
	}
	switch pick("one", "join", "group", "exists", "top") {
	case "join":
		w := ""
		if rapid.Bool().Draw(t, "where") {
			w = " WHERE " + cond(1, "p.") + pick("", " AND t.Lead = 'Ann'", " AND t.Team IS NULL", " OR t.Team = 'blue'")
		}
		return "SELECT p.Id, t.Team, t.Lead FROM People p " + pick("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN") + " Teams t ON t.Team = p.Team" +
			pick("", " AND p.Score > 1", " AND t.Lead = p.Name") + w
	case "group":
		return "SELECT Team, count(*), max(Name) FROM People WHERE " + cond(2, "") + " GROUP BY Team"
	case "exists":
		return "SELECT p.Id FROM People p WHERE " + pick("", "NOT ") + "EXISTS (SELECT 1 FROM People x WHERE x.Team = p.Team AND x.Id " + pick("<", "=", ">") +
			" p.Id) AND " + cond(1, "p.")
	case "top":
		return "SELECT Id, Name FROM People WHERE " + cond(1, "") + " ORDER BY Id" + pick("", " DESC") + " LIMIT " + pick("0", "1", "3", "-1") + pick("", " OFFSET 1", " OFFSET 4")
	}
	return "SELECT " + pick("*", "count(*)", "Id", "DISTINCT Team", "Name, Score") + " FROM People WHERE " + cond(3, "")
}

// The rows of any statement are those of plain tables, whatever the virtual tables take, page by page.
func TestAnyStatementAgrees(t *testing.T) {
	p, q := people(), teams()
	c := open(t, p, q)
	run1(t, c, "CREATE TEMP TABLE TP AS SELECT * FROM S.People")
	run1(t, c, "CREATE TEMP TABLE TT AS SELECT * FROM S.Teams")
	rapid.Check(t, func(rt *rapid.T) {
		sql := statement(rt)
		ops := rapid.SliceOfDistinct(rapid.SampledFrom([]Op{OpEQ, OpGT}), rapid.ID[Op]).Draw(rt, "ops")
		for i, x := range []*toy{p, q} {
			x.take = func(k Constraint) bool {
				return slices.Contains(ops, k.Op) && k.Collation == "BINARY" && (k.Column < 0 || x.cols[k.Column].Type != "BOOLEAN")
			}
			x.list = rapid.Bool().Draw(rt, "list")
			x.order = rapid.Bool().Draw(rt, "order")
			x.sloppy = rapid.Bool().Draw(rt, "sloppy")
			x.limit = !x.sloppy && rapid.Bool().Draw(rt, "limit")
			x.onlyUsed = rapid.Bool().Draw(rt, "only used")
			x.emptyPage = rapid.Bool().Draw(rt, "empty page")
			x.size = rapid.IntRange(1, 8).Draw(rt, fmt.Sprint("size", i))
		}
		run := func(sql string) string {
			got, err := query(t.Context(), c, sql)
			if err != nil {
				rt.Fatalf("%s: %v", sql, err)
			}
			if !strings.Contains(sql, "ORDER BY") {
				lines := strings.Split(got, "\n")
				slices.Sort(lines)
				got = strings.Join(lines, "\n")
			}
			return got
		}
		got, plain := run(sql), run(strings.NewReplacer("People", "TP", "Teams", "TT").Replace(sql))
		if got != plain {
			rt.Fatalf("%s\nvirtual: %q\ntables:  %q", sql, got, plain)
		}
	})
}
