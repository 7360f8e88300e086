package driver_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// runAll runs a statement to its end.
func runAll(ctx context.Context, db *sql.DB, query string) (int, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// TestFaultsAreErrors wants a clear error, of a type that a caller can act on, for what goes wrong on the way to Bitbucket.
func TestFaultsAreErrors(t *testing.T) {
	type faults = bitbucketfake.Faults
	for _, test := range []struct {
		name       string
		properties string
		faults     faults
		query      string
		is         error
		says       []string
		saysNot    []string
	}{
		{
			name: "wrong token", properties: "AccessToken=hush-but-wrong", query: "SELECT * FROM Repositories", is: driver.ErrUnauthorized,
			says: []string{"401", "AuthScheme"}, saysNot: []string{"hush-but-wrong"},
		},
		{
			name: "token revoked while reading", faults: faults{{Path: "/pullrequests", After: 1, Kind: bitbucketfake.FaultUnauthorized}},
			query: "SELECT Id FROM platform.PullRequests", is: driver.ErrUnauthorized, says: []string{"401"},
		},
		{
			name: "missing scope", faults: faults{{Path: "/pipelines", Kind: bitbucketfake.FaultScope, Body: "pipeline"}},
			query: "SELECT * FROM platform.Pipelines", is: driver.ErrMissingScope, says: []string{"needs the scope pipeline and has"},
		},
		{
			name: "repository that is not there", query: "SELECT * FROM [no-such-repo].PullRequests", is: driver.ErrNotFound,
			says: []string{"bitbucket: repository acme/no-such-repo is not there or hidden from this credential " +
				"(GET /repositories/acme/no-such-repo/pullrequests: 404); SELECT Slug FROM Information.Repositories lists those that can be read"},
			saysNot: []string{"404 not found", "check the names"}, // once is enough
		},
		{
			name: "one repository of many is forbidden", faults: faults{{Path: "/billing/pullrequests", Kind: bitbucketfake.FaultScope, Body: "pullrequest"}},
			query: "SELECT * FROM Workspace.PullRequests", is: driver.ErrForbidden, says: []string{"billing"},
		},
		{
			name: "workspace that is not there", properties: "Workspace=nowhere", query: "SELECT * FROM Repositories", is: driver.ErrNotFound, says: []string{"nowhere"},
		},
		{
			name: "gone", faults: faults{{Path: "/repositories/acme?", Kind: bitbucketfake.FaultGone}},
			query: "SELECT * FROM Repositories", is: driver.ErrGone, says: []string{"410", "CHANGE-2770"},
		},
		{
			name: "HTML", faults: faults{{Path: "/pullrequests", Kind: bitbucketfake.FaultHTML, Body: "<html>profile of zoe@example.com</html>"}},
			query: "SELECT * FROM platform.PullRequests", says: []string{"html"}, saysNot: []string{"zoe", "<html>"},
		},
		{
			name: "HTML 404", faults: faults{{Path: "/pullrequests", Kind: bitbucketfake.FaultStatus, Status: 502, Body: "<html>zoe@example.com</html>"}},
			query: "SELECT * FROM platform.PullRequests", says: []string{"502"}, saysNot: []string{"zoe", "<html>"},
		},
		{
			name: "cut for good", faults: faults{{Path: "page=2", Kind: bitbucketfake.FaultCut}},
			query: "SELECT * FROM platform.PullRequests", says: []string{"the answer broke off (unexpected EOF)", "try again"},
		},
		{
			name: "half a document for good", faults: faults{{Path: "page=2", Kind: bitbucketfake.FaultTruncate}},
			query: "SELECT * FROM platform.PullRequests", says: []string{"pullrequests", "the answer broke off", "try again"},
		},
		{name: "budget", properties: "MaxRequests=2", query: "SELECT * FROM platform.PullRequests", is: driver.ErrBudget, says: []string{"MaxRequests"}},
		{
			name: "retired", query: "SELECT * FROM platform.Issues", is: driver.ErrGone,
			says: []string{"platform.Issues is retired", "Atlassian removed", "2026"},
		},
		{
			name: "retired below", query: "SELECT * FROM platform.Versions", is: driver.ErrNotFound, says: []string{"platform.Versions is retired"},
		},
		{name: "retired ones are not in Workspace", query: "SELECT * FROM Workspace.Issues", says: []string{"no such table", "[repository-slug].Issues"}},
		{
			name: "a table that needs a value", query: "SELECT * FROM platform.DiffStats",
			says: []string{"table platform.DiffStats needs a value for Spec", "WHERE Spec = …"},
		},
		{name: "no workspace", properties: "Workspace=", query: "SELECT * FROM Repositories", is: driver.ErrNoWorkspace, says: []string{"Workspace=", "SELECT Slug FROM Workspaces"}},
		{name: "repository table without repository", query: "SELECT * FROM PullRequests", says: []string{"no such table: PullRequests", "Workspace.PullRequests"}},
		{
			name: "repository table without repository, and a column of Workspace", query: "SELECT p.RepositorySlug FROM Repositories r, PullRequests p",
			says: []string{`no such table: PullRequests; did you mean "Workspace.PullRequests"`}, saysNot: []string{"column"},
		},
		{
			name: "column of a query that is called like a repository table", query: "WITH PullRequests AS (SELECT 1 AS a) SELECT b FROM PullRequests",
			says: []string{"line 1, column 45: no such column: b"},
		},
		{
			name: "column of a scratch table that is called like a repository table", query: "CREATE TEMP TABLE PullRequests(a); SELECT b FROM PullRequests",
			says: []string{"no such column: b"},
		},
		{name: "misspelt table", query: "SELECT * FROM Repositoris", says: []string{"no such table: Repositoris", "Information.Repositories"}},
		{name: "misspelt table of a repository", query: "SELECT * FROM platform.PullRequest", says: []string{"no such table", "platform.PullRequests"}},
		{name: "misspelt column", query: "SELECT Id, Titel FROM platform.PullRequests", says: []string{"line 1, column 12", "Titel", "Title"}},
		{name: "syntax", query: "SELECT *\nFORM platform.PullRequests", says: []string{"line 2", "column"}},
		{name: "string without end", query: "SELECT 'abc FROM x", says: []string{"line 1, column 8"}},
		{name: "write", query: "DELETE FROM platform.PullRequests WHERE Id = 1", is: driver.ErrReadOnly, says: []string{"PullRequests"}},
		{name: "attach", query: "ATTACH 'x.db' AS x", says: []string{"ATTACH"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := startFake(t, bitbucketfake.Config{})
			server.SetFaults(test.faults)
			dsn := server.DSN()
			for pair := range strings.SplitSeq(test.properties, ";") {
				if name, value, ok := strings.Cut(pair, "="); ok {
					var kept []string
					for old := range strings.SplitSeq(dsn, ";") {
						if !strings.HasPrefix(old, name+"=") {
							kept = append(kept, old)
						}
					}
					dsn = strings.Join(append(kept, name+"="+value), ";")
				}
			}
			db, err := sql.Open("bitbucket", dsn)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			_, err = runAll(t.Context(), db, test.query)
			if err == nil {
				t.Fatal("there is no error")
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("the error is not %q: %v", test.is, err)
			}
			for _, want := range test.says {
				if !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want)) {
					t.Errorf("the error does not say %q: %v", want, err)
				}
			}
			for _, secret := range append(test.saysNot, "Bearer") {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error says %q: %v", secret, err)
				}
			}
			// Nothing is lost: the connection goes on.
			server.SetFaults(nil)
			if test.properties == "" {
				if n, err := runAll(t.Context(), db, "SELECT * FROM platform.PullRequests"); err != nil || n != 120 {
					t.Errorf("the next statement: %d rows, %v", n, err)
				}
			}
		})
	}
}

