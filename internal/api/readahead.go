package api

import (
	"context"
	"sync"
)

// readaheadBytes bounds what the scans of a statement fetch before it is asked for.
const readaheadBytes = 32 << 20

// Readahead counts the bytes that a statement's scans have fetched ahead and nobody has taken. It bounds what is fetched ahead,
// and never what is asked for: a page that somebody waits for is fetched whatever is held. The size of a page is known when it
// is there; until then it is taken to be that of the largest one so far. Its methods do nothing on a nil Readahead.
type Readahead struct {
	mu      sync.Mutex
	held    int
	largest int
	changed chan struct{} // closed when less is held; nil while nobody waits
}

// ReadaheadOf returns that of the statement whose budget ctx has; nil when it has none.
func ReadaheadOf(ctx context.Context) *Readahead {
	if b := budgetOf(ctx).root(); b != nil {
		return &b.readahead
	}
	return nil
}

// Hold counts a page that is there, or one less by a negative number.
func (r *Readahead) Hold(bytes int) {
	if r == nil || bytes == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held += bytes
	r.largest = max(r.largest, bytes)
	if bytes < 0 && r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// Wait returns when there is room for another page, or at once when somebody waits for it, which wanted tells.
func (r *Readahead) Wait(ctx context.Context, wanted <-chan struct{}) error {
	if r == nil {
		return nil
	}
	for {
		r.mu.Lock()
		if r.fits() {
			r.mu.Unlock()
			return nil
		}
		if r.changed == nil {
			r.changed = make(chan struct{})
		}
		changed := r.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-wanted:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// reserve counts a page that is about to be fetched, if there is room for it or somebody waits for it. It returns what was
// counted.
func (r *Readahead) reserve(wanted bool) (bytes int, ok bool) {
	if r == nil {
		return 0, true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !wanted && !r.fits() {
		return 0, false
	}
	r.held += r.largest
	return r.largest, true
}

// fits is called with mu locked.
func (r *Readahead) fits() bool { return r.held == 0 || r.held+r.largest <= readaheadBytes }

// sizeOf is the memory that a page takes: its text before it is decoded, or the decoded page if that tells that it is larger.
func sizeOf(answered int, value any) int {
	if v, ok := value.(interface{ Size() int }); ok {
		return max(answered, v.Size())
	}
	return answered
}
