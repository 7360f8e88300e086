package bitbucketfake

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	oauthPath     = "/site/oauth2/"
	authorizePath = oauthPath + "authorize"
	tokenPath     = oauthPath + "access_token"
)

// answerOAuth serves the authorization server, which needs no credential of the API.
func (rq *request) answerOAuth() {
	rq.plain = true
	rq.header.Set("Cache-Control", "no-store")
	switch rq.path {
	case authorizePath:
		rq.authorize()
	case tokenPath:
		rq.accessToken()
	default:
		rq.page(http.StatusNotFound, "Not found", "<p>There is no such page.</p>")
	}
}

// AuthorizeURL is the address of the authorization endpoint, without parameters.
func (s *Server) AuthorizeURL() string { return s.URL() + authorizePath }

// TokenURL is the address of the token endpoint.
func (s *Server) TokenURL() string { return s.URL() + tokenPath }

// OAuthDSN is a data source name that reaches this server as its first consumer. It leaves out AuthScheme and
// InitiateOAuth, which differ between the flows.
func (s *Server) OAuthDSN() string {
	s.oauth.mu.Lock()
	c := s.oauth.consumers[0]
	s.oauth.mu.Unlock()
	dsn := fmt.Sprintf("Workspace=%s;Schema=Information;BaseURL=%s/2.0;OAuthClientId=%s;OAuthClientSecret=%s;OAuthAuthorizationURL=%s;OAuthAccessTokenURL=%s",
		s.config.Workspace, s.URL(), quoteProperty(c.Key), quoteProperty(c.Secret), s.AuthorizeURL(), s.TokenURL())
	if c.CallbackURL != "" {
		dsn += ";CallbackURL=" + quoteProperty(c.CallbackURL)
	}
	return dsn
}

// quoteProperty quotes a value that could not stand in a data source name as it is.
func quoteProperty(v string) string {
	if v == strings.TrimSpace(v) && !strings.ContainsAny(v, ";'\"{}=") {
		return v
	}
	return "'" + strings.ReplaceAll(v, "'", "''") + "'"
}

// SetClockSkew puts the server's clock ahead of the machine's, or behind by a negative duration. Codes, tokens and the
// hour of anonymous requests age by that clock, and Date headers show it: after SetClockSkew(2*time.Hour) the access
// tokens that were issued before are expired.
func (s *Server) SetClockSkew(d time.Duration) { s.skew.Store(int64(d)) }

// now is the time by the server's clock.
func (s *Server) now() time.Time { return time.Now().Add(time.Duration(s.skew.Load())) }

// Secrets returns every code and token that the server has handed out, but codes from before a RevokeAll. Tests search for
// them where none may show.
func (s *Server) Secrets() []string {
	o := &s.oauth
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Concat(slices.Collect(maps.Keys(o.codes)), slices.Collect(maps.Keys(o.access)), slices.Collect(maps.Keys(o.refresh)))
}

// OAuthStats counts what happened to grants and tokens since the start or the last Reset.
type OAuthStats struct {
	Authorized        int `json:"authorized"`         // times that Allow was pressed: codes handed out
	Denied            int `json:"denied"`             // times that Deny was pressed
	Issued            int `json:"issued"`             // access tokens, by any grant
	Refreshed         int `json:"refreshed"`          // of these, by a refresh token
	ClientCredentials int `json:"client_credentials"` // of these, by client_credentials
	Reused            int `json:"reused"`             // uses of a refresh token that had been used, also within RefreshGrace
	CodesUsedTwice    int `json:"codes_used_twice"`   // uses of a code that had been used
	Refused           int `json:"refused"`            // errors of the token endpoint
	Expired           int `json:"expired"`            // requests of the API with an expired access token: 401
	Rejected          int `json:"rejected"`           // requests of the API with a revoked or unknown Bearer token: 401
}

// OAuthStats returns the counters. GET /_oauth answers with them as JSON.
func (s *Server) OAuthStats() OAuthStats {
	s.oauth.mu.Lock()
	defer s.oauth.mu.Unlock()
	return s.oauth.stats
}
