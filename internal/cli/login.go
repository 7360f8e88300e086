package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// loginOptions are the options of the command login.
type loginOptions struct {
	connection
	Headless bool `help:"Open no browser: print the page's address, and read what the browser shows in the end from standard input."`
}

// Help implements [kong.HelpProvider].
func (loginOptions) Help() string {
	return `Signs you in as the user of an OAuth consumer (AuthScheme OAuth) and keeps the tokens, which then renew themselves, in the
settings file of the connection. The consumer is asked for if neither the connection nor the file has it; its callback URL must
be that of the connection, http://localhost:33333 by default. In a session without a display, as over SSH, it is --headless by itself.

Examples:

  bitbucketsql login --profile work
  bitbucketsql login --headless   # open the page anywhere, paste its answer
  bitbucketsql login --dsn 'Workspace=acme;OAuthClientId=KEY'`
}

// Run runs the command.
func (l *loginOptions) Run(ctx context.Context, o *IO) error {
	config, to, err := l.account(o)
	if err != nil {
		return err
	}
	keepTokens(config)
	config.OAuthVerifier = "" // it is got anew
	if oauthstore.IsMemory(config.OAuthSettingsLocation) {
		return usageErrorf("OAuthSettingsLocation %s would end with this command: set it to a file, or leave it out", config.OAuthSettingsLocation)
	}
	if !l.Headless && o.ReadSecret != nil && driver.CanOpenBrowser() != nil {
		l.Headless = true
		o.tell("This session has no display for a browser, so sign in with one elsewhere.")
	}
	if l.Headless && config.Scheme() == driver.OAuth {
		config.InitiateOAuth = driver.InitiateRefresh // GETANDREFRESH wants a callback on this machine
	}
	ask := newPrompt(o)
	if err := completeConsumer(ctx, config, ask); err != nil {
		return err
	}
	connector, err := driver.NewConnector(config, driver.WithBrowser(func(page string) error {
		if err := driver.CanOpenBrowser(); err != nil {
			return err
		}
		o.tell("The browser opens to sign in. If it does not, open this page on this machine:")
		fmt.Fprintf(o.Err, "\n%s\n\n", page)
		if err := driver.OpenBrowser(page); err != nil { // the page is there to be opened by hand
			o.tell("hint: no browser could be opened (%s): open the page yourself, or press Ctrl-C and give --headless", printable(err.Error()))
		}
		return nil
	}))
	if err != nil {
		return err
	}
	defer connector.Close()
	if l.Headless {
		err = remoteSignIn(ctx, connector, o, ask)
	} else {
		err = connector.SignIn(ctx)
	}
	if err != nil {
		return err
	}
	status, err := connector.Status(ctx)
	if err != nil {
		return fmt.Errorf("the sign-in is kept in %s, but Bitbucket does not take it: %w", connector.SettingsLocation(), err)
	}
	who := status.UserName
	if who == "" {
		who = "a user whom the scopes do not tell"
	}
	again := "--profile " + to.profile
	if to.profile == "" {
		again = "--dsn '" + withoutSecrets(config) + "'"
	}
	_, err = fmt.Fprintf(o.Out, "Signed in as %s.\nThe tokens are in %s and renew themselves. Connect with %s\n", printable(who), connector.SettingsLocation(), again)
	return err
}

// completeConsumer asks for the OAuth consumer if neither the configuration nor the settings have it.
func completeConsumer(ctx context.Context, config *driver.Config, ask *prompt) error {
	if config.OAuthClientId != "" {
		return nil
	}
	connector, err := driver.NewConnector(config)
	if err != nil {
		return err
	}
	defer connector.Close()
	var incomplete *driver.ConfigError
	if _, err = connector.StartRemoteSignIn(ctx); !errors.As(err, &incomplete) || incomplete.Faults[0].Property != "OAuthClientId" {
		return nil // whatever is wrong, the sign-in will tell
	}
	if config.OAuthClientId, err = ask.line(ctx, "Key of the OAuth consumer", ""); err == nil {
		config.OAuthClientSecret, err = ask.secret(ctx, "Secret of the OAuth consumer")
	}
	if errors.As(err, new(*endedError)) {
		return fmt.Errorf("%w; a connection brings it as OAuthClientId and OAuthClientSecret: give --profile or --dsn, or set %s", err, dsnVariable)
	}
	return err
}

// remoteSignIn signs in with a browser elsewhere.
func remoteSignIn(ctx context.Context, connector *driver.Connector, o *IO, ask *prompt) error {
	remote, err := connector.StartRemoteSignIn(ctx)
	if err != nil {
		return err
	}
	o.tell("Open this page in a browser on any machine, and grant access:")
	if _, err := fmt.Fprintf(o.Out, "%s\n", remote.URL); err != nil {
		return err
	}
	o.tell("The browser then goes to an address that it may not be able to open. Copy that address, or the code in it, from the address bar.")
	for {
		pasted, err := ask.line(ctx, "Address or code", "")
		if err != nil {
			return err
		}
		err = remote.Finish(ctx, pasted)
		if o.ReadSecret == nil || !errors.Is(err, driver.ErrNoOAuthCode) && !errors.As(err, new(*driver.StateError)) {
			return err
		}
		report(o, err) // a person may have copied the wrong thing
	}
}
