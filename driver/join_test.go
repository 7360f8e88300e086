package driver_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// pagesOf is the number of requests that lists of these lengths take, each for itself.
func pagesOf(t *testing.T, server *bitbucketfake.Server, counts string) int {
	t.Helper()
	rows, err := openFake(t, server, "").Query(counts)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	pages := 0
	for rows.Next() {
		var slug string
		var n int
		if err := rows.Scan(&slug, &n); err != nil {
			t.Fatal(err)
		}
		pages += max(1, (n+49)/50)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return pages
}

const pullRequestsByRepository = "SELECT r.Slug, (SELECT COUNT(*) FROM Workspace.PullRequests p WHERE p.RepositorySlug = r.Slug) FROM Repositories r"

// TestJoinRequests pins the requests of joins, and that they are made side by side: no more than SQLite would ask for one after
// another, but for what a statement that ends early had begun.
func TestJoinRequests(t *testing.T) {
	for _, repositories := range []int{13, 50} {
		server := startFake(t, bitbucketfake.Config{Repositories: repositories, PullRequests: 100, Latency: overlap})
		pages := pagesOf(t, server, pullRequestsByRepository)
		db := openFake(t, server, "")
		inFlight := min(10, repositories/3) // the first requests ramp up
		const platform = 100                // keys of platform's pull requests, on two pages
		for _, test := range []struct {
			name, query string
			rows        int // -1: any number
			requests    int
			inFlight    int
		}{
			{"join", "SELECT r.Slug, p.Title FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug", -1, 1 + pages, inFlight},
			{"left join", "SELECT r.Slug, p.Title FROM Repositories r LEFT JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug", -1, 1 + pages, inFlight},
			{"scalar subquery", pullRequestsByRepository, repositories, 1 + repositories, inFlight},
			{
				"exists", "SELECT r.Slug FROM Repositories r WHERE EXISTS (SELECT 1 FROM Workspace.PullRequests p WHERE p.RepositorySlug = r.Slug)",
				-1, 1 + repositories, inFlight,
			},
			{
				"outer table of several pages", "SELECT p.Id, c.ContentRaw FROM platform.PullRequests p JOIN platform.PullRequestComments c ON c.PullRequestId = p.Id",
				-1, 2 + platform, 10,
			},
			{
				"three tables", `SELECT r.Slug, p.Id, c.Id FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug
					JOIN Workspace.PullRequestComments c ON c.RepositorySlug = p.RepositorySlug AND c.PullRequestId = p.Id
					WHERE r.Slug IN ('platform', 'web-app') AND p.Id <= 5`, // two repositories are begun that SQLite drops
				-1, 1 + 2 + 10 + 2, 5,
			},
			{
				"keys that repeat", "SELECT p.Id, r.Name FROM platform.PullRequests p JOIN Repositories r ON r.Slug = substr('platform', 1, 8 + 0 * p.Id)",
				platform, 3, 0,
			},
			{
				"keys of a materialised CTE", `WITH x AS MATERIALIZED (SELECT Id FROM platform.PullRequests)
					SELECT x.Id, c.Id FROM x JOIN platform.PullRequestComments c ON c.PullRequestId = x.Id`,
				-1, 2 + platform, 10,
			},
			{
				"keys in the order of a window", `WITH x AS (SELECT Id, ROW_NUMBER() OVER (PARTITION BY AuthorUUID ORDER BY CreatedOn DESC) AS n FROM platform.PullRequests)
					SELECT x.Id, x.n, c.Id FROM x JOIN platform.PullRequestComments c ON c.PullRequestId = x.Id`,
				-1, 2 + platform, 10,
			},
			{
				"inner table without a key", "SELECT p.Id, e.UUID FROM platform.PullRequests p LEFT JOIN platform.Environments e ON e.Name = p.Title",
				platform, 3, 0,
			},
			{
				"inner table without a key, subquery", "SELECT p.Id, (SELECT u.Nickname FROM Users u WHERE u.DisplayName = p.AuthorName) FROM platform.PullRequests p",
				platform, 3, 0,
			},
			{
				"LIMIT", "SELECT r.Slug, p.Title FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug LIMIT 10",
				10, 3, 0,
			},
		} {
			server.Reset()
			rows := countRows(t, db, test.query)
			stats := server.Stats()
			if test.rows >= 0 && rows != test.rows {
				t.Errorf("%s: %d rows, want %d", test.name, rows, test.rows)
			}
			if stats.Requests != test.requests {
				t.Errorf("%s over %d repositories: %d requests, want %d\n%s", test.name, repositories, stats.Requests, test.requests, strings.Join(stats.Log[:min(20, len(stats.Log))], "\n"))
			}
			if most := mostInFlight(server, test.inFlight, func() { countRows(t, db, test.query) }); most < test.inFlight {
				t.Errorf("%s over %d repositories: %d requests in flight, want %d", test.name, repositories, most, test.inFlight)
			}
		}
	}
}

// TestJoinWithLimitWastesLittle asks for ten rows of joins whose keys bring one row each, or one at times.
func TestJoinWithLimitWastesLittle(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 200})
	db := openFake(t, server, "")
	for _, query := range []string{
		"SELECT a.Id, b.Title FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id LIMIT 10",
		"SELECT a.Id, b.Title FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id LIMIT ?",
		"SELECT TOP 10 a.Id, b.Title FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id",
		"SELECT a.Id, (SELECT b.Title FROM platform.PullRequests b WHERE b.Id = a.Id) FROM platform.PullRequests a LIMIT 10",
	} {
		server.Reset()
		var args []any
		if strings.Contains(query, "?") {
			args = []any{10}
		}
		if n := countRows(t, db, query, args...); n != 10 {
			t.Errorf("%d rows: %s", n, query)
		}
		if n := server.Stats().Requests; n > 12 {
			t.Errorf("%d requests, want 12 at most: %s\n%s", n, query, strings.Join(server.Stats().Log, "\n"))
		}
	}
}

