package driver

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/scan"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// table shows a relation to SQLite: it passes SQLite's questions to the planner and the planner's requests to package scan.
type table struct {
	conn     *conn
	relation *planner.Relation
	// guard, when set, refuses every use of the table with an error that says what to write instead.
	guard error
}

func newTable(c *conn, r *planner.Relation) *table { return &table{conn: c, relation: r} }

// guards stand where an unqualified name must not be found: with the default schema Information, a repository's table would
// otherwise be that of whichever repository the connection happened to have attached.
func (c *conn) guards(standard string) []engine.Table {
	if standard != schema.Information && standard != informationSchema {
		return nil
	}
	var out []engine.Table
	for _, r := range planner.Relations("", "repository") {
		name := r.Table.Name
		suggestions := []string{schema.Workspace + "." + name, "[repository-slug]." + name}
		if r.Table.Scope == schema.ProjectScope {
			suggestions[1] = "[PROJECT-KEY]." + name
		}
		if r.Table.Retired != "" {
			suggestions = suggestions[1:]
		}
		out = append(out, &table{relation: r, guard: &UnknownTableError{Name: name, Suggestions: suggestions}})
	}
	return out
}

// Name implements engine.Table.
func (t *table) Name() string { return t.relation.Table.Name }

// declared are the types that SQLite sees. Those of timestamps and JSON must give the column text affinity, which their plain
// names would not.
var declared = map[schema.Type]string{
	schema.Text: "TEXT", schema.Integer: "INTEGER", schema.Real: "REAL", schema.Boolean: "BOOLEAN",
	schema.Timestamp: "TIMESTAMP_TEXT", schema.JSON: "JSON_TEXT", schema.Blob: "BLOB",
}

// Columns implements engine.Table.
func (t *table) Columns() []engine.Column {
	columns := make([]engine.Column, len(t.relation.Table.Columns))
	for i := range columns {
		c := &t.relation.Table.Columns[i]
		columns[i] = engine.Column{Name: c.Name, Type: declared[c.Type]}
		if collation := planner.Collation(c); collation != "BINARY" {
			columns[i].Collation = collation
		}
	}
	return columns
}

// operators maps SQLite's operators to the planner's.
var operators = map[engine.Op]planner.Op{
	engine.OpEQ: schema.EQ, engine.OpNE: schema.NE, engine.OpLT: schema.LT, engine.OpLE: schema.LE, engine.OpGT: schema.GT,
	engine.OpGE: schema.GE, engine.OpLike: schema.LIKE, engine.OpIsNull: schema.ISNULL, engine.OpIsNotNull: schema.NOTNULL,
	engine.OpLimit: planner.Limit, engine.OpOffset: planner.Offset,
}

func (t *table) options(s *statement) planner.Options {
	return planner.Options{
		PageSize: t.conn.config().Pagesize, PushDown: t.conn.config().PushDown, WithoutDeleted: s != nil && !s.deleted,
		AssumeOrder: t.conn.config().CommitDateOrder == commitOrderAssume,
	}
}

