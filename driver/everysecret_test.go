package driver

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/metadata"
	"github.com/seed281e34fa/bitbucketsql/internal/proxyfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// The tests of this file set every secret there is and lead it everywhere. They fail by what [secretscan.Main] finds in what they
// hand over, in the log and in the errors.

// everySecret is a secret for each property that is one, by its name.
func everySecret(t *testing.T) map[string]string {
	t.Helper()
	secrets := map[string]string{}
	for _, p := range Properties() {
		if p.Sensitive {
			secrets[p.Name] = secretscan.New(p.Name)
		}
	}
	if len(secrets) < 8 {
		t.Fatalf("only %d properties are secrets", len(secrets))
	}
	return secrets
}

// everySecretDSN is a connection string with all of the secrets, whose requests go through a firewall and a proxy that want
// theirs. More pairs take the place of its own.
func everySecretDSN(t *testing.T, baseURL string, secrets map[string]string, more ...string) string {
	t.Helper()
	proxy := startProxy(t, proxyfake.Config{Kind: proxyfake.HTTP, User: "me", Password: secrets["ProxyPassword"]})
	firewall := startProxy(t, proxyfake.Config{Kind: proxyfake.SOCKS5, User: "me", Password: secrets["FirewallPassword"]})
	pairs := map[string]string{
		"Workspace": "acme", "BaseURL": baseURL, "User": "me@example.com", "OAuthClientId": "key1",
		"ProxyServer": proxy.Host(), "ProxyPort": fmt.Sprint(proxy.Port()), "ProxyUser": "me",
		"FirewallType": "SOCKS5", "FirewallServer": firewall.Host(), "FirewallPort": fmt.Sprint(firewall.Port()), "FirewallUser": "me",
		"OAuthSettingsLocation": newMemory(), "Verbosity": "5", "Timeout": "10",
	}
	for name, secret := range secrets {
		pairs[name] = secret
	}
	for _, pair := range more {
		name, value, _ := strings.Cut(pair, "=")
		pairs[name] = value
	}
	var b strings.Builder
	for name, value := range pairs {
		b.WriteString(name + "=" + quoteValue(value) + ";")
	}
	return b.String()
}

// openEverySecret opens a database, and hands over what fmt, JSON and slog make of it, of its connector and of its connection.
func openEverySecret(t *testing.T, dsn string, opts ...Option) *sql.DB {
	t.Helper()
	config, err := ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	connector, err := NewConnector(config, opts...)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() { _ = db.Close() })
	dc, err := connector.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	type held struct {
		Config    *Config
		Copy      Config
		Connector *Connector
		Any       any
	}
	values := []any{
		*config, config, connector, dc, db, connector.client, connector.consumer, connector.credential, connector.authorizer(),
		connector.consumer.oauth, connector.consumer.initial(), connector.consumer.store, config.network(),
		held{config, *config, connector, dc},
		&held{config, *config, connector, dc},
		[]Config{*config},
		map[string]any{"config": config},
		struct{ c *Connector }{connector},
		struct{ d *sql.DB }{db},
	}
	if connector.credential != nil {
		values = append(values, connector.credential.source)
	}
	for _, v := range values {
		secretscan.Value(fmt.Sprintf("%T", v), v)
	}
	if err := dc.Close(); err != nil {
		t.Error(err)
	}
	return db
}

// handOver runs a statement and hands over its rows and its error, if it has one.
func handOver(ctx context.Context, db *sql.DB, text string, args ...any) error {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return secretscan.Error(err)
	}
	defer rows.Close()
	for {
		columns, err := rows.Columns()
		if err != nil {
			return secretscan.Error(err)
		}
		into := make([]any, len(columns))
		for i := range into {
			into[i] = new(any)
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				return secretscan.Error(err)
			}
			var b strings.Builder
			for i := range into {
				fmt.Fprintf(&b, "%s=%v ", columns[i], *into[i].(*any))
			}
			secretscan.Text("rows", b.String())
		}
		if !rows.NextResultSet() {
			return secretscan.Error(rows.Err())
		}
	}
}

// corpusStatement is a statement of testdata/statements, with the values of its parameters.
type corpusStatement struct {
	text string
	args []any
}

