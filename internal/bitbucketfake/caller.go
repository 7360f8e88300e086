package bitbucketfake

import (
	"net/http"
	"strings"
)

// caller is who asks, as far as answers depend on it.
type caller struct {
	kind      string   // of the credential
	scopes    []string // granted
	all       bool     // the credential of the Config: no scope is missing
	app       bool     // signed in by client_credentials, which is an app user since CHANGE-3052
	anonymous bool     // no credential
}

const (
	badToken     = "Token is invalid, expired, or not supported for this endpoint."
	expiredToken = "Access token expired. Use your refresh token to obtain a new access token."
)

// caller tells a good credential from a bad one, for which it gives the message of the 401. Credentials count in the
// Authorization header only, and tokens of an OAuth consumer as Bearer only (CHANGE-3052).
func (s *Server) caller(r *http.Request) (c caller, refusal string) {
	header := r.Header.Get("Authorization")
	if header == "" && s.config.Public {
		return caller{scopes: publicScopes, anonymous: true}, ""
	}
	if _, password, ok := r.BasicAuth(); ok {
		if password == s.config.Token {
			return caller{kind: "api_token", scopes: grantedScopes, all: true}, ""
		}
		return c, badToken
	}
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return c, badToken
	}
	if token == s.config.Token {
		return caller{kind: "access_token", scopes: grantedScopes, all: true}, ""
	}
	return s.oauth.check(token, s.now())
}

func (rq *request) unauthorized(message string) {
	rq.fail(http.StatusUnauthorized, message)
	rq.header.Set("Www-Authenticate", `Basic realm="Bitbucket.org HTTP"`)
}
