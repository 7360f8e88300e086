package api

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestGateIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := openGate("fair")
		defer g.close()
		if _, err := g.acquire(t.Context(), 1, func() {}); err != nil {
			t.Fatal(err)
		}
		var (
			mu    sync.Mutex
			order []int
			wg    sync.WaitGroup
		)
		for i := range 20 {
			wg.Go(func() {
				if _, err := g.acquire(t.Context(), 1, func() {}); err != nil {
					t.Error(err)
				}
				mu.Lock()
				order = append(order, i)
				mu.Unlock()
				g.release()
			})
			synctest.Wait()
		}
		g.release()
		wg.Wait()
		if !slices.IsSorted(order) || len(order) != 20 {
			t.Error(order)
		}
	})
}

func TestGateIsSharedByCredential(t *testing.T) {
	open := func(base string, auth Authorizer) *gate {
		return newClient(t, Options{BaseURL: base, Auth: auth}).gate
	}
	a := open("", Bearer("a"))
	if open("https://API.bitbucket.org:443/2.0/", Bearer("a")) != a {
		t.Error("the same credential has two gates")
	}
	if open("", Bearer("b")) == a || open("", nil) == a || open("http://localhost", Bearer("a")) == a {
		t.Error("different credentials share a gate")
	}
}

func TestCancelledWaitersLeaveTheGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := openGate("cancel")
		defer g.close()
		_, _ = g.acquire(t.Context(), 1, func() {})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := g.acquire(ctx, 1, func() {}); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		synctest.Wait()
		wg.Go(func() { // behind it, with a wider limit: its turn comes when the narrow one leaves
			if _, err := g.acquire(t.Context(), 2, func() {}); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		if len(g.queue) != 2 {
			t.Error("a newcomer went past the queue")
		}
		cancel()
		wg.Wait()
		if g.inFlight != 2 || len(g.queue) != 0 {
			t.Errorf("%d in flight, %d queue", g.inFlight, len(g.queue))
		}
	})
}

func TestCancelAndTurnAtTheSameTime(t *testing.T) {
	for range 300 {
		g := &gate{key: "race"}
		_, _ = g.acquire(t.Context(), 1, func() {})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := g.acquire(ctx, 1, func() {}); err == nil {
				g.release()
			}
		})
		wg.Go(cancel)
		wg.Go(g.release)
		wg.Wait()
		if g.inFlight != 0 || len(g.queue) != 0 {
			t.Fatalf("%d in flight, %d queue", g.inFlight, len(g.queue))
		}
	}
}

func TestPausesDoNotShorten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := openGate("pause")
		start := time.Now()
		g.pause(10 * time.Second)
		g.pause(3 * time.Second)
		g.pause(20 * time.Second)
		g.pause(5 * time.Second)
		held, err := g.acquire(t.Context(), 1, func() {})
		if err != nil || held != 20*time.Second || time.Since(start) != 20*time.Second {
			t.Error(held, err)
		}
		g.release()
		g.pause(time.Second)
		g.close()
		known := func() bool {
			gates.Lock()
			defer gates.Unlock()
			return gates.m["pause"] != nil
		}
		if !known() {
			t.Error("a paused gate is forgotten")
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if known() {
			t.Error("a gate is kept for ever")
		}
	})
}
