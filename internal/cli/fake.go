package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// fakeOptions are the options of the command fake.
type fakeOptions struct {
	Listen       string        `default:"127.0.0.1:7990" placeholder:"HOST:PORT" help:"Address to listen on, ${default} by default. Port 0 takes a free one."`
	Latency      time.Duration `default:"20ms" help:"Time before every answer, ${default} by default."`
	Workspace    string        `default:"acme" help:"Slug of the workspace, ${default} by default."`
	Repositories int           `default:"13" placeholder:"N" help:"Number of repositories, ${default} by default."`
	PullRequests int           `name:"pullrequests" default:"5000" placeholder:"N" help:"Pull requests of the repository platform, ${default} by default."`
	Commits      int           `default:"500" placeholder:"N" help:"Commits of the repository platform, ${default} by default, at least 50."`
	Seed         int64         `default:"1" placeholder:"N" help:"Seed of the data: the same seed gives the same data."`
	Issues       bool          `help:"Serve the issue tracker, which Atlassian removed from Bitbucket in August 2026."`
	Token        string        `default:"demo" help:"Access token or API token that is accepted, ${default} by default."`
	TokenLife    time.Duration `default:"1h" placeholder:"DURATION" help:"How long OAuth access tokens live, ${default} by default: with 2s one can watch them being renewed."`
	Callback     string        `default:"http://localhost:33333" placeholder:"URL" help:"Callback URL of the OAuth consumer, ${default} by default."`

	Fail      string `enum:",rate-limit,server-error,unauthorized,missing-scope,pipelines-off,html,hang,cut,truncate" default:"" placeholder:"KIND" help:"Fail requests: rate-limit, server-error, unauthorized, missing-scope, pipelines-off, html, hang, cut or truncate."`
	FailAfter int    `default:"-1" placeholder:"N" help:"Spare the first N requests. Alone, it means --fail rate-limit."`
	FailTimes int    `default:"0" placeholder:"N" help:"Fail N requests only, and then no more."`
	FailPath  string `placeholder:"TEXT" help:"Fail the requests with this text in their URL only."`
}

// Help implements [kong.HelpProvider].
func (fakeOptions) Help() string {
	return `Prints "dsn: " and a connection string first, and "oauth: " and one to sign in with, then serves until Ctrl-C. All data is
made up from the seed.

Examples:

  bitbucketsql fake
  export BITBUCKETSQL_DSN='Workspace=acme;AccessToken=demo;BaseURL=http://127.0.0.1:7990/2.0'
  bitbucketsql query "SELECT * FROM Repositories"
  bitbucketsql fake --fail-after 100  # as if the hour's requests were used up
  bitbucketsql fake --fail server-error --fail-times 1 --fail-path page=2
  bitbucketsql fake --token-life 2s   # with Verbosity=2;Logfile=log in the DSN`
}

var faultKinds = map[string]bitbucketfake.FaultKind{
	"rate-limit":    bitbucketfake.FaultRateLimit,
	"server-error":  bitbucketfake.FaultStatus,
	"unauthorized":  bitbucketfake.FaultUnauthorized,
	"missing-scope": bitbucketfake.FaultScope,
	"pipelines-off": bitbucketfake.FaultPipelinesOff,
	"html":          bitbucketfake.FaultHTML,
	"hang":          bitbucketfake.FaultHang,
	"cut":           bitbucketfake.FaultCut,
	"truncate":      bitbucketfake.FaultTruncate,
}

// faults are the faults that the options ask for.
func (f *fakeOptions) faults() (bitbucketfake.Faults, error) {
	kind := f.Fail
	if kind == "" {
		if f.FailAfter < 0 {
			if f.FailTimes != 0 || f.FailPath != "" {
				return nil, usageErrorf("--fail-times and --fail-path need --fail or --fail-after")
			}
			return nil, nil
		}
		kind = "rate-limit"
	}
	fault := bitbucketfake.Fault{Kind: faultKinds[kind], Path: f.FailPath, After: max(0, f.FailAfter), Times: f.FailTimes}
	if fault.Kind == bitbucketfake.FaultRateLimit {
		fault.RetryAfter = "3600"
	}
	return bitbucketfake.Faults{fault}, nil
}

