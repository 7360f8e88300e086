package scan

import (
	"context"
	"io"
	"slices"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// stopBehind ends a run after the first page all of whose rows lie behind the horizon. A value that is no timestamp does not.
func stopBehind(h *planner.Horizon, r *run) {
	read, over := r.read, false
	r.read = func(ctx context.Context) (*page.Page, error) {
		if over {
			return nil, io.EOF
		}
		p, err := read(ctx)
		if err != nil {
			return nil, err
		}
		slot := slices.Index(p.Columns, h.Column)
		over = p.Rows > 0 && slot >= 0
		for row := 0; over && row < p.Rows; row++ {
			c := p.Cell(row, slot)
			at := ""
			if c.Kind == page.Text {
				at = string(p.TextOf(c))
			}
			_, known := timestamp.Canonical(at)
			over = known && at < h.Before
		}
		return p, nil
	}
}
