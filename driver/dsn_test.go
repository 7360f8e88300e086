package driver

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// with returns a normalized default Config, changed by f.
func with(f func(*Config)) *Config {
	c := NewConfig()
	c.AuthScheme, c.OAuthAccessToken = OAuth, "tok"
	if f != nil {
		f(c)
	}
	return c
}

func apiToken(user, token string) func(*Config) {
	return func(c *Config) {
		c.OAuthAccessToken, c.AuthScheme, c.User, c.APIToken = "", APIToken, user, token
	}
}

func accessToken(token string) func(*Config) {
	return func(c *Config) { c.OAuthAccessToken, c.AuthScheme, c.AccessToken = "", AccessToken, token }
}

// goodDSNs are read without a fault. They seed the fuzzer, too.
var goodDSNs = []struct {
	dsn  string
	want *Config
}{
	{"OAuthAccessToken=tok", with(nil)},
	{" ; OAuthAccessToken = tok ; ", with(nil)},
	{"oauth_access token=tok;MAX_ROWS=5", with(func(c *Config) { c.MaxRows = 5 })},
	{"jdbc:bitbucket:Workspace=acme;OAuthAccessToken=tok;", with(func(c *Config) { c.Workspace = "acme" })},
	{"JDBC:cdata:Bitbucket:OAuthAccessToken=tok", with(nil)},
	{"bitbucket:OAuthAccessToken=tok", with(nil)},
	{"OAuthAccessToken='t;''o\"k '", with(func(c *Config) { c.OAuthAccessToken = "t;'o\"k " })},
	{`OAuthAccessToken="t;'o""k"`, with(func(c *Config) { c.OAuthAccessToken = `t;'o"k` })},
	{"OAuthAccessToken={t;'o}}k}", with(func(c *Config) { c.OAuthAccessToken = "t;'o}k" })},
	{"OAuthAccessToken=it's=x", with(func(c *Config) { c.OAuthAccessToken = "it's=x" })},
	{"OAuthAccessToken=tok;Schema=;Timeout='';MaxRows=", with(nil)},
	{"OAuthAccessToken=tok;Schema=my repo", with(func(c *Config) { c.Schema = "my repo" })},
	{"OAuthAccessToken=tok;Timeout=1.25", with(func(c *Config) { c.Timeout = 1250 * time.Millisecond })},
	{"OAuthAccessToken=tok;Timeout=0;MaxRequests=0", with(func(c *Config) { c.Timeout, c.MaxRequests = 0, 0 })},
	{"OAuthAccessToken=tok;ReadOnly=YES;PushDown=off;Verbosity=5;Logfile=/tmp/x.log;Pagesize=7;MaxInFlight=1", with(func(c *Config) {
		c.ReadOnly, c.PushDown, c.Verbosity, c.Logfile, c.Pagesize, c.MaxInFlight = true, false, 5, "/tmp/x.log", 7, 1
	})},
	{"OAuthAccessToken=tok;Workspace={0f2b3c4d-1111-2222-3333-444455556666}", with(func(c *Config) {
		c.Workspace = "{0f2b3c4d-1111-2222-3333-444455556666}"
	})},
	{"User=a@b.c;APIToken=tok", with(apiToken("a@b.c", "tok"))},
	{"User=a@b.c;APIToken=tok;AccessToken=x;AuthScheme=apitoken", with(func(c *Config) { apiToken("a@b.c", "tok")(c); c.AccessToken = "x" })},
	{"AccessToken=ATCTT3x-_=1A", with(accessToken("ATCTT3x-_=1A"))},
	{"OAuthAccessToken=tok;BaseURL=https://proxy.example.com/bb/2.0/", with(func(c *Config) { c.BaseURL = "https://proxy.example.com/bb/2.0" })},
	{"OAuthAccessToken=tok;BaseURL=http://127.0.0.1:8080/2.0", with(func(c *Config) { c.BaseURL = "http://127.0.0.1:8080/2.0" })},
	{"OAuthAccessToken=tok;BaseURL=http://[::1]:8080", with(func(c *Config) { c.BaseURL = "http://[::1]:8080" })},
	{"OAuthAccessToken=tok;BaseURL=http://localhost", with(func(c *Config) { c.BaseURL = "http://localhost" })},
	{"bitbucket://acme/?OAuthAccessToken=tok", with(func(c *Config) { c.Workspace = "acme" })},
	{"BITBUCKET://?OAuthAccessToken=tok", with(nil)},
	{"bitbucket://acme/my%2Frepo?oauth_access_token=a%26b+c%2B&Max+Rows=3&", with(func(c *Config) {
		c.Workspace, c.Schema, c.OAuthAccessToken, c.MaxRows = "acme", "my/repo", "a&b c+", 3
	})},
	{"bitbucket://me%40b.c:t%3Ao%2Fk@acme/web", with(func(c *Config) {
		apiToken("me@b.c", "t:o/k")(c)
		c.Workspace, c.Schema = "acme", "web"
	})},
	{"bitbucket://me@b.c:tok@acme", with(func(c *Config) { apiToken("me@b.c", "tok")(c); c.Workspace = "acme" })},
	{"bitbucket://me%40b.c@acme?APIToken=tok", with(func(c *Config) { apiToken("me@b.c", "tok")(c); c.Workspace = "acme" })},
	{"bitbucket://:tok@acme", with(func(c *Config) { accessToken("tok")(c); c.Workspace = "acme" })},
	{"bitbucket://{0f2b3c4d-1111-2222-3333-444455556666}/Workspace?AccessToken=tok", with(func(c *Config) {
		accessToken("tok")(c)
		c.Workspace, c.Schema = "{0f2b3c4d-1111-2222-3333-444455556666}", "Workspace"
	})},
}

