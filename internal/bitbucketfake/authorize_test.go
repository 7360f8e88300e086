package bitbucketfake

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

func load(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	p, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Body.Close() }()
	b, err := io.ReadAll(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	return p, string(b)
}

// The page holds a form that a browser can send, and markup in what the client sent stays text.
func TestAuthorizePage(t *testing.T) {
	s := start(t, Config{OAuth: []Consumer{{Key: `k<b>"&`, CallbackURL: "http://localhost:33333", Scopes: []string{"repository", "pullrequest:write"}}}})
	address := authorizeAddress(s, "client_id", `k<b>"&`, "state", `"><script>&x`)
	p, page := load(t, address)
	if p.StatusCode != 200 || !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") || strings.Contains(page, "<script>") || strings.Contains(page, "k<b>") {
		t.Fatalf("%d %s", p.StatusCode, page)
	}
	if !strings.Contains(page, "<li>repository</li>\n<li>pullrequest:write</li>") || !strings.Contains(page, "Allow</button>") || !strings.Contains(page, "Deny</button>") {
		t.Errorf("page: %s", page)
	}
	if s.OAuthStats() != (OAuthStats{}) {
		t.Errorf("looking at the page did something: %+v", s.OAuthStats())
	}
	m := regexp.MustCompile(`action="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no form")
	}
	to := s.URL() + strings.NewReplacer("&amp;", "&", "&#34;", `"`, "&lt;", "<", "&gt;", ">").Replace(m[1])
	if to != address {
		t.Errorf("the form leads to %s, not to %s", to, address)
	}
}

func TestAuthorizeAnswers(t *testing.T) {
	s := start(t, Config{})
	v := allow(t, s, "state", "a b&c=ü")
	if v.Get("state") != "a b&c=ü" || len(v.Get("code")) < 10 || v.Has("error") {
		t.Errorf("allowed: %v", v)
	}
	if v = allow(t, s); v.Has("state") || !v.Has("code") {
		t.Errorf("without state: %v", v)
	}
	v = decide(t, s, false, "state", "xyz")
	if v.Get("error") != "access_denied" || v.Get("state") != "xyz" || v.Has("code") {
		t.Errorf("denied: %v", v)
	}
	if st := s.OAuthStats(); st.Authorized != 2 || st.Denied != 1 || st.Issued != 0 {
		t.Errorf("%+v", st)
	}
	for _, c := range []struct{ name, value, want string }{
		{"response_type", "token", "unsupported_response_type"}, {"response_type", "", "unsupported_response_type"}, {"scope", "repository repository:delete", "invalid_scope"},
	} {
		if v = allow(t, s, c.name, c.value, "state", "s"); v.Get("error") != c.want || v.Get("state") != "s" || v.Has("code") {
			t.Errorf("%s=%s: %v", c.name, c.value, v)
		}
	}
	for _, c := range []struct{ name, value, want string }{
		{"client_id", "other", "Invalid client_id"}, {"redirect_uri", "http://localhost:33334", "Invalid redirect_uri"}, {"redirect_uri", "", "Invalid redirect_uri"},
	} {
		p, page := load(t, authorizeAddress(s, c.name, c.value))
		if p.StatusCode != 400 || heading(page) != c.want {
			t.Errorf("%s=%s: %d %s", c.name, c.value, p.StatusCode, page)
		}
		if _, err := SignIn(t.Context(), authorizeAddress(s, c.name, c.value), true); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: %v", c.name, c.value, err)
		}
	}
	for _, body := range []string{"", "action=perhaps"} {
		p, err := http.Post(authorizeAddress(s), "application/x-www-form-urlencoded", strings.NewReader(body))
		if err != nil || p.StatusCode != 400 {
			t.Errorf("form %q: %v %v", body, p, err)
		}
		_ = p.Body.Close()
	}
	if p, _ := load(t, s.URL()+"/site/oauth2/other"); p.StatusCode != 404 {
		t.Error(p.Status)
	}
}

// A redirect_uri equals or extends the registered callback.
func TestRedirectURI(t *testing.T) {
	for _, c := range []struct {
		registered, uri string
		good            bool
	}{
		{"http://localhost:33333", "http://localhost:33333", true},
		{"http://localhost:33333", "http://localhost:33333/", true},
		{"http://localhost:33333", "http://LOCALHOST:33333/any/where?x=1", true},
		{"http://localhost:33333/", "http://localhost:33333", true},
		{"http://localhost:33333", "http://localhost:333333", false},
		{"http://localhost:33333", "http://localhost:33334/", false},
		{"http://localhost:33333", "http://localhost/", false},
		{"http://localhost:33333", "https://localhost:33333", false},
		{"http://localhost:33333", "http://127.0.0.1:33333", false},
		{"http://localhost:33333", "http://localhost:33333@evil.example", false},
		{"http://localhost:33333", "http://a@localhost:33333", false},
		{"http://localhost:33333", "http://localhost:33333/#f", false},
		{"http://localhost:33333", "localhost:33333", false},
		{"http://localhost:33333", "", false},
		{"https://x.example/cb", "https://x.example/cb/more", true},
		{"https://x.example/cb", "https://x.example/cb?a=b", true},
		{"https://x.example/cb", "https://x.example/cbx", false},
		{"https://x.example/cb", "https://x.example/", false},
		{"https://x.example/cb", "https://x.example/cb/../other", false},
		{"https://x.example/cb", "https://x.example/cb/%2e%2e/other", false},
		{"https://x.example/cb?a=b", "https://x.example/cb?a=b&c=d", true},
		{"https://x.example/cb?a=b", "https://x.example/cb?a=bc", false},
		{"https://x.example/cb?a=b", "https://x.example/cb", false},
		{"", "http://localhost:33333", false},
	} {
		if got := (Consumer{CallbackURL: c.registered}).redirects(c.uri); got != c.good {
			t.Errorf("%s for %s: %v", c.uri, c.registered, got)
		}
	}
}

