package planner

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Op is the operator of a constraint.
type Op = schema.Ops

// Operators beside those of comparisons.
const (
	// Limit and Offset carry the numbers of LIMIT and OFFSET.
	Limit Op = 1 << (12 + iota)
	Offset
	// Other is an operator that is never pushed.
	Other
)

// Constraint is a term of a statement's conditions that is offered to a scan.
type Constraint struct {
	// Column is the position of the column in the table.
	Column int
	Op     Op
	// Usable says that the value will be known when the scan starts.
	Usable bool
	// Collation is the collating sequence of the comparison.
	Collation string
	// Constant says that the value is a literal of the statement.
	Constant bool
	// List says that the term is an IN whose list comes whole.
	List bool
	// Name is the operator as SQL spells it where Op is Other, for EXPLAIN.
	Name string

	// id is the place of the constraint in the scan that SQLite asked for.
	id int
}

// Order is a term of ORDER BY.
type Order struct {
	Column int
	Desc   bool
}

// Scan is what SQLite asks about one use of a table.
type Scan struct {
	Relation    *Relation
	Constraints []Constraint
	OrderBy     []Order
	// Used are the columns that the statement reads, in rising order.
	Used []int
	// Named are columns that repeat a parameter and that a condition of the statement names, of whatever table: a plan that
	// tells the endpoint their values is to be preferred, for without it the rows have others.
	Named []int
	// Identified says that SQLite may tell rows by their ids, because an arm of an OR or an outer join reads the table twice: rows
	// that are only counted have none.
	Identified bool
	// Hint is a condition on the table that the statement's WHERE implies and SQLite does not offer, or nil.
	Hint *Predicate
	// HintWhole says that the hint and the constraints are all that WHERE says, and that the hint is true exactly where WHERE's other
	// conjuncts are.
	HintWhole bool
	// Use is what the statement does with the table's columns, or nil where that is not known.
	Use *TableUse
	// ReadsAll says that SQLite reads every scan of the statement to its end, Alone that the statement scans nothing else, and
	// this once.
	ReadsAll, Alone bool
	// OwnOffset says that an OFFSET that is offered counts rows of this scan only, which the scan may then not read but replace.
	OwnOffset bool
	Options   Options
	// Explaining asks for the plan's Notes.
	Explaining bool
}

// Options are the properties of a connection that bear on planning.
type Options struct {
	// PageSize is the wanted page length; 0 or anything longer than an endpoint serves means the longest that it serves.
	PageSize int
	// PushDown is false when tables are to be read whole and filtered by SQLite, to check one against the other.
	PushDown bool
	// AssumeOrder lets a scan of a list that is mostly newest first stop behind the date that the statement asks for. Unlike all
	// else, that may lose rows: those that are older than what follows them by more than a margin.
	AssumeOrder bool
	// WithoutDeleted leaves out the rows that the table's column Deleted marks, where it has one.
	WithoutDeleted bool
}

// TimestampCollation is the collating sequence of timestamp columns.
const TimestampCollation = "TIMESTAMP"

// Collation returns the collating sequence of a column.
func Collation(c *schema.Column) string {
	if c.Type == schema.Timestamp {
		return TimestampCollation
	}
	return "BINARY"
}

// pushable says whether the comparison is one that SQLite makes by the column's own collating sequence.
func (c Constraint) pushable(t *schema.Table) bool {
	return c.Usable && c.Column >= 0 && (c.Op == schema.LIKE || c.Collation == "" || equalFold(c.Collation, Collation(&t.Columns[c.Column])))
}

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }
