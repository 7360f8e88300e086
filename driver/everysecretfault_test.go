package driver

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/proxyfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// echoes are error answers of a server that repeats a text: what it was sent, say.
func echoes(text string) []string {
	quoted, _ := json.Marshal(text)
	return []string{
		fmt.Sprintf(`{"type":"error","error":{"message":%s,"detail":%[1]s,"fields":{%[1]s:[%[1]s]}}}`, quoted),
		fmt.Sprintf(`{"type":"error","error":{"message":"m","detail":{"required":[%s],"granted":[%[1]s]}}}`, quoted),
		fmt.Sprintf(`{"type":"error","error":{"message":%q}}`, strings.Repeat("x", 470)+text+" "+url.QueryEscape(text)), // cut in the middle of it
		fmt.Sprintf(`{"error":%s}`, quoted),
		fmt.Sprintf(`{"error":%s,"error_description":%[1]s,"error_uri":%[1]s}`, quoted),
		"<html>" + text + "</html>",
		text,
		`{"values": "` + text,
	}
}

// credentialOf is the header that a property makes.
func credentialOf(property, secret string) string {
	if property == "APIToken" {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte("me@example.com:"+secret))
	}
	return "Bearer " + secret
}

// TestEverySecretInFaults meets every fault of the fake, some of which repeat the credential.
func TestEverySecretInFaults(t *testing.T) {
	queries := []string{
		"SELECT Id, Title FROM platform.PullRequests", "SELECT * FROM Repositories WHERE Slug = 'platform'", "SELECT COUNT(*) FROM Workspace.Branches",
		"SELECT * FROM platform.FileContents WHERE Path = 'README.md'",
	}
	for _, property := range []string{"APIToken", "AccessToken"} { // the third sends what AccessToken does
		secrets, scheme := everySecret(t), schemes[property]
		secret := secrets[property]
		header := credentialOf(property, secret)
		var faults []bitbucketfake.Fault
		for kind := bitbucketfake.FaultStatus; kind <= bitbucketfake.FaultNext; kind++ {
			if kind == bitbucketfake.FaultHang {
				continue // as FaultCut, but for its time
			}
			faults = append(faults, bitbucketfake.Fault{Kind: kind, Host: "http://" + secret + ".example:1/" + url.PathEscape(header), RetryAfter: "0"})
		}
		for _, text := range []string{header, secret, strings.TrimPrefix(header, "Basic ")} {
			for i, body := range echoes(text) {
				status := []int{401, 403, 404, 410, 429, 400, 422, 418}[i]
				faults = append(faults,
					bitbucketfake.Fault{Kind: bitbucketfake.FaultStatus, Status: status, Body: body, RetryAfter: "0"},
					bitbucketfake.Fault{Kind: bitbucketfake.FaultHTML, Body: body, Header: map[string]string{"X-Echo": text}},
				)
			}
			faults = append(faults,
				bitbucketfake.Fault{Kind: bitbucketfake.FaultStatus, Status: 503, Body: echoes(text)[0], Times: 1},
				bitbucketfake.Fault{Kind: bitbucketfake.FaultRateLimit, Body: echoes(text)[0], RetryAfter: "0"},
				bitbucketfake.Fault{Kind: bitbucketfake.FaultRateLimit, Body: text, RetryAfter: "3600"},
			)
			for _, to := range []string{
				"http://127.0.0.1:1/" + url.PathEscape(text) + "?token=" + url.QueryEscape(text), "http://" + url.PathEscape(text) + "/", "ftp://" + text,
				"http://me:" + url.PathEscape(text) + "@127.0.0.1:1/", "://" + text, "/2.0/" + url.PathEscape(text),
			} {
				faults = append(faults, bitbucketfake.Fault{Kind: bitbucketfake.FaultStatus, Status: http.StatusFound, Header: map[string]string{"Location": to}})
			}
		}
		t.Run(property, func(t *testing.T) {
			t.Parallel()
			var fake *bitbucketfake.Server
			var db *sql.DB
			failed, met, limited := 0, 0, true
			for i, fault := range faults {
				if limited { // requests to that server wait from here on
					fake = startFake(t, bitbucketfake.Config{Token: secret})
					db = openEverySecret(t, everySecretDSN(t, fake.URL()+"/2.0", secrets, scheme, "Timeout=0.2"))
				}
				limited = fault.Kind == bitbucketfake.FaultRateLimit || fault.Status == http.StatusTooManyRequests
				fake.SetFaults(bitbucketfake.Faults{fault})
				fake.Reset()
				if secretscan.Error(queryAll(t, db, queries[i%len(queries)])) != nil {
					failed++
				}
				if fake.Stats().Requests > 0 {
					met++
				}
				if i%5 == 0 {
					_ = secretscan.Error(db.PingContext(t.Context()))
					_ = handOver(t.Context(), db, "EXEC TestConnection")
				}
			}
			t.Logf("%d of %d faults are met, %d are errors", met, len(faults), failed)
			if met < len(faults)*3/4 || failed < len(faults)*3/4 {
				t.Errorf("only %d of %d faults are met, %d are errors", met, len(faults), failed)
			}
		})
	}
}

