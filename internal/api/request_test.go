package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/valyala/fastjson"
)

func TestGet(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, want := r.RequestURI, "/2.0/repositories/w/%7Bu%7D/refs/branches/a%2Fb?fields=%2Bx&q=name+%3D+%22y%22"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if r.Header.Get("Accept") != "application/json" || r.Header.Get("User-Agent") != "test/1" ||
			r.Header.Get("Accept-Encoding") != "gzip" {
			t.Errorf("header %v", r.Header)
		}
		if user, token, _ := r.BasicAuth(); user != "me@example.com" || token != "tok" {
			t.Errorf("credential %s %s", user, token)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, ` {"name":"a/b"}`)
		_ = z.Close()
	}))
	defer srv.Close()
	c := newClient(t, Options{BaseURL: srv.URL + "/2.0/", Auth: Basic("me@example.com", "tok"), UserAgent: "test/1"})
	b := &Budget{}
	name, err := Get(WithBudget(t.Context(), b), c, Request{
		Path:  "/repositories/w/%7Bu%7D/refs/branches/a%2Fb",
		Query: url.Values{"q": {`name = "y"`}, "fields": {"+x"}},
	}, func(root *fastjson.Value) (string, error) { return string(root.GetStringBytes("name")), nil })
	if err != nil || name != "a/b" {
		t.Fatal(name, err)
	}
	if b.Requests() != 1 || b.Bytes() != int64(len(` {"name":"a/b"}`)) || b.Waited() != 0 {
		t.Errorf("%d requests, %d bytes, waited %v", b.Requests(), b.Bytes(), b.Waited())
	}
}

func TestBadRequestsAreNotSent(t *testing.T) {
	c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent %s", r.URL)
		return reply(200, `{}`), nil
	})})
	for _, path := range []string{"", "x", "/x?y", "/x#y", "/%zz", "/{x}/a%2Fb", "/../1.0/x", "/%2e%2e/x"} {
		if get(t.Context(), c, path) == nil {
			t.Errorf("%q: no error", path)
		}
		p := List(c, ListRequest{Request: Request{Path: path}}, ids)
		if _, err := p.Next(t.Context()); err == nil {
			t.Errorf("%q: no error of the list", path)
		}
		p.Close()
	}
}

func TestBadOptions(t *testing.T) {
	for _, o := range []Options{
		{BaseURL: "api.bitbucket.org"},
		{BaseURL: "ftp://x/"},
		{BaseURL: "https://me:hush@x/"},
		{BaseURL: "https://x/%zz?hush"},
		{BaseURL: "https://x/?token=hush"},
		{MaxInFlight: -1},
		{Timeout: -1},
	} {
		_, err := New(o)
		if err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestNoRequestAfterClose(t *testing.T) {
	c := newClient(t, Options{Transport: serve(&listing{size: 1})})
	c.Close()
	c.Close()
	if err := get(t.Context(), c, "/x"); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
}

func TestAnswersThatAreNotJSON(t *testing.T) {
	const secret = "profile of the caller"
	for _, tt := range []struct {
		name string
		resp func() *http.Response
	}{
		{"html", func() *http.Response {
			return reply(200, "<html>"+secret+"</html>", "Content-Type", "text/html; charset=utf-8")
		}},
		{"json called html", func() *http.Response { return reply(200, `{"x":"`+secret+`"}`, "Content-Type", "text/html") }},
		{"text", func() *http.Response { return reply(200, secret) }},
		{"a string", func() *http.Response { return reply(200, `"`+secret+`"`) }},
		{"nothing", func() *http.Response { return reply(204, "") }},
		{"broken", func() *http.Response { return reply(200, `{"a":`+secret+`}`) }},
		{"more than one", func() *http.Response { return reply(200, `{"a":"`+secret+`"} {}`) }},
		{"too deep", func() *http.Response {
			return reply(200, strings.Repeat("[", 1000)+`"`+secret+`"`+strings.Repeat("]", 1000))
		}},
		{"a number that is none", func() *http.Response { return reply(200, `{"a":NaN,"b":"`+secret+`"}`) }},
		{"a broken escape", func() *http.Response { return reply(200, `{"a":"\q","b":"`+secret+`"}`) }},
		{"a line end in text", func() *http.Response { return reply(200, "{\"a\":\"\n\",\"b\":\""+secret+"\"}") }},
		{"a byte order mark", func() *http.Response { return reply(200, "\ufeff{\"b\":\""+secret+"\"}") }},
		{"not modified", func() *http.Response { return reply(304, `{"a":"`+secret+`"}`) }},
		{"error with 200", func() *http.Response {
			return reply(200, `{"type":"error","error":{"message":"`+secret+`"}}`)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			requests := 0
			c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
				requests++
				return tt.resp(), nil
			})})
			err := get(t.Context(), c, "/x")
			var content *ContentError
			if !errors.As(err, &content) {
				t.Fatalf("%T %v", err, err)
			}
			if strings.Contains(err.Error(), secret) || content.Status == 0 || content.Path != "/x" {
				t.Errorf("%+v: %v", content, err)
			}
			if requests != 1 {
				t.Errorf("%d requests", requests)
			}
		})
	}
}

