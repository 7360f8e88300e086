package scan

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync/atomic"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/panics"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// Batch is another way to the rows of scans that differ in one argument: a list with a condition that names several of its values.
type Batch struct {
	Column int
	// Arg is the place of the argument, and Same are those of others that the list depends on.
	Arg  int
	Same []int
	// Bind makes the requests, with a list in place of the argument.
	Bind Binder
	// Value is what a cell of Column holds in the rows of a value of the argument, a string or an int64; false where the list cannot be
	// asked for it.
	Value func(any) (any, bool)
	// Most is how many values may be asked for at once, and Rows how many rows a page has.
	Most, Rows int
	// Lone says that a value has one object at the most, so that Most of them are on one page.
	Lone bool
}

// has says whether the scan with these arguments can be one of a batch.
func (b *Batch) has(args []planner.Arg) bool {
	if args[b.Arg].IsList {
		return false
	}
	_, ok := b.Value(args[b.Arg].Value)
	return ok
}

// list names the list that the arguments ask.
func (b *Batch) list(args []planner.Arg) string {
	var out []byte
	for _, i := range b.Same {
		out = appendArgs(out, args[i:i+1])
	}
	return string(out)
}

// pending is a scan that is foreseen, and nothing is requested for yet.
type pending struct {
	args    []planner.Arg
	attempt attempt
}

// batch is a request that several scans share. Each of them is busy until it has ended. When it fails, each makes its own request, if
// it is asked for.
type batch struct {
	site   *site
	cursor *Cursor
	column int
	// members are the scans by the value that the column has in their rows.
	members map[any][]*shared
	// all are the members, in order.
	all    []*shared
	budget *api.Budget
	cancel context.CancelFunc
	// left is the number of members that are not given up.
	left atomic.Int64
	// failed says that the members make their own requests.
	failed atomic.Bool

	// asked says that a member was asked for, and awaited counts the foreseen ones that were neither asked for nor passed over.
	asked   bool
	awaited int
}

const (
	// maxBatchQuery bounds the query of a batch as it stands in a URL, in bytes: servers refuse URLs of some 8,000.
	maxBatchQuery = 4000
	// batchesPerWindow is the window of a statement that may end early for each batch begun ahead.
	batchesPerWindow = 8
)

// mayBatch says whether a scan may share its request. That costs hardly a request more, whatever becomes of the others: there are no
// more values in a batch than have their objects on one page, as far as that is known, so that it is one request, as one of them would be
// alone. Where a value has more than one object, all of them must be wanted to their ends.
func (t *site) mayBatch(args []planner.Arg) bool {
	b := t.batch
	if b == nil || t.unbatched.Load() || t.session.uses.full() || !b.has(args) {
		return false
	}
	return b.Lone || t.depth() > 1 && t.batchSize() > 1
}

// awaitsSize says that it is soon known how many rows a value has, and thus how many values to ask for at once: when the first scan has
// ended. Until then nothing is begun ahead that may be part of a batch.
func (t *site) awaitsSize() bool {
	return t.batch != nil && !t.batch.Lone && !t.unbatched.Load() && t.session.config.Eager && t.toEnd+t.broken == 0
}

// batchSize is how many values to ask for at once. Where a value has several rows, it is as many as fill a page.
func (t *site) batchSize() int {
	if t.batch.Lone || t.toEnd == 0 {
		return t.batch.Most
	}
	rows := t.batch.Rows
	if t.doubtful || t.disordered || t.skipped > 0 {
		rows /= 2 // A second page would be in vain where only some of the values are asked for.
	}
	return min(t.batch.Most, rows*t.toEnd/max(1, t.rowsRead))
}

// beside is how many scans that are foreseen may share the request of one that is asked for.
func (t *site) beside() int {
	n := t.batchSize() - 1
	if !t.session.config.Eager && t.window < 2*t.session.config.MaxInFlight {
		n = min(n, t.window)
	}
	return t.wanted(n)
}

// batchesAhead is how many more batches may be begun that nobody has asked for.
func (t *site) batchesAhead() int {
	n := t.room()
	if !t.session.config.Eager {
		n = min(n, t.window/batchesPerWindow)
	}
	return max(0, n-t.outstanding())
}

