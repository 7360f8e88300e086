// Package driver is a database/sql driver that shows Bitbucket Cloud as SQL tables. Importing it registers it under the
// name "bitbucket":
//
//	db, err := sql.Open("bitbucket", "bitbucket://me%40example.com:token@acme")
//	rows, err := db.QueryContext(ctx, "SELECT Slug, UpdatedOn FROM Repositories WHERE Language = ? LIMIT 10", "go")
//
// [ParseDSN] describes the connection string, and [Properties] what can be set in it. A program that has the settings
// already, or needs an [Option], makes a [Connector] and passes it to [database/sql.OpenDB].
//
// # Statements
//
// SQLite runs the statements (https://www.sqlite.org/lang_select.html), after a respelling of what other databases spell
// differently. Tables are read when a statement asks for them, with as few requests as its columns, conditions, order and
// limit allow; EXPLAIN shows them without sending any, and EXPLAIN ANALYZE runs a query and shows what each scan did. Statements cannot change Bitbucket. They may make temporary tables
// (CREATE TEMP TABLE), which live as long as their connection: use [database/sql.DB.Conn] for these.
//
// A text may hold several statements, separated by semicolons; each that returns rows is a result set
// ([database/sql.Rows.NextResultSet]). Parameters are written ?, ?1, $1, :name or @name. Of several statements, each takes
// its own from the unnamed arguments, and all see the named ones.
//
// The statement ends with its context. MaxRequests bounds its requests ([BudgetError]), MaxRows its rows.
//
// # Signing in
//
// AuthScheme says how: with an APIToken, an AccessToken, as the user of an OAuth consumer (OAuth), as the consumer itself
// (OAuthClient), or not at all (None). With OAuth, InitiateOAuth says who gets the tokens. OFF leaves that to the program,
// REFRESH renews those that it has, and GETANDREFRESH opens the browser when there are none; both keep them in the file
// OAuthSettingsLocation, which all connections and programs of a user can share and which is then enough, with InitiateOAuth,
// to connect. Nothing is asked for before the first statement that needs Bitbucket, or Ping. [Connector.SignIn],
// [Connector.StartRemoteSignIn] and [Connector.SignOut] do it at another time, and [Connector.Status] tells of the result.
//
// # Stored procedures
//
//	EXEC GetOAuthAccessToken @AuthMode = 'WEB', @Verifier = ?
//	CALL RefreshOAuthAccessToken(?)
//
// EXEC, EXECUTE and CALL are the same, with Query or Exec. Parameters have names, or stand in the order in which
// sys_procedureparameters lists them. The procedures get OAuth tokens and test the connection; none changes Bitbucket.
//
// # Values
//
// A column's DatabaseTypeName says what its values scan into: TEXT and JSON string, INTEGER int64, REAL float64, BOOLEAN
// bool, TIMESTAMP and DATE [time.Time] in UTC, BLOB []byte. NULL is nil. The types of expressions are inferred, at the last
// from the first row; where neither tells, the name is empty. SQL allows a column to hold values of other types than its
// own, and such values come as they are.
//
// Arguments may be of these Go types, of other integers, bool, [encoding/json.RawMessage], or implement
// [database/sql/driver.Valuer].
//
// # Transactions
//
// Bitbucket has none. Begin, Commit and Rollback do nothing, so that programs that insist on them work; an isolation level
// other than the default is refused.
//
// # Errors
//
// A query returns all rows or an error, never a part of them silently. Errors are typed: [APIError] and its kinds
// ([ErrNotFound], …), [BudgetError], [SyntaxError], [UnknownTableError], [UnknownColumnError], [ErrReadOnly], [ConfigError],
// for procedures [UnknownProcedureError] and [ParameterError], and for OAuth [SignInError] and those beside it.
// A cancelled context's own error is always found by [errors.Is]. No error shows a secret.
package driver

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
)

// Name is the name under which the driver is registered.
const Name = "bitbucket"

func init() { sql.Register(Name, Driver{}) }

// Driver implements [sqldriver.Driver] and [sqldriver.DriverContext].
type Driver struct{}

var (
	_ sqldriver.Driver        = Driver{}
	_ sqldriver.DriverContext = Driver{}
)

// OpenConnector implements [sqldriver.DriverContext]. It reads the connection string with [ParseDSN].
func (Driver) OpenConnector(dsn string) (sqldriver.Connector, error) {
	c, err := ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	return NewConnector(c)
}

// Open implements [sqldriver.Driver]. The connection owns its connector and closes it.
func (d Driver) Open(dsn string) (sqldriver.Conn, error) {
	c, err := d.OpenConnector(dsn)
	if err != nil {
		return nil, err
	}
	connector := c.(*Connector)
	dc, err := connector.Connect(context.Background())
	if err != nil {
		return nil, err
	}
	opened := dc.(*conn)
	opened.ownsConnector = true
	return opened, nil
}
