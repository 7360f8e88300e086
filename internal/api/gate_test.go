package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestStatementsTakeTurns queues requests one after the other and looks at the order in which they are served: that of their
// coming within a statement, and turn by turn between statements.
func TestStatementsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		if _, err := g.acquire(t.Context(), nil, 1, endless{}); err != nil {
			t.Fatal(err)
		}
		var (
			order []string // only ever one request is in flight
			wg    sync.WaitGroup
		)
		queue := func(statement string, n int) {
			for i := range n {
				wg.Go(func() {
					if _, err := g.acquire(t.Context(), statement, 1, endless{}); err != nil {
						t.Error(err)
					}
					order = append(order, fmt.Sprint(statement, i+1))
					g.release()
				})
				synctest.Wait()
			}
		}
		queue("long", 200)
		queue("single", 1)
		queue("short", 3)
		g.release()
		wg.Wait()
		want := []string{"long1", "single1", "short1", "long2", "short2", "long3", "short3"}
		for i := 4; i <= 200; i++ {
			want = append(want, fmt.Sprint("long", i))
		}
		if !slices.Equal(order, want) {
			t.Errorf("served %v", order)
		}
		if len(g.lines) != 0 || g.inFlight != 0 {
			t.Errorf("%d lines, %d in flight", len(g.lines), g.inFlight)
		}
	})
}

func TestAccountsAreSharedByCredential(t *testing.T) {
	open := func(base string, auth Authorizer) *account {
		return newClient(t, Options{BaseURL: base, Auth: auth}).account
	}
	a := open("", Bearer("a"))
	if open("https://API.bitbucket.org:443/2.0/", Bearer("a")) != a {
		t.Error("the same credential has two accounts")
	}
	if open("", Bearer("b")) == a || open("", nil) == a || open("http://localhost", Bearer("a")) == a {
		t.Error("different credentials share an account")
	}
}

func TestCancelledWaitersLeaveTheGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		_, _ = g.acquire(t.Context(), nil, 1, endless{})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := g.acquire(ctx, nil, 1, endless{}); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		synctest.Wait()
		wg.Go(func() { // behind it, with a wider limit: its turn comes when the narrow one leaves
			if _, err := g.acquire(t.Context(), nil, 2, endless{}); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		if g.waiting() != 2 {
			t.Error("a newcomer went past the queue")
		}
		cancel()
		wg.Wait()
		if g.inFlight != 2 || g.waiting() != 0 {
			t.Errorf("%d in flight, %d queue", g.inFlight, g.waiting())
		}
	})
}

func TestCancelAndTurnAtTheSameTime(t *testing.T) {
	for range 300 {
		g := &gate{}
		_, _ = g.acquire(t.Context(), nil, 1, endless{})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := g.acquire(ctx, nil, 1, endless{}); err == nil {
				g.release()
			}
		})
		wg.Go(cancel)
		wg.Go(g.release)
		wg.Wait()
		if g.inFlight != 0 || g.waiting() != 0 {
			t.Fatalf("%d in flight, %d queue", g.inFlight, g.waiting())
		}
	}
}

func TestPausesDoNotShorten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		start := time.Now()
		g.pause(10 * time.Second)
		g.pause(3 * time.Second)
		g.pause(20 * time.Second)
		g.pause(5 * time.Second)
		held, err := g.acquire(t.Context(), nil, 1, endless{})
		if err != nil || held != 20*time.Second || time.Since(start) != 20*time.Second {
			t.Error(held, err)
		}
		g.release()
	})
}

func inFlight(g *gate) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.inFlight
}

// TestAfterAPauseOneRequestGoesFirst: should the limit still hold, one request meets it and not all that waited.
func TestAfterAPauseOneRequestGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		g.pause(time.Minute)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := g.acquire(t.Context(), nil, 10, endless{}); err != nil {
					t.Error(err)
				}
				started := time.Now()
				time.Sleep(time.Second)
				g.answered(started)
				g.release()
			})
		}
		synctest.Wait()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := inFlight(g); n != 1 {
			t.Errorf("%d requests go first", n)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := inFlight(g); n != 9 {
			t.Errorf("%d requests go next", n)
		}
		wg.Wait()
	})
}

func TestAnAccountIsKnownAsLongAsItsLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		known := func(key string) bool {
			openAccount("another", 0).close()
			accounts.Lock()
			defer accounts.Unlock()
			return accounts.m[key] != nil
		}
		a := openAccount("paused", 0)
		a.gate.pause(time.Second)
		a.close()
		if !known("paused") {
			t.Error("a paused account is forgotten")
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if known("paused") {
			t.Error("an account is kept for ever")
		}
		a = openAccount("used", 0)
		a.hour.sent(time.Now())
		a.close()
		if openAccount("used", 0) != a {
			t.Error("an hour is forgotten")
		}
		a.close()
		time.Sleep(62 * time.Minute)
		if known("used") {
			t.Error("an hour is kept for ever")
		}
	})
}
