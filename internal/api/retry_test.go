package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestCutBodiesAreReadAgain(t *testing.T) {
	var n atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch n.Add(1) {
		case 1: // shorter than it says
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"values":[{"id"`)
		case 2: // complete for HTTP, not for JSON
			_, _ = io.WriteString(w, `{"values":[{"id":1}`)
		case 3: // a chunked body without its end
			_, _ = io.WriteString(w, `{"values":[`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		case 4: // a reset connection
			conn, _, _ := http.NewResponseController(w).Hijack()
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		default:
			_, _ = io.WriteString(w, `{"values":[{"id":1}]}`)
		}
	}))
	defer srv.Close()
	c := newClient(t, Options{BaseURL: srv.URL})
	rows, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}}, ids))
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, rows, 1)
	if n.Load() != 5 {
		t.Errorf("%d requests", n.Load())
	}
}

func TestRetriesEnd(t *testing.T) {
	for _, tt := range []struct {
		name     string
		answer   func() (*http.Response, error)
		requests int
	}{
		{"503", func() (*http.Response, error) { return reply(503, ""), nil }, 5},
		{"555", func() (*http.Response, error) { return reply(555, "<html>"), nil }, 5},
		{"202", func() (*http.Response, error) { return reply(202, "{}"), nil }, 5},
		{"501", func() (*http.Response, error) { return reply(501, ""), nil }, 1},
		{"404", func() (*http.Response, error) { return reply(404, ""), nil }, 1},
		{"truncated", func() (*http.Response, error) { return reply(200, `{"a":"b`), nil }, 5},
		{"truncated in a list", func() (*http.Response, error) { return reply(200, `{"a":[1,{}`), nil }, 5},
		{"broken", func() (*http.Response, error) { return reply(200, `{"a":]`), nil }, 1},
		{"reset", func() (*http.Response, error) { return nil, syscall.ECONNRESET }, 5},
		{"eof", func() (*http.Response, error) { return nil, io.EOF }, 5},
		{"no such host", func() (*http.Response, error) { return nil, &net.DNSError{IsNotFound: true} }, 1},
		{"dns down", func() (*http.Response, error) { return nil, &net.DNSError{IsTemporary: true} }, 5},
		{"certificate", func() (*http.Response, error) { return nil, x509.UnknownAuthorityError{} }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				c := newClient(t, Options{Transport: wire(func(*http.Request) (*http.Response, error) {
					requests++
					return tt.answer()
				})})
				if err := get(t.Context(), c, "/x"); err == nil {
					t.Fatal("no error")
				}
				if requests != tt.requests {
					t.Errorf("%d requests, want %d", requests, tt.requests)
				}
			})
		})
	}
}

func TestUnreachableSaysWhatToDo(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "nowhere.example", IsNotFound: true}}, "no such host; check the network and the host of the base url"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, "refused; check the network, the base url and any proxy on the way"},
		{&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}, "reset by peer"},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "handshake; this server speaks no TLS: check scheme and port of the base url"},
		{x509.UnknownAuthorityError{}, "name it with SSLServerCert"},
		{lastingError{x509.UnknownAuthorityError{}}, "a fingerprint to compare"},
	} {
		if got := (&transportError{"/x", tt.err}).Error(); !strings.HasSuffix(got, tt.want) {
			t.Errorf("got %s, want it to end in %s", got, tt.want)
		}
	}
}

// lastingError says itself what to do.
type lastingError struct{ err error }

func (lastingError) Error() string   { return "a fingerprint to compare" }
func (e lastingError) Unwrap() error { return e.err }
func (lastingError) Lasting() bool   { return true }

func TestARateLimitIsWaitedForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, n := time.Now(), 0
		limited := wire(func(*http.Request) (*http.Response, error) { n++; return reply(429, ""), nil })
		c := newClient(t, Options{Transport: limited})
		if err := get(t.Context(), c, "/x"); !errors.Is(err, ErrRateLimited) {
			t.Fatal(err)
		}
		// Half a minute between them, once the back-off has grown.
		if d := time.Since(start); d < time.Hour || d > time.Hour+time.Minute || n < 60 || n > 240 {
			t.Errorf("%d requests in %v", n, d)
		}
		n = 0
		discard(c)
		if err := get(t.Context(), newClient(t, Options{Transport: limited, MaxRetries: -1}), "/x"); !errors.Is(err, ErrRateLimited) || n != 1 {
			t.Errorf("%d requests without retries, %v", n, err)
		}
	})
}

