package driver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// Nothing is asked for by connecting; then the browser opens once for all, and the file serves the next connection alone.
func TestGetAndRefresh(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	file := filepath.Join(t.TempDir(), "tokens", "OAuthSettings.json")
	db := f.open(t, "InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation="+file, f.browser("allow"))
	if _, err := db.ExecContext(t.Context(), "SELECT 1; SELECT * FROM sys_procedures; EXPLAIN SELECT * FROM Repositories"); err != nil {
		t.Fatal(err)
	}
	if f.opened.Load() != 0 || f.OAuthStats().Issued != 0 {
		t.Error("the sign-in begins before anything is asked of Bitbucket")
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			// A machine that stands still for a second ends the request, too. It is made again, but not the sign-in.
			err := queryAll(t, db, "SELECT Slug FROM Repositories")
			for errors.As(err, new(*TimeoutError)) && f.OAuthStats().Issued == 1 {
				err = queryAll(t, db, "SELECT Slug FROM Repositories")
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n, s := f.opened.Load(), f.OAuthStats(); n != 1 || s.Issued != 1 {
		t.Errorf("the browser was opened %d times, %d tokens were issued", n, s.Issued)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(text), "hush-client") {
		t.Errorf("the settings file: %v", err)
	}
	// "On later connections InitiateOAuth and OAuthSettingsLocation alone are enough", and the browser is not needed.
	f.ExpireAccessTokens()
	later := f.connect(t, fmt.Sprintf("Workspace=acme;BaseURL=%s/2.0;InitiateOAuth=REFRESH;OAuthSettingsLocation=%s", f.URL(), file))
	countRepositories(t, later)
	countRepositories(t, db) // finds the token of the other connection
	if s := f.OAuthStats(); s.Issued != 2 || s.Refreshed != 1 {
		t.Errorf("the later connection has %+v", s)
	}
	// After a revocation the statement that meets it tells what to do, and the next one opens the browser again.
	f.RevokeAll()
	var over *SignInError
	if err := queryAll(t, db, "SELECT count(*) FROM Repositories"); !errors.As(err, &over) || !errors.Is(err, ErrUnauthorized) ||
		!strings.Contains(err.Error(), "sign in again") {
		t.Errorf("a revoked grant: %v", err)
	} else {
		f.checkError(t, err)
	}
	countRepositories(t, db)
	if n := f.opened.Load(); n != 2 {
		t.Errorf("the browser was opened %d times", n)
	}
	// The procedure makes new tokens, too, and keeps them.
	access, _, _ := f.tokens(t, db, "EXEC GetOAuthAccessToken @AuthMode='APP'")
	store, err := oauthstore.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := store.Load(t.Context()); err != nil || kept.AccessToken != access || kept.ClientSecret != "hush-client" {
		t.Errorf("the settings file has other tokens, %v", err)
	}
}

// A person takes longer than the Timeout of a request, and two connectors that share a file ask the person once.
func TestSlowSignIn(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	file := filepath.Join(t.TempDir(), "OAuthSettings.json")
	var all sync.WaitGroup
	for range 2 {
		db := f.open(t, "InitiateOAuth=GETANDREFRESH;Timeout=1;OAuthSettingsLocation="+file, WithBrowser(func(page string) error {
			time.Sleep(1500 * time.Millisecond)
			return f.browse(page, "allow")
		}))
		all.Go(func() { countRepositories(t, db) })
	}
	all.Wait()
	if n, s := f.opened.Load(), f.OAuthStats(); n != 1 || s.Issued != 1 {
		t.Errorf("the browser was opened %d times, %d tokens were issued", n, s.Issued)
	}
	// Whoever waits can stop waiting.
	db := f.open(t, "InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation="+newMemory(), WithBrowser(func(string) error { return nil }))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	for range 3 {
		all.Go(func() {
			if err := db.PingContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("nobody signs in: %v", err)
			}
		})
	}
	all.Wait()
}

func TestGetAndRefreshFails(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	location := "InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation=" + newMemory()
	var denied *DeniedError
	db := f.open(t, location, f.browser("deny"))
	if err := db.PingContext(t.Context()); !errors.As(err, &denied) {
		t.Errorf("a denial: %v", err)
	}
	if err := queryAll(t, db, "SELECT Slug FROM Repositories"); !errors.As(err, &denied) {
		t.Errorf("a denial: %v", err)
	}
	var none *BrowserError
	db = f.open(t, location, WithBrowser(func(string) error { return errors.New("no screen") }))
	if err := db.PingContext(t.Context()); !errors.As(err, &none) || !strings.Contains(err.Error(), "no screen") {
		t.Errorf("no browser: %v", err)
	}
	taken, err := net.Listen("tcp", strings.TrimPrefix(f.callback, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	var port *PortError
	if err := db.PingContext(t.Context()); !errors.As(err, &port) {
		t.Errorf("a taken port: %v", err)
	}
	_ = taken.Close()
	var over *SignInError
	db = f.open(t, "InitiateOAuth=REFRESH;OAuthSettingsLocation="+newMemory())
	if err := db.PingContext(t.Context()); !errors.As(err, &over) {
		t.Errorf("nobody signed in: %v", err)
	}
	db = f.open(t, "InitiateOAuth=OFF")
	if err := db.PingContext(t.Context()); !errors.As(err, &over) {
		t.Errorf("no token: %v", err)
	}
	var faults *ConfigError
	db = f.connect(t, fmt.Sprintf("BaseURL=%s/2.0;InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation=%s", f.URL(), newMemory()))
	if err := db.PingContext(t.Context()); !errors.As(err, &faults) || len(faults.Faults) != 2 {
		t.Errorf("no consumer: %v", err)
	}
}

// A code from another machine is exchanged once, by the first request; then the file has the tokens.
func TestVerifier(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	to := f.verifier(t, f.open(t, "InitiateOAuth=OFF"))
	code, _, err := oauthstore.ParseRedirect(to)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "OAuthSettings.json")
	headless := "InitiateOAuth=REFRESH;OAuthSettingsLocation=" + file + ";OAuthVerifier="
	db := f.open(t, headless+code)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() { countRepositories(t, db) })
	}
	all.Wait()
	countRepositories(t, f.open(t, headless+"'"+to+"'")) // it is used up, and not sent again
	countRepositories(t, f.connect(t, fmt.Sprintf("Workspace=acme;BaseURL=%s/2.0;InitiateOAuth=REFRESH;OAuthSettingsLocation=%s", f.URL(), file)))
	if s := f.OAuthStats(); s.Issued != 1 || s.CodesUsedTwice != 0 {
		t.Errorf("%+v", s)
	}
	db = f.open(t, "InitiateOAuth=REFRESH;OAuthVerifier="+code+";OAuthSettingsLocation="+filepath.Join(t.TempDir(), "other.json"))
	for range 2 {
		var expired *VerifierError
		var token *TokenError
		if err := db.PingContext(t.Context()); !errors.As(err, &expired) || !errors.As(err, &token) || token.Code != "invalid_grant" {
			t.Errorf("a used verifier: %v", err)
		} else {
			f.checkError(t, err)
		}
	}
	if s := f.OAuthStats(); s.CodesUsedTwice != 1 {
		t.Errorf("the used verifier was sent %d times", s.CodesUsedTwice)
	}
}

