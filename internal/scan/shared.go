package scan

import (
	"context"
	"io"
	"sync"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// shared is a scan whose pages are kept while memory lasts, so that it serves every use that asks for the same rows: now, later,
// or when their turn comes, where it was begun ahead of it.
type shared struct {
	session *Session
	key     string
	cursor  *Cursor
	ctx     context.Context
	cancel  context.CancelFunc
	// budget counts the requests; nil unless the scan was begun ahead.
	budget *api.Budget
	// batch is the request that the scan shares with others, or nil.
	batch *batch
	// readers are the uses that stand in the scan.
	readers int
	// hashes are the indexes of a whole scan by column.
	hashes map[int]*hashed

	mu    sync.Mutex
	pages []*page.Page
	// gone is the number of pages that were read and are not kept; they stood before pages.
	gone int
	// err is what follows the pages: io.EOF or what broke the scan off; nil while there may be more.
	err error
	// busy is open while a goroutine reads the next page.
	busy chan struct{}
	// goal is the number of pages to read in the background.
	goal int
	// asked says that a use reads the scan, and closed that none will.
	asked, closed bool
}

// foresee makes the shared scan of a fetch that nobody has asked for.
func (s *Session) foresee(ctx context.Context, f *planner.Fetch, key string, hasty bool) *shared {
	budget := api.AheadOf(ctx)
	t := s.begin(api.WithBudget(ctx, budget), f, key, hasty)
	t.budget = budget
	return t
}

// begin makes the shared scan of a fetch. Nothing is requested yet. hasty says that it may run ahead as its statement does.
func (s *Session) begin(ctx context.Context, f *planner.Fetch, key string, hasty bool) *shared {
	t := &shared{session: s, key: key, cursor: s.cursor(f)}
	if !hasty {
		t.cursor.eager, t.cursor.window = false, 1
	}
	t.cursor.recorder.over = true // the pages are kept here
	t.ctx, t.cancel = context.WithCancel(ctx)
	if key != "" {
		s.uses.scans[key] = t
	}
	return t
}

// fill makes the scan one that has ended with these pages.
func (t *shared) fill(pages []*page.Page) {
	t.pages, t.err, t.asked = pages, io.EOF, true
	for _, p := range pages {
		t.session.uses.held.Add(int64(p.Size()))
	}
}

// next returns page i, which may not lie before the kept ones, and io.EOF behind the last.
func (t *shared) next(ctx context.Context, i int) (*page.Page, error) {
	for {
		t.mu.Lock()
		t.asked = true
		switch {
		case i-t.gone < len(t.pages):
			defer t.mu.Unlock()
			return t.pages[i-t.gone], nil
		case t.err != nil:
			defer t.mu.Unlock()
			return nil, t.err
		case t.busy == nil:
			t.busy = make(chan struct{})
			t.mu.Unlock()
			t.read()
			continue
		}
		busy := t.busy
		t.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// read reads a page. The caller has opened busy.
func (t *shared) read() {
	t.mu.Lock()
	if c := t.cursor; t.asked && !c.eager && (t.session.config.Eager || c.fetch.Eager) && c.fetch.Limit < 0 {
		// What was begun ahead with a light foot is read to its end now.
		c.eager, c.window = true, 2*t.session.config.MaxInFlight
	}
	t.mu.Unlock()
	p, err := t.cursor.Next(t.ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		t.err = err
	} else {
		t.pages = append(t.pages, p)
		t.session.uses.held.Add(int64(p.Size()))
	}
	close(t.busy)
	t.busy = nil
}

// ahead reads in the background until the scan has n pages.
func (t *shared) ahead(n int) {
	t.mu.Lock()
	t.goal = max(t.goal, n)
	t.mu.Unlock()
	if t.goes() {
		t.session.uses.running.Go(func() {
			for next := true; next; next = t.goes() {
				t.read()
			}
		})
	}
}

// goes says whether a page is to be read in the background, and opens busy for it.
func (t *shared) goes() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.err != nil || t.busy != nil || t.gone+len(t.pages) >= t.goal || t.session.uses.full() && len(t.pages) > 0 {
		return false
	}
	if !t.asked && t.session.config.Budget.Spare() == 0 {
		return false
	}
	t.busy = make(chan struct{})
	return true
}

// peek returns page i if it is there.
func (t *shared) peek(i int) *page.Page {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i < t.gone || i-t.gone >= len(t.pages) {
		return nil
	}
	return t.pages[i-t.gone]
}

// given says whether a use has read the scan, or its pages were read otherwise.
func (t *shared) given() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.asked
}

// whole says whether all pages are read and kept.
func (t *shared) whole() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err == io.EOF && t.gone == 0
}

// rests says whether the scan can be gone on with later at no cost in the meantime: it has ended, or nothing of it is under way.
func (t *shared) rests() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone > 0 || t.err != nil && t.err != io.EOF {
		return false
	}
	return t.err == io.EOF || t.busy == nil && len(t.pages) <= 1 && len(t.cursor.queue) <= 1 && t.cursor.fetch.Merge == 0
}

// forget drops the pages before i.
func (t *shared) forget(i int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.gone < i && len(t.pages) > 0 {
		size := t.pages[0].Size()
		t.pages[0] = nil
		t.pages = t.pages[1:]
		t.gone++
		t.session.uses.held.Add(-int64(size))
	}
}

// close stops what is under way and drops the pages. Nobody reads the scan any more.
func (t *shared) close() {
	t.mu.Lock()
	again := t.closed
	t.closed = true
	t.mu.Unlock()
	if again {
		return // by another site that had begun it ahead, too
	}
	if t.session.uses.scans[t.key] == t {
		delete(t.session.uses.scans, t.key)
	}
	t.cancel()
	t.batch.leave()
	t.mu.Lock()
	busy := t.busy
	t.mu.Unlock()
	end := func() {
		_ = t.cursor.Close()
		t.forget(1 << 60)
	}
	if busy == nil {
		end()
		return
	}
	t.session.uses.running.Go(func() {
		<-busy
		end()
	})
}
