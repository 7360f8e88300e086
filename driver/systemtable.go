package driver

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// systemTable is a table of metadata. Its rows are made here, from the literals of package schema and the connection's
// properties; the only thing that is ever asked of Bitbucket for them is which repositories and projects there are.
type systemTable struct {
	name    string
	columns []systemColumn
	// schemaRows gives the rows that tell of one schema, and rows those of a table that does not go by schema. One is set.
	schemaRows func(*conn, *metaSchema, *systemRows)
	rows       func(*conn, *systemRows)
	// describesColumns says that the rows tell of columns, and viewsOnly that they tell of user-defined views only.
	describesColumns, viewsOnly bool
}

// systemColumn is a column of a system table.
type systemColumn struct {
	name string
	kind systemKind
}

// systemKind is the type of a system table's column.
type systemKind uint8

const (
	textKind systemKind = iota
	intKind
	boolKind
	// stampKind is an instant, in the form of package timestamp.
	stampKind
	// nameKind is an SQL name: it is compared without regard to case, as SQL compares names.
	nameKind
	// schemaKind and tableKind are the names of the schema and the table that a row is about. An equality with one keeps the
	// rows of others from being made.
	schemaKind
	tableKind
)

// systemDeclared are the types and collating sequences that SQLite sees.
var systemDeclared = map[systemKind]engine.Column{
	textKind: {Type: "TEXT"}, intKind: {Type: "INTEGER"}, boolKind: {Type: "BOOLEAN"},
	stampKind: {Type: "TIMESTAMP_TEXT"}, nameKind: {Type: "TEXT", Collation: "NOCASE"}, schemaKind: {Type: "TEXT", Collation: "NOCASE"},
	tableKind: {Type: "TEXT", Collation: "NOCASE"},
}

// systemView is a system table on a connection.
type systemView struct {
	*systemTable
	conn *conn
}

// systemTables are tables of metadata for the connection.
func (c *conn) systemTables(list []*systemTable) []engine.Table {
	tables := make([]engine.Table, len(list))
	for i := range list {
		tables[i] = &systemView{systemTable: list[i], conn: c}
	}
	return tables
}

// Name implements engine.Table.
func (v *systemView) Name() string { return v.name }

// Columns implements engine.Table.
func (v *systemView) Columns() []engine.Column {
	columns := make([]engine.Column, len(v.columns))
	for i, c := range v.columns {
		columns[i] = systemDeclared[c.kind]
		columns[i].Name = c.name
	}
	return columns
}

// BestIndex implements engine.Table. The plan is the mask of the columns read and the columns that equalities fix.
func (v *systemView) BestIndex(ctx context.Context, index *engine.Index) error {
	rows := 100.0
	if v.schemaRows != nil {
		rows = 10000
	}
	plan := strconv.FormatUint(index.ColumnsUsed, 16)
	args := 0
	for i, c := range index.Constraints {
		if c.Op != engine.OpEQ || !c.Usable || c.Column < 0 {
			continue
		}
		u := &index.Usage[i]
		switch kind := v.columns[c.Column].kind; {
		case kind == boolKind && !c.In:
			// Clients of CData's tables compare a boolean with 'True', which SQLite would not.
			u.Omit = true
		case kind == boolKind, kind == intKind, kind == stampKind, c.Collation != "NOCASE" && c.Collation != "BINARY":
			continue
		case kind == schemaKind, kind == tableKind:
			rows /= 50
		default:
			rows /= 5
		}
		args++
		u.Arg, u.In = args, c.In
		plan += "," + strconv.Itoa(c.Column)
	}
	index.IdxStr = plan
	statementOf(ctx).number(index)
	index.EstimatedRows, index.EstimatedCost = int64(max(rows, 1)), max(rows, 1)
	return nil
}

// Open implements engine.Table.
func (v *systemView) Open() (engine.Cursor, error) {
	return &systemCursor{view: v, out: systemRows{known: map[schemaKey][]*planner.Relation{}}}, nil
}

// systemCursor gives the rows, schema by schema.
type systemCursor struct {
	view    *systemView
	out     systemRows
	schemas []*metaSchema
	once    bool // rows of a table that does not go by schema are still to come
	// measured is nil unless the statement is measured.
	measured *measuredScan
}

// Filter implements engine.Cursor.
func (c *systemCursor) Filter(ctx context.Context, number int, plan string, args []engine.Arg) error {
	v := c.view
	c.measured = statementOf(ctx).starts(ctx, number, v.name)
	ctx, done := c.measured.measure(ctx)
	defer done()
	fields := strings.Split(plan, ",")
	used, err := strconv.ParseUint(fields[0], 16, 64)
	if err != nil || len(fields) != len(args)+1 {
		return fmt.Errorf("bitbucket: the plan %q of table %s cannot be read", plan, v.name)
	}
	c.out = systemRows{columns: v.columns, known: c.out.known, describesColumns: v.describesColumns, viewsOnly: v.viewsOnly}
	for i := range v.columns {
		if used&(1<<min(i, 63)) != 0 {
			c.out.slots = append(c.out.slots, i)
		}
	}
	for i, field := range fields[1:] {
		column, err := strconv.Atoi(field)
		if err != nil || column < 0 || column >= len(v.columns) {
			return fmt.Errorf("bitbucket: the plan %q of table %s cannot be read", plan, v.name)
		}
		values := args[i].List
		if !args[i].IsList {
			values = []engine.Value{args[i].Value}
		}
		c.out.terms = append(c.out.terms, systemTerm{column: column, kind: v.columns[column].kind, values: values})
	}
	c.schemas, c.once = nil, v.rows != nil
	if v.schemaRows != nil {
		c.schemas, err = v.conn.metaSchemas(ctx, &c.out)
	}
	return err
}

