package driver

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// SignIn signs the user in with the browser of this machine ([WithBrowser] shows the page elsewhere), even when there are tokens
// that still work, and keeps the new ones in OAuthSettingsLocation. It waits until the browser comes back to CallbackURL, for
// five minutes at most.
//
// It is for AuthScheme OAuth with InitiateOAuth REFRESH or GETANDREFRESH: the error is else a [*ConfigError], as it is when
// the consumer is known neither to the configuration nor to the settings. Other errors: [*ClientError] and [*SettingsError]
// before anything is opened, [*CallbackError], [*PortError], [*BrowserError], [*DeniedError], [*StateError],
// [*SignInTimeoutError], [*TokenError] and those beside it, and [*SaveError].
func (c *Connector) SignIn(ctx context.Context) error {
	cfg, err := c.beginSignIn(ctx)
	if err != nil {
		return signInError(err)
	}
	settings, err := oauthstore.Authorize(ctx, cfg, c.consumer.browser)
	if err != nil {
		return signInError(err)
	}
	return signInError(c.consumer.keep(ctx, settings))
}

// OpenBrowser shows a page in the user's browser: with the program that $BROWSER names, else the one of the desktop. It is what
// a connector does without [WithBrowser].
func OpenBrowser(url string) error { return oauthstore.OpenBrowser(url) }

// CanOpenBrowser says whether [OpenBrowser] has anything to try. The error is [ErrNoDisplay].
func CanOpenBrowser() error { return oauthstore.CanOpenBrowser() }

// RemoteSignIn is a sign-in in a browser that is not on this machine.
type RemoteSignIn struct {
	// URL is the page at which the user lets the consumer in. The address that the browser is led to afterwards need not
	// exist: what counts is the code in it.
	URL string

	consumer    *oauthConsumer
	cfg         oauthstore.Config
	state, pkce string
}

// StartRemoteSignIn begins a sign-in in a browser elsewhere. It sends nothing. Errors are those of [Connector.SignIn] before
// anything is opened.
func (c *Connector) StartRemoteSignIn(ctx context.Context) (*RemoteSignIn, error) {
	cfg, err := c.beginSignIn(ctx)
	if err != nil {
		return nil, signInError(err)
	}
	r := &RemoteSignIn{consumer: c.consumer, cfg: cfg, state: oauthstore.NewVerifier(), pkce: oauthstore.NewVerifier()}
	r.URL = oauthstore.AuthorizationURL(cfg, r.state, r.pkce)
	return r, nil
}

// Finish takes what the user copied from the browser: the whole address that it was led to, or the code in it. It exchanges the
// code for tokens and keeps them. After [ErrNoOAuthCode] and [*StateError] it can be called again with another text; other
// errors are those of [Connector.SignIn], and [*VerifierError].
func (r *RemoteSignIn) Finish(ctx context.Context, pasted string) error {
	settings, err := r.consumer.exchange(ctx, r.cfg, pasted, r.state, r.pkce)
	if err != nil {
		return signInError(err)
	}
	return signInError(r.consumer.keep(ctx, settings))
}

// SignOut deletes the OAuth tokens and the consumer at OAuthSettingsLocation, damaged settings too, and says whether there was
// anything. It asks nothing of Bitbucket, which knows no way to revoke a token: an access token that was copied before works
// until it expires.
func (c *Connector) SignOut(ctx context.Context) (deleted bool, err error) {
	store := c.consumer.store
	if store == nil {
		return false, noSignIn(c.config)
	}
	_, err = store.Load(ctx)
	deleted = !errors.Is(err, oauthstore.ErrNoSettings)
	if err := oauthstore.Delete(ctx, store); err != nil {
		return false, fmt.Errorf("bitbucket: sign-out: %w", err)
	}
	return deleted, nil
}

// beginSignIn is the consumer for a sign-in, which the settings complete.
func (c *Connector) beginSignIn(ctx context.Context) (oauthstore.Config, error) {
	if c.consumer.store == nil || c.config.AuthScheme != OAuth {
		return oauthstore.Config{}, noSignIn(c.config)
	}
	stored, err := c.consumer.stored(ctx)
	if err != nil {
		return oauthstore.Config{}, err
	}
	cfg := c.consumer.with(stored)
	if err := c.consumer.complete(cfg, true); err != nil {
		return cfg, err
	}
	if err := sameClient(stored, cfg.ClientID); err != nil {
		return cfg, err
	}
	return cfg, oauthstore.Writable(c.consumer.store)
}

// noSignIn says why there is nothing to sign in to, or out of.
func noSignIn(c *Config) error {
	if c.AuthScheme == OAuth {
		return configError([]Fault{{"InitiateOAuth", "OFF keeps no tokens, set it to REFRESH or GETANDREFRESH"}})
	}
	return configError([]Fault{{"AuthScheme", string(c.AuthScheme) + " needs no sign-in, only OAuth does"}})
}

// stored are the settings that are kept; none are no error.
func (o *oauthConsumer) stored(ctx context.Context) (oauthstore.Settings, error) {
	stored, err := o.store.Load(ctx)
	if errors.Is(err, oauthstore.ErrNoSettings) {
		err = nil
	}
	return stored, err
}

func sameClient(stored oauthstore.Settings, client string) error {
	if stored.ClientID != "" && stored.ClientID != client {
		return &oauthstore.ClientError{Saved: stored.ClientID, Given: client}
	}
	return nil
}

// keep saves new tokens, once they are there whatever becomes of ctx.
func (o *oauthConsumer) keep(ctx context.Context, settings oauthstore.Settings) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), exchangeTimeout)
	defer cancel()
	unlock, err := o.store.Lock(ctx)
	if err != nil {
		return &oauthstore.SaveError{Err: err}
	}
	defer unlock()
	stored, err := o.stored(ctx)
	if err == nil {
		err = sameClient(stored, settings.ClientID)
	}
	if err == nil {
		err = o.store.Save(ctx, settings)
	}
	if err != nil {
		return &oauthstore.SaveError{Err: err}
	}
	return nil
}
