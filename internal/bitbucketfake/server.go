package bitbucketfake

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Config says what a Server holds and how it answers. Zero values mean the defaults.
type Config struct {
	Seed         int64         // of all data; 1
	Workspace    string        // slug of the sample workspace; "acme"
	Repositories int           // all repositories, the sample team's 13 first; 13
	PullRequests int           // of the repository "platform"; 120
	OtherPulls   int           // pull requests of every other repository with commits; 5 to 60, by repository
	Commits      int           // of the repository "platform"; 500, at least 50
	Latency      time.Duration // before every answer
	Token        string        // accepted as Bearer and as Basic password of any user; "demo"
	Issues       bool          // serve the issue tracker that Atlassian removed in August 2026

	OAuth         []Consumer    // one by default: demo-key, demo-secret, callback http://localhost:33333, private
	TokenLifetime time.Duration // of access tokens; 1 h. expires_in has whole seconds, rounded down, and is at least 1
	CodeLifetime  time.Duration // of authorization codes; 10 min
	RefreshGrace  time.Duration // how long a refresh token still works after its first use; 0, the service has about 10 min
	TokenLength   int           // of access tokens; 2,600 characters, at least 40
	ScopeMember   string        // of the token answer: "scope", or "scopes" as before May 2026, or "-" for neither; "scope"
	VerifyPKCE    bool          // check code_challenge, as strict servers do; the service takes it and forgets it

	Public         bool // answer requests without a credential, about what is public
	AnonymousLimit int  // of them in an hour; 60

	HourlyLimit int // of requests with a credential in a rolling hour; 0 for none, the service's is 1,000
	ScaledLimit int // the same of Config.Token as Bearer, an access token, which shows in headers; 0 for none
}

// fillOAuth sets the defaults of what concerns credentials.
func (c *Config) fillOAuth() {
	if len(c.OAuth) == 0 {
		c.OAuth = []Consumer{demoConsumer}
	}
	if c.TokenLifetime <= 0 {
		c.TokenLifetime = time.Hour
	}
	if c.CodeLifetime <= 0 {
		c.CodeLifetime = 10 * time.Minute
	}
	if c.TokenLength == 0 {
		c.TokenLength = 2600
	}
	c.TokenLength = max(c.TokenLength, 40)
	if c.ScopeMember == "" {
		c.ScopeMember = "scope"
	}
	if c.AnonymousLimit <= 0 {
		c.AnonymousLimit = 60
	}
}

// Server is one fake Bitbucket. Make it with New; it is ready for Handler and for Start.
type Server struct {
	config    Config
	users     []*user
	bot, gone *user
	ws        []*workspace // the first is the sample workspace
	views     views
	stats     stats
	faults    faults
	latency   atomic.Int64
	skew      atomic.Int64 // nanoseconds
	oauth     oauth
	anonymous anonymous
	hourly    hourly

	mu       sync.Mutex
	listener net.Listener
	http     *http.Server
	done     chan struct{} // closed by Close: hanging answers end
	closed   sync.Once
	serving  sync.WaitGroup
}

// New builds a server. The contents of a repository are made when something first asks for them.
func New(c Config) *Server {
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.Workspace == "" {
		c.Workspace = "acme"
	}
	if c.Repositories <= 0 {
		c.Repositories = len(samples)
	}
	if c.PullRequests <= 0 {
		c.PullRequests = 120
	}
	if c.Commits <= 0 {
		c.Commits = 500
	}
	c.Commits = max(c.Commits, 50)
	if c.Token == "" {
		c.Token = "demo"
	}
	c.fillOAuth()
	s := &Server{config: c, done: make(chan struct{})}
	for _, consumer := range c.OAuth {
		s.SetConsumer(consumer)
	}
	s.latency.Store(int64(c.Latency))
	s.users, s.bot, s.gone = makeUsers(c.Seed)
	r := at(salt(c.Seed, "workspace"), 0)
	main := &workspace{
		slug: c.Workspace, name: "Acme \"Rocket\" Works", uuid: r.uuid(), admin: true, members: s.users,
		created: time.Date(2018, 12, 2, 6, 49, 58, 400_000_000, time.UTC),
	}
	labs := &workspace{
		slug: c.Workspace + "-labs", name: "Acme Labs", uuid: r.uuid(), members: s.users[:2],
		created: time.Date(2022, 5, 4, 11, 0, 3, 900_000_000, time.UTC),
	}
	s.ws = []*workspace{main, labs}
	for _, w := range s.ws {
		w.compact = marshal(w.encodeCompact)
	}
	makeProjects(c.Seed, main)
	makeRepositories(c, main, s.bot, s.gone)
	return s
}

// Handler serves the API below /2.0, the OAuth server below /site/oauth2, and the counters at /_stats, /_oauth and
// /_reset.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Start listens on addr ("127.0.0.1:0" takes a free port that no other Server of the process has had) and serves in the background
// until Close.
func (s *Server) Start(addr string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return errors.New("bitbucketfake: started already; make another Server")
	}
	l, err := listen(addr)
	if err != nil {
		return fmt.Errorf("bitbucketfake: %w", err)
	}
	s.listener = l
	s.http = &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 30 * time.Second, ConnState: s.track}
	s.serving.Add(1)
	go func() {
		defer s.serving.Done()
		_ = s.http.Serve(l)
	}()
	return nil
}

// track counts connections, so that Close returns when their goroutines are gone.
func (s *Server) track(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.serving.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.serving.Done()
	}
}

// Close stops at once: the listener and all connections are closed, and hanging answers end.
func (s *Server) Close() error {
	s.closed.Do(func() { close(s.done) })
	s.mu.Lock()
	h := s.http
	s.mu.Unlock()
	if h == nil {
		return nil
	}
	err := h.Close()
	s.serving.Wait()
	return err
}

// URL is the server's address, "http://127.0.0.1:port"; the API root is URL()+"/2.0". It is empty before Start.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	return "http://" + s.listener.Addr().String()
}

// DSN is a data source name that reaches this server.
func (s *Server) DSN() string {
	return fmt.Sprintf("Workspace=%s;Schema=Information;AuthScheme=AccessToken;AccessToken=%s;BaseURL=%s/2.0",
		s.config.Workspace, s.config.Token, s.URL())
}

// SetLatency changes the time that passes before every answer.
func (s *Server) SetLatency(d time.Duration) { s.latency.Store(int64(d)) }
