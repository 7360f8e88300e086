package bitbucketfake

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
)

// Stats counts what a Server was asked and what it answered since its start or the last Reset. Requests of the
// counters themselves do not count.
type Stats struct {
	Requests    int            `json:"requests"`
	MaxInFlight int            `json:"max_in_flight"`
	Bytes       int64          `json:"bytes"` // of response bodies
	ByPath      map[string]int `json:"by_path"`
	Log         []string       `json:"log"` // "GET /2.0/…?raw query", in order of arrival; at most 200,000
}

const maxLog = 200_000

type stats struct {
	mu       sync.Mutex
	s        Stats
	inFlight int
	bytes    atomic.Int64
}

func (c *stats) begin(r *http.Request) {
	path := r.URL.EscapedPath()
	line := r.Method + " " + path
	if r.URL.RawQuery != "" {
		line += "?" + r.URL.RawQuery
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.s.Requests++
	c.inFlight++
	c.s.MaxInFlight = max(c.s.MaxInFlight, c.inFlight)
	if c.s.ByPath == nil {
		c.s.ByPath = map[string]int{}
	}
	c.s.ByPath[path]++
	if len(c.s.Log) < maxLog {
		c.s.Log = append(c.s.Log, line)
	}
}

func (c *stats) end() {
	c.mu.Lock()
	c.inFlight--
	c.mu.Unlock()
}

// Stats returns a copy of the counters.
func (s *Server) Stats() Stats {
	c := &s.stats
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.s
	out.Bytes = c.bytes.Load()
	out.ByPath = maps.Clone(c.s.ByPath)
	if out.ByPath == nil {
		out.ByPath = map[string]int{}
	}
	out.Log = slices.Clone(c.s.Log)
	if out.Log == nil {
		out.Log = []string{}
	}
	return out
}

// Reset sets the counters, also those of OAuthStats, to zero. Faults keep their own counts; SetFaults resets those.
func (s *Server) Reset() {
	c := &s.stats
	c.mu.Lock()
	defer c.mu.Unlock()
	c.s = Stats{MaxInFlight: c.inFlight}
	c.bytes.Store(0)
	s.oauth.mu.Lock()
	s.oauth.stats = OAuthStats{}
	s.oauth.mu.Unlock()
}

func (s *Server) serveStats(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/_stats" && r.Method == http.MethodGet:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.Stats())
	case r.URL.Path == "/_oauth" && r.Method == http.MethodGet:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.OAuthStats())
	case r.URL.Path == "/_reset" && r.Method == http.MethodPost:
		s.Reset()
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}
