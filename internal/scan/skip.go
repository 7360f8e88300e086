package scan

import (
	"context"
	"errors"
	"io"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// skip reads a list from the page on that has the first row behind an OFFSET, and gives witnesses in place of the rows before. No
// row is given before that page has proven its place: where it does not, the list is read from its beginning.
func (s *Session) skip(u unit, f *planner.Fetch, d *decoder, eager bool) *run {
	k := &skipping{session: s, unit: u, fetch: f, list: s.startAt(u, f, d, eager)}
	k.whole = func() *run {
		whole := *f
		whole.Skip = nil
		return s.startAt(u, &whole, d, eager)
	}
	return &run{read: k.next, stop: func() { k.list.close() }}
}

// skipping is a list that is read from a later page on.
type skipping struct {
	session *Session
	unit    unit
	fetch   *planner.Fetch
	list    *run
	whole   func() *run

	begun bool
	// witnesses stand for the rows before first, the page that was read to see whether they may.
	witnesses *counted
	first     *page.Page
}

func (k *skipping) next(ctx context.Context) (*page.Page, error) {
	if !k.begun {
		if err := k.begin(ctx); err != nil {
			return nil, err
		}
		k.begun = true
	}
	if k.witnesses != nil {
		if p, err := k.witnesses.next(); err == nil {
			p.Passed = true
			return p, nil
		}
		k.witnesses = nil
	}
	if p := k.first; p != nil {
		k.first = nil
		return p, nil
	}
	return k.list.next(ctx)
}

// begin reads the first page that is needed.
func (k *skipping) begin(ctx context.Context) error {
	p, err := k.list.next(ctx)
	switch {
	case err == nil && p.Rows == 0:
		return io.EOF // The list ends before that page, and OFFSET leaves no row.
	case err == nil:
		k.witnesses, k.first = newCounted(k.fetch, k.unit), p
		k.witnesses.add(k.fetch.Skip.Before(), nil)
		return nil
	case errors.Is(err, api.ErrNoPage):
		n, err := api.Count(ctx, k.session.config.Client, request(k.unit, k.fetch))
		if err == nil && n <= k.fetch.Skip.Rows {
			return io.EOF // OFFSET leaves no row.
		}
	case !errors.Is(err, api.ErrPageInDoubt):
		return err
	}
	k.list.close()
	k.list = k.whole()
	return nil
}