// Next implements engine.Cursor.
func (c *systemCursor) Next(ctx context.Context) (*page.Page, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	_, done := c.measured.measure(ctx)
	defer done()
	c.out.page = page.Page{Columns: c.out.slots, RowIDs: c.out.page.RowIDs[:0], Cells: c.out.page.Cells[:0], Text: c.out.page.Text[:0]}
	switch {
	case c.once:
		c.once = false
		c.view.rows(c.view.conn, &c.out)
	case len(c.schemas) > 0:
		c.view.schemaRows(c.view.conn, c.schemas[0], &c.out)
		c.schemas = c.schemas[1:]
	default:
		return nil, io.EOF
	}
	c.measured.meter().Give(&c.out.page)
	return &c.out.page, nil
}

// Close implements engine.Cursor.
func (c *systemCursor) Close() error { return nil }

// systemRows takes rows and keeps those that the statement may need.
type systemRows struct {
	columns []systemColumn
	slots   []int
	terms   []systemTerm
	page    page.Page
	// describesColumns and viewsOnly are those of the table.
	describesColumns, viewsOnly bool
	// known are the tables of schemas that were looked at before: the inner side of a join asks again and again.
	known map[schemaKey][]*planner.Relation
}

// add adds a row: a value for each column, which is a string, an int, a bool or nil.
func (r *systemRows) add(row ...any) {
	if len(row) != len(r.columns) {
		panic(fmt.Sprintf("driver: %d values for the %d columns that begin with %s", len(row), len(r.columns), r.columns[0].name))
	}
	for i := range r.terms {
		if !r.terms[i].admits(row[r.terms[i].column]) {
			return
		}
	}
	r.page.Rows++
	r.page.RowIDs = append(r.page.RowIDs, rowID(row))
	for _, i := range r.slots {
		switch v := row[i].(type) {
		case nil:
			r.page.AppendNull()
		case string:
			r.page.AppendString(v)
		case int:
			r.page.AppendInt(int64(v))
		case bool:
			r.page.AppendBool(v)
		default:
			panic(fmt.Sprintf("driver: column %s has a %T", r.columns[i].name, v))
		}
	}
}

// rowID names a row by what it says, so that it is the same in every scan.
func rowID(row []any) int64 {
	h := fnv.New64a()
	var buffer [64]byte
	for _, v := range row {
		b := append(buffer[:0], 0)
		switch v := v.(type) {
		case string:
			b = append(b, v...)
		case int:
			b = strconv.AppendInt(b, int64(v), 10)
		case bool:
			b = strconv.AppendBool(b, v)
		}
		_, _ = h.Write(b)
	}
	return int64(h.Sum64())
}

// admits says whether the statement may want rows about a schema or table.
func (r *systemRows) admits(kind systemKind, name string) bool {
	for i := range r.terms {
		if r.terms[i].kind == kind && !r.terms[i].admits(name) {
			return false
		}
	}
	return true
}

// among says whether the statement wants only rows about schemas or tables that belong to a set.
func (r *systemRows) among(kind systemKind, belongs func(name string) bool) bool {
	return slices.ContainsFunc(r.terms, func(t systemTerm) bool {
		return t.kind == kind && !slices.ContainsFunc(t.values, func(v engine.Value) bool {
			name, ok := v.(string)
			return v != nil && !(ok && belongs(name))
		})
	})
}

// systemTerm says that a column equals one of some values.
type systemTerm struct {
	column int
	kind   systemKind
	values []engine.Value
}

// admits says whether a value of the column may be equal. For booleans the answer is exact, else SQLite compares again.
func (t *systemTerm) admits(cell any) bool {
	for _, v := range t.values {
		if t.kind == boolKind {
			if b, ok := toBool(v); ok && cell == b {
				return true
			}
			continue
		}
		switch v := v.(type) {
		case nil:
		case string:
			if s, ok := cell.(string); ok && strings.EqualFold(s, v) {
				return true
			}
		default: // SQLite turns a number to text to compare it
			return true
		}
	}
	return false
}

// toBool is the truth that a value compared with a boolean stands for.
func toBool(v engine.Value) (value, ok bool) {
	switch v := v.(type) {
	case int64:
		return v == 1, v == 0 || v == 1
	case float64:
		return v == 1, v == 0 || v == 1
	case string:
		switch strings.ToLower(v) {
		case "true", "1":
			return true, true
		case "false", "0":
			return false, true
		}
	}
	return false, false
}
