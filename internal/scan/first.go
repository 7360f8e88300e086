package scan

import (
	"context"
	"io"
	"slices"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// first reads a list up to the page that has a value in the column of Fetch.First.
func (s *Session) first(u unit, f *planner.Fetch, d *decoder, req api.Request) *run {
	list := s.list(u, f, d, req, false, nil)
	found := false
	return &run{stop: list.stop, read: func(ctx context.Context) (*page.Page, error) {
		if found {
			return nil, io.EOF
		}
		p, err := list.read(ctx)
		if err != nil {
			return nil, err
		}
		slot := slices.Index(p.Columns, f.First-1)
		for row := range p.Rows {
			found = found || slot >= 0 && p.Cell(row, slot).Kind != page.Null
		}
		return p, nil
	}}
}
