package scan

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// recall foresees the scans of a site whose arguments come from rows that another site has read before and SQLite has put aside:
// for a common table expression that it materialised, a subquery, a window function or a sort. SQLite hands the rows on as they
// were read or in an order of their columns, which is learned.
type recall struct {
	source *site
	// columns are those of the source that hold the arguments; -1 marks an argument that is always the same.
	columns []int

	// scans and pages are how many of the source's have been read here.
	scans, pages int
	entries      []entry
	// index finds an entry by its arguments.
	index map[string]int
	// order lists the entries as they are expected, and rank is the place of each in it.
	order, rank []int
	by          []sortTerm
	// asked are the entries that were asked for, in that order and each once; now is the latest.
	asked []int
	now   int
	// tries counts the searches for an order.
	tries int
}

// entry is a row of the source, the first with its arguments.
type entry struct {
	page *page.Page
	row  int
	name string
	// asked says that it was asked for.
	asked bool
}

// sortTerm is a column that rows are sorted by.
type sortTerm struct {
	slot int
	desc bool
}

const (
	// maxRecall bounds the rows that are remembered of a source, maxOrder those that an order is searched for.
	maxRecall, maxOrder = 100_000, 5000
	// maxTries is how often an order is searched for.
	maxTries = 12
	// maxRecalls is how many sources are considered.
	maxRecalls = 8
)

// remember foresees by what was read before, where no live row holds the arguments.
func (t *site) remember(ctx context.Context, args []planner.Arg) {
	if t.calls < 2 {
		return // What is always the same comes from nowhere, and one call does not tell.
	}
	name := string(appendArgs(nil, args))
	t.recalls = slices.DeleteFunc(t.recalls, func(r *recall) bool {
		r.read(args)
		_, ok := r.index[name]
		return !ok
	})
	if len(t.recalls) == 0 {
		if t.lost >= maxLost {
			return
		}
		t.lost++
		t.recalls = t.sources(args, name)
	}
	if len(t.recalls) == 0 {
		return
	}
	// The more values a column has, the likelier it is a key.
	r := slices.MaxFunc(t.recalls, func(a, b *recall) int { return cmp.Compare(len(a.entries), len(b.entries)) })
	for _, each := range t.recalls {
		each.ask(each.index[name])
	}
	t.skipped = r.follow()
	if t.disordered = t.skipped < 0; t.disordered {
		t.skipped = 0
	} else {
		t.giveUp(r)
	}
	if !t.batched && len(t.begun) < t.room() {
		t.use.scan.ahead(1)
	}
	at, seen := r.rank[r.now], 0
	for ; seen < len(r.order) && seen <= maxLook && !t.foreseesEnough(); seen++ {
		e := &r.entries[r.order[(at+1+seen)%len(r.order)]]
		if !t.known[e.name] {
			if next, ok := r.args(e.page, e.row, args); ok {
				t.expect(ctx, next, attempt{entry: e})
			}
		}
	}
	t.together(ctx, args, seen == len(r.order))
}

// sources are the sites and columns that hold the arguments in a row.
func (t *site) sources(args []planner.Arg, name string) []*recall {
	var out []*recall
	for _, s := range slices.Concat(slices.Collect(maps.Values(t.session.uses.sites)), t.session.given()) {
		var combinations [][]int
		seen := 0
		for _, scan := range s.asks {
			for i := 0; seen < maxRecall; i++ {
				p := scan.peek(i)
				if p == nil {
					break
				}
				if p.Passed {
					continue
				}
				seen += p.Rows
				for row := range p.Rows {
					combinations = t.combine(combinations, p, row, args)
				}
			}
		}
		for _, columns := range combinations[:min(len(combinations), maxRecalls)] {
			r := &recall{source: s, columns: columns, index: map[string]int{}}
			r.read(args)
			if _, ok := r.index[name]; ok {
				out = append(out, r)
			}
		}
	}
	return out
}

// combine adds the columns of a row that hold the varying arguments, if they all do.
func (t *site) combine(found [][]int, p *page.Page, row int, args []planner.Arg) [][]int {
	columns := make([]int, len(args))
	for i := range columns {
		columns[i] = -1
	}
	var grow func(i int)
	grow = func(i int) {
		for i < len(args) && !t.args[i].varies {
			i++
		}
		if i == len(args) {
			if !slices.ContainsFunc(found, func(c []int) bool { return slices.Equal(c, columns) }) && len(found) < maxRecalls {
				found = append(found, slices.Clone(columns))
			}
			return
		}
		for _, column := range p.Columns {
			if cellIs(p, row, column, args[i].Value) {
				columns[i] = column
				grow(i + 1)
				columns[i] = -1
			}
		}
	}
	grow(0)
	return found
}

