// Package api is the HTTP client for Bitbucket Cloud: it authorizes, pages, retries, bounds and decodes requests, and turns
// every failure into a typed error. It knows JSON pages, and no SQL.
//
// The rules of the house: a list is complete or an error; a credential goes to the configured host only and is never
// printed; requests are counted, because a normal user has 1,000 of them an hour.
package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// DefaultBaseURL is where Bitbucket Cloud answers.
const DefaultBaseURL = "https://api.bitbucket.org/2.0"

// The defaults of Options.
const (
	DefaultMaxInFlight = 10
	DefaultMaxRetries  = 4
	defaultUserAgent   = "bitbucketsql"
)

// ErrClosed is returned by requests after the Close of their client, and by a list after its own.
var ErrClosed = errors.New("bitbucket client or list is closed")

// Options configure a Client. The zero value reads public data of Bitbucket Cloud without a credential.
type Options struct {
	// BaseURL is the root of the API, DefaultBaseURL when empty. Pages and credentials stay below it.
	BaseURL string
	// Auth sets the credential; nil means anonymous (60 requests an hour).
	Auth Authorizer
	// Transport sends the requests. It is used as it is; nil means a transport of the client's own.
	Transport http.RoundTripper
	// Logger gets a debug line for each request and a warning for each retry; nil means none.
	Logger *slog.Logger
	// Timeout bounds one request with its retries, back-off and waits behind a rate limit; 0 means no bound but the
	// context's. It does not count the time that a request queues behind others of the process, nor the pace near the limit.
	Timeout time.Duration
	// MaxInFlight bounds the requests that the process has under way with this credential; 0 means DefaultMaxInFlight.
	MaxInFlight int
	// UserAgent names the program to Bitbucket.
	UserAgent string
	// MaxRetries says how often a request is repeated after a failure that may pass: 0 means DefaultMaxRetries, less than 0
	// never. A request that meets the rate limit (429) is repeated as long as Timeout and the context allow, and an hour at the
	// most.
	MaxRetries int
}

// atlassian is the origin of DefaultBaseURL.
const atlassian = "https://api.bitbucket.org:443"

// Client sends requests to one Bitbucket with one credential. It is safe for concurrent use.
type Client struct {
	base        *url.URL
	auth        Authorizer
	transport   http.RoundTripper
	own         *http.Transport
	log         *slog.Logger
	timeout     time.Duration
	maxInFlight int
	maxRetries  int
	userAgent   string
	maxBody     int64
	redaction   *redaction // a pointer, at which fmt stops
	account     *account
	flights     flights

	mu     sync.Mutex
	closed bool
}

// New makes a client. It sends nothing.
func New(o Options) (*Client, error) {
	base, err := parseBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if o.MaxInFlight < 0 {
		return nil, fmt.Errorf("max in flight is %d: give a positive number, or 0 for %d", o.MaxInFlight, DefaultMaxInFlight)
	}
	if o.Timeout < 0 {
		return nil, fmt.Errorf("timeout is %v: give a positive duration, or 0 for none", o.Timeout)
	}
	c := &Client{
		base: base, auth: o.Auth, transport: o.Transport, log: o.Logger, timeout: o.Timeout,
		maxInFlight: o.MaxInFlight, maxRetries: o.MaxRetries, userAgent: o.UserAgent,
		maxBody: maxBody, redaction: new(redaction),
	}
	if c.maxInFlight == 0 {
		c.maxInFlight = DefaultMaxInFlight
	}
	switch {
	case c.maxRetries == 0:
		c.maxRetries = DefaultMaxRetries
	case c.maxRetries < 0:
		c.maxRetries = 0
	}
	if c.userAgent == "" {
		c.userAgent = defaultUserAgent
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.transport == nil {
		c.own = newTransport(c.maxInFlight)
		c.transport = c.own
	}
	key, documented := "anonymous", documentedAnonymous
	if c.auth != nil {
		key, documented = c.auth.Key(), documentedLimit
	}
	if origin(base) != atlassian {
		documented = 0 // a server of somebody's own has limits of its own
	}
	c.account = openAccount(origin(base)+" "+key, documented)
	return c, nil
}

// Format shows no credential: with some verbs, fmt would go through the fields.
func (c *Client) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "client of %s with %v", c.base, c.auth)
}

// Close lets the idle connections go. Requests after it fail with ErrClosed; those under way end by their own contexts.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	c.account.close()
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

func (c *Client) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// display is the path of a URL for messages: below the base, without the query.
func (c *Client) display(u *url.URL) string {
	p := c.redaction.hide(u.EscapedPath()) // a redirect may lead to a path with the credential
	if origin(u) == origin(c.base) {
		if rest, ok := strings.CutPrefix(p, c.base.EscapedPath()); ok {
			return rest
		}
		return p
	}
	return u.Scheme + "://" + c.redaction.hide(u.Host) + p
}

func parseBase(s string) (*url.URL, error) {
	if s == "" {
		s = DefaultBaseURL
	}
	u, err := url.Parse(strings.TrimRight(s, "/"))
	switch {
	case err != nil:
		// The parser's error quotes the text, and the text may hold a password.
		return nil, errors.New("base url is not a url: give one like " + DefaultBaseURL)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return nil, errors.New("base url is not an absolute http or https url: give one like " + DefaultBaseURL)
	case u.User != nil:
		return nil, errors.New("base url holds a user: give the credential by its own option")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("base url holds a query or a fragment: give one like " + DefaultBaseURL)
	}
	return u, nil
}

// newTransport makes a transport that keeps a connection for each request that may be in flight, and notices dead ones.
func newTransport(maxInFlight int) *http.Transport {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, IdleConnTimeout: 90 * time.Second}
	if d, ok := http.DefaultTransport.(*http.Transport); ok {
		t = d.Clone()
	}
	t.MaxIdleConnsPerHost = max(t.MaxIdleConnsPerHost, maxInFlight)
	t.MaxIdleConns = max(t.MaxIdleConns, 2*maxInFlight)
	if t.HTTP2 == nil {
		t.HTTP2 = &http.HTTP2Config{}
	}
	t.HTTP2.SendPingTimeout, t.HTTP2.PingTimeout = 30*time.Second, 15*time.Second
	return t
}
