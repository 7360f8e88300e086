package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/columntype"
	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/userview"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// run is one execution of a command, from its compilation to the end of its rows.
type run struct {
	conn    *conn
	command command
	meter   *meter
	// ctx is the context of this execution. It is kept because rows are read after the call that started them; no one
	// else's is.
	ctx    context.Context
	cancel context.CancelFunc
	ended  bool
}

// explainPrefix makes a statement one that shows its plan; command.prefix is its length where it is used.
const explainPrefix = "EXPLAIN QUERY PLAN "

// begin starts to run a command. The run's end must follow.
func (c *conn) begin(ctx context.Context, cmd command, args []sqldriver.NamedValue) *run {
	r := &run{conn: c, command: cmd, meter: newMeter(ctx, c.config().MaxRequests)}
	ctx, r.cancel = context.WithCancel(ctx)
	c.views.Refresh()
	r.ctx = c.session(api.WithBudget(ctx, r.meter.budget), cmd.text, args, r.meter)
	return r
}

// end frees what the run holds and reports on it, once.
func (r *run) end(err error) {
	if r.ended {
		return
	}
	r.ended = true
	r.conn.observe(err)
	r.cancel()
	statementOf(r.ctx).scans.Close()
	r.meter.update()
	r.conn.connector.requests.Add(int64(r.meter.budget.Requests()))
	level, attrs := slog.LevelInfo, []slog.Attr{
		slog.String("sql", r.command.shown()), slog.Int("rows", r.meter.rows), slog.Int("requests", r.meter.budget.Requests()),
		slog.Duration("elapsed", time.Since(r.meter.start)),
	}
	if err != nil {
		_ = watch.failed(err)
		level, attrs = slog.LevelError, append(attrs, slog.Any("error", err))
	}
	r.conn.connector.log.LogAttrs(context.Background(), level, "statement", attrs...)
	statementOf(r.ctx).logScans(r.conn.connector.log)
}

// compiled is a statement of the engine with what could be told of its columns' types without running it.
type compiled struct {
	stmt  *engine.Stmt
	types []columntype.Type
	// generation is that of the user-defined views.
	generation int
	// temporary says that the connection had temporary tables or views, which unqualified names may mean.
	temporary bool
}

// compile compiles the command, after attaching the schemas that it names.
func (r *run) compile() (*compiled, error) {
	c := r.conn
	edits, used, err := r.respell()
	if err != nil {
		return nil, err
	}
	cmd := r.command
	tried := make(map[string]bool)
	for {
		statementOf(r.ctx).anew()
		s, err := c.engine.Prepare(r.ctx, cmd.sql.SQL)
		if err == nil {
			out := &compiled{stmt: s, types: r.columnTypes(s), generation: c.views.Generation(), temporary: c.catalog.temporary}
			if numbered := r.numbered(s, edits); numbered != nil {
				_ = s.Close()
				out.stmt = numbered
			}
			return out, nil
		}
		schema, name, missing := missingTable(err)
		if !missing || tried[schema] {
			return nil, r.compileError(used, err)
		}
		tried[schema] = true
		if again, err := c.views.Remake(r.ctx, schema, name); err != nil {
			return nil, err
		} else if again {
			delete(tried, schema) // there may be more of them, and none is missing twice
			continue
		}
		attached, attachErr := c.attach(r.ctx, schema)
		if attachErr != nil {
			if errors.Is(attachErr, api.ErrNotFound) { // no such repository: no such table
				return nil, &UnknownTableError{Schema: schema, Name: name, Suggestions: c.suggestTables(schema, name), err: attachErr}
			}
			return nil, runError(r.ctx, attachErr)
		}
		if !attached {
			return nil, r.compileError(used, err)
		}
	}
}

// respell spells the command for the engine, and returns the user-defined views that it names, and the edits that name them so.
func (r *run) respell() (edits []dialect.Edit, used []userview.View, err error) {
	edits, used, err = r.conn.views.Edits(r.ctx, r.command.text)
	if err != nil {
		return nil, nil, err
	}
	if len(edits) == 0 {
		return nil, nil, nil
	}
	edits = append(edits, r.command.edits...)
	slices.SortStableFunc(edits, func(a, b dialect.Edit) int { return a.Offset - b.Offset })
	if r.command.sql, err = dialect.Rewrite(r.command.text, edits); err != nil {
		return nil, nil, r.command.compileError(r.ctx, r.conn, err)
	}
	r.command.sql.SQL = explainPrefix[:r.command.prefix] + r.command.sql.SQL
	return edits, used, nil
}

