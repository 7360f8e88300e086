package oauthstore

import (
	"context"
	"errors"
	"net"
	"time"
)

// flight is one run of the work below, for all the goroutines that wait for it.
type flight struct {
	failed   string
	waiters  int // under Source.mu
	abandon  context.CancelCauseFunc
	done     chan struct{}
	settings Settings // set before done is closed
	err      error
}

var errAbandoned = errors.New("nobody waits for the OAuth token any more")

// start begins a flight; s.mu is held. The work goes on without the caller's cancellation: it ends early only when nobody
// waits, and not in the middle of a renewal.
func (s *Source) start(ctx context.Context, failed string) *flight {
	ctx, abandon := context.WithCancelCause(context.WithoutCancel(ctx))
	f := &flight{failed: failed, abandon: abandon, done: make(chan struct{})}
	s.flight = f
	go func() {
		var settings Settings
		err := s.cfg.guard(ctx, func() (err error) {
			settings, err = s.work(ctx, failed)
			return err
		})
		if err != nil && ctx.Err() != nil && settings.AccessToken == "" && (errors.Is(err, context.Canceled) || errors.Is(err, errAbandoned)) {
			err = errAbandoned
		}
		abandon(nil)
		s.mu.Lock()
		f.settings, f.err, s.flight = settings, watch.failed(err), nil
		s.mu.Unlock()
		close(f.done)
	}()
	return f
}

// adopt makes settings the current ones.
func (s *Source) adopt(settings Settings, kept bool, u *unsaved) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current, s.kept, s.unsaved = settings, kept, u
}

