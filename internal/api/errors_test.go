package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestErrorAnswers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		body   string
		header []string
		is     error
		kind   Kind
		text   []string // in the error
		not    []string
	}{
		{
			name: "detail is a string", status: 400, kind: BadRequest,
			body: `{"type":"error","error":{"message":"Bad request","detail":"The field 'x' is unknown"}}`,
			text: []string{"bitbucket: GET /x: 400 bad request (The field 'x' is unknown)"},
		},
		{
			name: "fields", status: 400, kind: BadRequest,
			body: `{"type":"error","error":{"message":"Bad request","fields":{"src":["wrong","bad"],"dst":"missing"}}}`,
			text: []string{"src: wrong, bad; dst: missing"},
		},
		{
			name: "detail is another object", status: 400, kind: BadRequest,
			body: `{"type":"error","error":{"message":"m","detail":{"key":"k1"}}}`, text: []string{": m (key: k1)"},
		},
		{name: "error is a string", status: 400, kind: BadRequest, body: `{"error":"invalid_grant"}`, text: []string{"invalid_grant"}},
		{
			name: "unauthorized", status: 401, is: ErrUnauthorized, kind: Unauthorized,
			body: `{"type":"error","error":{"message":"Token is invalid, expired, or not supported for this endpoint."}}`,
			text: []string{"Token is invalid", "check the token", "AuthScheme", "app passwords are gone since 2026-07-28"},
		},
		{
			name: "missing scope", status: 403, is: ErrMissingScope, kind: MissingScope,
			body: `{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.",
				"detail":{"required":["pullrequest"],"granted":["account","email"]}}}`,
			text: []string{"needs the scope pullrequest and has account, email; make a token with it"},
		},
		{
			name: "missing scopes", status: 403, is: ErrMissingScope, kind: MissingScope,
			body: `{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.",
				"detail":{"required":["pullrequest","account"],"granted":[]}}}`,
			text: []string{"needs the scopes pullrequest, account and has none; make a token with them"},
		},
		{
			name: "missing scope without detail", status: 403, is: ErrMissingScope, kind: MissingScope,
			body: `{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes."}}`,
			text: []string{"lacks a scope"},
		},
		{name: "forbidden", status: 403, is: ErrForbidden, kind: Forbidden, body: `{}`, text: []string{"403 forbidden", "administrator"}},
		{
			name: "html", status: 404, is: ErrNotFound, kind: NotFound, body: "<html>secret</html>",
			header: []string{"Content-Type", "text/html"},
			text:   []string{"404 not found", "not found or hidden from this credential"}, not: []string{"secret", "html"},
		},
		{name: "text", status: 404, is: ErrNotFound, kind: NotFound, body: "secret", not: []string{"secret"}},
		{
			name: "gone", status: 410, is: ErrGone, kind: Gone,
			body: `{"type":"error","error":{"message":"CHANGE-2770 removed this"}}`, text: []string{"CHANGE-2770 removed this", "atlassian"},
		},
		{
			name: "limited, in text", status: 429, is: ErrRateLimited, kind: RateLimited, body: "Rate limit for\nthis resource\x00",
			header: []string{"Content-Type", "text/plain", "Retry-After", "90"},
			text:   []string{"Rate limit for this resource", "1,000 requests an hour", "1m30s"},
		},
		{
			name: "limited, in html", status: 429, is: ErrRateLimited, kind: RateLimited, body: "<p>secret",
			not: []string{"secret"},
		},
		{name: "server", status: 500, kind: Server, body: "", text: []string{"500 internal server error", "try again"}},
		{name: "own timeout", status: 555, kind: Server, body: "<html>secret", text: []string{"555 server-side timeout"}, not: []string{"secret"}},
		{name: "pending", status: 202, kind: Pending, body: `{}`, text: []string{"still preparing"}},
		{name: "teapot", status: 418, kind: Other, body: `{"error":{"message":` + "\"" + strings.Repeat("ä", 5000) + "\"}}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newClient(t, Options{MaxRetries: -1, Auth: Bearer("hush-secret"), Transport: wire(func(*http.Request) (*http.Response, error) {
				return reply(tt.status, tt.body, tt.header...), nil
			})})
			err := get(t.Context(), c, "/x")
			var e *Error
			if !errors.As(err, &e) || e.Kind != tt.kind || e.Status != tt.status || e.Path != "/x" || e.Method != "GET" {
				t.Fatalf("%T %+v", err, err)
			}
			for _, sentinel := range []error{ErrNotFound, ErrUnauthorized, ErrMissingScope, ErrForbidden, ErrGone, ErrRateLimited, ErrBudget} {
				want := sentinel == tt.is || sentinel == ErrForbidden && tt.is == ErrMissingScope
				if errors.Is(err, sentinel) != want {
					t.Errorf("is %v: %v", sentinel, !want)
				}
			}
			for _, s := range tt.text {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%q lacks %q", err, s)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(err.Error(), s) {
					t.Errorf("%q holds %q", err, s)
				}
			}
			if len(err.Error()) > 2000 || strings.ContainsAny(err.Error(), "\n\x00") {
				t.Errorf("%q", err)
			}
		})
	}
}

func TestScopesOfAnError(t *testing.T) {
	e := answerError("/x", reply(403, ""), []byte(`{"error":{"message":"m","detail":{"required":["a","b"],"granted":["c"]}}}`), strings.Clone)
	if !slices.Equal(e.Required, []string{"a", "b"}) || !slices.Equal(e.Granted, []string{"c"}) {
		t.Errorf("%+v", e)
	}
}

func TestRetryAfter(t *testing.T) {
	date := time.Now().Add(50 * time.Second).UTC().Format(http.TimeFormat)
	for _, tt := range []struct {
		retry, reset string
		low, high    time.Duration
	}{
		{"", "", 0, 0},
		{"7", "9", 7 * time.Second, 7 * time.Second},
		{"0", "", 0, 0},
		{"-3", "", 0, 0},
		{"1.5", "", 1500 * time.Millisecond, 1500 * time.Millisecond},
		{"soon", "12", 12 * time.Second, 12 * time.Second},
		{"", "745", 745 * time.Second, 745 * time.Second},
		{"999999999999999999999", "", time.Hour, time.Hour},
		{"NaN", "NaN", 0, 0},
		{date, "", 40 * time.Second, 50 * time.Second},
		{"Mon, 02 Jan 2006 15:04:05 GMT", "", 0, 0},
	} {
		h := http.Header{}
		h.Set("Retry-After", tt.retry)
		h.Set("x-ratelimit-reset", tt.reset)
		if got := retryAfter(h); got < tt.low || got > tt.high {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

// Without a credential the way out is to give one, not to check one.
func TestAnonymousErrors(t *testing.T) {
	for status, want := range map[int]string{
		401: "this is not public: set AuthScheme to APIToken, AccessToken, OAuth or OAuthClient",
		403: "this is not public: set AuthScheme to",
		404: "not found, or not public; check the names of workspace and repository, or set AuthScheme to",
		429: "60 without a credential",
	} {
		c := newClient(t, Options{MaxRetries: -1, Transport: wire(func(*http.Request) (*http.Response, error) {
			return reply(status, `{"error":{"message":"No"}}`), nil
		})})
		err := get(t.Context(), c, "/x")
		var e *Error
		if !errors.As(err, &e) || !e.Anonymous || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "check the token") {
			t.Errorf("%d: %v, want %q", status, err, want)
		}
	}
}
