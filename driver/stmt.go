package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
)

// stmt is a prepared statement. The engine's statement serves one set of rows at a time, so that it is lent to a run and
// given back; a run that finds it lent compiles one of its own.
type stmt struct {
	conn    *conn
	command command
	idle    *compiled
	closed  bool
}

var (
	_ sqldriver.Stmt              = (*stmt)(nil)
	_ sqldriver.StmtQueryContext  = (*stmt)(nil)
	_ sqldriver.StmtExecContext   = (*stmt)(nil)
	_ sqldriver.NamedValueChecker = (*stmt)(nil)
)

var errStmtClosed = errors.New("bitbucket: the statement is closed")

// take borrows the engine's statement; nil when it is lent, and for a nil stmt.
func (s *stmt) take() *compiled {
	if s == nil {
		return nil
	}
	taken := s.idle
	s.idle = nil
	return taken
}

// give returns a statement. One that there is no place for is closed, as is any without a stmt.
func (s *stmt) give(c *compiled) {
	if s == nil || s.closed || s.idle != nil {
		_ = c.stmt.Close()
		return
	}
	s.idle = c
}

func (s *stmt) keep(c *compiled) { s.idle = c }

// NumInput implements [sqldriver.Stmt].
func (s *stmt) NumInput() int { return inputs(s.command.sql.Params) }

// CheckNamedValue implements [sqldriver.NamedValueChecker].
func (s *stmt) CheckNamedValue(nv *sqldriver.NamedValue) error { return s.conn.CheckNamedValue(nv) }

// QueryContext implements [sqldriver.StmtQueryContext].
func (s *stmt) QueryContext(ctx context.Context, args []sqldriver.NamedValue) (sqldriver.Rows, error) {
	if s.closed {
		return nil, errStmtClosed
	}
	set, err := s.conn.query(ctx, s.command, s, args)
	if err != nil {
		return nil, err
	}
	return &rows{set: set}, nil
}

// ExecContext implements [sqldriver.StmtExecContext].
func (s *stmt) ExecContext(ctx context.Context, args []sqldriver.NamedValue) (sqldriver.Result, error) {
	if s.closed {
		return nil, errStmtClosed
	}
	return s.conn.exec(ctx, s.command, s, args)
}

// Query implements [sqldriver.Stmt].
func (s *stmt) Query(args []sqldriver.Value) (sqldriver.Rows, error) {
	return s.QueryContext(context.Background(), named(args))
}

// Exec implements [sqldriver.Stmt].
func (s *stmt) Exec(args []sqldriver.Value) (sqldriver.Result, error) {
	return s.ExecContext(context.Background(), named(args))
}

func named(args []sqldriver.Value) []sqldriver.NamedValue {
	list := make([]sqldriver.NamedValue, len(args))
	for i, v := range args {
		list[i] = sqldriver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return list
}

// Close implements [sqldriver.Stmt].
func (s *stmt) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	if c := s.take(); c != nil {
		return c.stmt.Close()
	}
	return nil
}
