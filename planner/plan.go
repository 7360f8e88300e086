package planner

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Plan is a choice of endpoint and of what to push, made before values are known. It travels through SQLite as text, so that
// a prepared statement carries its plans and EXPLAIN can read them.
type Plan struct {
	// Of is the relation that is scanned, "schema.table"; EXPLAIN reads it.
	Of string `json:"of,omitempty"`
	// Endpoint is the place of the endpoint in the table.
	Endpoint int `json:"e"`
	// Columns are the columns to fill: those that the statement reads, and the key.
	Columns []int `json:"c,omitempty"`
	// Terms are the constraints that are pushed.
	Terms []Term `json:"t,omitempty"`
	// Sort is the sort parameter, which stands for the whole ORDER BY.
	Sort string `json:"s,omitempty"`
	// Merge is the place, from 1, of the column that Sort sorts several lists by, which are merged; 0 means none.
	Merge int `json:"mg,omitempty"`
	// Limit and Offset are the places among the arguments of the numbers of LIMIT and OFFSET; 0 means none.
	Limit  int `json:"l,omitempty"`
	Offset int `json:"o,omitempty"`
	// Skip says that the rows of OFFSET need not be read where their pages are known beforehand.
	Skip bool `json:"sk,omitempty"`
	// Count says that only the number of rows and constants are read.
	Count bool `json:"n,omitempty"`
	// Witnesses are columns of which a counted row needs only a value that satisfies the pushed conditions.
	Witnesses []int `json:"y,omitempty"`
	// Group is the place, from 1, of the column each value of which is counted; 0 means none. GroupOrder is 1 where the rows come
	// in its order, -1 in the reverse order. GroupAlone says that the scan is made once.
	Group      int  `json:"g,omitempty"`
	GroupOrder int  `json:"go,omitempty"`
	GroupAlone bool `json:"ga,omitempty"`
	// Firsts are the orders by each of which only the first row of a list is read; nil where all are. FirstCount says that the rows of
	// the list are counted, too.
	Firsts     []First `json:"fi,omitempty"`
	FirstCount bool    `json:"fc,omitempty"`
	// Parent is the scan of the parent table that supplies path parameters.
	Parent *Plan `json:"p,omitempty"`
	// Since are lower bounds of the column by which the list is assumed to fall.
	Since []Term `json:"si,omitempty"`
	// Hint is pushed beside the terms.
	Hint *Predicate `json:"h,omitempty"`
	// HintExact says that Bitbucket finds the rows that the hint is true of, and no others, for values that can be said exactly.
	HintExact bool `json:"he,omitempty"`
	// Missing are columns that the statement must give a value and does not: the scan fails with a MissingError.
	Missing []int `json:"m,omitempty"`
	// Whole says that nothing is pushed.
	Whole bool `json:"w,omitempty"`
	// Without is the place, from 1, of a boolean column the rows with which are left out; 0 means none.
	Without int `json:"x,omitempty"`
	// Lookup is an equality that Bitbucket cannot check, by which rows that are read already may be looked up. Its argument, Arg,
	// is the last of all. Nil means none.
	Lookup *Term `json:"k,omitempty"`
	// Broad reads the rows of all values of the equality that is its Lookup, with the same arguments. Nil means none. Loose, of a
	// Broad, are the arguments of other comparisons, in whose place the rows of all their values may be read as well.
	Broad *Plan `json:"b,omitempty"`
	Loose []int `json:"lo,omitempty"`
	// Batch reads the rows of several values of the equality that is its Lookup, whose argument is then a list of them; the other
	// arguments are the same. Nil means none. Lone, of a Batch, says that there is one object for a value at the most.
	Batch *Plan `json:"bt,omitempty"`
	Lone  bool  `json:"ln,omitempty"`
	// Values are the values known while the statement was prepared, by argument, for EXPLAIN.
	Values map[int]any `json:"v,omitempty"`
	// Rechecked are the columns whose constraints SQLite checks again because Bitbucket's meaning may be wider, for EXPLAIN.
	Rechecked []int `json:"r,omitempty"`
	// Notes say why Bitbucket does less than the statement says, for EXPLAIN.
	Notes []Note `json:"i,omitempty"`
}

// Term is a constraint that is pushed.
type Term struct {
	Column int `json:"c"`
	Op     Op  `json:"o"`
	// Arg is the place of the value among the arguments, from 1; 0 for IS NULL and IS NOT NULL.
	Arg int `json:"a,omitempty"`
	// Param is the path parameter that the value fills; empty for filters.
	Param string `json:"p,omitempty"`
}

// InOrder says whether the rows come in the order that was asked for.
func (p *Plan) InOrder() bool { return p.Sort != "" || p.GroupOrder != 0 }

// Encode returns the plan as text.
func (p *Plan) Encode() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("planner: a plan does not encode: %v", err)) // It holds nothing that can fail.
	}
	return string(text)
}

// Decode reads a plan that Encode wrote.
func Decode(text string) (*Plan, error) {
	var p Plan
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber() // An integer literal of a hint must stay one.
	if err := d.Decode(&p); err != nil {
		return nil, fmt.Errorf("planner: decoding a plan: %w", err)
	}
	return &p, nil
}

// MissingError says that a table cannot be read without values for some columns.
type MissingError struct {
	// Table is the qualified name.
	Table string
	// Columns are those that need a value.
	Columns []string
}

// Error names the columns and says how to give them a value.
func (e *MissingError) Error() string {
	return fmt.Sprintf("bitbucket: table %s needs a value for %s: add WHERE %s = …, or join it with a table that has one",
		e.Table, strings.Join(e.Columns, " and "), strings.Join(e.Columns, " = … AND "))
}