// read takes up the rows that the source has read since.
func (r *recall) read(args []planner.Arg) {
	before := len(r.entries)
	for r.scans < len(r.source.asks) && len(r.entries) < maxRecall {
		scan := r.source.asks[r.scans]
		p := scan.peek(r.pages)
		if p == nil {
			if r.scans+1 == len(r.source.asks) {
				break
			}
			r.scans, r.pages = r.scans+1, 0
			continue
		}
		r.pages++
		if p.Passed {
			continue
		}
		for row := range p.Rows {
			next, ok := r.args(p, row, args)
			if !ok {
				continue
			}
			name := string(appendArgs(nil, next))
			if _, there := r.index[name]; !there {
				r.index[name] = len(r.entries)
				r.entries = append(r.entries, entry{page: p, row: row, name: name})
			}
		}
	}
	if len(r.entries) > before {
		r.sort(r.by)
	}
}

// args are the arguments that a row of the source brings, and false if it brings none.
func (r *recall) args(p *page.Page, row int, args []planner.Arg) ([]planner.Arg, bool) {
	out := slices.Clone(args)
	for i, column := range r.columns {
		if column < 0 {
			continue
		}
		value, ok := cellValue(p, row, column)
		if value = as(value, args[i].Value); !ok || value == nil {
			return nil, false
		}
		out[i] = planner.Arg{Value: value}
	}
	return out, true
}

// ask notes that an entry was asked for. Rows with the same arguments are one.
func (r *recall) ask(e int) {
	r.now = e
	if !r.entries[e].asked {
		r.entries[e].asked = true
		r.asked = append(r.asked, e)
	}
}

// follow learns the order from what was asked, and returns how many rows it has passed over; negative where there is no order.
func (r *recall) follow() int {
	if len(r.entries) == 0 {
		return -1
	}
	gaps := r.gaps()
	if gaps == 0 || r.tries >= maxTries || len(r.entries) > maxOrder {
		return gaps
	}
	r.tries++
	best := r.by
	least := gaps
	if least < 0 {
		least = math.MaxInt
	}
	var terms []sortTerm
	for slot := range r.entries[0].page.Columns {
		terms = append(terms, sortTerm{slot, false}, sortTerm{slot, true})
	}
	try := func(by []sortTerm) {
		r.sort(by)
		if n := r.gaps(); n >= 0 && n < least {
			best, least = by, n
		}
	}
	try(nil)
	for _, first := range terms {
		try([]sortTerm{first})
		for _, second := range terms {
			if second.slot != first.slot && least > 0 {
				try([]sortTerm{first, second})
			}
		}
	}
	r.by = best
	r.sort(best)
	return r.gaps()
}

// gaps counts the entries that the order has between those that were asked for one after another; negative if it has them in
// another order.
func (r *recall) gaps() int {
	n, last := 0, -1
	for _, e := range r.asked {
		rank := r.rank[e]
		if rank <= last {
			return -1
		}
		n += rank - last - 1
		last = rank
	}
	return n
}

// sort orders the entries.
func (r *recall) sort(by []sortTerm) {
	r.order = r.order[:0]
	for i := range r.entries {
		r.order = append(r.order, i)
	}
	if len(by) > 0 {
		slices.SortStableFunc(r.order, func(a, b int) int {
			x, y := &r.entries[a], &r.entries[b]
			for _, term := range by {
				if c := compareRows(x.page, x.row, y.page, y.row, term.slot); c != 0 {
					if term.desc {
						return -c
					}
					return c
				}
			}
			return 0
		})
	}
	r.rank = slices.Grow(r.rank[:0], len(r.order))[:len(r.order)]
	for i, e := range r.order {
		r.rank[e] = i
	}
}

// giveUp drops the scans begun ahead whose rows the order has before the one that was asked for.
func (t *site) giveUp(r *recall) {
	now := r.rank[r.now]
	t.dropIf(func(a attempt) bool {
		i, ok := 0, false
		if a.entry != nil {
			i, ok = r.index[a.entry.name]
		}
		return !ok || r.rank[i] < now
	})
}

// compareRows compares two cells of a slot as SQLite sorts them.
func compareRows(p *page.Page, i int, q *page.Page, j, slot int) int {
	if slot >= len(p.Columns) || slot >= len(q.Columns) {
		return 0
	}
	return compareCells(schema.Text, p, p.Cell(i, slot), q, q.Cell(j, slot))
}
