package planner

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// TableHint is a condition on the rows of one table that a statement's WHERE implies and that SQLite never offers to the table:
// an OR over several columns, or a NOT. Rows for which Where is not true cannot be in the statement's result.
type TableHint struct {
	// Schema, Table and Alias are as the statement names them, decoded; Schema and Alias may be "". The hint is about what that
	// name means in the statement: about no table when it names a view, a temporary one too.
	Schema, Table, Alias string
	// Where may hold parameters. A comparison with a value that turns out to be NULL is not true, NULLs of a list count for
	// nothing. Comparisons are SQLite's, with the column's affinity; a LIKE is one literal pattern, %x%, x% or %x.
	Where Predicate
}

// Hints finds the conditions of a statement that are not offered to its tables by other ways. It gives hints only for a query
// of one table that has no subquery, so that the one scan of the table is the one that the hint is about, and none when the
// parser and our own lexer do not agree on the text: a missing hint costs requests, never rows.
func Hints(sql string) []TableHint {
	analysis, err := dialect.ToSQLParser(sql)
	if err != nil {
		return nil
	}
	q, ok := parseQuery(analysis)
	if !ok {
		return nil
	}
	where, ok := unseen(q.where)
	if !ok {
		return nil
	}
	return []TableHint{{Schema: q.schema, Table: q.table, Alias: q.alias, Where: where}}
}

// condition is a predicate with constants; the parts of WHERE that no hint can say are condTrue.
type condition struct {
	op        condOp
	args      []condition
	leaf      Predicate
	unoffered bool // a leaf that is not offered to the table
}

type condOp uint8

const (
	condTrue  condOp = iota // nothing is known
	condFalse               // never true
	condLeaf
	condAnd
	condOr
)

// and and or build conditions that are implied when their operands are.
func and(args ...condition) condition {
	c := condition{op: condAnd}
	for _, a := range args {
		switch a.op {
		case condFalse:
			return a
		case condAnd:
			c.add(a.args)
		case condLeaf, condOr:
			c.args = append(c.args, a)
		}
	}
	return c.flat(condTrue)
}

func or(args ...condition) condition {
	c := condition{op: condOr}
	for _, a := range args {
		switch a.op {
		case condTrue:
			return a
		case condOr:
			c.add(a.args)
		case condLeaf, condAnd:
			c.args = append(c.args, a)
		}
	}
	return c.flat(condFalse)
}

// add takes over a list: a long chain is built from its left end.
func (c *condition) add(args []condition) {
	if c.args == nil {
		c.args = args
		return
	}
	c.args = append(c.args, args...)
}

func (c condition) flat(none condOp) condition {
	switch len(c.args) {
	case 0:
		return condition{op: none}
	case 1:
		return c.args[0]
	}
	return c
}

// unseen picks the conjuncts of WHERE that SQLite does not offer to a table; false when there are none.
func unseen(where condition) (Predicate, bool) {
	conjuncts := []condition{where}
	if where.op == condAnd {
		conjuncts = where.args
	}
	var list []Predicate
	for _, c := range conjuncts {
		switch c.op {
		case condLeaf:
			if c.unoffered {
				list = append(list, c.leaf)
			}
		case condOr:
			if !c.isList() {
				list = append(list, c.predicate())
			}
		}
	}
	switch len(list) {
	case 0:
		return Predicate{}, false
	case 1:
		return list[0], true
	}
	return Predicate{Op: And, Args: list}, true
}

// isList reports whether an OR is one that SQLite makes an IN list of.
func (c condition) isList() bool {
	for _, a := range c.args {
		if a.op != condLeaf || a.unoffered || a.leaf.Cmp != EQ || !strings.EqualFold(a.leaf.Column, c.args[0].leaf.Column) {
			return false
		}
	}
	return true
}

func (c condition) predicate() Predicate {
	if c.op == condLeaf {
		return c.leaf
	}
	p := Predicate{Op: And}
	if c.op == condOr {
		p.Op = Or
	}
	for _, a := range c.args {
		p.Args = append(p.Args, a.predicate())
	}
	return p
}
