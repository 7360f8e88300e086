package cli

import (
	"database/sql"
	"io"
	"regexp"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// connection are the options of commands that connect.
type connection struct {
	DSN string `name:"dsn" placeholder:"DSN" help:"Connection string. Better set BITBUCKETSQL_DSN: other users of the machine can see arguments."`
}

const dsnVariable = "BITBUCKETSQL_DSN"

// open opens the database. It sends nothing.
func (c connection) open(o *IO) (*sql.DB, error) {
	dsn := c.DSN
	if dsn == "" {
		dsn = o.Getenv(dsnVariable)
	}
	if strings.TrimSpace(dsn) == "" {
		return nil, usageErrorf("no connection string: set %s or give --dsn, for example 'bitbucket://me%%40example.com:API-TOKEN@workspace'; "+
			"to look around without an account, run %s demo", dsnVariable, program)
	}
	return sql.Open(driver.Name, dsn)
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

// read returns the text.
func (s statement) read(o *IO) (string, error) {
	text := s.SQL
	if text == "-" {
		input, err := io.ReadAll(o.In)
		if err != nil {
			return "", err
		}
		text = strings.TrimPrefix(string(input), "\ufeff")
	}
	switch {
	case strings.TrimSpace(text) == "":
		return "", usageErrorf("the SQL is empty")
	case isConnectionString(text):
		return "", usageErrorf("the SQL is a connection string, give that with --dsn or in %s", dsnVariable)
	}
	return text, nil
}