// The redirect keeps the query of the redirect_uri, and the exchange must repeat the redirect_uri.
func TestRedirectIsRepeated(t *testing.T) {
	s := start(t, Config{})
	const uri = "http://localhost:33333/cb?keep=1"
	to, err := SignIn(t.Context(), authorizeAddress(s, "redirect_uri", uri, "state", "s"), true)
	if err != nil || !strings.HasPrefix(to, uri+"&") {
		t.Fatal(to, err)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	code := u.Query().Get("code")
	refused(t, post(t, s, "grant_type", "authorization_code", "code", code), "invalid_grant", "redirect_uri")
	refused(t, post(t, s, "grant_type", "authorization_code", "code", code, "redirect_uri", "http://localhost:33333/cb"), "invalid_grant", "redirect_uri")
	granted(t, post(t, s, "grant_type", "authorization_code", "code", code, "redirect_uri", uri))

	code = allow(t, s).Get("code")
	refused(t, post(t, s, "grant_type", "authorization_code", "code", code, "redirect_uri", uri), "invalid_grant", "redirect_uri")
	granted(t, post(t, s, "grant_type", "authorization_code", "code", code, "redirect_uri", "http://localhost:33333"))
}

// The example of RFC 7636, appendix B.
const (
	rfcVerifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	rfcChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

func TestPKCE(t *testing.T) {
	s := start(t, Config{VerifyPKCE: true})
	exchange := func(verifier string, query ...string) tokenReply {
		return post(t, s, "grant_type", "authorization_code", "code", allow(t, s, query...).Get("code"), "code_verifier", verifier)
	}
	good := []string{"code_challenge", rfcChallenge, "code_challenge_method", "S256"}
	granted(t, exchange(rfcVerifier, good...))
	granted(t, exchange(""))
	refused(t, exchange("", good...), "invalid_grant", "code_verifier")
	refused(t, exchange(rfcVerifier+"x", good...), "invalid_grant", "code_verifier")
	refused(t, exchange(rfcChallenge, good...), "invalid_grant", "code_verifier")
	refused(t, exchange(rfcVerifier), "invalid_grant", "code_verifier")
	for _, bad := range [][]string{
		{"code_challenge", rfcChallenge},
		{"code_challenge", rfcChallenge, "code_challenge_method", "plain"},
		{"code_challenge", rfcChallenge[1:], "code_challenge_method", "S256"},
	} {
		if v := allow(t, s, bad...); v.Get("error") != "invalid_request" {
			t.Errorf("%v: %v", bad, v)
		}
	}

	lax := start(t, Config{}) // as the service: the challenge is taken and forgotten
	code := allow(t, lax, "code_challenge", rfcChallenge, "code_challenge_method", "S256").Get("code")
	granted(t, post(t, lax, "grant_type", "authorization_code", "code", code, "code_verifier", "wrong"))
}

func TestCode(t *testing.T) {
	s := start(t, Config{OAuth: []Consumer{demoConsumer, {Key: "other", Secret: "o", CallbackURL: "http://localhost:33333"}}})
	code := allow(t, s).Get("code")
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}}.Encode()
	refused(t, postAs(t, s, "other", "o", "application/x-www-form-urlencoded", form), "invalid_grant", "not valid")
	first := granted(t, post(t, s, "grant_type", "authorization_code", "code", code))
	wantStatus(t, bearer(s, "/2.0/user", first.access()), 200, "")
	refused(t, post(t, s, "grant_type", "authorization_code", "code", code), "invalid_grant", "used")
	wantStatus(t, bearer(s, "/2.0/user", first.access()), 401, badToken)
	refused(t, post(t, s, "grant_type", "refresh_token", "refresh_token", first.refresh()), "invalid_grant", "refresh_token")
	refused(t, post(t, s, "grant_type", "authorization_code"), "invalid_grant", "not valid")

	code = allow(t, s).Get("code")
	s.SetClockSkew(9 * time.Minute)
	fresh := allow(t, s).Get("code")
	s.SetClockSkew(11 * time.Minute)
	refused(t, post(t, s, "grant_type", "authorization_code", "code", code), "invalid_grant", "expired")
	granted(t, post(t, s, "grant_type", "authorization_code", "code", fresh))
	if st := s.OAuthStats(); st.CodesUsedTwice != 1 || st.Issued != 2 || st.Refused != 5 || st.Authorized != 3 || st.Rejected != 1 {
		t.Errorf("%+v", st)
	}

	short := start(t, Config{CodeLifetime: time.Nanosecond})
	code = allow(t, short).Get("code")
	refused(t, post(t, short, "grant_type", "authorization_code", "code", code), "invalid_grant", "expired")
}
