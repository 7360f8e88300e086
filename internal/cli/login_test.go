package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/adrg/xdg"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/port"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// ownHome gives the test profiles and OAuth settings of its own.
func ownHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	xdg.Reload()
	t.Cleanup(xdg.Reload)
	return home
}

// newOAuthFake is a server with a consumer, and a connection string that signs in at it.
func newOAuthFake(t *testing.T) (server *bitbucketfake.Server, dsn, callback string) {
	t.Helper()
	callback = "127.0.0.1:" + port.Reserve(t)
	config := bitbucketfake.Config{
		Workspace: "acme", Token: "demo", VerifyPKCE: true,
		OAuth: []bitbucketfake.Consumer{{Key: "demo-key", Secret: fakeSecret, CallbackURL: "http://" + callback}},
	}
	server, _ = newFake(t, config)
	dsn, err := fakeOAuthDSN(server, config)
	if err != nil {
		t.Fatal(err)
	}
	return server, dsn, callback
}

// noSecrets says that what a command wrote shows none of the secrets that are kept.
func noSecrets(t *testing.T, s *session) {
	t.Helper()
	store, err := oauthstore.Open("")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := store.Load(t.Context())
	if err != nil && !errors.Is(err, oauthstore.ErrNoSettings) {
		t.Fatal(err)
	}
	// Random letters of the page's address may spell hush, but no dot.
	for _, secret := range []string{fakeSecret, "hush.", kept.AccessToken, kept.RefreshToken} {
		if secret != "" && strings.Contains(s.out.String()+s.err.String(), secret) {
			t.Errorf("a secret shows: stdout %q, stderr %q", s.out.String(), s.err.String())
		}
	}
}

// remote is a person who opens the page that login --headless prints elsewhere, and answers with what paste makes of where the
// browser ends.
type remote struct {
	t     *testing.T
	paste []func(to *url.URL) string
	page  chan string
	lines *bufio.Reader
}

// Write takes the page.
func (r *remote) Write(p []byte) (int, error) {
	if page := strings.TrimSpace(string(p)); strings.HasPrefix(page, "http") {
		r.page <- page
	}
	return len(p), nil
}

// Read gives the answers, once there is a page.
func (r *remote) Read(p []byte) (int, error) {
	if r.lines == nil {
		to, err := bitbucketfake.SignIn(r.t.Context(), <-r.page, true)
		if err != nil {
			return 0, err
		}
		u, err := url.Parse(to)
		if err != nil {
			return 0, err
		}
		var text strings.Builder
		for _, paste := range r.paste {
			text.WriteString(paste(u) + "\n")
		}
		r.lines = bufio.NewReader(strings.NewReader(text.String()))
	}
	return r.lines.Read(p)
}

func whole(to *url.URL) string    { return to.String() }
func codeOnly(to *url.URL) string { return to.Query().Get("code") }
func foreign(to *url.URL) string {
	return "http://" + to.Host + "/?state=other&code=" + to.Query().Get("code")
}
func nothing(*url.URL) string { return "" }

func TestLoginHeadless(t *testing.T) {
	for name, test := range map[string]struct {
		paste    []func(*url.URL) string
		terminal bool
		code     int
		stderr   string
	}{
		"address":                {[]func(*url.URL) string{whole}, false, exitOK, "Open this page in a browser on any machine"},
		"code":                   {[]func(*url.URL) string{codeOnly}, false, exitOK, ""},
		"another state":          {[]func(*url.URL) string{foreign}, false, exitError, "has another state"},
		"no code":                {[]func(*url.URL) string{nothing, whole}, false, exitError, "no code in what was pasted"},
		"a person tries again":   {[]func(*url.URL) string{nothing, foreign, whole}, true, exitOK, "has another state"},
		"a person gives up":      {[]func(*url.URL) string{nothing}, true, exitUsage, "standard input ended"},
		"a code that is no code": {[]func(*url.URL) string{func(*url.URL) string { return "hush.code" }, whole}, true, exitAuth, "belongs to another consumer"},
	} {
		t.Run(name, func(t *testing.T) {
			ownHome(t)
			server, dsn, _ := newOAuthFake(t)
			s := newSession("")
			person := &remote{t: t, paste: test.paste, page: make(chan string, 1)}
			s.In, s.Out = person, io.MultiWriter(&s.out, person)
			if test.terminal {
				s.ReadSecret = func(context.Context) (string, error) { return "", errors.New("no secret is asked for") }
			}
			s.env[dsnVariable] = dsn
			code := Run(t.Context(), []string{"login", "--headless"}, &s.IO)
			if code != test.code || !strings.Contains(s.err.String(), test.stderr) {
				t.Errorf("exit code %d, want %d; stderr %q", code, test.code, s.err.String())
			}
			if signedIn := strings.Contains(s.out.String(), "Signed in as Ada Lindqvist."); signedIn != (code == exitOK) {
				t.Errorf("stdout %q", s.out.String())
			}
			if issued := server.OAuthStats().Issued; (issued == 1) != (code == exitOK) {
				t.Errorf("%d tokens were issued", issued)
			}
			noSecrets(t, s)
		})
	}
}

