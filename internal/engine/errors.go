//go:build cgo

package engine

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
)

// ErrConstraint is returned by Table.BestIndex for a combination of usable constraints that it cannot run.
var ErrConstraint = errors.New("engine: these constraints cannot be used together")

// ErrMultipleStatements is returned by Prepare for text after the first statement.
var ErrMultipleStatements = errors.New("more than one statement")

// ErrClosed is returned for the use of a closed connection or statement.
var ErrClosed = errors.New("engine: the connection is closed")

// ErrInterrupted is the cause of statements stopped by Conn.Interrupt.
var ErrInterrupted = errors.New("interrupted")

// SQLError is an error of SQLite itself.
type SQLError struct {
	// Code and ExtendedCode are result codes (https://www.sqlite.org/rescode.html).
	Code, ExtendedCode int
	Message            string
	// Offset is the byte offset in the SQL text of the token that the error is about; -1 if unknown.
	Offset int
}

// Error returns SQLite's message.
func (e *SQLError) Error() string { return e.Message }

// DeniedError is a statement that the authorizer refused. It unwraps to a *SQLError with code 23 (SQLITE_AUTH).
type DeniedError struct {
	// Action is what the statement would do, such as ATTACH, PRAGMA or CREATE TABLE.
	Action string
	// Object is the table, pragma, function, … concerned; may be empty.
	Object string
	// Schema holds the object; may be empty.
	Schema string
	err    *SQLError
}

// Error names what was refused.
func (e *DeniedError) Error() string {
	s := e.Action
	if e.Object != "" {
		s += " " + e.Object
	}
	if e.Schema != "" {
		s += " in schema " + e.Schema
	}
	return s + " is not allowed: statements may read everything and write temporary tables (CREATE TEMP TABLE …) only"
}

// Unwrap returns SQLite's own error.
func (e *DeniedError) Unwrap() error { return e.err }

// cancelled is the error for a statement whose context ended: the context's error, and its cause if that says more.
func cancelled(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if cause == nil || errors.Is(cause, err) {
		return err
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// sqlError takes over an error of SQLite.
func sqlError(e *C.bb_error) *SQLError {
	return &SQLError{
		Code: int(e.code), ExtendedCode: int(e.extended), Message: C.GoString(e.message), Offset: int(e.offset),
	}
}

// failure finds the error behind a failed call into SQLite: the context's end, the error or panic of a callback, a
// refusal of the authorizer, or else SQLite's own.
func (c *Conn) failure(ctx context.Context, e *C.bb_error) error {
	switch {
	case ctx.Err() != nil:
		return cancelled(ctx)
	case c.callErr != nil:
		return c.callErr
	case c.c.denied != 0:
		return &DeniedError{
			Action: actions[int(c.c.denied)], Object: C.GoString(&c.c.denied_object[0]),
			Schema: C.GoString(&c.c.denied_schema[0]), err: sqlError(e),
		}
	}
	return sqlError(e)
}

// actions names the authorizer's action codes (https://www.sqlite.org/c3ref/c_alter_table.html).
var actions = [...]string{
	1: "CREATE INDEX", "CREATE TABLE", "CREATE TEMP INDEX", "CREATE TEMP TABLE", "CREATE TEMP TRIGGER", "CREATE TEMP VIEW",
	"CREATE TRIGGER", "CREATE VIEW", "DELETE FROM", "DROP INDEX", "DROP TABLE", "DROP TEMP INDEX", "DROP TEMP TABLE",
	"DROP TEMP TRIGGER", "DROP TEMP VIEW", "DROP TRIGGER", "DROP VIEW", "INSERT INTO", "PRAGMA", "READ", "SELECT",
	"TRANSACTION", "UPDATE", "ATTACH", "DETACH", "ALTER TABLE", "REINDEX", "ANALYZE", "CREATE VIRTUAL TABLE",
	"DROP VIRTUAL TABLE", "function", "SAVEPOINT", "RECURSIVE",
}
