package oauthstore

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// answerBefore lets a test answer token requests itself.
func (s *tokenServer) answerBefore(f func(w http.ResponseWriter, form url.Values) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = f
}

func memoryWith(t testing.TB, s Settings) Store {
	t.Helper()
	store := newMemory()
	if err := store.Save(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return store
}

func TestFresh(t *testing.T) {
	now := time.Now()
	for _, tt := range []struct {
		name string
		s    Settings
		want bool
	}{
		{"none", Settings{}, false},
		{"endless", Settings{AccessToken: "a"}, true},
		{"an hour, 61 s left", Settings{AccessToken: "a", Obtained: now.Add(-3539 * time.Second), Expiry: now.Add(61 * time.Second)}, true},
		{"an hour, 59 s left", Settings{AccessToken: "a", Obtained: now.Add(-3541 * time.Second), Expiry: now.Add(59 * time.Second)}, false},
		{"10 s, 2 s left", Settings{AccessToken: "a", Obtained: now.Add(-8 * time.Second), Expiry: now.Add(2 * time.Second)}, true},
		{"10 s, 0.9 s left", Settings{AccessToken: "a", Obtained: now.Add(-9100 * time.Millisecond), Expiry: now.Add(900 * time.Millisecond)}, false},
		{"unknown start, 59 s left", Settings{AccessToken: "a", Expiry: now.Add(59 * time.Second)}, false},
		{"over", Settings{AccessToken: "a", Expiry: now.Add(-time.Second)}, false},
	} {
		if got := tt.s.fresh(now); got != tt.want {
			t.Errorf("%s: fresh = %v", tt.name, got)
		}
	}
	if got := (Settings{}).ExpiresIn(); got != -1 {
		t.Errorf("ExpiresIn without expiry = %d", got)
	}
	if got := (Settings{Expiry: now.Add(100 * time.Second)}).ExpiresIn(); got < 90 || got > 100 {
		t.Errorf("ExpiresIn = %d", got)
	}
}

func TestSourceSavesBeforeUse(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	store := memoryWith(t, server.grant(2*time.Hour))
	source := NewSource(Config{}, store, Settings{})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			token, err := source.Token(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			if saved, err := store.Load(t.Context()); err != nil || saved.AccessToken != token.AccessToken {
				t.Errorf("a token was handed out that is not saved: %v", err)
			}
		})
	}
	wg.Wait()
	server.check(t)
	if n, _ := server.counts(); n != 1 {
		t.Errorf("%d refreshes", n)
	}
	s, _ := store.Load(t.Context())
	if s.ClientSecret != testSecret || s.TokenURL == "" || s.Scope != "repository pullrequest" || time.Until(s.Expiry) < 50*time.Minute || s.Expiry.Sub(s.Obtained) != time.Hour {
		t.Errorf("saved %v", s)
	}
}

func TestRefreshAfter401(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	given := server.grant(0)
	store := memoryWith(t, given)
	one, two := NewSource(Config{}, store, Settings{}), NewSource(Config{}, store, Settings{})
	var wg sync.WaitGroup
	for i := range 40 {
		source := []*Source{one, two}[i%2]
		wg.Go(func() {
			if changed, err := source.Refresh(t.Context(), given.AccessToken); err != nil || !changed {
				t.Errorf("Refresh: %v, %v", changed, err)
			}
			if token, err := source.Token(t.Context()); err != nil || token.AccessToken == given.AccessToken {
				t.Errorf("Token after Refresh: the old one, or %v", err)
			}
		})
	}
	wg.Wait()
	server.check(t)
	if n, _ := server.counts(); n != 1 {
		t.Errorf("%d refreshes", n)
	}
	if _, err := one.Refresh(t.Context(), ""); err == nil {
		t.Error("Refresh without a token was accepted")
	}
}

func TestNobodySignedIn(t *testing.T) {
	source := NewSource(Config{}, nil, Settings{})
	var none *SignInError
	if _, err := source.Token(t.Context()); !errors.As(err, &none) || !strings.HasPrefix(err.Error(), "nobody has signed in yet; sign in: connect with InitiateOAuth=GETANDREFRESH, run ") {
		t.Errorf("%v", err)
	}
}

