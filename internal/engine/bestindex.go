//go:build cgo

package engine

// #include "shim.h"
import "C"

import (
	"fmt"
	"strings"
	"unsafe"
)

// readIndex copies the question of xBestIndex out of C.
func readIndex(x *C.bb_index) *Index {
	ix := &Index{
		Constraints: make([]Constraint, int(x.terms)), Usage: make([]Usage, int(x.terms)),
		ColumnsUsed: uint64(x.columns_used), Distinct: int(x.distinct), Use: int(x.use),
		// SQLite's own defaults, for a table that says nothing.
		EstimatedCost: 1e9, EstimatedRows: 25,
	}
	terms := unsafe.Slice(x.term, int(x.terms))
	for i := range terms {
		t := &terms[i]
		k := Constraint{
			Column: int(t.column), Op: Op(t.op), Usable: t.usable != 0, In: t.in_possible != 0, HasRHS: t.has_rhs != 0,
			Collation: "BINARY",
		}
		if t.collation != nil {
			k.Collation = C.GoString(t.collation)
		}
		if k.HasRHS {
			k.RHS = toGo(&t.rhs)
		}
		ix.Constraints[i] = k
	}
	if x.orders > 0 {
		ix.OrderBy = make([]Order, int(x.orders))
		for i, o := range unsafe.Slice(x.order, int(x.orders)) {
			ix.OrderBy[i] = Order{Column: int(o.iColumn), Desc: o.desc != 0}
		}
	}
	return ix
}

// answerIndex checks the answer of a table, because SQLite's own message for a bad one names nothing, and hands it to C.
func answerIndex(table string, ix *Index, x *C.bb_index) error {
	terms := unsafe.Slice(x.term, int(x.terms))
	if len(ix.Usage) != len(terms) {
		return fmt.Errorf("table %s: BestIndex answered for %d constraints of %d", table, len(ix.Usage), len(terms))
	}
	if strings.IndexByte(ix.IdxStr, 0) >= 0 {
		return fmt.Errorf("table %s: BestIndex gave an IdxStr with a NUL character", table)
	}
	taken, used := make([]bool, len(terms)+1), 0
	for i, u := range ix.Usage {
		if u.Arg == 0 {
			continue
		}
		switch k := ix.Constraints[i]; {
		case u.Arg < 0 || u.Arg > len(terms) || taken[u.Arg]:
			return fmt.Errorf("table %s: BestIndex gave constraint %d (%s) the place %d, which is taken or out of range", table, i, k.Op, u.Arg)
		case !k.Usable:
			return fmt.Errorf("table %s: BestIndex took constraint %d (%s), which is not usable", table, i, k.Op)
		case u.In && !k.In:
			return fmt.Errorf("table %s: BestIndex wants a list from constraint %d (%s), which is none", table, i, k.Op)
		}
		taken[u.Arg] = true
		used++
		t := &terms[i]
		t.arg, t.omit, t.in = C.int(u.Arg), C.int(btoi(u.Omit)), C.int(btoi(u.In))
	}
	for i := 1; i <= used; i++ {
		if !taken[i] {
			return fmt.Errorf("table %s: BestIndex left place %d empty", table, i)
		}
	}
	x.order_consumed, x.scan_unique = C.int(btoi(ix.OrderByConsumed)), C.int(btoi(ix.ScanUnique))
	x.idx_num, x.cost, x.rows = C.int(ix.IdxNum), C.double(ix.EstimatedCost), C.sqlite3_int64(ix.EstimatedRows)
	if ix.IdxStr != "" {
		x.idx_str = C.CString(ix.IdxStr)
	}
	return nil
}