// work finds or makes settings that serve.
func (s *Source) work(ctx context.Context, failed string) (Settings, error) {
	s.mu.Lock()
	pending := s.unsaved
	s.mu.Unlock()
	if pending == nil {
		// Most of the time another process has done it: a look without the lock is enough then.
		base, err := s.read(ctx)
		if err != nil {
			return Settings{}, err
		}
		if good(base.Settings, failed, time.Now()) && !base.offered {
			s.adopt(base.Settings, base.stored, nil)
			return base.Settings, nil
		}
	}
	unlock, err := s.store.Lock(ctx)
	if err != nil {
		if pending == nil || ctx.Err() != nil {
			return Settings{}, err
		}
		unlock = func() {} // what only this process knows needs no lock
	}
	defer unlock()
	base, err := s.read(ctx)
	if err != nil {
		return Settings{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewalTimeout)
	defer cancel()
	if good(base.Settings, failed, time.Now()) {
		return s.keep(ctx, base)
	}
	return s.make(ctx, base, failed)
}

// keep saves settings that serve but aren't in the store yet.
func (s *Source) keep(ctx context.Context, base base) (Settings, error) {
	if base.offered {
		if err := s.store.Save(ctx, base.Settings); err != nil {
			s.cfg.log().Warn("OAuth settings cannot be saved", "error", err)
			if base.pending == nil { // nothing was renewed: the connection's own settings serve, and the user should know
				return Settings{}, err
			}
			s.adopt(base.Settings, false, &unsaved{base.pending.replaced, time.Now().Add(saveRetry)})
			return base.Settings, nil
		}
		base.stored = true
	}
	s.adopt(base.Settings, base.stored, nil)
	return base.Settings, nil
}

// make gets new settings from the server and saves them.
func (s *Source) make(ctx context.Context, base base, failed string) (Settings, error) {
	cfg, log := s.cfg.with(base.Settings), s.cfg.log()
	settle, err := s.announce(ctx, base)
	if err != nil {
		return Settings{}, err
	}
	made, err := s.request(ctx, cfg, base.Settings)
	if err != nil {
		settle(err)
		if transient(err) && base.AccessToken != failed && base.usable(time.Now()) {
			log.Warn("OAuth token cannot be renewed yet, the old one still serves", "error", err, "expiry", base.Expiry)
			s.mu.Lock()
			s.current, s.kept, s.calm = base.Settings, base.stored, time.Now().Add(serverRetry)
			s.mu.Unlock()
			return base.Settings, nil
		}
		log.Warn("OAuth token cannot be renewed", "error", err)
		return Settings{}, err
	}
	log.Info("OAuth token renewed", "expiry", made.Expiry)
	if base.aside {
		s.adopt(made, false, nil)
		return made, nil
	}
	if err := s.store.Save(ctx, made); err != nil {
		replaced := base.RefreshToken
		if base.pending != nil {
			replaced = base.pending.replaced
		}
		s.adopt(made, false, &unsaved{replaced, time.Now().Add(saveRetry)})
		log.Warn("OAuth tokens were renewed but cannot be saved", "error", err)
		return made, &SaveError{err}
	}
	s.adopt(made, true, nil)
	return made, nil
}

// announce makes sure that a renewal can be saved, because one that cannot costs the sign-in, and writes down that it begins:
// whoever comes after a process that was killed in the middle of it, or lost the answer, then knows why the refresh token is no
// longer good. settle is for a renewal that failed, and takes the note back when that settled it.
func (s *Source) announce(ctx context.Context, base base) (settle func(error), err error) {
	settle = func(error) {}
	switch {
	case base.pending != nil || base.aside || s.dead[base.RefreshToken] != nil || base.stored && !s.clientCredentials && base.RefreshToken == "":
	case base.stored && base.Renewing.IsZero() && !s.clientCredentials:
		return s.cfg.NoteRenewal(ctx, s.store, base.Settings)
	default:
		return settle, Writable(s.store)
	}
	return settle, nil
}

// NoteRenewal writes down that a renewal of stored, which are the settings of the store, begins ([Settings].Renewing). It is for who
// calls [RefreshToken] without a [Source], and holds the lock of the store. What saves the new tokens takes the note back; after a
// renewal that failed settle does, unless the server may have answered all the same. A store that cannot be written is an error,
// because a renewal would cost the sign-in that it has.
func (c Config) NoteRenewal(ctx context.Context, store Store, stored Settings) (settle func(failed error), err error) {
	noted := stored
	if noted.Renewing.IsZero() { // else the first one counts
		noted.Renewing = time.Now()
	}
	if err := store.Save(ctx, noted); err != nil {
		return func(error) {}, err
	}
	return func(failed error) {
		if transient(failed) && !unsent(failed) {
			return
		}
		if err := store.Save(ctx, stored); err != nil {
			c.log().Warn("OAuth settings cannot be saved", "error", err)
		}
	}, nil
}

// interrupted says of a refused refresh token that it was probably lost with a renewal that began before.
func interrupted(began time.Time, refused *SignInError) *SignInError {
	return &SignInError{
		Reason: "a program that renewed the OAuth tokens was stopped, or lost its connection, on " + began.UTC().Format(time.RFC3339) +
			" before it could save the new ones, and the old ones are no longer good",
		Err: refused.Err,
	}
}

// request makes the token request that renews base.
func (s *Source) request(ctx context.Context, cfg Config, base Settings) (Settings, error) {
	if s.clientCredentials {
		return ClientCredentials(ctx, cfg)
	}
	if base.RefreshToken == "" {
		if base.AccessToken == "" {
			return Settings{}, &SignInError{Reason: notSignedIn}
		}
		return Settings{}, &SignInError{Reason: "the access token is no longer good, and there is no refresh token"}
	}
	made, err := s.spend(ctx, cfg, base.RefreshToken)
	var over *SignInError
	if errors.As(err, &over) && !base.Renewing.IsZero() {
		over = interrupted(base.Renewing, over)
		err = over
	}
	if given := s.initial.RefreshToken; errors.As(err, &over) && given != "" && given != base.RefreshToken {
		made, err = s.spend(ctx, cfg, given) // a newer one from the connection string
		if errors.As(err, new(*SignInError)) {
			err = over
		}
	}
	if made.Scope == "" {
		made.Scope = base.Scope
	}
	return made, err
}

// spend refreshes once, and never again with a token that was refused.
func (s *Source) spend(ctx context.Context, cfg Config, refreshToken string) (Settings, error) {
	if err := s.dead[refreshToken]; err != nil {
		return Settings{}, err
	}
	made, err := RefreshToken(ctx, cfg, refreshToken)
	if errors.As(err, new(*SignInError)) {
		s.dead[refreshToken] = err
	}
	return made, err
}

// transient says whether trying later can help.
func transient(err error) bool {
	if errors.As(err, new(*UnreachableError)) || errors.As(err, new(*AnswerError)) {
		return true
	}
	var refused *TokenError
	return errors.As(err, &refused) && (refused.Status >= 500 || refused.Status == 429)
}

// unsent says whether a request failed before there was a connection to send it on.
func unsent(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && (op.Op == "dial" || op.Op == "proxyconnect")
}

// base is what a renewal starts from.
type base struct {
	Settings
	stored  bool     // they are what the store has
	offered bool     // they should be saved, renewed or not
	aside   bool     // the store holds somebody else's: use and save nothing there
	pending *unsaved // they are newer than the store, which couldn't be written
}

// read chooses between what the store has, what this process couldn't save, and what the connection brought.
func (s *Source) read(ctx context.Context) (base, error) {
	s.mu.Lock()
	current, kept, pending := s.current, s.kept, s.unsaved
	s.mu.Unlock()
	stored, err := s.store.Load(ctx)
	if pending != nil && (err != nil || stored.RefreshToken == pending.replaced) {
		return base{Settings: current, offered: true, pending: pending}, nil
	}
	switch {
	case errors.Is(err, ErrNoSettings) && s.clientCredentials:
		return base{}, nil
	case errors.Is(err, ErrNoSettings) && kept:
		return base{}, &SignInError{Reason: "the OAuth settings were removed since, as by signing out"}
	case errors.Is(err, ErrNoSettings):
		return base{Settings: s.initial, offered: s.initial.RefreshToken != ""}, nil
	case err != nil:
		return base{}, err
	case s.clientCredentials && (stored.Grant != ClientCredentialsGrant || (s.cfg.ClientID != "" && stored.ClientID != s.cfg.ClientID)):
		return base{Settings: current, aside: true}, nil
	case s.cfg.ClientID != "" && stored.ClientID != "" && stored.ClientID != s.cfg.ClientID:
		return base{}, &ClientError{Saved: stored.ClientID, Given: s.cfg.ClientID}
	}
	return base{Settings: stored, stored: true}, nil
}