func TestARateLimitPausesTheCredential(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var (
			mu   sync.Mutex
			sent []string
		)
		w := wire(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			sent = append(sent, fmt.Sprint(r.URL.Path, "@", time.Since(start)))
			if len(sent) == 1 {
				return reply(429, "slow down", "Content-Type", "text/plain", "Retry-After", "30"), nil
			}
			return reply(200, "{}"), nil
		})
		limited := newClient(t, Options{Transport: w, Auth: Bearer("a")})
		same := newClient(t, Options{Transport: w, Auth: Bearer("a")})
		other := newClient(t, Options{Transport: w, Auth: Bearer("b")})
		var wg sync.WaitGroup
		b1, b2 := &Budget{}, &Budget{}
		run := func(c *Client, path string, b *Budget) {
			wg.Go(func() {
				if err := get(WithBudget(t.Context(), b), c, path); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		run(limited, "/1", b1)
		time.Sleep(10 * time.Second)
		run(same, "/2", b2)
		run(other, "/3", &Budget{})
		wg.Wait()
		got := map[string]bool{}
		for _, s := range sent {
			got[s] = true
		}
		for _, want := range []string{"/2.0/1@0s", "/2.0/3@10s", "/2.0/1@30s", "/2.0/2@30s"} {
			if !got[want] {
				t.Errorf("no %s in %v", want, sent)
			}
		}
		if b1.Waited() != 30*time.Second || b1.Requests() != 2 || b2.Waited() != 20*time.Second || b2.Requests() != 1 {
			t.Errorf("waited %v and %v", b1.Waited(), b2.Waited())
		}
	})
}

func TestARateLimitWithoutRetryAfterBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			times []time.Time
			other time.Time
			wg    sync.WaitGroup
			c     *Client
		)
		c = newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/2.0/other" {
				other = time.Now()
				return reply(200, "{}"), nil
			}
			times = append(times, time.Now())
			if len(times) == 8 { // once this request is in back-off, another comes
				time.AfterFunc(time.Millisecond, func() {
					wg.Go(func() {
						if err := get(t.Context(), c, "/other"); err != nil {
							t.Error(err)
						}
					})
				})
			}
			if len(times) <= 8 {
				return reply(429, ""), nil
			}
			return reply(200, "{}"), nil
		})})
		if err := get(t.Context(), c, "/x"); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		if other.Before(times[8]) {
			t.Errorf("another request was sent %v early", times[8].Sub(other))
		}
		top := time.Second
		for i := 1; i < len(times); i++ {
			top = min(2*top, time.Minute)
			if wait := times[i].Sub(times[i-1]); wait < time.Second || wait > top {
				t.Errorf("wait %d is %v, want 1s to %v", i, wait, top)
			}
		}
	})
}

func TestALimitBeyondTheDeadlineIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{Timeout: time.Minute, Transport: wire(func(*http.Request) (*http.Response, error) {
			return reply(429, "", "Retry-After", "600"), nil
		})})
		start := time.Now()
		if err := get(t.Context(), c, "/x"); !errors.Is(err, ErrRateLimited) || time.Since(start) != 0 {
			t.Fatal(err, time.Since(start))
		}
		var limit *LimitError
		if err := get(t.Context(), c, "/y"); !errors.As(err, &limit) || limit.RetryAfter != 10*time.Minute || limit.Path != "/y" || time.Since(start) != 0 {
			t.Fatal(err, time.Since(start))
		}
		// So it is by a deadline of the context; who has time waits.
		hurry, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		patient := newClient(t, Options{Transport: serve(&listing{size: 1})})
		if err := get(hurry, patient, "/y"); !errors.Is(err, ErrRateLimited) || time.Since(start) != 0 {
			t.Fatal(err, time.Since(start))
		}
		if err := get(t.Context(), patient, "/y"); err != nil || time.Since(start) != 10*time.Minute {
			t.Fatal(err, time.Since(start))
		}
	})
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			name string
			w    wire
			last bool
		}{
			{"hangs", func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }, false},
			{"hangs in the body", func(r *http.Request) (*http.Response, error) {
				resp := reply(200, "")
				resp.Body = io.NopCloser(hang{r.Context()})
				return resp, nil
			}, false},
			{"fails", func(r *http.Request) (*http.Response, error) { time.Sleep(9 * time.Second); return reply(500, ""), nil }, true},
		} {
			start := time.Now()
			c := newClient(t, Options{Timeout: 20 * time.Second, Transport: tt.w})
			err := get(t.Context(), c, "/x")
			var timeout *TimeoutError
			if !errors.As(err, &timeout) || !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("%s: %T %v", tt.name, err, err)
			}
			var last *Error
			if errors.As(err, &last) != tt.last {
				t.Errorf("%s: last error %v", tt.name, timeout.Last)
			}
			if d := time.Since(start); d < 20*time.Second || d > 28*time.Second {
				t.Errorf("%s: after %v", tt.name, d)
			}
		}
	})
}

