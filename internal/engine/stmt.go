//go:build cgo

package engine

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"unsafe"
)

// Stmt is a compiled statement.
type Stmt struct {
	conn    *Conn
	s       *C.sqlite3_stmt // nil for a text without a statement, and after Close
	closed  bool
	trusted bool
	params  []string
	cols    []string
	types   []string
	ro      bool
	// compiled counts how often SQLite compiled the statement anew.
	compiled C.int
	rows     *Rows
	// cancel and vals are C memory: the flag that stops a step, and a place for each column of a row.
	cancel *C.int32_t
	vals   *C.bb_value
	nvals  int
}

// Prepare compiles one statement. A text without a statement gives one without effect, and text after the first
// statement, other than comments, is ErrMultipleStatements. ctx is that of the tables' BestIndex.
func (c *Conn) Prepare(ctx context.Context, sql string) (*Stmt, error) {
	s, tail, err := c.prepare(ctx, sql, false)
	if err != nil {
		return nil, err
	}
	if !blank(tail) {
		return nil, errors.Join(ErrMultipleStatements, s.Close())
	}
	return s, nil
}

// PrepareNext compiles the first statement of a script and returns the text after it, empty when nothing is left to run.
func (c *Conn) PrepareNext(ctx context.Context, sql string) (s *Stmt, tail string, err error) {
	s, tail, err = c.prepare(ctx, sql, false)
	if blank(tail) {
		tail = ""
	}
	return s, tail, err
}

func (c *Conn) prepare(ctx context.Context, sql string, trusted bool) (*Stmt, string, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", cancelled(ctx)
	}
	for i := 0; i < len(sql); i++ {
		if sql[i] == 0 {
			return nil, "", &SQLError{Code: C.SQLITE_ERROR, ExtendedCode: C.SQLITE_ERROR, Message: "the statement holds a NUL character", Offset: i}
		}
	}
	if err := c.enter(ctx); err != nil {
		return nil, "", err
	}
	defer c.leave()
	s := &Stmt{conn: c, trusted: trusted}
	var tail C.int
	var e C.bb_error
	rc := C.bb_prepare(c.c, (*C.char)(unsafe.Pointer(unsafe.StringData(sql))), C.int(len(sql)), C.int(btoi(trusted)), &s.s, &tail, &e)
	if rc != C.SQLITE_OK {
		return nil, "", c.failure(ctx, &e)
	}
	if s.s != nil {
		s.ro = C.sqlite3_stmt_readonly(s.s) != 0
		s.params = make([]string, int(C.sqlite3_bind_parameter_count(s.s)))
		for i := range s.params {
			s.params[i] = C.GoString(C.sqlite3_bind_parameter_name(s.s, C.int(i+1)))
		}
		s.describe(int(C.sqlite3_column_count(s.s)))
		s.cancel = (*C.int32_t)(C.calloc(1, C.sizeof_int32_t))
	}
	c.stmts[s] = struct{}{}
	live.stmts.Add(1)
	return s, sql[int(tail):], nil
}

// describe reads the columns, at first and after SQLite compiled the statement anew for a changed schema.
func (s *Stmt) describe(n int) {
	s.cols, s.types = make([]string, n), make([]string, n)
	for i := range n {
		s.cols[i] = C.GoString(C.sqlite3_column_name(s.s, C.int(i)))
		s.types[i] = C.GoString(C.sqlite3_column_decltype(s.s, C.int(i)))
	}
	C.free(unsafe.Pointer(s.vals))
	s.vals, s.nvals = (*C.bb_value)(C.calloc(C.size_t(n+1), C.sizeof_bb_value)), n
}

// NumInput is the number of parameters.
func (s *Stmt) NumInput() int { return len(s.params) }

// ParamNames returns the parameters' names with their prefix (:a, @a, $a, ?1); empty for a plain ?.
func (s *Stmt) ParamNames() []string { return s.params }

// Columns returns the names of the result columns; none for a statement that returns no rows.
func (s *Stmt) Columns() []string { return s.cols }

// DeclTypes returns the declared types of the result columns, empty for expressions.
func (s *Stmt) DeclTypes() []string { return s.types }