func TestATooLargeAnswerIsRefused(t *testing.T) {
	var b bytes.Buffer
	if err := readBody(&b, strings.NewReader("12345"), 5); err != nil {
		t.Fatal(err)
	}
	if err := readBody(&b, strings.NewReader("123456"), 5); !errors.Is(err, errTooLarge) {
		t.Fatal(err)
	}
	n := 0
	c := newClient(t, Options{Transport: wire(func(*http.Request) (*http.Response, error) {
		n++
		return reply(200, "{}"+strings.Repeat(" ", 1000)), nil
	})})
	c.maxBody = 1000
	var content *ContentError
	if err := get(t.Context(), c, "/x"); !errors.As(err, &content) || content.Size != 1001 || n != 1 {
		t.Fatal(err)
	}
	if c.maxBody = 1002; get(t.Context(), c, "/x") != nil {
		t.Error("a body of the longest size is refused")
	}
}

func TestBudgetStopsBeforeTheRequest(t *testing.T) {
	var given atomic.Int32
	l := &listing{size: 1000}
	c := newClient(t, Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		given.Add(1)
		return serve(l).RoundTrip(r)
	})})
	b := &Budget{Max: 7}
	ctx := WithBudget(t.Context(), b)
	rows, err := collect(ctx, List(c, ListRequest{Request: Request{Path: "/x"}, PageLen: 10, Eager: true}, ids))
	var budget *BudgetError
	if !errors.As(err, &budget) || budget.Max != 7 || !errors.Is(err, ErrBudget) {
		t.Fatal(err)
	}
	// The error stops those that are on their way, which were given to the transport all the same.
	if given.Load() != 7 || b.Requests() != 7 {
		t.Errorf("%d requests, %d counted", given.Load(), b.Requests())
	}
	if len(rows) > 70 {
		t.Errorf("%d rows", len(rows))
	}
	if err := get(ctx, c, "/x"); !errors.Is(err, ErrBudget) {
		t.Error(err)
	}
	if err := get(t.Context(), c, "/x"); err != nil {
		t.Error("another statement is stopped too:", err)
	}
}

