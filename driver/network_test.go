package driver

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/proxyfake"
)

func startProxy(t *testing.T, c proxyfake.Config) *proxyfake.Proxy {
	t.Helper()
	p, err := proxyfake.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// slugs runs a statement that needs a request.
func slugs(t *testing.T, dsn string) (int, error) {
	t.Helper()
	db, err := sql.Open(Name, dsn)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), "SELECT Slug FROM Repositories LIMIT 3")
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

const proxySecret = "hush;'pa=ss"

// TestQueryThroughProxies runs a statement each way, with the right password and with a wrong one.
func TestQueryThroughProxies(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	host := strings.TrimPrefix(fake.URL(), "http://")
	for name, test := range map[string]struct {
		kind       proxyfake.Kind
		properties string // %s is the host, %d the port
		secret     string // property of the password
		asked      string
	}{
		"proxy":           {proxyfake.HTTP, "ProxyServer=%s;ProxyPort=%d;ProxyUser=me", "ProxyPassword", "GET http://" + host},
		"proxy, tunnel":   {proxyfake.HTTP, "ProxyServer=%s;ProxyPort=%d;ProxyUser=me;ProxySSLType=tunnel", "ProxyPassword", "CONNECT " + host},
		"firewall TUNNEL": {proxyfake.HTTP, "FirewallServer=%s;FirewallPort=%d;FirewallUser=me;FirewallType=tunnel", "FirewallPassword", "CONNECT " + host},
		"firewall SOCKS5": {proxyfake.SOCKS5, "FirewallServer=%s;FirewallPort=%d;FirewallUser=me;FirewallType=socks5", "FirewallPassword", "SOCKS5 " + host},
		"firewall SOCKS4": {proxyfake.SOCKS4, "Firewall Server=%s;Firewall Port=%d;Firewall User=me;Firewall Type=socks4", "", "SOCKS4 " + host},
	} {
		t.Run(name, func(t *testing.T) {
			proxy := startProxy(t, proxyfake.Config{Kind: test.kind, User: "me", Password: proxySecret})
			dsn := fake.DSN() + ";" + fmt.Sprintf(test.properties, proxy.Host(), proxy.Port())
			right, wrong := dsn, strings.Replace(dsn, "=me", "=you", 1)
			if test.secret != "" {
				right = dsn + ";" + test.secret + "=" + quoteValue(proxySecret)
				wrong = dsn + ";" + test.secret + "=" + quoteValue(proxySecret+"x")
			}
			if n, err := slugs(t, right); n != 3 || err != nil {
				t.Fatalf("%d rows, %v", n, err)
			}
			if asked := proxy.Log(); len(asked) != 1 || !strings.HasPrefix(asked[0], test.asked) {
				t.Errorf("the proxy was asked for %q, want %s", asked, test.asked)
			}
			_, err := slugs(t, wrong)
			var e *ProxyError
			if !errors.As(err, &e) || e.Server != proxy.Addr() || strings.Contains(err.Error(), "hush") {
				t.Errorf("wrong password: %v", err)
			}
			if proxy.Refused() != 1 || len(proxy.Log()) != 1 {
				t.Errorf("a wrong password was tried %d times, and %q allowed", proxy.Refused(), proxy.Log())
			}
		})
	}
}

func TestQueryPastProxy(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	proxy := startProxy(t, proxyfake.Config{Kind: proxyfake.HTTP})
	dsn := fmt.Sprintf("%s;ProxyServer=%s;ProxyPort=%d;ProxyExceptions='*.corp.example;127.*'", fake.DSN(), proxy.Host(), proxy.Port())
	if n, err := slugs(t, dsn); n != 3 || err != nil || len(proxy.Log()) != 0 {
		t.Errorf("%d rows, %v; the proxy was asked for %q", n, err, proxy.Log())
	}
}

