package bitbucketfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func start(t *testing.T, c Config) *Server {
	t.Helper()
	c.PullRequests, c.Commits = 12, 60
	s := New(c)
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// tokenReply is what the token endpoint said.
type tokenReply struct {
	status  int
	header  http.Header
	members map[string]any
	err     error // of the transport
}

func (r tokenReply) str(k string) string {
	v, _ := r.members[k].(string)
	return v
}

func (r tokenReply) access() string  { return r.str("access_token") }
func (r tokenReply) refresh() string { return r.str("refresh_token") }

// post sends a form to the token endpoint as demo-key: name, value, …
func post(t *testing.T, s *Server, form ...string) tokenReply {
	t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		v.Add(form[i], form[i+1])
	}
	return postAs(t, s, "demo-key", "demo-secret", "application/x-www-form-urlencoded", v.Encode())
}

func postAs(t *testing.T, s *Server, key, password, kind, body string) tokenReply {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.TokenURL(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	if key != "" {
		r.SetBasicAuth(key, password)
	}
	p, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return tokenReply{err: err}
	}
	defer func() { _ = p.Body.Close() }()
	text, err := io.ReadAll(p.Body)
	out := tokenReply{status: p.StatusCode, header: p.Header, err: err}
	if err == nil && json.Unmarshal(text, &out.members) != nil {
		t.Fatalf("token endpoint: %d %s", p.StatusCode, cut(text))
	}
	return out
}

// granted wants a good answer.
func granted(t *testing.T, r tokenReply) tokenReply {
	t.Helper()
	if r.err != nil || r.status != http.StatusOK || r.access() == "" || r.str("token_type") != "bearer" {
		t.Fatalf("token endpoint: %d %v %v", r.status, r.members, r.err)
	}
	if r.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		t.Errorf("token endpoint: headers %v", r.header)
	}
	return r
}

// refused wants an error of the token endpoint.
func refused(t *testing.T, r tokenReply, code, description string) {
	t.Helper()
	if r.err != nil || r.status != http.StatusBadRequest || r.str("error") != code || !strings.Contains(r.str("error_description"), description) || r.access() != "" {
		t.Errorf("token endpoint: %d %v %v, want %s %q", r.status, r.members, r.err, code, description)
	}
}

// allow goes through the authorize page with the parameters name, value, … and returns what the callback gets.
func allow(t *testing.T, s *Server, query ...string) url.Values {
	t.Helper()
	return decide(t, s, true, query...)
}

func decide(t *testing.T, s *Server, yes bool, query ...string) url.Values {
	t.Helper()
	to, err := SignIn(t.Context(), authorizeAddress(s, query...), yes)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func authorizeAddress(s *Server, query ...string) string {
	v := url.Values{"client_id": {"demo-key"}, "response_type": {"code"}}
	for i := 0; i+1 < len(query); i += 2 {
		v.Set(query[i], query[i+1])
	}
	return s.AuthorizeURL() + "?" + v.Encode()
}

// signIn goes through the whole code grant.
func signIn(t *testing.T, s *Server, query ...string) tokenReply {
	t.Helper()
	return granted(t, post(t, s, "grant_type", "authorization_code", "code", allow(t, s, query...).Get("code")))
}

// bearer asks the API with a token.
func bearer(s *Server, path, token string) answer {
	return ask(s, path, "Authorization", "Bearer "+token)
}

// wantStatus wants a status of the API, and a message.
func wantStatus(t *testing.T, a answer, status int, message string) {
	t.Helper()
	if a.status != status || !strings.Contains(string(a.body), message) {
		t.Errorf("API: %d %s, want %d %q", a.status, cut(a.body), status, message)
	}
}
