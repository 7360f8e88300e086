package bitbucketfake

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"sync"
	"time"
)

// refreshLifetime is how long an unused refresh token lives.
const refreshLifetime = 90 * 24 * time.Hour

// oauth is what the authorization server remembers.
type oauth struct {
	mu        sync.Mutex
	consumers []Consumer
	codes     map[string]*code
	access    map[string]*accessToken
	refresh   map[string]*refreshToken
	stats     OAuthStats
}

// approval is what a user allowed a consumer, or what a consumer took for itself. All of its tokens die with it.
type approval struct {
	key     string // of the consumer
	scopes  []string
	app     bool
	revoked bool
}

// code is an authorization code.
type code struct {
	key, redirect, challenge string
	scopes                   []string
	expires                  time.Time
	grant                    *approval // made at the exchange
}

type accessToken struct {
	grant   *approval
	scopes  []string
	expires time.Time
}

type refreshToken struct {
	grant *approval
	dies  time.Time
	used  bool
}

// tokens is what an access token request gets.
type tokens struct {
	access, refresh string
	scopes          []string
}

// oauthError is an error of the token endpoint, RFC 6749 section 5.2.
type oauthError struct{ code, description string }

// secret is n random characters, at most 6 bits each; the text of longer ones ends in the padding of base64, which
// clients must pass on unchanged.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	text := base64.RawURLEncoding.EncodeToString(b)[:n]
	if n >= 40 {
		text = text[:n-2] + "=="
	}
	return text
}

// newCode keeps a code for the consumer to exchange.
func (o *oauth) newCode(c *code) string {
	text := secret(20)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.codes == nil {
		o.codes = map[string]*code{}
	}
	o.codes[text] = c
	o.stats.Authorized++
	return text
}

// issue makes the tokens of a grant. The caller holds the lock.
func (o *oauth) issue(c Config, g *approval, scopes []string, now time.Time) tokens {
	if o.access == nil {
		o.access, o.refresh = map[string]*accessToken{}, map[string]*refreshToken{}
	}
	t := tokens{access: secret(c.TokenLength), scopes: scopes}
	o.access[t.access] = &accessToken{grant: g, scopes: scopes, expires: now.Add(c.TokenLifetime)}
	o.stats.Issued++
	if !g.app {
		t.refresh = secret(32)
		o.refresh[t.refresh] = &refreshToken{grant: g, dies: now.Add(refreshLifetime)}
	}
	return t
}

// exchange trades a code for tokens. A code that comes back takes its grant with it (RFC 6749 section 4.1.2).
func (o *oauth) exchange(c Config, consumer Consumer, text, redirect, verifier string, now time.Time) (tokens, *oauthError) {
	o.mu.Lock()
	defer o.mu.Unlock()
	k := o.codes[text]
	switch {
	case k == nil || k.key != consumer.Key:
		return tokens{}, &oauthError{"invalid_grant", "The specified code is not valid."}
	case k.grant != nil:
		o.stats.CodesUsedTwice++
		k.grant.revoked = true
		return tokens{}, &oauthError{"invalid_grant", "The specified code has been used already."}
	case !now.Before(k.expires):
		return tokens{}, &oauthError{"invalid_grant", "The specified code has expired."}
	case redirect != k.redirect && (k.redirect != "" || redirect != consumer.CallbackURL):
		return tokens{}, &oauthError{"invalid_grant", "The redirect_uri is not the one of the authorization request."}
	case c.VerifyPKCE && !verifies(verifier, k.challenge):
		return tokens{}, &oauthError{"invalid_grant", "The code_verifier does not match the code_challenge."}
	}
	k.grant = &approval{key: consumer.Key, scopes: k.scopes}
	return o.issue(c, k.grant, k.scopes, now), nil
}

// rotate trades a refresh token for new tokens. The old one dies, after the grace period.
func (o *oauth) rotate(c Config, consumer Consumer, text string, now time.Time) (tokens, *oauthError) {
	o.mu.Lock()
	defer o.mu.Unlock()
	r := o.refresh[text]
	if r == nil || r.grant.key != consumer.Key {
		return tokens{}, &oauthError{"invalid_grant", "Invalid refresh_token"}
	}
	if r.used {
		o.stats.Reused++
	}
	if r.grant.revoked || r.used && c.RefreshGrace <= 0 || !now.Before(r.dies) {
		return tokens{}, &oauthError{"invalid_grant", "Invalid refresh_token"}
	}
	if !r.used {
		r.used, r.dies = true, now.Add(c.RefreshGrace)
	}
	o.stats.Refreshed++
	scopes := slices.DeleteFunc(slices.Clone(r.grant.scopes), func(s string) bool { return !holds(consumer.granted(), s) })
	return o.issue(c, r.grant, scopes, now), nil
}

// credentials makes a token for the consumer itself.
func (o *oauth) credentials(c Config, consumer Consumer, now time.Time) (tokens, *oauthError) {
	if !consumer.Private {
		return tokens{}, &oauthError{"invalid_grant", "Cannot use client_credentials with a consumer that is not private."}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stats.ClientCredentials++
	return o.issue(c, &approval{key: consumer.Key, scopes: consumer.granted(), app: true}, consumer.granted(), now), nil
}

// check finds who a Bearer token stands for, or says why nobody.
func (o *oauth) check(text string, now time.Time) (caller, string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch t := o.access[text]; {
	case t == nil || t.grant.revoked:
		o.stats.Rejected++
		return caller{}, badToken
	case !now.Before(t.expires):
		o.stats.Expired++
		return caller{}, expiredToken
	default:
		return caller{kind: "oauth2", scopes: t.scopes, app: t.grant.app}, ""
	}
}

// Revoke ends the grant that an access or refresh token belongs to, with all of its tokens, and says whether it found
// one. The API answers 401 then, the token endpoint invalid_grant.
func (s *Server) Revoke(token string) bool {
	o := &s.oauth
	o.mu.Lock()
	defer o.mu.Unlock()
	var g *approval
	if t := o.access[token]; t != nil {
		g = t.grant
	} else if t := o.refresh[token]; t != nil {
		g = t.grant
	}
	if g == nil {
		return false
	}
	g.revoked = true
	return true
}

// RevokeAll ends all grants, and codes that were not exchanged.
func (s *Server) RevokeAll() {
	o := &s.oauth
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.codes)
	for _, t := range o.access {
		t.grant.revoked = true
	}
}

// ExpireAccessTokens makes all access tokens expire now, earlier than their expires_in said. Refresh tokens live on.
func (s *Server) ExpireAccessTokens() {
	now, o := s.now(), &s.oauth
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, t := range o.access {
		if t.expires.After(now) {
			t.expires = now
		}
	}
}
