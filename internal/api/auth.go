package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
)

// Authorizer sets the credential on a request. It is called for each request that goes to the configured host, from
// several goroutines at once.
type Authorizer interface {
	// Authorize sets the header; it may wait, for a new token say, and then honours ctx.
	Authorize(ctx context.Context, r *http.Request) error
	// Key identifies the credential, so that all who use it share its limits. It is a hash or a name, never the secret.
	Key() string
}

// Refresher may be implemented by an Authorizer whose credential can be renewed.
type Refresher interface {
	// Refresh is called after a 401, twice for a request at the most; true means that the request may be tried again. Requests run in parallel, so
	// that several may call it for the same expired token: failed.Request still carries the header that was refused, which
	// tells whether the token has been renewed since. failed.Body holds the answer. An error ends the request.
	Refresh(ctx context.Context, failed *http.Response) (bool, error)
}

// credentialError says that there was no credential for a request, which was not sent.
type credentialError struct {
	path string
	err  error
}

func (e *credentialError) Error() string {
	return "bitbucket: GET " + e.path + ": no credential: " + e.err.Error()
}

func (e *credentialError) Unwrap() error { return e.err }

// Bearer authorizes with an access token of a repository, project or workspace, or with an OAuth access token.
func Bearer(token string) Authorizer {
	return &header{value: "Bearer " + token, key: hashKey("bearer", token)}
}

// Basic authorizes with an API token; user is the e-mail address of the Atlassian account.
func Basic(user, token string) Authorizer {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, token)
	return &header{value: r.Header.Get("Authorization"), key: hashKey("basic", user+":"+token)}
}

// TokenSource authorizes with the bearer token that token returns, asked anew for each request. key identifies the
// credential behind it, which outlives its tokens; it must not be a secret.
func TokenSource(token func(ctx context.Context) (string, error), key string) Authorizer {
	return &source{token: token, key: "source:" + key}
}

// header is a fixed Authorization header. It is used by pointer: fmt prints the address when it meets one in a struct.
type header struct{ value, key string }

func (h *header) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", h.value)
	return nil
}

func (h *header) Key() string      { return h.key }
func (h *header) String() string   { return "credential " + h.key }
func (h *header) GoString() string { return h.String() }

// Format is String for every verb: some go past it, through the fields.
func (h *header) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, h.String()) }

type source struct {
	token func(ctx context.Context) (string, error)
	key   string
}

func (s *source) Authorize(ctx context.Context, r *http.Request) error {
	token, err := s.token(ctx)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return nil
}

func (s *source) Key() string      { return s.key }
func (s *source) String() string   { return "credential " + s.key }
func (s *source) GoString() string { return s.String() }

func hashKey(scheme, secret string) string {
	sum := sha256.Sum256([]byte(scheme + "\x00" + secret))
	return scheme + ":" + hex.EncodeToString(sum[:12])
}
