package scan

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// siteKey names the place of a table in a statement.
type siteKey struct {
	relation string
	id       int
}

// site is the place of a table in a statement, which outlives its uses. It learns where the arguments of its scans come from,
// and begins the scans ahead that it will be asked for next: where an argument has always been the value of a column in the row
// that another table stands in, that table's following rows hold the arguments to come. What it foresees changes no row of the
// statement, for a scan that was begun ahead counts only once it is asked for.
type site struct {
	session  *Session
	relation *planner.Relation
	// use is the latest use, and nil when it is closed.
	use   *Use
	bind  Binder
	batch *Batch
	// sifted says that SQLite drops some of the rows that are read.
	sifted bool
	// firstRow says that SQLite takes the first row and no other, unless that is none that it wants.
	firstRow bool
	// doubtful says that the rows that bring the scans are sifted.
	doubtful bool

	// calls counts the scans, toEnd those that were read to their end, and broken those that were not.
	calls, toEnd, broken int
	// goesOn says that a scan was read beyond its first page.
	goesOn bool
	args   []argument
	// latest are the arguments of the latest call.
	latest []planner.Arg
	// asks are the scans that were asked for.
	asks []*shared
	// recalls are the rows read before that held the arguments at every call, and lost counts the searches for them.
	recalls []*recall
	lost    int
	// known are the arguments that were asked for or begun ahead.
	known map[string]bool

	// begun are the scans begun ahead that were not asked for, in the order of their rows.
	begun []attempt
	// window is how many there may be; wasted counts those that were passed over.
	window, wasted int
	// last is the row at the last call, and next the row to look at next, both of the driving site; skipped are rows that it has
	// passed without a call.
	last, next mark
	skipped    int
	// pending are scans to come that nothing is requested for yet, in the order of their rows, where several may share a request.
	pending []pending
	// batched says that the latest scan that was asked for may share one, and unbatched that none shall: Bitbucket has refused it.
	batched   bool
	unbatched atomic.Bool
	// rowsRead counts the rows of the scans that were read to their end.
	rowsRead int
	// broad is what is known of reading the rows of all values at once, by what tells the lists apart.
	broad map[string]*broadly
	// disordered says that the arguments come in no order that is known.
	disordered bool
}

// argument is what is known of an argument of a site's scans.
type argument struct {
	first  planner.Arg
	varies bool
	// from are the places that held the argument's value at every call.
	from []place
	// lost counts the calls at which no place was left.
	lost int
}

// place is a column of a site's current row.
type place struct {
	site   *site
	column int
}

// mark is a row of a scan.
type mark struct {
	scan      *shared
	page, row int
}

// attempt is a scan begun ahead, and the row that brings it: one to come, or an entry of a recall.
type attempt struct {
	scan  *shared
	mark  mark
	row   *foreseen
	entry *entry
}

// foreseen is a row that a site will stand in, with the rows of the sites around it.
type foreseen struct {
	site  *site
	page  *page.Page
	row   int
	outer *foreseen
}

const (
	// maxLost is how often a search for an argument's place is begun anew.
	maxLost = 8
	// eagerWindow is the first window of a statement that reads its scans to their end.
	eagerWindow = 4
	// maxLook is how many rows a call looks ahead at.
	maxLook = 1000
)

func (s *Session) site(r *planner.Relation, id int) *site {
	key := siteKey{r.String(), id}
	t := s.uses.sites[key]
	if t == nil {
		t = &site{session: s, relation: r, known: map[string]bool{}, window: 1}
		s.uses.sites[key] = t
	}
	return t
}

// left notes whether a scan was read to its end, and how many rows it has.
func (t *site) left(ended bool, rows int) {
	if ended {
		t.toEnd++
		t.rowsRead += rows
	} else {
		t.broken++
	}
}

// current is the row that SQLite stands in, or false.
func (t *site) current() (*page.Page, int, bool) {
	if t.use == nil || t.use.page == nil {
		return nil, 0, false
	}
	row := t.use.row()
	return t.use.page, row, row >= 0 && row < t.use.page.Rows
}

// ask learns from the arguments of a scan and begins those ahead that follow. The scan is already that of the use.
func (t *site) ask(ctx context.Context, args []planner.Arg) {
	t.calls++
	t.asks, t.latest = append(t.asks, t.use.scan), args
	t.batched = t.mayBatch(args)
	t.learn(args)
	t.known[string(appendArgs(nil, args))] = true
	hit := slices.IndexFunc(t.begun, func(a attempt) bool { return a.scan == t.use.scan })
	if hit >= 0 {
		t.begun = slices.Delete(t.begun, hit, hit+1)
		t.window = min(2*t.window, 2*t.session.config.MaxInFlight)
	}
	// The rows that follow one that was looked up are not those that follow it in the scan.
	if d := t.driver(); d != nil && d.use.found == nil {
		t.doubtful = d.sifted || d.doubtful
		if t.calls == 1 && t.session.config.Eager && !t.doubtful {
			t.window = eagerWindow
		}
		t.pass(d)
		if !t.batched && len(t.begun) < t.room() {
			// What is waited for goes first.
			t.use.scan.ahead(1)
		}
		if !t.awaitsSize() {
			t.foresee(ctx, d, args)
		}
	} else {
		t.remember(ctx, args)
	}
	t.use.fresh = false
	for i := range t.begun[:min(len(t.begun), t.session.config.MaxInFlight)] {
		t.begun[i].scan.ahead(t.depth())
	}
}

