package scan

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// groups counts the rows of a list by the values of a column. Where the counts do not make up the list, because the column has
// a value that is not known or rows came and went between the requests, the rows are read.
func (s *Session) groups(u unit, f *planner.Fetch, d *decoder, req api.Request, eager bool) *run {
	g := &grouping{session: s, unit: u, fetch: f, decoder: d, req: req, eager: eager}
	return &run{read: g.next, stop: g.close}
}

// grouping is a list that is counted by the values of a column.
type grouping struct {
	session *Session
	unit    unit
	fetch   *planner.Fetch
	decoder *decoder
	req     api.Request
	eager   bool

	begun bool
	// rows are those that were counted; list reads them where they are not, and first is its page that was read to see how long it
	// is.
	rows  *counted
	list  *run
	first *page.Page
}

func (g *grouping) close() {
	if g.list != nil {
		g.list.close()
	}
}

func (g *grouping) next(ctx context.Context) (*page.Page, error) {
	if !g.begun {
		if err := g.begin(ctx); err != nil {
			return nil, err
		}
		g.begun = true
	}
	switch {
	case g.rows != nil:
		return g.rows.next()
	case g.first != nil:
		p := g.first
		g.first = nil
		return p, nil
	}
	return g.list.next(ctx)
}

// begin decides between counting and reading.
func (g *grouping) begin(ctx context.Context) error {
	group := g.fetch.Group
	total := int64(-1)
	if group.Values != nil && !group.Alone {
		size, err := g.peek(ctx)
		if err != nil {
			return err
		}
		pages := (size - 1) / int64(max(1, g.fetch.PageLen)) // those after the first
		if size < 0 || pages <= int64(len(group.Values)) {
			return nil
		}
		total = size
	}
	if group.Values != nil {
		counts, err := g.counts(ctx, total)
		if err != nil {
			return err
		}
		if counts != nil {
			g.rows = newCounted(g.fetch, g.unit)
			for i, n := range counts {
				g.rows.add(n, group.Values[i].Value)
			}
			return nil
		}
	}
	if g.list == nil {
		g.open(nil)
	}
	if group.Ordered {
		return g.sort(ctx)
	}
	return nil
}

// open begins to read the list; see, if any, is shown the pages.
func (g *grouping) open(see func(*fastjson.Value)) {
	all := *g.fetch
	all.Limit = -1 // of the rows in their order, which is not that of the list
	g.list = g.session.list(g.unit, &all, g.decoder, g.req, g.eager, see)
}

// peek reads the first page of the list, and returns the list's length, -1 where it is not told.
func (g *grouping) peek(ctx context.Context) (int64, error) {
	size := int64(-1)
	var once sync.Once // The first page is decoded before all others.
	g.open(func(root *fastjson.Value) {
		once.Do(func() { size = api.SizeOf(root) })
	})
	p, err := g.list.next(ctx)
	if err != nil && err != io.EOF {
		return 0, err
	}
	g.first = p
	return size, nil
}

// counts asks for all counts at once, and for the length of the list, unless it is known. It returns nil when the rows are not
// those of the values.
func (g *grouping) counts(ctx context.Context, total int64) ([]int64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	group := g.fetch.Group
	counts := make([]int64, len(group.Values), len(group.Values)+1)
	requests := make([]api.Request, len(group.Values), len(group.Values)+1)
	for i, v := range group.Values {
		requests[i] = api.Request{Path: g.req.Path, Query: g.fetch.With(g.req.Query, v.Query)}
	}
	if group.Whole && total < 0 {
		requests, counts = append(requests, g.req), append(counts, 0)
	}
	errs := make(chan error, len(requests))
	for i := range requests {
		go func() {
			n, err := api.Count(ctx, g.session.config.Client, requests[i])
			counts[i] = n
			if err != nil {
				cancel(err)
			}
			errs <- err
		}()
	}
	var first error
	for range requests {
		if err := <-errs; err != nil && (first == nil || errors.Is(first, context.Canceled)) {
			first = err
		}
	}
	if first != nil {
		return nil, first
	}
	if !group.Whole {
		return counts, nil
	}
	if total < 0 {
		total = counts[len(group.Values)]
		counts = counts[:len(group.Values)]
	}
	for _, n := range counts {
		total -= n
	}
	if total != 0 {
		return nil, nil
	}
	return counts, nil
}

// sort reads the whole list and brings its rows into the order of the column, as SQLite has it: NULL before text, text by its
// bytes.
func (g *grouping) sort(ctx context.Context) error {
	type row struct {
		page *page.Page
		i    int
		null bool
		text string
	}
	var rows []row
	for {
		p, err := g.list.next(ctx)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		slot := slices.Index(p.Columns, g.fetch.Group.Column)
		for i := range p.Rows {
			c := p.Cell(i, slot)
			rows = append(rows, row{page: p, i: i, null: c.Kind == page.Null, text: cellText(p, c)})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		if g.fetch.Group.Desc {
			a, b = b, a
		}
		switch {
		case a.null && b.null:
			return 0
		case a.null:
			return -1
		case b.null:
			return 1
		}
		return strings.Compare(a.text, b.text)
	})
	sorted := &page.Page{Columns: g.decoder.columns}
	for _, r := range rows {
		appendRow(sorted, r.page, r.i)
	}
	g.list.close()
	g.list = once(func(context.Context) (*page.Page, error) { return sorted, nil })
	return nil
}
