package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// demoOptions are the options of the command demo.
type demoOptions struct {
	PullRequests int           `name:"pullrequests" default:"5000" placeholder:"N" help:"Pull requests of the repository platform, ${default} by default."`
	Latency      time.Duration `default:"20ms" help:"Time before every answer, ${default} by default."`
}

// demoWidth is the most columns that the demo takes.
const demoWidth = 110

// Run runs the command.
func (d *demoOptions) Run(ctx context.Context, o *IO) error {
	if d.PullRequests < 1 {
		return usageErrorf("--pullrequests must be 1 or more")
	}
	if d.Latency < 0 {
		return usageErrorf("--latency is %s, and must not be negative", d.Latency)
	}
	config := bitbucketfake.Config{Workspace: "acme", PullRequests: d.PullRequests, Latency: d.Latency, Token: "demo"}
	server := bitbucketfake.New(config)
	if err := server.Start("127.0.0.1:0"); err != nil {
		return fmt.Errorf("cannot start the sample workspace: %w", err)
	}
	defer server.Close()
	dsn, err := fakeDSN(server, config)
	if err != nil {
		return err
	}
	db, err := sql.Open(driver.Name, dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := warm(ctx, db, server, config); err != nil {
		return err
	}
	out := demoWriter{w: o.Out, paint: o.paint(), width: demoWidth}
	if o.IsTerminal && o.Width > 0 {
		out.width = min(demoWidth, o.Width)
	}
	out.text("", plain, "The Bitbucket workspace acme, made up and served by this process over HTTP, %s away.", elapsed(d.Latency))
	out.text("", plain, "Its repository platform has %s pull requests. A program would write sql.Open(\"bitbucket\", dsn).", thousands(d.PullRequests))
	for i, q := range demoQueries {
		if err := out.query(ctx, db, i+1, q); err != nil {
			return err
		}
	}
	out.printf("\n%s\n%s", out.paint.bold("Next: your own workspace"), demoNext)
	return out.err
}

// warm connects, and has the server make up its pull requests, which it does when it is first asked for them: the times
// shown are not to be those of that.
func warm(ctx context.Context, db *sql.DB, server *bitbucketfake.Server, config bitbucketfake.Config) error {
	url := server.URL() + "/2.0/repositories/" + config.Workspace + "/platform/pullrequests?fields=size"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+config.Token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	http.DefaultClient.CloseIdleConnections()
	return errors.Join(answer.Body.Close(), db.PingContext(ctx))
}

// demoWriter writes the demo. After an error it writes nothing.
type demoWriter struct {
	w     io.Writer
	paint paint
	width int
	err   error
}

func (w *demoWriter) printf(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.w, format, args...)
	}
}

// text writes a sentence, broken at words to the width, with the lines after the first indented.
func (w *demoWriter) text(indent string, color func(string) string, format string, args ...any) {
	for i, line := range wrap(fmt.Sprintf(format, args...), w.width-len(indent)) {
		if i > 0 {
			line = indent + line
		}
		w.printf("%s\n", color(line))
	}
}

// query runs one query of the demo and shows it with its result and costs.
func (w *demoWriter) query(ctx context.Context, db *sql.DB, number int, q demoQuery) error {
	const indent = "   "
	w.printf("\n")
	w.text(indent, w.paint.bold, "%d. %s", number, q.caption)
	w.printf("%s%s\n", indent, w.paint.cyan(strings.ReplaceAll(q.sql, "\n", "\n"+indent)))
	if w.err != nil {
		return w.err
	}
	out := &indenter{w: w.w, prefix: indent}
	ctx, stats := driver.CollectStats(ctx)
	start := time.Now()
	rows, err := db.QueryContext(ctx, q.sql)
	if err != nil {
		return &statementError{q.sql, err}
	}
	if strings.HasPrefix(q.sql, "EXPLAIN") {
		defer rows.Close()
		steps, err := readSteps(rows)
		if err != nil {
			return err
		}
		if err := writeTree(out, steps, w.paint, w.width-len(indent)); err != nil {
			return err
		}
	} else if err := writeResults(rows, newResultWriter("table", out, w.width-len(indent))); err != nil {
		return err
	}
	w.printf("%s%s\n", indent, w.paint.green(plural(stats.Requests, "request")+", "+elapsed(time.Since(start))))
	return w.err
}