// The web flow, with InitiateOAuth OFF: the procedures return tokens and write no file, and the caller connects with them.
func TestWebFlow(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{VerifyPKCE: true})
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	file := filepath.Join(t.TempDir(), "OAuthSettings.json")
	db := f.open(t, "OAuthSettingsLocation="+file)
	pkce := secretscan.New("pkce-verifier-of-the-web-flow")
	f.secret(pkce)
	var page string
	if err := db.QueryRowContext(t.Context(), "EXEC GetOAuthAuthorizationURL @CallbackUrl=?, @State='nonce', @Scope='repository', @PKCEVerifier=?",
		f.callback+"/back", pkce).Scan(&page); err != nil {
		t.Fatal(err)
	}
	to, err := f.press(page, "allow")
	if err != nil {
		t.Fatal(err)
	}
	var state *StateError
	const exchange = "EXEC GetOAuthAccessToken @AuthMode='WEB', @Verifier=?, @CallbackUrl=?, @State=?, @PKCEVerifier='"
	_, err = db.ExecContext(t.Context(), exchange+pkce+"'", to, f.callback+"/back", "other")
	if !errors.As(err, &state) {
		t.Errorf("another state: %v", err)
	}
	f.checkError(t, err)
	access, refresh, expires := f.tokens(t, db, exchange+pkce+"'", to, f.callback+"/back", "nonce")
	if expires != "3600" || refresh == "" {
		t.Errorf("ExpiresIn is %s", expires)
	}
	if err := db.PingContext(t.Context()); err == nil {
		t.Error("the connection that made the tokens has them")
	}
	countRepositories(t, f.open(t, "OAuthAccessToken="+access))
	second, next, _ := f.tokens(t, db, "CALL RefreshOAuthAccessToken('"+refresh+"')")
	if second == access || next == refresh {
		t.Error("the tokens are the old ones")
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("a settings file was written: %v", err)
	}
	// The old refresh token is spent.
	var over *SignInError
	_, err = db.ExecContext(t.Context(), "EXEC RefreshOAuthAccessToken ?", refresh)
	if !errors.As(err, &over) {
		t.Errorf("a spent refresh token: %v", err)
	}
	f.checkError(t, err)
	// CData's last step: tokens that came from elsewhere, and the driver renews them from there on.
	ago := time.Now().Add(-2 * time.Hour).UnixMilli()
	db = f.open(t, fmt.Sprintf("InitiateOAuth=REFRESH;OAuthAccessToken=%s;OAuthRefreshToken=%s;OAuthExpiresIn=3600;OAuthTokenTimestamp=%d;OAuthSettingsLocation=%s",
		second, next, ago, file))
	countRepositories(t, db)
	if s := f.OAuthStats(); s.Refreshed != 2 || s.Expired != 0 {
		t.Errorf("%+v", s)
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("no settings file was written: %v", err)
	}
}

