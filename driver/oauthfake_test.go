package driver

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/port"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// oauthFake is a Bitbucket with an OAuth consumer, and a browser whose user presses a button.
type oauthFake struct {
	*bitbucketfake.Server
	callback string
	opened   atomic.Int32
	log      safeBuffer
	secrets  struct {
		sync.Mutex
		list []string
	}
}

// safeBuffer is a buffer for loggers.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func startOAuth(t *testing.T, config bitbucketfake.Config) *oauthFake {
	t.Helper()
	callback := "http://127.0.0.1:" + port.Reserve(t)
	config.OAuth = []bitbucketfake.Consumer{{Key: "key1", Secret: "hush-client", CallbackURL: callback, Private: true}}
	f := &oauthFake{Server: startFake(t, config), callback: callback}
	f.secret("hush-client")
	// Nothing that a test has ever logged shows a secret.
	t.Cleanup(func() {
		secretscan.Text("log", f.log.String())
		f.secrets.Lock()
		defer f.secrets.Unlock()
		for _, s := range f.secrets.list {
			if strings.Contains(f.log.String(), s) || strings.Contains(f.log.String(), url.QueryEscape(s)) {
				t.Errorf("a secret is in the log")
			}
		}
	})
	return f
}

// secret notes what must never show.
func (f *oauthFake) secret(s ...string) {
	f.secrets.Lock()
	defer f.secrets.Unlock()
	for _, s := range s {
		if s != "" {
			f.secrets.list = append(f.secrets.list, s)
			secretscan.Plant("of a test of OAuth", s)
		}
	}
}

// newMemory is a place for OAuth settings in this process that no other test, nor another run of the same, has.
func newMemory() string { return "memory://" + rand.Text() }

// checkError says that an error shows no secret.
func (f *oauthFake) checkError(t *testing.T, err error) {
	t.Helper()
	f.secrets.Lock()
	defer f.secrets.Unlock()
	for _, s := range f.secrets.list {
		for e := err; e != nil; e = errors.Unwrap(e) {
			if shown := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(shown, s) {
				t.Errorf("a secret shows in %s", strings.ReplaceAll(shown, s, "<SECRET>"))
			}
		}
	}
}

// press opens the page of a sign-in, presses a button, and returns the address that the browser is sent to.
func (f *oauthFake) press(page, action string) (string, error) {
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.PostForm(page, url.Values{"action": {action}})
	if err != nil {
		return "", err
	}
	_ = resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		return "", fmt.Errorf("%s: %w", resp.Status, err)
	}
	f.secret(to.Query().Get("code"))
	return to.String(), nil
}

// browser is a browser whose user presses the button.
func (f *oauthFake) browser(action string) Option {
	return WithBrowser(func(page string) error { return f.browse(page, action) })
}

// browse presses the button and follows to where the driver listens.
func (f *oauthFake) browse(page, action string) error {
	f.opened.Add(1)
	to, err := f.press(page, action)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(to)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// open opens a database that logs everything.
func (f *oauthFake) open(t *testing.T, properties string, opts ...Option) *sql.DB {
	t.Helper()
	return f.connect(t, f.OAuthDSN()+";"+properties, opts...)
}

func (f *oauthFake) connect(t *testing.T, dsn string, opts ...Option) *sql.DB {
	t.Helper()
	config, err := ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(&f.log, &slog.HandlerOptions{Level: slog.LevelDebug - 40}))
	config.Logfile, config.Verbosity = filepath.Join(t.TempDir(), "driver.log"), 5
	connector, err := NewConnector(config, append([]Option{WithLogger(logger)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		text, err := os.ReadFile(config.Logfile)
		if err != nil {
			t.Error(err)
		}
		_, _ = f.log.Write(text)
	})
	return db
}

// verifier signs in by hand and returns the address that the browser ended at.
func (f *oauthFake) verifier(t *testing.T, db *sql.DB) string {
	t.Helper()
	var page string
	if err := db.QueryRowContext(t.Context(), "EXEC GetOAuthAuthorizationURL").Scan(&page); err != nil {
		t.Fatal(err)
	}
	to, err := f.press(page, "allow")
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// tokens runs a procedure that makes tokens.
func (f *oauthFake) tokens(t *testing.T, db *sql.DB, text string, args ...any) (access, refresh, expires string) {
	t.Helper()
	var maybe sql.NullString
	if err := db.QueryRowContext(t.Context(), text, args...).Scan(&access, &maybe, &expires); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	f.secret(access, maybe.String)
	return access, maybe.String, expires
}

func countRepositories(t *testing.T, db *sql.DB) {
	t.Helper()
	if got := strs(t, db, "SELECT count(*) FROM Repositories"); len(got) != 1 || got[0] != "13" {
		t.Errorf("the repositories are counted as %v", got)
	}
}
