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
)

// explainOptions are the options of the command explain.
type explainOptions struct {
	connection
	Format string `enum:"tree,table,csv,json,jsonl" default:"tree" help:"Format of the plan: ${enum}."`
	statement
	arguments
}

// Help implements [kong.HelpProvider].
func (explainOptions) Help() string {
	return `Each step that reads from Bitbucket has

  requests   how many it makes, or the rule where that depends on what they find
  request    the first of them
  pushed     what Bitbucket does: conditions, order, limit, count
  rechecked  conditions that SQLite checks again, because Bitbucket's are wider

Examples:

  bitbucketsql explain "SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN'"
  bitbucketsql explain --format json - < report.sql`
}

var explainWord = regexp.MustCompile(`(?i)^\s*EXPLAIN\b`)

// explainPrefix stands on a line of its own so that columns are those of the user's text.
const explainPrefix = "EXPLAIN\n"

// Run runs the command.
func (e *explainOptions) Run(ctx context.Context, o *IO) error {
	text, err := e.statement.read(o)
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
	rows, err := explain(ctx, db, text, args)
	if err != nil {
		return err
	}
	if e.Format != "tree" {
		return writeResults(rows, newResultWriter(e.Format, o.Out, o.tableWidth()))
	}
	steps, err := readSteps(rows)
	if err != nil {
		return err
	}
	return writeTree(o.Out, steps, o.paint(), 0)
}

// explain runs EXPLAIN for one statement. It prepares it, because of several only the first would be explained, and the
// others would be run.
func explain(ctx context.Context, db *sql.DB, text string, args []any) (*sql.Rows, error) {
	full, prefix := explainPrefix+text, 1
	if explainWord.MatchString(text) {
		full, prefix = text, 0
	}
	prepared, err := db.PrepareContext(ctx, full)
	if err == nil {
		defer prepared.Close()
		var rows *sql.Rows
		if rows, err = prepared.QueryContext(ctx, args...); err == nil {
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
	if !errors.As(err, &syntax) || lines == 0 || found(text, syntax.Line, syntax.Column, syntax.Near) {
		return err
	}
	if line := syntax.Line - lines; found(text, line, syntax.Column, syntax.Near) {
		return &driver.SyntaxError{Message: syntax.Message, Line: line, Column: syntax.Column, Near: syntax.Near}
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

// step is a row of EXPLAIN.
type step struct {
	depth     int
	operation string
	details   [][2]string // name and value
}

// readSteps reads the rows of EXPLAIN and closes them.
func readSteps(rows *sql.Rows) ([]step, error) {
	defer rows.Close()
	var steps []step
	for rows.Next() {
		var number int
		var operation string
		var requests, request, pushed, rechecked sql.NullString
		if err := rows.Scan(&number, &operation, &requests, &request, &pushed, &rechecked); err != nil {
			return nil, err
		}
		s := step{operation: strings.TrimLeft(operation, " ")}
		s.depth = (len(operation) - len(s.operation)) / 2
		for _, d := range []struct {
			name  string
			value sql.NullString
		}{{"requests", requests}, {"request", request}, {"pushed", pushed}, {"rechecked", rechecked}} {
			if d.value.Valid {
				s.details = append(s.details, [2]string{d.name, d.value.String})
			}
		}
		steps = append(steps, s)
	}
	return steps, rows.Err()
}

// writeTree draws the steps as a tree. Lines are cut to the width, if it is not 0.
func writeTree(w io.Writer, steps []step, p paint, width int) error {
	var b strings.Builder
	line := func(left, s string, color func(string) string) {
		if width > 0 {
			s = shorten(s, max(narrow, width-displayWidth(left)))
		}
		b.WriteString(p.dim(left) + color(s) + "\n")
	}
	plain := func(s string) string { return s }
	for i, s := range steps {
		var trunk strings.Builder
		for depth := range s.depth {
			if continues(steps, i, depth) {
				trunk.WriteString("│  ")
			} else {
				trunk.WriteString("   ")
			}
		}
		branch, below := "└─ ", "   "
		if continues(steps, i, s.depth) {
			branch, below = "├─ ", "│  "
		}
		children := "  "
		if i+1 < len(steps) && steps[i+1].depth > s.depth {
			children = "│ "
		}
		line(trunk.String()+branch, printable(s.operation), p.bold)
		for _, d := range s.details {
			line(trunk.String()+below+children+fmt.Sprintf("%-9s  ", d[0]), printable(d[1]), plain)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// continues tells whether another step of the depth follows under the same parent.
func continues(steps []step, i, depth int) bool {
	for _, s := range steps[i+1:] {
		if s.depth <= depth {
			return s.depth == depth
		}
	}
	return false
}
