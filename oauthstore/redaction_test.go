package oauthstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

func TestNothingPrintsSecrets(t *testing.T) {
	s := Settings{ClientID: "id", ClientSecret: "hush1", AccessToken: "hush2", RefreshToken: "hush3"}
	cfg := Config{ClientID: "id", ClientSecret: "hush4"}
	store := memoryWith(t, s)
	source := NewSource(cfg, store, s)
	if _, err := source.Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	type holder struct{ S Settings }
	type hidden struct{ p *Source } // fmt cannot call methods on it, and must not look behind the pointer
	values := []any{s, &s, cfg, &cfg, store, source, holder{s}, &holder{s}, []Settings{s}, map[string]Config{"a": cfg}, base{Settings: s}, &base{Settings: s}}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, "hush") || strings.Contains(strings.ToLower(got), fmt.Sprintf("%x", "hush")) {
				t.Errorf("%T with %s: %s", v, verb, got)
			}
		}
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
		if strings.Contains(b.String(), "hush") {
			t.Errorf("%T in a log: %s", v, b.String())
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		if got := fmt.Sprintf(verb, hidden{source}); strings.Contains(got, "hush") {
			t.Errorf("behind a pointer, %s: %s", verb, got)
		}
	}
	if data, err := json.Marshal(holder{s}); err != nil || strings.Contains(string(data), "hush") {
		t.Errorf("JSON: %s, %v", data, err)
	}
	if got := s.String(); !strings.Contains(got, "access token set") || !strings.Contains(got, "client id") {
		t.Errorf("String says too little: %s", got)
	}
}

// TestLogsHoldNoSecrets runs what logs: a renewal, a refusal that repeats what was sent, a server that is down, a broken file.
func TestLogsHoldNoSecrets(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	var b bytes.Buffer
	cfg := server.config()
	cfg.Logger = slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))
	store := memoryWith(t, server.grant(2*time.Hour))
	source := NewSource(cfg, store, Settings{})
	token, err := source.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server.answerBefore(func(w http.ResponseWriter, form url.Values) bool {
		sent := form.Get("refresh_token")
		refuse(w, 400, "invalid_grant", sent+" "+url.QueryEscape(sent)+" "+testSecret)
		return true
	})
	_, err = source.Refresh(t.Context(), token.AccessToken)
	if !errors.As(err, new(*SignInError)) {
		t.Fatal(err)
	}
	secretscan.Text("log", b.String())
	out := b.String() + err.Error()
	if strings.Contains(out, "hush") || !strings.Contains(out, "renewed") || !strings.Contains(out, "invalid_grant") {
		t.Error(out)
	}
}
