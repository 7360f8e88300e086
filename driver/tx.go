package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"fmt"
)

// tx is a transaction in name only: Bitbucket has none, and statements only read. It exists because programs and tools
// open one around their queries. What it cannot promise, an isolation level, is refused.
type tx struct{ conn *conn }

var _ sqldriver.Tx = tx{}

// BeginTx implements [sqldriver.ConnBeginTx].
func (c *conn) BeginTx(ctx context.Context, opts sqldriver.TxOptions) (sqldriver.Tx, error) {
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case opts.Isolation != 0: // sql.LevelDefault
		return nil, fmt.Errorf("bitbucket: isolation level %d is not supported, Bitbucket has no transactions: use sql.LevelDefault",
			opts.Isolation)
	case c.inTx:
		return nil, ErrNestedTransaction
	}
	c.inTx = true
	return tx{c}, nil
}

// Begin implements [sqldriver.Conn].
func (c *conn) Begin() (sqldriver.Tx, error) {
	return c.BeginTx(context.Background(), sqldriver.TxOptions{})
}

func (t tx) Commit() error {
	t.conn.inTx = false
	return nil
}

func (t tx) Rollback() error {
	t.conn.inTx = false
	return nil
}
