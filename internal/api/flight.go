package api

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"
)

// flights are the requests of a client under way. Equal ones are made once: whoever asks for what is on its way waits for it.
type flights struct {
	mu sync.Mutex
	m  map[string]*flight
}

// flight is a request with its retries, on behalf of all that wait for it. It runs in a goroutine and with a context of its
// own, which ends when the last of them leaves, so that one who gives up takes nothing from the others.
type flight struct {
	flights *flights
	key     string
	form    form
	path    string
	cancel  context.CancelCauseFunc
	clock   *clock
	ticket  *ticket // of the one who started it
	done    chan struct{}

	// Known when done is closed.
	answer *answer
	err    error

	// Guarded by flights.mu.
	waiting int
	latest  time.Time // the latest deadline of those that wait
	endless bool      // somebody waits without a deadline
	taken   bool      // the parsed answer is somebody's
}

// errExit is the error of a request whose goroutine was ended in the midst of it, as a test's FailNow ends it.
var errExit = errors.New("the goroutine of the request was ended: a transport must return, and not call runtime.Goexit")

// fetch gets JSON from u with all retries and hands the answer to use, whose error it returns.
func (c *Client) fetch(ctx context.Context, u *url.URL, use func(*answer) error) error {
	return c.fetchAs(ctx, u, jsonForm, use)
}

// fetchAs takes part in the flight for u, or starts it. The statement that starts it counts its requests.
func (c *Client) fetchAs(ctx context.Context, u *url.URL, f form, use func(*answer) error) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		ticket, err := admit(ctx) // before others can wait for the flight
		if err != nil {
			return err
		}
		fl, started := c.board(ctx, u, f, ticket)
		if !started {
			ticket.giveBack()
		}
		a, err := fl.wait(ctx)
		if err == nil {
			err = c.guard(ctx, func() error { return use(a) })
			a.free()
			fl.leave(nil)
			return err
		}
		if started || ctx.Err() != nil || !foreign(err) {
			return err
		}
	}
}

// foreign reports whether an error is about the means of the one who started a flight, and not about the request.
func foreign(err error) bool {
	var (
		budget  *BudgetError
		timeout *TimeoutError
	)
	return errors.As(err, &budget) || errors.As(err, &timeout)
}

// board returns the flight for u, and whether it had to be started: then it has the ticket.
func (c *Client) board(ctx context.Context, u *url.URL, f form, ticket *ticket) (fl *flight, started bool) {
	key := documentKey(f.accept, u)
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	if fl = c.flights.m[key]; fl == nil {
		started = true
		fl = &flight{flights: &c.flights, key: key, form: f, path: c.display(u), ticket: ticket, done: make(chan struct{})}
		own, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
		fl.cancel = cancel
		if c.timeout > 0 {
			own, fl.clock = withClock(own, c.timeout, &TimeoutError{Path: fl.path, After: c.timeout})
		}
		if c.flights.m == nil {
			c.flights.m = map[string]*flight{}
		}
		c.flights.m[key] = fl
		go fl.run(own, c, u)
	}
	fl.waiting++
	if deadline, ok := ctx.Deadline(); !ok {
		fl.endless = true
	} else if deadline.After(fl.latest) {
		fl.latest = deadline
	}
	return fl, started
}

// run makes the request. Whatever becomes of it, those that wait are told.
func (fl *flight) run(ctx context.Context, c *Client, u *url.URL) {
	fl.err = errExit
	defer func() {
		fl.ticket.giveBack()
		fl.clock.stop()
		fl.cancel(nil)
		fl.flights.mu.Lock()
		fl.remove()
		fl.flights.mu.Unlock()
		close(fl.done)
	}()
	fl.err = c.guard(ctx, func() (err error) {
		fl.answer, err = c.request(ctx, fl, u)
		return err
	})
}

// wait returns the answer when it is there. Without an error leave must follow when the answer is no longer used.
func (fl *flight) wait(ctx context.Context) (*answer, error) {
	select {
	case <-fl.done:
	case <-ctx.Done():
		fl.leave(context.Cause(ctx))
		return nil, context.Cause(ctx)
	}
	if fl.err != nil {
		fl.leave(nil)
		return nil, fl.err
	}
	fl.flights.mu.Lock()
	first := !fl.taken
	fl.taken = true
	fl.flights.mu.Unlock()
	if first {
		return fl.answer, nil
	}
	// A parsed answer is for one goroutine: reading it changes it.
	a, err := fl.form.read(fl.path, fl.answer.resp, fl.answer.body.Bytes())
	if err != nil {
		fl.leave(nil)
	}
	return a, err
}

// leave lets go of the flight. The last one ends it, and returns when its goroutine has ended.
func (fl *flight) leave(cause error) {
	fl.flights.mu.Lock()
	fl.waiting--
	last := fl.waiting == 0
	if last {
		fl.remove()
	}
	fl.flights.mu.Unlock()
	if !last {
		return
	}
	fl.cancel(cause)
	<-fl.done
	if fl.answer != nil {
		if !fl.taken {
			fl.answer.free()
		}
		putBuffer(fl.answer.body)
	}
}

// remove is called with flights.mu locked.
func (fl *flight) remove() {
	if fl.flights.m[fl.key] == fl {
		delete(fl.flights.m, fl.key)
	}
}

// start implements patience.
func (fl *flight) start() { fl.clock.start() }

// allows implements patience: a wait is as long as the timeout and the most patient of those that wait allow.
func (fl *flight) allows(wait time.Duration) bool {
	fl.flights.mu.Lock()
	deadline, endless := fl.latest, fl.endless
	fl.flights.mu.Unlock()
	if !endless && time.Now().Add(wait).After(deadline) {
		return false
	}
	return fl.clock.allows(wait)
}