// TestQueryWithPin reads from a fake that speaks TLS with a certificate that nobody trusts.
func TestQueryWithPin(t *testing.T) {
	fake := bitbucketfake.New(bitbucketfake.Config{Token: fakeToken})
	t.Cleanup(func() { _ = fake.Close() })
	server := httptest.NewUnstartedServer(fake.Handler())
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	sum := sha256.Sum256(server.Certificate().Raw)
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	proxy := startProxy(t, proxyfake.Config{Kind: proxyfake.HTTP})
	base := "Workspace=acme;AccessToken=" + fakeToken + ";BaseURL=" + server.URL + "/2.0;SSLServerCert="
	for _, pin := range []string{hex.EncodeToString(sum[:]), text, fmt.Sprintf("%x;ProxyServer=%s;ProxyPort=%d", sum, proxy.Host(), proxy.Port())} {
		if n, err := slugs(t, base+pin); n != 3 || err != nil {
			t.Errorf("SSLServerCert=%s: %d rows, %v", pin, n, err)
		}
	}
	if got := proxy.Log(); !slices.Equal(got, []string{"CONNECT " + server.Listener.Addr().String()}) {
		t.Errorf("the proxy was asked for %q", got)
	}
	_, err := slugs(t, base+strings.Repeat("00", 32))
	var e *CertificateError
	if !errors.As(err, &e) || hex.EncodeToString(sum[:]) != strings.ToLower(strings.ReplaceAll(e.Fingerprint, ":", "")) {
		t.Errorf("another certificate: %v", err)
	}
	if _, err := slugs(t, base); err == nil {
		t.Error("a certificate that nobody trusts is taken")
	}
}

// TestTokensThroughProxy gets an OAuth token and uses it: both requests go the way that the properties say, and a proxy that
// refuses ends the request for the token with its own error.
func TestTokensThroughProxy(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	host := strings.TrimPrefix(fake.URL(), "http://")
	for _, test := range []struct {
		kind       proxyfake.Kind
		properties string
		asked      []string
	}{
		{proxyfake.HTTP, "ProxyServer=%s;ProxyPort=%d;ProxyUser=me;ProxyPassword=", []string{"POST http://" + host, "GET http://" + host}},
		{proxyfake.SOCKS5, "FirewallServer=%s;FirewallPort=%d;FirewallUser=me;FirewallType=SOCKS5;FirewallPassword=", []string{"SOCKS5 " + host}},
	} {
		proxy := startProxy(t, proxyfake.Config{Kind: test.kind, User: "me", Password: proxySecret})
		dsn := fake.OAuthDSN() + ";AuthScheme=OAuthClient;" + fmt.Sprintf(test.properties, proxy.Host(), proxy.Port())
		if n, err := slugs(t, dsn+quoteValue(proxySecret)); n != 3 || err != nil {
			t.Errorf("%s: %d rows, %v", test.properties, n, err)
		}
		asked := proxy.Log()
		if ok := slices.EqualFunc(asked, test.asked, strings.HasPrefix); !ok {
			t.Errorf("%s: the proxy was asked for %q, want %q", test.properties, asked, test.asked)
		}
		_, err := slugs(t, dsn+quoteValue(proxySecret+"x"))
		var unreachable *UnreachableError
		var refused *ProxyError
		if !errors.As(err, &unreachable) || !errors.As(err, &refused) || refused.Server != proxy.Addr() || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s with a wrong password: %v", test.properties, err)
		}
	}
}

