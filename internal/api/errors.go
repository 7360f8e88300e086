package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind is what an error answer of Bitbucket means.
type Kind uint8

// The kinds of error answers.
const (
	// BadRequest is a 400: Bitbucket refuses a parameter of the request, such as a filter, an order or a page length.
	BadRequest Kind = iota
	Unauthorized
	// MissingScope is a 403 that says which scopes the credential lacks.
	MissingScope
	Forbidden
	NotFound
	// Gone is a 410: Atlassian removed the endpoint, or blocked the workspace.
	Gone
	RateLimited
	// Server is a 5xx, or 555, Bitbucket's own time-out.
	Server
	// Pending is a 202 to a read: Bitbucket is still preparing the data.
	Pending
	// Other is a 4xx without a kind of its own.
	Other
)

// The sentinels for errors.Is. ErrForbidden holds for a missing scope too.
var (
	ErrNotFound     = errors.New("not found")
	ErrUnauthorized = errors.New("unauthorized")
	ErrMissingScope = errors.New("missing scope")
	ErrForbidden    = errors.New("forbidden")
	ErrGone         = errors.New("gone")
	ErrRateLimited  = errors.New("rate limited")
	ErrBudget       = errors.New("request budget is used up")
)

// Error is an error answer of Bitbucket.
type Error struct {
	Kind   Kind
	Status int
	Method string
	// Path is below the base URL, without the query.
	Path string
	// Message and Detail are Bitbucket's words; Detail includes what it says of single fields. Either may be empty.
	Message, Detail string
	// Required and Granted are the scopes of a MissingScope.
	Required, Granted []string
	// RetryAfter is how long Bitbucket asked to wait; 0 when it did not say.
	RetryAfter time.Duration
	// Anonymous says that the request was sent without a credential.
	Anonymous bool
}

// Error names the request, gives Bitbucket's words and the way out.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "bitbucket: %s %s: %d %s", e.Method, e.Path, e.Status, statusText(e.Status))
	if e.Message != "" && !strings.EqualFold(e.Message, statusText(e.Status)) {
		b.WriteString(": " + strings.TrimRight(e.Message, ". "))
	}
	if e.Detail != "" && e.Detail != e.Message {
		b.WriteString(" (" + strings.TrimRight(e.Detail, ". ") + ")")
	}
	if hint := e.hint(); hint != "" {
		return strings.TrimSuffix(b.String(), ".") + "; " + hint
	}
	return b.String()
}

func (e *Error) hint() string {
	if e.Anonymous {
		switch e.Kind {
		case Unauthorized, MissingScope, Forbidden:
			return "this is not public: set AuthScheme to APIToken, AccessToken, OAuth or OAuthClient, with a credential that may read it"
		case NotFound:
			return "not found, or not public; check the names of workspace and repository, or set AuthScheme to APIToken, AccessToken, " +
				"OAuth or OAuthClient, with a credential"
		case BadRequest, Gone, RateLimited, Server, Pending, Other:
		}
	}
	switch e.Kind {
	case Unauthorized:
		return "check the token, its expiry and AuthScheme: an OAuth access token lives for an hour, unless InitiateOAuth=REFRESH " +
			"renews it; an API token needs the account's e-mail address as User; app passwords are gone since 2026-07-28"
	case MissingScope:
		if len(e.Required) == 0 {
			return "the credential lacks a scope; make a token with the scopes that this resource needs"
		}
		scopes, them := "scopes ", "them"
		if len(e.Required) == 1 {
			scopes, them = "scope ", "it"
		}
		return "the credential needs the " + scopes + list(e.Required) + " and has " + list(e.Granted) + "; make a token with " + them
	case Forbidden:
		return "the credential may not read this; ask an administrator, or use one that may"
	case NotFound:
		return "not found or hidden from this credential; check the names of workspace and repository"
	case Gone:
		return "atlassian removed this endpoint or blocked this workspace"
	case RateLimited:
		hint := "bitbucket allows 1,000 requests an hour (60 without a credential)"
		if e.RetryAfter > 0 {
			return hint + "; try again in " + e.RetryAfter.Round(time.Second).String()
		}
		return hint + "; try again later, or narrow the statement"
	case Server:
		return "bitbucket failed; try again later"
	case Pending:
		return "bitbucket is still preparing the data; try again in a minute"
	case BadRequest, Other:
	}
	return ""
}

