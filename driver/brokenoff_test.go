package driver_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// brokenOff is a transport whose server closes the connection on requests that contain a text, which net/http tells by an io.EOF.
type brokenOff struct{ at string }

func (b brokenOff) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.String(), b.at) {
		return nil, fmt.Errorf("transport connection broken: %w", io.EOF)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestConnectionClosedIsNoEnd has the server close connections: that is an error of the statement, also where what it reads are the
// rows of another one, and never the end of the rows.
func TestConnectionClosedIsNoEnd(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{Repositories: 250})
	for _, test := range []struct{ at, query string }{
		{"acme?", "SELECT Slug FROM Repositories"},
		{"page=2", "SELECT Slug FROM Repositories"},
		{"acme?", "EXPLAIN ANALYZE SELECT Slug FROM Repositories"},
		{"page=2", "EXPLAIN ANALYZE SELECT Slug FROM Repositories"},
		{"acme?", "SELECT SchemaName FROM sys_schemas"},
		{"page=2", "SELECT SchemaName FROM sys_schemas"},
		{"projects", "SELECT SchemaName FROM sys_schemas"},
		{"page=2", "SELECT 1; SELECT Slug FROM Repositories"},
	} {
		t.Run(test.at+" of "+test.query, func(t *testing.T) {
			t.Parallel() // they wait before they repeat requests
			var log bytes.Buffer
			logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
			db := openWith(t, server, "", brokenOff{test.at}, driver.WithLogger(logger))
			rows, err := db.Query(test.query)
			if err == nil {
				for more := true; more; more = rows.NextResultSet() {
					for rows.Next() {
					}
				}
				err = rows.Err()
				rows.Close()
			}
			if !errors.Is(err, io.EOF) || !strings.HasPrefix(fmt.Sprint(err), "bitbucket: ") {
				t.Errorf("the error is %v", err)
			}
			if !strings.Contains(log.String(), "level=ERROR msg=statement") {
				t.Errorf("the log is\n%s", &log)
			}
		})
	}
}
