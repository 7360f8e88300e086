//go:build cgo

package engine

// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"io"
	"slices"
	"unsafe"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// The layouts of page.Cell and bb_cell are the same; a page's cells are copied as they are. A wrong size does not compile.
var (
	_ [16]byte = [unsafe.Sizeof(page.Cell{})]byte{}
	_ [8]byte  = [unsafe.Offsetof(page.Cell{}.Len)]byte{}
	_ [12]byte = [unsafe.Offsetof(page.Cell{}.Kind)]byte{}
	_ [0]byte  = [page.Null]byte{}
	_ [1]byte  = [page.Integer]byte{}
	_ [2]byte  = [page.Real]byte{}
	_ [3]byte  = [page.Text]byte{}
)

// cursor is a table's cursor and what the engine knows of its page.
type cursor struct {
	Cursor
	conn  *Conn
	table *vtable
	// columns are the columns of the page before, whose slots C has.
	columns []int
	known   bool
}

// fill copies the next page that has rows into the C cursor, or marks the end.
func (cur *cursor) fill(ctx context.Context, cc *C.bb_cursor) error {
	for {
		if ctx.Err() != nil {
			return cancelled(ctx)
		}
		p, err := cur.Next(ctx)
		if err != nil {
			cc.eof = 1
			if err == io.EOF { // not errors.Is: a wrapped io.EOF is a transfer that broke off
				return nil
			}
			return err
		}
		if p == nil {
			return fmt.Errorf("table %s: the cursor gave no page and no error", cur.table.Name())
		}
		if p.Rows > 0 {
			return cur.copy(p, cc)
		}
	}
}

func (cur *cursor) copy(p *page.Page, cc *C.bb_cursor) error {
	slots := len(p.Columns)
	if len(p.Cells) != p.Rows*slots || len(p.RowIDs) != 0 && len(p.RowIDs) != p.Rows {
		return fmt.Errorf("table %s: a page of %d rows and %d columns has %d cells and %d row ids",
			cur.table.Name(), p.Rows, slots, len(p.Cells), len(p.RowIDs))
	}
	if !cur.known || !slices.Equal(cur.columns, p.Columns) {
		n := len(cur.table.columns)
		of := unsafe.Slice((*int32)(cc.slot_of), n)
		for i := range of {
			of[i] = -1
		}
		for s, col := range p.Columns {
			if col < 0 || col >= n {
				return fmt.Errorf("table %s: a page has column %d of %d", cur.table.Name(), col, n)
			}
			of[col] = int32(s)
		}
		cur.columns, cur.known = p.Columns, true
	}
	if C.bb_reserve(cc, C.size_t(len(p.Cells)), C.size_t(len(p.Text)), C.size_t(len(p.RowIDs))) == 0 {
		return fmt.Errorf("table %s: out of memory for a page of %d bytes", cur.table.Name(), p.Size())
	}
	// The destination is C memory of the sizes just reserved.
	copy(unsafe.Slice((*page.Cell)(unsafe.Pointer(cc.cells)), len(p.Cells)), p.Cells)
	copy(unsafe.Slice((*byte)(unsafe.Pointer(cc.text)), len(p.Text)), p.Text)
	copy(unsafe.Slice((*int64)(unsafe.Pointer(cc.ids)), len(p.RowIDs)), p.RowIDs)
	cc.text_len = C.size_t(len(p.Text))
	cc.slots, cc.has_ids = C.int(slots), C.int(btoi(len(p.RowIDs) > 0))
	cc.row, cc.rows, cc.eof = 0, C.int64_t(p.Rows), 0
	return nil
}
