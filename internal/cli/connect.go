package cli

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/profile"
)

// connectOptions are the commands on connection profiles.
type connectOptions struct {
	Add    addOptions    `cmd:"" help:"Make a profile, from what you are asked, a connection string or arguments."`
	List   listOptions   `cmd:"" help:"List the profiles, without their secrets."`
	Test   testOptions   `cmd:"" help:"Connect with a profile, and show who you are."`
	Edit   editOptions   `cmd:"" help:"Change properties of a profile."`
	Remove removeOptions `cmd:"" help:"Forget a profile and its secrets."`
}

// Help implements [kong.HelpProvider].
func (connectOptions) Help() string {
	return `A profile is a connection with a name, for --profile NAME and for Profile=NAME in connection strings. Its secrets are kept apart from
it: in the keyring of the system, or where there is none (or BITBUCKETSQL_KEYRING=off) in an encrypted file that only you can read.
The profile called "default", or the only one there is, is used when nothing else names a connection.`
}

func profileNames(list []profile.Profile) []string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.Name
	}
	return names
}

// listOptions are the options of the command connect list.
type listOptions struct {
	Format string `enum:"table,csv,json,jsonl" default:"table" help:"Format of the list: table, csv, json or jsonl."`
}

// Run runs the command.
func (l *listOptions) Run(o *IO) error {
	store, err := profile.Open()
	if err != nil {
		return err
	}
	list, err := store.List()
	if err != nil {
		return err
	}
	if len(list) == 0 {
		o.tell("There is no profile yet: make one with \"%s connect add NAME\".", program)
		if l.Format == "table" {
			return nil
		}
	}
	w := o.results(l.Format)
	err = w.begin([]column{{"Name", "TEXT"}, {"Workspace", "TEXT"}, {"AuthScheme", "TEXT"}, {"User", "TEXT"}, {"SecretsIn", "TEXT"}, {"Default", "BOOLEAN"}, {"Properties", "TEXT"}})
	if err != nil {
		return err
	}
	standard, _ := profile.Default(list)
	for _, p := range list {
		err := w.row([]any{
			p.Name, orNil(p.Properties["Workspace"]), orNil(p.Properties["AuthScheme"]), orNil(p.Properties["User"]), orNil(string(p.Keeper)), p.Name == standard.Name,
			orNil(others(p)),
		})
		if err != nil {
			return err
		}
	}
	return w.end()
}

// others are the properties of a profile that have no column of their own in the list, as a connection string without secrets.
func others(p profile.Profile) string {
	config := driver.NewConfig()
	for name, value := range p.Properties {
		switch name {
		case "Workspace", "AuthScheme", "User":
		default:
			_ = config.Set(name, value) // those of another version are not shown
		}
	}
	return config.String()
}

// testOptions are the options of the command connect test.
type testOptions struct {
	Name string `arg:"" help:"Name of the profile."`
}

// Run runs the command.
func (t *testOptions) Run(ctx context.Context, o *IO) error {
	to, err := profileTarget(t.Name)
	if err != nil {
		return err
	}
	db, err := sql.Open(driver.Name, to.dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	var scheme string
	var uuid, name, workspace sql.NullString
	var repositories sql.NullInt64
	var expires sql.Null[time.Time]
	if err := db.QueryRowContext(ctx, "EXEC TestConnection").Scan(&scheme, &uuid, &name, &workspace, &repositories, &expires); err != nil {
		return err
	}
	facts := []fact{
		{"profile", t.Name}, {"auth scheme", scheme}, {"user", strings.TrimSpace(name.String + " " + uuid.String)}, {"workspace", workspace.String},
	}
	if repositories.Valid {
		facts = append(facts, fact{"repositories", thousands(int(repositories.Int64))})
	}
	return writeFacts(o, facts)
}

// removeOptions are the options of the command connect remove.
type removeOptions struct {
	Name  string `arg:"" help:"Name of the profile."`
	Force bool   `help:"Forget the profile even if the keyring does not let its secrets be removed."`
}

// Run runs the command.
func (r *removeOptions) Run(ctx context.Context, o *IO) error {
	store, err := profile.Open()
	if err != nil {
		return err
	}
	p, err := store.Find(r.Name)
	if errors.As(err, new(*profile.UnknownError)) {
		return usageErrorf("%w", err) // who removes one doesn't want to make it
	} else if err != nil {
		return profileError(err)
	}
	if location := p.Properties["OAuthSettingsLocation"]; location != "" && location == settingsOf(store, p.Name) {
		if err := forgetTokens(ctx, location); err != nil && !r.Force {
			return err
		}
	}
	if err := store.Remove(ctx, r.Name, r.Force); err != nil {
		return profileError(err)
	}
	return o.say("The profile %s and its secrets are forgotten.", p.Name)
}

// settingsOf is where the OAuth tokens of a profile are kept, unless it says otherwise: consumers cannot share a file.
func settingsOf(store *profile.Store, name string) string {
	return filepath.Join(store.Dir(), "OAuthSettings-"+name+".json")
}

func forgetTokens(ctx context.Context, location string) error {
	config := driver.NewConfig()
	config.InitiateOAuth, config.OAuthSettingsLocation = driver.InitiateRefresh, location
	connector, err := driver.NewConnector(config)
	if err != nil {
		return err
	}
	defer connector.Close()
	_, err = connector.SignOut(ctx)
	return err
}

// profileError is an error of the store in the words of the command line.
func profileError(err error) error {
	var name *profile.NameError
	var unknown *profile.UnknownError
	var exists *profile.ExistsError
	switch {
	case errors.As(err, &unknown):
		return usageErrorf("%w; make it with \"%s connect add %s\"", err, program, unknown.Name)
	case errors.As(err, &exists):
		return usageErrorf("%w: change it with \"%s connect edit %s\", or give --replace", err, program, exists.Name)
	case errors.As(err, &name):
		return usageErrorf("%w", err)
	}
	return err
}