// ReadOnly tells that the statement does not change the database.
func (s *Stmt) ReadOnly() bool { return s.s == nil || s.ro }

// Empty tells that the text held no statement, only blanks and comments.
func (s *Stmt) Empty() bool { return s.params == nil }

// Close frees the statement and ends its rows.
func (s *Stmt) Close() error {
	if r := s.rows; r != nil {
		r.run.cancel(nil)
	}
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.finalize()
	return nil
}

// finalize needs conn.mu.
func (s *Stmt) finalize() {
	if s.closed {
		return
	}
	s.closed = true
	if s.rows != nil {
		s.rows.end(ErrClosed)
	}
	C.bb_finalize(s.s)
	C.free(unsafe.Pointer(s.vals))
	C.free(unsafe.Pointer(s.cancel))
	s.s, s.vals, s.cancel = nil, nil, nil
	delete(s.conn.stmts, s)
	live.stmts.Add(-1)
}

// Query starts the statement and takes its first step, so that most errors show here. The rows end with ctx.
func (s *Stmt) Query(ctx context.Context, args []driver.NamedValue) (*Rows, error) {
	return s.start(ctx, args)
}

// Exec runs the statement to its end. Of a statement that only reads it takes the first step and drops the rows.
func (s *Stmt) Exec(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	before := s.conn.changes()
	r, err := s.start(ctx, args)
	if err != nil {
		return nil, err
	}
	for !s.ReadOnly() && err == nil {
		// Rows of RETURNING are dropped.
		err = r.Next(nil)
	}
	after := s.conn.changes()
	if cerr := r.Close(); err == nil || err == io.EOF {
		err = cerr
	}
	if err != nil {
		return nil, err
	}
	res := result{id: after.id}
	if after.total != before.total {
		res.changed = after.last
	}
	return res, nil
}

type result struct{ id, changed int64 }

func (r result) LastInsertId() (int64, error) { return r.id, nil }
func (r result) RowsAffected() (int64, error) { return r.changed, nil }

type changes struct{ total, last, id int64 }

func (c *Conn) changes() changes {
	if c.enter(context.Background()) != nil {
		return changes{}
	}
	defer c.leave()
	return changes{
		total: int64(C.sqlite3_total_changes(c.c.db)), last: int64(C.sqlite3_changes(c.c.db)),
		id: int64(C.sqlite3_last_insert_rowid(c.c.db)),
	}
}

// bind binds all parameters; it needs conn.mu.
func (s *Stmt) bind(args []driver.NamedValue) error {
	set := make([]bool, len(s.params))
	for _, a := range args {
		found := false
		if a.Name == "" {
			if a.Ordinal < 1 || a.Ordinal > len(s.params) {
				return fmt.Errorf("the statement has %d parameters, but there is an argument %d", len(s.params), a.Ordinal)
			}
			found, set[a.Ordinal-1] = true, true
			if err := s.bindOne(a.Ordinal, a.Value); err != nil {
				return fmt.Errorf("argument %d: %w", a.Ordinal, err)
			}
		} else {
			for i, p := range s.params {
				// SQLite has three prefixes for a name; callers name none.
				if len(p) < 2 || p[1:] != a.Name {
					continue
				}
				found, set[i] = true, true
				if err := s.bindOne(i+1, a.Value); err != nil {
					return fmt.Errorf("argument %s: %w", a.Name, err)
				}
			}
		}
		if !found {
			return fmt.Errorf("the statement has no parameter named %s", a.Name)
		}
	}
	for i, ok := range set {
		if !ok {
			return fmt.Errorf("no argument for parameter %d %s", i+1, s.params[i])
		}
	}
	return nil
}

func (s *Stmt) bindOne(i int, v Value) error {
	f, err := flatten(v)
	if err != nil {
		return err
	}
	if rc := C.bb_bind(s.s, C.int(i), f.kind, f.i, f.d, f.p); rc != C.SQLITE_OK {
		var e C.bb_error
		C.bb_last_error(s.conn.c.db, rc, &e)
		return sqlError(&e)
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