// goOn begins more scans ahead while the statement reads on in one: it is not content with first rows.
func (t *site) goOn(ctx context.Context) {
	if !t.session.config.Eager || t.doubtful || t.broken > 0 {
		return
	}
	d := t.driver()
	if d == nil || d.use.found != nil {
		return
	}
	t.goesOn = true
	if t.awaitsSize() {
		return
	}
	t.window = max(t.window, min(2*t.window, t.session.config.MaxInFlight))
	t.foresee(ctx, d, t.latest)
	for i := range t.begun[:min(len(t.begun), t.session.config.MaxInFlight)] {
		t.begun[i].scan.ahead(t.depth())
	}
}

// learn narrows the places that the arguments come from.
func (t *site) learn(args []planner.Arg) {
	if t.args == nil || len(t.args) != len(args) {
		t.args = make([]argument, len(args))
		for i, a := range args {
			t.args[i] = argument{first: a}
			if !a.IsList {
				t.args[i].from = t.holders(a.Value)
			}
		}
		return
	}
	for i, a := range args {
		g := &t.args[i]
		g.varies = g.varies || !sameArg(g.first, a)
		if a.IsList {
			continue
		}
		g.from = slices.DeleteFunc(g.from, func(p place) bool {
			at, row, ok := p.site.current()
			return !ok || !cellIs(at, row, p.column, a.Value)
		})
		if len(g.from) == 0 && g.varies && g.lost < maxLost {
			g.lost++
			g.from = t.holders(a.Value)
		}
	}
}

// holders are the places that hold a value now.
func (t *site) holders(value any) []place {
	var out []place
	for _, s := range t.session.uses.sites {
		if p, row, ok := s.current(); ok && s != t && !(s.firstRow && s.use.at == 1 && row == 0) {
			for _, column := range p.Columns {
				if cellIs(p, row, column, value) {
					out = append(out, place{s, column})
				}
			}
		}
	}
	return out
}

// driver is the site whose next row brings the next scan: the innermost of those that the arguments come from, which is the one
// whose scan began last. It is nil when an argument comes from nowhere.
func (t *site) driver() *site {
	var innermost *site
	varying := slices.ContainsFunc(t.args, func(g argument) bool { return g.varies })
	for _, g := range t.args {
		if len(g.from) == 0 && g.varies {
			return nil
		}
		if varying && !g.varies {
			continue
		}
		for _, p := range g.from {
			if p.site.use != nil && (innermost == nil || p.site.use.started > innermost.use.started) {
				innermost = p.site
			}
		}
	}
	return innermost
}

// pass accounts for the rows that the driving site has passed since the last call.
func (t *site) pass(d *site) {
	_, row, ok := d.current()
	if !ok {
		return
	}
	now := mark{d.use.scan, d.use.at - 1, row}
	switch {
	case t.last.scan == now.scan && t.last.page == now.page && t.last.row <= now.row:
		t.skipped += max(0, now.row-t.last.row-1)
	case t.last.scan != nil:
		if p := t.last.scan.peek(t.last.page); p != nil {
			t.skipped += p.Rows - t.last.row - 1
		}
		t.skipped += row
	default:
		t.skipped += row
	}
	t.last = now
	if t.next.scan != now.scan || t.next.page < now.page || t.next.page == now.page && t.next.row <= now.row {
		if !slices.ContainsFunc(d.begun, func(a attempt) bool { return a.scan == t.next.scan }) {
			t.next = mark{now.scan, now.page, now.row + 1}
		}
	}
	t.dropIf(func(a attempt) bool {
		m := a.mark
		return m.scan == now.scan && (m.page < now.page || m.page == now.page && m.row <= now.row) ||
			m.scan != now.scan && !slices.ContainsFunc(d.begun, func(b attempt) bool { return b.scan == m.scan })
	})
}

// dropIf gives up scans begun ahead, which the statement has passed over.
func (t *site) dropIf(passed func(attempt) bool) {
	t.pending = slices.DeleteFunc(t.pending, func(p pending) bool { return passed(p.attempt) })
	t.begun = slices.DeleteFunc(t.begun, func(a attempt) bool {
		if !passed(a) {
			return false
		}
		if a.scan.batch.inVain() {
			t.wasted++
			t.window = max(1, t.window/2)
		}
		t.drop(a.scan)
		return true
	})
}

