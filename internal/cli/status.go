package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// statusOptions are the options of the command status.
type statusOptions struct {
	connection
	Format string `enum:"text,table,csv,json,jsonl" default:"text" help:"Format of the answer: text, table, csv, json or jsonl."`
}

// Help implements [kong.HelpProvider].
func (statusOptions) Help() string {
	return `Asks Bitbucket, with one request, who the credential belongs to, and shows its scopes, when its token expires, the hour's requests
where Bitbucket tells of them, and where the tokens are kept. It never opens a browser and never shows a secret. The exit code is
4 when the credential is refused or nobody is signed in.`
}

// Run runs the command.
func (s *statusOptions) Run(ctx context.Context, o *IO) error {
	config, to, err := s.account(o)
	if err != nil {
		return err
	}
	if to.dsn == "" {
		keepTokens(config)
	}
	connector, err := driver.NewConnector(config)
	if err != nil {
		return err
	}
	defer connector.Close()
	if to.dsn == "" {
		if _, err := os.Stat(connector.SettingsLocation()); err != nil {
			return errNoConnection
		}
	}
	status, err := connector.Status(ctx)
	if s.Format != "text" {
		if err != nil {
			return err
		}
		return writeRecord(o.results(s.Format), statusColumns, statusValues(status, to, config))
	}
	if writeErr := writeFacts(o, statusFacts(status, to, config, err == nil)); writeErr != nil {
		return writeErr
	}
	return err
}

var statusColumns = []column{
	{"Profile", "TEXT"},
	{"Workspace", "TEXT"},
	{"AuthScheme", "TEXT"},
	{"UserName", "TEXT"},
	{"UserUUID", "TEXT"},
	{"Scopes", "TEXT"},
	{"TokenExpiresOn", "TIMESTAMP"},
	{"RequestsPerHour", "INTEGER"},
	{"RequestsLeft", "INTEGER"},
	{"SettingsLocation", "TEXT"},
}

func statusValues(s driver.Status, to target, config *driver.Config) []any {
	var expires, limit, left any
	if !s.TokenExpiresOn.IsZero() {
		expires = s.TokenExpiresOn
	}
	if r := s.RateLimit; r != nil {
		limit = int64(r.Limit)
		if r.Remaining >= 0 {
			left = int64(r.Remaining)
		}
	}
	return []any{
		orNil(to.profile), orNil(config.Workspace), string(s.AuthScheme), orNil(s.UserName), orNil(s.UserUUID), orNil(strings.Join(s.Scopes, " ")),
		expires, limit, left, orNil(s.SettingsLocation),
	}
}

func statusFacts(s driver.Status, to target, config *driver.Config, answered bool) []fact {
	facts := []fact{{"connection", to.from}, {"workspace", config.Workspace}, {"auth scheme", string(s.AuthScheme)}, {"settings file", s.SettingsLocation}}
	if !answered {
		return facts
	}
	user := strings.TrimSpace(s.UserName + " " + s.UserUUID)
	if user == "" && s.AuthScheme == driver.None {
		user = "nobody"
	} else if user == "" {
		user = "Bitbucket does not tell this credential"
	}
	facts = append(facts, fact{"user", user}, fact{"scopes", strings.Join(s.Scopes, " ")})
	if !s.TokenExpiresOn.IsZero() {
		facts = append(facts, fact{"token", fmt.Sprintf("expires at %s, in %s, and is then renewed", s.TokenExpiresOn.UTC().Format(time.RFC3339),
			time.Until(s.TokenExpiresOn).Round(time.Second))})
	}
	return append(facts, fact{"budget", budget(s.RateLimit)})
}

// budget tells of the hour's requests; nothing where Bitbucket does not tell.
func budget(r *driver.RateLimit) string {
	if r == nil {
		return ""
	}
	text := plural(r.Limit, "request") + " an hour"
	if r.Remaining >= 0 {
		text += ", " + thousands(r.Remaining) + " left"
	} else if r.NearLimit {
		text += ", less than a fifth left"
	}
	if !r.Reset.IsZero() {
		text += ", all again in " + time.Until(r.Reset).Round(time.Second).String()
	}
	return text
}
