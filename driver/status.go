package driver

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// Status is what is known of the credential of a connection. No secret is in it.
type Status struct {
	AuthScheme AuthScheme
	// UserUUID and UserName are whom Bitbucket takes the credential for. They are empty without a credential, and where it
	// may not know its user.
	UserUUID, UserName string
	// Scopes are those granted to the credential. They are nil where Bitbucket does not tell.
	Scopes []string
	// TokenExpiresOn is when the OAuth access token expires, after which the driver renews it. It is zero where that is not
	// known, as for other tokens.
	TokenExpiresOn time.Time
	// SettingsLocation is where the OAuth tokens are kept. It is empty where none are.
	SettingsLocation string
	// RateLimit is nil where Bitbucket does not tell of one.
	RateLimit *RateLimit
}

// RateLimit is what Bitbucket tells of the requests that the credential, or without one the address, may send.
type RateLimit struct {
	// Limit is the number of requests in an hour.
	Limit int
	// Remaining is how many are left, -1 where Bitbucket does not tell.
	Remaining int
	// Reset is when there are more. It is zero where Bitbucket does not tell.
	Reset time.Time
	// NearLimit says that less than a fifth is left.
	NearLimit bool
}

// Status asks Bitbucket, with one request, who the credential belongs to and what it may do. It never opens a browser; OAuth tokens
// that have expired are renewed. With an error, which is one that a query would meet, comes what is known without Bitbucket.
func (c *Connector) Status(ctx context.Context) (Status, error) {
	s := Status{AuthScheme: c.config.AuthScheme, SettingsLocation: c.SettingsLocation()}
	connection := &conn{connector: c}
	answered := new(answerHeader)
	ctx = context.WithValue(ctx, answerKey{}, answered)
	var err error
	if c.config.AuthScheme == None {
		err = connection.ping(ctx)
	} else {
		var who identity
		who, err = connection.identity(ctx, "uuid,display_name")
		s.UserUUID, s.UserName = who.uuid, who.name
		if errors.Is(err, api.ErrForbidden) { // recognised, but it may not know its user
			err = nil
		}
	}
	if err != nil {
		return s, err
	}
	header := answered.last()
	s.Scopes, s.RateLimit, s.TokenExpiresOn = scopesIn(header), rateLimitIn(header), c.tokenExpiry()
	if s.Scopes == nil && c.credential != nil {
		s.Scopes = scopeNames(c.credential.source.Settings().Scope)
	}
	return s, nil
}

// SettingsLocation is where the OAuth tokens are kept: OAuthSettingsLocation or its default. It is empty where none are.
func (c *Connector) SettingsLocation() string {
	if c.consumer.store == nil {
		return ""
	}
	return cmp.Or(c.config.OAuthSettingsLocation, oauthstore.DefaultLocation())
}

// scopesIn are the scopes that Bitbucket names in every answer to a credential.
func scopesIn(h http.Header) []string { return scopeNames(h.Get("X-Oauth-Scopes")) }

func scopeNames(text string) []string {
	if names := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }); len(names) > 0 {
		return names
	}
	return nil
}

// rateLimitIn reads the headers that anonymous answers have ("60, 60;w=3600", and seconds left rather than a time), and those of
// the scaled limits, which tell less.
func rateLimitIn(h http.Header) *RateLimit {
	number := func(name string) (int, bool) {
		first, _, _ := strings.Cut(h.Get(name), ",")
		n, err := strconv.Atoi(strings.TrimSpace(first))
		return n, err == nil && n >= 0
	}
	limit, ok := number("X-Ratelimit-Limit")
	if !ok {
		return nil
	}
	r := &RateLimit{Limit: limit, Remaining: -1, NearLimit: strings.EqualFold(h.Get("X-Ratelimit-Nearlimit"), "true")}
	if left, ok := number("X-Ratelimit-Remaining"); ok {
		r.Remaining = left
	}
	if seconds, ok := number("X-Ratelimit-Reset"); ok && seconds < 24*60*60 {
		r.Reset = time.Now().Add(time.Duration(seconds) * time.Second)
	}
	return r
}

// answerHeader takes the header of the last answer to the requests of a context.
type answerHeader struct {
	mu     sync.Mutex
	header http.Header
}

type answerKey struct{}

func (a *answerHeader) last() http.Header {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.header
}

// headerTransport hands the headers of answers to who wants them.
type headerTransport struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t headerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(r)
	if a, ok := r.Context().Value(answerKey{}).(*answerHeader); ok && err == nil {
		a.mu.Lock()
		a.header = resp.Header
		a.mu.Unlock()
	}
	return resp, err
}
