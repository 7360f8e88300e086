package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/valyala/fastjson"
	"pgregory.net/rapid"
)

// TestEveryListIsComplete walks lists with all oddities in all ways.
func TestEveryListIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &listing{
			size:     rapid.IntRange(0, 200).Draw(t, "size"),
			maxLen:   rapid.SampledFrom([]int{0, 10, 50, 100}).Draw(t, "longest"),
			hideSize: rapid.Bool().Draw(t, "hide size"),
			hideLen:  rapid.Bool().Draw(t, "hide pagelen"),
			hidePage: rapid.Bool().Draw(t, "hide page"),
			hideNext: rapid.Bool().Draw(t, "hide next"),

			pastStatus: rapid.SampledFrom([]int{0, 400, 404}).Draw(t, "past the end"),
		}
		if l.hideNext && (l.hideSize || l.hideLen) {
			l.hideNext = false // nothing would tell that there is more
		}
		c, err := New(Options{Transport: serve(l), MaxInFlight: rapid.IntRange(1, 5).Draw(t, "in flight")})
		if err != nil {
			t.Fatal(err)
		}
		unlimited(c)
		defer discard(c)
		req := ListRequest{
			Request: Request{Path: "/x"},
			PageLen: rapid.SampledFrom([]int{0, 1, 7, 10, 50, 100}).Draw(t, "pagelen"),
			MaxRows: rapid.SampledFrom([]int{0, 1, 20, 150}).Draw(t, "max rows"),
			Eager:   rapid.Bool().Draw(t, "eager"),
		}
		rows, err := collect(context.Background(), List(c, req, ids))
		if err != nil {
			t.Fatal(err)
		}
		want := l.size
		if req.MaxRows > 0 {
			want = min(want, req.MaxRows)
		}
		if len(rows) < want || req.MaxRows == 0 && len(rows) != want {
			t.Fatalf("%d rows of %d", len(rows), want)
		}
		for i, id := range rows {
			if id != i+1 {
				t.Fatalf("row %d is %d", i+1, id)
			}
		}
	})
}

func TestAListThatForgetsNextIsComplete(t *testing.T) {
	for _, eager := range []bool{false, true} {
		l := &listing{size: 95, hideNext: true}
		c := newClient(t, Options{Transport: serve(l)})
		rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10, Eager: eager}, ids))
		if err != nil {
			t.Fatal(err)
		}
		wantRows(t, rows, 95)
		if l.total != 10 {
			t.Errorf("%d requests", l.total)
		}
	}
}

func TestRowsAddedWhilePaging(t *testing.T) {
	for _, eager := range []bool{false, true} {
		l := &listing{overrideSize: func(page int) int { // a page full of rows comes with each page
			return min(30+10*(page-1), 60)
		}}
		c := newClient(t, Options{Transport: serve(l)})
		rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10, Eager: eager}, ids))
		if err != nil {
			t.Fatal(err)
		}
		wantRows(t, rows, 60)
	}
}

func TestRowsRemovedWhilePaging(t *testing.T) {
	for _, past := range []int{0, 400, 404} {
		for _, eager := range []bool{false, true} {
			l := &listing{pastStatus: past, overrideSize: func(page int) int {
				if page == 1 {
					return 100
				}
				return 35
			}}
			var log bytes.Buffer
			c := newClient(t, Options{Transport: serve(l), Logger: slog.New(slog.NewTextHandler(&log, nil))})
			rows, err := collect(t.Context(), List(c, ListRequest{
				Request: Request{Path: "/x"}, PageLen: 10, Eager: eager,
			}, ids))
			if err != nil {
				t.Fatalf("past %d, eager %v: %v", past, eager, err)
			}
			wantRows(t, rows, 35)
			if n := strings.Count(log.String(), "rows were removed"); n != 1 {
				t.Errorf("%d warnings", n)
			}
			if !eager && l.total > 8 {
				t.Errorf("past %d: %d requests for 35 rows", past, l.total)
			}
		}
	}
}

