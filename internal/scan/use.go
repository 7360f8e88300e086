package scan

import (
	"context"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// uses is what the uses of tables in a statement share.
type uses struct {
	sites map[siteKey]*site
	// given are sites of the rows that the statement has without a scan, made when they are first needed.
	given []*site
	// scans are those that can be joined, by the key of their fetch.
	scans map[string]*shared
	// shelf are those of them that no use stands in and no site awaits, the longest unused first.
	shelf []*shared
	// started counts the scans that were asked for.
	started int
	// held are the bytes of the pages that are kept, most of them to be read again. What is on its way to them is counted by
	// api.Readahead, whose bound would hold up all reading ahead were the pages that are kept counted there too.
	held atomic.Int64
	// running are the goroutines that read ahead or clear up.
	running sync.WaitGroup
}

// innerBytes bounds what is kept while a scan is read that SQLite may repeat for every row of another table.
const innerBytes = 256 << 20

// inner says whether SQLite stands in a row of a site other than t, so that a scan of t may be repeated for the next.
func (u *uses) inner(t *site) bool {
	for _, s := range u.sites {
		if _, _, ok := s.current(); ok && s != t {
			return true
		}
	}
	return false
}

// full says that no more pages may be read ahead.
func (u *uses) full() bool { return u.held.Load() > cacheBytes }

// Binder makes the requests of a use's plan with the values of its arguments.
type Binder func(args []planner.Arg) (*planner.Fetch, error)

// Use is a use of a table in a running statement, as a cursor of SQLite is: a scan of it starts for every row of the tables
// outside of it. The scans that it will be asked for next are begun ahead where they can be foreseen.
type Use struct {
	session  *Session
	relation *planner.Relation
	// row is the place of SQLite's row in page, or -1.
	row func() int

	site *site
	scan *shared
	// started is the number of the scan among all of the statement.
	started int
	// at is the number of the page to give next, and page the one given last.
	at    int
	page  *page.Page
	ended bool
	// rows counts the rows given.
	rows int
	// replayed says that the scan was asked for before.
	replayed bool
	// fresh says that nothing was requested of the scan when it was asked for.
	fresh bool
	// found are the rows to give of a scan that is looked up in; nil where all are given.
	found *rowsFound
	// bound are the bytes to keep of the statement's scans at the most.
	bound int64
}

// Use makes a use of a table. row tells SQLite's place in the page that Next returned last, and -1 where it stands in none.
func (s *Session) Use(r *planner.Relation, row func() int) *Use {
	return &Use{session: s, relation: r, row: row}
}

// Filter starts a scan. id is that of the use in the statement's plan: uses that SQLite makes anew for the same place have the
// same. sifted says that SQLite drops some of the rows; those that the lookup excludes, if there is one, may be left out. broad,
// if there is one, reads the rows of all values of an argument, and batch those of several. ctx bounds the requests of this scan and of those begun ahead; it must
// live as long as the statement runs.
func (u *Use) Filter(ctx context.Context, id int, sifted bool, args []planner.Arg, lookup *Lookup, broad *Broad, batch *Batch, bind Binder) error {
	u.leave()
	s := u.session
	if s.uses.sites == nil {
		s.uses.sites, s.uses.scans = map[siteKey]*site{}, map[string]*shared{}
	}
	fetch, err := bind(args)
	if err != nil {
		return err
	}
	t := s.site(u.relation, id)
	s.uses.started++
	u.site, u.started, u.at, u.ended, u.rows = t, s.uses.started, 0, false, 0
	t.use, t.bind, t.batch, t.sifted, t.firstRow = u, bind, batch, sifted, fetch.FirstRow
	switch {
	case s.config.Once:
		u.bound = 0
	case s.uses.inner(t):
		u.bound = innerBytes
	default:
		u.bound = cacheBytes
	}
	key := fetch.Key()
	u.found = nil
	if broad != nil {
		if done, err := t.readBroadly(ctx, args, broad, s.uses.scans[key]); done || err != nil {
			if done && u.found == nil && lookup != nil {
				u.found = u.scan.lookUp(lookup)
			}
			return err
		}
	}
	u.scan = s.uses.scans[key]
	if u.scan != nil && u.scan.ctx.Err() != nil && !u.scan.whole() {
		u.scan = nil // of a run that has ended
	}
	if u.fresh = u.scan == nil; u.fresh {
		u.scan = s.begin(ctx, fetch, key, true)
		if pages, ok := s.cache.get(key); ok {
			u.scan.fill(pages)
			u.fresh = false
		}
	}
	u.replayed = u.scan.given()
	u.scan.budget.Ask()
	u.scan.batch.ask()
	u.scan.readers++
	if i := slices.Index(s.uses.shelf, u.scan); i >= 0 {
		s.uses.shelf = slices.Delete(s.uses.shelf, i, i+1)
	}
	t.ask(ctx, args)
	if lookup != nil && u.scan.whole() {
		u.found = u.scan.lookUp(lookup)
	}
	return nil
}

// Replayed says whether rows of the scan were read before, by an equal scan of the statement.
func (u *Use) Replayed() bool { return u.replayed }

// Next returns the next page of the scan, and io.EOF after the last. It must not be changed.
func (u *Use) Next(ctx context.Context) (*page.Page, error) {
	u.page = nil
	switch {
	case u.found != nil:
		return u.nextFound()
	case u.scan == nil:
		return nil, io.EOF
	}
	if u.at > 0 && u.scan.peek(u.at) == nil && !u.scan.whole() {
		u.scan.ahead(u.at + 1) // first
		u.site.goOn(ctx)
	}
	p, err := u.scan.next(ctx, u.at)
	if err != nil {
		u.ended = err == io.EOF
		return nil, err
	}
	u.at++
	u.page = p
	u.rows += p.Rows
	u.session.trim()
	if u.session.uses.held.Load() > u.bound && u.scan.readers == 1 {
		// A scan that is larger than what may be kept is read once.
		if u.session.uses.scans[u.scan.key] == u.scan {
			delete(u.session.uses.scans, u.scan.key)
		}
		u.scan.forget(u.at)
	}
	return p, nil
}

// Close ends the use. What was begun ahead stays: SQLite may make the use anew.
func (u *Use) Close() error {
	u.leave()
	if u.site != nil && u.site.use == u {
		u.site.use = nil
	}
	return nil
}

// leave gives the scan back.
func (u *Use) leave() {
	t := u.scan
	if t == nil {
		return
	}
	u.scan, u.page, u.found = nil, nil, nil
	u.site.left(u.ended || t.peek(u.at) == nil && t.whole(), u.rows)
	t.readers--
	switch {
	case t.readers > 0:
	case t.rests() && u.session.uses.scans[t.key] == t:
		u.session.shelve(t)
		u.session.trim()
	default:
		t.close()
	}
}

// shelve puts aside a scan that nobody stands in, once: two sites may have begun it ahead, or one begun what the other has read.
func (s *Session) shelve(t *shared) {
	switch {
	case s.uses.scans[t.key] != t:
		t.close() // nobody will find it
	case !slices.Contains(s.uses.shelf, t):
		s.uses.shelf = append(s.uses.shelf, t)
	}
}

// trim drops scans that nobody reads until what is held is within its bound.
func (s *Session) trim() {
	for s.uses.full() && len(s.uses.shelf) > 0 {
		t := s.uses.shelf[0]
		s.uses.shelf = s.uses.shelf[1:]
		t.close()
	}
}

// Close ends all scans. No goroutine of the session is left when it returns.
func (s *Session) Close() {
	for _, t := range s.uses.scans {
		t.close()
	}
	for _, t := range s.uses.shelf {
		t.close()
	}
	s.uses.running.Wait()
	s.uses.sites, s.uses.given, s.uses.scans, s.uses.shelf = nil, nil, nil, nil
}
