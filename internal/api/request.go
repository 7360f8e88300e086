package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/valyala/fastjson"
)

// Request names a resource.
type Request struct {
	// Path is below the base URL, begins with '/' and is escaped: a UUID is %7B…%7D, a '/' within a name %2F.
	Path string
	// Query holds the parameters, unescaped.
	Query url.Values
}

// Get fetches one JSON document and hands its root to decode, which must not keep it. decode is called once, after all
// retries. Errors: *Error, *ContentError, *RedirectError, *BudgetError, *TimeoutError, the cause of ctx, decode's own.
func Get[T any](ctx context.Context, c *Client, req Request, decode func(root *fastjson.Value) (T, error)) (T, error) {
	var out T
	u, err := c.url(req)
	if err != nil {
		return out, err
	}
	err = c.fetch(ctx, u, func(a *answer) error {
		if a.root.Exists("error") && string(a.root.GetStringBytes("type")) == "error" {
			return a.content(c.display(u), "is an error in the guise of a success")
		}
		out, err = decode(a.root)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}

// GetRaw fetches a document that is not JSON, such as a file, a diff or a log, as it is. The errors are those of Get but for
// *ContentError.
func GetRaw(ctx context.Context, c *Client, req Request) ([]byte, error) {
	u, err := c.url(req)
	if err != nil {
		return nil, err
	}
	var out []byte
	err = c.fetchAs(ctx, u, rawForm, func(a *answer) error {
		out = a.raw
		return nil
	})
	return out, err
}

func (c *Client) url(req Request) (*url.URL, error) {
	if !strings.HasPrefix(req.Path, "/") || strings.ContainsAny(req.Path, "?#") {
		return nil, fmt.Errorf("path %q must begin with / and be escaped", req.Path)
	}
	u := *c.base
	path := c.base.EscapedPath() + req.Path
	plain, err := url.PathUnescape(path)
	if err != nil {
		return nil, fmt.Errorf("path %q is not escaped: %w", req.Path, err)
	}
	u.Path, u.RawPath, u.RawQuery = plain, path, req.Query.Encode()
	if u.EscapedPath() != path { // else a / or % within a name would change its meaning
		return nil, fmt.Errorf("path %q is not escaped", req.Path)
	}
	if !below(u.Path, c.base.Path) {
		return nil, fmt.Errorf("path %q leaves the base url", req.Path)
	}
	return &u, nil
}

// maxRefreshes is how often a request renews the credential: once to take the token that another program may have written down
// meanwhile, and once more should that one be dead, too.
const maxRefreshes = 2

// fetch gets JSON from u with all retries and hands the answer to use, whose error it returns.
func (c *Client) fetch(ctx context.Context, u *url.URL, use func(*answer) error) error {
	return c.fetchAs(ctx, u, jsonForm, use)
}

func (c *Client) fetchAs(ctx context.Context, u *url.URL, f form, use func(*answer) error) error {
	var k *clock
	if c.timeout > 0 {
		ctx, k = withClock(ctx, c.timeout, &TimeoutError{Path: c.display(u), After: c.timeout})
		defer k.stop()
	}
	retries, refreshed := backoff{max: c.maxRetries}, 0
	var last error
	for attempt := 1; ; attempt++ {
		a, resp, err := c.attempt(ctx, k, u, attempt, f)
		if err == nil {
			defer a.free()
			return use(a)
		}
		if ctx.Err() != nil {
			if missing, ok := errors.AsType[*credentialError](err); ok {
				last = missing.err // it was not Bitbucket that took so long
			}
			return ended(ctx, last)
		}
		last = err
		if resp != nil && resp.StatusCode == http.StatusUnauthorized && refreshed < maxRefreshes {
			refreshed++
			if again, err := c.refresh(ctx, resp); err != nil {
				return err
			} else if again {
				continue
			}
		}
		wait, again := retries.next(err)
		if limited := errors.Is(err, ErrRateLimited); limited && wait > 0 {
			c.gate.pause(wait)
			if !k.allows(ctx, wait) {
				return err // waiting would end in a time-out that says less
			}
		}
		if !again {
			if errors.Is(err, errCut) {
				return &transportError{c.display(u), io.ErrUnexpectedEOF}
			}
			return err
		}
		c.log.LogAttrs(ctx, slog.LevelWarn, "request is repeated", slog.String("path", c.display(u)),
			slog.Int("attempt", attempt), slog.Duration("wait", wait), slog.String("error", err.Error()))
		start := time.Now()
		err = sleep(ctx, wait)
		budgetOf(ctx).wait(time.Since(start))
		if err != nil {
			return ended(ctx, last)
		}
	}
}

// ended is the error of a request whose context ended.
func ended(ctx context.Context, last error) error {
	cause := context.Cause(ctx)
	if t, ok := cause.(*TimeoutError); ok && last != nil {
		return &TimeoutError{Path: t.Path, After: t.After, Last: last}
	}
	return cause
}

// refresh renews the credential after a 401, if it can.
func (c *Client) refresh(ctx context.Context, failed *http.Response) (bool, error) {
	r, ok := c.auth.(Refresher)
	if !ok || failed.Request.Header.Get("Authorization") == "" {
		return false, nil
	}
	again, err := r.Refresh(ctx, failed)
	if err != nil && ctx.Err() != nil {
		return false, ended(ctx, nil)
	}
	return again, err
}

// attempt sends u once, waiting for its turn, and parses the answer. With an error about an answer comes the answer.
func (c *Client) attempt(ctx context.Context, k *clock, u *url.URL, n int, f form) (*answer, *http.Response, error) {
	if c.isClosed() {
		return nil, nil, ErrClosed
	}
	if err := budgetOf(ctx).check(); err != nil {
		return nil, nil, err
	}
	body := buffers.Get().(*bytes.Buffer)
	defer putBuffer(body)
	resp, err := c.inTurn(ctx, k, u, n, body, f.accept)
	if err != nil {
		return nil, nil, err
	}
	path := c.display(u)
	switch s := resp.StatusCode; {
	case s >= 400 || s == http.StatusAccepted:
		err = answerError(path, resp, body.Bytes(), c.redaction.hide)
		resp.Body = io.NopCloser(bytes.NewReader(bytes.Clone(body.Bytes())))
		return nil, resp, err
	case s < 200 || s >= 300:
		return nil, nil, (&answer{resp: resp, size: body.Len()}).content(path, "is neither a success nor an error")
	}
	a, err := f.read(path, resp, body.Bytes())
	if content, ok := errors.AsType[*ContentError](err); ok {
		content.ContentType = c.redaction.hide(content.ContentType)
	}
	return a, resp, err
}

// inTurn holds a place of the gate while the request is under way, redirects and body included.
func (c *Client) inTurn(ctx context.Context, k *clock, u *url.URL, n int, body *bytes.Buffer, accept string) (*http.Response, error) {
	held, err := c.gate.acquire(ctx, c.maxInFlight, k.start)
	budgetOf(ctx).wait(held)
	if err != nil {
		return nil, err
	}
	defer c.gate.release()
	k.start()
	credential := c.auth != nil
	for hops := 0; ; hops++ {
		resp, err := c.exchange(ctx, u, credential, n, body, accept)
		if err == nil && resp.StatusCode == http.StatusTooManyRequests {
			// Before this place is free, or the next in the queue would meet the limit too. fetch makes it longer.
			c.gate.pause(max(retryAfter(resp.Header), firstLimited))
		}
		if err != nil || !isRedirect(resp.StatusCode) {
			return resp, err
		}
		if hops == maxRedirects {
			return nil, &RedirectError{Path: c.display(u), Reason: fmt.Sprintf("is number %d", hops+1)}
		}
		to, err := c.redirect(u, resp)
		if err != nil {
			return nil, err
		}
		// Once gone, the credential stays away: what a foreign host points to is not ours to trust.
		credential = credential && origin(to) == origin(u)
		u = to
	}
}

// exchange sends one HTTP request and reads the whole answer into body.
func (c *Client) exchange(ctx context.Context, u *url.URL, credential bool, n int, body *bytes.Buffer, accept string) (*http.Response, error) {
	path := c.display(u)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("bitbucket: GET %s: not a valid request", path)
	}
	r.Header.Set("Accept", accept)
	r.Header.Set("User-Agent", c.userAgent)
	if credential {
		if err := c.auth.Authorize(ctx, r); err != nil {
			return nil, &credentialError{path, err}
		}
	}
	c.redaction.note(r)
	budget := budgetOf(ctx)
	if err := budget.take(); err != nil {
		return nil, err
	}
	start, status := time.Now(), 0
	body.Reset()
	resp, err := c.transport.RoundTrip(r)
	if err == nil {
		if resp.Request == nil { // foreign transports may forget it
			resp.Request = r
		}
		status = resp.StatusCode
		err = readBody(body, resp.Body, c.maxBody)
		_ = resp.Body.Close()
	}
	budget.received(body.Len())
	if c.log.Enabled(ctx, slog.LevelDebug) {
		c.log.LogAttrs(ctx, slog.LevelDebug, "request", slog.String("method", r.Method), slog.String("path", path),
			slog.Int("status", status), slog.Duration("duration", time.Since(start)), slog.Int("bytes", body.Len()),
			slog.Int("attempt", n))
	}
	switch {
	case err == nil:
		return resp, nil
	case errors.Is(err, errTooLarge):
		return nil, (&answer{resp: resp, size: body.Len()}).content(path, "is too large")
	}
	var inner *url.Error // a foreign transport may wrap, and its text holds the query
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return nil, &transportError{path, c.redaction.hideIn(err)}
}
