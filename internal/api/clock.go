package api

import (
	"context"
	"sync"
	"time"
)

// clock bounds one request by Options.Timeout. It starts when the request's first turn comes, or when a rate limit holds
// its turn up: waiting behind the statement's own requests is no sign of trouble. Its methods do nothing on a nil clock.
type clock struct {
	after   time.Duration
	expired func()

	mu    sync.Mutex
	timer *time.Timer
	end   time.Time
}

// withClock returns the context that the clock ends with cause.
func withClock(ctx context.Context, after time.Duration, cause error) (context.Context, *clock) {
	ctx, cancel := context.WithCancelCause(ctx)
	return ctx, &clock{after: after, expired: func() { cancel(cause) }}
}

func (k *clock) start() {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.timer == nil {
		k.timer, k.end = time.AfterFunc(k.after, k.expired), time.Now().Add(k.after)
	}
}

// stop ends the clock and its context.
func (k *clock) stop() {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.timer != nil {
		k.timer.Stop()
	}
	k.expired()
}

// allows reports whether a wait would end before the clock does.
func (k *clock) allows(wait time.Duration) bool {
	if k == nil {
		return true
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.end.IsZero() || !time.Now().Add(wait).After(k.end)
}
