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

// Unfit is the error of an object that is not what was asked for. Its text completes the sentence "the answer …".
type Unfit string

func (u Unfit) Error() string { return "the answer " + string(u) }

// Get fetches one JSON document and hands its root to decode, which must not keep it. decode is called once, after all
// retries. Errors: *Error, *ContentError, which an Unfit of decode becomes, *RedirectError, *BudgetError, *TimeoutError, the cause of ctx,
// decode's own.
func Get[T any](ctx context.Context, c *Client, req Request, decode func(root *fastjson.Value) (T, error)) (T, error) {
	var out T
	u, err := c.url(req)
	if err != nil {
		return out, err
	}
	err = c.fetch(ctx, u, func(a *answer) error {
		if a.root.Type() != fastjson.TypeObject {
			return a.content(c.display(u), "is not a single object")
		}
		out, err = decode(a.root)
		return a.fit(c.display(u), err)
	})
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}

// Document says what a document that is not JSON may be.
type Document uint8

const (
	// Plain documents are never HTML: diffs, patches, logs and keys.
	Plain Document = iota
	// Stored documents are of whatever type somebody has stored, even HTML. Bitbucket sends them as attachments, for browsers not to
	// run them, which pages that are meant to be seen are not.
	Stored
)

// GetRaw fetches a document that is not JSON, such as a file, a diff or a log, as it is. The errors are those of Get: what is
// not the document, such as the page that a proxy or a sign-in gives with status 200, is a *ContentError.
func GetRaw(ctx context.Context, c *Client, req Request, kind Document) ([]byte, error) {
	u, err := c.url(req)
	if err != nil {
		return nil, err
	}
	var out []byte
	err = c.fetchAs(ctx, u, rawForm, func(a *answer) error {
		if fault := kind.fault(a); fault != "" {
			return a.content(c.display(u), fault)
		}
		out = a.raw
		return nil
	})
	return out, err
}

