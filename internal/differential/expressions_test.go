package differential

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

func (g *querying) aggregate(scope []source) (string, schema.Type) {
	s, c := g.column(scope)
	e := s.alias + "." + c.name
	filter := ""
	if g.chance(20) {
		filter = " FILTER (WHERE " + g.condition(scope, 0, false) + ")"
	}
	switch g.IntN(7) {
	case 0, 1:
		return "COUNT(*)" + filter, schema.Integer
	case 2:
		return "COUNT(" + e + ")" + filter, schema.Integer
	case 3:
		return "COUNT(DISTINCT " + e + ")" + filter, schema.Integer
	case 4:
		return "SUM(CASE WHEN " + g.condition(scope, 0, false) + " THEN 1 ELSE 0 END)" + filter, schema.Integer
	}
	return g.pick("MIN(", "MAX(") + e + ")" + filter, c.kind
}

// value is an expression.
func (g *querying) value(scope []source, depth int) (string, schema.Type) {
	s, c := g.column(scope)
	e := s.alias + "." + c.name
	switch g.IntN(14) {
	case 0:
		return "COALESCE(" + e + ", 'none')", schema.Text
	case 1:
		return "CASE WHEN " + g.condition(scope, 0, false) + " THEN " + e + " END", c.kind
	case 2:
		return g.pick("length(", "upper(", "typeof(") + e + ")", schema.Text
	case 3:
		return "nullif(" + e + ", " + g.literal(c) + ")", c.kind
	case 4, 5:
		if depth > 0 {
			return g.scalar(scope), schema.Text
		}
	case 6:
		if depth > 0 {
			return g.pick("", "NOT ") + g.exists(scope), schema.Boolean
		}
	}
	return e, c.kind
}

// correlated is a subquery's FROM and WHERE, of one table, which the scope's columns narrow.
func (g *querying) correlated(scope []source) (from string, s source) {
	wide := g.wide
	name, s := g.table()
	g.wide = wide
	where := g.keys(scope, s)
	if g.chance(50) || where == "" {
		condition := g.condition(append([]source{s}, scope...), 0, false)
		if where == "" {
			where = condition
		} else {
			where += " AND " + condition
		}
	}
	return " FROM " + name + " " + s.alias + " WHERE " + where, s
}

func (g *querying) scalar(scope []source) string {
	from, s := g.correlated(scope)
	_, c := g.column([]source{s})
	e := s.alias + "." + c.name
	switch g.IntN(4) {
	case 0:
		return "(SELECT COUNT(*)" + from + ")"
	case 1:
		return "(SELECT " + e + from + " ORDER BY " + e + g.pick("", " DESC") + fmt.Sprintf(" LIMIT 1 OFFSET %d)", g.IntN(3))
	}
	return "(SELECT " + g.pick("MIN(", "MAX(", "COUNT(DISTINCT ", "COUNT(") + e + ")" + from + ")"
}

func (g *querying) exists(scope []source) string {
	from, _ := g.correlated(scope)
	return "EXISTS (SELECT " + g.pick("1", "*", "NULL") + from + ")"
}

// condition is a condition, in which there may be subqueries.
func (g *querying) condition(scope []source, depth int, subqueries bool) string {
	if depth > 0 && g.chance(45) {
		a, b := g.condition(scope, depth-1, subqueries), g.condition(scope, depth-1, subqueries)
		return g.pick("", "", "", "NOT ") + "(" + a + g.pick(" AND ", " AND ", " OR ") + b + ")"
	}
	s, c := g.column(scope)
	e := s.alias + "." + c.name
	not := g.pick("", "", "NOT ")
	if subqueries {
		switch g.IntN(6) {
		case 0:
			return not + g.exists(scope)
		case 1:
			name, in := g.table()
			_, column := g.column([]source{in})
			for _, d := range domains {
				if slices.Contains(d, c.name) {
					for _, x := range in.columns {
						if slices.Contains(d, x.name) {
							column = x
						}
					}
				}
			}
			return e + " " + not + "IN (SELECT " + in.alias + "." + column.name + " FROM " + name + " " + in.alias + " WHERE " + g.condition([]source{in}, 0, false) + ")"
		case 2:
			if g.chance(50) {
				return e + g.pick(" = ", " < ", " >= ", " <> ", " IS ", " IS NOT ") + g.scalar(scope)
			}
		}
	}
	switch g.IntN(12) {
	case 0:
		return e + " IS " + not + "NULL"
	case 1:
		return e + " " + not + "IN (" + g.literal(c) + ", " + g.literal(c) + ", " + g.literal(c) + ")"
	case 2:
		return e + " " + not + "BETWEEN " + g.literal(c) + " AND " + g.literal(c)
	case 3:
		text := strings.ReplaceAll(fmt.Sprint(c.sample(g)), "'", "''")
		if len(text) > 3 {
			text = text[1:3]
		}
		return e + " " + not + g.pick("LIKE '%"+text+"%'", "GLOB '*"+text+"*'", "LIKE '"+text+"%'")
	case 4:
		return e + g.pick(" IS ", " IS NOT ", " IS DISTINCT FROM ", " IS NOT DISTINCT FROM ") + g.literal(c)
	case 5:
		other, d := g.column(scope)
		return e + g.pick(" = ", " <> ", " < ", " >= ") + other.alias + "." + d.name
	case 6:
		if c.kind == schema.Boolean {
			return g.pick("", "NOT ") + e
		}
		return "(" + e + ", " + e + ") " + g.pick("=", "<>", "<", ">=") + " (" + g.literal(c) + ", " + g.literal(c) + ")"
	case 7:
		return e + g.pick(" = ", " < ", " > ") + g.literal(c) + " COLLATE " + g.pick("NOCASE", "BINARY", "RTRIM")
	}
	return e + g.pick(" = ", " = ", " = ", " <> ", " < ", " <= ", " > ", " >= ") + g.literal(c)
}

func (c sourceColumn) sample(g *querying) any {
	if len(c.values) == 0 || g.chance(8) {
		return []any{nil, "", "OPEN", int64(3), 2.5, "2025-06-01", "x"}[g.IntN(7)]
	}
	return c.values[g.IntN(len(c.values))]
}

func (g *querying) literal(c sourceColumn) string {
	v := c.sample(g)
	if s, ok := v.(string); ok && c.kind == schema.Timestamp && g.chance(60) {
		if at, ok := timestamp.Parse(s); ok {
			v = at.Format(g.pick("2006-01-02", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999"))
		}
	}
	if g.chance(25) {
		g.args = append(g.args, v)
		return "?" + fmt.Sprint(len(g.args))
	}
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	}
	return fmt.Sprint(v)
}
