package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/valyala/fastjson"
)

var spaces = strings.Repeat(" ", 20<<20)

// heavy serves a list whose pages have a size, in bytes.
func heavy(l *listing, size int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.ServeHTTP(w, r)
		_, _ = io.WriteString(w, spaces[:size]) // as good as a long row, and decoded at once
	})
}

func TestReadingAheadIsBoundedByBytes(t *testing.T) {
	for _, tt := range []struct{ size, most int }{
		{10, 20},      // by the number of pages
		{10 << 20, 3}, // 3 × 10 MB
		{20 << 20, 1}, // the next one at least
		{2 << 20, 15}, // 15 × 2 MB, and a bit
		{1 << 20, 20}, // by the number again
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &listing{size: 400}
			c := newClient(t, Options{Transport: serve(heavy(l, tt.size))})
			b := &Budget{}
			ctx := WithBudget(t.Context(), b)
			p := List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10, Eager: true}, ids)
			for n := 1; n <= 4; n++ {
				page, err := p.Next(ctx)
				if err != nil || page[0] != 10*(n-1)+1 {
					t.Fatal(n, page, err)
				}
				synctest.Wait()
				if n < 2 {
					continue
				}
				if ahead := l.requests() - n; ahead > tt.most || ahead < tt.most-1 {
					t.Errorf("%d pages of %d bytes are read ahead of page %d, want %d", ahead, tt.size, n, tt.most)
				}
			}
			p.Close()
			if b.readahead.held != 0 {
				t.Errorf("%d bytes are counted in the end", b.readahead.held)
			}
		})
	}
}

func TestAClosedWalkHoldsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &listing{size: 1000, each: func(int, *http.Request) { time.Sleep(time.Second) }}
		c := newClient(t, Options{Transport: serve(heavy(l, 1<<20))})
		b := &Budget{}
		ctx := WithBudget(t.Context(), b)
		for taken := range 5 {
			p := List(c, ListRequest{Request: Request{Path: fmt.Sprint("/x", taken)}, PageLen: 10, Eager: true}, ids)
			for range taken {
				if _, err := p.Next(ctx); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(500 * time.Millisecond) // some are there, some are under way
			p.Close()
			if b.readahead.held != 0 {
				t.Errorf("%d bytes are counted after %d pages", b.readahead.held, taken)
			}
		}
		broken := errors.New("broken")
		p := List(c, ListRequest{Request: Request{Path: "/y"}, PageLen: 10, Eager: true}, func(v []*fastjson.Value, _ *fastjson.Value) (int, error) {
			if v[0].GetInt("id") == 31 {
				return 0, broken
			}
			return 0, nil
		})
		var err error
		for err == nil {
			_, err = p.Next(ctx)
		}
		if p.Close(); !errors.Is(err, broken) || b.readahead.held != 0 {
			t.Errorf("%v, %d bytes are counted", err, b.readahead.held)
		}
	})
}

func TestWhoIsWaitedForNeedsNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, wanted, passed := &Readahead{}, make(chan struct{}, 1), make(chan error, 1)
		r.Hold(readaheadBytes)
		wait := func() { passed <- r.Wait(t.Context(), wanted) }
		blocked := func() bool { synctest.Wait(); return len(passed) == 0 }
		go wait()
		if !blocked() {
			t.Error("there is no room")
		}
		if wanted <- struct{}{}; blocked() {
			t.Error("it is waited for")
		}
		<-passed
		go wait()
		if !blocked() {
			t.Error("there is still no room")
		}
		if r.Hold(-readaheadBytes); blocked() {
			t.Error("there is room")
		}
	})
}
