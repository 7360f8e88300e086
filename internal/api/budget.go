package api

import (
	"context"
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
	bytes    atomic.Int64
	waited   atomic.Int64

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
	if b == nil {
		return nil
	}
	if b.Max > 0 && b.requests.Load() >= int64(b.Max) {
		return &BudgetError{Max: b.Max}
	}
	return b.whole.check()
}

// take counts a request that is about to be sent.
func (b *Budget) take() error {
	if b == nil {
		return nil
	}
	if err := b.whole.take(); err != nil {
		return err
	}
	for {
		n := b.requests.Load()
		if b.Max > 0 && n >= int64(b.Max) {
			return &BudgetError{Max: b.Max}
		}
		if b.requests.CompareAndSwap(n, n+1) {
			return nil
		}
	}
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