func corpusStatements(t *testing.T) []corpusStatement {
	t.Helper()
	files, err := filepath.Glob("../testdata/statements/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no statements: %v", err)
	}
	var list []corpusStatement
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range dialect.Split(string(text)) {
			s := corpusStatement{text: part}
			if _, rest, ok := strings.Cut(part, "-- args:"); ok {
				line, _, _ := strings.Cut(rest, "\n")
				var positional []any
				var named map[string]any
				if json.Unmarshal([]byte(line), &positional) == nil {
					s.args = positional
				} else if err := json.Unmarshal([]byte(line), &named); err != nil {
					t.Fatalf("%s: %s: %v", file, line, err)
				}
				for name, value := range named {
					s.args = append(s.args, sql.Named(name, value))
				}
			}
			list = append(list, s)
		}
	}
	return list
}

// schemes are the ways to authenticate, by the property whose secret the fake takes.
var schemes = map[string]string{
	"APIToken": "AuthScheme=APIToken", "AccessToken": "AuthScheme=AccessToken", "OAuthAccessToken": "AuthScheme=OAuth",
}

// TestEverySecretInStatements runs the whole corpus, as it is and explained, and all of the metadata, with each way to
// authenticate.
func TestEverySecretInStatements(t *testing.T) {
	statements := corpusStatements(t)
	for property, scheme := range schemes {
		t.Run(property, func(t *testing.T) {
			secrets := everySecret(t)
			fake := startFake(t, bitbucketfake.Config{Token: secrets[property]})
			db := openEverySecret(t, everySecretDSN(t, fake.URL()+"/2.0", secrets, scheme, "Schema=platform", "MaxRequests=0"))
			if err := db.PingContext(t.Context()); err != nil {
				t.Fatal(err)
			}
			run, failed := 0, 0
			for i, s := range statements {
				if property != "AccessToken" && i%10 > 0 {
					continue // they differ in a header
				}
				run++
				if handOver(t.Context(), db, s.text, s.args...) != nil {
					failed++
				}
				_ = handOver(t.Context(), db, "EXPLAIN "+s.text, s.args...)
			}
			if failed > run/2 {
				t.Errorf("%d of %d statements fail", failed, run)
			}
			for _, table := range slices.Concat(metadata.SystemNames(), metadata.StandardNames()) {
				if err := handOver(t.Context(), db, `SELECT * FROM "`+table+`"`); err != nil && table == "sys_connection_props" {
					t.Error(err)
				}
			}
			_ = handOver(t.Context(), db, "EXEC TestConnection")
			_ = handOver(t.Context(), db, "EXEC GetOAuthAuthorizationURL")
			for _, text := range []string{"EXEC Nothing @x=?", "EXEC TestConnection ?", "SELECT ? FROM nowhere", "SELECT nope", "SELEC", "SELECT 'a"} {
				if err := handOver(t.Context(), db, text, secrets["APIToken"]); err == nil {
					t.Errorf("%s runs", text)
				}
			}
		})
	}
}

// TestEverySecretInBadDSNs spoils each property in turn, in both forms of a connection string.
func TestEverySecretInBadDSNs(t *testing.T) {
	t.Chdir(t.TempDir()) // some values are names of files, which then are made
	secrets := everySecret(t)
	dsn := everySecretDSN(t, "http://127.0.0.1:1/2.0", secrets, "AuthScheme=APIToken")
	failed := 0
	try := func(text string) {
		config, err := ParseDSN(text)
		secretscan.Value("config", config)
		if secretscan.Error(err) != nil {
			failed++
		}
		if db, err := sql.Open(Name, text); secretscan.Error(err) == nil {
			_ = db.Close()
		}
	}
	for _, p := range Properties() {
		for _, value := range []string{"\x01", "'not closed", "'a'b", "-99999999999999999999", "not a value %zz", "{", ""} {
			for _, where := range []string{p.Name + "=" + value + ";" + dsn, dsn + p.Name + "=" + value} {
				try(where) // which has most of them twice
			}
			try("AuthScheme=AccessToken;AccessToken=" + secrets["AccessToken"] + ";" + p.Name + "=" + value)
		}
		try(strings.Replace(dsn, p.Name+"=", p.Name+" ", 1))
		try("bitbucket://me%40x.org:" + secrets["APIToken"] + "@acme/%zz?" + p.Name + "=%zz")
		try("bitbucket://:" + secrets["AccessToken"] + "@acme/platform?" + p.Name + "=" + secrets["AccessToken"] + "%")
	}
	for name, secret := range secrets {
		half := len(secret) / 2
		for _, separator := range []string{";", "=", ";x=", "'", " ; ", "&"} {
			broken := secret[:half] + separator + secret[half:]
			try("AuthScheme=APIToken;User=me;" + name + "=" + broken)
			try("bitbucket://me:" + secrets["APIToken"] + "@acme?" + name + "=" + broken)
		}
		try("User=me:" + secret + ";APIToken=x")
		try("AuthScheme=" + secret + ";" + name + "=" + secret)
		try("InitiateOAuth=" + secret + ";" + name + "=" + secret)
		for _, server := range []string{"BaseURL", "ProxyServer", "FirewallServer", "CallbackURL", "OAuthAuthorizationURL", "OAuthAccessTokenURL"} {
			try("AccessToken=" + secrets["AccessToken"] + ";" + server + "=https://me:" + secret + "@host.example/2.0")
		}
		try("bitbucket://me:" + secret + "@" + "acme:80/a/b#c")
		try("bitbucket://me:" + secret + "/" + secret + "@acme")
		try(secret)
	}
	if failed < 500 {
		t.Errorf("only %d of the connection strings are refused", failed)
	}
}