func TestRevokedGrant(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	s := server.grant(2 * time.Hour)
	s.RefreshToken = "hush-revoked"
	source := NewSource(Config{}, memoryWith(t, s), Settings{})
	for range 3 {
		token, err := source.Token(t.Context())
		var over *SignInError
		var refused *TokenError
		if token != nil || !errors.As(err, &over) || !errors.As(err, &refused) || refused.Code != "invalid_grant" || refused.Status != 400 || refused.URI == "" {
			t.Fatalf("%v, %v", token, err)
		}
		for _, want := range []string{"sign in again", "GETANDREFRESH", "login", "GetOAuthAuthorizationURL"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v: doesn't mention %s", err, want)
			}
		}
	}
	if _, n := server.counts(); n != 1 {
		t.Errorf("%d token requests for a token known to be dead", n)
	}
	if left, err := source.store.Load(t.Context()); err != nil || !left.Renewing.IsZero() {
		t.Errorf("the settings tell of a renewal that has ended: %v", err)
	}
	// Another process signs in: this one goes on with that.
	if err := source.store.Save(t.Context(), server.grant(0)); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Token(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestInitialSettings(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	t.Run("are saved", func(t *testing.T) {
		store := newMemory()
		given := server.grant(0)
		bare := Settings{AccessToken: given.AccessToken, RefreshToken: given.RefreshToken, Expiry: given.Expiry}
		if token, err := NewSource(server.config(), store, bare).Token(t.Context()); err != nil || token.AccessToken != given.AccessToken {
			t.Fatal(err)
		}
		if changed, err := NewSource(Config{}, store, Settings{}).Refresh(t.Context(), given.AccessToken); err != nil || !changed {
			t.Errorf("a later connection with the location alone: %v, %v", changed, err)
		}
	})
	t.Run("give way to saved ones", func(t *testing.T) {
		saved := server.grant(0)
		token, err := NewSource(server.config(), memoryWith(t, saved), server.grant(0)).Token(t.Context())
		if err != nil || token.AccessToken != saved.AccessToken {
			t.Error(err)
		}
	})
	t.Run("help when the saved ones are dead", func(t *testing.T) {
		dead := server.grant(2 * time.Hour)
		dead.RefreshToken = "hush-dead"
		store := memoryWith(t, dead)
		given := server.grant(0)
		if _, err := NewSource(server.config(), store, given).Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s, _ := store.Load(t.Context()); !server.accepts(s.RefreshToken) {
			t.Error("the store has no living refresh token")
		}
	})
	t.Run("without refresh token", func(t *testing.T) {
		store := newMemory()
		source := NewSource(server.config(), store, Settings{AccessToken: "hush-only"})
		if token, err := source.Token(t.Context()); err != nil || token.AccessToken != "hush-only" {
			t.Fatal(err)
		}
		if _, err := store.Load(t.Context()); !errors.Is(err, ErrNoSettings) {
			t.Error("it was saved")
		}
		if _, err := source.Refresh(t.Context(), "hush-only"); !errors.As(err, new(*SignInError)) {
			t.Error(err)
		}
	})
	t.Run("none", func(t *testing.T) {
		if _, err := NewSource(server.config(), nil, Settings{}).Token(t.Context()); !errors.As(err, new(*SignInError)) {
			t.Error(err)
		}
	})
	t.Run("of another consumer", func(t *testing.T) {
		cfg := server.config()
		cfg.ClientID = "other"
		_, err := NewSource(cfg, memoryWith(t, server.grant(0)), Settings{}).Token(t.Context())
		if ce, ok := errors.AsType[*ClientError](err); !ok || ce.Saved != testClient || ce.Given != "other" {
			t.Error(err)
		}
	})
	server.check(t)
}

func TestSignedOutMeanwhile(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	given := server.grant(0)
	store := memoryWith(t, given)
	source := NewSource(server.config(), store, given)
	if _, err := source.Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := Delete(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Refresh(t.Context(), given.AccessToken); !errors.As(err, new(*SignInError)) {
		t.Error(err)
	}
	if _, err := store.Load(t.Context()); !errors.Is(err, ErrNoSettings) {
		t.Error("signing out was undone")
	}
}

func TestSaveFailure(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	given := server.grant(2 * time.Hour)
	store, path := savedFile(t, given)
	good, _ := os.ReadFile(path)
	server.answerBefore(func(http.ResponseWriter, url.Values) bool { // the file breaks between the check and the save
		_ = os.WriteFile(path, []byte("broken"), 0o600)
		return false
	})
	source := NewSource(Config{}, store, Settings{})
	token, err := source.Token(t.Context())
	var unsaved *SaveError
	if token == nil || !errors.As(err, &unsaved) || !errors.As(err, new(*FileError)) {
		t.Fatalf("%v", err)
	}
	if data, _ := os.ReadFile(path); string(data) != "broken" {
		t.Error("the broken file was overwritten")
	}
	again, err := source.Token(t.Context())
	if err != nil || again.AccessToken != token.AccessToken {
		t.Errorf("the token was not kept: %v", err)
	}
	// Another renewal starts from the tokens in memory.
	if changed, err := source.Refresh(t.Context(), token.AccessToken); !changed || !errors.As(err, &unsaved) {
		t.Errorf("Refresh: %v, %v", changed, err)
	}
	server.check(t)
	// Once the file is whole again they are saved.
	server.answerBefore(nil)
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	source.mu.Lock()
	source.unsaved.retry = time.Time{}
	source.mu.Unlock()
	token, err = source.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s, err := store.Load(t.Context()); err != nil || s.AccessToken != token.AccessToken || !server.accepts(s.RefreshToken) {
		t.Errorf("not saved later: %v", err)
	}
	server.check(t)
	if n, _ := server.counts(); n != 2 {
		t.Errorf("%d refreshes, want 2", n)
	}
}

func TestCancelledCallerLosesNoToken(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	store := memoryWith(t, server.grant(2*time.Hour))
	asked, answer := make(chan struct{}), make(chan struct{})
	server.answerBefore(func(http.ResponseWriter, url.Values) bool {
		close(asked)
		<-answer
		return false
	})
	source := NewSource(Config{}, store, Settings{})
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := source.Token(ctx)
		failed <- err
	}()
	<-asked
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled Token: %v", err)
	}
	close(answer)
	if _, err := source.Token(t.Context()); err != nil {
		t.Error(err)
	}
	server.check(t)
	if n, _ := server.counts(); n != 1 {
		t.Errorf("%d refreshes", n)
	}
}

