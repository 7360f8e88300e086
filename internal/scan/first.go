package scan

import (
	"context"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/panics"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// firsts reads of a list the first rows by each of Fetch.Firsts. With Fetch.FirstCount it gives as many rows as the list has.
func (s *Session) firsts(u unit, f *planner.Fetch, d *decoder, req api.Request) *run {
	e := &extremes{session: s, unit: u, fetch: f, decoder: d, req: req}
	return &run{read: e.next, stop: e.close}
}

// extremes is a list of which the first rows by some orders are read.
type extremes struct {
	session *Session
	unit    unit
	fetch   *planner.Fetch
	decoder *decoder
	req     api.Request

	begun bool
	// list is that of the first order. whole says that it is read to its end, because that takes no more requests.
	list  *run
	whole bool
	// pages were read and are to be given; rows were counted, and follow them.
	pages []*page.Page
	rows  []*counted
}

func (e *extremes) close() {
	if e.list != nil {
		e.list.close()
	}
}

func (e *extremes) next(ctx context.Context) (*page.Page, error) {
	if !e.begun {
		if err := e.begin(ctx); err != nil {
			return nil, err
		}
		e.begun = true
	}
	switch {
	case len(e.pages) > 0:
		p := e.pages[0]
		e.pages = e.pages[1:]
		return p, nil
	case e.whole:
		return e.list.next(ctx)
	}
	for len(e.rows) > 0 {
		p, err := e.rows[0].next()
		if err != io.EOF {
			return p, err
		}
		e.rows = e.rows[1:]
	}
	return nil, io.EOF
}

// begin reads the first page of the first order, which tells how long the list is, and decides how to go on.
func (e *extremes) begin(ctx context.Context) error {
	f := e.fetch
	size := int64(-1)
	var once sync.Once
	e.list = e.session.list(e.unit, f, e.decoder, e.req, false, func(root *fastjson.Value) {
		once.Do(func() { size = api.SizeOf(root) })
	})
	p, err := e.list.next(ctx)
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	e.pages = []*page.Page{p}
	if len(f.Firsts) > 1 || f.FirstCount {
		pages := (size-1)/int64(max(1, f.PageLen)) + 1
		if e.whole = size < 0 && f.FirstCount || size >= 0 && pages <= int64(len(f.Firsts)); e.whole {
			return nil
		}
	}
	read := make([][]*page.Page, len(f.Firsts))
	if read[0], err = upToValue(ctx, e.list, p, f.Firsts[0].Column); err != nil {
		return err
	}
	if err := e.readOthers(ctx, read); err != nil {
		return err
	}
	e.pages = nil
	if f.FirstCount {
		e.count(size, read)
		return nil
	}
	for _, pages := range read {
		e.pages = append(e.pages, pages...)
	}
	return nil
}

// readOthers reads the first pages by the other orders, side by side.
func (e *extremes) readOthers(ctx context.Context, read [][]*page.Page) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	short := *e.fetch
	short.PageLen = planner.MinPageLen
	var wg sync.WaitGroup
	for i := 1; i < len(read); i++ {
		wg.Go(func() {
			pages, err := e.readOther(ctx, &short, e.fetch.Firsts[i])
			if read[i] = pages; err != nil {
				cancel(err) // The first one stays.
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

func (e *extremes) readOther(ctx context.Context, f *planner.Fetch, first planner.First) (pages []*page.Page, err error) {
	defer panics.Catch(ctx, e.session.config.Logger, &err) // It runs in a goroutine of its own.
	req := e.req
	req.Query = maps.Clone(req.Query)
	req.Query.Set("sort", first.Sort)
	list := e.session.list(e.unit, f, e.decoder, req, false, nil)
	defer list.close()
	p, err := list.next(ctx)
	if err == io.EOF {
		return nil, nil // The last row went between the requests.
	}
	if err != nil {
		return nil, err
	}
	return upToValue(ctx, list, p, first.Column)
}

// upToValue reads a list on from its first page up to the page that has a value in a column.
func upToValue(ctx context.Context, list *run, p *page.Page, column int) ([]*page.Page, error) {
	pages := []*page.Page{p}
	for {
		for row := range p.Rows {
			if value, ok := cellValue(p, row, column); ok && value != nil {
				return pages, nil
			}
		}
		var err error
		if p, err = list.next(ctx); err == io.EOF {
			return pages, nil
		} else if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
}

// count makes as many rows as the list has, of which the first has the last extreme of each column and all others the first: values that
// satisfy every condition, for they occur, and that are no less and no greater than what is asked for.
func (e *extremes) count(size int64, read [][]*page.Page) {
	f := e.fetch
	one, others := *f, *f
	one.Constants, others.Constants = maps.Clone(f.Constants), maps.Clone(f.Constants)
	for i, first := range f.Firsts {
		value := e.extreme(first, read[i])
		if _, known := one.Constants[first.Column]; !known {
			others.Constants[first.Column] = value
		}
		one.Constants[first.Column] = value
	}
	for _, part := range []struct {
		fetch *planner.Fetch
		n     int64
	}{{&one, min(size, 1)}, {&others, size - 1}} {
		rows := newCounted(part.fetch, e.unit)
		rows.add(part.n, nil)
		e.rows = append(e.rows, rows)
	}
}

// extreme is the least or greatest value of the rows that were read for it, nil where they have none.
func (e *extremes) extreme(first planner.First, pages []*page.Page) any {
	var best *page.Page
	var at int
	kind := e.fetch.Relation.Table.Columns[first.Column].Type
	for _, p := range pages {
		slot := slices.Index(p.Columns, first.Column)
		for row := range p.Rows {
			if slot < 0 || p.Cell(row, slot).Kind == page.Null {
				continue
			}
			if best != nil {
				order := compareCells(kind, p, p.Cell(row, slot), best, best.Cell(at, slices.Index(best.Columns, first.Column)))
				if order == 0 || (order > 0) != first.Greatest() {
					continue
				}
			}
			best, at = p, row
		}
	}
	if best == nil {
		return nil
	}
	value, _ := cellValue(best, at, first.Column)
	return value
}
