package thirdparty

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"image/png"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/port"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// These tests sign in as a person at a desk does: a real browser shows Bitbucket's page, a button is clicked, and Bitbucket
// leads the browser back to the driver.

// startSignIn starts a Bitbucket with a consumer whose callback is at a host.
func startSignIn(t *testing.T, host string) (fake *bitbucketfake.Server, callback string) {
	t.Helper()
	callback = "http://" + net.JoinHostPort(host, port.Reserve(t))
	config := small
	config.VerifyPKCE = true
	config.OAuth = []bitbucketfake.Consumer{{Key: "key1", Secret: "hush-client", CallbackURL: callback}}
	return startFake(t, config), callback
}

// openBrowsing opens a database whose sign-in is shown by a browser.
func openBrowsing(t *testing.T, dsn string, browser func(string) error) *sql.DB {
	t.Helper()
	config, err := driver.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	connector, err := driver.NewConnector(config, driver.WithBrowser(browser))
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// settings is a place for OAuth settings that nobody has signed in at.
func settings(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "OAuthSettings.json")
}

func countRepositories(t *testing.T, db *sql.DB) {
	t.Helper()
	if got := run(t, db, "SELECT count(*) FROM Repositories")[0][0]; got != int64(small.Repositories) {
		t.Errorf("%v repositories", got)
	}
}

// checkLastPage checks the page that ends a sign-in: it says what it should, and shows and loads nothing else.
func checkLastPage(t *testing.T, page shown, status int64, title, text string) {
	t.Helper()
	if page.status != status || page.title != title || !strings.Contains(page.text, text) {
		t.Errorf("HTTP %d, title %q:\n%s\nwant HTTP %d, %q and %q", page.status, page.title, page.text, status, title, text)
	}
	if !strings.HasPrefix(page.text, title) || !strings.HasSuffix(strings.TrimSpace(page.text), "You can close this page.") {
		t.Errorf("the page says\n%s", page.text)
	}
	at, err := url.Parse(page.address)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"code", "state"} {
		if secret := at.Query().Get(name); secret != "" && strings.Contains(page.html, secret) {
			t.Errorf("the page holds the %s:\n%s", name, page.html)
		}
	}
	if strings.Contains(page.html, "hush") {
		t.Errorf("the page holds a secret:\n%s", page.html)
	}
	if page.leading > 0 {
		t.Errorf("%d elements of the page lead elsewhere:\n%s", page.leading, page.html)
	}
	for name, want := range map[string]string{
		"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
	} {
		if got := page.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	checkPicture(t, page.picture)
}

// checkPicture checks that a page is dark text on a light ground, and keeps its picture: go test -artifacts shows where.
func checkPicture(t *testing.T, picture []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "page.png"), picture, 0o600); err != nil {
		t.Error(err)
	}
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	dark, light := 0, 0
	for y := range decoded.Bounds().Dy() {
		for x := range decoded.Bounds().Dx() {
			switch r, g, b, _ := decoded.At(x, y).RGBA(); {
			case r+g+b < 0x6000:
				dark++
			case r+g+b > 3*0xF000:
				light++
			}
		}
	}
	if dark < 100 || light < 10*dark {
		t.Errorf("the picture has %d dark and %d light points", dark, light)
	}
}

// A click on Allow is all that a person does: tokens, the query that needed them, and every later connection follow from it.
func TestBrowserAllows(t *testing.T) {
	for _, host := range []string{"localhost", "127.0.0.1"} {
		t.Run(host, func(t *testing.T) {
			browser := startChromium(t)
			fake, callback := startSignIn(t, host)
			file := settings(t)
			var asked url.Values
			show, user := browser.answers("allow", func(page string) (string, error) {
				u, err := url.Parse(page)
				asked = u.Query()
				return page, err
			})
			db := openBrowsing(t, fake.OAuthDSN()+";InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation="+file, show)
			countRepositories(t, db)
			checkLastPage(t, user.ends(t), http.StatusOK, "You are signed in to Bitbucket", "")
			if asked.Get("code_challenge_method") != "S256" || len(asked.Get("code_challenge")) != 43 || len(asked.Get("state")) < 22 {
				t.Errorf("the browser was sent with %v", asked)
			}
			home, err := url.Parse(fake.URL())
			if err != nil {
				t.Fatal(err)
			}
			for _, asked := range browser.hosts() {
				if asked != home.Host && "http://"+asked != callback {
					t.Errorf("the browser asked %s", asked)
				}
			}
			if s := fake.OAuthStats(); s.Authorized != 1 || s.Issued != 1 || s.Refused != 0 {
				t.Errorf("%+v", s)
			}

			// What is not about signing in is the address of this server alone.
			later := openBrowsing(t, "Workspace=acme;BaseURL="+fake.URL()+"/2.0;InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation="+file,
				func(string) error { return errors.New("the browser is opened again") })
			countRepositories(t, later)
			fake.ExpireAccessTokens()
			countRepositories(t, later)
			countRepositories(t, db)
			if s := fake.OAuthStats(); s.Authorized != 1 || s.Refreshed != 1 {
				t.Errorf("later: %+v", s)
			}
		})
	}
}

