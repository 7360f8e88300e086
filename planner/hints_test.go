package planner

import (
	"fmt"
	"strings"
	"testing"
)

// show renders a predicate for tests.
func show(p Predicate) string {
	switch p.Op {
	case And, Or:
		var parts []string
		for _, a := range p.Args {
			parts = append(parts, show(a))
		}
		word := " AND "
		if p.Op == Or {
			word = " OR "
		}
		return "(" + strings.Join(parts, word) + ")"
	}
	names := [...]string{"=", "<>", "<", "<=", ">", ">=", "IN", "LIKE", "IS NULL", "NOT NULL", "IS TRUE", "IS FALSE"}
	s := p.Column + " " + names[p.Cmp]
	for _, v := range p.Values {
		switch {
		case v.Param > 0:
			s += fmt.Sprintf(" ?%d%s", v.Param, v.ParamName)
		default:
			s += fmt.Sprintf(" %#v", v.Value)
		}
	}
	return s
}

func TestHints(t *testing.T) {
	tests := []struct{ sql, want string }{
		{`SELECT * FROM t WHERE State = 'OPEN' OR AuthorUUID = ?`, `(State = "OPEN" OR AuthorUUID = ?1)`},
		{`SELECT * FROM t WHERE (a = 1 OR b = 2) AND c = 3`, `(a = 1 OR b = 2)`},
		{`SELECT * FROM t WHERE a = 1 OR b = 2 AND NOT c > 3.5`, `(a = 1 OR (b = 2 AND c <= 3.5))`},
		{`SELECT * FROM s.t AS x WHERE NOT (x.a = 'x' OR "b" IS NULL)`, `(a <> "x" AND b NOT NULL)`},
		{`SELECT * FROM t WHERE NOT (a = 'x' AND b = 'y')`, `(a <> "x" OR b <> "y")`},
		{`SELECT TOP 5 [a]||'x' FROM [s].[t] WHERE [Key] NOT IN ('O''Brien', 'a\b') ORDER BY 1`, `(Key <> "O'Brien" AND Key <> "a\\b")`},
		{`SELECT * FROM t WHERE a NOT BETWEEN 1 AND 5`, `(a < 1 OR a > 5)`},
		{`SELECT * FROM t WHERE NOT a BETWEEN 1 AND $2`, `(a < 1 OR a > ?2)`},
		{`SELECT * FROM t WHERE a LIKE '%x%' OR b LIKE 'x%' OR a LIKE '%x'`, `(a LIKE "%x%" OR b LIKE "x%" OR a LIKE "%x")`},
		{`SELECT * FROM t WHERE a = :who OR b = :who`, `(a = ?1who OR b = ?1who)`},
		{`SELECT * FROM t WHERE 5 < a OR -5 >= b`, `(a > 5 OR b <= -5)`},
		{`SELECT * FROM t WHERE a = 'x' OR b IN (1, NULL, 3)`, `(a = "x" OR b IN 1 3)`},
		{`SELECT * FROM t WHERE a = 'x' OR b = NULL OR c = TRUE`, `(a = "x" OR c = true)`},
		{`SELECT * FROM t WHERE Draft`, `Draft IS TRUE`},
		{`SELECT * FROM t WHERE NOT Draft AND a = 1`, `Draft IS FALSE`},
		{`SELECT * FROM t WHERE Draft IS TRUE OR a IS NULL`, `(Draft IS TRUE OR a IS NULL)`},
		{
			`SELECT State, COUNT(*) FROM t WHERE a < '2024-01-01' OR a > DATE '2024-06-01' GROUP BY State LIMIT 5 OFFSET 2`,
			`(a < "2024-01-01" OR a > "2024-06-01")`,
		},
		{`SELECT ROW_NUMBER() OVER (ORDER BY a), CAST(a AS INT) FROM t WHERE NOT a = 1 OR b ISNULL`, `(a <> 1 OR b IS NULL)`},
		{`SELECT * FROM t WHERE a = 'x' OR (b = 'y' AND lower(c) = 'z')`, `(a = "x" OR b = "y")`},
		{`SELECT * FROM t LIMIT ALL`, ``},
		// Nothing that SQLite does not offer anyway.
		{`SELECT * FROM t WHERE a = 1 AND b <> 2 AND c LIKE '%x%' AND d IS NOT NULL AND e BETWEEN 1 AND 2`, ``},
		{`SELECT * FROM t WHERE a = 1 OR a = 2 OR A = 3`, ``},
		// Arms that say nothing.
		{`SELECT * FROM t WHERE a = 1 OR lower(b) = 'x'`, ``},
		{`SELECT * FROM t WHERE a = 1 OR b = c`, ``},
		{`SELECT * FROM t WHERE a = 'x' COLLATE NOCASE OR b = 1`, ``},
		{`SELECT * FROM t WHERE a LIKE 'x!%' ESCAPE '!' OR b = 1`, ``},
		{`SELECT * FROM t WHERE a LIKE 'x_y%' OR b = 1`, ``},
		{`SELECT * FROM t WHERE a LIKE ? OR b = 1`, ``},
		{`SELECT * FROM t WHERE a || b = 'xy' OR b = 1`, ``},
		{`SELECT * FROM t WHERE a IS NOT TRUE OR b = 1`, ``},
		{`SELECT * FROM t WHERE a IS DISTINCT FROM 1 OR b = 1`, ``},
		{`SELECT * FROM t WHERE a <=> 'x' OR b = 1`, ``},
		{`SELECT * FROM t WHERE a = 9223372036854775808 OR b = 1`, ``},
		{`SELECT * FROM t WHERE a + 1 = 2 OR b = 1`, ``},
		{`SELECT * FROM t WHERE CAST(a AS TEXT) = '2' OR b = 1`, ``},
		// More than one scan that a hint could be about.
		{`SELECT * FROM t, u WHERE t.a = 1 OR t.b = 2`, ``},
		{`SELECT * FROM t LEFT JOIN u ON t.a = u.a WHERE t.a = 1 OR t.b = 2`, ``},
		{`SELECT * FROM t WHERE a = 1 OR b = 2 UNION SELECT * FROM t`, ``},
		{`SELECT * FROM t WHERE (a = 1 OR b = 2) AND EXISTS (SELECT 1 FROM t)`, ``},
		{`SELECT (SELECT COUNT(*) FROM t) FROM t WHERE a = 1 OR b = 2`, ``},
		{`SELECT * FROM (SELECT * FROM t) WHERE a = 1 OR b = 2`, ``},
		{`WITH t AS (SELECT 1 a) SELECT * FROM t WHERE a = 1 OR b = 2`, ``},
		{`SELECT * FROM t AS x WHERE t.a = 1 OR b = 2`, ``},
		{`DELETE FROM t WHERE a = 1 OR b = 2`, ``},
		{`SELECT * FROM t WHERE a = 'x`, ``},
		{``, ``},
	}
	for _, test := range tests {
		hints := Hints(test.sql)
		got := ""
		if len(hints) > 0 {
			got = show(hints[0].Where)
		}
		if got != test.want || len(hints) > 1 {
			t.Errorf("%s\n got %s\nwant %s", test.sql, got, test.want)
		}
	}
}

func TestHintNamesItsTable(t *testing.T) {
	hints := Hints("SELECT * FROM [web-app].`PullRequests` p WHERE p.Id = 1 OR p.[State] = 'OPEN'")
	if len(hints) != 1 || hints[0].Schema != "web-app" || hints[0].Table != "PullRequests" || hints[0].Alias != "p" {
		t.Errorf("got %+v", hints)
	}
}

func TestHintsOfLongChain(t *testing.T) {
	var b strings.Builder
	b.WriteString("SELECT * FROM t WHERE b = 0")
	for i := range 5000 {
		fmt.Fprintf(&b, " OR a = %d", i)
	}
	hints := Hints(b.String())
	if len(hints) != 1 || len(hints[0].Where.Args) != 5001 {
		t.Errorf("got %d hints", len(hints))
	}
}