// TestFaultsThatPass wants the whole answer in spite of faults that pass.
func TestFaultsThatPass(t *testing.T) {
	for name, fault := range map[string]bitbucketfake.Fault{
		"429 with Retry-After": {Path: "/pullrequests", After: 1, Times: 1, Kind: bitbucketfake.FaultRateLimit, RetryAfter: "0"},
		"500":                  {Path: "/pullrequests", After: 1, Times: 2, Kind: bitbucketfake.FaultStatus},
		"HTML 503":             {Path: "/pullrequests", Times: 1, Kind: bitbucketfake.FaultStatus, Status: 503, Body: "<html>"},
		"cut":                  {Path: "page=2", Times: 1, Kind: bitbucketfake.FaultCut},
		"half a document":      {Path: "page=2", Times: 1, Kind: bitbucketfake.FaultTruncate},
		"slow":                 {Path: "page=2", Times: 1, Kind: bitbucketfake.FaultDrip, Delay: 5 * time.Millisecond},
		"pipelines off":        {Path: "/pipelines", Kind: bitbucketfake.FaultPipelinesOff},
	} {
		t.Run(name, func(t *testing.T) {
			server := startFake(t, bitbucketfake.Config{})
			server.SetFaults(bitbucketfake.Faults{fault})
			db := openFake(t, server, "")
			if name == "pipelines off" {
				if n, err := runAll(t.Context(), db, "SELECT * FROM platform.Pipelines"); n != 0 || err != nil {
					t.Errorf("%d rows, %v; want none, for the feature is off", n, err)
				}
				return
			}
			if n, err := runAll(t.Context(), db, "SELECT * FROM platform.PullRequests"); n != 120 || err != nil {
				t.Errorf("%d rows, %v; want 120", n, err)
			}
		})
	}
}