// wish is how many scans to foresee that nothing is requested for yet.
func (t *site) wish() int {
	n := t.beside()
	return n + t.wanted(t.batchesAhead()*t.batchSize())
}

// outstanding is how many requests that nobody has asked for were begun.
func (t *site) outstanding() int {
	n := 0
	var last *batch
	for _, a := range t.begun {
		if b := a.scan.batch; b == nil || b != last && !b.asked {
			n++
		}
		last = a.scan.batch
	}
	return n
}

// together requests what is pending, the scan that was asked for among it if nothing is requested for that yet. ended says that no
// more scans will be foreseen.
func (t *site) together(ctx context.Context, args []planner.Arg, ended bool) {
	if !t.batched {
		return
	}
	if name := string(appendArgs(nil, args)); len(t.pending) > 0 {
		t.pending = slices.DeleteFunc(t.pending, func(p pending) bool { return string(appendArgs(nil, p.args)) == name })
	}
	if u := t.use; u.fresh {
		u.fresh = false
		t.send(ctx, args, u.scan, t.take(args, t.beside()))
	}
	for n := t.batchesAhead(); n > 0 && len(t.pending) > 0; n-- {
		of := t.pending[0].args
		if size := t.batchSize(); ended || t.waiting(of) >= size {
			t.send(ctx, of, nil, t.take(of, size))
			continue
		}
		break
	}
}

// waiting counts the pending scans of the list that the arguments name.
func (t *site) waiting(args []planner.Arg) int {
	n, list := 0, t.batch.list(args)
	for _, p := range t.pending {
		if t.batch.list(p.args) == list {
			n++
		}
	}
	return n
}

// take removes the first pending scans of the list that the arguments name.
func (t *site) take(args []planner.Arg, n int) []pending {
	var out []pending
	list := t.batch.list(args)
	t.pending = slices.DeleteFunc(t.pending, func(p pending) bool {
		if len(out) == n || t.batch.list(p.args) != list {
			return false
		}
		out = append(out, p)
		return true
	})
	return out
}

// send requests scans of one list together: those of a group, and one that is asked for, or nil.
func (t *site) send(ctx context.Context, args []planner.Arg, asked *shared, group []pending) {
	var fetches []*planner.Fetch
	keys := map[string]bool{}
	group = slices.DeleteFunc(group, func(p pending) bool {
		fetch := t.toBegin(p.args)
		if fetch == nil || keys[fetch.Key()] {
			return true
		}
		keys[fetch.Key()] = true
		fetches = append(fetches, fetch)
		return false
	})
	fetch, n := t.bindBatch(args, asked != nil, group)
	if fetch == nil {
		for i, p := range group {
			if len(t.begun) < t.room() {
				t.start(ctx, fetches[i], p.attempt)
			}
		}
		return
	}
	if n < len(group) { // The rest waits.
		t.pending = slices.Insert(t.pending, 0, group[n:]...)
		group = group[:n]
	}
	b := &batch{site: t, column: t.batch.Column, members: map[any][]*shared{}, budget: api.AheadOf(ctx), awaited: len(group)}
	join := func(s *shared, args []planner.Arg) {
		s.batch, s.busy = b, make(chan struct{})
		value, _ := t.batch.Value(args[t.batch.Arg].Value)
		b.members[value] = append(b.members[value], s)
		b.all = append(b.all, s)
	}
	if asked != nil {
		join(asked, args)
		b.ask()
	}
	for i, p := range group {
		p.attempt.scan = t.session.foresee(ctx, fetches[i], fetches[i].Key(), false)
		t.begun = append(t.begun, p.attempt)
		join(p.attempt.scan, p.args)
	}
	b.left.Store(int64(len(b.all)))
	ctx, b.cancel = context.WithCancel(api.WithBudget(ctx, b.budget))
	b.cursor = t.session.cursor(fetch)
	b.cursor.recorder.over = true
	t.session.uses.running.Go(func() { b.run(ctx) })
}

