package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// chain is a list of pages that know only their successor; one row each.
func chain(pages int, requests *atomic.Int32, queries *[]url.Values) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if queries != nil {
			*queries = append(*queries, r.URL.Query())
		}
		n := 1
		if ctx := r.URL.Query().Get("ctx"); ctx != "" {
			_, _ = fmt.Sscanf(ctx, "p/%d=", &n)
		}
		next := ""
		if n < pages {
			next = fmt.Sprintf(`,"next":"https://%s%s?ctx=p%%2F%d%%3D"`, r.Host, r.URL.Path, n+1)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"pagelen":1,"values":[{"id":%d}]%s}`, n, next)
	})
}

func TestChain(t *testing.T) {
	for _, tt := range []struct {
		eager bool
		want  []int32 // requests after each page
	}{
		{false, []int32{1, 2, 3, 4, 5}},
		{true, []int32{1, 3, 4, 5, 5}},
	} {
		synctest.Test(t, func(t *testing.T) {
			var requests atomic.Int32
			c := newClient(t, Options{Transport: serve(chain(5, &requests, nil))})
			p := List(c, ListRequest{Request: Request{Path: "/x/commits"}, Paging: Chained, Eager: tt.eager}, ids)
			defer p.Close()
			for i, want := range tt.want {
				page, err := p.Next(t.Context())
				if err != nil || page[0] != i+1 {
					t.Fatalf("page %d: %v, %v", i+1, page, err)
				}
				synctest.Wait()
				if requests.Load() != want {
					t.Errorf("eager %v: %d requests after page %d, want %d", tt.eager, requests.Load(), i+1, want)
				}
			}
			if rows, err := collect(t.Context(), p); err != nil || len(rows) > 0 {
				t.Fatal(rows, err)
			}
		})
	}
}

func TestANumberedListThatProvesToBeAChain(t *testing.T) {
	for _, eager := range []bool{false, true} {
		var requests atomic.Int32
		c := newClient(t, Options{Transport: serve(chain(5, &requests, nil))})
		rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}, Eager: eager}, ids))
		if err != nil {
			t.Fatal(err)
		}
		wantRows(t, rows, 5)
		if requests.Load() != 5 {
			t.Errorf("%d requests", requests.Load())
		}
	}
}

func TestNumberedLink(t *testing.T) {
	for link, want := range map[string]bool{
		"https://h/x?page=2": true, "https://h/x?q=a&page=17": true, "?page=2": true, "https://h/%zz": true,
		"https://h/x?page=dbtR": false, "https://h/x?ctx=abc&page=2": false, "https://h/x?after=2020": false, "https://h/x?page=1": false,
	} {
		if numberedLink(link) != want {
			t.Errorf("%s: %v", link, !want)
		}
	}
}

func TestChainStopsAtMaxRows(t *testing.T) {
	var requests atomic.Int32
	c := newClient(t, Options{Transport: serve(chain(50, &requests, nil))})
	rows, err := collect(t.Context(), List(c, ListRequest{
		Request: Request{Path: "/x"}, Paging: Chained, Eager: true, MaxRows: 3,
	}, ids))
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, rows, 3)
	if requests.Load() != 3 {
		t.Errorf("%d requests", requests.Load())
	}
}

func TestChainKeepsOurParameters(t *testing.T) {
	var (
		requests atomic.Int32
		queries  []url.Values
	)
	c := newClient(t, Options{Transport: serve(chain(3, &requests, &queries))})
	rows, err := collect(t.Context(), List(c, ListRequest{
		Request: Request{Path: "/x", Query: url.Values{"fields": {"values.id"}, "exclude": {"a", "b"}}},
		Paging:  Chained, PageLen: 100,
	}, ids))
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, rows, 3)
	for i, q := range queries {
		want := url.Values{"fields": {"values.id,next,pagelen"}, "exclude": {"a", "b"}, "pagelen": {"100"}}
		if i > 0 {
			want.Set("ctx", fmt.Sprintf("p/%d=", i+1))
		}
		if q.Encode() != want.Encode() {
			t.Errorf("request %d has %s, want %s", i+1, q.Encode(), want.Encode())
		}
	}
}

func TestHostileNext(t *testing.T) {
	const base = "https://api.bitbucket.org/2.0"
	for _, tt := range []struct {
		next string
		ok   bool
	}{
		{"https://api.bitbucket.org/2.0/x?page=2", true},
		{"https://API.bitbucket.org:443/2.0/x?page=2", true},
		{"/2.0/x?page=2", true},
		{"?page=2", true},
		{"https://evil.example/2.0/x?page=2", false},
		{"https://api.bitbucket.org.evil.example/2.0/x", false},
		{"https://api.bitbucket.org@evil.example/2.0/x", false},
		{"https://user:pw@api.bitbucket.org/2.0/x", false},
		{"http://api.bitbucket.org/2.0/x", false},
		{"https://api.bitbucket.org:8443/2.0/x", false},
		{"//evil.example/2.0/x", false},
		{"https://api.bitbucket.org/1.0/x", false},
		{"https://api.bitbucket.org/2.0evil/x", false},
		{"https://api.bitbucket.org/2.0/../1.0/x", false},
		{"https://api.bitbucket.org/2.0/%2e%2e/1.0/x", false},
		{"https://bitbucket.org/!api/2.0/x", false},
		{"file:///etc/passwd", false},
		{"https://api.bitbucket.org/2.0/%zz?token=hush", false},
	} {
		var requests atomic.Int32
		c := newClient(t, Options{Auth: Bearer("hush-secret"), Transport: wire(func(r *http.Request) (*http.Response, error) {
			if requests.Add(1) == 1 {
				return reply(200, fmt.Sprintf(`{"values":[{"id":1}],"next":%q}`, tt.next)), nil
			}
			if r.Header.Get("Authorization") != "Bearer hush-secret" || !strings.HasPrefix(strings.ToLower(r.URL.String()), "https://api.bitbucket.org") {
				t.Errorf("%s: sent to %s", tt.next, r.URL)
			}
			return reply(200, `{"values":[{"id":2}]}`), nil
		})})
		rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}, Paging: Chained}, ids))
		var host *HostError
		if tt.ok {
			if err != nil || len(rows) != 2 {
				t.Errorf("%s: %v, %v", tt.next, rows, err)
			}
			continue
		}
		if !errors.As(err, &host) || requests.Load() != 1 {
			t.Errorf("%s: %v after %d requests", tt.next, err, requests.Load())
			continue
		}
		if host.Base != base || strings.Contains(err.Error(), "pw") || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", tt.next, err)
		}
	}
}

func TestNumberedPagesIgnoreWhereNextLeads(t *testing.T) {
	c := newClient(t, Options{Transport: serve(script{
		"":  `{"size":2,"pagelen":1,"values":[{"id":1}],"next":"https://evil.example/x?page=7"}`,
		"2": `{"size":2,"pagelen":1,"values":[{"id":2}]}`,
	})})
	rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}}, ids))
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, rows, 2)
}

func TestAChainThatTurnsBackEnds(t *testing.T) {
	var requests atomic.Int32
	c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
		n := requests.Add(1)
		return reply(200, fmt.Sprintf(`{"values":[{"id":1}],"next":"/2.0/x?ctx=%d"}`, n%3)), nil
	})})
	_, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}, Paging: Chained}, ids))
	var content *ContentError
	if !errors.As(err, &content) || requests.Load() > 5 {
		t.Fatalf("%v after %d requests", err, requests.Load())
	}
}
