package oauthstore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// tokenServer is an authorization server that rotates refresh tokens and notes every use of one that was spent.
type tokenServer struct {
	*httptest.Server
	mu        sync.Mutex
	life      time.Duration
	grace     bool // a spent refresh token works again while nobody has shown what it brought, as at Bitbucket for some minutes
	before    func(w http.ResponseWriter, form url.Values) (done bool)
	rotated   func() // is called between a rotation and its answer
	scopeName string // of the answer's member
	n         int
	refreshes int
	again     int // of these, with a spent refresh token, in its grace
	requests  int
	faults    []string
	refresh   map[string]*issued // by refresh token
	access    map[string]*issued // by access token
	codes     map[string]url.Values
	latest    *issued
}

// issued is one pair of tokens.
type issued struct {
	start     time.Time
	shown     bool // one of the pair came back
	spent     bool // its refresh token was used
	successor []*issued
}

const (
	testClient = "client-key-1"
	testSecret = "hush/secret+of=client"
)

func newTokenServer(t testing.TB, life time.Duration) *tokenServer {
	s := &tokenServer{life: life, scopeName: "scope", refresh: map[string]*issued{}, access: map[string]*issued{}, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", s.authorize)
	mux.HandleFunc("POST /access_token", s.token)
	mux.HandleFunc("GET /user", s.user)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *tokenServer) config() Config {
	return Config{ClientID: testClient, ClientSecret: testSecret, AuthURL: s.URL + "/authorize", TokenURL: s.URL + "/access_token"}
}

// grant issues tokens as a finished sign-in would; age is how old they are.
func (s *tokenServer) grant(age time.Duration) Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	access, refresh := s.issue(nil)
	start := time.Now().Add(-age)
	s.latest.start = start
	return Settings{
		ClientID: testClient, ClientSecret: testSecret, AccessToken: access, RefreshToken: refresh, Obtained: start, Expiry: start.Add(s.life),
		TokenURL: s.URL + "/access_token", AuthURL: s.URL + "/authorize", Scope: "repository",
	}
}

func (s *tokenServer) issue(from *issued) (access, refresh string) {
	s.n++
	i := &issued{start: time.Now()}
	// Bitbucket's tokens can be longer than 2,500 characters.
	access, refresh = fmt.Sprintf("hush-access-%d-%s", s.n, strings.Repeat("x", 2600)), fmt.Sprintf("hush-refresh-%d/%s", s.n, "a+b=")
	secretscan.Plant("refresh token", refresh)
	s.access[access], s.refresh[refresh], s.latest = i, i, i
	if from != nil {
		from.successor = append(from.successor, i)
	}
	return access, refresh
}

func (s *tokenServer) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

func (s *tokenServer) check(t testing.TB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		t.Error("token server:", f)
	}
}

func (s *tokenServer) counts() (refreshes, requests int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refreshes, s.requests
}

// accepts says whether a refresh token would work.
func (s *tokenServer) accepts(refresh string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.refresh[refresh]
	return i != nil && s.alive(i)
}

func (s *tokenServer) alive(i *issued) bool {
	return !i.spent || s.grace && !slices.ContainsFunc(i.successor, func(i *issued) bool { return i.shown })
}

func refuse(w http.ResponseWriter, status int, code, description string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": description, "error_uri": "https://example.org/why"})
}

func (s *tokenServer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, _ := url.Parse(q.Get("redirect_uri"))
	answer := url.Values{"state": {q.Get("state")}}
	if q.Get("scope") == "deny" {
		answer.Set("error", "access_denied")
	} else {
		s.mu.Lock()
		s.n++
		code := fmt.Sprintf("hush-code-%d", s.n)
		s.codes[code] = q
		s.mu.Unlock()
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (s *tokenServer) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	s.requests++
	before := s.before
	s.mu.Unlock()
	if before != nil && before(w, r.PostForm) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, secret, ok := r.BasicAuth()
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	if !ok || id != testClient || secret != testSecret || r.PostForm.Has("client_secret") {
		refuse(w, 400, "unauthorized_client", "Invalid OAuth client credentials "+secret)
		return
	}
	answer := map[string]any{"token_type": "bearer", "expires_in": int(s.life / time.Second), s.scopeName: "repository pullrequest"}
	var access, refresh string
	switch grant := r.PostForm.Get("grant_type"); grant {
	case "authorization_code":
		code := r.PostForm.Get("code")
		q, ok := s.codes[code]
		delete(s.codes, code)
		challenge := ""
		if v := r.PostForm.Get("code_verifier"); v != "" {
			challenge = oauth2.S256ChallengeFromVerifier(v)
		}
		if !ok || q.Get("redirect_uri") != r.PostForm.Get("redirect_uri") || q.Get("code_challenge") != challenge {
			refuse(w, 400, "invalid_grant", "The specified code is not valid: "+code)
			return
		}
		access, refresh = s.issue(nil)
	case "refresh_token":
		given := r.PostForm.Get("refresh_token")
		i := s.refresh[given]
		if i == nil || !s.alive(i) {
			if i != nil {
				s.fault("a spent refresh token was used again: %.20s", given)
			}
			refuse(w, 400, "invalid_grant", "Invalid refresh_token "+given)
			return
		}
		if i.spent {
			s.again++
		}
		i.spent, i.shown = true, true
		s.refreshes++
		access, refresh = s.issue(i)
		if rotated := s.rotated; rotated != nil {
			s.mu.Unlock()
			rotated()
			s.mu.Lock()
		}
	case "client_credentials":
		access, _ = s.issue(nil)
	default:
		refuse(w, 400, "invalid_grant", "Unsupported grant type: "+cmp.Or(grant, "None"))
		return
	}
	answer["access_token"] = access
	if refresh != "" {
		answer["refresh_token"] = refresh
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// user is the resource: 401 for a token that is unknown or has expired.
func (s *tokenServer) user(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.access[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	if i == nil || time.Since(i.start) > s.life {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	i.shown = true
}
