package bitbucketfake

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// tokenAnswer is RFC 6749 section 5.1 with the members of the service: scope was scopes before May 2026, and state is
// the name of the grant.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	Scope        string `json:"scope,omitempty"`
	Scopes       string `json:"scopes,omitempty"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	State        string `json:"state"`
	RefreshToken string `json:"refresh_token,omitempty"`
}

// accessToken serves the token endpoint: a form by POST, with the consumer as user and password.
func (rq *request) accessToken() {
	rq.header.Set("Pragma", "no-cache")
	if rq.r.Method != http.MethodPost {
		rq.header.Set("Allow", "POST")
		rq.fail(http.StatusMethodNotAllowed, "Method not allowed")
		return
	}
	s := rq.s
	form, _ := rq.form()
	for name, values := range form {
		if len(values) > 1 {
			rq.refuseToken(&oauthError{"invalid_request", "Duplicate parameter: " + name})
			return
		}
	}
	kind := form.Get("grant_type")
	switch kind {
	case "authorization_code", "refresh_token", "client_credentials":
	default:
		if kind == "" {
			kind = "None"
		}
		rq.refuseToken(&oauthError{"invalid_grant", "Unsupported grant type: " + kind})
		return
	}
	consumer, wrong := rq.consumer()
	if wrong != nil {
		rq.refuseToken(wrong)
		return
	}
	var t tokens
	switch now := s.now(); kind {
	case "authorization_code":
		t, wrong = s.oauth.exchange(s.config, consumer, form.Get("code"), form.Get("redirect_uri"), form.Get("code_verifier"), now)
	case "refresh_token":
		t, wrong = s.oauth.rotate(s.config, consumer, form.Get("refresh_token"), now)
	case "client_credentials":
		t, wrong = s.oauth.credentials(s.config, consumer, now)
	}
	if wrong != nil {
		rq.refuseToken(wrong)
		return
	}
	a := tokenAnswer{
		AccessToken: t.access, RefreshToken: t.refresh, TokenType: "bearer", State: kind,
		ExpiresIn: max(int(s.config.TokenLifetime/time.Second), 1),
	}
	switch s.config.ScopeMember {
	case "scope":
		a.Scope = strings.Join(t.scopes, " ")
	case "scopes":
		a.Scopes = strings.Join(t.scopes, " ")
	}
	rq.json(http.StatusOK, a)
}

// consumer finds who asks by HTTP Basic, in whose fields a consumer may have percent-encoded (RFC 6749 section 2.3.1).
func (rq *request) consumer() (Consumer, *oauthError) {
	key, secret, ok := rq.r.BasicAuth()
	if !ok {
		return Consumer{}, &oauthError{"unauthorized_client", "Requests must be authenticated using OAuth client credentials"}
	}
	if c, ok := rq.s.oauth.consumer(key); ok && c.Secret == secret {
		return c, nil
	}
	k, err := url.QueryUnescape(key)
	p, err2 := url.QueryUnescape(secret)
	if err == nil && err2 == nil {
		if c, ok := rq.s.oauth.consumer(k); ok && c.Secret == p {
			return c, nil
		}
	}
	return Consumer{}, &oauthError{"unauthorized_client", "Invalid OAuth client credentials"}
}

func (rq *request) refuseToken(e *oauthError) {
	rq.s.oauth.mu.Lock()
	rq.s.oauth.stats.Refused++
	rq.s.oauth.mu.Unlock()
	rq.json(http.StatusBadRequest, map[string]string{"error": e.code, "error_description": e.description})
}

func (rq *request) json(status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	rq.status, rq.plain = status, true
	rq.enc.b = append(rq.enc.b[:0], b...)
}