func TestParseDSN(t *testing.T) {
	for _, test := range goodDSNs {
		got, err := ParseDSN(test.dsn)
		if err != nil {
			t.Errorf("%s: %v", test.dsn, err)
			continue
		}
		if *got != *test.want {
			t.Errorf("%s: got %s, want %s", test.dsn, got.FormatDSN(), test.want.FormatDSN())
		}
		again, err := ParseDSN(got.FormatDSN())
		if err != nil || *again != *got {
			t.Errorf("%s: read back from %s: %v, %v", test.dsn, got.FormatDSN(), again, err)
		}
	}
}

// badDSNs have the faults given, property and a piece of the problem, in this order. The word "secret" never shows.
var badDSNs = []struct {
	dsn    string
	faults []Fault
}{
	{"", []Fault{{"OAuthAccessToken", "no credentials are given: set OAuthAccessToken, or User and APIToken, or AccessToken"}}},
	{"Worksapce=x;AccessToken=secret", []Fault{{"Worksapce", `did you mean "Workspace"?`}}},
	{"AccessToken=secret;Worksapce=secret", []Fault{{"", `did you mean "Workspace"?`}}},
	{"AccessToken='secret';Worksapce=x", []Fault{{"Worksapce", `did you mean "Workspace"?`}}},
	{"Token=secret", []Fault{
		{"Token", `did you mean "APIToken" or "AccessToken" or "OAuthAccessToken"?`}, {"OAuthAccessToken", "no credentials"},
	}},
	{"AccessToken=a;secret;secret=1;Verbosity=9", []Fault{
		{"AccessToken", "must be quoted"}, {"", "must be quoted"}, {"Verbosity", "9 is out of range, allowed are 1 to 5"},
	}},
	{"AccessToken=a;AccessToken=b;secret", []Fault{{"AccessToken", "twice"}, {"AccessToken", "must be quoted"}}},
	{"AccessToken='secret'secret;x=1", []Fault{{"AccessToken", "after its closing quote"}, {"", "unknown property"}}},
	{"AccessToken='secret", []Fault{{"AccessToken", "not closed"}}},
	{"ATATTsecret-9=1234", []Fault{{"", "not shown"}, {"OAuthAccessToken", "no credentials"}}},
	{"secret", []Fault{{"", `no "="`}, {"OAuthAccessToken", "no credentials"}}},
	{"=secret;AccessToken=x", []Fault{{"", `no name before its "="`}}},
	{"AuthScheme=secret1;AccessToken=x", []Fault{{"AuthScheme", "not one of OAuth, OAuthClient, APIToken, AccessToken, None"}}},
	{"AuthScheme=AcessToken;AccessToken=x", []Fault{{"AuthScheme", `did you mean "AccessToken"?`}}},
	{
		"MaxRows=0;MaxRequests=-1;MaxInFlight=0;Pagesize=x;Timeout=1m;ReadOnly=maybe;AccessToken=secret;User='a\nb'",
		[]Fault{
			{"Pagesize", `"x" is not a whole number`},
			{"Timeout", `"1m" is not a number of seconds`},
			{"ReadOnly", `"maybe" is neither true nor false`},
			{"User", "control character"},
			{"MaxRequests", "-1 is out of range, the least is 0"},
			{"MaxInFlight", "0 is out of range, allowed are 1 to 100"},
			{"MaxRows", "-1 means no limit"},
		},
	},
	{"Timeout=-1;AccessToken=secret", []Fault{{"Timeout", "must not be negative"}}},
	{"Timeout=99999999999;AccessToken=secret", []Fault{{"Timeout", "is not a number of seconds"}}},
	{"Workspace=x;Workspace=y;AccessToken=secret", []Fault{{"Workspace", "given twice"}}},
	{"Workspace=https://bitbucket.org/acme;AccessToken=secret", []Fault{{"Workspace", "not a URL"}}},
	{"BaseURL=http://api.bitbucket.org/2.0;AccessToken=secret", []Fault{{"BaseURL", "http to api.bitbucket.org would send the secret in clear text"}}},
	{"BaseURL=https://me:secret@proxy/;AccessToken=secret", []Fault{{"BaseURL", "must not contain a user"}}},
	{"BaseURL=https://me:secret@pro xy/%;AccessToken=secret", []Fault{{"BaseURL", "is not a URL"}}},
	{"BaseURL=ftp://x;AccessToken=secret", []Fault{{"BaseURL", "must begin with https://"}}},
	{"BaseURL=https://x/?a=secret;AccessToken=secret", []Fault{{"BaseURL", "must not contain ?"}}},
	{"AuthScheme=OAuth;AccessToken=secret", []Fault{{"OAuthAccessToken", "AuthScheme OAuth needs it"}}},
	{"AuthScheme=APIToken", []Fault{{"User", "e-mail"}, {"APIToken", "needs it"}}},
	{"User=a@b.c", []Fault{{"APIToken", "needs it"}}},
	{"APIToken=secret", []Fault{{"User", "needs it"}}},
	{"AuthScheme=AccessToken", []Fault{{"AccessToken", "needs it"}}},
	{"User=me:secret;APIToken=secret", []Fault{{"User", "must not contain a colon"}}},
	{"APIToken=secret;AccessToken=secret", []Fault{{"AuthScheme", "secrets for APIToken and AccessToken are given"}}},
	{"bitbucket://me:sec/ret@acme/web", []Fault{{"", `write %2F for a /`}, {"OAuthAccessToken", "no credentials"}}},
	{"bitbucket://:secret", []Fault{{"Workspace", `takes no ":"`}, {"OAuthAccessToken", "no credentials"}}},
	{"bitbucket://:sec?ret@acme", []Fault{{"Workspace", `takes no ":"`}, {"", `no "="`}, {"OAuthAccessToken", "no credentials"}}},
	{"bitbucket://:sec#ret@acme", []Fault{{"", `write %23`}, {"OAuthAccessToken", "no credentials"}}},
	{"bitbucket://:%secret@acme/a/b", []Fault{{"AccessToken", "%25"}, {"Schema", "%2F"}, {"OAuthAccessToken", "no credentials"}}},
	{"bitbucket://a:secret@acme?User=b", []Fault{{"User", "given twice"}}},
	{"bitbucket://acme?AccessToken=a&secret&secret=b", []Fault{{"AccessToken", "percent-encoded"}, {"", "percent-encoded"}}},
	{"bitbucket://acme?AccessToken=%secret&%secret=1&Foo=%&x", []Fault{
		{"AccessToken", "%25"}, {"", "not shown"}, {"Foo", "is not a connection property"}, {"", `no "="`}, {"OAuthAccessToken", "no credentials"},
	}},
}

