package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/leak"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

func TestMain(m *testing.M) { secretscan.Main(func() { os.Exit(leak.Main(m)) }) }

// wire is a transport in memory: no sockets, so that it works under the false clock of testing/synctest.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w(r)
}

// roundTripper is a transport that is given requests whose context has ended, too.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// serve makes a wire of a handler.
func serve(h http.Handler) wire {
	return func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result(), nil
	}
}

func reply(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func newClient(t testing.TB, o Options) *Client {
	t.Helper()
	if o.Logger == nil {
		o.Logger = slog.New(secretscan.Handler())
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	unlimited(c)
	t.Cleanup(func() { discard(c) })
	return c
}

// unlimited forgets the limit that Bitbucket documents, so that a test is not slowed down near it.
func unlimited(c *Client) { c.account.hour.documented = 0 }

// discard closes a client and forgets its account: a pause left over by a false clock would never end, and an hour would go on
// in the next test.
func discard(c *Client) {
	c.Close()
	accounts.Lock()
	defer accounts.Unlock()
	if a := c.account; a.refs == 0 {
		a.gate.mu.Lock()
		defer a.gate.mu.Unlock()
		for _, t := range []*time.Timer{a.gate.timer, a.gate.pacer} {
			if t != nil {
				t.Stop()
			}
		}
		delete(accounts.m, a.key)
	}
}

// endless is the patience of one who waits for ever.
type endless struct{}

func (endless) start() {}

func (endless) allows(time.Duration) bool { return true }

// waiting is the number of requests that queue.
func (g *gate) waiting() int {
	n := 0
	for _, l := range g.lines {
		n += len(l.queue)
	}
	return n
}

// listing is a numbered list of the rows 1 … size, with the oddities of Bitbucket as switches.
type listing struct {
	size, maxLen                  int
	hideSize, hideLen, hidePage   bool
	hideNext                      bool
	pastStatus                    int // what a page beyond the end gets; 0 an empty page
	each                          func(page int, r *http.Request)
	overrideSize                  func(page int) int // the truth may change while pages are read
	mu                            sync.Mutex
	queries                       []url.Values
	inFlight, mostInFlight, total int
}

func (l *listing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	l.mu.Lock()
	l.queries = append(l.queries, q)
	l.total++
	l.inFlight++
	l.mostInFlight = max(l.mostInFlight, l.inFlight)
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.inFlight--
		l.mu.Unlock()
	}()
	page, per := 1, 10
	if q.Has("page") {
		page, _ = strconv.Atoi(q.Get("page"))
	}
	if q.Has("pagelen") {
		per, _ = strconv.Atoi(q.Get("pagelen"))
	}
	if l.each != nil {
		l.each(page, r)
	}
	w.Header().Set("Content-Type", "application/json")
	if l.maxLen > 0 && per > l.maxLen {
		w.WriteHeader(400)
		fmt.Fprint(w, `{"type":"error","error":{"message":"Invalid pagelen"}}`)
		return
	}
	size := l.size
	if l.overrideSize != nil {
		size = l.overrideSize(page)
	}
	from, to := (page-1)*per, min(page*per, size)
	if from >= size && page > 1 && l.pastStatus != 0 {
		w.WriteHeader(l.pastStatus)
		fmt.Fprint(w, `{"type":"error","error":{"message":"Invalid page"}}`)
		return
	}
	values := []map[string]int{}
	for id := from + 1; id <= to; id++ {
		values = append(values, map[string]int{"id": id})
	}
	out := map[string]any{"values": values}
	if !l.hideSize {
		out["size"] = size
	}
	if !l.hideLen {
		out["pagelen"] = per
	}
	if !l.hidePage {
		out["page"] = page
	}
	if to < size && !l.hideNext {
		// As pipelines do it: the link forgets every parameter but the page.
		out["next"] = "https://" + r.Host + r.URL.Path + "?page=" + strconv.Itoa(page+1)
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (l *listing) requests() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

// ids decodes a page of rows with an id.
func ids(values []*fastjson.Value, _ *fastjson.Value) ([]int, error) {
	out := make([]int, 0, len(values))
	for _, v := range values {
		out = append(out, v.GetInt("id"))
	}
	return out, nil
}

// collect reads a list to its end.
func collect(ctx context.Context, p *Pages[[]int]) ([]int, error) {
	defer p.Close()
	var all []int
	for {
		page, err := p.Next(ctx)
		if err == io.EOF { // not errors.Is: a wrapped io.EOF is a connection that broke off
			return all, nil
		}
		if err != nil {
			return all, secretscan.Error(err)
		}
		all = append(all, page...)
	}
}

// wantRows fails unless rows are 1 … n.
func wantRows(t testing.TB, rows []int, n int) {
	t.Helper()
	if len(rows) != n {
		t.Fatalf("%d rows, want %d: %v", len(rows), n, rows)
	}
	for i, id := range rows {
		if id != i+1 {
			t.Fatalf("row %d is %d", i+1, id)
		}
	}
}

// none decodes a document to nothing.
func none(*fastjson.Value) (struct{}, error) { return struct{}{}, nil }

func get(ctx context.Context, c *Client, path string) error {
	_, err := Get(ctx, c, Request{Path: path}, none)
	return secretscan.Error(err)
}