// Tokens that live two seconds are renewed once each for 20 queries at a time, and no query fails.
func TestRefreshOnExpiry(t *testing.T) {
	const life = 2 * time.Second
	f := startOAuth(t, bitbucketfake.Config{TokenLifetime: life})
	off := f.open(t, "")
	_, refresh, _ := f.tokens(t, off, "EXEC GetOAuthAccessToken @Verifier=?", f.verifier(t, off))
	db := f.open(t, "InitiateOAuth=REFRESH;OAuthSettingsLocation="+newMemory()+";OAuthRefreshToken="+refresh)
	start := time.Now()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for f.OAuthStats().Refreshed < 3 && !t.Failed() {
				began := time.Now()
				err := queryAll(t, db, "SELECT COUNT(*) FROM Repositories")
				// On a machine that stands still for a token's life both tokens of a request may be too old.
				if err != nil && (time.Since(began) < life/2 || !errors.Is(err, ErrUnauthorized)) {
					t.Errorf("a query after %v: %v", time.Since(began), err)
				}
				time.Sleep(50 * time.Millisecond)
			}
		})
	}
	all.Wait()
	// One renewal a life, which ends a tenth early, and the one at the start.
	s, most := f.OAuthStats(), int(time.Since(start)/(life*9/10))+1
	if s.Refreshed < 3 || s.Refreshed > most || s.Reused != 0 || s.Refused != 0 {
		t.Errorf("%+v in %v, want at most %d", s, time.Since(start), most)
	}
}

