package driver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// oauthCredential authorizes with the tokens of an OAuth consumer and renews them. It serves a connector's connections.
type oauthCredential struct {
	consumer *oauthConsumer
	source   *oauthstore.Source
	key      string
	log      *slog.Logger

	// ready says that there was a token when last asked, so that no sign-in is needed.
	ready atomic.Bool
	// refused is the access token that Bitbucket refused and that could not be renewed: what looks fresh is not sent again.
	refused atomic.Pointer[string]
	// signingIn has room for one: that who signs in. It also guards spent.
	signingIn chan struct{}
	// spent is why OAuthVerifier could not be exchanged; it is not sent again.
	spent error
}

var (
	_ api.Authorizer = (*oauthCredential)(nil)
	_ api.Refresher  = (*oauthCredential)(nil)
)

// newOAuthCredential returns the credential of a normalized configuration whose driver keeps tokens: of OAuthClient, or of
// OAuth with InitiateOAuth.
func newOAuthCredential(consumer *oauthConsumer) *oauthCredential {
	c := consumer.config
	o := &oauthCredential{consumer: consumer, log: consumer.oauth.Logger, signingIn: make(chan struct{}, 1)}
	place := c.OAuthSettingsLocation
	switch {
	case consumer.store == nil:
		place = "consumer " + c.OAuthClientId
	case place == "":
		place = oauthstore.DefaultLocation()
	case !oauthstore.IsMemory(place):
		if absolute, err := filepath.Abs(place); err == nil {
			place = absolute
		}
	}
	sum := sha256.Sum256([]byte(string(c.AuthScheme) + "\x00" + place))
	o.key = "oauth:" + hex.EncodeToString(sum[:12])
	if c.AuthScheme == OAuthClient {
		o.source = oauthstore.NewClientCredentialsSource(consumer.oauth, consumer.store)
	} else {
		o.source = oauthstore.NewSource(consumer.oauth, consumer.store, consumer.initial())
	}
	return o
}

// Key implements [api.Authorizer].
func (o *oauthCredential) Key() string      { return o.key }
func (o *oauthCredential) String() string   { return "credential " + o.key }
func (o *oauthCredential) GoString() string { return o.String() }