// A browser elsewhere may end at any address that the consumer has, not only on this machine.
func TestLoginHeadlessWithForeignCallback(t *testing.T) {
	ownHome(t)
	config := bitbucketfake.Config{
		Workspace: "acme", OAuth: []bitbucketfake.Consumer{{Key: "demo-key", Secret: fakeSecret, CallbackURL: "https://example.com/back"}},
	}
	server, _ := newFake(t, config)
	dsn, err := fakeOAuthDSN(server, config)
	if err != nil {
		t.Fatal(err)
	}
	s := newSession("")
	person := &remote{t: t, paste: []func(*url.URL) string{whole}, page: make(chan string, 1)}
	s.In, s.Out = person, io.MultiWriter(&s.out, person)
	if code := Run(t.Context(), []string{"login", "--headless", "--dsn", dsn}, &s.IO); code != exitOK {
		t.Errorf("exit code %d, stderr %q", code, s.err.String())
	}
	noSecrets(t, s)
}

func TestLoginWithTakenPort(t *testing.T) {
	ownHome(t)
	_, dsn, callback := newOAuthFake(t)
	taken, err := net.Listen("tcp", callback)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	s := newSession("")
	s.env[dsnVariable] = dsn
	if code := Run(t.Context(), []string{"login"}, &s.IO); code != exitError || !strings.Contains(s.err.String(), "cannot listen on "+callback) {
		t.Errorf("exit code %d, stderr %q", code, s.err.String())
	}
}

// The consumer is asked for, its secret without an echo, and the settings know it from then on.
func TestLoginAsksForConsumer(t *testing.T) {
	ownHome(t)
	_, dsn, _ := newOAuthFake(t)
	c, err := driver.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	c.OAuthClientId, c.OAuthClientSecret = "", ""
	asked := 0
	login := func(typed string) *session {
		t.Helper()
		s := newSession("")
		person := &remote{t: t, paste: []func(*url.URL) string{whole}, page: make(chan string, 1)}
		s.In, s.Out = io.MultiReader(strings.NewReader(typed), person), io.MultiWriter(&s.out, person)
		s.ReadSecret = func(context.Context) (string, error) { asked++; return fakeSecret, nil }
		if code := Run(t.Context(), []string{"login", "--headless", "--dsn", c.FormatDSN()}, &s.IO); code != exitOK {
			t.Fatalf("exit code %d, stderr %q", code, s.err.String())
		}
		noSecrets(t, s)
		return s
	}
	if s := login("demo-key\n"); !strings.Contains(s.err.String(), "Key of the OAuth consumer: Secret of the OAuth consumer: \n") {
		t.Errorf("stderr %q", s.err.String())
	}
	if s := login(""); strings.Contains(s.err.String(), "Key of the OAuth consumer") || asked != 1 {
		t.Errorf("it was asked %d times for the secret; stderr %q", asked, s.err.String())
	}
}