// The program that $BROWSER names shows the page to whoever opens a database by its name alone.
func TestBrowserOfEnvironment(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	profile, show := profileDirectory(t), filepath.Join(t.TempDir(), "browser")
	script := fmt.Sprintf(`#!/bin/sh
'%s' --%s --remote-debugging-port=0 --user-data-dir='%s' "$1" &
echo $! > "$0.pid"
wait
echo > "$0.ended"
`, findChromium(t), strings.Join(chromiumFlags, " --"), profile)
	if err := os.WriteFile(show, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BROWSER", show)
	fake, _ := startSignIn(t, "localhost")
	user := make(chan shown, 1)
	go func() {
		defer close(user)
		browser := attach(t, profile, fake.AuthorizeURL())
		if browser == nil {
			return
		}
		page, err := browser.press("allow")
		if err != nil {
			t.Errorf("in the browser: %v", err)
		}
		user <- page
		if err := quit(show); err != nil {
			t.Errorf("the browser does not quit: %v", err)
		}
	}()
	db, err := sql.Open("bitbucket", fake.OAuthDSN()+";InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation="+settings(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	countRepositories(t, db)
	checkLastPage(t, <-user, http.StatusOK, "You are signed in to Bitbucket", "")
	for range user { // until the browser has ended
		t.Error("a second page")
	}
}

// quit ends the browser that a script runs, and waits for the script.
func quit(script string) error {
	text, err := wait(script + ".pid")
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(text)
	if err != nil {
		return err
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	if err := process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	_, err = wait(script + ".ended")
	return err
}

// The browser is on another machine, where nobody listens for its answer: the person copies the address from its error page.
func TestBrowserElsewhere(t *testing.T) {
	browser := startChromium(t)
	for _, procedure := range []bool{false, true} {
		fake, callback := startSignIn(t, "localhost")
		off := openBrowsing(t, fake.OAuthDSN(), func(string) error { return errors.New("the browser is opened") })
		page, _ := run(t, off, "EXEC GetOAuthAuthorizationURL @State = 'mine'")[0][0].(string)
		if status, err := browser.open(page); err != nil || status != http.StatusOK {
			t.Fatalf("the page of the sign-in: HTTP %d, %v", status, err)
		}
		if page, err := browser.press("allow"); err == nil {
			t.Errorf("somebody listens at the callback:\n%s", page.text)
		}
		address := browser.address(t, callback)
		properties := ";InitiateOAuth=REFRESH;OAuthVerifier='" + address + "';OAuthSettingsLocation=" + settings(t)
		if procedure { // as a web application does
			tokens := run(t, off, "EXEC GetOAuthAccessToken @AuthMode = 'WEB', @Verifier = ?, @State = 'mine'", address)[0]
			properties = fmt.Sprintf(";OAuthAccessToken='%s'", tokens[0])
		}
		db := openBrowsing(t, fake.OAuthDSN()+properties, func(string) error { return errors.New("the browser is opened") })
		countRepositories(t, db)
		if s := fake.OAuthStats(); s.Authorized != 1 || s.Issued != 1 || s.Refused != 0 {
			t.Errorf("%+v", s)
		}
	}
}

// The procedure shows the page as a connection does, and returns the tokens.
func TestBrowserOfProcedure(t *testing.T) {
	browser := startChromium(t)
	fake, _ := startSignIn(t, "127.0.0.1")
	show, user := browser.answers("allow", nil)
	tokens := run(t, openBrowsing(t, fake.OAuthDSN(), show), "EXEC GetOAuthAccessToken @AuthMode = 'APP', @Scope = 'repository'")[0]
	checkLastPage(t, user.ends(t), http.StatusOK, "You are signed in to Bitbucket", "")
	db, err := sql.Open("bitbucket", fmt.Sprintf("%s;OAuthAccessToken='%s'", fake.OAuthDSN(), tokens[0]))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	countRepositories(t, db)
	if _, err := collect(t.Context(), db, "SELECT * FROM CurrentUser"); !errors.Is(err, driver.ErrMissingScope) {
		t.Errorf("a token for repositories alone reads the user: %v", err)
	}
}

// What a person can do otherwise gives an error of its type, a page that says so, and no token.
func TestBrowserRefuses(t *testing.T) {
	browser := startChromium(t)
	for _, test := range []struct {
		name, button, text string
		change             func(url.Values)
		is                 func(error) bool
	}{
		{"denied", "deny", "access was denied in the browser", nil, func(err error) bool {
			denied, ok := errors.AsType[*driver.DeniedError](err)
			return ok && denied.Code == "access_denied"
		}},
		{
			"another state", "allow", "another state", func(q url.Values) { q.Set("state", "forged") },
			func(err error) bool { return errors.As(err, new(*driver.StateError)) },
		},
		{
			"no state", "allow", "another state", func(q url.Values) { q.Del("state") },
			func(err error) bool { return errors.As(err, new(*driver.StateError)) },
		},
		{
			"another challenge", "allow", "the verifier", func(q url.Values) { q.Set("code_challenge", strings.Repeat("A", 43)) },
			func(err error) bool { return errors.As(err, new(*driver.VerifierError)) },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			fake, _ := startSignIn(t, "127.0.0.1")
			show, user := browser.answers(test.button, func(page string) (string, error) {
				u, err := url.Parse(page)
				if err == nil && test.change != nil {
					q := u.Query()
					test.change(q)
					u.RawQuery = q.Encode()
				}
				return u.String(), err
			})
			location := settings(t)
			db := openBrowsing(t, fake.OAuthDSN()+";InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation="+location, show)
			_, err := collect(t.Context(), db, "SELECT count(*) FROM Repositories")
			if !test.is(err) {
				t.Errorf("the query: %v", err)
			}
			checkLastPage(t, user.ends(t), http.StatusBadRequest, "The sign-in failed", test.text)
			store, err := oauthstore.Open(location)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.Load(t.Context()); !errors.Is(err, oauthstore.ErrNoSettings) || fake.OAuthStats().Issued != 0 {
				t.Errorf("tokens were made: %v, %+v", err, fake.OAuthStats())
			}
		})
	}
}

// Whatever else reaches the callback's port, before the answer and after it, changes nothing.
func TestBrowserAmongStrangers(t *testing.T) {
	browser := startChromium(t)
	fake, callback := startSignIn(t, "127.0.0.1")
	strangers := func() error {
		for _, path := range []string{"/favicon.ico", "/robots.txt", "/", "/?x=1", "/.well-known/appspecific/com.chrome.devtools.json"} {
			if status, err := browser.open(callback + path); err != nil || status < 400 {
				return fmt.Errorf("%s: HTTP %d, %w", path, status, err)
			}
		}
		for _, first := range []string{"", "\x16\x03\x01\x00\xa5\x01\x00", "SSH-2.0-scan\r\n", "GET / HTTP/1.1\r\nHost: "} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(callback, "http://"))
			if err != nil {
				return err
			}
			t.Cleanup(func() { _ = conn.Close() }) // until then it stays, as those of careless scanners do
			if _, err := conn.Write([]byte(first)); err != nil {
				return err
			}
		}
		answer, err := http.Post(callback+"/?code=x&state=y", "text/plain", nil)
		if err != nil {
			return err
		}
		return answer.Body.Close()
	}
	show, user := browser.answers("allow", func(page string) (string, error) { return page, strangers() })
	db := openBrowsing(t, fake.OAuthDSN()+";InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation="+settings(t), show)
	countRepositories(t, db)
	checkLastPage(t, user.ends(t), http.StatusOK, "You are signed in to Bitbucket", "")
	if _, err := browser.open(callback + "/favicon.ico"); err == nil {
		t.Error("somebody still listens after the sign-in")
	}
	countRepositories(t, db)
	if s := fake.OAuthStats(); s.Authorized != 1 || s.Issued != 1 {
		t.Errorf("%+v", s)
	}
}

// Where nobody can answer no browser is opened, and where nobody does the query ends.
func TestBrowserWithoutAnswer(t *testing.T) {
	browser := startChromium(t)
	fake, callback := startSignIn(t, "127.0.0.1")
	dsn := fake.OAuthDSN() + ";InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation=" + settings(t)

	taken, err := net.Listen("tcp", strings.TrimPrefix(callback, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	db := openBrowsing(t, dsn, func(string) error { return errors.New("the browser is opened") })
	var port *driver.PortError
	if _, err := collect(t.Context(), db, "SELECT count(*) FROM Repositories"); !errors.As(err, &port) || "http://"+port.Address != callback {
		t.Errorf("a taken port: %v", err)
	}
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}

	// The person reads the page, and the patience of the caller ends; the click comes too late.
	ctx, cancel := context.WithCancel(t.Context())
	stare := func(page string) error {
		defer cancel()
		_, err := browser.open(page)
		return err
	}
	if _, err := collect(ctx, openBrowsing(t, dsn, stare), "SELECT count(*) FROM Repositories"); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who gives up: %v", err)
	}
	if page, err := browser.press("allow"); err == nil {
		t.Errorf("a click that comes too late shows\n%s", page.text)
	}
	cfg := oauthstore.Config{
		ClientID: "key1", ClientSecret: "hush-client", AuthURL: fake.AuthorizeURL(), TokenURL: fake.TokenURL(), CallbackURL: callback,
		Timeout: 100 * time.Millisecond,
	}
	var late *driver.SignInTimeoutError
	opened := make(chan struct{})
	open := func(page string) error {
		defer close(opened)
		_, err := browser.open(page)
		return err
	}
	if _, err := oauthstore.Authorize(t.Context(), cfg, open); !errors.As(err, &late) {
		t.Errorf("nobody answers: %v", err)
	}
	<-opened // or the next page would end the loading of this one, and be taken for it
	if s := fake.OAuthStats(); s.Issued != 0 {
		t.Errorf("%+v", s)
	}
	// None of this stands in the way of the next try.
	show, user := browser.answers("allow", nil)
	countRepositories(t, openBrowsing(t, dsn, show))
	checkLastPage(t, user.ends(t), http.StatusOK, "You are signed in to Bitbucket", "")
}