// Authorize implements [api.Authorizer].
func (o *oauthCredential) Authorize(ctx context.Context, r *http.Request) error {
	token, err := o.token(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return errRenewing
	case err != nil:
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// errRenewing is why a request whose time ended was not sent.
var errRenewing = errors.New("the access token was still being renewed, by a token endpoint that does not answer or by another process")

// token is an access token that Bitbucket should take. That the file cannot be written is not the statement's trouble: the
// source has logged it, and has the token.
func (o *oauthCredential) token(ctx context.Context) (string, error) {
	token, err := o.source.Token(ctx)
	if refused := o.refused.Load(); token != nil && refused != nil && *refused == token.AccessToken {
		// Someone may have signed in since.
		if changed, renewErr := o.source.Refresh(ctx, *refused); !changed && renewErr != nil {
			return "", o.failed(renewErr)
		}
		token, err = o.source.Token(ctx)
	}
	if token != nil {
		o.ready.Store(true)
		return token.AccessToken, nil
	}
	return "", o.failed(err)
}

// Refresh implements [api.Refresher]. The failed request tells which token was refused: by now another may be there.
func (o *oauthCredential) Refresh(ctx context.Context, failed *http.Response) (bool, error) {
	refused, ok := strings.CutPrefix(failed.Request.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return false, nil
	}
	changed, err := o.source.Refresh(ctx, refused)
	if changed {
		return true, nil
	}
	if err == nil {
		return false, nil
	}
	if errors.As(err, new(*oauthstore.SignInError)) {
		o.refused.Store(&refused)
	}
	return false, fmt.Errorf("bitbucket: the access token was refused: %w", o.failed(err))
}

// failed notes that a sign-in is needed, if it is.
func (o *oauthCredential) failed(err error) error {
	var over *oauthstore.SignInError
	if errors.As(err, &over) {
		o.ready.Store(false)
		return &signInNeeded{over}
	}
	return err
}

// signInNeeded is a [SignInError] that [ErrUnauthorized] finds as well.
type signInNeeded struct{ *oauthstore.SignInError }

func (e *signInNeeded) Unwrap() []error { return []error{e.SignInError, api.ErrUnauthorized} }

// expiry is when the access token expires, as far as that is known.
func (o *oauthCredential) expiry() time.Time { return o.source.Settings().Expiry }

// signIn makes sure that there is a token before a statement asks Bitbucket for something: when none can be had otherwise it
// exchanges OAuthVerifier, or opens the browser, where the configuration allows that. It is not a part of Authorize, because a
// person takes longer than the Timeout of a request.
func (o *oauthCredential) signIn(ctx context.Context) error {
	if o.ready.Load() || !o.consumer.canSignIn() {
		return nil // whatever else is wrong, the request will tell
	}
	select {
	case o.signingIn <- struct{}{}:
		defer func() { <-o.signingIn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	// What the store has is looked at before the source fails, so that a sign-in of another process in between shows.
	before, _ := o.consumer.store.Load(ctx)
	_, err := o.token(ctx)
	if !errors.As(err, new(*oauthstore.SignInError)) {
		return err
	}
	unlock, lockErr := o.consumer.store.Lock(ctx)
	if lockErr != nil {
		return lockErr
	}
	defer unlock()
	stored, loadErr := o.consumer.store.Load(ctx)
	switch {
	case loadErr == nil && (stored.RefreshToken != before.RefreshToken || stored.AccessToken != before.AccessToken):
	case loadErr != nil && !errors.Is(loadErr, oauthstore.ErrNoSettings):
		return loadErr
	default:
		signedIn, signInErr := o.newGrant(ctx, stored)
		if signInErr != nil {
			return signInErr
		}
		if signInErr = o.consumer.store.Save(ctx, signedIn); signInErr != nil {
			return &oauthstore.SaveError{Err: signInErr}
		}
	}
	unlock() // the source takes the lock itself
	_, err = o.token(ctx)
	return err
}

// newGrant gets tokens with OAuthVerifier or, where that is allowed, by the browser.
func (o *oauthCredential) newGrant(ctx context.Context, stored oauthstore.Settings) (oauthstore.Settings, error) {
	c := o.consumer.config
	cfg := o.consumer.with(stored)
	if err := o.consumer.complete(cfg, true); err != nil {
		return oauthstore.Settings{}, err
	}
	if c.OAuthVerifier != "" && o.spent == nil {
		settings, err := o.consumer.exchange(ctx, cfg, c.OAuthVerifier, "", "")
		if err == nil {
			return settings, nil
		}
		if errors.As(err, new(*oauthstore.VerifierError)) {
			o.spent = err
		}
		if c.InitiateOAuth != InitiateGetAndRefresh || o.spent == nil {
			return settings, err
		}
		o.log.LogAttrs(ctx, slog.LevelWarn, "OAuthVerifier cannot be exchanged, the browser is opened instead", slog.Any("error", err))
	}
	if c.InitiateOAuth != InitiateGetAndRefresh {
		return oauthstore.Settings{}, o.spent
	}
	return oauthstore.Authorize(ctx, cfg, o.consumer.browser)
}

// signIn makes sure that there is a credential, if a person or OAuthVerifier is needed for that.
func (c *Connector) signIn(ctx context.Context) error {
	if c.credential == nil {
		return nil
	}
	return signInError(c.credential.signIn(ctx))
}

// signInError says of an error that it is one of a sign-in, unless it says enough.
func signInError(err error) error {
	if err == nil || errors.As(err, new(*ConfigError)) {
		return err
	}
	return fmt.Errorf("bitbucket: sign-in: %w", err)
}

// tokenExpiry is when the access token expires, or the zero time when there is none or that is not known.
func (c *Connector) tokenExpiry() time.Time {
	if c.credential != nil {
		return c.credential.expiry()
	}
	if c.config.AuthScheme == OAuth {
		return c.consumer.initial().Expiry
	}
	return time.Time{}
}