// What a user signed in for is kept from the tokens of the consumer itself, and of another consumer.
func TestSettingsAreKept(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	place := newMemory()
	location := "OAuthSettingsLocation=" + place
	store, err := oauthstore.Open(place)
	if err != nil {
		t.Fatal(err)
	}
	f.tokens(t, f.open(t, "InitiateOAuth=REFRESH;"+location), "EXEC GetOAuthAccessToken ?, @Verifier=?", "WEB", f.verifier(t, f.open(t, "")))
	before, err := store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f.tokens(t, f.open(t, "AuthScheme=OAuthClient;InitiateOAuth=REFRESH;"+location), "CALL GetOAuthAccessToken()")
	f.SetConsumer(bitbucketfake.Consumer{Key: "key2", Secret: "hush-client", CallbackURL: f.callback, Private: true})
	var client *ClientError
	other := f.connect(t, strings.Replace(f.OAuthDSN(), "key1", "key2", 1)+";InitiateOAuth=REFRESH;"+location)
	for _, text := range []string{"EXEC RefreshOAuthAccessToken ?", "SELECT Slug FROM Repositories WHERE ? <> ''"} {
		if _, err := other.ExecContext(t.Context(), text, before.RefreshToken); !errors.As(err, &client) || client.Saved != "key1" {
			t.Errorf("%s: %v", text, err)
		}
	}
	after, err := store.Load(t.Context())
	if err != nil || after.AccessToken != before.AccessToken || after.RefreshToken != before.RefreshToken {
		t.Errorf("the settings have changed, %v", err)
	}
	// Refreshed by hand, they are kept as well.
	_, refresh, _ := f.tokens(t, f.open(t, "InitiateOAuth=REFRESH;"+location), "EXEC RefreshOAuthAccessToken @OAuthRefreshToken=?", after.RefreshToken)
	if now, err := store.Load(t.Context()); err != nil || now.RefreshToken != refresh || refresh == after.RefreshToken {
		t.Errorf("the refreshed tokens are not kept, %v", err)
	}
}

// A token that dies in the middle of a scan is renewed once, and the scan goes on.
func TestRefreshInScan(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{PullRequests: 400})
	db := f.open(t, "AuthScheme=OAuthClient;InitiateOAuth=REFRESH;Pagesize=10;OAuthSettingsLocation="+newMemory())
	rows, err := db.QueryContext(t.Context(), "SELECT Id FROM platform.PullRequests")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; rows.Next(); n++ {
		if n == 100 {
			f.ExpireAccessTokens()
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || n != 400 {
		t.Errorf("%d rows, %v", n, err)
	}
	if s := f.OAuthStats(); s.Issued != 2 || s.ClientCredentials != 2 || s.Expired == 0 {
		t.Errorf("%+v", s)
	}
}

// The other schemes: what is sent, and what TestConnection says.
func TestSchemes(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{Token: "hush-token", Public: true})
	f.secret("hush-token")
	base := fmt.Sprintf("Workspace=acme;BaseURL=%s/2.0;", f.URL())
	consumer := f.OAuthDSN() + ";"
	for _, test := range []struct {
		dsn  string
		user bool
	}{
		{base + "AccessToken=hush-token", true},
		{base + "User=me@example.com;APIToken=hush-token", true},
		{base + "AuthScheme=OAuth;OAuthAccessToken=hush-token", true},
		{base + "AuthScheme=None", false},
		{consumer + "AuthScheme=OAuthClient", true},
		{consumer + "AuthScheme=OAuthClient;InitiateOAuth=GETANDREFRESH;OAuthSettingsLocation=" + newMemory(), true},
	} {
		db := f.connect(t, test.dsn)
		if err := db.PingContext(t.Context()); err != nil {
			t.Errorf("%s: %v", test.dsn, err)
		}
		var scheme, workspace string
		var uuid, name sql.NullString
		var repositories int
		var expires sql.NullTime
		if err := db.QueryRowContext(t.Context(), "EXEC TestConnection").Scan(&scheme, &uuid, &name, &workspace, &repositories, &expires); err != nil {
			t.Errorf("%s: %v", test.dsn, err)
			continue
		}
		if workspace != "acme" || uuid.Valid != test.user || name.Valid != test.user || repositories == 0 || repositories > 13 ||
			expires.Valid != (scheme == "OAuthClient") {
			t.Errorf("%s: %s, %v, %v, %s, %d, %v", test.dsn, scheme, uuid, name, workspace, repositories, expires)
		}
	}
	access, refresh, _ := f.tokens(t, f.open(t, "AuthScheme=OAuthClient"), "EXEC GetOAuthAccessToken")
	if access == "" || refresh != "" {
		t.Error("client credentials have a refresh token")
	}
	wrong := f.connect(t, strings.Replace(consumer, "hush-client", "hush-other", 1)+"AuthScheme=OAuthClient")
	f.secret("hush-other")
	var token *TokenError
	if err := queryAll(t, wrong, "SELECT Slug FROM Repositories"); !errors.As(err, &token) || !strings.Contains(err.Error(), "OAuthClientSecret") {
		t.Errorf("a wrong secret: %v", err)
	} else {
		f.checkError(t, err)
	}
	if err := f.connect(t, fmt.Sprintf("BaseURL=%s/2.0;AuthScheme=None", f.URL())).PingContext(t.Context()); err != nil {
		t.Errorf("Ping without workspace and credential: %v", err)
	}
}

