package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/profile"
)

// assignments are properties as arguments, and a secret that is none.
type assignments struct {
	Properties  []string `arg:"" optional:"" name:"property" placeholder:"KEY=VALUE" help:"Connection properties, such as Workspace=acme."`
	SecretStdin bool     `help:"Read the secret of the auth scheme from standard input, without showing it on a terminal."`
}

// addOptions are the options of the command connect add.
type addOptions struct {
	Name string `arg:"" help:"Name of the profile: letters, digits and ._-"`
	assignments
	DSN     string `name:"dsn" placeholder:"DSN" help:"Connection string to take; - reads it from standard input."`
	Secrets string `enum:"auto,keyring,file" default:"auto" help:"Where to keep secrets: auto, keyring or file. auto is the keyring, and the file where there is none."`
	Replace bool   `help:"Replace a profile of the same name."`
}

// Help implements [kong.HelpProvider].
func (addOptions) Help() string {
	return `Asks for what is missing. Nothing is sent to Bitbucket: connect test does that.

Examples:

  bitbucketsql connect add work
  bitbucketsql connect add work Workspace=acme User=me@example.com \
    --secret-stdin < token
  bitbucketsql connect add ci --dsn - <<< "$BITBUCKETSQL_DSN"
  bitbucketsql connect add work Workspace=acme AuthScheme=OAuth \
    OAuthClientId=KEY               # then: bitbucketsql login --profile work`
}

// Run runs the command.
func (a *addOptions) Run(ctx context.Context, o *IO) error {
	if err := profile.CheckName(a.Name); err != nil {
		return profileError(err)
	}
	if a.SecretStdin && a.DSN == "-" {
		return usageErrorf("--secret-stdin and --dsn - both read standard input: give one of them")
	}
	store, err := profile.Open()
	if err != nil {
		return err
	}
	if p, err := store.Find(a.Name); err == nil && !a.Replace { // before anything is asked
		return profileError(&profile.ExistsError{Name: p.Name})
	}
	config, err := a.config(ctx, o)
	if err != nil {
		return err
	}
	if err := a.assign(config, o, "--dsn -"); err != nil {
		return err
	}
	ask := newPrompt(o)
	if a.SecretStdin {
		if err := readSecret(ctx, config, ask); err != nil {
			return err
		}
	}
	initiate(config)
	if config.Validate() != nil {
		if err := a.complete(ctx, config, ask); err != nil {
			return err
		}
		initiate(config)
	}
	if config.InitiateOAuth != driver.InitiateOff && config.OAuthSettingsLocation == "" {
		config.OAuthSettingsLocation = settingsOf(store, a.Name)
	}
	properties, secrets, err := split(config)
	if err != nil {
		return err
	}
	keeper := profile.Keeper(a.Secrets)
	if a.Secrets == "auto" {
		keeper = ""
	}
	added, err := store.Add(ctx, a.Name, properties, secrets, keeper, a.Replace)
	if err != nil {
		return profileError(err)
	}
	return a.tell(o, store, added, config)
}

// initiate lets the driver get the tokens of an OAuth connection that has none.
func initiate(config *driver.Config) {
	if config.Scheme() == driver.OAuth && config.InitiateOAuth == driver.InitiateOff && config.OAuthAccessToken == "" {
		config.InitiateOAuth = driver.InitiateGetAndRefresh
	}
}

// read reads the connection string: all of standard input, or of a terminal a line that does not show.
func (a *addOptions) read(ctx context.Context, o *IO) (string, error) {
	if o.ReadSecret != nil {
		return newPrompt(o).secret(ctx, "Connection string")
	}
	return readAll(ctx, o.In)
}

// config is what to start from.
func (a *addOptions) config(ctx context.Context, o *IO) (*driver.Config, error) {
	dsn := a.DSN
	if dsn == "-" {
		text, err := a.read(ctx, o)
		if err != nil {
			return nil, err
		}
		if dsn = strings.TrimSpace(text); dsn == "" {
			return nil, &endedError{"Connection string"}
		}
	}
	config, err := driver.ReadDSN(dsn)
	if err == nil && a.DSN != "-" && config.Profile == "" && hasSecret(config) {
		hint(o, "the connection string", "--dsn -")
	}
	return config, err
}

