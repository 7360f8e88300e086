package bitbucketfake

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTokenAnswer(t *testing.T) {
	s := start(t, Config{})
	r := signIn(t, s)
	if len(r.access()) != 2600 || !regexp.MustCompile(`^[A-Za-z0-9_-]+==$`).MatchString(r.access()) || len(r.refresh()) < 16 {
		t.Errorf("%d characters, %s", len(r.access()), r.refresh())
	}
	if r.members["expires_in"] != 3600.0 || r.str("state") != "authorization_code" || r.str("scope") != strings.Join(consumerScopes, " ") || r.members["scopes"] != nil {
		t.Errorf("%v", r.members)
	}
	old := start(t, Config{ScopeMember: "scopes", TokenLength: 64, TokenLifetime: 2900 * time.Millisecond})
	r = signIn(t, old, "scope", "account repository")
	if len(r.access()) != 64 || r.members["expires_in"] != 2.0 || r.str("scopes") != "account repository" || r.members["scope"] != nil {
		t.Errorf("%v", r.members)
	}
	mute := start(t, Config{ScopeMember: "-", TokenLength: 1, TokenLifetime: time.Millisecond})
	r = granted(t, post(t, mute, "grant_type", "client_credentials"))
	if len(r.access()) != 40 || r.members["expires_in"] != 1.0 || r.members["scopes"] != nil || r.members["scope"] != nil {
		t.Errorf("%v", r.members)
	}
}

func TestTokenRequest(t *testing.T) {
	s := start(t, Config{OAuth: []Consumer{{Key: "k +%&é", Secret: "s/+: %41", Private: true}}})
	const form, body = "application/x-www-form-urlencoded", "grant_type=client_credentials"
	key, password := s.config.OAuth[0].Key, s.config.OAuth[0].Secret
	granted(t, postAs(t, s, key, password, form, body))
	granted(t, postAs(t, s, key, password, form+"; charset=UTF-8", body))
	granted(t, postAs(t, s, url.QueryEscape(key), url.QueryEscape(password), form, body))
	for _, c := range []struct{ key, password, kind, body, code, description string }{
		{key, password, "application/json", `{"grant_type":"client_credentials"}`, "invalid_grant", "Unsupported grant type: None"},
		{key, password, form, "", "invalid_grant", "Unsupported grant type: None"},
		{key, password, form, "%zz", "invalid_grant", "Unsupported grant type: None"},
		{key, password, form, body + "&x=" + strings.Repeat("x", formLimit), "invalid_grant", "Unsupported grant type: None"},
		{key, password, form, "grant_type=password&username=u&password=p", "invalid_grant", "Unsupported grant type: password"},
		{key, password, form, "grant_type=implicit", "invalid_grant", "Unsupported grant type: implicit"},
		{key, password, form, "grant_type=refresh_token", "invalid_grant", "Invalid refresh_token"},
		{key, password, form, body + "&" + body, "invalid_request", "grant_type"},
		{key, "wrong", form, body, "unauthorized_client", "Invalid OAuth client credentials"},
		{"wrong", password, form, body, "unauthorized_client", "Invalid OAuth client credentials"},
		{"", "", form, body + "&client_id=" + url.QueryEscape(key) + "&client_secret=" + url.QueryEscape(password), "unauthorized_client", "must be authenticated"},
	} {
		refused(t, postAs(t, s, c.key, c.password, c.kind, c.body), c.code, c.description)
	}
	p, err := http.Get(s.TokenURL() + "?" + body)
	if err != nil || p.StatusCode != 405 || p.Header.Get("Allow") != "POST" {
		t.Error(p, err)
	}
	_ = p.Body.Close()
	if r := postAs(t, s, key, password, form, ""); r.status != 400 || r.str("error_description") == password {
		t.Errorf("%v", r)
	}
	if st := s.OAuthStats(); st.Issued != 3 || st.ClientCredentials != 3 || st.Refused != 12 {
		t.Errorf("%+v", st)
	}
}

func TestClientCredentials(t *testing.T) {
	s := start(t, Config{OAuth: []Consumer{{Key: "demo-key", Secret: "demo-secret", Scopes: []string{"account"}}}})
	refused(t, post(t, s, "grant_type", "client_credentials"), "invalid_grant", "not private")
	s.SetConsumer(Consumer{Key: "demo-key", Secret: "demo-secret", Private: true, Scopes: []string{"account"}})
	r := granted(t, post(t, s, "grant_type", "client_credentials"))
	if r.members["refresh_token"] != nil || r.str("scope") != "account" || r.str("state") != "client_credentials" {
		t.Errorf("%v", r.members)
	}
	wantStatus(t, bearer(s, "/2.0/user", r.access()), 200, `"type":"app_user"`)
	p, page := load(t, authorizeAddress(s)) // without a callback there is no page
	if p.StatusCode != 400 || heading(page) != "Invalid redirect_uri" {
		t.Errorf("%d %s", p.StatusCode, page)
	}
}

