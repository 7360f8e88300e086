package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/profile"
)

// connection are the options of commands that connect.
type connection struct {
	DSN     string `name:"dsn" placeholder:"DSN" help:"Connection string. Better set BITBUCKETSQL_DSN: other users of the machine can see arguments."`
	Profile string `placeholder:"NAME" help:"Connection profile, made with connect add. Or set BITBUCKETSQL_PROFILE."`
}

const (
	dsnVariable     = "BITBUCKETSQL_DSN"
	profileVariable = "BITBUCKETSQL_PROFILE"
)

// target is what a command connects to.
type target struct {
	dsn string
	// from says where the connection string is from, for people.
	from string
	// profile is the name of the profile, empty when there is none.
	profile string
}

// errNoConnection says that nothing tells what to connect to.
var errNoConnection = usageErrorf("no connection string: set %s or give --dsn, for example 'bitbucket://me%%40example.com:API-TOKEN@workspace', "+
	"or make a profile with %s connect add; to look around without an account, run %s demo", dsnVariable, program, program)

// target finds what to connect to: --dsn or --profile, else BITBUCKETSQL_DSN, else BITBUCKETSQL_PROFILE, else the profile called
// "default", else the only one there is.
func (c connection) target(o *IO) (target, error) {
	environment := func(name string) string { return strings.TrimSpace(o.Getenv(name)) }
	switch {
	case c.DSN != "" && c.Profile != "":
		return target{}, usageErrorf("--dsn and --profile exclude each other: to change a property of a profile, write --dsn 'Profile=%s;Name=value'", c.Profile)
	case strings.TrimSpace(c.DSN) != "":
		return target{dsn: c.DSN, from: "--dsn"}, nil
	case c.Profile != "":
		return profileTarget(c.Profile)
	case environment(dsnVariable) != "":
		return target{dsn: environment(dsnVariable), from: dsnVariable}, nil
	case environment(profileVariable) != "":
		return profileTarget(environment(profileVariable))
	}
	store, err := profile.Open()
	switch {
	case errors.Is(err, profile.ErrNoConfigDir): // then there are no profiles either
		return target{}, errNoConnection
	case err != nil:
		return target{}, err
	}
	list, err := store.List()
	if err != nil {
		return target{}, err
	}
	if p, ok := profile.Default(list); ok {
		return profileTarget(p.Name)
	}
	if len(list) > 0 {
		return target{}, usageErrorf("there are %d connection profiles and none is called \"default\": name one with --profile or in %s (%s)",
			len(list), profileVariable, strings.Join(profileNames(list), ", "))
	}
	return target{}, errNoConnection
}

// profileTarget is a profile as what to connect to.
func profileTarget(name string) (target, error) {
	if err := profile.CheckName(name); err != nil {
		return target{}, err
	}
	return target{dsn: "Profile=" + name, from: "the profile " + name, profile: name}, nil
}

// open opens the database. It sends nothing.
func (c connection) open(o *IO) (*sql.DB, error) {
	t, err := c.target(o)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open(driver.Name, t.dsn)
	return db, t.explain(err)
}

// explain says of an error of the connection string where that is from, if it is not in front of who typed the command.
func (t target) explain(err error) error {
	if t.from == dsnVariable && errors.As(err, new(*driver.ConfigError)) {
		return fmt.Errorf("%s: %w", t.from, err)
	}
	return err
}

// readAll reads to the end, which the end of ctx does not wait for.
func readAll(ctx context.Context, in io.Reader) (string, error) {
	type answer struct {
		text []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := io.ReadAll(in)
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		return string(a.text), a.err
	case <-ctx.Done():
		return "", fmt.Errorf("%w while reading standard input", cancelled{})
	}
}

// statement is SQL as an argument.
type statement struct {
	SQL string `arg:"" name:"sql" help:"The SQL; - reads it from standard input."`
}

var driverPrefix = regexp.MustCompile(`(?i)^\s*(?:jdbc:)?(?:cdata:)?bitbucket:`)

// isConnectionString tells a connection string from SQL: its secret must not be shown in an error of the SQL that it is not.
func isConnectionString(text string) bool {
	c, _ := driver.ParseDSN(text) // what can be read of it
	return driverPrefix.MatchString(text) || c.APIToken+c.AccessToken+c.OAuthAccessToken != ""
}

// read returns the text. The values are what is given for its parameters.
func (s statement) read(ctx context.Context, o *IO, values []string) (string, error) {
	text := strings.TrimPrefix(s.SQL, notFlag)
	switch {
	case text == "-":
		if o.ReadSecret != nil {
			o.tell("Type the SQL, and end it with %s.", endOfInput)
		}
		input, err := readAll(ctx, o.In)
		if err != nil {
			return "", err
		}
		text = strings.TrimPrefix(input, "\ufeff")
	case len(values) > 0 && !strings.ContainsAny(strings.TrimSpace(text), " \t\n;(") && strings.TrimSpace(text) != "":
		return "", usageErrorf("the SQL is one word only: put all of it in quotes, as in %s query \"SELECT 1\"", program)
	}
	switch {
	case strings.TrimSpace(text) == "":
		return "", usageErrorf("the SQL is empty")
	case isConnectionString(text):
		return "", usageErrorf("the SQL is a connection string, give that with --dsn or in %s", dsnVariable)
	}
	return text, nil
}
