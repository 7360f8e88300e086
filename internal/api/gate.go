package api

import (
	"context"
	"sync"
	"time"
)

// gate bounds the requests in flight with one credential, all clients of the process together. It is fair between statements:
// those that wait take turns, request by request, so that the two hundred requests of one do not hold up the only one of
// another. Within a statement it is first come, first served.
type gate struct {
	// pace says how far apart requests should start at the moment; nil means that they may start together.
	pace func(now time.Time) time.Duration

	mu       sync.Mutex
	inFlight int
	lines    []*line // of the statements that wait, in the order of their turns

	until time.Time   // no request starts before
	timer *time.Timer // ends the pause
	// probing says that the limit was met: until an answer shows that it is over, one request at a time is sent.
	probing bool

	nextStart time.Time   // by the pace
	pacer     *time.Timer // lets the next one start
}

// line holds the requests of one statement that wait.
type line struct {
	statement any
	queue     []*waiter
}

// patience says how long a request may wait.
type patience interface {
	// start notes that a rate limit holds the request up, from when on its timeout counts.
	start()
	// allows reports whether the request may wait so long from now on.
	allows(wait time.Duration) bool
}

type waiter struct {
	limit    int
	ready    chan struct{}
	patience patience
	since    time.Time // since when a pause or the pace holds it up; zero when none does
	refused  error     // why its turn never comes
}

// hold notes that the limit holds the waiter up.
func (w *waiter) hold(now time.Time) {
	if w.since.IsZero() {
		w.since = now
	}
}

func (w *waiter) held() time.Duration {
	if w.since.IsZero() {
		return 0
	}
	return time.Since(w.since)
}

// acquire waits for a turn of the statement with at most limit requests in flight. It returns how long a rate limit held it up,
// and a *LimitError at once if it would for longer than the request may wait. Without an error release must follow.
func (g *gate) acquire(ctx context.Context, statement any, limit int, p patience) (time.Duration, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	g.mu.Lock()
	w := &waiter{limit: limit, patience: p}
	if len(g.lines) == 0 && g.open(limit) && !g.paces(w) {
		g.start()
		g.mu.Unlock()
		return 0, nil
	}
	if err := g.refuse(w); err != nil {
		g.mu.Unlock()
		return 0, err
	}
	w.ready = make(chan struct{})
	g.enqueue(statement, w)
	g.mu.Unlock()

	select {
	case <-w.ready:
		return w.held(), w.refused
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-w.ready: // the turn came at the same moment: pass it on
		if w.refused == nil {
			g.inFlight--
		}
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

// pause lets no request start for d, and only one at a time after that. A longer pause that is under way stays. Who waits and
// cannot wait for so long is refused.
func (g *gate) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	until := time.Now().Add(d)
	if !until.After(g.until) {
		return
	}
	g.until, g.probing = until, true
	if g.timer != nil {
		g.timer.Stop()
	}
	g.timer = time.AfterFunc(d, func() { g.resume(until) })
	for _, l := range g.lines {
		keep := l.queue[:0]
		for _, w := range l.queue {
			if w.refused = g.refuse(w); w.refused != nil {
				close(w.ready)
				continue
			}
			keep = append(keep, w)
		}
		clear(l.queue[len(keep):])
		l.queue = keep
	}
	g.tidy()
}

func (g *gate) resume(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.until.Equal(until) {
		g.timer = nil
		g.grant()
	}
}

// answered notes that a request that started at that time did not meet the limit.
func (g *gate) answered(started time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.probing && !started.Before(g.until) {
		g.probing = false
		g.grant()
	}
}

// held returns until when the gate is paused; the zero time when it is not.
func (g *gate) held() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.timer == nil {
		return time.Time{}
	}
	return g.until
}

// What follows is called with mu locked.

// open reports whether another request may start now, but for the pace.
func (g *gate) open(limit int) bool {
	if g.probing {
		limit = 1
	}
	return g.inFlight < limit && g.timer == nil
}

// paces reports whether the pace keeps the waiter from starting now, and sees to it that its turn comes. Nobody waits for the
// pace who cannot: what is left of the hour is there to be used.
func (g *gate) paces(w *waiter) bool {
	now := time.Now()
	wait := g.nextStart.Sub(now)
	if wait <= 0 || !w.patience.allows(wait) {
		return false
	}
	w.hold(now)
	if g.pacer == nil {
		g.pacer = time.AfterFunc(wait, func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.pacer = nil
			g.grant()
		})
	}
	return true
}

// refuse returns the error of a waiter that cannot wait for the end of the pause.
func (g *gate) refuse(w *waiter) error {
	if g.timer == nil {
		return nil
	}
	now := time.Now()
	w.hold(now)
	w.patience.start()
	wait := g.until.Sub(now)
	if w.patience.allows(wait) {
		return nil
	}
	return &LimitError{RetryAfter: wait}
}

func (g *gate) start() {
	g.inFlight++
	if g.pace == nil {
		return
	}
	now := time.Now()
	if d := g.pace(now); d > 0 {
		g.nextStart = now.Add(d)
	}
}

func (g *gate) enqueue(statement any, w *waiter) {
	for _, l := range g.lines {
		if l.statement == statement {
			l.queue = append(l.queue, w)
			return
		}
	}
	g.lines = append(g.lines, &line{statement: statement, queue: []*waiter{w}})
}

// grant gives turns: the statement whose turn it is gets one and goes to the end.
func (g *gate) grant() {
	for len(g.lines) > 0 {
		l := g.lines[0]
		w := l.queue[0]
		if !g.open(w.limit) || g.paces(w) {
			return
		}
		l.queue[0] = nil
		l.queue = l.queue[1:]
		g.lines[0] = nil
		g.lines = g.lines[1:]
		if len(l.queue) > 0 {
			g.lines = append(g.lines, l)
		}
		g.start()
		close(w.ready)
	}
}

func (g *gate) remove(w *waiter) {
	for _, l := range g.lines {
		for i, q := range l.queue {
			if q == w {
				l.queue = append(l.queue[:i], l.queue[i+1:]...)
				g.tidy()
				return
			}
		}
	}
}

// tidy drops the lines in which nobody waits any more.
func (g *gate) tidy() {
	keep := g.lines[:0]
	for _, l := range g.lines {
		if len(l.queue) > 0 {
			keep = append(keep, l)
		}
	}
	clear(g.lines[len(keep):])
	g.lines = keep
}

// statementOf tells the statements apart, by the whole of their budgets: requests without one are those of one statement.
func statementOf(ctx context.Context) any { return budgetOf(ctx).root() }
