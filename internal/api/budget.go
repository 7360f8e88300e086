package api

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Budget counts the requests of one statement and bounds them, or counts those of a part of it. It travels in the context; its
// methods are safe for concurrent use, also on a nil Budget.
type Budget struct {
	// Max is the most requests that may be sent; 0 means no bound. It must not change while requests run. A part has none of
	// its own: the whole bounds it.
	Max int

	// whole is the budget that this one is a part of, or nil. What a part counts, the whole counts, too.
	whole *Budget

	requests atomic.Int64
	// ahead says of a part that its requests were not asked for. Guarded by the root's mu.
	ahead bool
	// unasked are, of the requests, those of parts ahead. Guarded by the root's mu.
	unasked int64
	mu      sync.Mutex

	bytes  atomic.Int64
	waited atomic.Int64

	// readahead is that of the whole.
	readahead Readahead
}

type budgetKey struct{}

// WithBudget gives the requests under ctx a budget.
func WithBudget(ctx context.Context, b *Budget) context.Context {
	return context.WithValue(ctx, budgetKey{}, b)
}

func budgetOf(ctx context.Context) *Budget {
	b, _ := ctx.Value(budgetKey{}).(*Budget)
	return b
}

// PartOf returns a part of the budget of a context, or a budget of its own where the context has none. It counts the requests
// of those contexts that are given it by WithBudget.
func PartOf(ctx context.Context) *Budget { return &Budget{whole: budgetOf(ctx)} }

// AheadOf returns a part of the budget of a context for requests that nobody has asked for yet. The bound of the whole does not
// count them until Ask, so that what was begun ahead in vain takes nothing from what is asked for: who begins them bounds them.
func AheadOf(ctx context.Context) *Budget { return &Budget{whole: budgetOf(ctx), ahead: true} }

// Ask makes the requests of a part ahead, past and to come, those of the whole. Asking again does nothing.
func (b *Budget) Ask() {
	root := b.root()
	if b == nil || root == b {
		return
	}
	root.mu.Lock()
	defer root.mu.Unlock()
	if b.ahead {
		b.ahead = false
		root.unasked -= b.unasked
		b.unasked = 0
	}
}

// root is the whole of a part, and of parts of parts; nil for nil.
func (b *Budget) root() *Budget {
	for b != nil && b.whole != nil {
		b = b.whole
	}
	return b
}

// Requests is the number of HTTP requests sent: each retry and each followed redirect is one.
func (b *Budget) Requests() int {
	if b == nil {
		return 0
	}
	return int(b.requests.Load())
}

// Bytes is the size of the bodies received, after decompression.
func (b *Budget) Bytes() int64 {
	if b == nil {
		return 0
	}
	return b.bytes.Load()
}

// Waited is the time that requests spent in back-off and behind a rate limit, summed over the requests: those that waited
// side by side all count.
func (b *Budget) Waited() time.Duration {
	if b == nil {
		return 0
	}
	return time.Duration(b.waited.Load())
}

// check tells early that nothing is left, so that nobody queues in vain.
func (b *Budget) check() error {
	root := b.root()
	if root == nil {
		return nil
	}
	root.mu.Lock()
	defer root.mu.Unlock()
	return root.spent(b)
}

// spent is the error when the whole, whose mu is locked, has nothing left for a part.
func (b *Budget) spent(part *Budget) error {
	if !part.ahead && b.Max > 0 && b.requests.Load()-b.unasked >= int64(b.Max) {
		return &BudgetError{Max: b.Max}
	}
	return nil
}

// take counts a request that is about to be sent.
func (b *Budget) take() error {
	root := b.root()
	if root == nil {
		return nil
	}
	root.mu.Lock()
	defer root.mu.Unlock()
	if err := root.spent(b); err != nil {
		return err
	}
	if b.ahead {
		b.unasked++
		if root != b {
			root.unasked++
		}
	}
	for ; b != nil; b = b.whole {
		b.requests.Add(1)
	}
	return nil
}

func (b *Budget) received(n int) {
	for ; b != nil; b = b.whole {
		b.bytes.Add(int64(n))
	}
}

func (b *Budget) wait(d time.Duration) {
	for ; b != nil && d > 0; b = b.whole {
		b.waited.Add(int64(d))
	}
}
