package oauthstore

import (
	"cmp"
	"context"
	"errors"
	"time"
)

const authorizeTimeout = 5 * time.Minute

// Authorize signs in with the browser of this machine: it listens on cfg.CallbackURL (http, localhost or a loopback
// address, a fixed port; "" is [DefaultCallbackURL]), calls open with the authorization URL (nil is [OpenBrowser]), waits
// for the browser to come back, checks the state, and exchanges the code, with PKCE. The page that the browser then shows
// says how it went. Nothing is saved.
//
// Errors: [*CallbackError] and [*PortError] before anything is opened, [*BrowserError], [*DeniedError], [*StateError],
// [*TimeoutError] after cfg.Timeout, that of ctx, and those of [Exchange].
func Authorize(ctx context.Context, cfg Config, open func(url string) error) (Settings, error) {
	cfg.CallbackURL = cmp.Or(cfg.CallbackURL, DefaultCallbackURL)
	timeout := cmp.Or(cfg.Timeout, authorizeTimeout)
	if open == nil {
		open = OpenBrowser
	}
	state, verifier := NewVerifier(), NewVerifier()
	back, err := listenCallback(ctx, cfg.CallbackURL, state)
	if err != nil {
		return Settings{}, err
	}
	defer back.close()

	page := AuthorizationURL(cfg, state, verifier)
	opened := make(chan error, 1)
	go func() { opened <- cfg.guard(ctx, func() error { return open(page) }) }() // it may last as long as the browser does
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		select {
		case err := <-opened:
			if err != nil {
				return Settings{}, &BrowserError{URL: page, Err: err}
			}
			opened = nil
		case a := <-back.answers:
			settings, err := Settings{}, a.err
			if err == nil {
				settings, err = Exchange(ctx, cfg, a.code, verifier)
			}
			a.outcome <- err
			return settings, err
		case <-timer.C:
			return Settings{}, &TimeoutError{After: timeout}
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return Settings{}, &contextTimeout{ctx.Err()}
			}
			return Settings{}, ctx.Err()
		}
	}
}

// contextTimeout is the deadline of the caller's context while the browser is awaited.
type contextTimeout struct{ err error }

func (e *contextTimeout) Error() string {
	return "nobody finished the sign-in in the browser before the deadline of the connection: " + e.err.Error()
}

func (e *contextTimeout) Unwrap() error { return e.err }
