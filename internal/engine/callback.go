//go:build cgo

package engine

// #include <stdlib.h>
// #include <string.h>
// #include "shim.h"
import "C"

import (
	"errors"
	"runtime/cgo"
	"unsafe"

	"github.com/seed281e34fa/bitbucketsql/internal/panics"
)

// The functions in this file are what C calls. Each runs under the mutex of its connection, returns an SQLite result code,
// and leaves its error in Conn.callErr, where failure finds it; message is only for SQLite's own use.

// protect runs a callback and turns its error or panic into a result code.
func (c *Conn) protect(message **C.char, f func() error) C.int {
	if err := c.guard(f); err != nil {
		return c.report(message, err)
	}
	return C.SQLITE_OK
}

// guard makes a panic an error, before it can reach C.
func (c *Conn) guard(f func() error) (err error) {
	defer panics.Catch(c.ctx, c.cfg.Logger, &err)
	return f()
}

func (c *Conn) report(message **C.char, err error) C.int {
	if c.callErr == nil {
		c.callErr = err
	}
	*message = C.CString(safeMessage(err))
	return C.SQLITE_ERROR
}

// safeMessage survives an Error method that panics.
func safeMessage(err error) (s string) {
	defer func() {
		if recover() != nil {
			s = "error without a message"
		}
	}()
	return err.Error()
}

func connOf(h C.uintptr_t) *Conn { return cgo.Handle(h).Value().(*Conn) }

var errNoTable = errors.New("engine: the virtual table is not registered with this connection")

//export bbConnect
func bbConnect(conn C.uintptr_t, id C.sqlite3_int64, decl **C.char, columns *C.int, message **C.char) C.int {
	c := connOf(conn)
	return c.protect(message, func() error {
		t := c.tables[int64(id)]
		if t == nil {
			return errNoTable
		}
		*columns = C.int(len(t.columns))
		*decl = C.CString(declaration(t.declared()))
		return nil
	})
}

//export bbBestIndex
func bbBestIndex(conn C.uintptr_t, id C.sqlite3_int64, x *C.bb_index, message **C.char) C.int {
	c := connOf(conn)
	refused := false
	rc := c.protect(message, func() error {
		t := c.tables[int64(id)]
		if t == nil {
			return errNoTable
		}
		ix := readIndex(x)
		if err := t.BestIndex(c.ctx, ix); err != nil {
			if refused = errors.Is(err, ErrConstraint); refused {
				return nil
			}
			return err
		}
		return answerIndex(t.Name(), ix, x)
	})
	if refused {
		return C.SQLITE_CONSTRAINT
	}
	return rc
}

//export bbOpen
func bbOpen(conn C.uintptr_t, id C.sqlite3_int64, cc *C.bb_cursor, message **C.char) C.int {
	c := connOf(conn)
	return c.protect(message, func() error {
		t := c.tables[int64(id)]
		if t == nil {
			return errNoTable
		}
		cur, err := t.Open()
		if err != nil {
			return err
		}
		if placed, ok := cur.(Placed); ok {
			placed.Place(func() int {
				if cc.eof != 0 || cc.row >= cc.rows {
					return -1
				}
				return int(cc.row)
			})
		}
		cc.handle = C.uintptr_t(cgo.NewHandle(&cursor{Cursor: cur, conn: c, table: t}))
		live.cursors.Add(1)
		return nil
	})
}

//export bbClose
func bbClose(h C.uintptr_t) {
	cur := cgo.Handle(h).Value().(*cursor)
	cgo.Handle(h).Delete()
	live.cursors.Add(-1)
	defer func() {
		if v := recover(); v != nil {
			cur.conn.cfg.Logger.Error("panic while a cursor was closed", "table", cur.table.Name(), "panic", v)
		}
	}()
	if err := cur.Close(); err != nil {
		cur.conn.cfg.Logger.Warn("a cursor could not be closed", "table", cur.table.Name(), "error", err)
	}
}

//export bbFilter
func bbFilter(conn, h C.uintptr_t, cc *C.bb_cursor, num C.int, str *C.char, n C.int, args, lists *C.bb_value, message **C.char) C.int {
	c := connOf(conn)
	return c.protect(message, func() error {
		cur := cgo.Handle(h).Value().(*cursor)
		if err := cur.Filter(c.ctx, int(num), C.GoString(str), readArgs(args, int(n), lists)); err != nil {
			return err
		}
		return cur.fill(c.ctx, cc)
	})
}

//export bbNext
func bbNext(conn, h C.uintptr_t, cc *C.bb_cursor, message **C.char) C.int {
	c := connOf(conn)
	return c.protect(message, func() error {
		return cgo.Handle(h).Value().(*cursor).fill(c.ctx, cc)
	})
}

// readArgs reads the arguments of a scan; the values of their lists follow one another in lists.
func readArgs(args *C.bb_value, n int, lists *C.bb_value) []Arg {
	out := make([]Arg, n)
	for i := range out {
		v := (*C.bb_value)(unsafe.Add(unsafe.Pointer(args), i*C.sizeof_bb_value))
		if v.list < 0 {
			out[i].Value = toGo(v)
			continue
		}
		out[i].IsList, out[i].List = true, make([]Value, int(v.list))
		for j := range out[i].List {
			out[i].List[j] = toGo(lists)
			lists = (*C.bb_value)(unsafe.Add(unsafe.Pointer(lists), C.sizeof_bb_value))
		}
	}
	return out
}
