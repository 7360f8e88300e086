package cli

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// explainOptions are the options of the command explain.
type explainOptions struct {
	connection
	Format  string `enum:"tree,table,csv,json,jsonl" default:"tree" help:"Format of the plan: tree, table, csv, json or jsonl."`
	Analyze bool   `help:"Run the statement, drop its rows and show what each step did."`
	statement
	arguments
}

// Help implements [kong.HelpProvider].
func (explainOptions) Help() string {
	return `Each step that reads from Bitbucket has

  requests   how many it makes, or a rule if that depends on what they find
  request    the first of them
  pushed     what Bitbucket does: conditions, order, limit, count
  rechecked  conditions that SQLite checks again, as Bitbucket's are wider
  not pushed conditions and orders that are SQLite's alone
  why        the reasons for both

and with --analyze, which runs the statement (EXPLAIN ANALYZE), request is the first that was sent, and

  actual     what the step did: requests, rows, bytes and times; how often
             it was started, and how often of these with rows that the
             statement had read before

Examples:

  bitbucketsql explain "SELECT COUNT(*) FROM platform.PullRequests"
  bitbucketsql explain --analyze \
    "SELECT Title FROM platform.PullRequests WHERE AuthorName = ?" "Ada Lindqvist"
  bitbucketsql explain --format json - < report.sql`
}

var (
	explainWord = regexp.MustCompile(`(?i)^\s*EXPLAIN\b`)
	analyzeWord = regexp.MustCompile(`(?i)^\s*EXPLAIN\s*(\(|ANALYZE\b|QUERY\b)`)
)

// The prefixes stand on a line of their own so that columns are those of the user's text.
const (
	explainPrefix = "EXPLAIN\n"
	analyzePrefix = "EXPLAIN ANALYZE\n"
)

// Run runs the command.
func (e *explainOptions) Run(ctx context.Context, o *IO) error {
	text, err := e.statement.read(ctx, o, e.Values)
	if err != nil {
		return err
	}
	args, err := e.arguments.read()
	if err != nil {
		return err
	}
	db, err := e.open(o)
	if err != nil {
		return err
	}
	defer db.Close()
	prefix := explainPrefix
	if e.Analyze {
		prefix = analyzePrefix
	}
	rows, err := explain(ctx, db, prefix, text, args)
	if err != nil {
		return err
	}
	if e.Format != "tree" {
		return writeResults(rows, o.results(e.Format))
	}
	defer rows.Close()
	steps, err := readSteps(rows)
	if err != nil {
		return err
	}
	return writeTree(o.Out, steps, o.paint(), o.tableWidth())
}

// explain runs EXPLAIN for one statement. It prepares it, because of several only the first would be explained, and the
// others would be run. A text that is an EXPLAIN already stays what it is, but for the one that is to be run.
func explain(ctx context.Context, db *sql.DB, with, text string, args []any) (*sql.Rows, error) {
	full, prefix := with+text, 1
	switch word := explainWord.FindString(text); {
	case word != "" && with == analyzePrefix && !analyzeWord.MatchString(text):
		full, prefix = word+" ANALYZE"+text[len(word):], 0
	case word != "":
		full, prefix = text, 0
	}
	prepared, err := db.PrepareContext(ctx, full)
	if err == nil {
		_ = prepared.Close()
		// The driver has better words for missing arguments than database/sql has for those of a prepared statement.
		var rows *sql.Rows
		if rows, err = db.QueryContext(ctx, full, args...); err == nil {
			return rows, nil
		}
	}
	if errors.Is(err, driver.ErrMultipleStatements) {
		return nil, usageErrorf("only one statement can be explained at a time")
	}
	return nil, &statementError{text, withoutPrefix(err, text, prefix)}
}

// withoutPrefix moves the place of an error that was found before the statement was taken out of the EXPLAIN.
func withoutPrefix(err error, text string, lines int) error {
	var syntax *driver.SyntaxError
	var column *driver.UnknownColumnError
	moved := func(line, column int, word string) bool {
		return lines > 0 && !found(text, line, column, word) && found(text, line-lines, column, word)
	}
	switch {
	case errors.As(err, &syntax) && moved(syntax.Line, syntax.Column, syntax.Near):
		out := *syntax
		out.Line -= lines
		return &out
	case errors.As(err, &column) && moved(column.Line, column.Column, column.Name):
		out := *column
		out.Line -= lines
		return &out
	}
	return err
}

// found tells whether a word is at a place of a text.
func found(text string, line, column int, word string) bool {
	lines := strings.Split(text, "\n")
	if line < 1 || line > len(lines) {
		return false
	}
	runes := []rune(lines[line-1])
	return column >= 1 && column <= len(runes)+1 && strings.HasPrefix(string(runes[column-1:]), word)
}
