package cli

import (
	"context"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// logoutOptions are the options of the command logout.
type logoutOptions struct{ connection }

// Help implements [kong.HelpProvider].
func (logoutOptions) Help() string {
	return `Deletes the OAuth tokens of a connection from this machine, with the consumer that is kept beside them. Bitbucket has no way to
revoke them: to withdraw the access of the consumer, go to bitbucket.org/account/settings/app-authorizations.

The secret of a profile is forgotten with the profile: bitbucketsql connect remove.`
}

// Run runs the command.
func (l *logoutOptions) Run(ctx context.Context, o *IO) error {
	config, _, err := l.account(o)
	if err != nil {
		return err
	}
	if config.OAuthAccessToken == "" { // else nobody keeps one
		keepTokens(config)
	}
	connector, err := driver.NewConnector(config)
	if err != nil {
		return err
	}
	defer connector.Close()
	deleted, err := connector.SignOut(ctx)
	if err != nil {
		return err
	}
	if !deleted {
		return o.say("Nobody was signed in: there is no %s.", connector.SettingsLocation())
	}
	return o.say("Signed out: %s is deleted.", connector.SettingsLocation())
}