// hint warns of a secret in an argument.
func hint(o *IO, what, instead string) {
	o.tell("hint: other users of the machine can see arguments, and shells keep them: better give %s with %s", what, instead)
}

func hasSecret(config *driver.Config) bool {
	return slices.ContainsFunc(driver.Properties(), func(p driver.Property) bool { return p.Sensitive && p.Value(config) != "" })
}

// assign sets the properties of the arguments. Elsewhere says how else to give a secret that is not that of the scheme.
func (a *assignments) assign(config *driver.Config, o *IO, elsewhere string) error {
	given := map[string]bool{}
	var secrets []string
	for _, text := range a.Properties {
		name, value, ok := strings.Cut(text, "=")
		if driverPrefix.MatchString(text) || holdsProperty(value) {
			return usageErrorf("an argument is a connection string, not KEY=VALUE: give it to connect add with --dsn - on standard input")
		}
		if !ok || strings.TrimSpace(name) == "" {
			return usageErrorf("a property is not KEY=VALUE (it is not shown, because it could be a secret)")
		}
		p, known := driver.FindProperty(name)
		if p.Name == "Profile" {
			return usageErrorf("a profile has no Profile: to begin with the properties of another, give connect add --dsn Profile=NAME")
		}
		if known && given[p.Name] {
			return usageErrorf("%s is given twice", p.Name)
		}
		given[p.Name] = true
		if err := config.Set(name, value); err != nil {
			return err
		}
		if p.Sensitive && value != "" {
			secrets = append(secrets, p.Name)
		}
	}
	for _, name := range secrets { // once the scheme is known
		instead := elsewhere
		if of, _, err := secretOf(config); err == nil && of == name {
			instead = "--secret-stdin"
		}
		hint(o, name, instead)
	}
	return nil
}

// holdsProperty says whether a value goes on as a connection string does. The rest of one would be kept as that value, with its
// secret for all to see.
func holdsProperty(value string) bool {
	_, rest, more := strings.Cut(value, ";")
	for more {
		var part string
		part, rest, more = strings.Cut(rest, ";")
		if name, _, ok := strings.Cut(part, "="); ok {
			if _, known := driver.FindProperty(name); known {
				return true
			}
		}
	}
	return false
}

// secretOf is the property that holds the secret of a scheme.
func secretOf(config *driver.Config) (property, question string, err error) {
	switch config.Scheme() {
	case driver.APIToken:
		return "APIToken", "API token", nil
	case driver.AccessToken:
		return "AccessToken", "Access token", nil
	case driver.OAuth, driver.OAuthClient:
		return "OAuthClientSecret", "Secret of the OAuth consumer", nil
	case driver.None:
		return "", "", usageErrorf("AuthScheme None has no secret")
	}
	return "", "", usageErrorf("say what the secret is for: AuthScheme=APIToken, AccessToken, OAuth or OAuthClient")
}

// readSecret reads the secret of the scheme.
func readSecret(ctx context.Context, config *driver.Config, ask *prompt) error {
	name, question, err := secretOf(config)
	if err != nil {
		return err
	}
	secret, err := ask.secret(ctx, question)
	if err != nil {
		return err
	}
	return config.Set(name, secret)
}

// answered sets a property to what a person typed. The error is what keeps the property from being used.
func answered(config *driver.Config, name, answer string) error {
	if err := config.Set(name, answer); err != nil {
		return err
	}
	var invalid *driver.ConfigError
	if err := config.Validate(); errors.As(err, &invalid) {
		for _, f := range invalid.Faults {
			if f.Property == name {
				return usageErrorf("%s: %s", f.Property, f.Problem)
			}
		}
	}
	return nil
}

