package planner

// Predicate is a condition on the columns of one table: a tree of AND and OR over comparisons with literals or parameters.
type Predicate struct {
	Op PredicateOp `json:"op,omitempty"`
	// Args are the operands of And and Or.
	Args []Predicate `json:"args,omitempty"`
	// Column, Cmp and Values are the comparison of a Leaf.
	Column string    `json:"col,omitempty"`
	Cmp    Cmp       `json:"cmp,omitempty"`
	Values []Operand `json:"val,omitempty"`
}

// PredicateOp is what a predicate is made of.
type PredicateOp uint8

// The kinds of predicates.
const (
	Leaf PredicateOp = iota
	And
	Or
)

// Cmp is the comparison of a leaf.
type Cmp uint8

// The comparisons.
const (
	EQ Cmp = iota
	NE
	LT
	LE
	GT
	GE
	In
	Like
	IsNull
	NotNull
	// IsTrue and IsFalse say that SQLite takes the value for true or false, as in WHERE Draft or NOT Draft: of a boolean column,
	// that it is equal to 1 or 0.
	IsTrue
	IsFalse
)

// Operand is a literal or, when Param is not 0, a parameter of the statement.
type Operand struct {
	// Value is the literal: nil, int64, float64, string or bool.
	Value any `json:"v,omitempty"`
	// Param is the 1-based index of the parameter as SQLite numbers it; ParamName is its name without the prefix, if it has one.
	Param     int    `json:"p,omitempty"`
	ParamName string `json:"n,omitempty"`
}

// leaves are the comparisons of the predicate.
func (p *Predicate) leaves(each func(*Predicate)) {
	if p.Op == Leaf {
		each(p)
		return
	}
	for i := range p.Args {
		p.Args[i].leaves(each)
	}
}

// names says whether a comparison of the predicate is about the column.
func (p *Predicate) names(column string) bool {
	if p == nil {
		return false
	}
	if p.Op == Leaf {
		return equalFold(p.Column, column)
	}
	for i := range p.Args {
		if p.Args[i].names(column) {
			return true
		}
	}
	return false
}
