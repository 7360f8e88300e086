package bitbucketfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Tokens count as Bearer only.
func TestBearer(t *testing.T) {
	s := start(t, Config{})
	token := signIn(t, s).access()
	a := bearer(s, "/2.0/user", token)
	wantStatus(t, a, 200, `"username"`)
	if a.header.Get("X-Credential-Type") != "oauth2" || a.header.Get("X-Oauth-Scopes") != strings.Join(consumerScopes, ", ") || a.header.Get("X-Accepted-Oauth-Scopes") != "account" {
		t.Errorf("%v", a.header)
	}
	wantStatus(t, ask(s, "/2.0/user", "Authorization", "bearer  "+token), 200, "")
	wantStatus(t, ask(s, "/2.0/user?access_token="+token, "Authorization", ""), 401, badToken)
	wantStatus(t, bearer(s, "/2.0/user?access_token="+token, "wrong"), 401, badToken)
	wantStatus(t, bearer(s, "/2.0/user", ""), 401, badToken)
	wantStatus(t, bearer(s, "/2.0/user", token+"x"), 401, badToken)
	r := httptest.NewRequest(http.MethodGet, "http://fake.test/2.0/user", strings.NewReader("access_token="+token))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != 401 {
		t.Errorf("token in the body: %d", w.Code)
	}
	r = httptest.NewRequest(http.MethodGet, "http://fake.test/2.0/user", nil)
	r.SetBasicAuth("x-token-auth", token)
	w = httptest.NewRecorder()
	if s.Handler().ServeHTTP(w, r); w.Code != 401 || w.Header().Get("Www-Authenticate") == "" {
		t.Errorf("token as a password: %d", w.Code)
	}
}

func TestExpiry(t *testing.T) {
	s := start(t, Config{TokenLifetime: 2 * time.Second})
	old := signIn(t, s)
	deadline := time.Now().Add(30 * time.Second)
	for bearer(s, "/2.0/user", old.access()).status == 200 {
		if time.Now().After(deadline) {
			t.Fatal("a token of two seconds lives on")
		}
		time.Sleep(50 * time.Millisecond)
	}
	wantStatus(t, bearer(s, "/2.0/user", old.access()), 401, expiredToken)
	granted(t, post(t, s, "grant_type", "refresh_token", "refresh_token", old.refresh()))
	if st := s.OAuthStats(); st.Expired != 2 || st.Rejected != 0 || st.Refreshed != 1 {
		t.Errorf("%+v", st)
	}

	s = start(t, Config{})
	token := signIn(t, s)
	s.ExpireAccessTokens()
	wantStatus(t, bearer(s, "/2.0/user", token.access()), 401, expiredToken)
	token = granted(t, post(t, s, "grant_type", "refresh_token", "refresh_token", token.refresh()))
	wantStatus(t, bearer(s, "/2.0/user", token.access()), 200, "")
}

func TestClockSkew(t *testing.T) {
	s := start(t, Config{})
	token := signIn(t, s).access()
	for _, c := range []struct {
		skew   time.Duration
		status int
	}{{59 * time.Minute, 200}, {61 * time.Minute, 401}, {-5 * time.Hour, 200}} {
		s.SetClockSkew(c.skew)
		a := bearer(s, "/2.0/user", token)
		date, err := http.ParseTime(a.header.Get("Date"))
		if off := time.Until(date) - c.skew; a.status != c.status || err != nil || off < -time.Minute || off > time.Minute {
			t.Errorf("skew %v: %d at %v (%v)", c.skew, a.status, date, err)
		}
	}
}

func TestRevoke(t *testing.T) {
	s := start(t, Config{})
	a, b, c := signIn(t, s), signIn(t, s), granted(t, post(t, s, "grant_type", "client_credentials"))
	newer := granted(t, post(t, s, "grant_type", "refresh_token", "refresh_token", a.refresh()))
	if s.Revoke("made up") || !s.Revoke(newer.refresh()) {
		t.Fatal("found or lost")
	}
	for _, r := range []tokenReply{a, newer} {
		wantStatus(t, bearer(s, "/2.0/user", r.access()), 401, badToken)
		refused(t, post(t, s, "grant_type", "refresh_token", "refresh_token", r.refresh()), "invalid_grant", "Invalid refresh_token")
	}
	wantStatus(t, bearer(s, "/2.0/user", b.access()), 200, "")
	if !s.Revoke(c.access()) {
		t.Error("client credentials have no grant")
	}
	wantStatus(t, bearer(s, "/2.0/user", c.access()), 401, badToken)
	code := allow(t, s).Get("code")
	s.RevokeAll()
	wantStatus(t, bearer(s, "/2.0/user", b.access()), 401, badToken)
	refused(t, post(t, s, "grant_type", "authorization_code", "code", code), "invalid_grant", "not valid")
	wantStatus(t, ask(s, "/2.0/user"), 200, "") // the token of the Config is none of them
	wantStatus(t, bearer(s, "/2.0/user", signIn(t, s).access()), 200, "")
}

