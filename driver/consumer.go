package driver

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// oauthConsumer is the OAuth consumer of a connector, and the place of its tokens.
type oauthConsumer struct {
	config *Config
	oauth  oauthstore.Config
	// store keeps the tokens; nil with InitiateOAuth OFF, and for the schemes without OAuth.
	store oauthstore.Store
	// browser shows a page to the user; nil is the browser of this machine.
	browser func(url string) error
}

// Format shows no secret: fmt calls no methods of the fields.
func (o *oauthConsumer) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "OAuth consumer "+o.config.OAuthClientId)
}

// exchangeTimeout bounds the exchange of a code once it has begun: its answer can be had only once.
const exchangeTimeout = time.Minute

// newOAuthConsumer returns the consumer of a normalized configuration.
func newOAuthConsumer(c *Config, client *http.Client, log *slog.Logger, browser func(url string) error) (*oauthConsumer, error) {
	// What has its default is left to the settings file, which knows it from an earlier connection.
	unless := func(name, value string) string {
		if p, _ := findProperty(name); value == p.Default {
			return ""
		}
		return value
	}
	consumer := &oauthConsumer{config: c, browser: browser, oauth: oauthstore.Config{
		ClientID: c.OAuthClientId, ClientSecret: c.OAuthClientSecret, Scope: c.Scope, CallbackURL: c.CallbackURL,
		AuthURL:    unless("OAuthAuthorizationURL", c.OAuthAuthorizationURL),
		TokenURL:   unless("OAuthAccessTokenURL", c.OAuthAccessTokenURL),
		HTTPClient: client, Logger: log,
	}}
	if c.InitiateOAuth == InitiateOff || c.AuthScheme != OAuth && c.AuthScheme != OAuthClient {
		return consumer, nil
	}
	var err error
	consumer.store, err = oauthstore.Open(c.OAuthSettingsLocation)
	return consumer, err
}

// initial are the tokens that the configuration brings.
func (o *oauthConsumer) initial() oauthstore.Settings {
	c := o.config
	s := oauthstore.Settings{
		ClientID: c.OAuthClientId, ClientSecret: c.OAuthClientSecret, AccessToken: c.OAuthAccessToken, RefreshToken: c.OAuthRefreshToken,
		Grant: oauthstore.AuthorizationCode, TokenURL: o.oauth.TokenURL, AuthURL: o.oauth.AuthURL, CallbackURL: c.CallbackURL,
	}
	if c.OAuthAccessToken != "" && c.OAuthExpiresIn > 0 {
		s.Obtained, _ = c.tokenTime()
		if s.Obtained.IsZero() {
			s.Obtained = time.Now()
		}
		s.Expiry = s.Obtained.Add(c.OAuthExpiresIn)
	}
	return s
}

// canSignIn says whether the configuration has a way to the first tokens.
func (o *oauthConsumer) canSignIn() bool {
	c := o.config
	return c.AuthScheme == OAuth && o.store != nil && (c.OAuthVerifier != "" || c.InitiateOAuth == InitiateGetAndRefresh)
}

// with is the consumer with what the connection leaves to the settings file.
func (o *oauthConsumer) with(stored oauthstore.Settings) oauthstore.Config {
	cfg := o.oauth
	if cfg.ClientID == "" {
		cfg.ClientID, cfg.ClientSecret = stored.ClientID, stored.ClientSecret
	}
	if cfg.ClientID == stored.ClientID {
		if cfg.AuthURL == "" {
			cfg.AuthURL = stored.AuthURL
		}
		if cfg.TokenURL == "" {
			cfg.TokenURL = stored.TokenURL
		}
		if p, _ := findProperty("CallbackURL"); cfg.CallbackURL == p.Default && stored.CallbackURL != "" {
			cfg.CallbackURL = stored.CallbackURL
		}
	}
	return cfg
}

// complete reports which properties of the consumer neither the connection nor the settings file has.
func (o *oauthConsumer) complete(cfg oauthstore.Config, secret bool) error {
	var faults []Fault
	where := "is not set"
	if o.store != nil {
		where = "is not set, and not in the OAuth settings either"
	}
	if cfg.ClientID == "" {
		faults = append(faults, Fault{"OAuthClientId", where + ", set it to the key of the OAuth consumer"})
	}
	if secret && cfg.ClientSecret == "" {
		faults = append(faults, Fault{"OAuthClientSecret", where + ", set it to the secret of the OAuth consumer"})
	}
	return configError(faults)
}

// exchange turns a verifier, which may be the whole address that the browser ended at, into tokens. The exchange goes on when
// ctx ends: a code works once.
func (o *oauthConsumer) exchange(ctx context.Context, cfg oauthstore.Config, verifier, state, pkceVerifier string) (oauthstore.Settings, error) {
	code, got, err := oauthstore.ParseRedirect(verifier)
	if err != nil {
		return oauthstore.Settings{}, err
	}
	if state != "" && got != "" {
		if err := oauthstore.CheckState(state, got); err != nil {
			return oauthstore.Settings{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return oauthstore.Settings{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), exchangeTimeout)
	defer cancel()
	return oauthstore.Exchange(ctx, cfg, code, pkceVerifier)
}
