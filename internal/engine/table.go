//go:build cgo

package engine

import (
	"context"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// Column is a column of a virtual table as SQLite sees it.
type Column struct {
	Name string
	// Type is the declared type, such as TEXT, INTEGER, BOOLEAN, TIMESTAMP_TEXT or JSON_TEXT. It is what DeclTypes
	// reports, and it fixes the affinity by SQLite's rules (https://www.sqlite.org/datatype3.html#determination_of_column_affinity).
	Type string
	// Collation is the collating sequence; empty means BINARY.
	Collation string
	// Hidden columns are not part of SELECT * and are the parameters of FROM table(…).
	Hidden bool
}

// Table is a virtual table. It is used by one connection, by one goroutine at a time.
type Table interface {
	Name() string
	Columns() []Column
	// BestIndex answers how the table would run a scan. It is called several times for a statement, must be quick and
	// must do no input or output. ErrConstraint refuses this combination of usable constraints, so that SQLite tries
	// another; any other error fails the statement. ctx is that of the statement being compiled, or run when SQLite compiles it
	// anew.
	BestIndex(context.Context, *Index) error
	// Open makes a cursor; it is called once for each use of the table in a running statement.
	Open() (Cursor, error)
}

// Cursor runs the scans of one use of a table in a statement.
type Cursor interface {
	// Filter starts a scan, and starts it anew when called again. ctx is the context of the statement being stepped: it
	// carries the caller's values and ends at the latest with the statement's run, so that work in the background can be
	// bound to it.
	Filter(ctx context.Context, idxNum int, idxStr string, args []Arg) error
	// Next returns the next page, and io.EOF at the end. A page with no rows is skipped. The page is copied before the
	// next call and may be reused.
	Next(ctx context.Context) (*page.Page, error)
	// Close is called exactly once.
	Close() error
}

// Placed is what a Cursor can be to know the row that SQLite stands in.
type Placed interface {
	// Place is called once, before the first Filter. row returns the place of SQLite's row in the page that Next returned last, and
	// -1 where SQLite stands in none. It may be called before Close only, while a table of the same connection is called.
	Place(row func() int)
}

// Value is a SQL value: nil, int64, float64, string or []byte.
type Value = any

// Arg is a right-hand side that BestIndex asked for.
type Arg struct {
	Value Value
	// List holds the values of an IN list handed over whole, without duplicates, in no useful order.
	List   []Value
	IsList bool
}