// TestJoinLearnsFromRowsThatBringNone has a condition that only SQLite can check take most of the outer rows away: what is begun
// for them is in vain, and must stay a small share.
func TestJoinLearnsFromRowsThatBringNone(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 400})
	db := openFake(t, server, "")
	const where = " WHERE length(p.Title) % 5 = 1"
	asked := countRows(t, db, "SELECT Id FROM platform.PullRequests p"+where)
	for name, query := range map[string]string{
		"rows to come": "SELECT p.Id, c.Id FROM platform.PullRequests p JOIN platform.PullRequestComments c ON c.PullRequestId = p.Id" + where,
		"rows read before": "WITH x AS MATERIALIZED (SELECT Id, AuthorUUID FROM platform.PullRequests p" + where + ` ORDER BY AuthorUUID LIMIT -1)
			SELECT x.Id, c.Id FROM x JOIN platform.PullRequestComments c ON c.PullRequestId = x.Id`,
	} {
		server.Reset()
		countRows(t, db, query)
		if got, most := server.Stats().Requests, 8+asked+10+asked/8; got < 8+asked || got > most {
			t.Errorf("%s: %d requests, want %d to %d", name, got, 8+asked, most)
		}
	}
}

// TestJoinNeverPastMaxRequests bounds statements that pass over rows whose scans are begun ahead: no more requests are sent than
// allowed, whoever wanted them, and a statement is not stopped that needs no more than all but the share of those begun ahead.
func TestJoinNeverPastMaxRequests(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 400})
	const outer = "FROM platform.PullRequests p WHERE length(p.Title) % 3 = 0"
	keys := countRows(t, openFake(t, server, "MaxRequests=0"), "SELECT p.Id, p.Title "+outer)
	needed := server.Stats().Requests + keys
	if needed < 128 {
		t.Fatalf("%d requests are too few for any to be begun ahead", needed)
	}
	for _, query := range []string{
		"SELECT p.Title, (SELECT COUNT(*) FROM platform.PullRequestTasks k WHERE k.PullRequestId = p.Id) " + outer,
		"SELECT p.Title, (SELECT MAX(k.Id) FROM platform.PullRequestComments k WHERE k.PullRequestId = p.Id) " + outer,
		"WITH x AS MATERIALIZED (SELECT Id " + outer + ") SELECT x.Id, (SELECT COUNT(*) FROM platform.PullRequestTasks k WHERE k.PullRequestId = x.Id) FROM x",
	} {
		for _, bound := range []int{5, 60, needed - 1, needed, needed + needed/15 + 1, 2 * needed} {
			server.Reset()
			n, err := runAll(t.Context(), openFake(t, server, fmt.Sprintf("MaxRequests=%d", bound)), query)
			if sent := server.Stats().Requests; sent > bound {
				t.Errorf("%d requests of %d\n%s", sent, bound, query)
			}
			switch {
			case bound < needed && !errors.Is(err, driver.ErrBudget):
				t.Errorf("%d requests of %d needed: the error is %v\n%s", bound, needed, err, query)
			case bound > needed && (err != nil || n != keys):
				t.Errorf("%d rows of %d with %d requests, of which %d are needed: %v\n%s", n, keys, bound, needed, err, query)
			}
		}
	}
}

// TestJoinWithinMaxRequests allows a statement the requests that it needs: those begun ahead take none away.
func TestJoinWithinMaxRequests(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	query := "SELECT r.Slug, COUNT(*) FROM Repositories r JOIN Workspace.Branches b ON b.RepositorySlug = r.Slug GROUP BY r.Slug"
	countRows(t, openFake(t, server, ""), query)
	needed := server.Stats().Requests
	countRows(t, openFake(t, server, fmt.Sprintf("MaxRequests=%d", needed)), query)
	if _, err := runAll(t.Context(), openFake(t, server, fmt.Sprintf("MaxRequests=%d", needed-1)), query); err == nil || !strings.Contains(err.Error(), "MaxRequests") {
		t.Errorf("the error is %v, want one about MaxRequests", err)
	}
}

