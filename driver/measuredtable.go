package driver

import (
	"context"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// measuredTable is a table that knows nothing of statements: its plans get their numbers here, and its scans are measured for
// EXPLAIN ANALYZE and the log, as those of Bitbucket's tables are.
type measuredTable struct{ engine.Table }

// BestIndex implements engine.Table.
func (t measuredTable) BestIndex(ctx context.Context, index *engine.Index) error {
	if err := t.Table.BestIndex(ctx, index); err != nil {
		return err
	}
	statementOf(ctx).number(index)
	return nil
}

// Open implements engine.Table.
func (t measuredTable) Open() (engine.Cursor, error) {
	c, err := t.Table.Open()
	if err != nil {
		return nil, err
	}
	return &measuredCursor{Cursor: c, table: t.Name()}, nil
}

// measuredCursor measures a use of a table in a running statement.
type measuredCursor struct {
	engine.Cursor
	table string
	// measured is nil unless the statement is measured.
	measured *measuredScan
}

// Filter implements engine.Cursor.
func (c *measuredCursor) Filter(ctx context.Context, number int, plan string, args []engine.Arg) error {
	c.measured = statementOf(ctx).starts(ctx, number, c.table)
	ctx, done := c.measured.measure(ctx)
	defer done()
	return c.Cursor.Filter(ctx, number, plan, args)
}

// Next implements engine.Cursor.
func (c *measuredCursor) Next(ctx context.Context) (*page.Page, error) {
	ctx, done := c.measured.measure(ctx)
	defer done()
	p, err := c.Cursor.Next(ctx)
	c.measured.meter().Give(p)
	return p, err
}
