package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/panics"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// unprintable is an error whose text panics.
type unprintable struct{}

func (unprintable) Error() string { panic("no text") }

// brokenBody is the body of an answer that panics when it is read.
type brokenBody struct{ io.ReadCloser }

func (brokenBody) Read([]byte) (int, error) { panic("body") }

// TestPanicOfTransport has a transport panic in a gate of one place: whoever asked gets an error, without the credential and not
// after a second try, and the place is free for the next.
func TestPanicOfTransport(t *testing.T) {
	secret := secretscan.New("token")
	for name, fail := range map[string]func(*http.Request) (*http.Response, error){
		"text":        func(r *http.Request) (*http.Response, error) { panic("lost " + r.Header.Get("Authorization")) },
		"request":     func(r *http.Request) (*http.Response, error) { panic(r) },
		"error":       func(r *http.Request) (*http.Response, error) { panic(fmt.Errorf("%w: %v", io.ErrNoProgress, r.Header)) },
		"unprintable": func(*http.Request) (*http.Response, error) { panic(unprintable{}) },
		"runtime":     func(*http.Request) (*http.Response, error) { return nil, (*transportError)(nil).err },
		"nil":         func(*http.Request) (*http.Response, error) { panic(nil) },
		"body": func(*http.Request) (*http.Response, error) {
			resp := reply(200, "{}")
			resp.Body = brokenBody{resp.Body}
			return resp, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			var text bytes.Buffer
			var sent atomic.Int32
			c := newClient(t, Options{
				Auth: Bearer(secret), MaxInFlight: 1, Logger: slog.New(slog.NewTextHandler(io.MultiWriter(&text, secretscan.Writer()), &slog.HandlerOptions{Level: slog.LevelDebug})),
				Transport: wire(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, "/good") {
						return reply(200, "{}"), nil
					}
					sent.Add(1)
					return fail(r)
				}),
			})
			err := get(t.Context(), c, "/bad")
			var caught *panics.Error
			if !errors.As(err, &caught) || sent.Load() != 1 {
				t.Fatalf("%v after %d requests, want a panic's after one", err, sent.Load())
			}
			if name == "error" && !errors.Is(err, io.ErrNoProgress) {
				t.Errorf("%v is not the error that was panicked with", err)
			}
			secretscan.Value("panic", caught.Value)
			if s := text.String(); !strings.Contains(s, "level=DEBUG msg=panic") || !strings.Contains(s, "guard_test.go") {
				t.Errorf("the log does not tell where it was: %s", s)
			}
			if err := get(t.Context(), c, "/good"); err != nil {
				t.Errorf("the next request: %v", err)
			}
			if n := c.account.gate.inFlight; n != 0 {
				t.Errorf("%d places of the gate are taken", n)
			}
		})
	}
}

// TestPanicReachesAll has several wait for the request that panics.
func TestPanicReachesAll(t *testing.T) {
	const waiters = 5
	proceed := make(chan struct{})
	var sent atomic.Int32
	c := newClient(t, Options{Transport: wire(func(*http.Request) (*http.Response, error) {
		sent.Add(1)
		<-proceed
		panic("late")
	})})
	var wait sync.WaitGroup
	errs := make([]error, waiters)
	for i := range errs {
		wait.Go(func() { errs[i] = get(t.Context(), c, "/x") })
	}
	for joined := 0; joined < waiters; runtime.Gosched() {
		c.flights.mu.Lock()
		for _, fl := range c.flights.m {
			joined = fl.waiting
		}
		c.flights.mu.Unlock()
	}
	close(proceed)
	wait.Wait()
	for _, err := range errs {
		if caught := new(panics.Error); !errors.As(err, &caught) || caught.Value != "late" {
			t.Errorf("one who waits gets %v", err)
		}
	}
	if sent.Load() != 1 {
		t.Errorf("%d requests", sent.Load())
	}
}

// TestPanicOfDecoder has the reader of an answer panic, also in the goroutines of a list, whose other pages end without it.
func TestPanicOfDecoder(t *testing.T) {
	c := newClient(t, Options{Transport: serve(&listing{size: 100})})
	var caught *panics.Error
	if _, err := Get(t.Context(), c, Request{Path: "/x"}, func(*fastjson.Value) (int, error) { panic("get") }); !errors.As(err, &caught) {
		t.Errorf("an object: %v", err)
	}
	_, err := collect(t.Context(), List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10, Eager: true}, func(values []*fastjson.Value, root *fastjson.Value) ([]int, error) {
		if root.GetInt("page") == 4 {
			panic(io.ErrShortBuffer)
		}
		return ids(values, root)
	}))
	if !errors.As(err, &caught) || !errors.Is(err, io.ErrShortBuffer) {
		t.Errorf("a page of a list: %v", err)
	}
}

// TestGoroutineOfTransportEnds has a transport end its goroutine.
func TestGoroutineOfTransportEnds(t *testing.T) {
	c := newClient(t, Options{MaxInFlight: 1, Transport: wire(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/good") {
			return reply(200, "{}"), nil
		}
		runtime.Goexit()
		return nil, nil
	})})
	if err := get(t.Context(), c, "/bad"); !errors.Is(err, errExit) {
		t.Errorf("%v, want %v", err, errExit)
	}
	if err := get(context.Background(), c, "/good"); err != nil {
		t.Errorf("the next request: %v", err)
	}
}
