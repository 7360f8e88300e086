package driver

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/network"
	"github.com/seed281e34fa/bitbucketsql/internal/panics"
	"github.com/seed281e34fa/bitbucketsql/internal/userview"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// The errors of requests, for errors.As.
type (
	// APIError is an error answer of Bitbucket.
	APIError = api.Error
	// BudgetError says that a statement would have needed more requests than MaxRequests.
	BudgetError = api.BudgetError
	// LimitError says that a request was not sent, because a rate limit holds for longer than it may wait.
	LimitError = api.LimitError
	// TimeoutError says that a request took longer than Timeout.
	TimeoutError = api.TimeoutError
	// ContentError is an answer that is not what was asked for, a web page for instance.
	ContentError = api.ContentError
	// HostError is an answer that points to another host, which is not followed.
	HostError = api.HostError
	// RedirectError is a redirect that is not followed.
	RedirectError = api.RedirectError
	// PanicError is a panic of something that the program gave the driver, a transport for instance, or of the driver itself.
	PanicError = panics.Error
	// ProxyError is a proxy or firewall that gave no connection.
	ProxyError = network.ProxyError
	// CertificateError is a server that shows another certificate than SSLServerCert.
	CertificateError = network.CertificateError
)

// ViewError says that a user-defined view, its View, cannot be read. Lines and columns in the error within are places in its query.
type ViewError = userview.Error

// ErrViewExists is returned by CREATE LOCAL VIEW for a name that a view has.
var ErrViewExists = userview.ErrExists

// The errors of signing in and of OAuth tokens, for errors.As.
type (
	// SignInError says that no token can be had without the user, who must sign in again.
	SignInError = oauthstore.SignInError
	// TokenError is a refusal by the token endpoint, with its code.
	TokenError = oauthstore.TokenError
	// VerifierError says that OAuthVerifier, or the Verifier of a procedure, has expired or was used.
	VerifierError = oauthstore.VerifierError
	// StateError says that a redirect is not the answer to the sign-in.
	StateError = oauthstore.StateError
	// UnreachableError says that the token endpoint could not be asked.
	UnreachableError = oauthstore.UnreachableError
	// AnswerError says that the token endpoint gave no token and no error either.
	AnswerError = oauthstore.AnswerError
	// DeniedError says that the user, or Bitbucket, denied the access in the browser.
	DeniedError = oauthstore.DeniedError
	// CallbackError says that nothing can listen on CallbackURL.
	CallbackError = oauthstore.CallbackError
	// PortError says that the port of CallbackURL is taken.
	PortError = oauthstore.PortError
	// SignInTimeoutError says that the browser brought no answer in time.
	SignInTimeoutError = oauthstore.TimeoutError
	// BrowserError says that no browser could be opened.
	BrowserError = oauthstore.BrowserError
	// SaveError says that new tokens could not be saved.
	SaveError = oauthstore.SaveError
	// ClientError says that the OAuth settings are those of another consumer.
	ClientError = oauthstore.ClientError
	// SettingsError says why the file of OAuth settings cannot be used.
	SettingsError = oauthstore.FileError
)

// The kinds of errors, for errors.Is.
var (
	ErrUnauthorized = api.ErrUnauthorized // the credential is refused
	ErrMissingScope = api.ErrMissingScope // the credential lacks a scope
	ErrForbidden    = api.ErrForbidden    // the credential may not read this, missing scopes included
	ErrNotFound     = api.ErrNotFound     // not there, or hidden from the credential
	ErrGone         = api.ErrGone         // Atlassian removed the endpoint
	ErrRateLimited  = api.ErrRateLimited  // the hour's requests are used up
	ErrBudget       = api.ErrBudget       // the statement's requests are used up: a BudgetError

	// ErrNoOAuthCode says that a Verifier or OAuthVerifier holds no code.
	ErrNoOAuthCode = oauthstore.ErrNoCode
	// ErrNoDisplay says that this session has no display that a browser could open on. It is found in a [BrowserError].
	ErrNoDisplay = oauthstore.ErrNoDisplay
	// ErrReadOnly is the reason why a statement that would change something is refused.
	ErrReadOnly = errors.New("this driver only reads from Bitbucket")
	// ErrMultipleStatements is returned by Prepare for more than one statement.
	ErrMultipleStatements = errors.New("bitbucket: only one statement can be prepared, run several with Query or Exec")
	// ErrEmptyStatement is returned for a text of blanks and comments where rows are expected.
	ErrEmptyStatement = errors.New("bitbucket: the statement is empty")
	// ErrNestedTransaction is returned by Begin within a transaction of the same connection.
	ErrNestedTransaction = errors.New("bitbucket: the connection is in a transaction already, commit it or roll it back first")
)

