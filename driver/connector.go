package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// Connector makes connections of one configuration, for [database/sql.OpenDB]. Its connections share the HTTP client, its
// limits and its caches. [database/sql.DB.Close] closes it.
type Connector struct {
	config *Config // a copy of our own, never changed
	client *api.Client
	log    *slog.Logger
	// listing is what metadata knows of the workspace, and requests is how many the statements have sent.
	listing  listing
	requests atomic.Int64
	// consumer is the OAuth consumer, and credential its tokens where the driver keeps them; else nil.
	consumer   *oauthConsumer
	credential *oauthCredential

	idle    func() // lets the idle connections of the client's transport go
	closing sync.Once
	logfile io.Closer
}

var (
	_ sqldriver.Connector = (*Connector)(nil)
	_ io.Closer           = (*Connector)(nil)
)

// Option changes how a Connector works, beyond what a connection string can say.
type Option func(*options)

type options struct {
	logger    *slog.Logger
	transport http.RoundTripper
	browser   func(url string) error
}

// WithLogger logs to the logger, as well as to the Logfile if there is one. Statements are logged at the level info and requests at
// debug; scans four levels below debug, addresses and headers eight, and the beginnings of answers twelve. The last two show values
// of parameters and of rows. Secrets are never logged.
func WithLogger(logger *slog.Logger) Option {
	return func(o *options) { o.logger = logger }
}

// WithTransport sends the requests through the transport, in place of one of the connector's own. It sees the credential. The
// properties of proxy, firewall and certificate must then have their defaults.
func WithTransport(transport http.RoundTripper) Option {
	return func(o *options) { o.transport = transport }
}

// WithBrowser shows the page of a sign-in to the user through show, in place of the browser of this machine. It is called with
// InitiateOAuth GETANDREFRESH when there is no token that can be used, and by the procedure GetOAuthAccessToken with AuthMode
// APP. The sign-in ends when Bitbucket sends the user's browser to CallbackURL, where the driver listens.
func WithBrowser(show func(url string) error) Option {
	return func(o *options) { o.browser = show }
}

// NewConnector returns a Connector for a copy of the configuration. It sends nothing. The error is a [*ConfigError] if the
// configuration is at fault.
func NewConnector(c *Config, opts ...Option) (*Connector, error) {
	config := c.Clone()
	if err := config.settle(); err != nil {
		return nil, err
	}
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	transport, idle, err := config.transport(o.transport)
	if err != nil {
		return nil, err
	}
	log, logfile, err := openLog(config, o.logger)
	if err != nil {
		return nil, err
	}
	made := &Connector{config: config, log: log, idle: idle, logfile: logfile}
	if err := made.open(transport, o.browser); err != nil {
		if logfile != nil {
			err = errors.Join(err, logfile.Close())
		}
		return nil, fmt.Errorf("bitbucket: %w", err)
	}
	return made, nil
}

// open makes the client and its credential.
func (c *Connector) open(transport http.RoundTripper, browser func(url string) error) error {
	var err error
	client := &http.Client{Transport: transport, Timeout: c.config.Timeout}
	if c.consumer, err = newOAuthConsumer(c.config, client, c.log, browser); err != nil {
		return err
	}
	c.client, err = api.New(api.Options{
		BaseURL: c.config.BaseURL, Auth: c.authorizer(), Transport: headerTransport{transport}, Logger: c.log, Timeout: c.config.Timeout,
		MaxInFlight: c.config.MaxInFlight, UserAgent: "bitbucketsql/" + version(),
	})
	return err
}

// authorizer is the credential of the configuration; nil is none.
func (c *Connector) authorizer() api.Authorizer {
	config := c.config
	switch {
	case config.AuthScheme == APIToken:
		return api.Basic(config.User, config.APIToken)
	case config.AuthScheme == AccessToken:
		return api.Bearer(config.AccessToken)
	case config.AuthScheme == None:
		return nil
	case config.AuthScheme == OAuthClient, config.InitiateOAuth != InitiateOff:
		c.credential = newOAuthCredential(c.consumer)
		return c.credential
	case config.OAuthAccessToken != "":
		return api.Bearer(config.OAuthAccessToken)
	}
	reason := "the connection has no OAuthAccessToken, and InitiateOAuth is OFF"
	switch {
	case config.OAuthVerifier != "":
		reason += ", which leaves OAuthVerifier to the procedure GetOAuthAccessToken: set InitiateOAuth to REFRESH for the driver to exchange it"
	case config.OAuthRefreshToken != "":
		reason += ", which makes no use of OAuthRefreshToken: set InitiateOAuth to REFRESH"
	}
	return api.TokenSource(func(context.Context) (string, error) {
		return "", &signInNeeded{&oauthstore.SignInError{Reason: reason}}
	}, "none")
}

// Format shows the configuration without secrets, whatever the verb: with some, fmt would go through the fields.
func (c *Connector) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "bitbucket connector of "+c.config.String())
}

// Config returns a copy of the configuration, secrets included.
func (c *Connector) Config() *Config { return c.config.Clone() }

// Driver implements [sqldriver.Connector].
func (c *Connector) Driver() sqldriver.Driver { return Driver{} }

// Connect implements [sqldriver.Connector]. It sends nothing: a wrong credential shows at the first statement or Ping.
func (c *Connector) Connect(ctx context.Context) (sqldriver.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e, err := engine.Open(engine.Config{Version: "bitbucketsql " + version(), User: c.config.User, Logger: c.log})
	if err != nil {
		return nil, fmt.Errorf("bitbucket: %w", err)
	}
	conn := &conn{connector: c, engine: e}
	conn.views = conn.userViews()
	if err := conn.open(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// Close lets idle HTTP connections go and closes the log. Statements that still run fail at their next request.
func (c *Connector) Close() error {
	var err error
	c.closing.Do(func() {
		c.client.Close()
		c.idle()
		if c.logfile != nil {
			err = c.logfile.Close()
		}
	})
	return err
}

// version is the version of this module in the program that uses it.
var version = sync.OnceValue(func() string {
	const module = "github.com/seed281e34fa/bitbucketsql"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return dependency.Version
		}
	}
	if info.Main.Path == module && info.Main.Version != "" {
		return info.Main.Version
	}
	return "devel"
})