// TestListsOfNothing reads lists of objects that are not there, and what objects that are there may lack: no rows. That an object is
// there is asked once, however many lists of it are not found.
func TestListsOfNothing(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, "")
	for query, requests := range map[string]int{
		"SELECT Id FROM platform.PullRequestComments WHERE PullRequestId = 987654":                            3,
		"SELECT * FROM platform.PullRequestTasks WHERE PullRequestId IN (987654, 987655)":                     5,
		"SELECT * FROM platform.CommitStatuses WHERE CommitHash = '0123456789abcdef0123456789abcdef01234567'": 3,
		"SELECT Id FROM platform.PullRequests WHERE Id = 987654":                                              2,
	} {
		server.Reset()
		n, err := runAll(t.Context(), db, query)
		if n != 0 || err != nil {
			t.Errorf("%s: %d rows, %v", query, n, err)
		}
		if got := server.Stats().Requests; got != requests {
			t.Errorf("%s: %d requests, want %d: %v", query, got, requests, server.Stats().ByPath)
		}
	}
	server.SetFaults(bitbucketfake.Faults{
		{Path: "/pullrequests/3/commits", Kind: bitbucketfake.FaultStatus, Status: 404}, // of a fork that is gone
		{Path: "/pullrequests/3/diffstat", Kind: bitbucketfake.FaultStatus, Status: 404},
	})
	for _, query := range []string{
		"SELECT * FROM platform.PullRequestCommits WHERE PullRequestId = 3", "SELECT * FROM platform.PullRequestDiffStats WHERE PullRequestId = 3",
	} {
		if n, err := runAll(t.Context(), db, query); n != 0 || err != nil {
			t.Errorf("%s: %d rows, %v", query, n, err)
		}
	}
}

// TestHostileNextGetsNoCredential leads a list to another host, which must not hear from us.
func TestHostileNextGetsNoCredential(t *testing.T) {
	var heard atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Add(1) }))
	defer other.Close()
	server := startFake(t, bitbucketfake.Config{})
	server.SetFaults(bitbucketfake.Faults{{Path: "/commits", Kind: bitbucketfake.FaultNext, Host: other.URL}})
	db := openFake(t, server, "")
	_, err := runAll(t.Context(), db, "SELECT * FROM platform.Commits")
	var host *driver.HostError
	if !errors.As(err, &host) {
		t.Errorf("the error is %v, want a HostError", err)
	}
	if heard.Load() != 0 {
		t.Errorf("the other host got %d requests", heard.Load())
	}
}