// readOnlyError refuses a statement that would change something.
func readOnlyError(what, name string) error {
	return fmt.Errorf("bitbucket: %s %s: %w", what, name, ErrReadOnly)
}

// SyntaxError is a statement that cannot be compiled: what it says is not SQL, or names a function that does not exist,
// or means two columns by one name.
type SyntaxError struct {
	// Message says what is wrong.
	Message string
	// Line and Column, in characters, tell where in the statement, both from 1. They are 0 where that is not known.
	Line, Column int
	// Near is the piece of the statement found there; it may be empty.
	Near string
	err  error
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return "bitbucket: " + e.Message
	}
	return fmt.Sprintf("bitbucket: line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Unwrap returns the engine's error.
func (e *SyntaxError) Unwrap() error { return e.err }

// UnknownTableError names a table that does not exist.
type UnknownTableError struct {
	// Schema is the schema that the statement names, empty if it names none.
	Schema, Name string
	// Suggestions are names of tables that may have been meant, best first.
	Suggestions []string
	err         error
}

func (e *UnknownTableError) Error() string {
	name := e.Name
	if e.Schema != "" {
		name = e.Schema + "." + name
	}
	return "bitbucket: no such table: " + name + didYouMean(e.Suggestions)
}

// Unwrap returns the engine's error.
func (e *UnknownTableError) Unwrap() error { return e.err }

// UnknownColumnError names a column that does not exist.
type UnknownColumnError struct {
	// Table is the table or alias that the statement names, empty if it names none.
	Table, Name string
	// Line and Column, in characters, tell where in the statement, both from 1. They are 0 where that is not known.
	Line, Column int
	// Suggestions are names of columns that may have been meant, best first.
	Suggestions []string
	// Quoted says that the name stands in double quotes, which some databases take for those of text.
	Quoted bool
	err    error
}

func (e *UnknownColumnError) Error() string {
	text := e.message()
	if e.Quoted {
		if !strings.HasSuffix(text, "?") {
			text += ";"
		}
		text += " text stands in single quotes: " + dialect.QuoteString(e.Name)
	}
	return text
}

func (e *UnknownColumnError) message() string {
	name := e.Name
	if e.Table != "" {
		name = e.Table + "." + name
	}
	if e.Line == 0 {
		return "bitbucket: no such column: " + name + didYouMean(e.Suggestions)
	}
	return fmt.Sprintf("bitbucket: line %d, column %d: no such column: %s%s", e.Line, e.Column, name, didYouMean(e.Suggestions))
}

// Unwrap returns the engine's error.
func (e *UnknownColumnError) Unwrap() error { return e.err }

// SQLite's words for what does not exist. A name comes as the statement spells it, without its quotes.
var (
	noSuchTable  = regexp.MustCompile(`^no such table: (?:(.+?)\.)?([^.]+)$`)
	noSuchColumn = regexp.MustCompile(`^no such column: "?(?:(.+?)\.)?([^."]+)"?(?: - should this be .*)?$`)
	notWritable  = regexp.MustCompile(`^(?:cannot modify (.+) because it is a view|table (.+) may not be modified)$`)
	nearToken    = regexp.MustCompile(`^(?:near|unrecognized token:) "(.*)"(?:: syntax error)?$`)
)

// missingTable tells whether the error is about a table that the engine does not know.
func missingTable(err error) (schema, name string, ok bool) {
	var e *engine.SQLError
	if !errors.As(err, &e) {
		return "", "", false
	}
	m := noSuchTable.FindStringSubmatch(e.Message)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// compileError explains why a statement cannot be compiled, in terms of the user's text. Offset maps a place in what the
// engine was given to a place in the text.
func (c *conn) compileError(ctx context.Context, text string, offset func(int) int, err error) error {
	if schema, name, ok := missingTable(err); ok {
		return &UnknownTableError{Schema: schema, Name: name, Suggestions: c.suggestTables(schema, name), err: err}
	}
	var lex *dialect.LexError
	if errors.As(err, &lex) {
		return &SyntaxError{
			Message: "unterminated " + lex.What + ", it begins here", Line: lex.Line, Column: lex.Column, Near: snippet(text, lex.Offset), err: err,
		}
	}
	var e *engine.SQLError
	if !errors.As(err, &e) || e.Code != sqliteError {
		return runError(ctx, err)
	}
	if m := notWritable.FindStringSubmatch(e.Message); m != nil {
		return readOnlyError("the table", m[1]+m[2])
	}
	line, column, near := 0, 0, ""
	if e.Offset >= 0 {
		at := offset(e.Offset)
		line, column = dialect.Position(text, at)
		near = snippet(text, at)
	}
	if m := noSuchColumn.FindStringSubmatch(e.Message); m != nil {
		if err := c.unqualified(ctx, text); err != nil {
			return err
		}
		unknown := &UnknownColumnError{
			Table: m[1], Name: m[2], Line: line, Column: column, Suggestions: c.suggestColumns(m[2], text), err: err,
			Quoted: m[1] == "" && strings.HasPrefix(near, `"`),
		}
		if unknown.Quoted { // Only a slip of the pen is as likely as text.
			unknown.Suggestions = slices.DeleteFunc(unknown.Suggestions, func(s string) bool {
				return editDistance(strings.ToLower(s), strings.ToLower(m[2])) > max(1, len(m[2])/3)
			})
		}
		return unknown
	}
	message := e.Message
	if m := nearToken.FindStringSubmatch(message); m != nil && strings.HasSuffix(message, "syntax error") {
		message = fmt.Sprintf("syntax error near %q", m[1])
		if e.Offset >= 0 {
			message += misname(text, offset(e.Offset))
		}
	} else if name, ok := strings.CutPrefix(message, "no such function: "); ok {
		message += c.misfunction(ctx, name)
	} else if message == "incomplete input" {
		message = "the statement is incomplete"
	}
	return &SyntaxError{Message: message, Line: line, Column: column, Near: near, err: err}
}

// sqliteError is SQLITE_ERROR, the code of statements that do not compile (https://www.sqlite.org/rescode.html#error).
const sqliteError = 1

// sqliteMismatch is SQLITE_MISMATCH, the code of a LIMIT or OFFSET that is no integer.
const sqliteMismatch = 20

// snippet is the word that begins at a place, for a caret or a message.
func snippet(text string, offset int) string {
	if offset < 0 || offset >= len(text) {
		return ""
	}
	rest := text[offset:]
	if tokens, _ := dialect.Lex(rest); len(tokens) > 0 {
		rest = tokens[0].Text
	}
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	for n := range rest {
		if n > 40 {
			return rest[:n]
		}
	}
	if !utf8.ValidString(rest) {
		return strings.ToValidUTF8(rest, "\uFFFD")
	}
	return rest
}

// runError explains an error of a statement that runs. The context's own error comes out whatever the engine made of it.
func runError(ctx context.Context, err error) error {
	var denied *engine.DeniedError
	var refused *engine.SQLError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && !errors.Is(err, ctx.Err()):
		err = fmt.Errorf("bitbucket: %w: %w", ctx.Err(), err)
	case errors.As(err, &denied):
		err = fmt.Errorf("bitbucket: %w: %w", err, ErrReadOnly)
	case errors.As(err, &refused) && refused.Code == sqliteMismatch:
		err = fmt.Errorf("bitbucket: %w: LIMIT and OFFSET take whole numbers and no NULL; LIMIT -1 is none", err)
	}
	return watch.failed(err)
}
