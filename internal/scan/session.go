// Package scan runs what the planner planned: it makes the requests of a fetch through the HTTP client, as many side by side
// as help, and turns the answers into pages of rows. It stands between the planner, which knows no network, and the client,
// which knows no tables.
package scan

import (
	"context"
	"log/slog"
	"sync"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// Config is what a session needs to know.
type Config struct {
	Client *api.Client
	// MaxInFlight is how many requests are worth having under way.
	MaxInFlight int
	// Eager says that the statement reads its scans to their end, so that they may run ahead of it. Otherwise a scan asks for
	// little more than it is asked for.
	Eager bool
	// Once says that the statement has a single scan, so that its rows need not be kept for another one.
	Once bool
	// Wanted tells how many rows the statement has returned and how many more it may return; nil means that there is no bound.
	Wanted func() (returned, more int)
	// Given are tables of rows that the statement has without a scan, as far as they are known: arguments of scans may come from them,
	// in their order. Nil means none.
	Given func() [][][]any
	// Budget counts the requests of the statement; nil means that nobody does.
	Budget *api.Budget
	// Logger is told of filters that are refused; nil means none.
	Logger *slog.Logger
}

// Session is what the scans of one statement share. Open is safe for concurrent use; uses and Close are for one goroutine at a
// time.
type Session struct {
	config Config
	cache  cache
	uses   uses

	mu    sync.Mutex
	known map[string]*presence
}

// NewSession starts a session.
func NewSession(c Config) *Session {
	if c.MaxInFlight <= 0 {
		c.MaxInFlight = api.DefaultMaxInFlight
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Session{config: c, known: map[string]*presence{}}
}

// Open starts a scan. Nothing is requested before the first Next, whose context bounds the requests of the whole scan.
func (s *Session) Open(f *planner.Fetch) *Cursor {
	key := f.Key()
	if pages, ok := s.cache.get(key); ok {
		return &Cursor{session: s, fetch: f, key: key, replay: pages, cached: true}
	}
	c := s.cursor(f)
	c.key = key
	return c
}

// cursor makes the cursor of a scan.
func (s *Session) cursor(f *planner.Fetch) *Cursor {
	c := &Cursor{session: s, fetch: f, remaining: f.Limit}
	c.eager = (s.config.Eager || f.Eager) && f.Limit < 0
	c.window = 1
	if c.eager {
		c.window = 2 * s.config.MaxInFlight
	}
	c.decoder = newDecoder(f)
	c.recorder.over = s.config.Once
	return c
}

// presence is whether an object can be read.
type presence struct {
	// turn holds a token while nobody asks.
	turn         chan struct{}
	known, there bool
}

// isPresent says whether an object can be read, which is asked once in a session, for one of its members. What keeps one scan from hearing the answer, such
// as that it was begun ahead in vain and is given up, is no answer for the others.
func (s *Session) isPresent(ctx context.Context, path, member string) (bool, error) {
	s.mu.Lock()
	p := s.known[path]
	if p == nil {
		p = &presence{turn: make(chan struct{}, 1)}
		p.turn <- struct{}{}
		s.known[path] = p
	}
	s.mu.Unlock()
	select {
	case <-p.turn:
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
	defer func() { p.turn <- struct{}{} }()
	if !p.known {
		there, err := present(api.Asked(ctx), s.config.Client, path, member)
		if err != nil {
			return false, err
		}
		p.known, p.there = true, there
	}
	return p.there, nil
}
