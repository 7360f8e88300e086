package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/scan"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// statement is what the tables of a running statement know of it. It travels in the context.
type statement struct {
	scans *scan.Session
	args  []sqldriver.NamedValue
	// hints are the conditions that SQLite does not offer to tables, read when first needed.
	hints     func() []planner.TableHint
	temporary bool
	// tableUse is what the statement does with the columns of its only table, or nil, read when first needed.
	tableUse    func() *planner.TableUse
	consumption consumption
	// conditionOn says whether a condition names a column, of whatever table.
	conditionOn func(column string) bool
	// identified says that SQLite may tell rows by their ids.
	identified bool
	// deleted says that deleted rows are asked for.
	deleted bool
	// explaining says that plans are to carry what EXPLAIN tells of them beyond what running them takes.
	explaining bool
	// plans counts the plans that BestIndex has made.
	plans int
	// analysis measures the scans; nil where nobody asks.
	analysis *analysis
}

type statementKey struct{}

// session gives the context of a statement what its tables need to know. The meter is that of its run, or nil.
func (c *conn) session(ctx context.Context, text string, args []sqldriver.NamedValue, m *meter) context.Context {
	all, err := dialect.Lex(text)
	if err == nil {
		if i := slices.IndexFunc(all, dialect.Token.Significant); i >= 0 && strings.EqualFold(all[i].Text, "CREATE") {
			c.catalog.temporary = true
		}
	}
	reads := c.consumption(ctx, dialect.Significant(all))
	scans := scan.Config{
		Client: c.connector.client, MaxInFlight: c.config().MaxInFlight, Eager: reads.whole, Logger: c.connector.log,
		Once: c.readsOnce(ctx, dialect.Significant(all)),
	}
	if m != nil {
		scans.Budget = m.budget
		if most := c.mostRows(dialect.Significant(all), args); most >= 0 {
			scans.Wanted = func() (returned, more int) { return m.rows, max(0, most-m.rows) }
		}
	}
	s := &statement{
		scans:       scan.NewSession(scans),
		args:        args,
		hints:       sync.OnceValue(func() []planner.TableHint { return c.hints(text) }),
		tableUse:    sync.OnceValue(func() *planner.TableUse { return c.tableUse(text) }),
		consumption: reads,
		// A table or view that the user has made may be what an unqualified name means.
		temporary:   c.catalog.temporary,
		conditionOn: dialect.Significant(all).ConditionOn,
		identified:  c.readsTwice(ctx, dialect.Significant(all)),
		deleted:     c.config().IncludeDeleted || c.asksDeleted(ctx, dialect.Significant(all)),
	}
	if c.connector.log.Enabled(ctx, levelScan) {
		s.measure()
	}
	c.catalog.statement++
	return context.WithValue(ctx, statementKey{}, s)
}

// mostRows is a bound of the rows that a statement returns, from its outermost LIMIT and from the property MaxRows; -1 means none.
func (c *conn) mostRows(ts dialect.Words, args []sqldriver.NamedValue) int {
	most := c.config().MaxRows
	depth, marks := 0, 0
	for i := range ts {
		switch {
		case ts[i].Kind == dialect.Param:
			marks++
		case ts.Op(i, "("):
			depth++
		case ts.Op(i, ")"):
			depth--
		case depth == 0 && i+1 < len(ts) && slices.Contains([]string{"LIMIT", "TOP", "FIRST", "NEXT"}, ts.Word(i)):
			text := ts[i+1].Text
			if text == "?" && marks < len(args) {
				text = fmt.Sprint(args[marks].Value)
			}
			if n, err := strconv.Atoi(text); err == nil && n >= 0 && (most < 0 || n < most) {
				most = n
			}
		}
	}
	return most
}

// readsTwice says whether a statement, or a view that it may use, has what makes SQLite read a table twice and tell its rows by
// their ids: an OR, whose arms it may read one by one, or a right or full join.
func (c *conn) readsTwice(ctx context.Context, ts dialect.Words) bool {
	for i := range ts {
		switch ts.Word(i) {
		case "OR", "RIGHT", "FULL":
			return true
		}
	}
	for _, text := range c.viewTexts(ctx) {
		if all, err := dialect.Lex(text); err != nil || slices.ContainsFunc(all, func(t dialect.Token) bool {
			return strings.EqualFold(t.Text, "OR") || strings.EqualFold(t.Text, "RIGHT") || strings.EqualFold(t.Text, "FULL")
		}) {
			return true
		}
	}
	return false
}

// readsOnce says whether a statement certainly has a single scan: of one table, without a view that may hide others, and without
// the OR whose arms SQLite may read one by one.
func (c *conn) readsOnce(ctx context.Context, ts dialect.Words) bool {
	from := -1
	for i := range ts {
		switch ts.Word(i) {
		case "FROM":
			if from >= 0 {
				return false
			}
			from = i
		case "JOIN", "OR", "UNION", "INTERSECT", "EXCEPT":
			return false
		}
	}
	if from < 0 {
		return false
	}
	for i := from + 1; i < len(ts); i++ {
		switch ts.Word(i) {
		case "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT":
			return len(c.viewTexts(ctx)) == 0
		}
		if ts[i].Text == "," || ts[i].Text == "(" {
			return false
		}
	}
	return len(c.viewTexts(ctx)) == 0
}

// hints are the conditions that SQLite does not offer to tables. Those on a user-defined view are not its table's.
func (c *conn) hints(text string) []planner.TableHint {
	return slices.DeleteFunc(planner.Hints(text), func(h planner.TableHint) bool { return c.views.IsSchema(h.Schema) })
}

// tableUse is what a statement does with the columns of its only table, unless that may be a user-defined view, or nil.
func (c *conn) tableUse(text string) *planner.TableUse {
	u, ok := planner.UseOf(text)
	if !ok || c.views.IsSchema(u.Schema) {
		return nil
	}
	return &u
}

// statementOf returns the statement of a context. Every context that reaches a table has one.
func statementOf(ctx context.Context) *statement {
	s, _ := ctx.Value(statementKey{}).(*statement)
	return s
}

// hint returns the hint for a relation, or nil.
func (s *statement) hint(r *planner.Relation) *planner.Predicate {
	if s == nil {
		return nil
	}
	for _, h := range s.hints() {
		if strings.EqualFold(h.Table, r.Table.Name) && s.means(h.Schema, r) {
			return &h.Where
		}
	}
	return nil
}

// parameter finds the value of a parameter that a hint names.
func (s *statement) parameter(o planner.Operand) (any, bool) {
	for _, arg := range s.args {
		if o.ParamName != "" && arg.Name == o.ParamName || arg.Name == "" && arg.Ordinal == o.Param {
			return arg.Value, true
		}
	}
	return nil, false
}