// brokenTransport fails with what it was sent. If it panics, it does after one request, and in a goroutine of its own.
type brokenTransport struct {
	panics bool
	sent   *atomic.Int32
}

func (b brokenTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if b.panics {
		if b.sent.Add(1) == 1 {
			return http.DefaultTransport.RoundTrip(r)
		}
		go panic("the transport is broken") // where nobody catches it
		select {}
	}
	secret := r.Header.Get("Authorization")
	_, password, _ := r.BasicAuth()
	return nil, fmt.Errorf("sending %v %s %s %s: refused", r.Header, secret, password, base64.StdEncoding.EncodeToString([]byte(password)))
}

// TestEverySecretInForeignErrors has a transport of the caller's fail with the header that it was sent, and tables panic.
func TestEverySecretInForeignErrors(t *testing.T) {
	secrets := everySecret(t)
	for _, property := range []string{"APIToken", "AccessToken", "OAuthAccessToken"} {
		dsn := fmt.Sprintf("Workspace=acme;User=me;%s=%s;%s", property, secrets[property], schemes[property])
		db := openEverySecret(t, dsn, WithTransport(brokenTransport{}))
		if err := handOver(t.Context(), db, "SELECT Slug FROM Repositories"); err == nil || !strings.Contains(err.Error(), "***") {
			t.Errorf("%s: %v", property, err)
		}
	}
	dsn := "AuthScheme=OAuthClient;OAuthClientId=key1;OAuthClientSecret=" + secrets["OAuthClientSecret"]
	if err := openEverySecret(t, dsn, WithTransport(brokenTransport{})).PingContext(t.Context()); secretscan.Error(err) == nil {
		t.Error("a broken transport gets tokens")
	}
	db := openThings(t, func(c *Config) { c.APIToken, c.User, c.AuthScheme = secrets["APIToken"], "me", APIToken }, &thing{name: "Panics", panics: true})
	var panicked interface{ Unwrap() error }
	if err := handOver(t.Context(), db, "SELECT * FROM test.Panics"); !errors.As(err, &panicked) || !strings.Contains(err.Error(), "lost its way") {
		t.Errorf("a table that panics: %v", err)
	}
}

// TestEverySecretInPanic has the caller's transport panic in a process of its own, which ends with all of its goroutines.
func TestEverySecretInPanic(t *testing.T) {
	for property, scheme := range schemes {
		secrets := everySecret(t)
		fake := startFake(t, bitbucketfake.Config{Token: secrets[property]})
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		dsn := fmt.Sprintf("Workspace=acme;User=me;Pagesize=10;BaseURL=%s/2.0;%s=%s;%s", fake.URL(), property, secrets[property], scheme)
		cmd.Env = append(os.Environ(), processRole+"=panic", processDSN+"="+dsn, "GOTRACEBACK=all")
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic: the transport is broken") || strings.Count(string(out), "\ngoroutine ") < 3 {
			t.Errorf("%v: %s", err, out)
		}
		secretscan.Text("panic", string(out))
	}
}

// panicInTransport is the process of that test.
func panicInTransport(dsn string) error {
	config, err := ParseDSN(dsn)
	if err != nil {
		return err
	}
	connector, err := NewConnector(config, WithTransport(brokenTransport{panics: true, sent: new(atomic.Int32)}))
	if err != nil {
		return err
	}
	rows, err := sql.OpenDB(connector).Query("SELECT * FROM platform.PullRequests")
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return rows.Err()
}
