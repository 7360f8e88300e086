package api

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// wireLogger logs at a level into a buffer.
func wireLogger(level slog.Level) (*slog.Logger, *bytes.Buffer) {
	var log bytes.Buffer
	return slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level})), &log
}

// The lowest levels of the log show addresses, headers, connections and bodies, without what a server repeats of the credential
// and without other secrets in it.
func TestWireLog(t *testing.T) {
	const token = "hush-token/of+some=length"
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/2.0/there" {
			w.Header().Set("Location", "/2.0/x?X-Amz-Signature=hush-signed")
			w.WriteHeader(http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Set-Cookie", "session=hush-cookie")
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		w.Header().Set("X-Plain", "plain")
		w.Header().Set("X-Api-Key", "hush-key")
		w.Header().Set("Link", `<https://x.example/?a=1&sig=hush-signed>; rel="next"`)
		w.Header().Set("X-Credential-Type", "oauth2")
		_, _ = w.Write([]byte(`{"name":"readable","echo":"` + token + `","client_secret":"hush-\"secret","secret_set":true,` +
			`"uri":"https://x.example/?a=1&X-Amz-Signature=hush-signed&b=2","escaped":"https:\/\/x.example/?a=1\u0026jwt=hush-signed\u0026c=3",` +
			`"clone":"https://x-token-auth:hush-password@x.example/a.git","other":"https:\/\/:hush-password@x.example\/","user":"https://me@x.example/a.git","long":"` + strings.Repeat("x", loggedBody) + `","tail":"end"}`))
	}))
	defer s.Close()
	shown := func(log string) string { return strings.ReplaceAll(log, strings.Repeat("x", loggedBody/2), "x…") }
	for level, want := range map[slog.Level]struct{ header, body bool }{
		slog.LevelDebug - 4: {false, false}, levelHeader: {true, false}, levelBody: {true, true},
	} {
		logger, log := wireLogger(level)
		c := newClient(t, Options{BaseURL: s.URL + "/2.0", Auth: Bearer(token), Transport: s.Client().Transport, Logger: logger})
		for _, request := range []Request{{Path: "/x", Query: url.Values{"q": {"value"}}}, {Path: "/there"}} {
			if _, err := Get(t.Context(), c, request, none); err != nil {
				t.Fatal(err)
			}
		}
		text := shown(log.String())
		for _, part := range []string{
			"msg=exchange", "/2.0/x?q=value", "sent.Authorization=***", "received.Set-Cookie=***", `received.X-Echo="Bearer ***"`, "received.X-Plain=plain", "received.X-Credential-Type=oauth2",
			"received.Location=***", "received.X-Api-Key=***", `sig=***>; rel=`, "/2.0/x?X-Amz-Signature=***", "remote=127.0.0.1:", "reused=true", `tls="TLS 1.3"`, "cipher=TLS_", "certificate=",
		} {
			if strings.Contains(text, part) != want.header {
				t.Errorf("level %d: %q is logged: %t\n%s", level, part, !want.header, text)
			}
		}
		for _, part := range []string{
			`msg=answer`, `\"name\":\"readable\"`, `\"echo\":\"***\"`, `\"client_secret\":\"***\"`, `\"secret_set\":true`, "X-Amz-Signature=***&b=2",
			`jwt=***\\u0026c=3`, "https://x-token-auth:***@x.example", "https://me@x.example", "…",
		} {
			if strings.Contains(text, part) != want.body {
				t.Errorf("level %d: %q is logged: %t\n%s", level, part, !want.body, text)
			}
		}
		if strings.Contains(text, "hush") || strings.Contains(text, "tail") {
			t.Errorf("level %d shows a secret, or too much:\n%s", level, text)
		}
	}
}

// What another host gives is told without the query that signs it, and its body never.
func TestWireLogOfForeignHost(t *testing.T) {
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"name":"foreign"}`))
	}))
	defer foreign.Close()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", foreign.URL+"/file?X-Amz-Signature=hush-signed")
		w.WriteHeader(http.StatusFound)
	}))
	defer s.Close()
	logger, log := wireLogger(levelBody)
	c := newClient(t, Options{BaseURL: s.URL, Auth: Bearer("hush-token-of-home"), Transport: http.DefaultTransport, Logger: logger})
	_ = get(t.Context(), c, "/x")
	text := log.String()
	if strings.Count(text, "msg=exchange") != 2 || strings.Contains(text, "hush") || strings.Contains(text, "msg=answer") {
		t.Errorf("the log is\n%s", text)
	}
}