// Is matches the sentinels.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.Kind == Unauthorized
	case ErrMissingScope:
		return e.Kind == MissingScope
	case ErrForbidden:
		return e.Kind == Forbidden || e.Kind == MissingScope
	case ErrNotFound:
		return e.Kind == NotFound
	case ErrGone:
		return e.Kind == Gone
	case ErrRateLimited:
		return e.Kind == RateLimited
	}
	return false
}

// BudgetError says that a statement used up its requests. The request that would have been too many was not sent.
type BudgetError struct {
	Max int
	// Ahead are those of the requests that were begun ahead and that nobody had asked for by then.
	Ahead int
}

func (e *BudgetError) Error() string {
	if e.Ahead > 0 {
		return fmt.Sprintf("the statement needs more than its %d requests, %d of which were begun ahead: narrow it by predicates or "+
			"LIMIT (EXPLAIN shows the requests), or raise MaxRequests", e.Max, e.Ahead)
	}
	return fmt.Sprintf("the statement needs more than its %d requests: narrow it by predicates or LIMIT (EXPLAIN shows the "+
		"requests), or raise MaxRequests", e.Max)
}

// Is matches ErrBudget.
func (e *BudgetError) Is(target error) bool { return target == ErrBudget }

// LimitError says that a request was not sent, because Bitbucket's rate limit holds back the credential for longer than the
// request may wait.
type LimitError struct {
	Path string
	// RetryAfter is how long the limit still holds, as Bitbucket said or as the back-off guesses.
	RetryAfter time.Duration
}

func (e *LimitError) Error() string {
	wait := max(e.RetryAfter, time.Second).Round(time.Second)
	return fmt.Sprintf("bitbucket: GET %s: not sent, because bitbucket's rate limit holds back this credential for another %v; "+
		"try again then, or raise Timeout to wait for it", e.Path, wait)
}

// Is matches ErrRateLimited.
func (e *LimitError) Is(target error) bool { return target == ErrRateLimited }

// TimeoutError says that a request with its retries took longer than Options.Timeout.
type TimeoutError struct {
	Path  string
	After time.Duration
	// Last is the failure that was being retried; nil when there was none.
	Last error
}

func (e *TimeoutError) Error() string {
	s := fmt.Sprintf("bitbucket: GET %s: no answer within the timeout of %v; raise Timeout or try again", e.Path, e.After)
	if e.Last != nil {
		s += " (last: " + e.Last.Error() + ")"
	}
	return s
}

// Is matches context.DeadlineExceeded.
func (e *TimeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// Timeout makes it a net.Error's time-out.
func (e *TimeoutError) Timeout() bool { return true }

func (e *TimeoutError) Unwrap() error { return e.Last }

// ContentError is an answer that is not what was asked for: no JSON, broken JSON, too large, or not a list. It never tells
// the content, because Bitbucket's HTML pages hold data of the caller's profile.
type ContentError struct {
	Path        string
	Status      int
	ContentType string
	// Size is the number of bytes read.
	Size int
	// Reason completes the sentence "the answer …".
	Reason string
}

func (e *ContentError) Error() string {
	kind := e.ContentType
	if kind == "" {
		kind = "no content type"
	}
	return fmt.Sprintf("bitbucket: GET %s: the answer %s (status %d, %s, %d bytes); check the base url, any proxy on the "+
		"way, and try again", e.Path, e.Reason, e.Status, kind, e.Size)
}

// HostError says that Bitbucket's answer pointed to a place that the credential must not go to. It was not followed.
type HostError struct {
	// Path is the request whose answer it was.
	Path string
	// Base and Got are the configured place and the one pointed to: scheme, host and path, no query.
	Base, Got string
}

func (e *HostError) Error() string {
	return fmt.Sprintf("bitbucket: GET %s: the next page is at %s and not below %s, it was not followed; check the base url",
		e.Path, e.Got, e.Base)
}

// RedirectError is a redirect that was not followed.
type RedirectError struct {
	Path string
	// Reason completes the sentence "the redirect …".
	Reason string
}

func (e *RedirectError) Error() string {
	return fmt.Sprintf("bitbucket: GET %s: the redirect %s, it was not followed; check the base url", e.Path, e.Reason)
}

func statusText(status int) string {
	if status == 555 {
		return "server-side timeout"
	}
	if s := http.StatusText(status); s != "" {
		return strings.ToLower(s)
	}
	return "unknown status"
}

func list(s []string) string {
	if len(s) == 0 {
		return "none"
	}
	return strings.Join(s, ", ")
}