func TestScopes(t *testing.T) {
	s := start(t, Config{OAuth: []Consumer{{Key: "demo-key", Secret: "demo-secret", CallbackURL: "http://localhost:33333", Scopes: []string{"pullrequest", "project", "pipeline:variable"}}}})
	token := signIn(t, s)
	for _, c := range []struct {
		path     string
		status   int
		required []string
	}{
		{platform, 200, nil},
		{platform + "/pullrequests", 200, nil},
		{platform + "/pipelines", 200, nil},
		{"/2.0/workspaces/acme", 200, nil},
		{"/2.0/hook_events", 200, nil},
		{"/2.0/user", 403, []string{"account"}},
		{"/2.0/repositories/acme/monolith", 301, nil},
		{platform + "/hooks", 403, []string{"webhook"}},
		{"/2.0/user/workspaces/acme/permissions/repositories", 403, []string{"account", "repository"}},
		{"/2.0/workspaces/acme/projects/PLAT/deploy-keys", 403, []string{"project", "project:admin"}},
		{platform + "/branch-restrictions", 403, []string{"repository:admin"}},
	} {
		a := bearer(s, c.path, token.access())
		if a.status != c.status {
			t.Errorf("%s: %d %s", c.path, a.status, cut(a.body))
			continue
		}
		if c.status != 403 {
			continue
		}
		var e struct {
			Error struct {
				Detail struct{ Required, Granted []string }
			}
		}
		if err := json.Unmarshal(a.body, &e); err != nil || !reflect.DeepEqual(e.Error.Detail.Required, c.required) || !reflect.DeepEqual(e.Error.Detail.Granted, []string{"pullrequest", "project", "pipeline:variable"}) {
			t.Errorf("%s: %v %s", c.path, err, a.body)
		}
		if a.header.Get("Etag") != "" || a.header.Get("X-Oauth-Scopes") != "pullrequest, project, pipeline:variable" {
			t.Errorf("%s: %v", c.path, a.header)
		}
	}
	// A scope that the consumer loses is gone at the next refresh; one that it gets does not widen what was allowed.
	s.SetConsumer(Consumer{Key: "demo-key", Secret: "demo-secret", CallbackURL: "http://localhost:33333", Scopes: []string{"pullrequest", "account"}})
	wantStatus(t, bearer(s, platform+"/pipelines", token.access()), 200, "")
	token = granted(t, post(t, s, "grant_type", "refresh_token", "refresh_token", token.refresh()))
	if token.str("scope") != "pullrequest" {
		t.Error(token.str("scope"))
	}
	wantStatus(t, bearer(s, platform+"/pipelines", token.access()), 403, `"required":["pipeline"]`)
	wantStatus(t, bearer(s, "/2.0/user", signIn(t, s, "scope", "account").access()), 200, "")
	wantStatus(t, ask(s, platform+"/pipelines"), 200, "") // the token of the Config has all
}

// Without scopes of its own a consumer reaches every path that the fake has.
func TestDefaultConsumerReachesAll(t *testing.T) {
	s := start(t, Config{})
	token := signIn(t, s).access()
	for _, p := range everyPath() {
		if a, b := bearer(s, p, token), ask(s, p); a.status != b.status || string(a.body) != string(b.body) {
			t.Errorf("%s: %d by OAuth, %d otherwise", p, a.status, b.status)
		}
	}
}

func TestOAuthDSN(t *testing.T) {
	s := start(t, Config{})
	want := "Workspace=acme;Schema=Information;BaseURL=" + s.URL() + "/2.0;OAuthClientId=demo-key;OAuthClientSecret=demo-secret;OAuthAuthorizationURL=" +
		s.URL() + "/site/oauth2/authorize;OAuthAccessTokenURL=" + s.URL() + "/site/oauth2/access_token;CallbackURL=http://localhost:33333"
	if s.OAuthDSN() != want {
		t.Error(s.OAuthDSN())
	}
	odd := start(t, Config{OAuth: []Consumer{{Key: "k", Secret: "a;'b", CallbackURL: "http://x/?a=b"}}})
	if dsn := odd.OAuthDSN(); !strings.Contains(dsn, ";OAuthClientSecret='a;''b';") || !strings.HasSuffix(dsn, ";CallbackURL='http://x/?a=b'") {
		t.Error(dsn)
	}
}

func TestOAuthStats(t *testing.T) {
	s := start(t, Config{})
	signIn(t, s)
	p, page := load(t, s.URL()+"/_oauth")
	var st OAuthStats
	if err := json.Unmarshal([]byte(page), &st); p.StatusCode != 200 || err != nil || st != s.OAuthStats() || st.Issued != 1 || st.Authorized != 1 {
		t.Errorf("%s %v", page, err)
	}
	if got := s.Stats(); got.ByPath["/site/oauth2/access_token"] != 1 || got.ByPath["/site/oauth2/authorize"] != 2 {
		t.Errorf("%v", got.ByPath)
	}
	if s.Reset(); s.OAuthStats() != (OAuthStats{}) {
		t.Errorf("after the reset: %+v", s.OAuthStats())
	}
	r, err := http.NewRequest(http.MethodPost, s.URL()+"/2.0/user", nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err = http.DefaultTransport.RoundTrip(r)
	if err != nil || p.StatusCode != 405 {
		t.Error(p, err)
	}
	_, _ = io.Copy(io.Discard, p.Body)
	_ = p.Body.Close()
}
