//go:build cgo

package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func takeEQ(k Constraint) bool { return k.Op == OpEQ && k.Collation == "BINARY" }

func TestSelect(t *testing.T) {
	p := people()
	p.emptyPage = true
	c := open(t, p)
	want(t, c, "1|Ann|red|1.5|1\n2|Bob|blue|2.5|0\n3|Cid|∅|∅|1\n4|Dee|red|4|∅\n5|Eve|green|0.5|1\n6||blue|-1|0\n7|Zoë|red|7.25|1",
		"SELECT * FROM S.People")
	if p.closed != 1 || p.pages != 3 {
		t.Fatalf("%d cursors closed, %d pages", p.closed, p.pages)
	}
	want(t, c, "Zoë", "SELECT Name FROM People WHERE length(Name) = 3 ORDER BY Score DESC LIMIT 1")
	want(t, c, "6", "SELECT Id FROM People WHERE Name = ''")
}

// Whatever a table takes, the rows are those of a plain table: also where its filter lets too much pass, because SQLite
// checks again.
func TestAgreesWithTables(t *testing.T) {
	for _, mode := range []string{"exact", "superset", "nothing taken", "no lists", "order and limit"} {
		t.Run(mode, func(t *testing.T) { agree(t, mode) })
	}
}

func agree(t *testing.T, mode string) {
	p, q := people(), teams()
	p.onlyUsed, q.onlyUsed = true, true
	if mode != "nothing taken" {
		p.take, q.take, p.list, q.list = takeEQ, takeEQ, mode != "no lists", mode != "no lists"
		p.sloppy, q.sloppy = mode == "superset", mode == "superset"
		p.order, p.limit = mode == "order and limit", mode == "order and limit"
	}
	c := open(t, p, q)
	run1(t, c, "CREATE TEMP TABLE TP AS SELECT * FROM S.People")
	run1(t, c, "CREATE TEMP TABLE TT AS SELECT * FROM S.Teams")
	for _, sql := range []string{
		"SELECT p.Name, t.Lead FROM People p JOIN Teams t ON p.Team = t.Team ORDER BY 1",
		"SELECT p.Name, t.Lead FROM People p LEFT JOIN Teams t ON p.Team = t.Team ORDER BY 1",
		"SELECT p.Name, t.Lead FROM People p LEFT JOIN Teams t ON p.Team = t.Team WHERE t.Lead = 'Ann' ORDER BY 1",
		"SELECT p.Name, t.Team FROM People p RIGHT JOIN Teams t ON p.Team = t.Team ORDER BY 1, 2",
		"SELECT p.Name, t.Team FROM People p FULL JOIN Teams t ON p.Team = t.Team ORDER BY 1, 2",
		"SELECT Name FROM People WHERE Team = 'red' OR Name = 'Ann' OR Id = 2 ORDER BY Id",
		"SELECT Name FROM People WHERE Team = 'red' OR Score > 2 ORDER BY Id",
		"SELECT count(*) FROM People WHERE Team = 'red' OR Name = 'Dee'",
		"SELECT Name FROM People WHERE Id IN (1, 3, 5, 99, NULL) ORDER BY Id",
		"SELECT Name FROM People WHERE Team IN (SELECT Team FROM Teams) ORDER BY Id",
		"SELECT Name FROM People WHERE Team NOT IN ('red') ORDER BY Id",
		"SELECT Name FROM People p WHERE EXISTS (SELECT 1 FROM Teams t WHERE t.Team = p.Team AND t.Lead = p.Name) ORDER BY Id",
		"SELECT Team, count(*), sum(Score) FROM People GROUP BY Team HAVING count(*) > 1 ORDER BY 1",
		"WITH r AS (SELECT *, row_number() OVER (PARTITION BY Team ORDER BY Score DESC) n FROM People) SELECT Name FROM r WHERE n = 1 ORDER BY 1",
		"SELECT Id, (SELECT Lead FROM Teams t WHERE t.Team = p.Team) FROM People p ORDER BY Id",
		"SELECT a.Id, b.Id FROM People a, People b WHERE a.Team = b.Team AND a.Id < b.Id ORDER BY 1, 2",
		"SELECT Name FROM People WHERE Active ORDER BY Name DESC",
		"SELECT Team FROM People UNION SELECT Team FROM Teams ORDER BY 1",
		"SELECT DISTINCT Team FROM People ORDER BY Team",
		"SELECT Name FROM People WHERE Name = 'ann' COLLATE NOCASE",
		"SELECT Name FROM People ORDER BY Score DESC LIMIT 2 OFFSET 1",
		"SELECT Name FROM People WHERE Team = 'red' ORDER BY Id DESC LIMIT 1",
		"SELECT Name FROM People WHERE Team IN ('blue', 'red') ORDER BY Id LIMIT 3 OFFSET 1",
	} {
		got, err := query(t.Context(), c, sql)
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		plain, err := query(t.Context(), c, strings.NewReplacer("People", "TP", "Teams", "TT").Replace(sql))
		if err != nil {
			t.Fatal(err)
		}
		if got != plain || got == "" {
			t.Errorf("%s\nvirtual: %q\ntables:  %q", sql, got, plain)
		}
	}
}