// script answers the pages of a list with fixed bodies; a missing page is a 404 that does not speak of pages.
type script map[string]string

func (s script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page := r.URL.Query().Get("page")
	body, ok := s[page]
	w.Header().Set("Content-Type", "application/json")
	if !ok {
		w.WriteHeader(404)
		body = `{"type":"error","error":{"message":"Repository w/r not found"}}`
	}
	_, _ = io.WriteString(w, body)
}

func TestOddPages(t *testing.T) {
	const next = `"next":"https://api.bitbucket.org/2.0/x?page=9"`
	for _, tt := range []struct {
		name   string
		pages  script
		rows   int // -1 for an error
		single bool
	}{
		{name: "empty list", pages: script{"": `{"size":0,"values":[]}`}},
		{name: "empty list without values", pages: script{"": `{"size":0,"page":1,"pagelen":10}`}},
		{name: "nothing at all", pages: script{"": `{}`}, rows: -1},
		{name: "null values alone", pages: script{"": `{"values":null}`}, rows: -1},
		{name: "null values", pages: script{"": `{"values":null,"page":1}`}},
		{name: "nothing at all, single", pages: script{"": `{}`}, rows: -1, single: true},
		{name: "empty single list without values", pages: script{"": `{"size":0}`}, single: true},
		{name: "null values alone, single", pages: script{"": `{"values":null}`}, rows: -1, single: true},
		{name: "all rows in a page longer than it says", pages: script{"": `{"size":3,"pagelen":2,"values":[{"id":1},{"id":2},{"id":3}]}`}, rows: 3},
		{name: "missing next before the end", pages: script{
			"":  `{"size":3,"pagelen":2,"values":[{"id":1},{"id":2}]}`,
			"2": `{"size":3,"pagelen":2,"values":[{"id":3}]}`,
		}, rows: 3},
		{name: "size too large", pages: script{
			"":  `{"size":30,"pagelen":2,"values":[{"id":1},{"id":2}]}`,
			"2": `{"size":30,"pagelen":2,"values":[]}`,
			"3": `{"size":30,"pagelen":2,"values":[]}`,
		}, rows: 2},
		{name: "empty page amid", pages: script{
			"":  `{"size":5,"pagelen":2,"values":[{"id":1},{"id":2}],` + next + `}`,
			"2": `{"size":5,"pagelen":2,"values":[],` + next + `}`,
			"3": `{"size":5,"pagelen":2,"values":[{"id":3}]}`,
		}, rows: 3},
		{name: "last page again past the end", pages: script{
			"":  `{"size":4,"pagelen":2,"page":1,"values":[{"id":1},{"id":2}],` + next + `}`,
			"2": `{"size":2,"pagelen":2,"page":1,"values":[{"id":1},{"id":2}]}`,
		}, rows: 2},
		{name: "last page again before the end", pages: script{
			"":  `{"size":4,"pagelen":2,"page":1,"values":[{"id":1},{"id":2}],` + next + `}`,
			"2": `{"size":4,"pagelen":2,"page":1,"values":[{"id":1},{"id":2}]}`,
		}, rows: -1},
		{name: "one page for all numbers", pages: script{
			"":  `{"size":4,"pagelen":2,"page":1,"values":[{"id":1},{"id":2}],` + next + `}`,
			"2": `{"size":4,"pagelen":2,"page":1,"values":[{"id":1},{"id":2}],` + next + `}`,
		}, rows: -1},
		{name: "page vanishes amid", pages: script{"": `{"size":4,"pagelen":2,"values":[{"id":1},{"id":2}],` + next + `}`}, rows: -1},
		{name: "values vanish amid", pages: script{
			"":  `{"size":4,"pagelen":2,"values":[{"id":1},{"id":2}],` + next + `}`,
			"2": `{"size":4,"pagelen":2}`,
		}, rows: -1},
		{name: "nothing at all amid", pages: script{
			"":  `{"pagelen":2,"values":[{"id":1},{"id":2}],` + next + `}`,
			"2": `{}`,
		}, rows: -1},
		{name: "no rows and no size amid", pages: script{
			"":  `{"size":3,"pagelen":2,"values":[{"id":1},{"id":2}],` + next + `}`,
			"2": `{"values":[]}`,
		}, rows: -1},
		{name: "bare list amid", pages: script{
			"":  `{"size":3,"pagelen":2,"values":[{"id":1},{"id":2}],` + next + `}`,
			"2": `[{"id":3}]`,
		}, rows: -1},
		{name: "nothing at all behind a link", pages: script{
			"":  `{"values":[{"id":1}],"next":"https://api.bitbucket.org/2.0/x?page=9"}`,
			"9": `{}`,
		}, rows: -1, single: true},
		{name: "no rows of some", pages: script{"": `{"size":3,"values":[]}`}, rows: -1},
		{name: "another page for the first", pages: script{"": `{"size":3,"page":2,"pagelen":2,"values":[{"id":3}]}`}, rows: -1},
		{name: "size that is no whole number", pages: script{"": `{"size":2.5,"values":[{"id":1}]}`}, rows: 1},
		{name: "size beyond all numbers", pages: script{
			"":  `{"size":99999999999999999999,"pagelen":1,"values":[{"id":1}],` + next + `}`,
			"2": `{"pagelen":1,"values":[{"id":2}]}`,
		}, rows: 2},
		{name: "values twice", pages: script{"": `{"size":0,"values":[],"values":[{"id":1}]}`}, rows: -1},
		{name: "next twice", pages: script{"": `{"values":[{"id":1}],"next":null,` + next + `}`}, rows: -1},
		{name: "an error beside rows", pages: script{"": `{"type":"error","error":{"message":"no"},"size":0,"values":[]}`}, rows: -1},
		{name: "values missing", pages: script{"": `{"size":3}`}, rows: -1},
		{name: "values missing with next", pages: script{"": `{` + next + `}`}, rows: -1},
		{name: "a document", pages: script{"": `{"type":"repository"}`}, rows: -1},
		{name: "an error with 200", pages: script{"": `{"type":"error","error":{"message":"no"}}`}, rows: -1},
		{name: "values of another type", pages: script{"": `{"values":{"id":1}}`}, rows: -1},
		{name: "next of another type", pages: script{"": `{"values":[{"id":1}],"next":7}`}, rows: -1},
		{name: "bare list", pages: script{"": `[{"id":1},{"id":2}]`}, rows: 2, single: true},
		{name: "bare list for pages", pages: script{"": `[{"id":1},{"id":2}]`}, rows: -1},
		{name: "single", pages: script{"": `{"values":[{"id":1},{"id":2}]}`}, rows: 2, single: true},
		{name: "single with next", pages: script{
			"":  `{"values":[{"id":1}],"next":"https://api.bitbucket.org/2.0/x?page=9"}`,
			"9": `{"values":[{"id":2}]}`,
		}, rows: 2, single: true},
	} {
		for _, eager := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%v", tt.name, eager), func(t *testing.T) {
				c := newClient(t, Options{Transport: serve(tt.pages)})
				req := ListRequest{Request: Request{Path: "/x"}, Eager: eager}
				if tt.single {
					req.Paging = Single
				}
				rows, err := collect(t.Context(), List(c, req, ids))
				if tt.rows < 0 {
					if err == nil {
						t.Fatalf("no error, rows %v", rows)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				wantRows(t, rows, tt.rows)
			})
		}
	}
}