func TestStatusOfRevokedGrant(t *testing.T) {
	home := ownHome(t)
	server, dsn, _ := newOAuthFake(t)
	s := newSession("")
	person := &remote{t: t, paste: []func(*url.URL) string{whole}, page: make(chan string, 1)}
	s.In, s.Out = person, io.MultiWriter(&s.out, person)
	s.env[dsnVariable] = dsn
	if code := Run(t.Context(), []string{"login", "--headless"}, &s.IO); code != exitOK {
		t.Fatalf("exit code %d, stderr %q", code, s.err.String())
	}
	// Expired tokens are renewed by it.
	server.ExpireAccessTokens()
	status := newSession("")
	status.env = s.env
	if code := Run(t.Context(), []string{"status"}, &status.IO); code != exitOK || !strings.Contains(status.out.String(), "Ada Lindqvist") {
		t.Errorf("after expiry: exit code %d, %q %q", code, status.out.String(), status.err.String())
	}
	noSecrets(t, status)
	server.RevokeAll()
	for _, format := range []string{"text", "json"} {
		status = newSession("")
		status.env = s.env
		code := Run(t.Context(), []string{"status", "--format", format}, &status.IO)
		if code != exitAuth || !strings.Contains(status.err.String(), "bitbucketsql login") || strings.Contains(status.out.String(), "Ada") {
			t.Errorf("%s: exit code %d, %q %q", format, code, status.out.String(), status.err.String())
		}
		if shown := strings.Contains(status.out.String(), filepath.Join(home, "bitbucketsql", "OAuthSettings.json")); shown != (format == "text") {
			t.Errorf("%s: %q", format, status.out.String())
		}
		noSecrets(t, status)
	}
}

// Where no browser opens, though there could be one, the page can still be opened by hand. Where there is no display nobody waits.
func TestLoginWithoutBrowser(t *testing.T) {
	ownHome(t)
	_, dsn, _ := newOAuthFake(t)
	t.Setenv("BROWSER", "/nonexistent/browser")
	s := newSession("")
	s.env[dsnVariable] = dsn
	s.Err = writerFunc(func(p []byte) {
		s.err.Write(p)
		if !strings.Contains(string(p), "open the page yourself") {
			return
		}
		_, page, _ := strings.Cut(s.err.String(), "\n\n")
		page, _, _ = strings.Cut(page, "\n")
		to, err := bitbucketfake.SignIn(t.Context(), page, true)
		if err != nil {
			t.Error(err)
			return
		}
		go func() {
			if answer, err := http.Get(to); err == nil {
				_ = answer.Body.Close()
			}
		}()
	})
	if code := Run(t.Context(), []string{"login"}, &s.IO); code != exitOK || !strings.Contains(s.out.String(), "Signed in as Ada Lindqvist.") {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, s.out.String(), s.err.String())
	}
	noSecrets(t, s)

	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return
	}
	for _, name := range []string{"BROWSER", "DISPLAY", "WAYLAND_DISPLAY"} {
		t.Setenv(name, "")
	}
	none := newSession("")
	none.env[dsnVariable] = dsn
	if code := Run(t.Context(), []string{"login"}, &none.IO); code != exitError || !strings.Contains(none.err.String(), "has no display") ||
		strings.Contains(none.err.String(), "browser opens") {
		t.Errorf("exit code %d, stderr %q", code, none.err.String())
	}

	// A person is asked to sign in elsewhere.
	asked := newSession("")
	person := &remote{t: t, paste: []func(*url.URL) string{whole}, page: make(chan string, 1)}
	asked.In, asked.Out = person, io.MultiWriter(&asked.out, person)
	asked.ReadSecret = func(context.Context) (string, error) { return "", errors.New("no secret is asked for") }
	asked.env[dsnVariable] = dsn
	if code := Run(t.Context(), []string{"login"}, &asked.IO); code != exitOK || !strings.Contains(asked.err.String(), "sign in with one elsewhere") {
		t.Errorf("exit code %d, stderr %q", code, asked.err.String())
	}
	noSecrets(t, asked)
}

// A script that brings no consumer is told how to.
func TestLoginWithoutConsumer(t *testing.T) {
	ownHome(t)
	s := newSession("key\n")
	if code := Run(t.Context(), []string{"login"}, &s.IO); code != exitUsage || !strings.Contains(s.err.String(),
		"error: standard input ended before the answer to: Secret of the OAuth consumer; a connection brings it as OAuthClientId and OAuthClientSecret") {
		t.Errorf("exit code %d, stderr %q", code, s.err.String())
	}
}
