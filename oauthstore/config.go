package oauthstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/endpoints"
)

// DefaultCallbackURL is where a desktop sign-in listens when no other address is set; the OAuth consumer must have it (or
// the one that is set) as its callback URL.
const DefaultCallbackURL = "http://localhost:33333"

// Config says how to reach the authorization server, and as whom.
type Config struct {
	ClientID     string // "Key" of the OAuth consumer
	ClientSecret string
	AuthURL      string        // "" is Bitbucket's
	TokenURL     string        // "" is Bitbucket's
	CallbackURL  string        // redirect_uri; "" sends none, except in [Authorize], which then takes [DefaultCallbackURL]
	Scope        string        // separated by spaces; can only narrow what the consumer has; "" is all of it
	Timeout      time.Duration // how long [Authorize] waits for the browser; 0 is five minutes
	HTTPClient   *http.Client  // nil is http.DefaultClient; redirects are never followed
	Logger       *slog.Logger  // nil logs nothing; never sees a secret
}

// String shows the configuration without the client secret.
func (c Config) String() string {
	return "OAuth config{client " + c.ClientID + ", client secret " + redacted(c.ClientSecret) + ", callback " + c.CallbackURL + ", scope " + c.Scope + "}"
}

// GoString is String: %#v shows no secret either.
func (c Config) GoString() string { return c.String() }

// Format is String for every verb.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue is what log/slog sees: no secret.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON is String as a JSON text, so that a configuration inside a logged structure shows no secret.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

func (c Config) oauth2() *oauth2.Config {
	e := endpoints.Bitbucket
	e.AuthURL, e.TokenURL, e.AuthStyle = cmp.Or(c.AuthURL, e.AuthURL), cmp.Or(c.TokenURL, e.TokenURL), oauth2.AuthStyleInHeader
	oc := &oauth2.Config{ClientID: c.ClientID, ClientSecret: c.ClientSecret, Endpoint: e, RedirectURL: c.CallbackURL}
	if c.Scope != "" {
		oc.Scopes = []string{c.Scope}
	}
	return oc
}

// client returns ctx with the HTTP client for golang.org/x/oauth2. It follows no redirect: a 307 would post the secrets on
// to another server.
func (c Config) client(ctx context.Context) context.Context {
	client := http.Client{}
	if c.HTTPClient != nil {
		client = *c.HTTPClient
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return context.WithValue(ctx, oauth2.HTTPClient, &client)
}

func (c Config) log() *slog.Logger {
	if c.Logger == nil {
		return slog.New(watch.log)
	}
	return c.Logger
}

// with fills what c leaves open from settings that were saved, so that later connections need name the location only.
func (c Config) with(s Settings) Config {
	if c.ClientID == "" {
		c.ClientID, c.ClientSecret = s.ClientID, cmp.Or(c.ClientSecret, s.ClientSecret)
	} else if c.ClientID == s.ClientID {
		c.ClientSecret = cmp.Or(c.ClientSecret, s.ClientSecret)
	}
	c.TokenURL, c.AuthURL = cmp.Or(c.TokenURL, s.TokenURL), cmp.Or(c.AuthURL, s.AuthURL)
	c.CallbackURL = cmp.Or(c.CallbackURL, s.CallbackURL)
	return c
}
