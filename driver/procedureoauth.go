package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// getAuthorizationURL is the procedure GetOAuthAuthorizationURL.
func getAuthorizationURL(ctx context.Context, c *conn, given arguments) ([]sqldriver.Value, error) {
	cfg, err := c.connector.consumer.forCall(ctx, given, false)
	if err != nil {
		return nil, err
	}
	if err := checkPKCE("GetOAuthAuthorizationURL", given["PKCEVerifier"]); err != nil {
		return nil, err
	}
	return []sqldriver.Value{oauthstore.AuthorizationURL(cfg, given["State"], given["PKCEVerifier"])}, nil
}

// getAccessToken is the procedure GetOAuthAccessToken.
func getAccessToken(ctx context.Context, c *conn, given arguments) ([]sqldriver.Value, error) {
	consumer := c.connector.consumer
	cfg, err := consumer.forCall(ctx, given, true)
	if err != nil {
		return nil, err
	}
	if err := checkPKCE("GetOAuthAccessToken", given["PKCEVerifier"]); err != nil {
		return nil, err
	}
	verifier := given.or("Verifier", c.config().OAuthVerifier)
	if c.config().AuthScheme != OAuthClient && verifier == "" && given["AuthMode"] == "WEB" {
		return nil, &ParameterError{"GetOAuthAccessToken", []Fault{{
			"Verifier", "is required with AuthMode WEB: it is the code that Bitbucket adds to the CallbackUrl after the sign-in",
		}}}
	}
	return c.newTokens(ctx, cfg.ClientID, func(oauthstore.Settings) (oauthstore.Settings, error) {
		switch {
		case c.config().AuthScheme == OAuthClient:
			return oauthstore.ClientCredentials(ctx, cfg)
		case verifier != "":
			return consumer.exchange(ctx, cfg, verifier, given["State"], given["PKCEVerifier"])
		}
		return oauthstore.Authorize(ctx, cfg, consumer.browser)
	})
}

// refreshAccessToken is the procedure RefreshOAuthAccessToken.
func refreshAccessToken(ctx context.Context, c *conn, given arguments) ([]sqldriver.Value, error) {
	consumer, refreshToken := c.connector.consumer, given["OAuthRefreshToken"]
	cfg, err := consumer.forCall(ctx, given, true)
	if err != nil {
		return nil, err
	}
	return c.newTokens(ctx, cfg.ClientID, func(stored oauthstore.Settings) (oauthstore.Settings, error) {
		if err := ctx.Err(); err != nil {
			return oauthstore.Settings{}, err
		}
		// The answer holds the only refresh token, so that the request goes on when ctx ends.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), exchangeTimeout)
		defer cancel()
		kept := consumer.store != nil && stored.RefreshToken == refreshToken
		settle := func(error) {}
		if kept {
			if settle, err = cfg.NoteRenewal(ctx, consumer.store, stored); err != nil {
				return oauthstore.Settings{}, err
			}
		}
		settings, err := oauthstore.RefreshToken(ctx, cfg, refreshToken)
		if err != nil {
			settle(err)
			return settings, err
		}
		if settings.Scope == "" && kept {
			settings.Scope = stored.Scope
		}
		return settings, nil
	})
}

// newTokens gets tokens for a client and keeps them, unless InitiateOAuth is OFF. Those of another client are not overwritten, nor
// those that a user signed in for by tokens of the consumer itself.
func (c *conn) newTokens(ctx context.Context, client string, get func(stored oauthstore.Settings) (oauthstore.Settings, error)) ([]sqldriver.Value, error) {
	var stored oauthstore.Settings
	store := c.connector.consumer.store
	if store != nil {
		unlock, err := store.Lock(ctx)
		if err != nil {
			return nil, signInError(err)
		}
		defer unlock()
		if stored, err = c.connector.consumer.stored(ctx); err != nil {
			return nil, signInError(err) // it could not be written either
		}
		if err := sameClient(stored, client); err != nil {
			return nil, signInError(err)
		}
	}
	settings, err := get(stored)
	if err != nil {
		return nil, signInError(err)
	}
	foreign := settings.Grant == oauthstore.ClientCredentialsGrant && stored.ClientID != "" && stored.Grant != settings.Grant
	if store != nil && !foreign {
		if err := store.Save(context.WithoutCancel(ctx), settings); err != nil {
			// The caller gets the tokens, which cannot be had again, rather than the error.
			c.connector.log.LogAttrs(ctx, slog.LevelWarn, "OAuth tokens cannot be saved, the caller has them", slog.Any("error", err))
		}
	}
	return []sqldriver.Value{settings.AccessToken, orNull(settings.RefreshToken), expiresIn(settings)}, nil
}

// expiresIn is how long the access token lives from when it was made, in seconds; -1 means that it does not expire.
func expiresIn(s oauthstore.Settings) string {
	if s.Expiry.IsZero() || s.Obtained.IsZero() {
		return strconv.FormatInt(s.ExpiresIn(), 10)
	}
	return strconv.FormatInt(int64(s.Expiry.Sub(s.Obtained).Round(time.Second)/time.Second), 10)
}

// forCall is the consumer as a call of a procedure wants it.
func (o *oauthConsumer) forCall(ctx context.Context, given arguments, secret bool) (oauthstore.Config, error) {
	cfg := o.oauth
	if o.store != nil {
		stored, err := o.stored(ctx)
		if err != nil {
			return cfg, signInError(err)
		}
		cfg = o.with(stored)
	}
	cfg.CallbackURL = given.or("CallbackUrl", cfg.CallbackURL)
	cfg.Scope = given.or("Scope", cfg.Scope)
	return cfg, o.complete(cfg, secret)
}

// checkPKCE reports a PKCE verifier that RFC 7636, section 4.1, does not allow.
func checkPKCE(procedure, verifier string) error {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	if verifier == "" || len(verifier) >= 43 && len(verifier) <= 128 && strings.Trim(verifier, unreserved) == "" {
		return nil
	}
	return &ParameterError{procedure, []Fault{{"PKCEVerifier", "must be 43 to 128 letters, digits and -._~ (RFC 7636)"}}}
}