// drop gives up a scan begun ahead. A whole one may still be asked for by another row.
func (t *site) drop(s *shared) {
	switch {
	case s.readers > 0:
	case s.whole():
		t.session.shelve(s)
	default:
		s.close()
	}
}

// foresee begins scans ahead.
func (t *site) foresee(ctx context.Context, d *site, args []planner.Arg) {
	more := true
	for looked := 0; more && !t.foreseesEnough() && looked < maxLook; looked++ {
		at, row := t.look(d)
		if more = row != nil; !more {
			break
		}
		if next, ok := t.argsAt(d, row, args); ok {
			t.expect(ctx, next, attempt{mark: at, row: row})
		}
	}
	t.together(ctx, args, !more && t.next.scan != nil && t.next.scan.whole() && d.calls == 1)
}

// foreseesEnough says whether no more scans are to be foreseen.
func (t *site) foreseesEnough() bool {
	if t.batched {
		return len(t.pending) >= t.wish()
	}
	return len(t.begun) >= t.room()
}

// expect takes up a scan that is foreseen: it begins it, or has it wait for others that it may share a request with.
func (t *site) expect(ctx context.Context, args []planner.Arg, a attempt) {
	name := string(appendArgs(nil, args))
	switch {
	case t.known[name]:
	case t.batched && t.batch.has(args):
		t.known[name] = true
		t.pending = append(t.pending, pending{args: args, attempt: a})
	default:
		t.begin(ctx, args, name, a)
	}
}

// begin begins a scan ahead, unless there is nothing to request.
func (t *site) begin(ctx context.Context, args []planner.Arg, name string, a attempt) {
	t.known[name] = true
	if fetch := t.toBegin(args); fetch != nil {
		t.start(ctx, fetch, a)
	}
}

// toBegin is the fetch of a scan to begin, or nil when there is nothing to request.
func (t *site) toBegin(args []planner.Arg) *planner.Fetch {
	fetch, err := t.bind(args)
	if err != nil || fetch.Empty {
		return nil
	}
	key := fetch.Key()
	if _, there := t.session.uses.scans[key]; there || key == "" {
		return nil
	}
	if _, there := t.session.cache.get(key); there {
		return nil
	}
	return fetch
}

// start begins the scan of a fetch ahead.
func (t *site) start(ctx context.Context, fetch *planner.Fetch, a attempt) {
	hasty := t.session.config.Eager && t.depth() > 1 && t.session.config.Budget.Spare() > t.session.config.MaxInFlight
	a.scan = t.session.foresee(ctx, fetch, fetch.Key(), hasty)
	t.begun = append(t.begun, a)
	a.scan.ahead(1)
}

// look returns the row of the driving site after those that were looked at, and nil when it is not there yet: it is then on its
// way, if the site can have one.
func (t *site) look(d *site) (mark, *foreseen) {
	for t.next.scan != nil {
		p := t.next.scan.peek(t.next.page)
		switch {
		case p != nil && t.next.row < p.Rows && !p.Passed:
			at := t.next
			t.next.row++
			return at, &foreseen{site: d, page: p, row: at.row, outer: d.around(at.scan)}
		case p != nil:
			t.next = mark{t.next.scan, t.next.page + 1, 0}
		case !t.next.scan.whole():
			if t.window > 4 || t.session.config.Eager {
				t.next.scan.ahead(t.next.page + 1)
			}
			return mark{}, nil
		default:
			// The scan's rows are all looked at: those of the site's next scan follow, where it is begun.
			i := slices.IndexFunc(d.begun, func(a attempt) bool { return a.scan == t.next.scan }) + 1
			if i >= len(d.begun) || d.doubtful {
				return mark{}, nil
			}
			t.next = mark{d.begun[i].scan, 0, 0}
		}
	}
	return mark{}, nil
}

// around are the rows of other sites that belong to a scan begun ahead.
func (t *site) around(s *shared) *foreseen {
	if i := slices.IndexFunc(t.begun, func(a attempt) bool { return a.scan == s }); i >= 0 {
		return t.begun[i].row
	}
	return nil
}

// argsAt are the arguments of the scan that a foreseen row brings, and false if it brings none.
func (t *site) argsAt(d *site, row *foreseen, args []planner.Arg) ([]planner.Arg, bool) {
	out := slices.Clone(args)
	for i := range t.args {
		from := t.args[i].from
		if len(from) == 0 {
			continue
		}
		p := from[0]
		if j := slices.IndexFunc(from, func(p place) bool { return p.site == d }); j >= 0 {
			p = from[j]
		}
		for r := row; r != nil; r = r.outer {
			if r.site != p.site {
				continue
			}
			value, ok := cellValue(r.page, r.row, p.column)
			if value = as(value, args[i].Value); !ok || value == nil {
				return nil, false
			}
			out[i] = planner.Arg{Value: value}
			break
		}
	}
	return out, true
}
