package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The back-off: doubled with each repetition, and drawn from the whole range so that parallel requests spread.
const (
	firstWait      = 100 * time.Millisecond
	longestWait    = 10 * time.Second
	firstLimited   = time.Second
	longestLimited = time.Minute
	// longestAsked bounds what an answer can ask for: Bitbucket counts over a rolling hour.
	longestAsked = time.Hour
)

// transportError is a request that got no complete answer.
type transportError struct {
	path string
	err  error
}

func (e *transportError) Error() string {
	s := "bitbucket: GET " + e.path + ": "
	switch {
	case errors.Is(e.err, io.EOF):
		return s + "the connection was closed without an answer (" + e.err.Error() + "); check any proxy on the way, and try again"
	case errors.Is(e.err, io.ErrUnexpectedEOF):
		return s + "the answer broke off (" + e.err.Error() + "); check any proxy on the way, and try again"
	}
	return s + e.err.Error() + e.hint()
}

// hint says what to do about a server that could not be reached.
func (e *transportError) hint() string {
	var (
		dns       *net.DNSError
		dial      *net.OpError
		record    tls.RecordHeaderError
		authority x509.UnknownAuthorityError
		lasting   interface{ Lasting() bool } // which says itself what to do
	)
	switch {
	case errors.As(e.err, &lasting):
	case errors.As(e.err, &dns):
		return "; check the network and the host of the base url"
	case errors.As(e.err, &record), errors.Is(e.err, http.ErrSchemeMismatch):
		return "; this server speaks no TLS: check scheme and port of the base url"
	case errors.As(e.err, &authority):
		return "; if the certificate is that of a proxy of yours, name it with SSLServerCert"
	case errors.As(e.err, &dial) && dial.Op == "dial":
		return "; check the network, the base url and any proxy on the way"
	}
	return ""
}

func (e *transportError) Unwrap() error { return e.err }

// backoff decides about the repetitions of one request.
type backoff struct {
	max     int // repetitions after failures
	failed  int
	limited int
	since   time.Time // of the first 429
}

// next says whether a request that failed with err may be sent again, after which wait.
func (b *backoff) next(err error) (time.Duration, bool) {
	var answer *Error
	if errors.As(err, &answer) {
		switch {
		case answer.Kind == RateLimited:
			// The limit is that of an hour. What does not end with it is something else.
			if b.limited++; b.limited == 1 {
				b.since = time.Now()
			}
			if b.max == 0 || time.Since(b.since) > longestAsked {
				return 0, false
			}
			if answer.RetryAfter > 0 {
				return answer.RetryAfter, true
			}
			top := min(longestLimited, firstLimited<<min(b.limited, 20))
			return firstLimited + rand.N(top-firstLimited), true
		case answer.Kind == Pending, answer.Kind == Server && answer.Status != http.StatusNotImplemented:
			wait, again := b.fail()
			return max(wait, min(answer.RetryAfter, longestLimited)), again
		}
		return 0, false
	}
	if errors.Is(err, errCut) || passing(err) {
		return b.fail()
	}
	return 0, false
}

func (b *backoff) fail() (time.Duration, bool) {
	b.failed++
	if b.failed > b.max {
		return 0, false
	}
	return rand.N(min(longestWait, firstWait<<min(b.failed-1, 20))) + 1, true
}

// passing reports whether a failure of the transport may pass: a reset or refused connection, a cut body. A certificate or
// a name that does not exist stays.
func passing(err error) bool {
	var transport *transportError
	if !errors.As(err, &transport) {
		return false
	}
	var (
		dns       *net.DNSError
		verify    *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		record    tls.RecordHeaderError
		lasting   interface{ Lasting() bool } // a refusal of a proxy, say, which another try may turn into a lock-out
	)
	switch {
	case errors.As(err, &lasting) && lasting.Lasting():
		return false
	case errors.As(err, &dns):
		return !dns.IsNotFound
	case errors.As(err, &verify), errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &record):
		return false
	case errors.Is(err, context.Canceled), errors.Is(err, http.ErrSchemeMismatch):
		return false
	}
	return true
}

// retryAfter reads how long an answer asks to wait: Retry-After in seconds or as a date (RFC 9110, 10.2.3), or else
// x-ratelimit-reset, which holds the seconds left.
func retryAfter(h http.Header) time.Duration {
	wait := time.Duration(0)
	if s := strings.TrimSpace(h.Get("Retry-After")); s != "" {
		if seconds, err := strconv.ParseFloat(s, 64); err == nil {
			wait = secondsOf(seconds)
		} else if t, err := http.ParseTime(s); err == nil {
			wait = time.Until(t)
		}
	}
	if wait <= 0 {
		if seconds, err := strconv.ParseFloat(strings.TrimSpace(h.Get("X-Ratelimit-Reset")), 64); err == nil {
			wait = secondsOf(seconds)
		}
	}
	return min(max(wait, 0), longestAsked)
}

func secondsOf(s float64) time.Duration {
	if !(s > 0) {
		return 0
	}
	return time.Duration(min(s, longestAsked.Seconds()) * float64(time.Second))
}

// sleep waits or returns the context's cause.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