func TestAFailedPageComesInOrderAndEndsTheWalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &listing{size: 1000}
		w := wire(func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("page") == "3" {
				return reply(403, `{"type":"error","error":{"message":"no"}}`), nil
			}
			time.Sleep(time.Millisecond)
			return serve(l)(r)
		})
		c := newClient(t, Options{Transport: w})
		p := List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10, Eager: true}, ids)
		defer p.Close()
		for range 2 {
			if _, err := p.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		// Page 1, and those that were under way when page 3 failed.
		if l.requests() > 11 {
			t.Errorf("%d requests although page 3 failed", l.requests())
		}
		for range 2 {
			if _, err := p.Next(t.Context()); !errors.Is(err, ErrForbidden) {
				t.Fatalf("%v, want forbidden", err)
			}
		}
	})
}

func TestADecodingErrorEndsTheWalk(t *testing.T) {
	broken := errors.New("broken row")
	c := newClient(t, Options{Transport: serve(&listing{size: 30})})
	p := List(c, ListRequest{Request: Request{Path: "/x"}}, func([]*fastjson.Value, *fastjson.Value) (int, error) {
		return 0, broken
	})
	defer p.Close()
	if _, err := p.Next(t.Context()); !errors.Is(err, broken) {
		t.Fatal(err)
	}
}

func TestCloseStopsTheRequestsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var hanging atomic.Int32
		l := &listing{size: 1000}
		c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Has("page") {
				hanging.Add(1)
				defer hanging.Add(-1)
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return serve(l)(r)
		})})
		p := List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10, Eager: true}, ids)
		if _, err := p.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		waiting := make(chan error)
		go func() { _, err := p.Next(t.Context()); waiting <- err }()
		synctest.Wait()
		if hanging.Load() != 10 {
			t.Fatalf("%d requests hang, want 10", hanging.Load())
		}
		p.Close()
		if hanging.Load() != 0 {
			t.Errorf("%d requests hang after Close", hanging.Load())
		}
		if err := <-waiting; !errors.Is(err, ErrClosed) {
			t.Errorf("Next in wait got %v", err)
		}
		if _, err := p.Next(t.Context()); !errors.Is(err, ErrClosed) {
			t.Errorf("Next after Close got %v", err)
		}
		p.Close()
		if c.account.gate.inFlight != 0 || c.account.gate.waiting() != 0 {
			t.Error("the gate is not empty")
		}
	})
}

func TestWalksOverTheNetworkLeaveNothing(t *testing.T) {
	l := &listing{size: 5000, each: func(_ int, r *http.Request) { time.Sleep(time.Millisecond) }}
	srv := httptest.NewServer(l)
	defer srv.Close()
	c := newClient(t, Options{BaseURL: srv.URL})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p := List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 50, Eager: i%2 == 0}, ids)
			defer p.Close()
			for range i {
				page, err := p.Next(t.Context())
				if err != nil || !slices.IsSorted(page) {
					t.Error(page, err)
				}
			}
		})
	}
	wg.Wait()
	if c.account.gate.inFlight != 0 || c.account.gate.waiting() != 0 {
		t.Errorf("%d in flight, %d in the queue", c.account.gate.inFlight, c.account.gate.waiting())
	}
}

// TestAnEndBeforeTheEnd refuses pages that the list says it has: either rows were removed meanwhile, and the list says so when it is
// asked again, or they are missing.
func TestAnEndBeforeTheEnd(t *testing.T) {
	for _, status := range []int{400, 404} {
		for _, eager := range []bool{false, true} {
			for _, removed := range []bool{false, true} {
				var counts atomic.Int32
				c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
					q := r.URL.Query()
					switch {
					case q.Get("fields") == "size":
						counts.Add(1)
						if removed {
							return reply(200, `{"size":2}`), nil
						}
						return reply(200, `{"size":6}`), nil
					case q.Has("page"):
						return reply(status, `{"type":"error","error":{"message":"Invalid page"}}`), nil
					}
					return reply(200, `{"size":6,"page":1,"pagelen":2,"values":[{"id":1},{"id":2}],"next":"https://api.bitbucket.org/2.0/x?page=2"}`), nil
				})})
				rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}, Eager: eager}, ids))
				var content *ContentError
				if removed != (err == nil) || err != nil && !errors.As(err, &content) || counts.Load() != 1 {
					t.Errorf("%d, eager %v, removed %v: rows %v, asked %d times, %v", status, eager, removed, rows, counts.Load(), err)
				}
			}
		}
	}
}
