package driver_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// panicking is a transport that panics at requests that contain a text.
type panicking struct {
	at   atomic.Pointer[string]
	with func(*http.Request) any
}

func (p *panicking) RoundTrip(r *http.Request) (*http.Response, error) {
	if at := p.at.Load(); at != nil && strings.Contains(r.URL.String(), *at) {
		panic(p.with(r))
	}
	return http.DefaultTransport.RoundTrip(r)
}

// openWith opens a database on the fake whose requests go through a transport.
func openWith(t *testing.T, server *bitbucketfake.Server, properties string, transport http.RoundTripper, opts ...driver.Option) *sql.DB {
	t.Helper()
	config, err := driver.ParseDSN(server.DSN() + ";" + properties)
	if err != nil {
		t.Fatal(err)
	}
	connector, err := driver.NewConnector(config, append(opts, driver.WithTransport(transport))...)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() { db.Close() })
	return db
}

// TestPanicOfTransport has the caller's transport panic at each place where a statement sends requests, most of them in
// goroutines of the driver: the statement has an error of its type that shows no secret, those beside it go on, and with one
// request at a time the next ones find the place free.
func TestPanicOfTransport(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	transport := &panicking{with: func(r *http.Request) any {
		if r.URL.Query().Has("page") {
			return errors.Join(io.ErrNoProgress, errors.New(r.Header.Get("Authorization")))
		}
		return r
	}}
	db := openWith(t, server, "MaxInFlight=1", transport, driver.WithLogger(slog.New(secretscan.Handler())))
	const other = "SELECT * FROM platform.Tags" // whose requests are none of those
	want := countRows(t, db, other)
	for name, test := range map[string]struct{ at, query string }{
		"first page":    {"/pullrequests", "SELECT * FROM platform.PullRequests"},
		"later page":    {"page=3", "SELECT * FROM platform.PullRequests"},
		"key":           {"/pullrequests/1", "SELECT * FROM platform.PullRequests WHERE Id = 1"},
		"count":         {"fields=size", "SELECT COUNT(*) FROM platform.PullRequests"},
		"counts":        {"MERGED", "SELECT State, COUNT(*) FROM platform.PullRequests GROUP BY State"},
		"chain":         {"ctx=", "SELECT * FROM platform.Commits"},
		"child":         {"/comments", "SELECT * FROM platform.PullRequestComments"},
		"parent":        {"/pullrequests", "SELECT * FROM platform.PullRequestComments"},
		"detail":        {"/workspaces/acme", "SELECT Name FROM Workspaces"},
		"one of many":   {"/billing/", "SELECT * FROM Workspace.Branches"},
		"merged":        {"/billing/", "SELECT * FROM Workspace.PullRequests ORDER BY CreatedOn LIMIT 500"},
		"begun ahead":   {"/billing/", "SELECT * FROM Repositories r JOIN Workspace.Branches b ON b.RepositorySlug = r.Slug"},
		"document":      {"README", "SELECT * FROM platform.FileContents WHERE Path = 'README.md'"},
		"whether there": {"/repositories/acme/nowhere", "SELECT * FROM nowhere.Branches"},
	} {
		t.Run(name, func(t *testing.T) {
			transport.at.Store(&test.at)
			defer transport.at.Store(nil)
			beside := make(chan error, 1)
			go func() {
				n, err := runAll(t.Context(), db, other)
				if err == nil && n != want {
					err = fmt.Errorf("%d rows, want %d", n, want)
				}
				beside <- err
			}()
			_, err := runAll(t.Context(), db, test.query)
			var caught *driver.PanicError
			if secretscan.Error(err); !errors.As(err, &caught) {
				t.Errorf("%v, want a panic's", err)
			}
			if test.at == "page=3" && !errors.Is(err, io.ErrNoProgress) {
				t.Errorf("%v is not what the transport panicked with", err)
			}
			if err := <-beside; err != nil {
				t.Errorf("the statement beside it: %v", err)
			}
			transport.at.Store(nil)
			if n, err := runAll(t.Context(), db, "SELECT Id FROM platform.PullRequests"); err != nil || n != 120 {
				t.Errorf("the next statement: %d rows, %v", n, err)
			}
		})
	}
}
