package cli

import (
	"context"
	"fmt"
	"io"
	"maps"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/profile"
)

// editOptions are the options of the command connect edit.
type editOptions struct {
	Name string `arg:"" help:"Name of the profile."`
	assignments
}

// Help implements [kong.HelpProvider].
func (editOptions) Help() string {
	return `A property without a value is unset.

Examples:

  bitbucketsql connect edit work Schema=platform MaxRows=100
  bitbucketsql connect edit work MaxRows=
  bitbucketsql connect edit work --secret-stdin < token`
}

// editElsewhere is how to give a secret that --secret-stdin does not read.
const editElsewhere = "connect add --replace --dsn -"

// Run runs the command.
func (e *editOptions) Run(ctx context.Context, o *IO) error {
	if len(e.Properties) == 0 && !e.SecretStdin {
		return usageErrorf("say what to change: KEY=VALUE, KEY= or --secret-stdin")
	}
	store, err := profile.Open()
	if err != nil {
		return err
	}
	secret, err := e.secret(ctx, o, store)
	if err != nil {
		return profileError(err)
	}
	err = store.Edit(ctx, e.Name, func(properties, secrets map[string]string) error {
		config, err := e.kept(properties, secrets)
		if err == nil {
			err = e.assign(config, o, editElsewhere)
		}
		if err == nil && e.SecretStdin {
			var name string
			if name, _, err = secretOf(config); err == nil {
				err = config.Set(name, secret)
			}
		}
		if err != nil {
			return err
		}
		newProperties, newSecrets, err := split(config)
		if err != nil {
			return err
		}
		clear(properties)
		clear(secrets)
		maps.Copy(properties, newProperties)
		maps.Copy(secrets, newSecrets)
		return nil
	})
	if err != nil {
		return profileError(err)
	}
	return o.say("The profile %s is changed.", e.Name)
}

// secret reads the new secret, before the profiles are locked.
func (e *editOptions) secret(ctx context.Context, o *IO, store *profile.Store) (string, error) {
	p, err := store.Find(e.Name)
	if err != nil || !e.SecretStdin {
		return "", err
	}
	config, err := e.kept(p.Properties, nil)
	if err != nil {
		return "", err
	}
	quiet := *o
	quiet.Err = io.Discard
	if err := e.assign(config, &quiet, editElsewhere); err != nil {
		return "", err
	}
	_, question, err := secretOf(config)
	if err != nil {
		return "", err
	}
	return newPrompt(o).secret(ctx, question)
}

// kept is the configuration of the profile. Properties that are at fault, as those of another version of this program, are an
// error.
func (e *editOptions) kept(properties, secrets map[string]string) (*driver.Config, error) {
	config := driver.NewConfig()
	for _, values := range []map[string]string{properties, secrets} {
		for name, value := range values {
			if err := config.Set(name, value); err != nil {
				return nil, fmt.Errorf("the profile %s, which was changed by hand or by another version of this program, cannot be edited (make it again with \"%s connect add --replace %s\"): %w",
					e.Name, program, e.Name, err)
			}
		}
	}
	return config, nil
}
