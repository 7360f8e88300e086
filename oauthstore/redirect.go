package oauthstore

import (
	"crypto/subtle"
	"errors"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/oauth2"
)

// AuthorizationURL is the page on which the user grants access (RFC 6749, section 4.1.1). state comes back with the code;
// pkceVerifier, when not "", adds its SHA-256 as PKCE challenge (RFC 7636) and must be given to [Exchange]. Nothing is
// asked of a server.
func AuthorizationURL(cfg Config, state, pkceVerifier string) string {
	var options []oauth2.AuthCodeOption
	if pkceVerifier != "" {
		options = append(options, oauth2.S256ChallengeOption(pkceVerifier))
	}
	return cfg.oauth2().AuthCodeURL(state, options...)
}

// NewVerifier returns a new PKCE verifier (RFC 7636, section 4.1), which also serves as a state: 43 random characters.
func NewVerifier() string { return oauth2.GenerateVerifier() }

// CheckState returns a [*StateError] unless got, from the redirect, is want, from the authorization URL.
func CheckState(want, got string) error {
	if subtle.ConstantTimeCompare([]byte(want), []byte(got)) != 1 {
		return &StateError{}
	}
	return nil
}

// ErrNoCode says that a text pasted by the user holds no code.
var ErrNoCode = errors.New("no code in what was pasted: paste the whole address that the browser shows after access was granted, or the value of code in it")

// ParseRedirect reads what a user pasted after granting access in a browser elsewhere: the code alone (state is then ""), or
// the whole address that the browser was sent to, or its query. White space, which terminals put into long lines, and
// quotes around are dropped. An address that says that access was refused is a [*DeniedError].
func ParseRedirect(text string) (code, state string, err error) {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
	text = strings.Trim(text, "\"'<>`")
	if !strings.ContainsAny(text, "?&#") && !strings.Contains(text, "://") && !strings.HasPrefix(text, "code=") && !strings.HasPrefix(text, "error=") {
		if text == "" {
			return "", "", ErrNoCode
		}
		return text, "", nil
	}
	if _, query, ok := strings.Cut(text, "?"); ok {
		text = query
	}
	text, _, _ = strings.Cut(text, "#")
	q, err := url.ParseQuery(text)
	if err != nil { // its text would show the code
		return "", "", ErrNoCode
	}
	return redirected(q)
}

// redirected reads the query of a redirect (RFC 6749, section 4.1.2).
func redirected(q url.Values) (code, state string, err error) {
	state = q.Get("state")
	if q.Get("error") != "" {
		return "", state, &DeniedError{Code: q.Get("error"), Description: q.Get("error_description"), URI: q.Get("error_uri")}
	}
	if q.Get("code") == "" {
		return "", state, ErrNoCode
	}
	return q.Get("code"), state, nil
}