// Without a credential no header is sent, whatever secrets are given.
func TestNoneSendsNothing(t *testing.T) {
	var sent atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a credential is sent")
		}
		sent.Add(1)
		_, _ = w.Write([]byte(`{"size":3,"values":[]}`))
	}))
	defer server.Close()
	db := openDSN(t, "AuthScheme=None;AccessToken=hush;Workspace=w;BaseURL="+server.URL)
	if err := db.PingContext(t.Context()); err != nil || sent.Load() != 1 {
		t.Errorf("%d requests, %v", sent.Load(), err)
	}
}

// Token endpoints that cannot be reached, or talk nonsense, are told apart.
func TestTokenEndpointErrors(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>log in</html>")) }))
	defer web.Close()
	dsn := func(endpoint string) string {
		return fmt.Sprintf("Workspace=acme;BaseURL=%s/2.0;AuthScheme=OAuthClient;OAuthClientId=key1;OAuthClientSecret=hush-client;OAuthAccessTokenURL=%s",
			f.URL(), endpoint)
	}
	var unreachable *UnreachableError
	if err := queryAll(t, f.connect(t, dsn("http://127.0.0.1:1/token")), "SELECT Slug FROM Repositories"); !errors.As(err, &unreachable) {
		t.Errorf("nobody there: %v", err)
	} else {
		f.checkError(t, err)
	}
	var answer *AnswerError
	if err := queryAll(t, f.connect(t, dsn(web.URL)), "SELECT Slug FROM Repositories"); !errors.As(err, &answer) {
		t.Errorf("a web page: %v", err)
	} else {
		f.checkError(t, err)
	}
	var file *SettingsError
	path := filepath.Join(t.TempDir(), "OAuthSettings.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	db := f.open(t, "InitiateOAuth=REFRESH;OAuthRefreshToken=hush;OAuthSettingsLocation="+path)
	if err := db.PingContext(t.Context()); !errors.As(err, &file) {
		t.Errorf("a damaged file: %v", err)
	}
	if _, err := db.ExecContext(t.Context(), "EXEC RefreshOAuthAccessToken 'hush'"); !errors.As(err, &file) {
		t.Errorf("a damaged file: %v", err)
	}
}
