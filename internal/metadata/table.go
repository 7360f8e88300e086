package metadata

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// table is a table of metadata. Its rows are made here, from the literals of package schema and the connection's
// properties; the only thing that is ever asked of Bitbucket for them is which repositories and projects there are.
type table struct {
	name    string
	columns []column
	// schemaRows gives the rows that tell of one schema, and rows those of a table that does not go by schema. One is set.
	schemaRows func(Connection, *listedSchema, *rows)
	rows       func(Connection, *rows)
	// describesColumns says that the rows tell of columns, and viewsOnly that they tell of user-defined views only.
	describesColumns, viewsOnly bool
}

// column is a column of a system table.
type column struct {
	name string
	kind kind
}

// kind is the type of a system table's column.
type kind uint8

const (
	textKind kind = iota
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

// declared are the types and collating sequences that SQLite sees.
var declared = map[kind]engine.Column{
	textKind: {Type: "TEXT"}, intKind: {Type: "INTEGER"}, boolKind: {Type: "BOOLEAN"},
	stampKind: {Type: "TIMESTAMP_TEXT"}, nameKind: {Type: "TEXT", Collation: "NOCASE"}, schemaKind: {Type: "TEXT", Collation: "NOCASE"},
	tableKind: {Type: "TEXT", Collation: "NOCASE"},
}

// boundTable is a table on a connection.
type boundTable struct {
	*table
	connection Connection
}

// bind are the tables on a connection.
func bind(list []*table, c Connection) []engine.Table {
	tables := make([]engine.Table, len(list))
	for i := range list {
		tables[i] = &boundTable{list[i], c}
	}
	return tables
}

// Name implements engine.Table.
func (v *boundTable) Name() string { return v.name }

// Columns implements engine.Table.
func (v *boundTable) Columns() []engine.Column {
	columns := make([]engine.Column, len(v.columns))
	for i, c := range v.columns {
		columns[i] = declared[c.kind]
		columns[i].Name = c.name
	}
	return columns
}

// BestIndex implements engine.Table. The plan is the mask of the columns read and the columns that equalities fix.
func (v *boundTable) BestIndex(_ context.Context, index *engine.Index) error {
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
	index.EstimatedRows, index.EstimatedCost = int64(max(rows, 1)), max(rows, 1)
	return nil
}

// Open implements engine.Table.
func (v *boundTable) Open() (engine.Cursor, error) {
	return &cursor{view: v, out: rows{known: map[schemaKey][]*planner.Relation{}}}, nil
}

// cursor gives the rows, schema by schema.
type cursor struct {
	view    *boundTable
	out     rows
	schemas []*listedSchema
	once    bool // rows of a table that does not go by schema are still to come
}

// Filter implements engine.Cursor.
func (c *cursor) Filter(ctx context.Context, _ int, plan string, args []engine.Arg) error {
	v := c.view
	fields := strings.Split(plan, ",")
	used, err := strconv.ParseUint(fields[0], 16, 64)
	if err != nil || len(fields) != len(args)+1 {
		return fmt.Errorf("bitbucket: the plan %q of table %s cannot be read", plan, v.name)
	}
	c.out = rows{columns: v.columns, known: c.out.known, describesColumns: v.describesColumns, viewsOnly: v.viewsOnly}
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
		c.out.terms = append(c.out.terms, term{column: column, kind: v.columns[column].kind, values: values})
	}
	c.schemas, c.once = nil, v.rows != nil
	if v.schemaRows != nil {
		c.schemas, err = listSchemas(ctx, v.connection, &c.out)
	}
	return err
}

// Next implements engine.Cursor.
func (c *cursor) Next(ctx context.Context) (*page.Page, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.out.page = page.Page{Columns: c.out.slots, RowIDs: c.out.page.RowIDs[:0], Cells: c.out.page.Cells[:0], Text: c.out.page.Text[:0]}
	switch {
	case c.once:
		c.once = false
		c.view.rows(c.view.connection, &c.out)
	case len(c.schemas) > 0:
		c.view.schemaRows(c.view.connection, c.schemas[0], &c.out)
		c.schemas = c.schemas[1:]
	default:
		return nil, io.EOF
	}
	return &c.out.page, nil
}

// Close implements engine.Cursor.
func (c *cursor) Close() error { return nil }
