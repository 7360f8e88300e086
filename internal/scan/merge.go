package scan

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// mergedRows is the length of the pages of a merge.
const mergedRows = 256

// merger gives the rows of sorted lists in one order. Rows that are equal by it come in the order of their lists.
type merger struct {
	session *Session
	fetch   *planner.Fetch
	decoder *decoder
	slot    int // of the column that the lists are sorted by
	desc    bool
	kind    schema.Type

	ctx    context.Context // of the first pages, which are read all at once
	cancel context.CancelCauseFunc
	units  unitSource
	begun  bool
	// lists are those that are read, in their order; waiting is the heap of those whose next row is known.
	lists   []*sortedList
	waiting []*sortedList
	// spent is the list whose last known row was given.
	spent *sortedList
	left  int64 // rows that may still be needed; -1 for all
}

// sortedList is a list that is merged.
type sortedList struct {
	run  *run
	i    int // its place among the lists
	page *page.Page
	row  int
}

// merge is the run of all units of a fetch. ctx bounds it.
func (s *Session) merge(ctx context.Context, f *planner.Fetch, d *decoder) *run {
	column := f.Merge - 1
	m := &merger{
		session: s, fetch: f, decoder: d, slot: slices.Index(d.columns, column), kind: f.Relation.Table.Columns[column].Type,
		desc: strings.HasPrefix(f.Queries[0].Get("sort"), "-"), left: f.Limit,
	}
	m.ctx, m.cancel = context.WithCancelCause(ctx)
	return &run{read: m.next, stop: m.stop}
}

func (m *merger) stop() {
	m.cancel(nil)
	for _, l := range m.lists {
		l.run.close()
	}
	if m.units != nil {
		m.units.close()
	}
}

// begin reads the first page of every list, as many at a time as may be in flight.
func (m *merger) begin() error {
	if m.fetch.Parent != nil {
		m.fetch.Parent.ReadToEnd(true)
	}
	m.units = m.session.unitsOf(m.fetch)
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		first error
	)
	fail := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if first == nil {
			first = err
			m.cancel(err)
		}
	}
	for {
		u, err := m.units.next(m.ctx)
		if err == io.EOF {
			break
		}
		if err != nil {
			fail(err)
			break
		}
		l := &sortedList{run: m.session.start(u, m.fetch, m.decoder, false), i: len(m.lists)}
		m.lists = append(m.lists, l)
		wg.Go(func() {
			if err := l.advance(m.ctx); err != nil {
				fail(err)
			}
		})
	}
	wg.Wait()
	if first != nil {
		return first
	}
	for _, l := range m.lists {
		if l.page != nil {
			m.waiting = append(m.waiting, l)
		}
	}
	heap.Init(m)
	return nil
}

// advance goes to the next row, reading a page where it must; page is nil at the end.
func (l *sortedList) advance(ctx context.Context) error {
	if l.page != nil {
		if l.row++; l.row < l.page.Rows {
			return nil
		}
	}
	for {
		p, err := l.run.next(ctx)
		if err == io.EOF {
			l.page = nil
			return nil
		}
		if err != nil {
			return err
		}
		if p.Rows > 0 {
			l.page, l.row = p, 0
			return nil
		}
	}
}

func (m *merger) next(ctx context.Context) (*page.Page, error) {
	if !m.begun {
		if err := m.begin(); err != nil {
			return nil, err
		}
		m.begun = true
	}
	out := &page.Page{Columns: m.decoder.columns}
	for out.Rows < mergedRows && m.left != 0 {
		// The page after a list's last row is read only now that one more row is asked for.
		if l := m.spent; l != nil {
			m.spent = nil
			if err := l.advance(ctx); err != nil {
				return nil, err
			}
			if l.page != nil {
				heap.Push(m, l)
			}
		}
		if len(m.waiting) == 0 {
			break
		}
		l := heap.Pop(m).(*sortedList)
		appendRow(out, l.page, l.row)
		m.spent = l
		m.left--
	}
	if out.Rows == 0 {
		return nil, io.EOF
	}
	return out, nil
}

// Len implements heap.Interface.
func (m *merger) Len() int { return len(m.waiting) }

// Swap implements heap.Interface.
func (m *merger) Swap(i, j int) { m.waiting[i], m.waiting[j] = m.waiting[j], m.waiting[i] }

// Push implements heap.Interface.
func (m *merger) Push(l any) { m.waiting = append(m.waiting, l.(*sortedList)) }

// Pop implements heap.Interface.
func (m *merger) Pop() any {
	last := len(m.waiting) - 1
	l := m.waiting[last]
	m.waiting = m.waiting[:last]
	return l
}

// Less implements heap.Interface.
func (m *merger) Less(i, j int) bool {
	a, b := m.waiting[i], m.waiting[j]
	order := compareCells(m.kind, a.page, a.page.Cell(a.row, m.slot), b.page, b.page.Cell(b.row, m.slot))
	if m.desc {
		order = -order
	}
	return order < 0 || order == 0 && a.i < b.i
}

// compareCells compares two values of a column as SQLite sorts them: NULL before numbers before text before blobs, text by its
// bytes, and that of a timestamp column by the collating sequence TIMESTAMP.
func compareCells(kind schema.Type, p *page.Page, a page.Cell, q *page.Page, b page.Cell) int {
	class := func(c page.Cell) page.Kind {
		if c.Kind == page.Real {
			return page.Integer
		}
		return c.Kind
	}
	if order := cmp.Compare(class(a), class(b)); order != 0 {
		return order
	}
	switch a.Kind {
	case page.Integer, page.Real:
		if a.Kind == page.Integer && b.Kind == page.Integer {
			return cmp.Compare(a.V, b.V)
		}
		return cmp.Compare(number(a), number(b))
	case page.Text:
		x, y := p.TextOf(a), q.TextOf(b)
		if kind == schema.Timestamp {
			// Cells have the canonical form, whose order is that of the bytes; what has none comes after all timestamps.
			_, isTime := timestamp.Canonical(string(x))
			_, isTimeToo := timestamp.Canonical(string(y))
			if isTime != isTimeToo {
				if isTime {
					return -1
				}
				return 1
			}
		}
		return bytes.Compare(x, y)
	case page.Blob:
		return bytes.Compare(p.TextOf(a), q.TextOf(b))
	}
	return 0
}

func number(c page.Cell) float64 {
	if c.Kind == page.Integer {
		return float64(c.V)
	}
	return c.Float()
}
