package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// A part counts its own requests, and the whole counts and bounds those of all parts.
func TestBudgetParts(t *testing.T) {
	c := newClient(t, Options{Transport: serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	}))})
	whole := &Budget{Max: 3}
	ctx := WithBudget(t.Context(), whole)
	one, two := PartOf(ctx), PartOf(ctx)
	for _, part := range []*Budget{one, two, two} {
		if err := get(WithBudget(ctx, part), c, "/x"); err != nil {
			t.Fatal(err)
		}
	}
	if statementOf(WithBudget(ctx, one)) != statementOf(WithBudget(ctx, two)) || statementOf(ctx) == statementOf(t.Context()) {
		t.Error("the parts of a statement are not one statement at the gate")
	}
	var over *BudgetError
	if err := get(WithBudget(ctx, one), c, "/x"); !errors.As(err, &over) || over.Max != 3 {
		t.Errorf("the fourth request of three: %v", err)
	}
	if one.Requests() != 1 || two.Requests() != 2 || whole.Requests() != 3 {
		t.Errorf("%d and %d requests of %d, want 1 and 2 of 3", one.Requests(), two.Requests(), whole.Requests())
	}
	if one.Bytes() != 2 || two.Bytes() != 4 || whole.Bytes() != 6 {
		t.Errorf("%d and %d bytes of %d, want 2 and 4 of 6", one.Bytes(), two.Bytes(), whole.Bytes())
	}
	if err := get(WithBudget(t.Context(), PartOf(t.Context())), c, "/x"); err != nil {
		t.Errorf("a part of no budget: %v", err)
	}
}

// Requests that nobody has asked for have a share of the bound, and wait for their turn in it. Whoever asks, there are no more than
// the bound.
func TestBudgetAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int32
		c := newClient(t, Options{Transport: wire(func(*http.Request) (*http.Response, error) {
			sent.Add(1)
			return reply(200, "{}"), nil
		})})
		whole := &Budget{Max: 160}
		ctx := WithBudget(t.Context(), PartOf(WithBudget(t.Context(), whole)))
		vain, hit := AheadOf(ctx), AheadOf(ctx)
		for range 9 {
			if err := get(WithBudget(ctx, vain), c, "/vain"); err != nil {
				t.Fatal(err)
			}
		}
		var wait sync.WaitGroup
		for i := range 3 {
			wait.Go(func() {
				if err := get(WithBudget(ctx, hit), c, fmt.Sprintf("/hit/%d", i)); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // The first of them has its turn, before the next one asks.
		given, leave := context.WithCancel(ctx)
		wait.Go(func() {
			if err := get(WithBudget(given, vain), c, "/given-up"); !errors.Is(err, context.Canceled) {
				t.Errorf("who gives up waiting: %v", err)
			}
		})
		synctest.Wait()
		if sent.Load() != 10 || whole.Spare() != 0 {
			t.Errorf("%d requests sent ahead, want a sixteenth of 160; %d to spare", sent.Load(), whole.Spare())
		}
		leave()
		// A flight that is not asked for holds up nobody who asks for the same.
		if err := get(ctx, c, "/given-up"); err != nil {
			t.Error(err)
		}
		hit.Ask()
		hit.Ask()
		wait.Wait()
		if sent.Load() != 13 || whole.Spare() != 1 || hit.Requests() != 3 {
			t.Errorf("%d requests sent, %d of them those asked for, %d to spare; want 13, 3 and 1", sent.Load(), hit.Requests(), whole.Spare())
		}
		for range 160 - 13 {
			if err := get(ctx, c, "/asked"); err != nil {
				t.Fatal(err)
			}
		}
		for name, b := range map[string]*Budget{"the whole": whole, "what was ahead": hit, "a part": budgetOf(ctx), "what is in vain": vain} {
			var over *BudgetError
			if err := get(WithBudget(ctx, b), c, "/more"); !errors.As(err, &over) || over.Max != 160 || over.Ahead != 9 {
				t.Errorf("%s: the error is %v", name, err)
			}
		}
		if sent.Load() != 160 || whole.Requests() != 160 {
			t.Errorf("%d requests sent and %d counted of 160", sent.Load(), whole.Requests())
		}
	})
	small := &Budget{Max: 127}
	if n := small.Spare(); n != 0 {
		t.Errorf("%d of 127 requests to spare", n)
	}
	var none *Budget
	none.Ask()
	AheadOf(t.Context()).Ask()
	if n := none.Spare(); n != math.MaxInt {
		t.Errorf("%d requests to spare of no budget", n)
	}
}

// What is asked for does not wait for what is not, though both want the same.
func TestBudgetAsked(t *testing.T) {
	c := newClient(t, Options{Transport: serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	}))})
	whole := &Budget{Max: 16}
	ahead := WithBudget(t.Context(), AheadOf(WithBudget(t.Context(), whole)))
	if err := get(Asked(ahead), c, "/x"); err != nil || whole.Requests() != 1 || whole.unasked.sent != 0 {
		t.Errorf("%d requests: %v", whole.Requests(), err)
	}
	if err := get(Asked(t.Context()), c, "/x"); err != nil {
		t.Error(err)
	}
}