// TestJoinInVainWithinMaxRequests has a statement pass over rows whose scans are begun ahead, at places that nothing foretells: what
// was in vain must not make it fail.
func TestJoinInVainWithinMaxRequests(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 200})
	db := openFake(t, server, "")
	for _, condition := range []string{"p.Id % 7 = 3", "length(p.Title) % 4 = 0", "p.Id IN (1, 2, 3, 4, 5, 6, 60, 61, 150)", "p.Id + 0 < 9 OR p.Id > 190", "length(p.Title) > 40 AND p.Id < 150"} {
		outer := "FROM platform.PullRequests p WHERE " + condition
		server.Reset()
		keys := countRows(t, db, "SELECT p.Id, p.Title "+outer)
		needed := server.Stats().Requests + keys
		for _, query := range []string{
			"SELECT p.Title, (SELECT COUNT(*) FROM platform.PullRequestTasks k WHERE k.PullRequestId = p.Id) " + outer,
			"SELECT p.Title, EXISTS (SELECT 1 FROM platform.PullRequestComments k WHERE k.PullRequestId = p.Id) " + outer,
		} {
			for range 3 {
				if n, err := runAll(t.Context(), openFake(t, server, fmt.Sprintf("MaxRequests=%d", needed)), query); err != nil || n != keys {
					t.Errorf("%d rows of %d with %d requests: %v\n%s", n, keys, needed, err, query)
				}
			}
		}
	}
}

// TestJoinErrorsWhenAsked reports the error of a scan begun ahead if it is asked for, and only then.
func TestJoinErrorsWhenAsked(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, "")
	const query = "SELECT p.Id, c.Id FROM platform.PullRequests p JOIN platform.PullRequestComments c ON c.PullRequestId = p.Id WHERE p.Id BETWEEN 1 AND 12 ORDER BY p.Id"
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	var second, id, comment int
	for rows.Next() && second == 0 {
		if err := rows.Scan(&id, &comment); err != nil {
			t.Fatal(err)
		}
		if id > 1 {
			second = id // the second pull request that has comments
		}
	}
	rows.Close()
	server.SetFaults(bitbucketfake.Faults{{Path: fmt.Sprintf("/pullrequests/%d/comments", second), Kind: bitbucketfake.FaultScope, Body: "pullrequest"}})
	if n, err := runAll(t.Context(), db, query+" LIMIT 1"); n != 1 || err != nil {
		t.Errorf("a row that needs no failing scan: %d rows, %v", n, err)
	}
	if _, err := runAll(t.Context(), db, query); err == nil {
		t.Error("a scan that failed was asked for, and the statement has no error")
	}
}

// TestJoinCancelled ends joins in their midst. TestMain finds what they leave behind.
func TestJoinCancelled(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{Repositories: 50, Latency: 5 * time.Millisecond})
	db := openFake(t, server, "")
	for _, query := range []string{
		"SELECT r.Slug, p.Title FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug",
		"WITH x AS MATERIALIZED (SELECT Slug FROM Repositories) SELECT x.Slug, p.Title FROM x JOIN Workspace.PullRequests p ON p.RepositorySlug = x.Slug",
		pullRequestsByRepository,
	} {
		for read := range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			rows, err := db.QueryContext(ctx, query)
			if err != nil {
				t.Fatal(err)
			}
			for range read {
				rows.Next()
			}
			if read == 0 {
				rows.Close()
			}
			cancel()
			for rows.Next() {
			}
			rows.Close()
		}
	}
}

// TestJoinByKeysOfNothing looks up webhooks by the ids of people, and branches that are gone, as those of merged pull requests are.
// Scans begun ahead for rows that SQLite then passes over are given up while they ask whether the repository is there: the scan of a row
// that it stands in asks itself.
func TestJoinByKeysOfNothing(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 60})
	db := openFake(t, server, "")
	for range 40 {
		for _, query := range []string{
			"SELECT p.Title FROM [web-app].PullRequests p JOIN [web-app].Branches b ON b.Name = p.SourceBranchName AND b.Name IS NULL WHERE p.AuthorName = 'Tomás de la Cruz'",
			"SELECT p.Role FROM [web-app].PullRequestReviewers p JOIN [web-app].Webhooks w ON w.UUID = p.UserUUID AND w.UUID IS NULL WHERE length(p.UserName) > 12",
		} {
			if n := countRows(t, db, query); n != 0 {
				t.Fatalf("%d rows, want none: %s", n, query)
			}
		}
	}
	// All that meet an absent key ask together, once, whether the repository is there; again only where who asked is given up.
	for query, most := range map[string]int{
		"SELECT p.Role, w.URL FROM [web-app].PullRequestReviewers p LEFT JOIN [web-app].Webhooks w ON w.UUID = p.UserUUID": 3,
		// Nobody asks where a list says which keys there are.
		"SELECT p.Id, b.Name FROM [web-app].PullRequests p LEFT JOIN [web-app].Branches b ON b.Name = p.SourceBranchName": 0,
	} {
		server.Reset()
		if n := countRows(t, db, query); n == 0 {
			t.Error("no row")
		}
		if n := server.Stats().ByPath["/2.0/repositories/acme/web-app"]; n < min(1, most) || n > most {
			t.Errorf("asked %d times whether the repository is there, want %d at the most: %v", n, most, server.Stats().ByPath)
		}
	}
}
