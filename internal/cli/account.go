package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// account reads the configuration of a connection whose tokens are got, shown or forgotten, and which may have none yet. Without
// any connection it is that of the default OAuth settings.
func (c connection) account(o *IO) (*driver.Config, target, error) {
	t, err := c.target(o)
	if errors.Is(err, errNoConnection) {
		return driver.NewConfig(), target{from: "the OAuth settings"}, nil
	}
	if err != nil {
		return nil, t, err
	}
	config, err := driver.ReadDSN(t.dsn)
	return config, t, t.explain(err)
}

// keepTokens makes an OAuth connection one whose tokens the driver keeps.
func keepTokens(c *driver.Config) {
	if c.Scheme() == "" {
		c.AuthScheme = driver.OAuth
	}
	if c.Scheme() == driver.OAuth && c.InitiateOAuth == driver.InitiateOff {
		c.InitiateOAuth = driver.InitiateRefresh
	}
}

// withoutSecrets is the connection string of an OAuth connection that the settings complete.
func withoutSecrets(c *driver.Config) string {
	bare := c.Clone()
	if bare.InitiateOAuth == driver.InitiateOff {
		bare.InitiateOAuth = driver.InitiateRefresh
	}
	for _, p := range driver.Properties() {
		if p.Sensitive {
			_ = bare.Set(p.Name, "")
		}
	}
	for _, known := range []string{"OAuthClientId", "CallbackURL", "OAuthAuthorizationURL", "OAuthAccessTokenURL", "Scope"} {
		_ = bare.Set(known, "")
	}
	return bare.FormatDSN()
}

// fact is a name and a value for people.
type fact struct{ name, value string }

// writeFacts writes facts, each on a line or, where it is longer than those of a terminal, on several. Those without a value are
// left out.
func writeFacts(o *IO, facts []fact) error {
	wide := 0
	for _, f := range facts {
		if f.value != "" {
			wide = max(wide, len(f.name))
		}
	}
	var b strings.Builder
	for _, f := range facts {
		if f.value != "" {
			b.WriteString(hanging(fmt.Sprintf("%-*s  ", wide, f.name), printable(f.value), o.tableWidth()))
		}
	}
	_, err := io.WriteString(o.Out, b.String())
	return err
}

// writeRecord writes facts as the one row of a result.
func writeRecord(w resultWriter, columns []column, values []any) error {
	if err := w.begin(columns); err != nil {
		return err
	}
	if err := w.row(values); err != nil {
		return err
	}
	return w.end()
}

// orNil is nil for an empty text.
func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
