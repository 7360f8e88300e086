package thirdparty

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// exchange is a request and its answer.
type exchange struct {
	method string
	url    *url.URL
	status int
	header http.Header
	body   []byte
	// led says that the request went where Bitbucket had redirected an earlier one.
	led bool
}

// recorder is a transport that keeps what passes through it.
type recorder struct {
	base http.RoundTripper

	mu        sync.Mutex
	exchanges []exchange
	targets   map[string]bool // paths that answers have redirected to
}

// RoundTrip implements [http.RoundTripper].
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.base.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exchanges = append(r.exchanges, exchange{
		method: request.Method, url: request.URL, status: response.StatusCode, header: response.Header, body: body,
		led: r.targets[request.URL.Path],
	})
	if to, err := response.Location(); err == nil {
		if r.targets == nil {
			r.targets = make(map[string]bool)
		}
		r.targets[to.Path] = true
	}
	return response, nil
}

// CloseIdleConnections lets http.Client close what the base keeps open.
func (r *recorder) CloseIdleConnections() {
	if base, ok := r.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// take returns what was recorded since the last call.
func (r *recorder) take() []exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.exchanges
	r.exchanges = nil
	return taken
}

// startFake starts a small Bitbucket.
func startFake(t *testing.T, c bitbucketfake.Config) *bitbucketfake.Server {
	t.Helper()
	c.Token = cmp.Or(c.Token, fakeToken)
	fake := bitbucketfake.New(c)
	if err := fake.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = fake.Close() })
	return fake
}

// small is enough to have every kind of object, in a repository "platform".
var small = bitbucketfake.Config{Repositories: 3, PullRequests: 12, Commits: 50}

// openRecorded opens a database whose requests are recorded, with properties beyond the DSN's.
func openRecorded(t *testing.T, dsn string) (*sql.DB, *recorder) {
	t.Helper()
	r := &recorder{base: &http.Transport{}}
	return openThrough(t, dsn, r), r
}

// openThrough opens a database that sends its requests through the transport.
func openThrough(t *testing.T, dsn string, transport http.RoundTripper) *sql.DB {
	t.Helper()
	config, err := driver.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	connector, err := driver.NewConnector(config, driver.WithTransport(transport), driver.WithLogger(slog.New(secretscan.Handler())))
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// run reads all rows of a statement as they come, and stops the test if it fails.
func run(t *testing.T, db *sql.DB, query string, args ...any) [][]any {
	t.Helper()
	rows, err := collect(t.Context(), db, query, args...)
	if err != nil {
		t.Fatalf("%s %v: %v", query, args, err)
	}
	return rows
}

func collect(ctx context.Context, db *sql.DB, query string, args ...any) ([][]any, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all [][]any
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// shared is the path of a file of the vendor's, which the repository does not hold. Without it the test is skipped.
func shared(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("BITBUCKETSQL_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(root, "bitbucket", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("Atlassian's files are not part of this repository: %v (BITBUCKETSQL_SHARED names their directory)", err)
	}
	return path
}