// TestEverySecretInUnreachable has nobody listen, and proxies and firewalls that refuse.
func TestEverySecretInUnreachable(t *testing.T) {
	secrets := everySecret(t)
	refusing := func(kind proxyfake.Kind) string {
		p := startProxy(t, proxyfake.Config{Kind: kind, User: "me", Password: "other"})
		return fmt.Sprint(p.Port())
	}
	for name, change := range map[string][]string{
		"nobody":           {"BaseURL=http://127.0.0.1:1/2.0"},
		"no name":          {"BaseURL=https://no-such-host.invalid/2.0"},
		"proxy":            {"ProxyPort=1"},
		"proxy refuses":    {"ProxyPort=" + refusing(proxyfake.HTTP)},
		"tunnel refuses":   {"ProxyPort=" + refusing(proxyfake.HTTP), "ProxySSLType=TUNNEL"},
		"TLS to proxy":     {"ProxySSLType=ALWAYS"},
		"firewall":         {"FirewallPort=1"},
		"firewall refuses": {"FirewallPort=" + refusing(proxyfake.SOCKS5)},
		"CONNECT refuses":  {"FirewallType=TUNNEL", "FirewallPort=" + refusing(proxyfake.HTTP)},
		"certificate":      {"SSLServerCert=" + strings.Repeat("ab", 32), "BaseURL=https://127.0.0.1:1/2.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, scheme := range []string{"AuthScheme=APIToken", "AuthScheme=OAuthClient", "AuthScheme=OAuth;InitiateOAuth=REFRESH"} {
				more := append(strings.Split(scheme, ";"), "Timeout=0.5", "OAuthAccessTokenURL=http://127.0.0.1:1/token")
				db := openEverySecret(t, everySecretDSN(t, "http://127.0.0.1:1/2.0", secrets, append(more, change...)...))
				if err := secretscan.Error(db.PingContext(t.Context())); err == nil {
					t.Error("it is reached")
				}
				if err := handOver(t.Context(), db, "SELECT Slug FROM Repositories"); err == nil {
					t.Error("it is read")
				}
			}
		})
	}
}

// TestEverySecretInTokenErrors has a token endpoint that repeats all that it is sent, in every way.
func TestEverySecretInTokenErrors(t *testing.T) {
	answer := 0
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		_, password, _ := r.BasicAuth()
		all := []string{r.Header.Get("Authorization"), strings.TrimPrefix(r.Header.Get("Authorization"), "Basic "), password, string(body)}
		for _, values := range form {
			all = append(all, values...)
		}
		text := strings.Join(all, " ")
		bodies := echoes(text)
		if answer/3 == len(bodies) {
			w.Header().Set("Location", "http://127.0.0.1:1/?"+url.QueryEscape(text))
			w.WriteHeader(http.StatusTemporaryRedirect)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader([]int{400, 500, 200}[answer%3])
		_, _ = io.WriteString(w, bodies[answer/3])
	}))
	t.Cleanup(endpoint.Close)
	secrets := everySecret(t)
	for answer = range 3*len(echoes("")) + 1 {
		for _, how := range []string{
			"AuthScheme=OAuthClient", "AuthScheme=OAuthClient;InitiateOAuth=REFRESH", "AuthScheme=OAuth;InitiateOAuth=REFRESH;OAuthVerifier=;OAuthAccessToken=",
			"AuthScheme=OAuth;InitiateOAuth=REFRESH;OAuthRefreshToken=;OAuthAccessToken=",
		} {
			more := append(strings.Split(how, ";"), "ProxyServer=", "ProxyUser=", "ProxyPassword=", "FirewallType=NONE", "FirewallServer=", "FirewallUser=", "FirewallPassword=",
				"OAuthAccessTokenURL="+endpoint.URL+"/token?x="+secrets["OAuthVerifier"], "OAuthSettingsLocation="+newMemory())
			db := openEverySecret(t, everySecretDSN(t, "http://127.0.0.1:1/2.0", secrets, more...))
			if err := secretscan.Error(db.PingContext(t.Context())); err == nil {
				t.Errorf("%s: there is a token", how)
			}
			for _, text := range []string{
				"SELECT Slug FROM Repositories", "EXEC GetOAuthAccessToken @AuthMode='WEB', @Verifier=?", "EXEC RefreshOAuthAccessToken ?",
			} {
				var args []any
				if strings.Contains(text, "?") {
					args = []any{secrets["OAuthRefreshToken"]}
				}
				if err := handOver(t.Context(), db, text, args...); err == nil {
					t.Errorf("%s: %s runs", how, text)
				}
			}
		}
	}
}