// complete asks for what is missing. A person is asked again after an answer that cannot be used.
func (a *addOptions) complete(ctx context.Context, config *driver.Config, ask *prompt) error {
	var err error
	set := func(name, question, fallback string) {
		if err != nil {
			return
		}
		for {
			var answer string
			if answer, err = ask.line(ctx, question, fallback); err != nil {
				return
			}
			problem := answered(config, name, answer)
			if problem == nil {
				return
			}
			if ask.o.ReadSecret == nil { // a script gives the next answer to the next question
				err = config.Set(name, answer)
				return
			}
			report(ask.o, problem)
		}
	}
	if len(a.Properties) == 0 && a.DSN == "" && !a.SecretStdin {
		set("Workspace", "Workspace, as in bitbucket.org/<workspace>", "")
	}
	if config.Scheme() == "" {
		set("AuthScheme", "Auth scheme: APIToken, AccessToken, OAuth, OAuthClient or None", string(driver.APIToken))
	}
	switch config.Scheme() {
	case driver.APIToken:
		if config.User == "" {
			set("User", "E-mail address of the Atlassian account", "")
		}
	case driver.OAuth, driver.OAuthClient:
		if config.OAuthClientId == "" {
			set("OAuthClientId", "Key of the OAuth consumer", "")
		}
	case driver.AccessToken, driver.None:
	}
	if err != nil {
		return notAsked(err)
	}
	name, _, err := secretOf(config)
	if err != nil {
		return nil // there is none to ask for
	}
	if value, _ := config.Get(name); value != "" {
		return nil
	}
	for {
		err := readSecret(ctx, config, ask)
		if value, _ := config.Get(name); err != nil || value != "" || ask.o.ReadSecret == nil {
			return notAsked(err)
		}
		report(ask.o, usageErrorf("%s is empty", name))
	}
}

// notAsked tells a script, whose input has ended, how else to give what is missing.
func notAsked(err error) error {
	if errors.As(err, new(*endedError)) {
		return fmt.Errorf("%w; properties are also taken as KEY=VALUE, a secret with --secret-stdin, and all of it with --dsn", err)
	}
	return err
}

// split checks a configuration and parts its properties from its secrets.
func split(config *driver.Config) (properties, secrets map[string]string, err error) {
	if err := config.Validate(); err != nil {
		return nil, nil, err
	}
	config.AuthScheme = config.Scheme()
	properties, secrets = map[string]string{}, map[string]string{}
	for _, p := range driver.Properties() {
		value, _ := config.Get(p.Name)
		switch {
		case p.Name == "OAuthVerifier" && value != "":
			return nil, nil, usageErrorf("OAuthVerifier works once and is not kept in a profile: sign in with %s login --headless", program)
		case p.Name == "Profile", value == "", value == p.Default && p.Name != "AuthScheme":
		case p.Sensitive:
			secrets[p.Name] = value
		default:
			properties[p.Name] = value
		}
	}
	return properties, secrets, nil
}

// tell says what was kept, and what comes next.
func (a *addOptions) tell(o *IO, store *profile.Store, added profile.Profile, config *driver.Config) error {
	text := fmt.Sprintf("The profile %s is kept in %s", added.Name, store.Path())
	switch names := strings.Join(added.Secrets, ", "); {
	case added.Keeper == profile.Keyring:
		text += ", its " + names + " in the keyring"
	case added.Keeper == profile.EncryptedFile && a.Secrets == "auto":
		text += ", its " + names + " in an encrypted file beside it, as there is no keyring that answers"
	case added.Keeper == profile.EncryptedFile:
		text += ", its " + names + " in an encrypted file beside it"
	}
	next := "connect test " + added.Name
	if config.AuthScheme == driver.OAuth && config.InitiateOAuth != driver.InitiateOff {
		next = "login --profile " + added.Name
	}
	if err := o.say("%s.", text); err != nil {
		return err
	}
	return o.say("Next: %s %s", program, next)
}