// fault says what is wrong with an answer, if it is not the document. How the content looks counts only where no type is told.
func (k Document) fault(a *answer) string {
	told := strings.ToLower(a.resp.Header.Get("Content-Type"))
	if told == "" {
		told = http.DetectContentType(a.raw)
	}
	switch encoding := strings.ToLower(a.resp.Header.Get("Content-Encoding")); encoding {
	case "br", "compress", "deflate", "gzip", "x-gzip", "zstd": // What is asked for is decoded, and its header gone.
		return "is encoded as " + encoding + ", which was not asked for"
	}
	attached := strings.HasPrefix(strings.ToLower(a.resp.Header.Get("Content-Disposition")), "attachment")
	switch {
	case strings.Contains(told, "html") && !(k == Stored && attached):
		return "is a page of HTML and not the document"
	case strings.Contains(told, "json") && k == Plain:
		return "is JSON and not the document"
	}
	return ""
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

// request gets u with all retries, for a flight.
func (c *Client) request(ctx context.Context, fl *flight, u *url.URL) (*answer, error) {
	retries, refreshed := backoff{max: c.maxRetries}, 0
	var last error
	for attempt := 1; ; attempt++ {
		a, resp, err := c.attempt(ctx, fl, u, attempt)
		if err == nil {
			return a, nil
		}
		if ctx.Err() != nil {
			if missing, ok := errors.AsType[*credentialError](err); ok {
				last = missing.err // it was not Bitbucket that took so long
			}
			return nil, ended(ctx, last)
		}
		last = err
		if resp != nil && resp.StatusCode == http.StatusUnauthorized && refreshed < maxRefreshes {
			refreshed++
			if again, err := c.refresh(ctx, resp); err != nil {
				return nil, err
			} else if again {
				continue
			}
		}
		wait, again := retries.next(err)
		if limited := errors.Is(err, ErrRateLimited); limited && wait > 0 {
			c.account.gate.pause(wait)
			if !fl.allows(wait) {
				return nil, err // waiting would end in a time-out that says less
			}
		}
		if !again {
			if errors.Is(err, errCut) {
				return nil, &transportError{c.display(u), io.ErrUnexpectedEOF}
			}
			return nil, err
		}
		c.log.LogAttrs(ctx, slog.LevelWarn, "request is repeated", slog.String("path", c.display(u)),
			slog.Int("attempt", attempt), slog.Duration("wait", wait), slog.String("error", err.Error()))
		start := time.Now()
		err = sleep(ctx, wait)
		c.waited(ctx, time.Since(start))
		if err != nil {
			return nil, ended(ctx, last)
		}
	}
}

// waited counts time that a limit or a back-off took.
func (c *Client) waited(ctx context.Context, d time.Duration) {
	budgetOf(ctx).wait(d)
	c.account.hour.waits(d)
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
func (c *Client) attempt(ctx context.Context, fl *flight, u *url.URL, n int) (*answer, *http.Response, error) {
	if c.isClosed() {
		return nil, nil, ErrClosed
	}
	if err := budgetOf(ctx).check(); err != nil {
		return nil, nil, err
	}
	body := buffers.Get().(*bytes.Buffer)
	resp, err := c.inTurn(ctx, fl, u, n, body)
	if err != nil {
		putBuffer(body)
		return nil, nil, err
	}
	path := c.display(u)
	switch s := resp.StatusCode; {
	case s >= 400 || s == http.StatusAccepted:
		failure := answerError(path, resp, body.Bytes(), c.redaction.hide)
		failure.Anonymous, err = c.auth == nil, failure
		resp.Body = io.NopCloser(bytes.NewReader(bytes.Clone(body.Bytes())))
		putBuffer(body)
		return nil, resp, err
	case s < 200 || s >= 300:
		err = (&answer{resp: resp, size: body.Len()}).content(path, "is neither a success nor an error")
		putBuffer(body)
		return nil, nil, err
	case s == http.StatusPartialContent, s == http.StatusNoContent, s == http.StatusResetContent:
		err = (&answer{resp: resp, size: body.Len()}).content(path, "is not the whole of what was asked for")
		putBuffer(body)
		return nil, nil, err
	}
	a, err := fl.form.read(path, resp, body.Bytes())
	if err != nil {
		putBuffer(body)
		if content, ok := errors.AsType[*ContentError](err); ok {
			content.ContentType = c.redaction.hide(content.ContentType)
		}
		return nil, resp, err
	}
	a.body = body
	if u := resp.Request.URL; origin(u) == origin(c.base) { // it is whole, or it could not be read
		c.account.documents.put(documentKey(fl.form.accept, u), resp, body)
	}
	return a, resp, nil
}

// inTurn holds a place of the gate while the request is under way, redirects and body included.
func (c *Client) inTurn(ctx context.Context, fl *flight, u *url.URL, n int, body *bytes.Buffer) (*http.Response, error) {
	gate := &c.account.gate
	held, err := gate.acquire(ctx, statementOf(ctx), c.maxInFlight, fl)
	c.waited(ctx, held)
	if err != nil {
		var limit *LimitError
		if errors.As(err, &limit) {
			err = &LimitError{Path: fl.path, RetryAfter: limit.RetryAfter}
		}
		return nil, err
	}
	defer gate.release()
	fl.start()
	started, credential := time.Now(), c.auth != nil
	for hops := 0; ; hops++ {
		resp, err := c.exchange(ctx, fl, u, credential, n, body)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == http.StatusTooManyRequests {
			// Before this place is free, or the next in the queue would meet the limit too. request makes it longer.
			gate.pause(max(retryAfter(resp.Header), firstLimited))
		} else {
			gate.answered(started)
		}
		if !isRedirect(resp.StatusCode) {
			return resp, nil
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
func (c *Client) exchange(ctx context.Context, fl *flight, u *url.URL, credential bool, n int, body *bytes.Buffer) (*http.Response, error) {
	path := c.display(u)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("bitbucket: GET %s: not a valid request", path)
	}
	r.Header.Set("Accept", fl.form.accept)
	r.Header.Set("User-Agent", c.userAgent)
	if credential {
		if err := c.auth.Authorize(ctx, r); err != nil {
			return nil, &credentialError{path, err}
		}
	}
	c.redaction.note(r)
	// What another host gives is not kept, and its requests do not count at Bitbucket.
	home := origin(u) == origin(c.base)
	var kept *document
	if home {
		if kept = c.account.documents.get(documentKey(fl.form.accept, u)); kept != nil {
			r.Header.Set("If-None-Match", kept.tag)
		}
	}
	budget := budgetOf(ctx)
	if err := budget.take(fl.ticket); err != nil {
		return nil, err
	}
	start, status := time.Now(), 0
	if home {
		c.account.hour.sent(start)
	}
	body.Reset()
	r, wire := c.wire(r)
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
	wire.log(ctx, home, resp, body.Bytes())
	if home && resp != nil {
		// Before the place in the gate is free, as with a 429.
		c.account.gate.pause(c.account.hour.told(resp.Header, resp.StatusCode, time.Now()))
	}
	switch {
	case err == nil && kept != nil && status == http.StatusNotModified:
		kept.restore(resp, body)
		return resp, nil
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
