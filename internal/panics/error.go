// Package panics makes errors of panics: what goes wrong in a goroutine that serves a statement, in a transport that a program
// brought for instance, ends the statement and not the program.
package panics

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Error is a panic. It is a bug: one of the driver, or one of what the program gave it, as a transport is or a logger.
type Error struct {
	// Value is what the panic was called with.
	Value any
	// Stack is that of its goroutine, as [debug.Stack] writes it: it holds names and addresses, and no values.
	Stack []byte
}

// New is the error of a value that recover has returned. It must be called by the deferred function, where the stack is still there.
func New(value any) *Error { return &Error{Value: value, Stack: debug.Stack()} }

// Error tells the value. The stack is in Stack, and in the log.
func (e *Error) Error() string {
	return fmt.Sprintf("panic: %v; this is a bug, and the log tells its stack at the level debug", e.Value)
}

// Unwrap returns the value if it is an error.
func (e *Error) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Log logs the stack. A logger that panics, too, is left alone.
func (e *Error) Log(ctx context.Context, log *slog.Logger) {
	defer func() { _ = recover() }()
	log.LogAttrs(ctx, slog.LevelDebug, "panic", slog.Any("panic", e.Value), slog.String("stack", string(e.Stack)))
}

// Catch turns a panic into the error of a function, and logs its stack. It is to be deferred.
func Catch(ctx context.Context, log *slog.Logger, err *error) {
	if v := recover(); v != nil {
		caught := New(v)
		caught.Log(ctx, log)
		*err = caught
	}
}
