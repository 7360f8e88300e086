package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/panics"
	"github.com/seed281e34fa/bitbucketsql/internal/userview"
)

// conn is a connection: an SQLite of its own, on the client that its connector's connections share.
type conn struct {
	connector     *Connector
	ownsConnector bool
	engine        *engine.Conn
	// catalog is what this connection knows of schemas.
	catalog connCatalog
	views   userview.Catalog

	inTx   bool
	closed bool
	// broken says that the engine can no longer be trusted, so that the pool should drop the connection.
	broken bool
}

var (
	_ sqldriver.Conn               = (*conn)(nil)
	_ sqldriver.ConnBeginTx        = (*conn)(nil)
	_ sqldriver.ConnPrepareContext = (*conn)(nil)
	_ sqldriver.QueryerContext     = (*conn)(nil)
	_ sqldriver.ExecerContext      = (*conn)(nil)
	_ sqldriver.Pinger             = (*conn)(nil)
	_ sqldriver.SessionResetter    = (*conn)(nil)
	_ sqldriver.Validator          = (*conn)(nil)
	_ sqldriver.NamedValueChecker  = (*conn)(nil)
)

// Format shows no secret: with some verbs, fmt would go through the fields.
func (c *conn) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, "connection of a ", c.connector) }

// config is the configuration; it must not be changed.
func (c *conn) config() *Config { return c.connector.config }

// Ping implements [sqldriver.Pinger]: it asks Bitbucket who the credential belongs to, or without one for something public.
func (c *conn) Ping(ctx context.Context) error { return runError(ctx, c.ping(ctx)) }

// QueryContext implements [sqldriver.QueryerContext].
func (c *conn) QueryContext(ctx context.Context, text string, args []sqldriver.NamedValue) (sqldriver.Rows, error) {
	commands, err := c.parse(ctx, text)
	if err != nil {
		return nil, err
	}
	if len(commands) == 0 {
		return nil, ErrEmptyStatement
	}
	given, err := distribute(commands, args)
	if err != nil {
		return nil, err
	}
	r := &rows{more: len(commands), next: func(i int) (*resultSet, error) { return c.query(ctx, commands[i], nil, given[i]) }}
	// Statements without a result before the first with one are run for their effect.
	for {
		if err := r.advance(); err != nil {
			return nil, err
		}
		if len(r.set.columns) > 0 || r.more == 0 {
			return r, nil
		}
	}
}

// ExecContext implements [sqldriver.ExecerContext].
func (c *conn) ExecContext(ctx context.Context, text string, args []sqldriver.NamedValue) (sqldriver.Result, error) {
	commands, err := c.parse(ctx, text)
	if err != nil {
		return nil, err
	}
	given, err := distribute(commands, args)
	if err != nil {
		return nil, err
	}
	var last sqldriver.Result = result(0)
	for i := range commands {
		if last, err = c.exec(ctx, commands[i], nil, given[i]); err != nil {
			return nil, err
		}
	}
	return last, nil
}

// PrepareContext implements [sqldriver.ConnPrepareContext].
func (c *conn) PrepareContext(ctx context.Context, text string) (sqldriver.Stmt, error) {
	commands, err := c.parse(ctx, text)
	switch {
	case err != nil:
		return nil, err
	case len(commands) == 0:
		return nil, ErrEmptyStatement
	case len(commands) > 1:
		return nil, ErrMultipleStatements
	}
	s := &stmt{conn: c, command: commands[0]}
	if s.command.kind != runs {
		return s, nil
	}
	r := c.begin(ctx, s.command, nil)
	compiled, err := r.compile()
	r.end(err)
	if err != nil {
		return nil, err
	}
	s.keep(compiled)
	return s, nil
}

// Prepare implements [sqldriver.Conn].
func (c *conn) Prepare(text string) (sqldriver.Stmt, error) {
	return c.PrepareContext(context.Background(), text)
}

// ResetSession implements [sqldriver.SessionResetter].
func (c *conn) ResetSession(context.Context) error {
	if !c.IsValid() {
		return sqldriver.ErrBadConn
	}
	c.inTx = false
	return nil
}

// IsValid implements [sqldriver.Validator].
func (c *conn) IsValid() bool { return !c.broken && !c.closed }

// Close implements [sqldriver.Conn].
func (c *conn) Close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	err := c.engine.Close()
	if c.ownsConnector {
		err = errors.Join(err, c.connector.Close())
	}
	return err
}

// observe notes an error after which the engine cannot be trusted.
func (c *conn) observe(err error) {
	var panicked *panics.Error
	var e *engine.SQLError
	switch {
	case err == nil:
	case errors.As(err, &panicked):
		c.broken = true
	case errors.As(err, &e):
		switch e.Code {
		case 7, 10, 11, 21, 26: // out of memory, I/O error, corrupt, misuse, not a database
			c.broken = true
		}
	}
}
