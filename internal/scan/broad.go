package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Broad is another way to the rows of a scan that is repeated with many values of an argument: the rows of all values are read
// once, and each value's are looked up by a column, or left to SQLite to pick.
type Broad struct {
	// Column is where the values are looked up, and Arg the place of the argument; both are -1 where nothing is looked up.
	Column, Arg int
	// Same are the places of other arguments that the rows depend on. Loose are those of them that they need not depend on: where
	// their values change, the rows of all values are read.
	Same, Loose []int
	// Lists says that the rows come from a list for each row of another table, so that nobody can be asked for their number.
	Lists bool
	// Bind makes the requests, without the Loose arguments at the places of without.
	Bind func(args []planner.Arg, without []int) (*planner.Fetch, error)
}

// broadly is what a site knows of its Broad with certain values of Same, which name one list. A scan for each value is paid for as
// they come, and the list of all rows at once: as long as the values have cost less than the list would, nobody knows which is
// cheaper, and after that the list is read. So no more than twice the fewest requests are made.
type broadly struct {
	// requests counts the first requests of the scans that were asked for, and before is what the site had spent in vain when the first
	// was.
	requests, before int
	// pages are those of the whole list; 0 when it was not asked yet.
	pages int
	// scan is the whole list, once it is read.
	scan *shared
	// refused says that the list is of no use.
	refused bool
	// begun is how many requests the statement had made when the first value came, and again from how many of the scans on several
	// lists are tried.
	begun, again int
}

const (
	// broadFrom is the number of requests from which on the length of the list is asked for.
	broadFrom = 8
	// maxBroadPages bounds the list that is read and kept.
	maxBroadPages = 1000
)

// readBroadly serves a scan from the whole list, if that is cheaper, and says whether it does. there is the scan if it has begun, or
// nil.
func (t *site) readBroadly(ctx context.Context, args []planner.Arg, b *Broad, there *shared) (bool, error) {
	if b.Arg >= 0 && args[b.Arg].IsList {
		return false, nil
	}
	without := t.changing(b)
	if b.Arg < 0 && without == nil {
		return false, nil // the same rows again
	}
	k := t.broadOf(args, b, without)
	if k.refused {
		return false, nil
	}
	if k.scan == nil {
		if there != nil && (there.given() || there.batch.paid()) {
			return false, nil
		}
		k.requests++
		switch {
		case b.Lists:
			if k.requests < max(2, k.again) {
				return false, nil
			}
		case t.spent(k) < broadFrom || k.pages > t.spent(k):
			return false, nil
		}
		if err := t.considerBroad(ctx, k, args, b, without); err != nil || k.scan == nil {
			return false, err
		}
	}
	var found *rowsFound
	if b.Arg >= 0 {
		value, ok := t.bytewise(b.Column, args[b.Arg].Value)
		if !ok {
			return false, nil
		}
		if found = k.scan.lookUp(&Lookup{b.Column, value}); found == nil {
			return false, nil // SQLite compares this value otherwise.
		}
	}
	u := t.use
	u.replayed, u.scan, u.found = true, k.scan, found
	k.scan.readers++
	t.dropIf(func(attempt) bool { return true })
	return true, nil
}

// changing are the Loose arguments that have had several values.
func (t *site) changing(b *Broad) (places []int) {
	for _, i := range b.Loose {
		if i < len(t.args) && t.args[i].varies {
			places = append(places, i)
		}
	}
	return places
}

// broadOf is what is known of the list that the arguments name but for some.
func (t *site) broadOf(args []planner.Arg, b *Broad, without []int) *broadly {
	list := fmt.Append(nil, without)
	for _, i := range b.Same {
		if !slices.Contains(without, i) {
			list = appendArgs(list, args[i:i+1])
		}
	}
	k := t.broad[string(list)]
	if k == nil {
		k = &broadly{before: t.vain(), begun: t.session.config.Budget.Requests()}
		if t.broad == nil {
			t.broad = map[string]*broadly{}
		}
		t.broad[string(list)] = k
	}
	return k
}

// vain is how many requests begun ahead were not asked for, or not yet.
func (t *site) vain() int { return t.outstanding() + t.wasted }