func TestLeftJoinPushesThroughView(t *testing.T) {
	p, q := people(), teams()
	p.take, q.take = takeEQ, takeEQ
	c := open(t, p, q)
	want(t, c, "Ann", "SELECT p.Name FROM Teams t LEFT JOIN People p ON p.Team = t.Team WHERE p.Name = 'Ann'")
	if !slices.ContainsFunc(p.filters, func(args []Arg) bool {
		return slices.ContainsFunc(args, func(a Arg) bool { return a.Value == "Ann" })
	}) {
		t.Fatalf("the WHERE on the right side was not pushed: %v", p.filters)
	}
}

func TestConstraints(t *testing.T) {
	p := people()
	p.take = func(k Constraint) bool { return true }
	c := open(t, p)
	want(t, c, "1", `SELECT Id FROM People WHERE Name = ? AND Team LIKE 'r%' AND Score > 1.25 AND Id BETWEEN 1 AND upper('9')
		AND Active IS NOT NULL AND Team <> 'x' AND Team = 'red' COLLATE NOCASE`, "Ann")
	got := map[string]string{}
	for _, k := range p.asked[0].Constraints {
		got[fmt.Sprintf("%s %s %s", p.cols[k.Column].Name, k.Op, k.Collation)] = fmt.Sprintf("%v %v %v", k.Usable, k.HasRHS, k.RHS)
	}
	for key, v := range map[string]string{
		// Parameters are not known when the statement is compiled, nor is a right side that is an expression.
		"Name = BINARY":             "true false <nil>",
		"Team = NOCASE":             "true false <nil>",
		"Id <= BINARY":              "true false <nil>",
		"Score > BINARY":            "true true 1.25",
		"Id >= BINARY":              "true true 1",
		"Active IS NOT NULL BINARY": "true false <nil>",
		"Team <> BINARY":            "true true x",
		"Team LIKE BINARY":          "true true r%",
	} {
		if got[key] != v {
			t.Errorf("constraint %s: got %q, want %q (%v)", key, got[key], v, got)
		}
	}
}

func TestInList(t *testing.T) {
	for _, whole := range []bool{true, false} {
		p := people()
		p.take, p.list = takeEQ, whole
		c := open(t, p)
		want(t, c, "Ann\nCid\nEve", "SELECT Name FROM People WHERE Id IN (5, 1, 3, 99) ORDER BY Id")
		if n := len(p.filters); whole != (n == 1) {
			t.Fatalf("whole=%v: %d filters", whole, n)
		}
		if whole && (!p.filters[0][0].IsList || len(p.filters[0][0].List) != 4) {
			t.Fatalf("list: %+v", p.filters[0])
		}
		want(t, c, "2\n3\n5", "SELECT Id FROM People WHERE Name IN ('Bob', ?, 'Eve') AND Id > 0 ORDER BY Id", "Cid")
		want(t, c, "", "SELECT Id FROM People WHERE Id IN (SELECT Id FROM People WHERE 0)")
	}
	big := people()
	big.take, big.list = takeEQ, true
	c := open(t, big)
	list := make([]string, 2000)
	for i := range list {
		list[i] = fmt.Sprintf("'%s%d'", strings.Repeat("x", i%50), i)
	}
	want(t, c, "1", "SELECT Id FROM People WHERE Name IN ('Ann',"+strings.Join(list, ",")+")")
	if n := len(big.filters[0][0].List); n != 2001 {
		t.Fatalf("%d values in the list", n)
	}
}

func TestLimitOffered(t *testing.T) {
	p := people()
	p.take, p.limit = takeEQ, true
	c := open(t, p)
	want(t, c, "4", "SELECT Id FROM People WHERE Team = 'red' LIMIT 1 OFFSET 1")
	want(t, c, "3\n4", "SELECT Id FROM People LIMIT 2 OFFSET 2")
	last := p.filters[len(p.filters)-1]
	if len(last) != 2 || p.pages == 0 {
		t.Fatalf("LIMIT and OFFSET did not arrive: %v", last)
	}
	if SQLiteVersion() < "3.41" {
		return // the table must see to it itself, as Index.Usage says
	}
	// With a term that the table does not take, SQLite asks again with LIMIT unusable.
	p.filters = nil
	want(t, c, "7", "SELECT Id FROM People WHERE Team = 'red' AND Score > 4 LIMIT 1")
	if len(p.filters) != 1 || len(p.filters[0]) != 1 {
		t.Fatalf("LIMIT was used beside a term that was not: %v", p.filters)
	}
}

