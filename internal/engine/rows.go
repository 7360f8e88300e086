//go:build cgo

package engine

// #include "shim.h"
import "C"

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// run is one execution of a statement: its context, and the flag in C memory that stops SQLite when the context ends.
type run struct {
	ctx    context.Context
	now    time.Time
	cancel context.CancelCauseFunc
	stop   func() bool

	mu   sync.Mutex
	flag *int32 // nil when the run has ended
}

func newRun(ctx context.Context, flag *C.int32_t) *run {
	r := &run{flag: (*int32)(flag), now: time.Now().UTC()}
	atomic.StoreInt32(r.flag, 0)
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	r.stop = context.AfterFunc(r.ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.flag != nil {
			atomic.StoreInt32(r.flag, 1)
		}
	})
	return r
}

func (r *run) end() {
	r.stop()
	r.mu.Lock()
	r.flag = nil
	r.mu.Unlock()
	r.cancel(nil)
}

// Rows are the rows of a running statement.
type Rows struct {
	s   *Stmt
	run *run
	// ready says that a step was taken whose row is in s.vals.
	ready bool
	// err is what Next returns from now on; nil while the statement runs.
	err error
}

func (s *Stmt) start(ctx context.Context, args []driver.NamedValue) (*Rows, error) {
	if ctx.Err() != nil {
		return nil, cancelled(ctx)
	}
	if err := s.conn.enter(ctx); err != nil {
		return nil, err
	}
	defer s.conn.leave()
	switch {
	case s.closed:
		return nil, errors.New("engine: the statement is closed")
	case s.rows != nil:
		return nil, errors.New("engine: the statement's rows are still open: close them first")
	}
	if s.s == nil {
		if len(args) > 0 {
			return nil, errors.New("arguments were given to an empty statement")
		}
		return &Rows{s: s, err: io.EOF}, nil
	}
	if err := s.bind(args); err != nil {
		C.bb_reset(s.s)
		return nil, err
	}
	r := &Rows{s: s, run: newRun(ctx, s.cancel)}
	s.rows = r
	// Not errors.Is: a table's error may wrap io.EOF, as that of a broken transfer does.
	if err := r.step(); err != nil && err != io.EOF {
		return nil, err
	}
	// Only the first step tells the columns for certain: there SQLite compiles anew for a schema that has changed.
	if n := C.sqlite3_stmt_status(s.s, C.SQLITE_STMTSTATUS_REPREPARE, 0); n != s.compiled {
		s.compiled = n
		s.describe(int(C.sqlite3_column_count(s.s)))
		if r.ready {
			C.bb_read(s.s, C.int(s.nvals), s.vals)
		}
	}
	return r, nil
}

// step runs SQLite to the next row; it needs conn.mu. An error, io.EOF included, ends the rows.
func (r *Rows) step() error {
	c := r.s.conn
	if r.run.ctx.Err() != nil {
		return r.end(cancelled(r.run.ctx))
	}
	c.ctx, c.now = r.run.ctx, r.run.now
	c.running.Store(r.run)
	var e C.bb_error
	rc := C.bb_step(c.c, r.s.s, C.int(btoi(r.s.trusted)), r.s.cancel, C.int(r.s.nvals), r.s.vals, &e)
	c.running.Store(nil)
	switch rc {
	case C.SQLITE_ROW:
		r.ready = true
		return nil
	case C.SQLITE_DONE:
		return r.end(io.EOF)
	}
	return r.end(c.failure(r.run.ctx, &e))
}

// end frees what the run holds and makes err the answer of all further Next; it needs conn.mu.
func (r *Rows) end(err error) error {
	if r.err != nil {
		return err
	}
	r.err, r.ready = err, false
	r.run.end()
	C.bb_reset(r.s.s)
	r.s.rows = nil
	return err
}

// Columns returns the names of the columns.
func (r *Rows) Columns() []string { return r.s.cols }

// DeclTypes returns the declared types of the columns, empty for expressions.
func (r *Rows) DeclTypes() []string { return r.s.types }

// Next fills dest with the next row, as int64, float64, string, []byte or nil, and returns io.EOF after the last. With
// fewer places than columns the others are dropped. Booleans are 0 and 1, as SQLite keeps them.
func (r *Rows) Next(dest []driver.Value) error {
	c := r.s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	if !r.ready {
		c.callErr = nil
		err := r.step()
		c.ctx, c.callErr = context.Background(), nil
		if err != nil {
			return err
		}
	}
	r.ready = false
	read(unsafe.Slice(r.s.vals, min(len(dest), r.s.nvals)), dest)
	return nil
}

// smallText is the sum of texts up to which the texts of a row share one allocation. Beyond, a small value that is kept
// would keep much memory.
const smallText = 512

func read(vals []C.bb_value, dest []driver.Value) {
	small := 0
	for i := range vals {
		if v := &vals[i]; v._type == C.SQLITE_TEXT && v.n < smallText/4 && small+int(v.n) <= smallText {
			small += int(v.n)
		}
	}
	var text []byte
	if small > 0 {
		text = make([]byte, 0, small)
	}
	for i := range vals {
		v := &vals[i]
		if v._type != C.SQLITE_TEXT || v.n == 0 || v.n >= smallText/4 || len(text)+int(v.n) > small {
			dest[i] = toGo(v)
			continue
		}
		from := len(text)
		text = append(text, unsafe.Slice((*byte)(v.p), int(v.n))...)
		dest[i] = unsafe.String(&text[from], int(v.n))
	}
}

// Close ends the statement's run. Closing again does nothing.
func (r *Rows) Close() error {
	if r.run == nil {
		return nil
	}
	// A Next in another goroutine returns soon.
	r.run.cancel(nil)
	c := r.s.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	r.end(io.EOF)
	return nil
}

// each runs through all rows of n columns and closes.
func (r *Rows) each(n int, f func([]Value)) error {
	defer r.Close()
	dest := make([]driver.Value, n)
	for {
		if err := r.Next(dest); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		vals := make([]Value, n)
		for i, v := range dest {
			vals[i] = v
		}
		f(vals)
	}
}
