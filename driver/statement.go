package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"slices"
	"strings"
	"sync"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/outline"
	"github.com/seed281e34fa/bitbucketsql/internal/scan"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// statement is what the tables of a running statement know of it. It travels in the context.
type statement struct {
	scans *scan.Session
	text  string
	args  []sqldriver.NamedValue
	// hints are the conditions that SQLite does not offer to tables, read when first needed.
	hints     func() []planner.TableHint
	temporary bool
	// tableUse is what the statement does with the columns of its only table, or nil, read when first needed.
	tableUse func() *planner.TableUse
	// innerUses is what the aggregate queries within the statement do with the columns of their tables, read when first needed. It is
	// empty where tableUse tells as much.
	innerUses func() []planner.InnerUse
	// outline is what the words of the statement tell.
	outline outline.Outline
	// inOrder says that a scan has begun whose rows come in the order that was asked for.
	inOrder bool
	// conditionOn says whether a condition names a column, of whatever table.
	conditionOn func(column string) bool
	// deleted says that deleted rows are to be shown.
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
	words := dialect.Significant(all)
	views := c.viewTexts(ctx)
	reads := outline.Of(words, views)
	scans := scan.Config{
		Client: c.connector.client, MaxInFlight: c.config().MaxInFlight, Eager: reads.Whole, Logger: c.connector.log, Once: reads.Once,
	}
	scans.Given = c.given(ctx, words, views, args)
	if m != nil {
		scans.Budget = m.budget
		if most := c.mostRows(words, args); most >= 0 {
			scans.Wanted = func() (returned, more int) { return m.rows, max(0, most-m.rows) }
		}
	}
	s := &statement{
		scans:    scan.NewSession(scans),
		text:     text,
		args:     args,
		hints:    sync.OnceValue(func() []planner.TableHint { return c.hints(text) }),
		tableUse: sync.OnceValue(func() *planner.TableUse { return c.tableUse(text) }),
		outline:  reads,
		// A table or view that the user has made may be what an unqualified name means.
		temporary:   c.catalog.temporary,
		conditionOn: words.ConditionOn,
		deleted:     c.config().IncludeDeleted || reads.Deleted,
	}
	s.innerUses = sync.OnceValue(func() []planner.InnerUse {
		uses := planner.InnerUses(text)
		if s.tableUse() != nil && !slices.ContainsFunc(uses, func(u planner.InnerUse) bool { return u.Where != nil }) {
			return nil
		}
		return uses
	})
	if c.connector.log.Enabled(ctx, levelScan) {
		s.measure()
	}
	c.catalog.statement++
	return context.WithValue(ctx, statementKey{}, s)
}

// mostRows is a bound of the rows that a statement returns, from its outermost LIMIT and from the property MaxRows; -1 means none.
func (c *conn) mostRows(ts dialect.Words, args []sqldriver.NamedValue) int {
	most := c.config().MaxRows
	limit := outline.Limit(ts, func(i int) any {
		if i >= len(args) {
			return nil
		}
		return args[i].Value
	})
	if limit >= 0 && (most < 0 || limit < most) {
		most = limit
	}
	return most
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

// begins notes that a scan begins whose rows may come in the order that is asked for: then the statement can end before all its rows.
func (s *statement) begins(p *planner.Plan) { s.inOrder = s.inOrder || p.InOrder() }

// readsAll says whether a scan that has begun is read to its end.
func (s *statement) readsAll() bool {
	return s.outline.Whole || s.outline.Sorted && !s.inOrder
}

// repeatsAll says whether a scan is repeated for all the rows that bring it.
func (s *statement) repeatsAll() bool {
	return s.outline.Repeated && !(s.outline.Limited && s.inOrder)
}

// sharesRequests says whether scans of a plan may share requests: where a value has several rows, they do if all are read.
func (s *statement) sharesRequests(p *planner.Plan) bool {
	return p.Batch != nil && (p.Batch.Lone || s.outline.Whole)
}

// takesFirst says whether of a scan that now begins only the first row is read.
func (s *statement) takesFirst(p *planner.Plan) bool { return s.outline.Unordered && p.InOrder() }

// use is what the statement does with the columns of a relation, or nil.
func (s *statement) use(r *planner.Relation) *planner.TableUse {
	if s == nil {
		return nil
	}
	if u := s.tableUse(); u != nil && strings.EqualFold(u.Table, r.Table.Name) && s.means(u.Schema, r) {
		return u
	}
	return nil
}

// means says whether the schema that a statement names before a table's name, or that it does not name, is that of a relation.
func (s *statement) means(named string, r *planner.Relation) bool {
	return named == "" && !s.temporary || strings.EqualFold(named, r.Schema)
}
