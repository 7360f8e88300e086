package dialect

import (
	"slices"
	"strings"
	"testing"
)

func TestClauses(t *testing.T) {
	for text, want := range map[string][2]string{ // table places and words in conditions
		"SELECT a, b FROM t WHERE c = 1 ORDER BY d":                                         {"t", "c"},
		"SELECT a FROM s.t x, u JOIN v ON m = n AND f(o), w LEFT JOIN y USING (k, l)":       {"s u v w y", "m n AND f o k l"},
		"SELECT (SELECT a FROM t WHERE b) FROM (u JOIN v ON c)":                             {"t u v", "b c"},
		"SELECT a FROM (SELECT b FROM t WHERE c IN (SELECT d FROM u GROUP BY e)) LIMIT 1":   {"t u", "c IN"},
		"SELECT a IS NOT DISTINCT FROM b, trim(c FROM d), extract(year FROM e) FROM t":      {"t", ""},
		"SELECT count(*) FILTER (WHERE a) FROM t GROUP BY b HAVING c UNION SELECT d FROM u": {"t u", "a c"},
		"WITH x(a) AS (SELECT b FROM t) SELECT c FROM x WHERE EXISTS (SELECT d FROM u)":     {"t x u", "EXISTS"},
		"GETDELETED FROM t WHERE (a OR (b))":                                                {"t", "a OR b"},
		"SELECT a.\"from\", b.[where], c FROM t":                                            {"t", ""},
		"SELECT a FROM t WHERE b = 1 WINDOW w AS (ORDER BY c)":                              {"t", "b"},
	} {
		ts := WordsOf(text)
		var tables, conditions []string
		for i, c := range ts.Clauses() {
			switch {
			case c == TablePlace:
				tables = append(tables, ts.Name(i))
			case c == Condition && ts.IsName(i):
				conditions = append(conditions, ts.Name(i))
			}
		}
		if !slices.Equal(tables, strings.Fields(want[0])) || !slices.Equal(conditions, strings.Fields(want[1])) {
			t.Errorf("%s:\ntables %q, conditions %q; want %q", text, tables, conditions, want)
		}
	}
	// Whatever is thrown at it, it gives a clause for each token.
	for _, text := range []string{"", ")", "(((", "SELECT FROM , ON", "FROM (", "a.b.c"} {
		if ts := WordsOf(text); len(ts.Clauses()) != len(ts) {
			t.Error(text)
		}
	}
}