// compileError explains why the command cannot be compiled: because of a view that it names, or by itself.
func (r *run) compileError(used []userview.View, err error) error {
	for _, v := range used {
		if broken := r.conn.checkQuery(r.ctx, v.Query, 0); broken != nil {
			return r.conn.views.Broken(v.Name, broken)
		}
	}
	if _, _, missing := missingTable(err); missing && r.conn.views.Err() != nil {
		return fmt.Errorf("%w; %w", r.command.compileError(r.ctx, r.conn, err), r.conn.views.Err())
	}
	return r.command.compileError(r.ctx, r.conn, err)
}

// take borrows the engine's statement, if it still says what its names mean.
func (r *run) take(s *stmt) *compiled {
	prepared := s.take()
	if prepared != nil && (prepared.generation != r.conn.views.Generation() || prepared.temporary != r.conn.catalog.temporary) {
		_ = prepared.stmt.Close()
		return nil
	}
	return prepared
}

// columnTypes tells the types of the columns as far as the declarations and the text do.
func (r *run) columnTypes(s *engine.Stmt) []columntype.Type {
	if !r.selects() {
		return columntype.OfDeclared(s.DeclTypes())
	}
	q := columntype.Query{Text: r.command.text, SQL: r.command.sql.SQL, Declared: s.DeclTypes()}
	return q.Types(r.declares)
}

// selects says whether the columns of the result are those of a select list.
func (r *run) selects() bool {
	if r.command.kind != runs {
		return false
	}
	kind := planner.Classify(r.command.sql.SQL).Kind
	return kind == planner.Select || kind == planner.With
}

// declares compiles a query and returns the types that SQLite declares of its columns.
func (r *run) declares(sql string) []string {
	probe, err := r.conn.engine.Prepare(r.ctx, sql)
	if err != nil {
		return nil
	}
	defer probe.Close()
	return probe.DeclTypes()
}

// query runs a command that may return rows. It uses the statement given, or compiles the command.
func (c *conn) query(ctx context.Context, cmd command, s *stmt, args []sqldriver.NamedValue) (*resultSet, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := c.begin(ctx, cmd, args)
	set, err := r.query(s, args)
	if err != nil {
		r.end(err)
		return nil, err
	}
	return set, nil
}

func (r *run) query(s *stmt, args []sqldriver.NamedValue) (*resultSet, error) {
	switch r.command.kind {
	case explains:
		source, types, err := r.explain(args)
		if err != nil {
			return nil, err
		}
		return r.resultSet(source, types, func() {})
	case ignores:
		return r.resultSet(noRows{}, nil, func() {})
	case definesView:
		if err := r.conn.changeView(r.ctx, r.command); err != nil {
			return nil, err
		}
		return r.resultSet(noRows{}, nil, func() {})
	case calls:
		return r.call(args)
	case runs:
	}
	bound, err := bind(r.command.sql.Params, args)
	if err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		var prepared *compiled
		if first {
			prepared = r.take(s)
		}
		fresh := prepared == nil
		if fresh {
			if prepared, err = r.compile(); err != nil {
				return nil, err
			}
		}
		source, err := prepared.stmt.Query(r.ctx, bound)
		if err != nil {
			_ = prepared.stmt.Close()
			if _, _, missing := missingTable(err); missing && !fresh {
				continue // the schema was detached since
			}
			return nil, runError(r.ctx, err)
		}
		return r.resultSet(source, prepared.types, func() { s.give(prepared) })
	}
}

// exec runs a command for its effect.
func (c *conn) exec(ctx context.Context, cmd command, s *stmt, args []sqldriver.NamedValue) (sqldriver.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := c.begin(ctx, cmd, args)
	res, err := r.exec(s, args)
	r.end(err)
	return res, err
}

func (r *run) exec(s *stmt, args []sqldriver.NamedValue) (sqldriver.Result, error) {
	if r.command.kind != runs {
		set, err := r.query(s, args)
		if err != nil {
			return nil, err
		}
		return result(0), set.close()
	}
	bound, err := bind(r.command.sql.Params, args)
	if err != nil {
		return nil, err
	}
	prepared := r.take(s)
	fresh := prepared == nil
	if fresh {
		if prepared, err = r.compile(); err != nil {
			return nil, err
		}
	}
	done, err := prepared.stmt.Exec(r.ctx, bound)
	if err != nil {
		_ = prepared.stmt.Close()
		if _, _, missing := missingTable(err); missing && !fresh {
			return r.exec(nil, args) // the schema was detached since
		}
		return nil, runError(r.ctx, err)
	}
	s.give(prepared)
	n, err := done.RowsAffected()
	return result(n), err
}
