package scan

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/panics"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// Cursor gives the rows of a scan, page by page. It is for one goroutine at a time.
type Cursor struct {
	session *Session
	fetch   *planner.Fetch
	decoder *decoder
	key     string

	// replay are the pages of an equal scan that ran before.
	replay []*page.Page
	cached bool

	ctx    context.Context // of all requests; nil before the first Next
	cancel context.CancelFunc
	units  unitSource
	// queue are the units under way, in the order of their rows.
	queue []*run
	// window is how many units may be under way.
	window    int
	eager     bool
	exhausted bool
	remaining int64
	// given says that a row has been given.
	given    bool
	recorder recorder
	err      error
}

// Next returns the next page and io.EOF after the last. The page must not be changed.
func (c *Cursor) Next(ctx context.Context) (*page.Page, error) {
	if c.err != nil {
		return nil, c.err
	}
	if c.cached {
		if len(c.replay) == 0 {
			return nil, io.EOF
		}
		p := c.replay[0]
		c.replay = c.replay[1:]
		return p, nil
	}
	p, err := c.next(ctx)
	if err != nil {
		if err == io.EOF && !c.recorder.over {
			c.session.cache.put(c.key, c.recorder.pages, c.recorder.bytes)
		}
		c.err = err
		c.stop()
		return nil, err
	}
	c.recorder.add(p)
	return p, nil
}

func (c *Cursor) next(ctx context.Context) (p *page.Page, err error) {
	// It may run in a goroutine that reads ahead, where a panic would end the program.
	defer panics.Catch(ctx, c.session.config.Logger, &err)
	if c.fetch.Empty || c.remaining == 0 {
		return nil, io.EOF
	}
	if c.ctx == nil {
		c.ctx, c.cancel = context.WithCancel(ctx)
		c.begin()
	}
	for {
		if err := c.fill(ctx); err != nil {
			return nil, err
		}
		if len(c.queue) == 0 {
			return nil, io.EOF
		}
		p, err := c.queue[0].next(ctx)
		if err != nil && c.widen(ctx, err) {
			continue
		}
		if err == io.EOF {
			c.queue = c.queue[1:]
			if !c.eager {
				c.window = min(2*c.window, 8)
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if p.Rows == 0 {
			continue
		}
		c.given = true
		if c.remaining > 0 {
			c.remaining = max(0, c.remaining-int64(p.Rows))
		}
		return p, nil
	}
}

// widen starts anew without filters when Bitbucket refuses them and no row has been given yet. It says whether it did.
func (c *Cursor) widen(ctx context.Context, err error) bool {
	var refused *api.Error
	if c.given || c.fetch.Unfiltered == nil || !errors.As(err, &refused) || refused.Kind != api.BadRequest {
		return false
	}
	c.session.config.Logger.LogAttrs(ctx, slog.LevelWarn, "a filter is refused, reading without it", slog.String("error", err.Error()))
	for _, r := range c.queue {
		r.close()
	}
	c.units.close()
	c.fetch = c.fetch.Unfiltered
	c.queue, c.exhausted, c.remaining = nil, false, c.fetch.Limit
	c.decoder = newDecoder(c.fetch)
	c.begin()
	return true
}

// begin makes the units, or the one run that merges them.
func (c *Cursor) begin() {
	if c.fetch.Merge > 0 {
		c.units = &fixedUnits{fetch: &planner.Fetch{}}
		c.queue, c.exhausted = []*run{c.session.merge(c.ctx, c.fetch, c.decoder)}, true
		return
	}
	c.units = c.session.unitsOf(c.fetch)
}

// fill starts units until the window is full. A unit that runs ahead of its turn has a goroutine of its own; the first one
// reads when it is asked.
func (c *Cursor) fill(ctx context.Context) error {
	for !c.exhausted && len(c.queue) < c.window {
		// Waiting for a parent's page must not hold back rows that are there.
		if len(c.queue) > 0 && !c.units.ready() {
			return nil
		}
		u, err := c.units.next(ctx)
		if err == io.EOF {
			c.exhausted = true
			return nil
		}
		if err != nil {
			return err
		}
		r := c.session.start(u, c.fetch, c.decoder, c.eager || c.fetch.Limit >= 0)
		if len(c.queue) > 0 {
			r.ahead(c.ctx)
		}
		c.queue = append(c.queue, r)
	}
	return nil
}

// Close stops what is under way.
func (c *Cursor) Close() error {
	c.err = io.EOF
	c.stop()
	return nil
}

func (c *Cursor) stop() {
	if c.cancel != nil {
		c.cancel()
	}
	for _, r := range c.queue {
		r.close()
	}
	c.queue = nil
	if c.units != nil {
		c.units.close()
		c.units = nil
	}
	c.exhausted = true
	c.recorder = recorder{over: true}
}
