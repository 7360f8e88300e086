package bitbucketfake

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// fetch goes over the network, as a client does.
func fetch(t *testing.T, s *Server, path string) (*http.Response, []byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/2.0"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer demo")
	p, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = p.Body.Close() }()
	body, err := io.ReadAll(p.Body)
	return p, body, err
}

func TestFaultAnswers(t *testing.T) {
	s := small(t)
	const path = "/repositories/acme/platform/pullrequests"
	for _, c := range []struct {
		fault  Fault
		status int
		kind   string // of the body
		in     string
	}{
		{Fault{Kind: FaultStatus, Status: 503}, 503, "json", "Something went wrong"},
		{Fault{Kind: FaultStatus, Body: "<html>502</html>", Status: 502}, 502, "html", "<html>"},
		{Fault{Kind: FaultRateLimit, RetryAfter: "7"}, 429, "json", "Rate limit for this resource has been exceeded"},
		{Fault{Kind: FaultRateLimit, Body: "Rate limit exceeded"}, 429, "plain", "Rate limit exceeded"},
		{Fault{Kind: FaultUnauthorized}, 401, "json", "Token is invalid"},
		{Fault{Kind: FaultScope, Body: "pullrequest"}, 403, "json", `"required":["pullrequest"],"granted":["account",`},
		{Fault{Kind: FaultGone}, 410, "json", "CHANGE-2770"},
		{Fault{Kind: FaultPipelinesOff}, 404, "json", "Not found"},
		{Fault{Kind: FaultHTML}, 200, "html", "<!DOCTYPE html>"},
		{Fault{Kind: FaultTruncate}, 200, "json", `{"values":[`},
		{Fault{Kind: FaultHeader, RetryAfter: "9", Header: map[string]string{"X-RateLimit-NearLimit": "true"}}, 200, "json", `{"values":[`},
	} {
		s.SetFaults(Faults{c.fault})
		p, body, err := fetch(t, s, path)
		if err != nil {
			t.Fatal(err)
		}
		if p.StatusCode != c.status || !strings.Contains(p.Header.Get("Content-Type"), c.kind) || !strings.Contains(string(body), c.in) {
			t.Errorf("%+v: %d %s %s", c.fault, p.StatusCode, p.Header.Get("Content-Type"), cut(body))
		}
		if p.Header.Get("Retry-After") != c.fault.RetryAfter || p.Header.Get("X-RateLimit-NearLimit") != c.fault.Header["X-RateLimit-NearLimit"] {
			t.Errorf("%+v: Retry-After %q", c.fault, p.Header.Get("Retry-After"))
		}
		if valid := json.Valid(body); valid == (c.kind != "json" || c.fault.Kind == FaultTruncate) {
			t.Errorf("%+v: valid JSON: %v", c.fault, valid)
		}
	}
}

func TestFaultCounts(t *testing.T) {
	s := small(t)
	s.SetFaults(Faults{{Path: "/pullrequests", After: 2, Times: 3, Kind: FaultRateLimit}, {Path: "state=MERGED", Kind: FaultGone}})
	var got []int
	for range 7 {
		p, _, err := fetch(t, s, "/repositories/acme/platform/pullrequests")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.StatusCode)
		if q, _, _ := fetch(t, s, "/user"); q.StatusCode != 200 {
			t.Errorf("another path answers %d", q.StatusCode)
		}
	}
	for i, want := range []int{200, 200, 429, 429, 429, 200, 200} {
		if got[i] != want {
			t.Fatalf("statuses %v", got)
		}
	}
	if p, _, _ := fetch(t, s, "/repositories/acme/platform/pullrequests?state=MERGED"); p.StatusCode != 410 {
		t.Errorf("a part of the query: %d", p.StatusCode)
	}
	s.SetFaults(nil)
	if p, _, _ := fetch(t, s, "/repositories/acme/platform/pullrequests?state=MERGED"); p.StatusCode != 200 {
		t.Errorf("after SetFaults(nil): %d", p.StatusCode)
	}
}

func TestFaultBrokenBodies(t *testing.T) {
	s := small(t)
	const path = "/repositories/acme/platform/commits?pagelen=60"
	_, whole, err := fetch(t, s, path)
	if err != nil {
		t.Fatal(err)
	}
	s.SetFaults(Faults{{Kind: FaultCut, Times: 1}})
	p, body, err := fetch(t, s, path)
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(body) >= len(whole) || p.ContentLength != int64(len(whole)) {
		t.Errorf("cut: %v after %d of %d bytes", err, len(body), len(whole))
	}
	s.SetFaults(Faults{{Kind: FaultDrip, Delay: time.Millisecond}})
	start := time.Now()
	if _, body, err = fetch(t, s, path); err != nil || string(body) != string(whole) || time.Since(start) < 10*time.Millisecond {
		t.Errorf("drip: %v, %d bytes after %v", err, len(body), time.Since(start))
	}
	s.SetFaults(Faults{{Kind: FaultLatency, Delay: 30 * time.Millisecond}, {Kind: FaultNext, Host: "http://127.0.0.1:1"}})
	start = time.Now()
	_, body, err = fetch(t, s, "/repositories/acme/platform/commits?pagelen=10")
	if err != nil || time.Since(start) < 30*time.Millisecond || !strings.Contains(string(body), `"next":"http://127.0.0.1:1/2.0/repositories/acme/platform/commits?pagelen=10&ctx=`) {
		t.Errorf("next: %v after %v: %s", err, time.Since(start), body[max(0, len(body)-200):])
	}
}

func TestCloseEndsHangingAnswers(t *testing.T) {
	s := small(t)
	s.SetFaults(Faults{{Kind: FaultHang}})
	failed := make(chan error, 1)
	go func() {
		p, err := http.Get(s.URL() + "/2.0/user") //nolint:noctx // the server ends it
		if err == nil {
			_ = p.Body.Close()
		}
		failed <- err
	}()
	for s.Stats().Requests == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-failed:
		if err == nil {
			t.Error("the hanging request was answered")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the request still hangs")
	}
	if err := s.Start("127.0.0.1:0"); err == nil {
		t.Error("a closed server started again")
	}
}
