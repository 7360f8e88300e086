//go:build cgo

package engine

import (
	"fmt"
	"strings"
	"testing"
)

// TestUseOf numbers uses of one table: each question tells its number, and the rows are those of the view.
func TestUseOf(t *testing.T) {
	for _, taken := range []bool{false, true} {
		p, q := people(), teams()
		p.take = func(k Constraint) bool { return taken && k.Op == OpEQ && k.Usable }
		c := open(t, p, q)
		one, two := "S."+UseOf("People", 1), UseOf("People", 2)
		for plain, numbered := range map[string]string{
			"SELECT (SELECT count(*) FROM S.People), Id FROM People ORDER BY Id":                                                         "SELECT (SELECT count(*) FROM " + one + " People), Id FROM People ORDER BY Id",
			"SELECT max(Id) FROM People WHERE Team = 'red' UNION ALL SELECT min(People.Name) FROM People WHERE Id > 2":                   "SELECT max(Id) FROM " + one + " WHERE Team = 'red' UNION ALL SELECT min(People.Name) FROM " + two + " AS People WHERE Id > 2",
			"SELECT t.Team, (SELECT count(*) FROM People p WHERE p.Team = t.Team AND p.Name > ?) FROM Teams t ORDER BY 1":                "SELECT t.Team, (SELECT count(*) FROM " + two + " p WHERE p.Team = t.Team AND p.Name > ?) FROM Teams t ORDER BY 1",
			"SELECT * FROM (SELECT Team, count(*) AS n FROM People GROUP BY Team) WHERE Team IN ('red', 'blue') AND n > 1 ORDER BY Team": "SELECT * FROM (SELECT Team, count(*) AS n FROM " + one + " GROUP BY Team) WHERE Team IN ('red', 'blue') AND n > 1 ORDER BY Team",
			"SELECT count(*) FROM People WHERE Id = 1 OR Team = 'blue' OR Name IN ('Eve', 'Dee')":                                        "SELECT count(*) FROM " + two + " WHERE Id = 1 OR Team = 'blue' OR Name IN ('Eve', 'Dee')",
			"SELECT * FROM People ORDER BY Id": "SELECT * FROM " + one + " ORDER BY Id",
			"SELECT count(*) FROM People WHERE " + strings.Repeat("Id <> 1 AND Name <> 'Bob' AND ", 12) + "Team = 'red' AND Active IS NULL": "SELECT count(*) FROM " + one + " WHERE " + strings.Repeat("Id <> 1 AND Name <> 'Bob' AND ", 12) + "Team = 'red' AND Active IS NULL",
		} {
			var args []any
			if strings.Contains(plain, "?") {
				args = []any{"B"}
			}
			expected, err := query(t.Context(), c, plain, args...)
			if err != nil {
				t.Fatal(err)
			}
			for _, ix := range p.asked {
				if ix.Use != 0 {
					t.Fatalf("a use without a number has %d: %s", ix.Use, plain)
				}
			}
			p.asked = nil
			want(t, c, expected, numbered, args...)
			asked := ""
			for _, ix := range p.asked {
				asked += fmt.Sprint(ix.Use)
				for _, k := range ix.Constraints {
					if k.Column >= len(p.cols) {
						t.Errorf("a constraint is about column %d: %s", k.Column, numbered)
					}
				}
			}
			for number, text := range map[string]string{"1": one, "2": two} {
				if strings.Contains(asked, number) != strings.Contains(numbered, text) {
					t.Errorf("the numbers asked about are %s: %s", asked, numbered)
				}
			}
			p.asked = nil
		}
	}
}

// TestUseColumn reads the column that numbers uses as nobody should: it changes no row, and no table hears of it.
func TestUseColumn(t *testing.T) {
	p := people()
	p.take, p.order = func(k Constraint) bool { return k.Usable }, true
	c := open(t, p)
	for _, where := range []string{`"~use" > -1`, `"~use" IS NOT NULL ORDER BY "~use", Id`, `"~use" IN (0, 7)`, `"~use" = 0 AND "~use" < 1`, `"~use" = ?`} {
		var args []any
		if strings.Contains(where, "?") {
			args = []any{0}
		}
		want(t, c, "7", `SELECT count(*) FROM (SELECT Id FROM "~People" WHERE `+where+")", args...)
	}
	for _, ix := range p.asked {
		for _, k := range ix.Constraints {
			if k.Column >= len(p.cols) {
				t.Errorf("a constraint is about column %d", k.Column)
			}
		}
	}
}
