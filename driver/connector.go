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

	"golang.org/x/oauth2"

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
}

// WithLogger logs to the logger, as well as to the Logfile if there is one. Statements are logged at the level info,
// requests at debug, and secrets never.
func WithLogger(logger *slog.Logger) Option {
	return func(o *options) { o.logger = logger }
}

// WithTransport sends the requests through the transport, in place of one of the connector's own. It sees the credential.
func WithTransport(transport http.RoundTripper) Option {
	return func(o *options) { o.transport = transport }
}

// NewConnector returns a Connector for a copy of the configuration. It sends nothing. The error is a [*ConfigError] if the
// configuration is at fault.
func NewConnector(c *Config, opts ...Option) (*Connector, error) {
	config := c.Clone()
	if err := configError(config.normalize()); err != nil {
		return nil, err
	}
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	log, logfile, err := openLog(config, o.logger)
	if err != nil {
		return nil, err
	}
	client, err := api.New(api.Options{
		BaseURL: config.BaseURL, Auth: authorizer(config), Transport: o.transport, Logger: log, Timeout: config.Timeout,
		MaxInFlight: config.MaxInFlight, UserAgent: "bitbucketsql/" + version(),
	})
	if err != nil {
		if logfile != nil {
			err = errors.Join(err, logfile.Close())
		}
		return nil, fmt.Errorf("bitbucket: %w", err)
	}
	return &Connector{config: config, client: client, log: log, logfile: logfile}, nil
}

// authorizer is the credential of a normalized configuration.
func authorizer(c *Config) api.Authorizer {
	switch c.AuthScheme {
	case APIToken:
		return api.Basic(c.User, c.APIToken)
	case AccessToken:
		return api.Bearer(c.AccessToken)
	default:
		return oauthAuthorizer(oauthstore.Static(c.OAuthAccessToken), api.Bearer(c.OAuthAccessToken).Key())
	}
}

func oauthAuthorizer(source oauth2.TokenSource, key string) api.Authorizer {
	return api.TokenSource(func(context.Context) (string, error) {
		token, err := source.Token()
		if err != nil {
			return "", err
		}
		return token.AccessToken, nil
	}, key)
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
