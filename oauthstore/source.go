package oauthstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// Source hands out the access token of one store and renews it when needed, once for all goroutines and processes that
// share the store. It is safe for concurrent use.
type Source struct {
	cfg               Config
	store             Store
	initial           Settings
	clientCredentials bool

	mu      sync.Mutex
	current Settings // last seen or made
	kept    bool     // current came from the store or is saved there
	flight  *flight
	unsaved *unsaved
	calm    time.Time // until when an old token that is still usable serves, after the server couldn't be asked

	// Only the running flight uses these.
	dead map[string]error // refresh tokens that the server refused, with its words
}

// unsaved remembers that current couldn't be saved.
type unsaved struct {
	replaced string // the refresh token that the store still has
	retry    time.Time
}

// Bounds of a renewal once it has begun, and of the tries to save what couldn't be.
const (
	renewalTimeout = time.Minute
	saveRetry      = 5 * time.Second
	serverRetry    = 5 * time.Second
)

// NewSource returns a source for the settings of the store; nil is a store of its own in memory. initial are those that the
// connection brings: they serve while the store has none (and are then saved if they can be refreshed), and when the
// server refuses the stored refresh token. What cfg leaves open is taken from the stored settings.
func NewSource(cfg Config, store Store, initial Settings) *Source {
	if store == nil {
		store = newMemory()
	}
	initial.ClientID, initial.ClientSecret = cmp.Or(initial.ClientID, cfg.ClientID), cmp.Or(initial.ClientSecret, cfg.ClientSecret)
	initial.TokenURL, initial.AuthURL = cmp.Or(initial.TokenURL, cfg.TokenURL), cmp.Or(initial.AuthURL, cfg.AuthURL)
	initial.CallbackURL = cmp.Or(initial.CallbackURL, cfg.CallbackURL)
	return &Source{cfg: cfg, store: store, initial: initial, dead: map[string]error{}}
}

// NewClientCredentialsSource returns a source that gets a new token for the consumer itself whenever the old one expires. The
// store (nil: memory) shares it with other processes; settings in it that a user signed in for are neither used nor
// overwritten.
func NewClientCredentialsSource(cfg Config, store Store) *Source {
	s := NewSource(cfg, store, Settings{})
	s.clientCredentials = true
	return s
}

// Format shows no secret: fmt would reach the settings through the pointer.
func (s *Source) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "OAuth source of "+s.cfg.ClientID)
}

// Token returns an access token that is not about to expire: within a minute, or the last tenth of a shorter life. When it
// must be renewed, the new one is saved before it is returned.
//
// A [*SaveError] comes together with a token that can be used: tell the user and go on. Other errors: [*SignInError],
// [*ClientError], [*FileError], those of [RefreshToken], and of ctx. Ending ctx doesn't break off a renewal that has
// begun, because the answer holds the only refresh token.
func (s *Source) Token(ctx context.Context) (*oauth2.Token, error) {
	settings, err := s.renew(ctx, "")
	if settings.AccessToken == "" {
		return nil, err
	}
	return settings.Token(), err
}

// Refresh is for an answer 401 to a request with failedAccessToken. When there is another token by now, of this process or
// another, nothing is done; else the tokens are renewed once. changed says that [Source.Token] has another token, so that
// the request is worth repeating. Errors as for Token; with a [*SaveError] changed is true.
func (s *Source) Refresh(ctx context.Context, failedAccessToken string) (changed bool, err error) {
	if failedAccessToken == "" {
		return false, errors.New("refresh needs the access token that failed")
	}
	settings, err := s.renew(ctx, failedAccessToken)
	return settings.AccessToken != "" && settings.AccessToken != failedAccessToken, err
}

// Settings returns what is known now, without asking anybody: for a status line.
func (s *Source) Settings() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// good says whether settings serve at t a caller for whom the access token failed ("" for none) didn't work.
func good(settings Settings, failed string, t time.Time) bool {
	return settings.AccessToken != failed && settings.fresh(t)
}

// renew returns settings that serve, joining the work of other goroutines where there is any.
func (s *Source) renew(ctx context.Context, failed string) (Settings, error) {
	for {
		if err := ctx.Err(); err != nil {
			return Settings{}, err
		}
		s.mu.Lock()
		now := time.Now()
		if good(s.current, failed, now) && (s.unsaved == nil || now.Before(s.unsaved.retry)) {
			defer s.mu.Unlock()
			return s.current, nil
		}
		if failed == "" && now.Before(s.calm) && s.current.usable(now) {
			defer s.mu.Unlock()
			return s.current, nil
		}
		f := s.flight
		if f == nil {
			f = s.start(ctx, failed)
		}
		f.waiters++
		s.mu.Unlock()

		select {
		case <-f.done:
			if errors.Is(f.err, errAbandoned) || (f.err == nil && f.failed != failed && f.settings.AccessToken == failed) {
				continue // it worked for callers with other needs
			}
			return f.settings, f.err
		case <-ctx.Done():
			s.mu.Lock()
			if f.waiters--; f.waiters == 0 {
				f.abandon(errAbandoned)
			}
			s.mu.Unlock()
			return Settings{}, ctx.Err()
		}
	}
}