// TestCancelReturnsAtOnce cancels while a request hangs, at each place where a statement may wait for one.
func TestCancelReturnsAtOnce(t *testing.T) {
	for name, test := range map[string]struct{ path, query string }{
		"first page":        {"/pullrequests", "SELECT * FROM platform.PullRequests"},
		"later page":        {"page=3", "SELECT * FROM platform.PullRequests"},
		"key":               {"/pullrequests/1", "SELECT * FROM platform.PullRequests WHERE Id = 1"},
		"count":             {"fields=size", "SELECT COUNT(*) FROM platform.PullRequests"},
		"chain":             {"ctx=", "SELECT * FROM platform.Commits"},
		"child":             {"/comments", "SELECT * FROM platform.PullRequestComments"},
		"parent":            {"/pullrequests", "SELECT * FROM platform.PullRequestComments"},
		"detail":            {"/workspaces/acme", "SELECT Name FROM Workspaces"},
		"inner side":        {"/billing", "SELECT * FROM Repositories r JOIN Workspace.Branches b ON b.RepositorySlug = r.Slug"},
		"behind a sorter":   {"page=2", "SELECT * FROM platform.PullRequests ORDER BY Title"},
		"behind an average": {"page=2", "SELECT State, AVG(CommentCount) FROM platform.PullRequests GROUP BY State"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startFake(t, bitbucketfake.Config{})
			server.SetFaults(bitbucketfake.Faults{{Path: test.path, Kind: bitbucketfake.FaultHang}})
			db := openFake(t, server, "")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var cancelled time.Time
			time.AfterFunc(150*time.Millisecond, func() { cancelled = time.Now(); cancel() })
			_, err := runAll(ctx, db, test.query)
			took := time.Since(cancelled)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v, want the context's", err)
			}
			// The request hangs until its Timeout of a minute, unless the cancel ends it.
			if took > 30*time.Second {
				t.Errorf("it returned %v after the cancel", took)
			}
		})
	}
}

// TestRefusedFilters has Bitbucket refuse to filter, as it does for fields that its documentation promises: the rows are the
// same, for SQLite checks every condition.
func TestRefusedFilters(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, "")
	for query, faultPath := range map[string]string{
		"SELECT Id FROM platform.PullRequests WHERE Title LIKE '%fix%'":                                                      "q=",
		"SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN'":                                                    "q=",
		"SELECT Id FROM platform.PullRequests WHERE State = 'OPEN' LIMIT 5":                                                  "q=",
		"SELECT Id FROM platform.PullRequests WHERE State = 'OPEN' ORDER BY CreatedOn DESC LIMIT 5":                          "q=",
		"SELECT Slug FROM Repositories WHERE ProjectKey = 'PLAT'":                                                            "q=",
		"SELECT UUID FROM platform.Pipelines WHERE ResultName = 'FAILED'":                                                    "status=",
		"SELECT RepositorySlug, Id FROM Workspace.PullRequests WHERE State = 'OPEN'":                                         "q=",
		"SELECT Id FROM platform.PullRequestComments WHERE UpdatedOn > '2024-01-01' AND PullRequestId IN (3, 11)":            "q=",
		"SELECT r.Slug, p.Id FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug AND p.Draft = 1": "q=",
	} {
		server.SetFaults(nil)
		want := countRows(t, db, query)
		server.SetFaults(bitbucketfake.Faults{{
			Path: faultPath, Kind: bitbucketfake.FaultStatus, Status: http.StatusBadRequest,
			Body: `{"type":"error","error":{"message":"Field \".x\" does not support filtering"}}`,
		}})
		if got := countRows(t, db, query); got != want || want == 0 {
			t.Errorf("%d rows without filters, %d with them: %s", got, want, query)
		}
	}
	server.SetFaults(bitbucketfake.Faults{{Path: "sort=", Kind: bitbucketfake.FaultStatus, Status: http.StatusBadRequest}})
	if _, err := runAll(t.Context(), db, "SELECT Id FROM platform.PullRequests ORDER BY CreatedOn LIMIT 5"); err == nil {
		t.Error("a refused order is an error, for SQLite counts on it")
	}
	server.SetFaults(bitbucketfake.Faults{{Path: "q=", Kind: bitbucketfake.FaultStatus, Status: http.StatusConflict}})
	if _, err := runAll(t.Context(), db, "SELECT Id FROM platform.PullRequests WHERE State = 'OPEN'"); err == nil {
		t.Error("an answer that is not about the filter is no error")
	}
}
