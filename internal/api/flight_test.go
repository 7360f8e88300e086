package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/valyala/fastjson"
)

// slow answers with the number of the request, after a second.
func slow(requests *atomic.Int32) wire {
	return func(r *http.Request) (*http.Response, error) {
		n := requests.Add(1)
		select {
		case <-time.After(time.Second):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		return reply(200, fmt.Sprintf(`{"n":%d,"path":"%s"}`, n, r.URL.Path)), nil
	}
}

func getN(ctx context.Context, c *Client, path string) (int, error) {
	return Get(ctx, c, Request{Path: path}, func(root *fastjson.Value) (int, error) { return root.GetInt("n"), nil })
}

func TestEqualRequestsInFlightAreMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int32
		c := newClient(t, Options{Transport: slow(&requests)})
		var wg sync.WaitGroup
		budgets := make([]Budget, 20)
		for i := range budgets {
			wg.Go(func() {
				n, err := getN(WithBudget(t.Context(), &budgets[i]), c, "/x")
				if err != nil || n != 1 {
					t.Error(n, err)
				}
			})
			synctest.Wait()
		}
		wg.Go(func() { // another form is another request
			if raw, err := GetRaw(t.Context(), c, Request{Path: "/x"}, Stored); err != nil || string(raw) != `{"n":2,"path":"/2.0/x"}` {
				t.Error(string(raw), err)
			}
		})
		wg.Wait()
		if requests.Load() != 2 {
			t.Errorf("%d requests", requests.Load())
		}
		if budgets[0].Requests() != 1 || budgets[1].Requests() != 0 || budgets[19].Requests() != 0 || budgets[19].Bytes() != 0 {
			t.Error("the statement that sends the request counts it, and no other")
		}
		if n, err := getN(t.Context(), c, "/x"); err != nil || n != 3 {
			t.Error("a request after the answer is not a new one:", n, err)
		}
		if len(c.flights.m) != 0 {
			t.Error("flights are left over")
		}
	})
}

func TestRawDocumentsAreNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int32
		c := newClient(t, Options{Transport: slow(&requests)})
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				raw, err := GetRaw(t.Context(), c, Request{Path: "/x"}, Stored)
				if err != nil || raw[0] != '{' {
					t.Error(string(raw), err)
				}
				raw[0] = 'X'
			})
		}
		wg.Wait()
		if requests.Load() != 1 {
			t.Errorf("%d requests", requests.Load())
		}
	})
}

func TestOneWhoGivesUpTakesNothingFromTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int32
		c := newClient(t, Options{Transport: slow(&requests)})
		var wg sync.WaitGroup
		stop := errors.New("enough")
		first, cancel := context.WithCancelCause(t.Context())
		start := time.Now()
		wg.Go(func() {
			if _, err := getN(first, c, "/x"); !errors.Is(err, stop) || time.Since(start) != 100*time.Millisecond {
				t.Error(err, time.Since(start))
			}
		})
		synctest.Wait()
		for range 2 {
			wg.Go(func() {
				if n, err := getN(t.Context(), c, "/x"); err != nil || n != 1 {
					t.Error(n, err)
				}
			})
		}
		time.Sleep(100 * time.Millisecond)
		cancel(stop)
		wg.Wait()
		if requests.Load() != 1 || time.Since(start) != time.Second {
			t.Errorf("%d requests in %v", requests.Load(), time.Since(start))
		}
	})
}

func TestARequestEndsWhenTheLastWaiterGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests, hanging atomic.Int32
		c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
			if requests.Add(1) > 1 {
				return reply(200, `{"n":2}`), nil
			}
			hanging.Add(1)
			defer hanging.Add(-1)
			<-r.Context().Done()
			return nil, r.Context().Err()
		})})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := getN(ctx, c, "/x"); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		cancel()
		wg.Wait()
		if hanging.Load() != 0 || requests.Load() != 1 || c.account.gate.inFlight != 0 {
			t.Errorf("%d of %d requests hang", hanging.Load(), requests.Load())
		}
		if n, err := getN(t.Context(), c, "/x"); err != nil || n != 2 {
			t.Error("a request joins one that was given up:", n, err)
		}
	})
}

func TestAForeignBudgetStopsOnlyItsStatement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int32
		c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			if requests.Add(1) == 1 {
				return reply(503, ""), nil // the repetition is one too many for the first statement
			}
			return reply(200, `{"n":2}`), nil
		})})
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := getN(WithBudget(t.Context(), &Budget{Max: 1}), c, "/x"); !errors.Is(err, ErrBudget) {
				t.Error(err)
			}
		})
		synctest.Wait()
		b := &Budget{Max: 1}
		if n, err := getN(WithBudget(t.Context(), b), c, "/x"); err != nil || n != 2 || b.Requests() != 1 {
			t.Error(n, err, b.Requests())
		}
		wg.Wait()
	})
}

func TestErrorsOfARequestAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := newClient(t, Options{Transport: wire(func(*http.Request) (*http.Response, error) {
			n++
			time.Sleep(time.Second)
			return reply(404, ""), nil
		})})
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if _, err := getN(t.Context(), c, "/x"); !errors.Is(err, ErrNotFound) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

// TestSharedPagesUnderLoad has equal walks side by side, some of which give up: what they read is right, and the race detector
// sees that nobody reads what another has given back.
func TestSharedPagesUnderLoad(t *testing.T) {
	l := &listing{size: 400, each: func(int, *http.Request) { time.Sleep(time.Millisecond) }}
	c := newClient(t, Options{Transport: serve(l)})
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%4 == 3 {
				time.AfterFunc(time.Duration(i)*time.Millisecond, cancel)
			}
			rows, err := collect(ctx, List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 20, Eager: i%2 == 0}, ids))
			if i%4 == 3 && errors.Is(err, context.Canceled) {
				return
			}
			if err != nil || len(rows) != 400 || rows[399] != 400 {
				t.Error(len(rows), err)
			}
		})
	}
	wg.Wait()
}