// bindBatch makes the request of a batch and returns how many of the group it has room for. It returns nil where there is only one scan,
// or where the list cannot be asked with one query.
func (t *site) bindBatch(args []planner.Arg, asked bool, group []pending) (*planner.Fetch, int) {
	for n := len(group); ; n /= 2 {
		var values []any
		if asked {
			values = append(values, args[t.batch.Arg].Value)
		}
		for _, p := range group[:n] {
			values = append(values, p.args[t.batch.Arg].Value)
		}
		if len(values) < 2 {
			return nil, 0
		}
		list := slices.Clone(args)
		list[t.batch.Arg] = planner.Arg{List: values, IsList: true}
		fetch, err := t.batch.Bind(list)
		if err != nil || fetch.Empty || fetch.Parent != nil || len(fetch.Bindings) != 1 || len(fetch.Queries) != 1 {
			t.unbatched.Store(true)
			return nil, 0
		}
		if len(fetch.Queries[0].Encode()) > maxBatchQuery {
			continue
		}
		fetch.ReadToEnd(!t.batch.Lone)
		fetch.Unfiltered = nil // A list that is not filtered is no help.
		return fetch, n
	}
}

// run reads the rows and hands them to the members.
func (b *batch) run(ctx context.Context) {
	rows, err := b.read(ctx)
	_ = b.cursor.Close()
	if err != nil {
		b.failed.Store(true)
		if ctx.Err() == nil {
			b.site.unbatched.Store(true)
			b.site.session.config.Logger.LogAttrs(ctx, slog.LevelWarn, "a request for several values failed, asking for each of them",
				slog.String("error", err.Error()))
		}
	}
	for _, s := range b.all {
		s.mu.Lock()
		if err == nil {
			s.err = io.EOF
			if p := rows[s]; p != nil {
				s.pages = append(s.pages, p)
				s.session.uses.held.Add(int64(p.Size()))
			}
		}
		close(s.busy)
		s.busy = nil
		s.mu.Unlock()
	}
}

// read reads the list to its end and gives each row to the members whose value its column has. A cell of an unexpected kind, of which
// SQLite must say what it equals, goes to all.
func (b *batch) read(ctx context.Context) (rows map[*shared]*page.Page, err error) {
	defer panics.Catch(ctx, b.site.session.config.Logger, &err)
	rows = map[*shared]*page.Page{}
	for {
		p, err := b.cursor.Next(ctx)
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		slot := slices.Index(p.Columns, b.column)
		for row := range p.Rows {
			for _, s := range b.of(p, p.Cell(row, slot)) {
				if rows[s] == nil {
					rows[s] = &page.Page{Columns: p.Columns}
				}
				appendRow(rows[s], p, row)
			}
		}
	}
}

// of are the members that a row with a cell may belong to.
func (b *batch) of(p *page.Page, c page.Cell) []*shared {
	var value any
	switch c.Kind {
	case page.Null: // equals nothing
		return nil
	case page.Text:
		value = string(p.TextOf(c))
	case page.Integer:
		value = c.V
	}
	for member := range b.members { // All are of one kind.
		if sameKind(member, value) {
			return b.members[value]
		}
		break
	}
	return b.all
}

// sameKind says whether both are texts or both integers.
func sameKind(a, b any) bool {
	_, text := a.(string)
	_, isText := b.(string)
	_, integer := a.(int64)
	_, isInteger := b.(int64)
	return text && isText || integer && isInteger
}

// ask notes that a member is asked for. The methods of a nil batch do nothing.
func (b *batch) ask() {
	if b != nil {
		b.asked = true
		b.budget.Ask()
	}
}

// paid says whether the request was asked for by another member, and serves them all.
func (b *batch) paid() bool { return b != nil && b.asked && !b.failed.Load() }

// leave notes that a member is given up. The request is, with the last.
func (b *batch) leave() {
	if b != nil && b.left.Add(-1) == 0 {
		b.cancel()
	}
}

// inVain notes that the statement has passed over a member, and says whether a request was in vain by that.
func (b *batch) inVain() bool {
	if b == nil {
		return true
	}
	b.awaited--
	return b.awaited == 0 && !b.asked
}
