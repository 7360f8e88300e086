package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"slices"
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
	// explaining says that plans are to carry the values known beforehand.
	explaining bool
}

type statementKey struct{}

// session gives the context of a statement what its tables need to know.
func (c *conn) session(ctx context.Context, text string, args []sqldriver.NamedValue) context.Context {
	eager := true
	if tokens, err := dialect.Lex(text); err == nil {
		eager = !dialect.HasLimit(tokens)
		if i := slices.IndexFunc(tokens, dialect.Token.Significant); i >= 0 && strings.EqualFold(tokens[i].Text, "CREATE") {
			c.catalog.temporary = true
		}
	}
	s := &statement{
		scans: scan.NewSession(scan.Config{
			Client: c.connector.client, MaxInFlight: c.config().MaxInFlight, Eager: eager, Logger: c.connector.log,
		}),
		args:  args,
		hints: sync.OnceValue(func() []planner.TableHint { return planner.Hints(text) }),
		// A table or view that the user has made may be what an unqualified name means.
		temporary: c.catalog.temporary,
	}
	c.catalog.statement++
	return context.WithValue(ctx, statementKey{}, s)
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
		if strings.EqualFold(h.Table, r.Table.Name) && (h.Schema == "" && !s.temporary || strings.EqualFold(h.Schema, r.Schema)) {
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
