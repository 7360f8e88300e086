package oauthstore

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestTokenRequestFailures(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	cfg := server.config()
	answer := func(status int, contentType, body string) func(http.ResponseWriter, url.Values) bool {
		return func(w http.ResponseWriter, _ url.Values) bool {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			return true
		}
	}
	for _, tt := range []struct {
		name   string
		answer func(http.ResponseWriter, url.Values) bool
		status int
	}{
		{"HTML", answer(200, "text/html", "<html>hush-refresh-x</html>"), 0},
		{"HTML error", answer(502, "text/html", "<html>hush-refresh-x</html>"), 502},
		{"cut", answer(200, "application/json", `{"access_token":"hush`), 0},
		{"no token", answer(200, "application/json", `{"token_type":"bearer"}`), 0},
		{"wrong types", answer(200, "application/json", `{"access_token":"hush-a","expires_in":"hush"}`), 0},
		{"redirect", func(w http.ResponseWriter, _ url.Values) bool {
			w.Header().Set("Location", "/user")
			w.WriteHeader(307)
			return true
		}, 307},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server.answerBefore(tt.answer)
			_, err := RefreshToken(t.Context(), cfg, "hush-refresh-x")
			var bad *AnswerError
			if !errors.As(err, &bad) || bad.Status != tt.status || strings.Contains(err.Error(), "hush") {
				t.Errorf("%v", err)
			}
		})
	}
	server.answerBefore(nil)

	var refused *TokenError
	cfg.ClientSecret = "hush-wrong"
	if _, err := ClientCredentials(t.Context(), cfg); !errors.As(err, &refused) || refused.Code != "unauthorized_client" || !strings.Contains(err.Error(), "OAuthClientSecret") {
		t.Errorf("wrong secret: %v", err)
	}
	cfg = server.config()
	if _, err := RefreshToken(t.Context(), cfg, ""); !errors.As(err, new(*SignInError)) {
		t.Errorf("no refresh token: %v", err)
	}
	var used *VerifierError
	if _, err := Exchange(t.Context(), cfg, "hush-code/used", ""); !errors.As(err, &used) || !errors.As(err, &refused) || strings.Contains(err.Error(), "hush") {
		t.Errorf("used code: %v", err)
	}

	closed := httptest.NewServer(nil)
	closed.Close()
	cfg.TokenURL = strings.Replace(closed.URL, "//", "//user:hush@", 1) + "/t?x=hush"
	var gone *UnreachableError
	if _, err := RefreshToken(t.Context(), cfg, "hush-refresh-x"); !errors.As(err, &gone) || gone.URL != closed.URL+"/t" || strings.Contains(err.Error(), "hush") {
		t.Errorf("closed: %v", err)
	}
}

func TestScopeNames(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	for _, name := range []string{"scope", "scopes", "other"} {
		server.scopeName = name
		s, err := ClientCredentials(t.Context(), server.config())
		want := "repository pullrequest"
		if name == "other" {
			want = ""
		}
		if err != nil || s.Scope != want || s.Grant != ClientCredentialsGrant || s.RefreshToken != "" {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	if got := scopeText([]any{"a", "b:c"}); got != "a b:c" {
		t.Errorf("list: %q", got)
	}
}

func TestRefreshTokenIsKeptWhenNoneComes(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	server.answerBefore(func(w http.ResponseWriter, _ url.Values) bool {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"a"}`)
		return true
	})
	s, err := RefreshToken(t.Context(), server.config(), "kept")
	if err != nil || s.RefreshToken != "kept" || !s.Expiry.IsZero() {
		t.Errorf("%v, %v", s, err)
	}
}

func TestAuthorizationURL(t *testing.T) {
	u, err := url.Parse(AuthorizationURL(Config{ClientID: "id", ClientSecret: "hush", CallbackURL: "http://localhost:33333", Scope: "repository account"}, "st", "verifier"))
	if err != nil {
		t.Fatal(err)
	}
	if u.Host != "bitbucket.org" || u.Path != "/site/oauth2/authorize" {
		t.Errorf("%v", u)
	}
	want := "client_id=id&code_challenge=iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ&code_challenge_method=S256" +
		"&redirect_uri=http%3A%2F%2Flocalhost%3A33333&response_type=code&scope=repository+account&state=st"
	if got := u.Query().Encode(); got != want {
		t.Errorf("query\n%s, want\n%s", got, want)
	}
}

func TestParseRedirect(t *testing.T) {
	for _, tt := range []struct{ text, code, state string }{
		{"abc123", "abc123", ""},
		{"  \"abc=123\" \n", "abc=123", ""},
		{"http://localhost:33333/?code=a%2Fb&state=s", "a/b", "s"},
		{"http://localhost:33333?state=s&code=ab", "ab", "s"},
		{"http://localhost:33333/?code=abc\n   def&state=s#frag", "abcdef", "s"},
		{"<http://127.0.0.1:1/x?code=ab>", "ab", ""},
		{"?code=ab&state=s", "ab", "s"},
		{"code=ab", "ab", ""},
	} {
		if code, state, err := ParseRedirect(tt.text); err != nil || code != tt.code || state != tt.state {
			t.Errorf("%q: %q, %q, %v", tt.text, code, state, err)
		}
	}
	for _, text := range []string{"", " \n", "http://localhost:33333/", "?state=hush", "http://localhost/?code=", "?code=%zzhush", "https://bitbucket.org/site/oauth2/authorize?client_id=x"} {
		if code, _, err := ParseRedirect(text); !errors.Is(err, ErrNoCode) || code != "" || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %q, %v", text, code, err)
		}
	}
	var denied *DeniedError
	if _, state, err := ParseRedirect("http://localhost:33333/?error=access_denied&error_description=no+way&state=s"); !errors.As(err, &denied) || state != "s" || denied.Description != "no way" {
		t.Errorf("%v", err)
	}
	if err := CheckState("a", "a"); err != nil {
		t.Error(err)
	}
	if err := CheckState("a", ""); !errors.As(err, new(*StateError)) {
		t.Error(err)
	}
}

func FuzzParseRedirect(f *testing.F) {
	f.Add("http://localhost:33333/?code=a&state=s")
	f.Add("code")
	f.Fuzz(func(t *testing.T, text string) {
		if code, _, err := ParseRedirect(text); (code == "") != (err != nil) {
			t.Errorf("%q: %q, %v", text, code, err)
		}
	})
}
