package driver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/metadata"
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
	if standard != schema.Information && standard != metadata.StandardSchema {
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

// ownsOffset says that SQLite offers an OFFSET only to the scan whose rows it counts, as the library built in does. An older one,
// 3.40 for instance, which the build tag libsqlite3 may bring in, offers that of a UNION ALL to each of its arms.
var ownsOffset = engine.SQLiteVersion() >= "3.54"

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
	if t.relation.Workspace == "" && t.relation.Table.NeedsWorkspace() {
		return fmt.Errorf("bitbucket: table %s needs a workspace: add Workspace=<slug> to the connection string; SELECT Slug FROM Workspaces lists yours: %w",
			t.relation.Table.Name, ErrNoWorkspace)
	}
	statement := statementOf(ctx)
	scan := planner.Scan{Relation: t.relation, Options: t.options(statement), Hint: statement.hint(t.relation), Use: statement.use(t.relation)}
	if statement != nil {
		scan.OwnOffset = ownsOffset
		scan.ReadsAll, scan.Alone = statement.outline.Whole || statement.outline.Sorted, statement.outline.Alone
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
			Constant: c.HasRHS,
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
	scan.Identified = statement != nil && statement.outline.Twice
	scan.Explaining = statement != nil && statement.explaining
	for i := range t.relation.Table.Columns {
		if c := &t.relation.Table.Columns[i]; c.Param != "" && statement != nil && statement.conditionOn(c.Name) {
			scan.Named = append(scan.Named, i)
		}
	}
	if u := statement.innerUse(t.relation, index.Use); u != nil {
		scan.Use, scan.Identified = &u.TableUse, u.Twice
		if u.Where != nil {
			scan.Hint, scan.HintWhole = u.Where, true
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
	if sifted(scan, choice) {
		index.IdxNum++
	}
	return nil
}

// sifted says whether SQLite will drop rows of the scan, because a condition on them is not Bitbucket's.
func sifted(s planner.Scan, c planner.Choice) bool {
	for i, k := range s.Constraints {
		switch k.Op {
		case planner.Limit, planner.Offset, schema.ISNULL, schema.NOTNULL:
		default:
			if at := slices.Index(c.Args, i); k.Usable && (at < 0 || c.Plan.Lookup != nil && c.Plan.Lookup.Arg == at+1) {
				return true
			}
		}
	}
	return len(c.Plan.Rechecked) > 0
}

// Open implements engine.Table.
func (t *table) Open() (engine.Cursor, error) { return &cursor{table: t}, nil }

// cursor is a use of a table in a running statement.
type cursor struct {
	table *table
	// plan is decoded once: SQLite starts a scan anew for every row of an outer table.
	text string
	plan *planner.Plan
	row  func() int
	use  *scan.Use
	// batch is how several scans of the plan share a request, or nil.
	batch *scan.Batch
	// measured is nil unless the statement is measured.
	measured *measuredScan
}

// Place implements engine.Placed.
func (c *cursor) Place(row func() int) { c.row = row }

// Filter implements engine.Cursor. id is what BestIndex made of the plan's number and of whether its rows are sifted.
func (c *cursor) Filter(ctx context.Context, id int, text string, args []engine.Arg) error {
	statement := statementOf(ctx)
	measured := statement.starts(ctx, id, c.table.relation.String())
	c.measured = measured
	ctx, done := measured.measure(ctx)
	defer done()
	if c.plan == nil || c.text != text {
		plan, err := planner.Decode(text)
		if err != nil {
			return err
		}
		c.plan, c.text = plan, text
		c.batch = c.table.batch(plan, statement)
	}
	values := make([]planner.Arg, len(args))
	for i, a := range args {
		values[i] = planner.Arg{Value: a.Value, List: a.List, IsList: a.IsList}
	}
	if c.use == nil {
		c.use = statement.scans.Use(c.table.relation, c.row)
	}
	var lookup *scan.Lookup
	if k := c.plan.Lookup; k != nil {
		// The last argument changes no request.
		lookup = &scan.Lookup{Column: k.Column, Value: values[k.Arg-1].Value}
		values = values[:k.Arg-1]
	}
	relation, options, connector := c.table.relation, c.table.options(statement), c.table.conn.connector
	binder := func(plan *planner.Plan) scan.Binder {
		return func(args []planner.Arg) (*planner.Fetch, error) {
			fetch, err := planner.Bind(relation, plan, args, statement.parameter, options)
			if err != nil {
				return nil, err
			}
			statement.begins(plan)
			fetch.ReadToEnd(statement.readsAll())
			fetch.FirstRow = statement.takesFirst(plan)
			measured.reads(plan, fetch)
			return fetch, connector.signIn(ctx)
		}
	}
	var broad *scan.Broad
	if b := c.plan.Broad; b != nil && statement.repeatsAll() {
		broad = &scan.Broad{Column: -1, Arg: -1, Same: b.SameArgs(), Lists: b.Parent != nil, Bind: func(args []planner.Arg, without []int) (*planner.Fetch, error) {
			var loose []int
			for _, place := range without {
				loose = append(loose, place+1)
			}
			return binder(b.Loosened(loose))(args)
		}}
		if b.Lookup != nil {
			broad.Column, broad.Arg = b.Lookup.Column, b.Lookup.Arg-1
		}
		for _, arg := range b.Loose {
			broad.Loose = append(broad.Loose, arg-1)
		}
	}
	if c.batch != nil {
		c.batch.Bind = binder(c.plan.Batch)
	}
	err := c.use.Filter(ctx, id/2, id%2 == 1, values, lookup, broad, c.batch, binder(c.plan))
	if err == nil && c.use.Replayed() {
		measured.meter().Replay()
	}
	return err
}

// batch is how several scans of a plan share a request, but for the requests, or nil.
func (t *table) batch(p *planner.Plan, s *statement) *scan.Batch {
	if !s.sharesRequests(p) {
		return nil
	}
	b := p.Batch
	out := &scan.Batch{Column: b.Lookup.Column, Arg: b.Lookup.Arg - 1, Same: b.SameArgs(), Lone: b.Lone}
	out.Most, out.Rows = b.BatchSize(t.relation, t.options(s))
	out.Value = func(value any) (any, bool) { return b.BatchValue(t.relation, value) }
	return out
}

// Next implements engine.Cursor.
func (c *cursor) Next(ctx context.Context) (*page.Page, error) {
	if c.use == nil {
		return nil, io.EOF
	}
	ctx, done := c.measured.measure(ctx)
	defer done()
	p, err := c.use.Next(ctx)
	c.measured.meter().Give(p)
	return p, err
}

// Close implements engine.Cursor.
func (c *cursor) Close() error {
	if c.use == nil {
		return nil
	}
	return c.use.Close()
}
