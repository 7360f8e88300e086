package driver

import (
	sqldriver "database/sql/driver"
	"io"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/columntype"
	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// resultColumn is a column of a result that the driver makes.
type resultColumn struct {
	name string
	kind columntype.Type
}

// explainColumns are the columns of EXPLAIN: a row for each step of SQLite's plan, with what a scan of ours asks Bitbucket.
var explainColumns = []resultColumn{
	{"Step", columntype.Integer},
	{"Operation", columntype.Text},
	{"Requests", columntype.Text},
	{"Request", columntype.Text},
	{"Pushed", columntype.Text},
	{"Rechecked", columntype.Text},
	{"NotPushed", columntype.Text},
	{"Why", columntype.Text},
}

// explain runs EXPLAIN and EXPLAIN ANALYZE. The one plans the statement and requests nothing, the other runs it before.
func (r *run) explain(args []sqldriver.NamedValue) (sqldriver.Rows, []columntype.Type, error) {
	cmd, err := r.explained()
	if err != nil {
		return nil, nil, err
	}
	columns, measured := explainColumns, (*measurement)(nil)
	if r.command.analyze {
		columns = append(columns[:len(columns):len(columns)], analyzeColumns...)
		if measured, err = r.analyze(cmd, args); err != nil {
			return nil, nil, err
		}
	}
	out, types := &fixedRows{columns: make([]string, len(columns))}, make([]columntype.Type, len(columns))
	for i, c := range columns {
		out.columns[i], types[i] = c.name, c.kind
	}
	steps, err := r.steps(cmd, args, measured)
	if err != nil {
		return nil, nil, err
	}
	for i, s := range steps {
		d := s.description
		row := []sqldriver.Value{
			int64(i + 1), strings.Repeat("  ", s.depth) + s.operation,
			orNull(d.Requests), orNull(d.Request), orNull(d.Pushed), orNull(d.Rechecked), orNull(d.NotPushed), orNull(d.Why),
		}
		if measured != nil {
			row = append(row, measured.row(s.number)...)
		}
		out.rows = append(out.rows, row)
	}
	if measured != nil {
		out.rows = append(out.rows, measured.total(out.rows, r.meter.budget, r.conn.connector.client.Usage().Left)...)
	}
	return out, types, nil
}

// explained is the command that an EXPLAIN explains.
func (r *run) explained() (command, error) {
	outer := r.command
	cmd := command{kind: runs, whole: outer.whole, offset: outer.offset + outer.innerAt, text: outer.inner}
	var err error
	if cmd.edits, err = r.conn.editsOf(cmd.text); err != nil {
		return command{}, err
	}
	if cmd.sql, err = dialect.Rewrite(cmd.text, cmd.edits); err != nil {
		return command{}, cmd.compileError(r.ctx, r.conn, err)
	}
	return cmd, nil
}

// step is a step of a statement's plan.
type step struct {
	operation   string
	depth       int
	description planner.Description
	// number is that of the scan's plan, if the statement was measured; 0 for other steps.
	number int
}

// steps are those of SQLite's plan for a command. Each is as deep as the operations that it is a part of are many.
func (r *run) steps(cmd command, args []sqldriver.NamedValue, measured *measurement) ([]step, error) {
	ctx := r.conn.session(r.ctx, cmd.text, args, nil)
	statementOf(ctx).explaining = true
	if measured != nil {
		statementOf(ctx).measure() // The plans get the numbers that those of the run got.
	}
	cmd.prefix, cmd.sql.SQL = len(explainPrefix), explainPrefix+cmd.sql.SQL
	prepared, err := (&run{conn: r.conn, command: cmd, ctx: ctx}).compile()
	if err != nil {
		return nil, err
	}
	defer prepared.stmt.Close()
	bound, err := bind(cmd.sql.Params, args)
	if err != nil {
		return nil, err // What is pushed depends on the values.
	}
	rows, err := prepared.stmt.Query(ctx, bound)
	if err != nil {
		return nil, runError(ctx, err)
	}
	defer rows.Close()
	var steps []step
	depth := map[int64]int{}
	row := make([]sqldriver.Value, 4)
	for {
		err := rows.Next(row)
		if err == io.EOF { // as in resultSet
			return steps, nil
		}
		if err != nil {
			return nil, runError(ctx, err)
		}
		id, _ := row[0].(int64)
		parent, _ := row[1].(int64)
		detail, _ := row[3].(string)
		depth[id] = depth[parent] + 1
		s := r.conn.explainStep(detail, statementOf(ctx), measured)
		s.depth = depth[id] - 1
		steps = append(steps, s)
	}
}

// explainStep reads a step of SQLite's plan: that of a virtual table ends in the number and text that its BestIndex gave.
func (c *conn) explainStep(detail string, reads *statement, measured *measurement) step {
	operation, text, ok := strings.Cut(detail, " VIRTUAL TABLE INDEX ")
	if !ok {
		return step{operation: detail}
	}
	number, text, _ := strings.Cut(text, ":")
	s := step{operation: strings.Replace(operation, " ~", " ", 1)}
	if text == "" { // a table of SQLite, such as json_each, whose numbers are not ours
		return s
	}
	s.number, _ = strconv.Atoi(number)
	// The engine puts what it needs itself before the plan.
	plan, err := planner.Decode(text[max(0, strings.IndexByte(text, '{')):])
	if err != nil { // a table of metadata
		return s
	}
	dot := strings.LastIndexByte(plan.Of, '.')
	relation := planner.NewRelation(c.config().Workspace, plan.Of[:max(dot, 0)], plan.Of[dot+1:])
	if relation == nil {
		return s
	}
	verb, _, _ := strings.Cut(operation, " ")
	s.operation = verb + " " + plan.Of
	if !reads.repeatsAll() {
		plan.Broad = nil // as when the scan begins: the statement may end before
	}
	if !reads.sharesRequests(plan) {
		plan.Batch = nil
	}
	reads.begins(plan)
	o := planner.Options{PageSize: c.config().Pagesize, PushDown: c.config().PushDown}
	s.description = plan.Describe(relation, o)
	if request := measured.request(s.number); request != "" {
		s.description.Request = request
	}
	return s
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
