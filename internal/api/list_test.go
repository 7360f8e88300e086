package api

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/valyala/fastjson"
)

func TestEagerListIsParallelBoundedAndInOrder(t *testing.T) {
	var both sync.WaitGroup
	both.Add(2)
	l := &listing{size: 1000, each: func(page int, _ *http.Request) {
		if page == 2 || page == 3 {
			both.Done()
			both.Wait() // for ever, unless both are asked for at once
		}
		time.Sleep(time.Duration(rand.IntN(5)) * time.Millisecond)
	}}
	srv := httptest.NewServer(l)
	defer srv.Close()
	c := newClient(t, Options{BaseURL: srv.URL, MaxInFlight: 4})
	b := &Budget{}
	rows, err := collect(WithBudget(t.Context(), b), List(c, ListRequest{
		Request: Request{Path: "/x"}, PageLen: 20, Eager: true,
	}, ids))
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, rows, 1000)
	if l.total != 50 || b.Requests() != 50 {
		t.Errorf("%d requests, %d in the budget, want 50", l.total, b.Requests())
	}
	if l.mostInFlight < 2 || l.mostInFlight > 4 {
		t.Errorf("%d requests in flight, want 2 to 4", l.mostInFlight)
	}
	if b.Bytes() < int64(1000*len(`{"id":1}`)) {
		t.Errorf("%d bytes counted", b.Bytes())
	}
}

func TestPagesAreDecodedInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{Transport: serve(&listing{size: 30})})
		var both sync.WaitGroup
		both.Add(2)
		p := List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10, Eager: true},
			func(values []*fastjson.Value, _ *fastjson.Value) (int, error) {
				if values[0].GetInt("id") > 1 {
					both.Done()
					both.Wait() // a deadlock unless both are decoded at once
				}
				return values[0].GetInt("id"), nil
			})
		defer p.Close()
		for _, want := range []int{1, 11, 21} {
			if got, err := p.Next(t.Context()); err != nil || got != want {
				t.Fatalf("%d, %v, want %d", got, err, want)
			}
		}
	})
}

func TestEagerListReadsAWindowAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &listing{size: 1000}
		c := newClient(t, Options{Transport: serve(l), MaxInFlight: 3})
		p := List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10, Eager: true}, ids)
		defer p.Close()
		synctest.Wait()
		if l.requests() != 0 {
			t.Fatalf("%d requests before the first Next", l.requests())
		}
		for taken := 1; taken <= 5; taken++ {
			if _, err := p.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			want := taken + 6
			if taken == 1 {
				want = 1 // many a consumer has enough with the first page
			}
			if got := l.requests(); got != want {
				t.Fatalf("%d requests after %d pages, want %d", got, taken, want)
			}
		}
	})
}

func TestLazyListRampsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &listing{size: 250}
		c := newClient(t, Options{Transport: serve(l)})
		p := List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10}, ids)
		defer p.Close()
		for i, want := range []int{1, 2, 4, 4, 8, 8, 8, 8, 16, 16, 16, 16, 16, 16, 16, 16, 24, 24, 24, 24, 24, 24, 24, 24, 25} {
			if _, err := p.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if got := l.requests(); got != want {
				t.Fatalf("%d requests after %d pages, want %d", got, i+1, want)
			}
		}
		for range 2 {
			if _, err := p.Next(t.Context()); !errors.Is(err, io.EOF) {
				t.Fatalf("%v, want EOF", err)
			}
		}
		if l.requests() != 25 {
			t.Errorf("%d requests", l.requests())
		}
	})
}

func TestMaxRowsBoundsThePages(t *testing.T) {
	for _, tt := range []struct {
		maxRows, requests int
		eager             bool
	}{
		{1, 1, false},
		{10, 1, false},
		{11, 2, false},
		{25, 3, false},
		{45, 5, false},
		{1, 1, true},
		{25, 3, true},
		{10000, 100, true},
	} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &listing{size: 1000}
				c := newClient(t, Options{Transport: serve(l)})
				rows, err := collect(t.Context(), List(c, ListRequest{
					Request: Request{Path: "/x"}, PageLen: 10, MaxRows: tt.maxRows, Eager: tt.eager,
				}, ids))
				if err != nil {
					t.Fatal(err)
				}
				wantRows(t, rows, min(tt.requests*10, 1000))
				if l.requests() != tt.requests {
					t.Errorf("%d requests, want %d", l.requests(), tt.requests)
				}
			})
		})
	}
}

