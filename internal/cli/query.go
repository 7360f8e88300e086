package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// queryOptions are the options of the command query.
type queryOptions struct {
	connection
	Format  string        `enum:"table,csv,json,jsonl" default:"table" help:"Format of the rows: table, csv, json or jsonl."`
	Timeout time.Duration `placeholder:"DURATION" help:"Stop after this time, for example 30s."`
	Stats   *bool         `negatable:"" help:"Tell on standard error what the query cost. The default with tables."`
	statement
	arguments
}

// Help implements [kong.HelpProvider].
func (queryOptions) Help() string {
	return `Several statements are separated by semicolons. Of numbers and of true and false among the values, the meaning is
taken; all else is text. A value that begins with - and is no number comes after --.

Tables show NULL as NULL; CSV leaves it empty. JSON columns are JSON in JSON. Timestamps are RFC 3339, in UTC. Where a table is
too wide for the terminal, each row is shown as a record. Terminals see control characters as \u001b, files and pipes get them
as they are in CSV.

Examples:

  bitbucketsql query "SELECT Id, Title FROM platform.PullRequests LIMIT 10"
  bitbucketsql query "SELECT * FROM Repositories WHERE Language = ?" go
  bitbucketsql query --param author="Ada Lindqvist" \
    "SELECT Id, Title FROM platform.PullRequests WHERE AuthorName = :author"
  bitbucketsql query --format jsonl "SELECT * FROM platform.Tags" | jq .Name
  bitbucketsql query --format csv - < report.sql > report.csv`
}

// Run runs the command.
func (q *queryOptions) Run(ctx context.Context, o *IO) error {
	if q.Timeout < 0 {
		return usageErrorf("--timeout is %s, and must not be negative", q.Timeout)
	}
	text, err := q.statement.read(ctx, o, q.Values)
	if err != nil {
		return err
	}
	args, err := q.arguments.read()
	if err != nil {
		return err
	}
	db, err := q.open(o)
	if err != nil {
		return err
	}
	defer db.Close()
	if q.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, q.Timeout)
		defer cancel()
	}
	ctx, stats := driver.CollectStats(ctx)
	start := time.Now()
	rows, err := db.QueryContext(ctx, text, args...)
	if err == nil {
		w, plans := o.results(q.Format), o.paint()
		if t, ok := w.(*tableWriter); ok {
			t.plans = &plans
		}
		err = writeResults(rows, w)
	}
	if err != nil {
		return q.failure(ctx, err, text, stats)
	}
	if q.Stats == nil && q.Format == "table" || q.Stats != nil && *q.Stats {
		fmt.Fprintln(o.Err, costs(stats, time.Since(start)))
	}
	return nil
}

// failure says why the query failed.
func (q *queryOptions) failure(ctx context.Context, err error, text string, stats *driver.Stats) error {
	switch cause := ctx.Err(); {
	case errors.Is(cause, context.Canceled) && errors.Is(err, cause):
		return fmt.Errorf("%w after %s", cancelled{}, plural(stats.Requests, "request"))
	case errors.Is(cause, context.DeadlineExceeded) && errors.Is(err, cause):
		return fmt.Errorf("the query took longer than the --timeout of %s, and was stopped after %s", q.Timeout, plural(stats.Requests, "request"))
	}
	return &statementError{text, err}
}

// cancelled is context.Canceled in the words of the command line.
type cancelled struct{}

func (cancelled) Error() string        { return "cancelled" }
func (cancelled) Is(target error) bool { return target == context.Canceled }

// costs says what a query cost.
func costs(stats *driver.Stats, d time.Duration) string {
	return fmt.Sprintf("(%s, %s, %s)", plural(stats.Rows, "row"), plural(stats.Requests, "request"), elapsed(d))
}
