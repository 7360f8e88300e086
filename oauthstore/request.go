package oauthstore

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Exchange turns the code of an authorization into tokens (RFC 6749, section 4.1.3). cfg.CallbackURL must be what the
// authorization URL carried; pkceVerifier is "" when it carried no challenge. A used or expired code is a [*VerifierError];
// else see [RefreshToken].
func Exchange(ctx context.Context, cfg Config, code, pkceVerifier string) (Settings, error) {
	var options []oauth2.AuthCodeOption
	if pkceVerifier != "" {
		options = append(options, oauth2.VerifierOption(pkceVerifier))
	}
	s, err := cfg.ask(ctx, AuthorizationCode, func(ctx context.Context) (*oauth2.Token, error) {
		return cfg.oauth2().Exchange(ctx, code, options...)
	}, code, pkceVerifier)
	if refused, ok := errors.AsType[*TokenError](err); ok && refused.Code == "invalid_grant" {
		return s, &VerifierError{refused}
	}
	return s, err
}

// RefreshToken renews the tokens once (RFC 6749, section 6). The refresh token given is spent by that: save the settings
// before using them. Errors: [*SignInError] for a refresh token that is no longer good, [*TokenError] for other refusals,
// [*UnreachableError], [*AnswerError]. A [Source] does all that.
func RefreshToken(ctx context.Context, cfg Config, refreshToken string) (Settings, error) {
	if refreshToken == "" {
		return Settings{}, &SignInError{Reason: "there is no refresh token"}
	}
	s, err := cfg.ask(ctx, AuthorizationCode, func(ctx context.Context) (*oauth2.Token, error) {
		return cfg.oauth2().TokenSource(ctx, &oauth2.Token{RefreshToken: refreshToken}).Token()
	}, refreshToken)
	if refused, ok := errors.AsType[*TokenError](err); ok && refused.Code == "invalid_grant" {
		return s, &SignInError{Reason: "the access granted to this consumer was revoked or has expired", Err: refused}
	}
	return s, err
}

// ClientCredentials gets an access token for the consumer itself, which must be a private one (RFC 6749, section 4.4).
// There is no refresh token. Errors as for [RefreshToken].
func ClientCredentials(ctx context.Context, cfg Config) (Settings, error) {
	o := cfg.oauth2()
	c := &clientcredentials.Config{
		ClientID: o.ClientID, ClientSecret: o.ClientSecret, TokenURL: o.Endpoint.TokenURL, Scopes: o.Scopes, AuthStyle: o.Endpoint.AuthStyle,
	}
	return cfg.ask(ctx, ClientCredentialsGrant, c.Token)
}

// ask makes one token request and turns its answer into settings, or its failure into one of our errors. secrets are what
// it sends beside the client secret.
func (c Config) ask(ctx context.Context, grant string, request func(context.Context) (*oauth2.Token, error), secrets ...string) (Settings, error) {
	start := time.Now() // before the server counts, so that our expiry is never later than its
	o := c.oauth2()
	token, err := request(c.client(ctx))
	if err != nil {
		return Settings{}, watch.failed(c.tokenFailure(o.Endpoint.TokenURL, err, secrets))
	}
	s := Settings{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, AccessToken: token.AccessToken, RefreshToken: token.RefreshToken, Obtained: start,
		Scope: c.Scope, Grant: grant, TokenURL: c.TokenURL, AuthURL: c.AuthURL, CallbackURL: c.CallbackURL,
	}
	if !token.Expiry.IsZero() {
		s.Expiry = start.Add(time.Until(token.Expiry).Round(time.Second))
	}
	if token.ExpiresIn > 0 {
		s.Expiry = start.Add(time.Duration(token.ExpiresIn) * time.Second)
	}
	s.Scope = cmp.Or(scopeText(token.Extra("scope")), scopeText(token.Extra("scopes")), s.Scope)
	return s, nil
}

// scopeText reads the granted scopes: a text separated by spaces (or, in old answers, commas), or a list.
func scopeText(v any) string {
	switch v := v.(type) {
	case string:
		return strings.Join(strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == ',' }), " ")
	case []any:
		var names []string
		for _, name := range v {
			if s, ok := name.(string); ok {
				names = append(names, s)
			}
		}
		return strings.Join(names, " ")
	}
	return ""
}

// tokenFailure types the errors of golang.org/x/oauth2, whose texts can hold the whole answer and are dropped.
func (c Config) tokenFailure(tokenURL string, err error, secrets []string) error {
	for _, s := range append(secrets, c.ClientSecret) {
		quoted, _ := json.Marshal(s)
		secrets = append(secrets, s, url.QueryEscape(s), url.PathEscape(s), string(quoted[1:len(quoted)-1]), base64.StdEncoding.EncodeToString([]byte(s)))
	}
	for _, user := range []string{c.ClientID + ":" + c.ClientSecret, url.QueryEscape(c.ClientID) + ":" + url.QueryEscape(c.ClientSecret)} {
		secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte(user))) // of the header Authorization
	}
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) }) // the whole before its parts
	where := tokenURL
	if u, perr := url.Parse(tokenURL); perr == nil {
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		where = u.String()
	}
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		status := refused.Response.StatusCode
		if refused.ErrorCode == "" {
			return &AnswerError{URL: where, Status: status, Reason: "an error without a code"}
		}
		return &TokenError{
			Code: scrub(refused.ErrorCode, secrets...), Description: scrub(refused.ErrorDescription, secrets...),
			URI: scrub(refused.ErrorURI, secrets...), Status: status,
		}
	}
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return &UnreachableError{URL: where, Err: scrubbed(failed.Err, secrets)}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &UnreachableError{URL: where, Err: err}
	}
	return &AnswerError{URL: where, Reason: "it is cut off, not JSON, or without an access_token"}
}
