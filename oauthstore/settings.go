package oauthstore

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// Grants that a [Settings] can come from (RFC 6749, sections 4.1 and 4.4).
const (
	AuthorizationCode      = "authorization_code"
	ClientCredentialsGrant = "client_credentials"
)

// Settings are what is kept between connections: the tokens, and what is needed to renew them. They print without their
// secrets, except out of an unexported field of another structure, where fmt calls no methods: keep a pointer there.
type Settings struct {
	ClientID     string // "Key" of the OAuth consumer
	ClientSecret string
	AccessToken  string
	RefreshToken string    // "" when it came with none, as with client credentials
	Expiry       time.Time // of the access token; zero when it is unknown or there is none
	Obtained     time.Time // when the access token was asked for; zero when that is unknown
	Scope        string    // what was granted, separated by spaces
	Grant        string    // [AuthorizationCode] or [ClientCredentialsGrant]; "" is the former
	TokenURL     string
	AuthURL      string
	CallbackURL  string
	// Renewing is when a renewal of these tokens began whose end is not known: it goes on, or its process was killed, or the
	// connection to the server broke. Then the server may have replaced RefreshToken already. Zero when there is none.
	Renewing time.Time
}

// longestSkew is how long before its expiry an access token is renewed; one that lives for less than ten times that is
// renewed when a tenth of its life is left.
const longestSkew = time.Minute

// ExpiresIn returns how long the access token still lives in whole seconds, rounded down: 0 when it has expired, -1 when it
// doesn't expire.
func (s Settings) ExpiresIn() int64 {
	if s.Expiry.IsZero() {
		return -1
	}
	return max(0, int64(time.Until(s.Expiry)/time.Second))
}

// Token returns the access token in the form of golang.org/x/oauth2.
func (s Settings) Token() *oauth2.Token {
	return &oauth2.Token{AccessToken: s.AccessToken, TokenType: "Bearer", RefreshToken: s.RefreshToken, Expiry: s.Expiry}
}

// fresh says whether the access token can be used at t without being about to expire.
func (s Settings) fresh(t time.Time) bool {
	skew := longestSkew
	if life := s.Expiry.Sub(s.Obtained); !s.Obtained.IsZero() && life > 0 {
		skew = min(skew, life/10)
	}
	return s.usable(t.Add(skew))
}

// usable says whether the access token has not expired at t.
func (s Settings) usable(t time.Time) bool {
	return s.AccessToken != "" && (s.Expiry.IsZero() || t.Before(s.Expiry))
}

// String shows the settings without a secret.
func (s Settings) String() string {
	expiry := "none"
	if !s.Expiry.IsZero() {
		expiry = s.Expiry.UTC().Format(time.RFC3339)
	}
	return "OAuth settings{client " + s.ClientID + ", client secret " + redacted(s.ClientSecret) + ", access token " + redacted(s.AccessToken) +
		", refresh token " + redacted(s.RefreshToken) + ", expiry " + expiry + ", scope " + s.Scope + "}"
}

// GoString is String: %#v shows no secret either.
func (s Settings) GoString() string { return s.String() }

// Format is String for every verb, also for those that would go through the fields (%d).
func (s Settings) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is what log/slog sees: no secret.
func (s Settings) LogValue() slog.Value {
	return slog.GroupValue(slog.String("client_id", s.ClientID), slog.String("access_token", redacted(s.AccessToken)),
		slog.String("refresh_token", redacted(s.RefreshToken)), slog.Time("expiry", s.Expiry), slog.String("scope", s.Scope))
}

// MarshalJSON is String as a JSON text, so that settings inside a logged structure show no secret.
func (s Settings) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// plainSettings are the settings as the encrypted part of a file holds them.
type plainSettings Settings

func redacted(secret string) string {
	if secret == "" {
		return "not set"
	}
	return "set"
}

// scrubbedError is an error of a transport, whose text repeated a secret. [errors.Is] and [errors.As] see the error itself; Unwrap
// would hand it to whoever prints every error of a chain.
type scrubbedError struct {
	text string
	err  func() error // a function, behind which fmt does not look
}

func (e *scrubbedError) Error() string        { return e.text }
func (e *scrubbedError) Is(target error) bool { return errors.Is(e.err(), target) }
func (e *scrubbedError) As(target any) bool   { return errors.As(e.err(), target) }

func scrubbed(err error, secrets []string) error {
	text := err.Error()
	if clean := scrub(text, secrets...); clean != text {
		return &scrubbedError{clean, func() error { return err }}
	}
	return err
}

// scrub replaces the secrets in a text that came from elsewhere.
func scrub(text string, secrets ...string) string {
	for _, secret := range secrets {
		if len(secret) >= 4 { // shorter ones would shred the text, and are no secrets
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return text
}
