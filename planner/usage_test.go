package planner

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

func TestUseOf(t *testing.T) {
	type compared = map[string][]Op
	for _, test := range []struct {
		sql      string
		compared compared
		extreme  string
	}{
		{"SELECT COUNT(*) FROM t WHERE State IN ('a', ?)", compared{"state": {schema.IN}}, ""},
		{"SELECT COUNT(*), 1 FROM s.t AS p WHERE (p.Id >= ? AND 5 > [Id]) AND Draft = TRUE", compared{"id": {schema.GE, schema.LT}, "draft": {schema.EQ}}, ""},
		{"SELECT COUNT(*) FROM t WHERE d BETWEEN date('now') AND DATETIME('now', '-7 days')", compared{"d": {schema.GE, schema.LE}}, ""},
		{"SELECT b FROM t WHERE a = 1 AND b = 2 ORDER BY b", compared{"a": {schema.EQ}}, ""},
		{"SELECT COUNT(*) FILTER (WHERE a > 2) FROM t WHERE a > 1 AND b > 1", compared{"b": {schema.GT}}, ""},
		{"SELECT COUNT(*) OVER (PARTITION BY a) FROM t WHERE a > 1 AND b > 1", compared{"b": {schema.GT}}, ""},
		{"SELECT COUNT(a), count([A]) FROM t", compared{"a": nil}, ""},
		{"SELECT COUNT(a) FROM t WHERE a > 3", compared{"a": {schema.GT}}, ""},
		{"SELECT COUNT(DISTINCT a), COUNT(t.b), COUNT(c + 1), SUM(d), 'count(e)' FROM t", compared{}, ""},
		{"SELECT * FROM t WHERE a = 1", nil, ""},
		{"SELECT t.* FROM t WHERE a = 1", nil, ""},
		{"SELECT COUNT(*) FROM t WHERE a = 1 OR b = 2", compared{}, ""},
		{"SELECT COUNT(*) FROM t WHERE NOT a = 1", compared{}, ""},
		{"SELECT COUNT(*) FROM t WHERE a NOT IN (1, 2)", compared{}, ""},
		{"SELECT COUNT(*) FROM t WHERE a > random()", compared{}, ""},
		{"SELECT COUNT(*) FROM t WHERE a > b", compared{}, ""},
		{"SELECT COUNT(*) FROM t WHERE a + 0 > 1", compared{}, ""},
		{"SELECT COUNT(*) FROM t WHERE a = 'x' COLLATE NOCASE", compared{}, ""},
		{"SELECT COUNT(*) FROM t WHERE a = 1 AND \"a\" < 5 GROUP BY `a`", compared{}, ""},
		{"SELECT COUNT(*) FROM t, u WHERE a = 1", nil, ""},
		{"SELECT COUNT(*) FROM t WHERE a = (SELECT 1)", nil, ""},
		{"WITH t AS (SELECT 1) SELECT COUNT(*) FROM t WHERE a = 1", nil, ""},

		{"SELECT MIN(a) FROM t", compared{}, "a"},
		{"SELECT MAX(a), MIN(A) AS x FROM t WHERE b = 1 AND a > 5", compared{"b": {schema.EQ}}, "a"},
		{"SELECT MIN(a), MAX(b) FROM t", compared{}, "a b"},
		{"SELECT MIN(a) AS a, COUNT(*), 'x', MAX(a) m, NULL, -1 FROM t WHERE a > 3", compared{}, "a #"},
		{"SELECT MIN(a) AS a, COUNT(*), 'x', MAX(a) m, NULL FROM t WHERE a > 3", compared{}, "a #"},
		{"SELECT COUNT(b), MIN(a) AS b FROM t", compared{}, "a #"},
		{"SELECT COUNT(a), MIN(a) FROM t", compared{}, ""},
		{"SELECT MIN(a), COUNT(DISTINCT b) FROM t", compared{}, ""},
		{"SELECT MIN(a), b FROM t", compared{}, ""},
		{"SELECT MIN(a), SUM(b) FROM t", compared{}, ""},
		{"SELECT MIN(a), ? FROM t", compared{}, ""},
		{"SELECT b, MIN(a) FROM t GROUP BY b", compared{}, "a by b"},
		{"SELECT t.b AS a, COUNT(*) n, MIN(a) FROM t GROUP BY 1 ORDER BY n DESC LIMIT 3", compared{}, "a # by b"},
		{"SELECT b, MIN(a) FROM t GROUP BY b ORDER BY MIN(a)", compared{}, ""},
		{"SELECT b, MIN(a) FROM t GROUP BY b HAVING MIN(a) > 1", compared{}, ""},
		{"SELECT c, MIN(a) FROM t GROUP BY b", compared{}, ""},
		{"SELECT MIN(a) FROM t GROUP BY 1", compared{}, ""},
		{"SELECT MIN(a) FROM t GROUP BY 2", compared{}, ""},
		{"SELECT MIN(a) FROM t GROUP BY b + 1", compared{}, ""},
		{"SELECT MIN(a) FROM t ORDER BY 1", compared{}, ""},
		{"SELECT MIN(a, 1) FROM t", compared{}, ""},
		{"SELECT MIN(a) + 1 FROM t", compared{}, ""},
		{"SELECT MIN(a COLLATE NOCASE) FROM t", compared{}, ""},
		{"SELECT MIN(a) FILTER (WHERE b > 1) FROM t", compared{}, ""},
		{"SELECT MIN(a) OVER () FROM t", compared{}, ""},
		{"SELECT MIN(a) FROM t GROUP BY b", compared{}, "a by b"},
		{"SELECT MIN(a) FROM t WHERE random() > 0", compared{}, ""},
		{"SELECT MIN(a) FROM t WHERE length(a) > 1", compared{}, ""},
		{"SELECT MIN(a) FROM t LIMIT 0", compared{}, ""},
	} {
		u, _ := UseOf(test.sql)
		if len(u.Compared) != len(test.compared) || extremesOf(u) != test.extreme {
			t.Errorf("compared are %v, extreme is %q, want %v and %q: %s", u.Compared, extremesOf(u), test.compared, test.extreme, test.sql)
		}
		for column, ops := range test.compared {
			if !slices.Equal(u.Compared[column], ops) {
				t.Errorf("%s is compared by %v, want %v: %s", column, u.Compared[column], ops, test.sql)
			}
		}
	}
}

// extremesOf spells what a query shows of its table: "#" for the number of rows.
func extremesOf(u TableUse) string {
	var out []string
	for _, x := range u.Extremes {
		out = append(out, x.Column)
	}
	if out != nil && u.Rows {
		out = append(out, "#")
	}
	if out != nil && u.Groups != nil {
		out = append(out, "by "+strings.Join(u.Groups, " "))
	}
	return strings.Join(out, " ")
}
