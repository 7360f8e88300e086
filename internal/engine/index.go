//go:build cgo

package engine

import "fmt"

// Op is the operator of a constraint (https://www.sqlite.org/c3ref/c_index_constraint_eq.html).
type Op uint8

// The operators that SQLite offers. From OpFunction on they are functions that a table overloads, which ours do not.
const (
	OpEQ        Op = 2
	OpGT        Op = 4
	OpLE        Op = 8
	OpLT        Op = 16
	OpGE        Op = 32
	OpMatch     Op = 64
	OpLike      Op = 65
	OpGlob      Op = 66
	OpRegexp    Op = 67
	OpNE        Op = 68
	OpIsNot     Op = 69
	OpIsNotNull Op = 70
	OpIsNull    Op = 71
	OpIs        Op = 72
	OpLimit     Op = 73
	OpOffset    Op = 74
	OpFunction  Op = 150
)

var opNames = map[Op]string{
	OpEQ: "=", OpGT: ">", OpLE: "<=", OpLT: "<", OpGE: ">=", OpMatch: "MATCH", OpLike: "LIKE", OpGlob: "GLOB",
	OpRegexp: "REGEXP", OpNE: "<>", OpIsNot: "IS NOT", OpIsNotNull: "IS NOT NULL", OpIsNull: "IS NULL", OpIs: "IS",
	OpLimit: "LIMIT", OpOffset: "OFFSET",
}

// String returns the operator as SQL spells it.
func (o Op) String() string {
	if s, ok := opNames[o]; ok {
		return s
	}
	return fmt.Sprintf("function %d", uint8(o))
}

// Constraint is a term that SQLite offers to a scan: column, operator, right-hand side.
type Constraint struct {
	// Column is the position of the column; -1 is the rowid. It means nothing for OpLimit and OpOffset.
	Column int
	Op     Op
	// Usable says that the right-hand side is known when the scan starts.
	Usable bool
	// Collation is the collating sequence of the comparison.
	Collation string
	// In says that the term is an IN whose list could be handed over whole.
	In bool
	// RHS is the right-hand side where it is a literal, known when the statement is planned. Parameters and expressions are
	// not; their values come with Filter.
	RHS    Value
	HasRHS bool
}

// Order is a term of ORDER BY.
type Order struct {
	Column int
	Desc   bool
}

// Usage is the answer to a constraint.
type Usage struct {
	// Arg is the 1-based place of the right-hand side among the arguments of Filter; 0 leaves it out. Places have no gaps.
	Arg int
	// Omit says that SQLite need not check the term again. Only where the table's meaning is exactly SQLite's.
	Omit bool
	// In takes the whole list of an IN at once. It needs Constraint.In and a place.
	In bool
}

// Index is what SQLite asks about a scan and, below, what the table answers (https://www.sqlite.org/vtab.html#xbestindex).
type Index struct {
	Constraints []Constraint
	OrderBy     []Order
	// ColumnsUsed has a bit for each column that the statement reads; the last bit stands for column 63 and all beyond.
	ColumnsUsed uint64
	// Distinct is sqlite3_vtab_distinct: 0 the rows must come in the order of OrderBy; 1 grouped by it; 2 grouped, and
	// duplicates may be left out; 3 ordered, and duplicates may be left out.
	Distinct int
	// Use is the number that the statement gives this use of the table, as in the text of [UseOf]; 0 where it gives none.
	Use int

	// Usage has a place for each constraint. OpLimit and OpOffset may be taken only if every other constraint is taken and
	// run exactly, and OrderBy is empty or consumed: current libraries ask again without them otherwise, older ones do not.
	Usage           []Usage
	OrderByConsumed bool
	EstimatedCost   float64
	EstimatedRows   int64
	// ScanUnique says that the scan gives one row at the most.
	ScanUnique bool
	IdxNum     int
	IdxStr     string
}
