package api

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// redaction takes the credentials that were sent out of texts that come from elsewhere: a server, a proxy or a foreign transport
// may repeat what it was sent. The zero value knows none.
type redaction struct {
	mu       sync.Mutex
	sent     []string // Authorization headers, the latest at the end
	replacer atomic.Pointer[strings.Replacer]
	last     atomic.Pointer[string]
}

// keepSent is how many credentials are remembered: requests with those before a renewal may still be under way.
const keepSent = 8

// shortestSecret is the length from which a text is taken for a secret; shorter ones would shred the texts.
const shortestSecret = 8

// note remembers the credential of a request.
func (r *redaction) note(request *http.Request) {
	header := request.Header.Get("Authorization")
	if last := r.last.Load(); header == "" || last != nil && *last == header {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last.Store(&header)
	if slices.Contains(r.sent, header) {
		return
	}
	r.sent = append(r.sent, header)
	r.sent = r.sent[max(0, len(r.sent)-keepSent):]
	var pairs []string
	for _, header := range r.sent {
		for _, secret := range secretsOf(header) {
			for _, form := range spellings(secret) {
				pairs = append(pairs, form, "***")
			}
		}
	}
	r.replacer.Store(strings.NewReplacer(pairs...))
}

// hide masks the credentials in a text.
func (r *redaction) hide(text string) string {
	if replacer := r.replacer.Load(); replacer != nil {
		return replacer.Replace(text)
	}
	return text
}

// secretsOf are the secrets in an Authorization header: what follows the scheme, and the password in it.
func secretsOf(header string) []string {
	scheme, secret, ok := strings.Cut(header, " ")
	if !ok {
		return []string{header}
	}
	secrets := []string{secret}
	if strings.EqualFold(scheme, "Basic") {
		if pair, err := base64.StdEncoding.DecodeString(secret); err == nil {
			_, password, _ := strings.Cut(string(pair), ":")
			secrets = append(secrets, password)
		}
	}
	return slices.DeleteFunc(secrets, func(s string) bool { return len(s) < shortestSecret })
}

// spellings are the ways in which a text is likely to be repeated.
func spellings(secret string) []string {
	quoted, _ := json.Marshal(secret)
	list := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1 : len(quoted)-1]),
		strings.ReplaceAll(secret, "/", `\/`), base64.StdEncoding.EncodeToString([]byte(secret)),
	}
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(list)
}

// redacted is an error whose text repeats a credential. [errors.Is] and [errors.As] see the error itself; Unwrap would hand it to
// whoever prints every error of a chain.
type redacted struct {
	text string
	err  func() error // a function, behind which fmt does not look
}

func (e *redacted) Error() string        { return e.text }
func (e *redacted) Is(target error) bool { return errors.Is(e.err(), target) }
func (e *redacted) As(target any) bool   { return errors.As(e.err(), target) }

// hideIn masks the credentials in an error's text.
func (r *redaction) hideIn(err error) error {
	text := err.Error()
	if hidden := r.hide(text); hidden != text {
		return &redacted{hidden, func() error { return err }}
	}
	return err
}