// TestTokensWithPin gets an OAuth token from a host whose certificate nobody trusts but the one that pins it.
func TestTokensWithPin(t *testing.T) {
	fake := bitbucketfake.New(bitbucketfake.Config{})
	t.Cleanup(func() { _ = fake.Close() })
	server := httptest.NewUnstartedServer(fake.Handler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	dsn := fmt.Sprintf("Workspace=acme;AuthScheme=OAuthClient;OAuthClientId=demo-key;OAuthClientSecret=demo-secret;BaseURL=%s/2.0;"+
		"OAuthAccessTokenURL=%[1]s/site/oauth2/access_token", server.URL)
	if n, err := slugs(t, fmt.Sprintf("%s;SSLServerCert=%x", dsn, sha256.Sum256(server.Certificate().Raw))); n != 3 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	var other *CertificateError
	if _, err := slugs(t, dsn+";SSLServerCert="+strings.Repeat("00", 32)); !errors.As(err, &other) {
		t.Errorf("another certificate: %v", err)
	}
	var unreachable *UnreachableError
	if _, err := slugs(t, dsn); !errors.As(err, &unreachable) {
		t.Errorf("a certificate that nobody trusts: %v", err)
	}
}

func TestNetworkFaults(t *testing.T) {
	for properties, want := range map[string]string{
		"ProxyServer=http://me:hush@proxy":                           "ProxyServer",
		"ProxyServer=p;ProxyPort=0":                                  "ProxyPort",
		"ProxyServer=p;ProxyAuthScheme=ntlm":                         "ProxyAuthScheme",
		"ProxyServer=p;ProxyAuthScheme=foo":                          "ProxyAuthScheme",
		"ProxyServer=p;ProxySSLType=foo":                             "ProxySSLType",
		"ProxyUser=me":                                               "ProxyUser",
		"ProxyServer=p;ProxyPassword=hush":                           "ProxyUser",
		"FirewallServer=f":                                           "FirewallType",
		"FirewallType=SOCKS5":                                        "FirewallServer",
		"FirewallType=SOCKS4A;FirewallServer=f":                      "FirewallType",
		"FirewallType=SOCKS5;FirewallServer=f;FirewallPort=x":        "FirewallPort",
		"FirewallType=SOCKS5;FirewallServer=f;FirewallPort=-1":       "FirewallPort",
		"FirewallType=SOCKS4;FirewallServer=f;FirewallPassword=hush": "FirewallPassword",
		"SSLServerCert=*":                                            "SSLServerCert",
		"SSLServerCert=no such file":                                 "SSLServerCert",
		"ProxyAutoDetect=maybe":                                      "ProxyAutoDetect",
		"ProxyServer=\"a\nb\"":                                       "ProxyServer",
	} {
		config, err := ParseDSN("AccessToken=x;" + properties)
		if err == nil {
			_, err = NewConnector(config)
		}
		var e *ConfigError
		if !errors.As(err, &e) || len(e.Faults) != 1 || e.Faults[0].Property != want || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v, want one fault of %s", properties, err, want)
		}
		if shown := config.String(); strings.Contains(shown, "hush") {
			t.Errorf("%s: a secret shows in %s", properties, shown)
		}
	}
	_, err := ParseDSN("AccessToken=x;ProxyServer=p;ProxyAuthScheme=Digest")
	if err == nil || !strings.Contains(err.Error(), `"DIGEST" is not supported: run a proxy`) {
		t.Errorf("DIGEST: %v", err)
	}
}

// TestNetworkRoundTrip writes every property of the network and reads it back.
func TestNetworkRoundTrip(t *testing.T) {
	c := NewConfig()
	c.AccessToken, c.AuthScheme = "x", AccessToken
	c.ProxyAutoDetect = false
	c.ProxyServer, c.ProxyPort, c.ProxyUser, c.ProxyPassword = "[::1]", 3128, "me", proxySecret
	c.ProxyAuthScheme, c.ProxySSLType, c.ProxyExceptions = "NONE", "ALWAYS", "localhost;*.corp.example"
	c.FirewallType, c.FirewallServer, c.FirewallPort, c.FirewallUser, c.FirewallPassword = "SOCKS5", "fw", 1081, "you", "hush2"
	c.SSLServerCert = "-----BEGIN CERTIFICATE-----\nAAAA\r\n==\n-----END CERTIFICATE-----\n"
	for _, p := range networkProperties {
		if got, _ := c.Get(p.Name); got == p.Default {
			t.Errorf("%s has its default", p.Name)
		}
	}
	again, err := ParseDSN(c.FormatDSN())
	if err != nil || *again != *c {
		t.Errorf("%s is read as %s, %v", c.FormatDSN(), again.FormatDSN(), err)
	}
	if shown := c.String(); strings.Contains(shown, "hush") || !strings.Contains(shown, "ProxyPassword=***;") || !strings.Contains(shown, "FirewallPassword=***;") {
		t.Errorf("String is %s", shown)
	}
}

func TestNetworkAndWithTransport(t *testing.T) {
	for _, p := range []string{"ProxyServer=p", "ProxyAutoDetect=false", "SSLServerCert=" + strings.Repeat("00", 32)} {
		config, err := ParseDSN("AccessToken=x;" + p)
		if err != nil {
			t.Fatal(err)
		}
		var e *ConfigError
		if _, err := NewConnector(config, WithTransport(http.DefaultTransport)); !errors.As(err, &e) || len(e.Faults) != 1 ||
			!strings.HasPrefix(p, e.Faults[0].Property+"=") {
			t.Errorf("%s with WithTransport: %v", p, err)
		}
	}
}
