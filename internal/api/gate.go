package api

import (
	"context"
	"sync"
	"time"
)

// gate bounds the requests in flight with one credential. Bitbucket counts by credential and not by client, so that all
// clients of the process with the same credential share one. It is fair: first come, first served.
type gate struct {
	key string

	mu       sync.Mutex
	refs     int
	inFlight int
	queue    []*waiter
	until    time.Time   // no request starts before
	timer    *time.Timer // ends the pause
}

type waiter struct {
	limit    int
	ready    chan struct{}
	paused   func()
	pausedAt time.Time
}

// hold notes that a pause holds the waiter up.
func (w *waiter) hold() {
	if w.pausedAt.IsZero() {
		w.pausedAt = time.Now()
		w.paused()
	}
}

func (w *waiter) held() time.Duration {
	if w.pausedAt.IsZero() {
		return 0
	}
	return time.Since(w.pausedAt)
}

var gates = struct {
	sync.Mutex
	m map[string]*gate
}{m: map[string]*gate{}}

func openGate(key string) *gate {
	gates.Lock()
	defer gates.Unlock()
	g := gates.m[key]
	if g == nil {
		g = &gate{key: key}
		gates.m[key] = g
	}
	g.refs++
	return g
}

// close gives the reference back. A paused gate stays known until its pause ends, so that a client opened meanwhile does
// not run into the limit again.
func (g *gate) close() {
	gates.Lock()
	defer gates.Unlock()
	g.refs--
	g.forget()
}

// forget drops a gate that nobody uses. gates is locked.
func (g *gate) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.refs == 0 && g.timer == nil && gates.m[g.key] == g {
		delete(gates.m, g.key)
	}
}

// acquire waits for a turn with at most limit requests in flight. It calls paused when a pause of the gate holds it up, and
// returns how long it did. Without an error release must follow.
func (g *gate) acquire(ctx context.Context, limit int, paused func()) (time.Duration, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	g.mu.Lock()
	if len(g.queue) == 0 && g.open(limit) {
		g.inFlight++
		g.mu.Unlock()
		return 0, nil
	}
	w := &waiter{limit: limit, ready: make(chan struct{}), paused: paused}
	g.queue = append(g.queue, w)
	if g.timer != nil {
		w.hold()
	}
	g.mu.Unlock()

	select {
	case <-w.ready:
		return w.held(), nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-w.ready: // the turn came at the same moment: pass it on
		g.inFlight--
	default:
		g.remove(w)
	}
	g.grant()
	return w.held(), context.Cause(ctx)
}

func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inFlight--
	g.grant()
}

// pause lets no request start for d. A longer pause that is under way stays.
func (g *gate) pause(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	until := time.Now().Add(d)
	if d <= 0 || !until.After(g.until) {
		return
	}
	g.until = until
	if g.timer != nil {
		g.timer.Stop()
	}
	g.timer = time.AfterFunc(d, func() { g.resume(until) })
	for _, w := range g.queue {
		w.hold()
	}
}

func (g *gate) resume(until time.Time) {
	g.mu.Lock()
	over := g.until.Equal(until)
	if over {
		g.timer = nil
		g.grant()
	}
	g.mu.Unlock()
	if over {
		gates.Lock()
		defer gates.Unlock()
		g.forget()
	}
}

// open, grant and remove are called with mu locked.

func (g *gate) open(limit int) bool { return g.inFlight < limit && g.timer == nil }

func (g *gate) grant() {
	for len(g.queue) > 0 && g.open(g.queue[0].limit) {
		w := g.queue[0]
		g.queue[0] = nil
		g.queue = g.queue[1:]
		g.inFlight++
		close(w.ready)
	}
}

func (g *gate) remove(w *waiter) {
	for i, q := range g.queue {
		if q == w {
			g.queue = append(g.queue[:i], g.queue[i+1:]...)
			return
		}
	}
}