// check finds options that make no sense.
func (f *fakeOptions) check() error {
	if _, port, err := net.SplitHostPort(f.Listen); err != nil {
		return usageErrorf("--listen %s is not HOST:PORT, such as 127.0.0.1:7990", f.Listen)
	} else if _, err := net.LookupPort("tcp", port); err != nil {
		return usageErrorf("--listen %s has no port from 0 to 65535", f.Listen)
	}
	for _, count := range []struct {
		flag         string
		value, least int
	}{{"repositories", f.Repositories, 1}, {"pullrequests", f.PullRequests, 1}, {"commits", f.Commits, 50}, {"fail-times", f.FailTimes, 0}} {
		if count.value < count.least {
			return usageErrorf("--%s is %d, and must be %d or more", count.flag, count.value, count.least)
		}
	}
	if f.Latency < 0 {
		return usageErrorf("--latency is %s, and must not be negative", f.Latency)
	}
	return nil
}

// Run runs the command.
func (f *fakeOptions) Run(ctx context.Context, o *IO) error {
	faults, err := f.faults()
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	if f.TokenLife < time.Second {
		return usageErrorf("--token-life is %s: the least is 1s, because Bitbucket tells it in whole seconds", f.TokenLife)
	}
	config := bitbucketfake.Config{
		Seed: f.Seed, Workspace: f.Workspace, Repositories: f.Repositories, PullRequests: f.PullRequests, Commits: f.Commits,
		Latency: f.Latency, Token: f.Token, Issues: f.Issues, TokenLifetime: f.TokenLife,
		OAuth: []bitbucketfake.Consumer{{Key: "demo-key", Secret: "demo-secret", CallbackURL: f.Callback, Private: true}},
	}
	server := bitbucketfake.New(config)
	server.SetFaults(faults)
	if err := server.Start(f.Listen); err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("%s is in use: stop the program that listens there, or choose another port (--listen 127.0.0.1:0 takes a free one)", f.Listen)
		}
		var network *net.OpError
		if errors.As(err, &network) && network.Err != nil {
			err = network.Err // without the address again
		}
		return fmt.Errorf("cannot listen on %s: %w", f.Listen, err)
	}
	defer server.Close()
	dsn, err := fakeDSN(server, config)
	if err != nil {
		return err
	}
	signIn, err := fakeOAuthDSN(server, config)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "dsn: %s\noauth: %s\n", dsn, signIn)
	fmt.Fprintf(o.Out, "try: bitbucketsql query --dsn '…' \"SELECT Slug, Language FROM Repositories\"   (and %s/_stats)\n", server.URL())
	fmt.Fprintln(o.Out, "try: bitbucketsql login --dsn '…'   with the one for OAuth")
	fmt.Fprintln(o.Out, "Ctrl-C stops it.")
	<-ctx.Done()
	return nil
}

// fakeDSN is a connection string that reaches a server.
func fakeDSN(server *bitbucketfake.Server, config bitbucketfake.Config) (string, error) {
	c, err := fakeConfig(server, config)
	if err != nil {
		return "", err
	}
	c.AuthScheme, c.AccessToken = driver.AccessToken, config.Token
	return c.FormatDSN(), nil
}

// fakeOAuthDSN is a connection string that signs in at a server, as the first of its consumers.
func fakeOAuthDSN(server *bitbucketfake.Server, config bitbucketfake.Config) (string, error) {
	c, err := fakeConfig(server, config)
	if err != nil {
		return "", err
	}
	root, consumer := strings.TrimSuffix(c.BaseURL, "/2.0"), config.OAuth[0]
	c.AuthScheme, c.InitiateOAuth = driver.OAuth, driver.InitiateGetAndRefresh
	c.OAuthClientId, c.OAuthClientSecret, c.CallbackURL = consumer.Key, consumer.Secret, consumer.CallbackURL
	c.OAuthAuthorizationURL = strings.Replace(server.AuthorizeURL(), server.URL(), root, 1)
	c.OAuthAccessTokenURL = strings.Replace(server.TokenURL(), server.URL(), root, 1)
	return c.FormatDSN(), nil
}

// fakeConfig is how to reach a server, without a credential.
func fakeConfig(server *bitbucketfake.Server, config bitbucketfake.Config) (*driver.Config, error) {
	root, err := url.Parse(server.URL())
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(root.Hostname()); ip != nil && ip.IsUnspecified() { // the server listens everywhere
		root.Host = net.JoinHostPort("127.0.0.1", root.Port())
	}
	c := driver.NewConfig()
	c.Workspace, c.BaseURL = config.Workspace, root.String()+"/2.0"
	return c, nil
}