func TestBudgetIsExact(t *testing.T) {
	b := &Budget{Max: 100}
	var (
		wg    sync.WaitGroup
		taken atomic.Int32
	)
	for range 10 {
		wg.Go(func() {
			for range 50 {
				if b.take(nil) == nil {
					taken.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if taken.Load() != 100 || b.Requests() != 100 {
		t.Errorf("%d taken, %d counted", taken.Load(), b.Requests())
	}
	var unlimited *Budget
	if unlimited.take(nil) != nil || unlimited.Requests() != 0 || unlimited.Bytes() != 0 || unlimited.Waited() != 0 {
		t.Error("no budget is a bound")
	}
}

func TestAUsedUpBudgetDoesNotQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{Transport: serve(&listing{size: 1})})
		c.account.gate.pause(time.Minute)
		b, start := &Budget{Max: 1}, time.Now()
		_ = b.take(nil)
		if err := get(WithBudget(t.Context(), b), c, "/x"); !errors.Is(err, ErrBudget) || time.Since(start) != 0 {
			t.Error(err, time.Since(start))
		}
	})
}

func TestBudgetCountsRetriesAndRedirects(t *testing.T) {
	n := 0
	c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
		n++
		switch n {
		case 1:
			return reply(302, "", "Location", "/2.0/y"), nil
		case 2:
			return reply(503, ""), nil
		}
		return reply(200, "{}"), nil
	})})
	b := &Budget{}
	if err := get(WithBudget(t.Context(), b), c, "/x"); err != nil {
		t.Fatal(err)
	}
	if b.Requests() != 3 || b.Waited() == 0 {
		t.Errorf("%d requests, waited %v", b.Requests(), b.Waited())
	}
}

func TestCount(t *testing.T) {
	l := &listing{size: 4711}
	c := newClient(t, Options{Transport: serve(l)})
	n, err := Count(t.Context(), c, Request{Path: "/x", Query: url.Values{"q": {"a = 1"}, "fields": {"values.id"}}})
	if err != nil || n != 4711 || l.total != 1 {
		t.Fatal(n, err, l.total)
	}
	if got := l.queries[0].Encode(); got != "fields=size&pagelen=10&q=a+%3D+1" {
		t.Error(got)
	}
	for _, body := range []string{
		`{}`, `[]`, `{"size":"1"}`, `{"size":-1}`, `{"size":null}`, `{"size":1.5}`, `{"size":99999999999999999999}`,
		`{"type":"error","error":{"message":"no"},"size":0}`,
	} {
		c := newClient(t, Options{Transport: wire(func(*http.Request) (*http.Response, error) { return reply(200, body), nil })})
		var content *ContentError
		if n, err := Count(t.Context(), c, Request{Path: "/x"}); !errors.As(err, &content) {
			t.Errorf("%s: %d, %v", body, n, err)
		}
	}
}

func TestCountWithoutPageLen(t *testing.T) {
	n := 0
	c := newClient(t, Options{Transport: wire(func(r *http.Request) (*http.Response, error) {
		n++
		if r.URL.Query().Has("pagelen") {
			return reply(400, `{"type":"error","error":{"message":"Bad request","fields":{"pagelen":["Invalid pagelen"]}}}`), nil
		}
		return reply(200, `{"size":3}`), nil
	})})
	if size, err := Count(t.Context(), c, Request{Path: "/x"}); size != 3 || err != nil || n != 2 {
		t.Fatal(size, err, n)
	}
}

// renewer is a credential that is renewed after a 401.
type renewer struct {
	token   atomic.Value
	renewed atomic.Int32
	answer  func() (bool, error)
	body    string
}

func (r *renewer) Key() string { return "renewer" }

func (r *renewer) Authorize(_ context.Context, q *http.Request) error {
	q.Header.Set("Authorization", "Bearer "+r.token.Load().(string))
	return nil
}

func (r *renewer) Refresh(_ context.Context, failed *http.Response) (bool, error) {
	r.renewed.Add(1)
	b, _ := io.ReadAll(failed.Body)
	r.body = string(b)
	if failed.Request.Header.Get("Authorization") == "" {
		return false, errors.New("the refused header is missing")
	}
	return r.answer()
}