// bytewise is the value that equals the same cells of the column byte by byte: of a timestamp the canonical form, which cells have.
// It returns false where there is none.
func (t *site) bytewise(column int, value any) (any, bool) {
	if t.relation.Table.Columns[column].Type != schema.Timestamp || value == nil {
		return value, true
	}
	text, _ := value.(string)
	return timestamp.Canonical(text)
}

// spent is about how many requests the values have cost.
func (t *site) spent(k *broadly) int { return k.requests + max(0, t.vain()-k.before) }

// considerBroad asks how long the whole list is, and reads it if the values have cost as much.
func (t *site) considerBroad(ctx context.Context, k *broadly, args []planner.Arg, b *Broad, without []int) error {
	fetch, err := b.Bind(args, without)
	var key string
	if err == nil {
		fetch.ReadToEnd(true)
		key = fetch.Key()
	}
	if err != nil || key == "" || fetch.Empty || fetch.PageLen < 1 || len(fetch.Queries) != 1 || !b.Lists && len(fetch.Bindings) != 1 {
		k.refused = true
		return nil
	}
	// A list that serves no value in the end is in vain: the last quarter of the budget is for what is asked for.
	most := maxBroadPages
	if budget := t.session.config.Budget; budget != nil && budget.Max > 0 {
		most = min(most, budget.Max*3/4-budget.Requests())
	}
	if most < 1 {
		k.refused = true
		return nil
	}
	if b.Lists {
		return t.tryLists(ctx, k, fetch, key, most)
	}
	if k.pages == 0 {
		n, err := t.session.lengthOf(ctx, fetch)
		if err != nil {
			k.refused = true
			return ended(ctx, err)
		}
		k.pages = max(1, int(min((n+int64(fetch.PageLen)-1)/int64(fetch.PageLen), maxBroadPages+1)))
	}
	if k.pages > most {
		k.refused = true
		return nil
	}
	if k.pages > t.spent(k) {
		return nil
	}
	list := t.session.uses.scans[key]
	if list == nil || !list.whole() {
		list = t.session.begin(ctx, fetch, key, true)
	}
	return t.readList(ctx, k, list, func() bool { return true })
}

// tryLists reads several lists, whose length nobody tells, for as many requests as the statement has made since the first value. If
// they are longer, it tries again once the scans are twice as many: the lists cost no more than the values do.
func (t *site) tryLists(ctx context.Context, k *broadly, fetch *planner.Fetch, key string, most int) error {
	budget := t.session.config.Budget
	spent := budget.Requests() - k.begun
	if budget == nil || spent > most {
		k.refused = true
		return nil
	}
	part := api.PartOf(ctx)
	list := t.session.uses.scans[key]
	if list == nil || !list.whole() {
		list = t.session.begin(api.WithBudget(ctx, part), fetch, key, true)
	}
	k.again = 2 * k.requests
	return t.readList(ctx, k, list, func() bool { return part.Requests() <= spent })
}

// readList reads a list to its end, unless it is not to go on.
func (t *site) readList(ctx context.Context, k *broadly, list *shared, goOn func() bool) error {
	// What the values to come would have asked for comes with the list.
	t.dropIf(func(attempt) bool { return true })
	list.readers++ // for as long as the statement runs
	for i := 0; ; i++ {
		_, err := list.next(ctx, i)
		if err == io.EOF && list.whole() {
			k.scan = list
			return nil
		}
		full := t.session.uses.held.Load() > innerBytes
		if err == nil && !full && goOn() {
			continue
		}
		k.refused = err != nil || full
		list.readers--
		t.drop(list)
		return ended(ctx, err)
	}
}

// ended is the error if it ends the statement. A list that cannot be read is no reason to: the scan's own rows may be.
func ended(ctx context.Context, err error) error {
	var budget *api.BudgetError
	if err != nil && (ctx.Err() != nil || errors.As(err, &budget)) {
		return err
	}
	return nil
}

// lengthOf asks how many rows the only list of a fetch has.
func (s *Session) lengthOf(ctx context.Context, f *planner.Fetch) (int64, error) {
	if f.Endpoint.Paging != schema.Numbered {
		return 0, errors.New("the list does not tell its length")
	}
	u := unit{binding: f.Bindings[0], query: f.Queries[0]}
	return api.Count(ctx, s.config.Client, request(u, f))
}