func TestOrderConsumed(t *testing.T) {
	p := people()
	p.order = true
	c := open(t, p)
	want(t, c, "7\n4\n2\n1\n5\n6\n3", "SELECT Id FROM People ORDER BY Score DESC")
	plan, err := query(t.Context(), c, "EXPLAIN QUERY PLAN SELECT Id FROM People ORDER BY Score DESC")
	if err != nil || strings.Contains(plan, "TEMP B-TREE") || !strings.Contains(plan, "~People") {
		t.Fatalf("plan %q, %v", plan, err)
	}
	p.order = false
	if plan, _ = query(t.Context(), c, "EXPLAIN QUERY PLAN SELECT Id FROM People ORDER BY Score DESC"); !strings.Contains(plan, "TEMP B-TREE") {
		t.Fatalf("plan %q", plan)
	}
}

func TestCountWithoutColumns(t *testing.T) {
	p := people()
	p.onlyUsed, p.noIDs = true, true
	c := open(t, p)
	want(t, c, "7", "SELECT count(*) FROM People")
	if p.lastUsed != 0 {
		t.Fatalf("columns used %b", p.lastUsed)
	}
	want(t, c, "Ann", "SELECT Name FROM People LIMIT 1")
	if p.lastUsed != 1<<1 {
		t.Fatalf("columns used %b", p.lastUsed)
	}
	want(t, c, "1\n2\n3\n4\n5\n6\n7", `SELECT rowid FROM S."~People"`)
}

func TestManyColumns(t *testing.T) {
	w := &toy{name: "Wide", onlyUsed: true}
	row := make([]Value, 100)
	for i := range row {
		w.cols = append(w.cols, Column{Name: fmt.Sprintf("C%d", i), Type: "TEXT"})
		row[i] = fmt.Sprintf("v%d", i)
	}
	w.rows = [][]Value{row, row}
	c := open(t, w)
	want(t, c, "v0|v62|v63|v99\nv0|v62|v63|v99", "SELECT C0, C62, C63, C99 FROM Wide")
	if w.lastUsed != 1|1<<62|1<<63 {
		t.Fatalf("columns used %b", w.lastUsed)
	}
	want(t, c, "v98", "SELECT C98 FROM Wide LIMIT 1")
	all, err := query(t.Context(), c, "SELECT * FROM Wide LIMIT 1")
	if err != nil || strings.Count(all, "|") != 99 {
		t.Fatal(all, err)
	}
}

func TestColumnWithoutSlotIsNull(t *testing.T) {
	p := people()
	p.best = func(ix *Index) error { ix.IdxStr = ";2"; return nil } // Name only
	p.onlyUsed = true
	c := open(t, p)
	want(t, c, "∅|Ann|∅", "SELECT Id, Name, Team FROM People LIMIT 1")
}

func TestConstraintRefusesPlan(t *testing.T) {
	p := people()
	p.best = func(ix *Index) error {
		for i, k := range ix.Constraints {
			if k.Column == 2 && k.Op == OpEQ && k.Usable {
				ix.Usage[i].Arg = 1
				ix.IdxStr = "2 2;31"
				return nil
			}
		}
		return ErrConstraint
	}
	c := open(t, p, teams())
	want(t, c, "Ann|red\nDee|red\nZoë|red\nBob|blue\n|blue", "SELECT Name, t.Team FROM People p JOIN Teams t ON t.Team = p.Team")
	if _, err := query(t.Context(), c, "SELECT * FROM People"); err == nil || !strings.Contains(err.Error(), "no query solution") {
		t.Fatalf("got %v", err)
	}
}

func TestScanUniqueAndOmit(t *testing.T) {
	p := people()
	p.best = func(ix *Index) error {
		for i, k := range ix.Constraints {
			if k.Op == OpEQ && k.Usable {
				ix.Usage[i] = Usage{Arg: 1, Omit: true}
				ix.IdxStr, ix.ScanUnique, ix.EstimatedCost, ix.EstimatedRows = "2 0;31", true, 1, 1
			}
		}
		return nil
	}
	c := open(t, p)
	want(t, c, "Bob", "SELECT Name FROM People WHERE Id = 2")
	// omit: the table's word counts. This one answers for Id whatever the column was.
	want(t, c, "Bob", "SELECT Name FROM People WHERE Score = 2")
}

func TestHiddenColumns(t *testing.T) {
	p := people()
	p.cols[2].Hidden = true
	p.take = takeEQ
	c := open(t, p)
	want(t, c, "1|Ann|1.5|1\n4|Dee|4|∅\n7|Zoë|7.25|1", "SELECT * FROM People('red')")
	want(t, c, "red", "SELECT Team FROM People WHERE Id = 1")
}