type hang struct{ ctx context.Context }

func (h hang) Read([]byte) (int, error) { <-h.ctx.Done(); return 0, h.ctx.Err() }

func TestTimeoutDoesNotCountTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{Timeout: 5 * time.Second, MaxInFlight: 1, Transport: wire(func(*http.Request) (*http.Response, error) {
			time.Sleep(4 * time.Second)
			return reply(200, "{}"), nil
		})})
		start := time.Now()
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				if err := get(t.Context(), c, fmt.Sprint("/x", i)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if time.Since(start) != 20*time.Second {
			t.Error(time.Since(start))
		}
	})
}

func TestAPauseThatBeginsInTheQueueIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := newClient(t, Options{Timeout: 5 * time.Second, MaxInFlight: 1, Transport: wire(func(*http.Request) (*http.Response, error) {
			n++
			time.Sleep(4 * time.Second)
			return reply(429, "", "Retry-After", "600"), nil
		})})
		start := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := get(t.Context(), c, "/x"); !errors.Is(err, ErrRateLimited) {
				t.Error(err)
			}
		})
		synctest.Wait()
		b := &Budget{}
		if err := get(WithBudget(t.Context(), b), c, "/y"); !errors.Is(err, ErrRateLimited) {
			t.Error(err)
		}
		wg.Wait()
		if time.Since(start) != 4*time.Second || b.Waited() != 0 || n != 1 {
			t.Error(time.Since(start), b.Waited(), n)
		}
	})
}

// TestCancelInEveryWait cancels after a second of the false clock, and allows not a moment more.
func TestCancelInEveryWait(t *testing.T) {
	stop := errors.New("the user pressed ctrl-c")
	hanging := wire(func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() })
	for _, tt := range []struct {
		name  string
		w     wire
		setup func(c *Client)
	}{
		{"request", hanging, nil},
		{"body", func(r *http.Request) (*http.Response, error) {
			resp := reply(200, "")
			resp.Body = io.NopCloser(hang{r.Context()})
			return resp, nil
		}, nil},
		{"full gate", hanging, func(c *Client) {
			for range DefaultMaxInFlight {
				_, _ = c.account.gate.acquire(context.Background(), nil, DefaultMaxInFlight, endless{})
			}
		}},
		{"paused gate", hanging, func(c *Client) { c.account.gate.pause(time.Minute) }},
		{"rate limit", func(*http.Request) (*http.Response, error) { return reply(429, "", "Retry-After", "60"), nil }, nil},
		{"back-off", func(*http.Request) (*http.Response, error) { return reply(503, "", "Retry-After", "60"), nil }, nil},
	} {
		for _, way := range []string{"get", "list", "eager"} {
			t.Run(tt.name+"/"+way, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c := newClient(t, Options{Transport: tt.w})
					if tt.setup != nil {
						tt.setup(c)
					}
					ctx, cancel := context.WithCancelCause(t.Context())
					time.AfterFunc(time.Second, func() { cancel(stop) })
					start := time.Now()
					var err error
					if way == "get" {
						err = get(ctx, c, "/x")
					} else {
						p := List(c, ListRequest{Request: Request{Path: "/x"}, Eager: way == "eager"}, ids)
						_, err = p.Next(ctx)
						if !errors.Is(err, stop) || time.Since(start) != time.Second {
							t.Errorf("%v after %v", err, time.Since(start))
						}
						p.Close()
						_, err = p.Next(context.Background())
					}
					if !errors.Is(err, stop) || time.Since(start) != time.Second {
						t.Errorf("%v after %v", err, time.Since(start))
					}
					if n := c.account.gate.waiting(); n != 0 {
						t.Errorf("%d still queue", n)
					}
				})
			})
		}
	}
}

// TestCancelOverTheNetwork cancels a request that nobody answers until it has returned.
func TestCancelOverTheNetwork(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer srv.Close()
	c := newClient(t, Options{BaseURL: srv.URL})
	if err := get(ctx, c, "/x"); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestAnEndedContextSendsNothing(t *testing.T) {
	l := &listing{size: 3}
	c := newClient(t, Options{Transport: serve(l)})
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	if err := get(ctx, c, "/x"); !errors.Is(err, stop) {
		t.Error(err)
	}
	if _, err := collect(ctx, List(c, ListRequest{Request: Request{Path: "/x"}}, ids)); !errors.Is(err, stop) {
		t.Error(err)
	}
	if l.total != 0 {
		t.Errorf("%d requests", l.total)
	}
}