func TestCancelledWhileLocked(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	store := memoryWith(t, server.grant(2*time.Hour))
	unlock, err := store.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	source := NewSource(Config{}, store, Settings{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := source.Token(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	unlock()
	if _, err := source.Token(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestServerDownBeforeExpiry(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	given := server.grant(time.Hour - 30*time.Second) // about to expire, not expired
	source := NewSource(Config{}, memoryWith(t, given), Settings{})
	server.answerBefore(func(w http.ResponseWriter, _ url.Values) bool {
		refuse(w, 503, "temporarily_unavailable", "")
		return true
	})
	for range 3 {
		if token, err := source.Token(t.Context()); err != nil || token.AccessToken != given.AccessToken {
			t.Fatalf("%v", err)
		}
		source.mu.Lock()
		if source.calm.IsZero() {
			t.Error("the server is not left alone")
		} else {
			source.calm = time.Now().Add(serverRetry) // however long a busy machine has taken
		}
		source.mu.Unlock()
	}
	if _, n := server.counts(); n != 1 {
		t.Errorf("%d token requests in a row to a server that is down", n)
	}
	var refused *TokenError
	if changed, err := source.Refresh(t.Context(), given.AccessToken); changed || !errors.As(err, &refused) || refused.Status != 503 {
		t.Errorf("Refresh: %v, %v", changed, err)
	}
	server.answerBefore(nil)
	if changed, err := source.Refresh(t.Context(), given.AccessToken); !changed || err != nil {
		t.Errorf("Refresh: %v, %v", changed, err)
	}
}

// A renewal that reached no server cannot have spent the refresh token: what is refused later is not blamed on it.
func TestServerOutOfReach(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	store := memoryWith(t, server.grant(2*time.Hour))
	server.Close()
	source := NewSource(Config{}, store, Settings{})
	var unreachable *UnreachableError
	if _, err := source.Token(t.Context()); !errors.As(err, &unreachable) {
		t.Errorf("without a server: %v", err)
	}
	if left, err := store.Load(t.Context()); err != nil || !left.Renewing.IsZero() {
		t.Errorf("the settings tell of a renewal that was never asked for: %v, %v", left.Renewing, err)
	}
}

func TestClientCredentialsSource(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	store := newMemory()
	cfg := server.config()
	one, two := NewClientCredentialsSource(cfg, store), NewClientCredentialsSource(cfg, store)
	first, err := one.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if token, err := two.Token(t.Context()); err != nil || token.AccessToken != first.AccessToken {
		t.Errorf("not shared: %v", err)
	}
	if changed, err := two.Refresh(t.Context(), first.AccessToken); err != nil || !changed {
		t.Error(changed, err)
	}
	s, _ := store.Load(t.Context())
	s.Expiry = time.Now()
	if err := store.Save(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if token, err := NewClientCredentialsSource(cfg, store).Token(t.Context()); err != nil || token.AccessToken == s.AccessToken {
		t.Errorf("no new token on expiry: %v", err)
	}
	if _, n := server.counts(); n != 3 {
		t.Errorf("%d token requests, want 3", n)
	}

	users := server.grant(0)
	store = memoryWith(t, users).(*memory)
	source := NewClientCredentialsSource(cfg, store)
	for range 2 {
		if token, err := source.Token(t.Context()); err != nil || token.AccessToken == users.AccessToken {
			t.Errorf("a user's token was used: %v", err)
		}
	}
	if s, _ := store.Load(t.Context()); s != users {
		t.Error("a user's sign-in was overwritten")
	}
	if _, n := server.counts(); n != 4 {
		t.Errorf("%d token requests, want 4", n)
	}
	if token, err := NewClientCredentialsSource(cfg, nil).Token(t.Context()); err != nil || token.AccessToken == "" {
		t.Error(err)
	}
}
