package driver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// connector makes a connector of the consumer, with a settings file of the test's own.
func (f *oauthFake) connector(t *testing.T, properties string, opts ...Option) *Connector {
	t.Helper()
	config, err := ParseDSN(f.OAuthDSN() + ";" + properties)
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewConnector(config, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// stored returns what the settings file has, and notes the secrets in it.
func (f *oauthFake) stored(t *testing.T, path string) oauthstore.Settings {
	t.Helper()
	store, err := oauthstore.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Load(t.Context())
	if err != nil && !errors.Is(err, oauthstore.ErrNoSettings) {
		t.Fatal(err)
	}
	f.secret(s.AccessToken, s.RefreshToken)
	return s
}

func settingsProperty(t *testing.T) (path, properties string) {
	path = filepath.Join(t.TempDir(), "settings")
	return path, "InitiateOAuth=REFRESH;OAuthSettingsLocation=" + path
}

func TestSignIn(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	path, properties := settingsProperty(t)
	c := f.connector(t, properties, f.browser("allow"))
	status, err := c.Status(t.Context())
	if !errors.As(err, new(*SignInError)) || !errors.Is(err, ErrUnauthorized) || status.AuthScheme != OAuth || status.SettingsLocation != path {
		t.Errorf("before: %+v, %v", status, err)
	}
	for n := 1; n <= 2; n++ { // the second time the tokens still work
		before := f.stored(t, path)
		if err := c.SignIn(t.Context()); err != nil {
			t.Fatal(err)
		}
		if after := f.stored(t, path); after.RefreshToken == "" || after.RefreshToken == before.RefreshToken || int(f.opened.Load()) != n {
			t.Errorf("sign-in %d: the browser was opened %d times", n, f.opened.Load())
		}
	}
	status, err = c.Status(t.Context())
	if err != nil || status.UserName == "" || status.UserUUID == "" || !slices.Contains(status.Scopes, "pullrequest") || status.RateLimit != nil ||
		time.Until(status.TokenExpiresOn) < 50*time.Minute {
		t.Errorf("after: %+v, %v", status, err)
	}
	if deleted, err := c.SignOut(t.Context()); err != nil || !deleted {
		t.Errorf("SignOut: %v, %v", deleted, err)
	}
	if names, _ := filepath.Glob(path + "*"); len(names) != 1 || !strings.HasSuffix(names[0], ".lock") {
		t.Errorf("left behind: %q", names)
	}
	if deleted, err := c.SignOut(t.Context()); err != nil || deleted {
		t.Errorf("SignOut again: %v, %v", deleted, err)
	}
}

func TestSignInFails(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	path, properties := settingsProperty(t)
	err := f.connector(t, properties, f.browser("deny")).SignIn(t.Context())
	if f.checkError(t, err); !errors.As(err, new(*DeniedError)) {
		t.Errorf("denied: %v", err)
	}
	err = f.connector(t, properties, WithBrowser(func(string) error { return oauthstore.ErrNoDisplay })).SignIn(t.Context())
	if f.checkError(t, err); !errors.As(err, new(*BrowserError)) || !errors.Is(err, oauthstore.ErrNoDisplay) {
		t.Errorf("no display: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = f.connector(t, properties, WithBrowser(func(string) error { cancel(); return nil })).SignIn(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	u, _ := url.Parse(f.callback)
	taken, err := net.Listen("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.connector(t, properties, f.browser("allow")).SignIn(t.Context()); !errors.As(err, new(*PortError)) {
		t.Errorf("a taken port: %v", err)
	}
	_ = taken.Close()
	for _, other := range []string{"InitiateOAuth=OFF", "AuthScheme=OAuthClient;" + properties} {
		_, start := f.connector(t, other).StartRemoteSignIn(t.Context())
		for _, err := range []error{start, f.connector(t, other).SignIn(t.Context())} {
			if !errors.As(err, new(*ConfigError)) {
				t.Errorf("%s: %v", other, err)
			}
		}
	}
	if _, err := f.connector(t, "InitiateOAuth=OFF").SignOut(t.Context()); !errors.As(err, new(*ConfigError)) {
		t.Errorf("SignOut: %v", err)
	}
	// Nothing says who the consumer is.
	config, err := ParseDSN(properties)
	if err != nil {
		t.Fatal(err)
	}
	bare, err := NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	defer bare.Close()
	if err := bare.SignIn(t.Context()); !errors.As(err, new(*ConfigError)) || !strings.Contains(err.Error(), "OAuthClientId") {
		t.Errorf("without a consumer: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("settings were saved")
	}
	// Settings of another consumer stay.
	store, _ := oauthstore.Open(path)
	if err := store.Save(t.Context(), oauthstore.Settings{ClientID: "other", AccessToken: "a"}); err != nil {
		t.Fatal(err)
	}
	opened := f.opened.Load()
	err = f.connector(t, properties, f.browser("allow")).SignIn(t.Context())
	if !errors.As(err, new(*ClientError)) || f.opened.Load() != opened || f.stored(t, path).AccessToken != "a" {
		t.Errorf("another consumer's settings: %v", err)
	}
}

func TestRemoteSignIn(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{VerifyPKCE: true})
	path, properties := settingsProperty(t)
	c := f.connector(t, properties, WithBrowser(func(string) error { t.Error("a browser was opened"); return nil }))
	start := func() *RemoteSignIn {
		t.Helper()
		r, err := c.StartRemoteSignIn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := start()
	to, err := f.press(r.URL, "allow")
	if err != nil {
		t.Fatal(err)
	}
	other, err := f.press(start().URL, "allow")
	if err != nil {
		t.Fatal(err)
	}
	for text, target := range map[string]any{other: new(*StateError), to + "&error=access_denied": new(*DeniedError)} {
		err := r.Finish(t.Context(), text)
		if f.checkError(t, err); !errors.As(err, target) {
			t.Errorf("%T: got %v", target, err)
		}
	}
	if err := r.Finish(t.Context(), " \n"); !errors.Is(err, ErrNoOAuthCode) {
		t.Errorf("nothing pasted: %v", err)
	}
	if f.stored(t, path).AccessToken != "" || f.OAuthStats().Issued != 0 {
		t.Error("tokens were got")
	}
	if err := r.Finish(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if f.stored(t, path).RefreshToken == "" {
		t.Error("nothing was saved")
	}
	err = r.Finish(t.Context(), to)
	if f.checkError(t, err); !errors.As(err, new(*VerifierError)) {
		t.Errorf("a second time: %v", err)
	}
	// The code alone, as some browsers show it.
	r = start()
	if to, err = f.press(r.URL, "allow"); err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(to)
	if err := r.Finish(t.Context(), u.Query().Get("code")); err != nil {
		t.Errorf("the code alone: %v", err)
	}
	// Settings that cannot be saved are the user's business.
	r = start()
	if to, err = f.press(r.URL, "allow"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = r.Finish(t.Context(), to)
	if f.checkError(t, err); !errors.As(err, new(*SaveError)) || !errors.As(err, new(*SettingsError)) {
		t.Errorf("damaged settings: %v", err)
	}
	if deleted, err := c.SignOut(t.Context()); err != nil || !deleted {
		t.Errorf("SignOut of damaged settings: %v, %v", deleted, err)
	}
}

// TestPanicOfSignIn has the caller's browser panic, and its transport with the request that it was to send for a token.
func TestPanicOfSignIn(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	_, properties := settingsProperty(t)
	var opening *BrowserError
	var caught *PanicError
	err := f.connector(t, properties, WithBrowser(func(string) error { panic("no screen") })).SignIn(t.Context())
	if f.checkError(t, err); !errors.As(err, &opening) || !errors.As(err, &caught) {
		t.Errorf("a browser: %v, want a panic's", err)
	}
	// Without a Timeout, for which net/http would keep a goroutine.
	db := f.open(t, "AuthScheme=OAuthClient;Timeout=0;OAuthSettingsLocation="+newMemory(), WithTransport(wire(func(r *http.Request) (*http.Response, error) { panic(r) })))
	for range 2 {
		err := queryAll(t, db, "SELECT Slug FROM Repositories")
		if f.checkError(t, err); !errors.As(err, &caught) || caught.Value != "a value of type *http.Request" {
			t.Errorf("a transport: %v, want a panic's", err)
		}
	}
	if log := f.log.String(); !strings.Contains(log, "msg=panic") || !strings.Contains(log, "signin_test.go") {
		t.Error("the log does not tell where the panics were")
	}
}

// wire is a transport.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }
