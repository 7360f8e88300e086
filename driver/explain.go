package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"io"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// explainColumns are the columns of EXPLAIN: a row for each step of SQLite's plan, with what a scan of ours asks Bitbucket.
var explainColumns = []string{"Step", "Operation", "Requests", "Request", "Pushed", "Rechecked"}

// explain runs EXPLAIN: it plans the statement and requests nothing. Each operation is indented by two spaces for each
// operation that it is part of.
func explain(ctx context.Context, c *conn, outer command, args []sqldriver.NamedValue) (sqldriver.Rows, error) {
	cmd := command{kind: runs, whole: outer.whole, offset: outer.offset + outer.innerAt, text: outer.inner, prefix: len(explainPrefix)}
	var err error
	if cmd.edits, err = c.editsOf(cmd.text); err != nil {
		return nil, err
	}
	rewritten, err := dialect.Rewrite(cmd.text, cmd.edits)
	if err != nil {
		return nil, cmd.compileError(ctx, c, err)
	}
	ctx = c.session(ctx, cmd.text, args)
	statementOf(ctx).explaining = true
	cmd.sql = rewritten
	cmd.sql.SQL = explainPrefix + rewritten.SQL
	prepared, err := (&run{conn: c, command: cmd, ctx: ctx}).compile()
	if err != nil {
		return nil, err
	}
	defer prepared.stmt.Close()
	bound, err := bind(rewritten.Params, args)
	if err != nil {
		// A plan can be shown without values.
		bound = nil
	}
	rows, err := prepared.stmt.Query(ctx, bound)
	if err != nil {
		return nil, runError(ctx, err)
	}
	defer rows.Close()
	out := &fixedRows{columns: explainColumns}
	depth := map[int64]int{}
	row := make([]sqldriver.Value, 4)
	for {
		err := rows.Next(row)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, runError(ctx, err)
		}
		id, _ := row[0].(int64)
		parent, _ := row[1].(int64)
		detail, _ := row[3].(string)
		depth[id] = depth[parent] + 1
		operation, d := c.explainStep(detail)
		out.rows = append(out.rows, []sqldriver.Value{
			int64(len(out.rows) + 1), strings.Repeat("  ", depth[id]-1) + operation,
			orNull(d.Requests), orNull(d.Request), orNull(d.Pushed), orNull(d.Rechecked),
		})
	}
}

// explainStep reads a step of SQLite's plan: that of a virtual table ends in the plan that its BestIndex chose.
func (c *conn) explainStep(detail string) (string, planner.Description) {
	operation, text, ok := strings.Cut(detail, " VIRTUAL TABLE INDEX ")
	if !ok {
		return detail, planner.Description{}
	}
	// The engine puts what it needs itself before the plan.
	plan, err := planner.Decode(text[max(0, strings.IndexByte(text, '{')):])
	if err != nil { // a table of metadata
		return strings.Replace(operation, " ~", " ", 1), planner.Description{}
	}
	dot := strings.LastIndexByte(plan.Of, '.')
	relation := planner.NewRelation(c.config().Workspace, plan.Of[:max(dot, 0)], plan.Of[dot+1:])
	if relation == nil {
		return detail, planner.Description{}
	}
	verb, _, _ := strings.Cut(operation, " ")
	operation = verb + " " + plan.Of
	o := planner.Options{PageSize: c.config().Pagesize, PushDown: c.config().PushDown}
	return operation, plan.Describe(relation, o)
}

func orNull(s string) sqldriver.Value {
	if s == "" {
		return nil
	}
	return s
}

// fixedRows are rows that are already there.
type fixedRows struct {
	columns []string
	rows    [][]sqldriver.Value
}

// Columns implements sqldriver.Rows.
func (r *fixedRows) Columns() []string { return r.columns }

// Close implements sqldriver.Rows.
func (r *fixedRows) Close() error { return nil }

// Next implements sqldriver.Rows.
func (r *fixedRows) Next(dest []sqldriver.Value) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	copy(dest, r.rows[0])
	r.rows = r.rows[1:]
	return nil
}