func TestRefresh(t *testing.T) {
	refused := errors.New("refresh token is revoked")
	for _, tt := range []struct {
		name   string
		answer func(*renewer) func() (bool, error)
		err    error
		calls  int
	}{
		{"renewed", func(r *renewer) func() (bool, error) {
			return func() (bool, error) { r.token.Store("new"); return true, nil }
		}, nil, 2},
		{"still refused", func(*renewer) func() (bool, error) { return func() (bool, error) { return true, nil } }, ErrUnauthorized, 3},
		{"cannot", func(*renewer) func() (bool, error) { return func() (bool, error) { return false, nil } }, ErrUnauthorized, 1},
		{"fails", func(*renewer) func() (bool, error) { return func() (bool, error) { return false, refused } }, refused, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			auth := &renewer{}
			auth.token.Store("old")
			auth.answer = tt.answer(auth)
			calls := 0
			c := newClient(t, Options{Auth: auth, Transport: wire(func(r *http.Request) (*http.Response, error) {
				calls++
				if r.Header.Get("Authorization") == "Bearer new" {
					return reply(200, "{}"), nil
				}
				return reply(401, `{"type":"error","error":{"message":"Access token expired."}}`), nil
			})})
			if err := get(t.Context(), c, "/x"); !errors.Is(err, tt.err) {
				t.Fatal(err)
			}
			if calls != tt.calls || auth.renewed.Load() != max(1, int32(calls)-1) || !strings.Contains(auth.body, "expired") {
				t.Errorf("%d requests, %d refreshes, body %q", calls, auth.renewed.Load(), auth.body)
			}
		})
	}
}

func TestTokenSource(t *testing.T) {
	n := 0
	auth := TokenSource(func(context.Context) (string, error) {
		n++
		if n > 2 {
			return "", errors.New("no token")
		}
		return fmt.Sprint("t", n), nil
	}, "me")
	var seen []string
	c := newClient(t, Options{Auth: auth, Transport: wire(func(r *http.Request) (*http.Response, error) {
		seen = append(seen, r.Header.Get("Authorization"))
		return reply(200, "{}"), nil
	})})
	for range 2 {
		if err := get(t.Context(), c, "/x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := get(t.Context(), c, "/x"); err == nil || !strings.Contains(err.Error(), "no token") {
		t.Error(err)
	}
	if fmt.Sprint(seen) != "[Bearer t1 Bearer t2]" {
		t.Error(seen)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	synctest.Test(t, testSecretsAreNotPrinted)
}

func testSecretsAreNotPrinted(t *testing.T) {
	var log bytes.Buffer
	for _, auth := range []Authorizer{
		Bearer("hush"), Basic("me", "hush"),
		TokenSource(func(context.Context) (string, error) { return "hush", nil }, "k"),
	} {
		for _, status := range []int{200, 401, 403, 404, 410, 418, 503} {
			n := 0
			o := Options{
				Auth:   auth,
				Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
				Transport: wire(func(r *http.Request) (*http.Response, error) {
					if n++; n < 3 {
						return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: io.ErrUnexpectedEOF}
					}
					return reply(status, `{}`), nil
				}),
				MaxRetries: 2,
			}
			c := newClient(t, o)
			_, err := Get(t.Context(), c, Request{Path: "/x", Query: url.Values{"q": {"hush"}}}, none)
			if (err == nil) != (status == 200) {
				t.Fatal(status, err)
			}
			fmt.Fprintf(&log, "%v %+v %v %+v %v\n", err, err, auth, auth, auth.Key())
			fmt.Fprintf(&log, "%#v %+v %+v\n", auth, o, c)
		}
	}
	if strings.Contains(log.String(), "hush") || strings.Contains(log.String(), "aHVzaA") || strings.Contains(log.String(), "bWU6aHVzaA") {
		t.Errorf("printed a secret:\n%s", log.String())
	}
	for _, want := range []string{"level=DEBUG", "level=WARN", "method=GET", "path=/x", "status=503", "attempt=3", "bytes=2", "duration="} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s", want)
		}
	}
	if a, again := Bearer("a").Key(), Bearer("a").Key(); a == Bearer("b").Key() || a != again {
		t.Error("keys do not tell the credentials apart")
	}
}

func TestGetRawGivesTheBytes(t *testing.T) {
	body := []byte("diff --git a/x b/x\n\x00\xff")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if accept := r.Header.Get("Accept"); accept != "*/*" {
			t.Errorf("Accept is %q", accept)
		}
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(body)
	}))
	defer server.Close()
	c, err := New(Options{BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	got, err := GetRaw(t.Context(), c, Request{Path: "/diff"}, Plain)
	if err != nil || string(got) != string(body) {
		t.Errorf("got %q, %v", got, err)
	}
}