// TestWalkFromALaterPage begins with a page that proves its place, and gives nothing where it does not.
func TestWalkFromALaterPage(t *testing.T) {
	for _, tt := range []struct {
		name     string
		listing  *listing
		first    int
		maxRows  int
		eager    bool
		from, to int // the ids of the rows
		err      error
		requests int
	}{
		{"to the end", &listing{size: 95}, 8, 0, false, 71, 95, nil, 3},
		{"to the end, side by side", &listing{size: 1000}, 40, 0, true, 391, 1000, nil, 61},
		{"the last page", &listing{size: 95}, 10, 0, false, 91, 95, nil, 1},
		{"the last page, which is full", &listing{size: 100}, 10, 0, true, 91, 100, nil, 1},
		{"some rows", &listing{size: 1000}, 50, 25, true, 491, 520, nil, 3},
		{"an empty page behind the last", &listing{size: 95}, 11, 0, false, 0, 0, nil, 1},
		{"no page behind the last", &listing{size: 95, pastStatus: 404}, 11, 0, false, 0, 0, ErrNoPage, 1},
		{"no size", &listing{size: 95, hideSize: true}, 8, 0, false, 0, 0, ErrPageInDoubt, 1},
		{"no length", &listing{size: 95, hideLen: true}, 8, 0, false, 0, 0, ErrPageInDoubt, 1},
		{"no number", &listing{size: 95, hidePage: true}, 8, 0, false, 0, 0, ErrPageInDoubt, 1},
		{"no next page", &listing{size: 95, hideNext: true}, 8, 0, false, 0, 0, ErrPageInDoubt, 1},
		{"a refused length", &listing{size: 95, maxLen: 9}, 8, 0, false, 0, 0, ErrPageInDoubt, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t, Options{Transport: serve(tt.listing)})
				rows, err := collect(t.Context(), List(c, ListRequest{
					Request: Request{Path: "/x"}, PageLen: 10, FirstPage: tt.first, MaxRows: tt.maxRows, Eager: tt.eager,
				}, ids))
				if !errors.Is(err, tt.err) {
					t.Fatalf("%v, want %v", err, tt.err)
				}
				var want []int
				for id := tt.from; id <= tt.to && id > 0; id++ {
					want = append(want, id)
				}
				if !slices.Equal(rows, want) {
					t.Errorf("rows are %v, want %d to %d", rows, tt.from, tt.to)
				}
				if tt.listing.requests() != tt.requests {
					t.Errorf("%d requests, want %d", tt.listing.requests(), tt.requests)
				}
			})
		})
	}
}

func TestPageAddressesKeepTheQuery(t *testing.T) {
	l := &listing{size: 30}
	c := newClient(t, Options{Transport: serve(l)})
	query := url.Values{"sort": {"-created_on"}, "state": {"OPEN", "MERGED"}, "fields": {"values.id"}}
	rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x", Query: query}, PageLen: 10}, ids))
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, rows, 30)
	for i, q := range l.queries {
		want := url.Values{
			"sort": {"-created_on"}, "state": {"OPEN", "MERGED"}, "fields": {"values.id,next,size"}, "pagelen": {"10"},
		}
		if i > 0 {
			want.Set("page", fmt.Sprint(i+1))
		}
		if q.Encode() != want.Encode() {
			t.Errorf("request %d has %s, want %s", i+1, q.Encode(), want.Encode())
		}
	}
	if query.Get("fields") != "values.id" {
		t.Error("the caller's query was changed")
	}
}

func TestPagingFields(t *testing.T) {
	for _, tt := range []struct {
		fields string
		paging Paging
		want   string
	}{
		{"", Numbered, ""},
		{"values.id", Numbered, "values.id,next,size"},
		{"next,values.id,size", Numbered, "next,values.id,size"},
		{"values.next", Chained, "values.next,next,pagelen"},
		{"+values.reviewers", Numbered, "+values.reviewers"},
		{"-values.links", Chained, "-values.links"},
		{"*", Chained, "*"},
		{"values.*", Numbered, "values.*,next,size"},
	} {
		if got := pagingFields(url.Values{"fields": {tt.fields}}, tt.paging).Get("fields"); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.fields, got, tt.want)
		}
	}
}

func TestLongPagesFallBack(t *testing.T) {
	for _, tt := range []struct{ ask, maxLen, requests, per int }{
		{100, 100, 2, 100},
		{100, 50, 1 + 3, 50},
		{100, 20, 2 + 12, 10}, // 50 is refused too; the default is 10
		{50, 20, 1 + 12, 10},
	} {
		l := &listing{size: 120, maxLen: tt.maxLen}
		c := newClient(t, Options{Transport: serve(l)})
		rows, err := collect(t.Context(), List(c, ListRequest{
			Request: Request{Path: "/x"}, PageLen: tt.ask, Eager: true,
		}, ids))
		if err != nil {
			t.Fatal(err)
		}
		wantRows(t, rows, 120)
		if l.total != tt.requests {
			t.Errorf("%+v: %d requests", tt, l.total)
		}
	}
}