func TestParseDSNFaults(t *testing.T) {
	for _, test := range badDSNs {
		c, err := ParseDSN(test.dsn)
		var ce *ConfigError
		if !errors.As(err, &ce) {
			t.Errorf("%s: error %v, want a *ConfigError", test.dsn, err)
			continue
		}
		ok := len(ce.Faults) == len(test.faults)
		for i := range ce.Faults {
			ok = ok && ce.Faults[i].Property == test.faults[i].Property && strings.Contains(ce.Faults[i].Problem, test.faults[i].Problem)
		}
		if !ok {
			t.Errorf("%s: faults\n%q, want\n%q", test.dsn, ce.Faults, test.faults)
		}
		for _, shown := range []string{ce.Error(), c.String()} {
			shown = strings.ReplaceAll(shown, "the secret", "")
			shown = strings.ReplaceAll(shown, "secrets for", "")
			if strings.Contains(shown, "secret") {
				t.Errorf("%s: the secret shows in %s", test.dsn, shown)
			}
		}
	}
}

// A secret that is not quoted as it should be, next to any other text, never shows up in the error or in String.
func TestSecretsStayOut(t *testing.T) {
	const secret = "zq7Xk"
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"APIToken", "AccessToken", "OAuth Access_Token"}).Draw(t, "name")
		piece := rapid.SampledFrom([]string{";", "'", "\"", "}", "{", "=", " ", "&", "x", "%", "Schema", "", "@", ":", "/"})
		value := ""
		for range rapid.IntRange(1, 4).Draw(t, "pieces") {
			value += secret + piece.Draw(t, "piece")
		}
		var dsn string
		if rapid.Bool().Draw(t, "url") {
			dsn = "bitbucket://acme?" + name + "=" + value
		} else {
			dsn = "Workspace=acme;" + name + "=" + value
		}
		c, err := ParseDSN(dsn)
		shown := c.String()
		if err != nil {
			shown += err.Error()
		}
		if strings.Contains(shown, secret) {
			t.Fatalf("%s: the secret shows in %s", dsn, shown)
		}
	})
}

func FuzzParseDSN(f *testing.F) {
	for _, test := range goodDSNs {
		f.Add(test.dsn)
	}
	for _, test := range badDSNs {
		f.Add(test.dsn)
	}
	f.Fuzz(func(t *testing.T, dsn string) {
		c, err := ParseDSN(dsn)
		if c == nil {
			t.Fatal("no Config")
		}
		if err != nil {
			return
		}
		text := c.FormatDSN()
		again, err := ParseDSN(text)
		if err != nil {
			t.Fatalf("%q was written as %q, which is refused: %v", dsn, text, err)
		}
		if *again != *c {
			t.Fatalf("%q was written as %q, which is read as %#v", dsn, text, again)
		}
		if twice := again.FormatDSN(); twice != text {
			t.Fatalf("%q was written as %q and then as %q", dsn, text, twice)
		}
	})
}