func TestRefresh(t *testing.T) {
	s := start(t, Config{OAuth: []Consumer{demoConsumer, {Key: "other", Secret: "o"}}})
	first := signIn(t, s, "scope", "account pullrequest")
	second := granted(t, post(t, s, "grant_type", "refresh_token", "refresh_token", first.refresh()))
	if second.refresh() == first.refresh() || second.access() == first.access() || second.refresh() == "" || second.str("scope") != "account pullrequest" {
		t.Errorf("%v", second.members)
	}
	for _, r := range []tokenReply{first, second} { // access tokens live until they expire
		wantStatus(t, bearer(s, "/2.0/user", r.access()), 200, "")
	}
	refused(t, post(t, s, "grant_type", "refresh_token", "refresh_token", first.refresh()), "invalid_grant", "Invalid refresh_token")
	refused(t, post(t, s, "grant_type", "refresh_token", "refresh_token", "made up"), "invalid_grant", "Invalid refresh_token")
	refused(t, postAs(t, s, "other", "o", "application/x-www-form-urlencoded", "grant_type=refresh_token&refresh_token="+second.refresh()), "invalid_grant", "")
	if st := s.OAuthStats(); st.Issued != 2 || st.Refreshed != 1 || st.Reused != 1 || st.Refused != 3 {
		t.Errorf("%+v", st)
	}
	s.SetClockSkew(-time.Hour) // the dead token stays dead when the clock goes back
	refused(t, post(t, s, "grant_type", "refresh_token", "refresh_token", first.refresh()), "invalid_grant", "Invalid refresh_token")
	s.SetClockSkew(89 * 24 * time.Hour)
	third := granted(t, post(t, s, "grant_type", "refresh_token", "refresh_token", second.refresh()))
	s.SetClockSkew(178 * 24 * time.Hour)
	fourth := granted(t, post(t, s, "grant_type", "refresh_token", "refresh_token", third.refresh()))
	s.SetClockSkew(269 * 24 * time.Hour)
	refused(t, post(t, s, "grant_type", "refresh_token", "refresh_token", fourth.refresh()), "invalid_grant", "Invalid refresh_token")
}

func TestRefreshGrace(t *testing.T) {
	s := start(t, Config{RefreshGrace: 10 * time.Minute})
	old := signIn(t, s).refresh()
	again := []string{"grant_type", "refresh_token", "refresh_token", old}
	a, b := granted(t, post(t, s, again...)), granted(t, post(t, s, again...))
	if a.refresh() == b.refresh() {
		t.Error("one refresh token for two answers")
	}
	s.SetClockSkew(9 * time.Minute)
	granted(t, post(t, s, again...))
	s.SetClockSkew(11 * time.Minute) // a use within the period does not lengthen it
	refused(t, post(t, s, again...), "invalid_grant", "Invalid refresh_token")
	granted(t, post(t, s, "grant_type", "refresh_token", "refresh_token", a.refresh()))
	if st := s.OAuthStats(); st.Reused != 3 || st.Refreshed != 4 {
		t.Errorf("%+v", st)
	}
}

// Of many who come at once with one refresh token, one gets the new one.
func TestRefreshRace(t *testing.T) {
	s := start(t, Config{})
	old := signIn(t, s).refresh()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old}}.Encode()
	var mu sync.Mutex
	var won []tokenReply
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if r := postAs(t, s, "demo-key", "demo-secret", "application/x-www-form-urlencoded", form); r.status == 200 {
				mu.Lock()
				won = append(won, r)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if st := s.OAuthStats(); len(won) != 1 || st.Refreshed != 1 || st.Reused != 19 || st.Refused != 19 {
		t.Fatalf("%d won, %+v", len(won), st)
	}
	granted(t, post(t, s, "grant_type", "refresh_token", "refresh_token", won[0].refresh()))
}

// Faults hit the token endpoint by its path; a cut answer loses the new refresh token, the old one is used up.
func TestTokenFaults(t *testing.T) {
	s := start(t, Config{})
	r := signIn(t, s)
	form := []string{"grant_type", "refresh_token", "refresh_token", r.refresh()}
	s.SetFaults(Faults{
		{Path: "oauth2/access_token", Times: 1, Kind: FaultStatus, Status: 503, Body: "<html>down</html>"},
		{Path: "oauth2/access_token", Times: 1, Kind: FaultStatus, Status: 400, Body: `{"error":"slow_down"}`},
		{Path: "oauth2/access_token", Kind: FaultCut, Times: 1},
	})
	p, err := http.PostForm(s.TokenURL(), nil)
	if err != nil || p.StatusCode != 503 || !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
		t.Fatal(p, err)
	}
	_ = p.Body.Close()
	if x := post(t, s, form...); x.status != 400 || x.str("error") != "slow_down" {
		t.Errorf("%v", x)
	}
	wantStatus(t, bearer(s, "/2.0/user", r.access()), 200, "") // the API is well
	if x := post(t, s, form...); x.err == nil {
		t.Errorf("not cut: %v", x)
	}
	refused(t, post(t, s, form...), "invalid_grant", "Invalid refresh_token")
	if st := s.OAuthStats(); st.Refreshed != 1 || st.Reused != 1 || st.Refused != 1 {
		t.Errorf("%+v", st)
	}
}
