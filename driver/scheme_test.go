package driver

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// Each scheme sends its credential as Bitbucket reads it: in the header, and nowhere else.
func TestSchemesSend(t *testing.T) {
	asked := make(chan *http.Request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"access_token":"hush-made==","token_type":"bearer","expires_in":3600}`))
			return
		}
		asked <- r
		_, _ = w.Write([]byte(`{"size":3,"values":[]}`))
	}))
	defer server.Close()
	basic := new(http.Request)
	basic.Header = http.Header{}
	basic.SetBasicAuth("me@example.com", "hush-api")
	for _, test := range []struct{ properties, header string }{
		{"AccessToken=hush-access", "Bearer hush-access"},
		{"AuthScheme=AccessToken;AccessToken='hush-access=='", "Bearer hush-access=="},
		{"User=me@example.com;APIToken=hush-api", basic.Header.Get("Authorization")},
		{"OAuthAccessToken=hush-oauth", "Bearer hush-oauth"},
		{"InitiateOAuth=REFRESH;OAuthAccessToken=hush-oauth;OAuthSettingsLocation=" + newMemory(), "Bearer hush-oauth"},
		{"AuthScheme=OAuthClient;OAuthClientId=key1;OAuthClientSecret=hush;OAuthAccessTokenURL=" + server.URL + "/token", "Bearer hush-made=="},
		{"AuthScheme=None", ""},
		{"AuthScheme=None;User=me@example.com;APIToken=hush-api", ""},
	} {
		db := openDSN(t, "Workspace=w;BaseURL="+server.URL+";"+test.properties)
		if err := queryAll(t, db, "SELECT count(*) FROM Repositories"); err != nil {
			t.Errorf("%s: %v", test.properties, err)
			continue
		}
		r := <-asked
		if got := r.Header.Values("Authorization"); strings.Join(got, "|") != test.header {
			t.Errorf("%s sends %q, want %q", test.properties, got, test.header)
		}
		r.Header.Del("Authorization")
		if rest := fmt.Sprint(r.URL, r.Header); strings.Contains(rest, "hush") {
			t.Errorf("%s sends its secret in %s", test.properties, rest)
		}
	}
}

// Without a credential an address has 60 requests an hour, which is told when they are used up.
func TestNoneIsLimited(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{Public: true, AnonymousLimit: 2})
	db := openDSN(t, fmt.Sprintf("Workspace=acme;AuthScheme=None;BaseURL=%s/2.0", fake.URL()))
	for range 2 {
		if err := queryAll(t, db, "SELECT count(*) FROM Repositories"); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := contextSoon(t)
	defer cancel()
	_, err := db.QueryContext(ctx, "SELECT count(*) FROM Repositories")
	if !errors.Is(err, ErrRateLimited) {
		t.Errorf("the third request: %v", err)
	}
}

// What is not public cannot be read without a credential, and the error says which there are rather than to check one.
func TestNoneIsRefused(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fmt.Sprintf("Workspace=acme;AuthScheme=None;BaseURL=%s/2.0", fake.URL()))
	err := queryAll(t, db, "SELECT count(*) FROM Repositories")
	var answer *APIError
	if !errors.Is(err, ErrUnauthorized) || !errors.As(err, &answer) || !answer.Anonymous || !strings.Contains(err.Error(), "this is not public: set AuthScheme to APIToken") {
		t.Errorf("without a credential: %v", err)
	}
}

// What the connection brings for the driver to use, it uses with InitiateOAuth only, and the error says so.
func TestOffUsesNoVerifier(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	for given, want := range map[string]string{
		"OAuthVerifier=hush-verifier":    "leaves OAuthVerifier to the procedure GetOAuthAccessToken: set InitiateOAuth to REFRESH",
		"OAuthRefreshToken=hush-refresh": "makes no use of OAuthRefreshToken: set InitiateOAuth to REFRESH",
		"":                               "InitiateOAuth is OFF; sign in again",
	} {
		err := queryAll(t, f.open(t, given), "SELECT count(*) FROM Repositories")
		if !errors.As(err, new(*SignInError)) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v, want %q", given, err, want)
		}
	}
}

// Where there is no display the statement says so, and how to sign in without one.
func TestNoDisplay(t *testing.T) {
	for _, name := range []string{"BROWSER", "DISPLAY", "WAYLAND_DISPLAY"} {
		t.Setenv(name, "")
	}
	f := startOAuth(t, bitbucketfake.Config{})
	db := f.open(t, "InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation="+newMemory())
	var none *BrowserError
	err := queryAll(t, db, "SELECT Slug FROM Repositories")
	if !errors.Is(err, oauthstore.ErrNoDisplay) || !errors.As(err, &none) || !strings.Contains(err.Error(), "OAuthVerifier") {
		t.Errorf("no display: %v", err)
	}
}
