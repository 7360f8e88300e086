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
	// Max is the most requests that may be sent, whoever asked for them; 0 means no bound. It must not change while requests run.
	// A part has none of its own: the whole bounds it.
	Max int

	// whole is the budget that this one is a part of, or nil. What a part counts, the whole counts, too.
	whole *Budget

	requests atomic.Int64
	bytes    atomic.Int64
	waited   atomic.Int64

	// mu guards what follows, of all parts that of the root.
	mu sync.Mutex
	// unasked are those of the requests that nobody has asked for.
	unasked unasked
	// ahead says of a part that its requests were not asked for, and asked is closed when they are.
	ahead bool
	asked chan struct{}

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

// AheadOf returns a part of the budget of a context for requests that nobody has asked for yet. At most a sixteenth of the bound is
// spent on what is not asked for in the end: further requests wait until some are asked for, so that a statement that needs no more
// than the rest of the bound is not stopped because of them. A bound of less than 128 is all for what is asked for.
func AheadOf(ctx context.Context) *Budget {
	return &Budget{whole: budgetOf(ctx), ahead: true, asked: make(chan struct{})}
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
	return root.spent()
}

// spent is the error when the whole, whose mu is locked, has nothing left.
func (b *Budget) spent() error {
	if b.Max > 0 && b.requests.Load() >= int64(b.Max) {
		return &BudgetError{Max: b.Max, Ahead: b.unasked.sent}
	}
	return nil
}

// take counts a request that is about to be sent. ticket is what it was admitted with, or nil.
func (b *Budget) take(ticket *ticket) error {
	root := b.root()
	if root == nil {
		return nil
	}
	root.mu.Lock()
	defer root.mu.Unlock()
	if err := root.spent(); err != nil {
		return err
	}
	if b.ahead {
		b.unasked.sent++
		if root != b {
			root.unasked.sent++
		}
	}
	ticket.use()
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
