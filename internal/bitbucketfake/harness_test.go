package bitbucketfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// shared is one server that all reading tests use.
var shared = sync.OnceValue(func() *Server {
	s := New(Config{})
	// Tests look at what these make, and none must rely on another one that has asked for it before.
	r := s.ws[0].repos[0]
	r.loadPipelines()
	r.loadTracker()
	return s
})

// small has few of everything that is big by default.
func small(t *testing.T) *Server {
	t.Helper()
	s := New(Config{PullRequests: 12, Commits: 60})
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends one request straight to the handler.
func ask(s *Server, path string, header ...string) answer {
	r := httptest.NewRequest(http.MethodGet, "http://fake.test"+path, nil)
	r.Header.Set("Authorization", "Bearer demo")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.Bytes()}
}

// get wants 200 and JSON.
func get(t *testing.T, s *Server, path string) map[string]any {
	t.Helper()
	a := ask(s, path)
	if a.status != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, a.status, cut(a.body))
	}
	var m map[string]any
	if err := json.Unmarshal(a.body, &m); err != nil {
		t.Fatalf("GET %s: %v in %s", path, err, cut(a.body))
	}
	return m
}

// refuse wants an error status and gives its message.
func refuse(t *testing.T, s *Server, path string, status int) string {
	t.Helper()
	a := ask(s, path)
	if a.status != status {
		t.Fatalf("GET %s: %d, want %d: %s", path, a.status, status, cut(a.body))
	}
	var m struct {
		Type  string
		Error struct {
			Message string
			Detail  any
		}
	}
	if err := json.Unmarshal(a.body, &m); err != nil || m.Type != "error" || m.Error.Message == "" {
		t.Fatalf("GET %s: no error envelope (%v): %s", path, err, cut(a.body))
	}
	if d, ok := m.Error.Detail.(string); ok {
		return m.Error.Message + ": " + d
	}
	return m.Error.Message
}

func cut(b []byte) string { return string(b[:min(len(b), 300)]) }

func values(m map[string]any) []map[string]any {
	list, _ := m["values"].([]any)
	out := make([]map[string]any, len(list))
	for i, v := range list {
		out[i], _ = v.(map[string]any)
	}
	return out
}

// all follows next to the end and counts the pages.
func all(t *testing.T, s *Server, path string) (items []map[string]any, pages int) {
	t.Helper()
	for path != "" {
		m := get(t, s, path)
		items = append(items, values(m)...)
		if pages++; pages > 2000 {
			t.Fatal("next does not end")
		}
		next, _ := m["next"].(string)
		rest, ok := strings.CutPrefix(next, "http://fake.test")
		if next != "" && !ok {
			t.Fatalf("next leads elsewhere: %s", next)
		}
		path = rest
	}
	return items, pages
}

// dig follows a dotted path; a missing or null member gives nil.
func dig(v any, path string) any {
	for _, k := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

func column(items []map[string]any, path string) []string {
	out := make([]string, len(items))
	for i, m := range items {
		if v := dig(m, path); v != nil {
			out[i] = fmt.Sprint(v)
		}
	}
	return out
}

func q(text string) string { return "q=" + url.QueryEscape(text) }

const platform = "/2.0/repositories/acme/platform"

// anyState lists pull requests of all states.
const anyState = platform + "/pullrequests?state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED"