// BestIndex implements engine.Table.
func (t *table) BestIndex(ctx context.Context, index *engine.Index) error {
	if t.guard != nil {
		return t.guard
	}
	if t.relation.Workspace == "" && needsWorkspace(t.relation.Table) {
		return fmt.Errorf("bitbucket: table %s needs a workspace: add Workspace=<slug> to the connection string; SELECT Slug FROM Workspaces lists yours: %w",
			t.relation.Table.Name, ErrNoWorkspace)
	}
	statement := statementOf(ctx)
	scan := planner.Scan{Relation: t.relation, Options: t.options(statement), Hint: statement.hint(t.relation), Use: statement.use(t.relation)}
	if statement != nil {
		scan.ReadsAll, scan.Alone = statement.consumption.whole || statement.consumption.sorted, statement.consumption.alone
	}
	for _, c := range index.Constraints {
		op, ok := operators[c.Op]
		if !ok {
			op = planner.Other
		}
		if c.In {
			op = schema.IN
		}
		scan.Constraints = append(scan.Constraints, planner.Constraint{
			Column: c.Column, Op: op, Usable: c.Usable, Collation: c.Collation, List: c.In, Name: c.Op.String(),
		})
	}
	for _, o := range index.OrderBy {
		scan.OrderBy = append(scan.OrderBy, planner.Order{Column: o.Column, Desc: o.Desc})
	}
	for i := range t.relation.Table.Columns {
		if index.ColumnsUsed&(1<<min(i, 63)) != 0 {
			scan.Used = append(scan.Used, i)
		}
	}
	scan.Identified = statement != nil && statement.identified
	scan.Explaining = statement != nil && statement.explaining
	for i := range t.relation.Table.Columns {
		if c := &t.relation.Table.Columns[i]; c.Param != "" && statement != nil && statement.conditionOn(c.Name) {
			scan.Named = append(scan.Named, i)
		}
	}
	choice, err := planner.Best(scan)
	if errors.Is(err, planner.ErrUnusable) {
		return engine.ErrConstraint
	}
	if err != nil {
		return err
	}
	for place, constraint := range choice.Args {
		index.Usage[constraint].Arg = place + 1
		index.Usage[constraint].In = scan.Constraints[constraint].List
		if statement != nil && statement.explaining && index.Constraints[constraint].HasRHS && !scan.Constraints[constraint].List {
			if choice.Plan.Values == nil {
				choice.Plan.Values = map[int]any{}
			}
			choice.Plan.Values[place+1] = index.Constraints[constraint].RHS
		}
	}
	index.OrderByConsumed = choice.Ordered && len(index.OrderBy) > 0
	index.EstimatedCost, index.EstimatedRows, index.ScanUnique = choice.Cost, int64(choice.Rows), choice.Unique
	index.IdxStr = choice.Plan.Encode()
	statement.number(index)
	return nil
}

// Open implements engine.Table.
func (t *table) Open() (engine.Cursor, error) { return &cursor{table: t}, nil }

// cursor is a use of a table in a running statement.
type cursor struct {
	table *table
	// plan is decoded once: SQLite starts a scan anew for every row of an outer table.
	text string
	plan *planner.Plan
	scan *scan.Cursor
	// measured is nil unless the statement is measured.
	measured *measuredScan
}

// Filter implements engine.Cursor.
func (c *cursor) Filter(ctx context.Context, number int, text string, args []engine.Arg) error {
	if err := c.Close(); err != nil {
		return err
	}
	statement := statementOf(ctx)
	c.measured = statement.starts(ctx, number, c.table.relation.String())
	ctx, done := c.measured.measure(ctx)
	defer done()
	if c.plan == nil || c.text != text {
		plan, err := planner.Decode(text)
		if err != nil {
			return err
		}
		c.plan, c.text = plan, text
	}
	values := make([]planner.Arg, len(args))
	for i, a := range args {
		values[i] = planner.Arg{Value: a.Value, List: a.List, IsList: a.IsList}
	}
	fetch, err := planner.Bind(c.table.relation, c.plan, values, statement.parameter, c.table.options(statement))
	if err != nil {
		return err
	}
	if err := c.table.conn.connector.signIn(ctx); err != nil {
		return err
	}
	fetch.ReadToEnd(statement.consumption.readsAll(c.plan))
	c.scan = statement.scans.Open(fetch)
	c.measured.reads(c.plan, fetch)
	if c.scan.Replayed() {
		c.measured.meter().Replay()
	}
	return nil
}

// Next implements engine.Cursor.
func (c *cursor) Next(ctx context.Context) (*page.Page, error) {
	if c.scan == nil {
		return nil, io.EOF
	}
	ctx, done := c.measured.measure(ctx)
	defer done()
	p, err := c.scan.Next(ctx)
	c.measured.meter().Give(p)
	return p, err
}

// Close implements engine.Cursor.
func (c *cursor) Close() error {
	if c.scan == nil {
		return nil
	}
	err := c.scan.Close()
	c.scan = nil
	return err
}
