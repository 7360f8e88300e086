package driver_test

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// overlap is how long the fake takes for an answer where a test counts requests in flight: mostly it is enough for the next request.
const overlap = 5 * time.Millisecond

// mostInFlight is the most requests that were in flight at once since the server was reset, when a statement ran. Where that is not
// as many as wanted, the statement is run again, up to four times, and each time an answer takes longer: a machine that is late to
// send the next request has sent it in a second, and a driver that sends it after the answer never has.
func mostInFlight(server *bitbucketfake.Server, want int, again func()) int {
	defer server.SetLatency(overlap)
	most := server.Stats().MaxInFlight
	for latency := 16 * time.Millisecond; most < want && latency <= 1024*time.Millisecond; latency *= 4 {
		server.SetLatency(latency)
		server.Reset()
		again()
		most = max(most, server.Stats().MaxInFlight)
	}
	return most
}

// startFake starts a fake Bitbucket for the length of a test.
func startFake(t testing.TB, config bitbucketfake.Config) *bitbucketfake.Server {
	t.Helper()
	config.Token = cmp.Or(config.Token, driver.FakeToken)
	server := bitbucketfake.New(config)
	driver.PlantSecrets(t, server)
	if err := server.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

// openFake opens a database on the fake, with more properties.
func openFake(t testing.TB, server *bitbucketfake.Server, properties string) *sql.DB {
	t.Helper()
	db, err := sql.Open("bitbucket", server.DSN()+";"+properties)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// countRows runs a statement to its end and returns the number of its rows.
func countRows(t testing.TB, db *sql.DB, query string, args ...any) int {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// TestRequests pins the requests of statements: they are what a user's hour has 1,000 of.
func TestRequests(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 5000, Latency: overlap})
	db := openFake(t, server, "")
	ten := "11, 222, 333, 1444, 1555, 2666, 2777, 3888, 3999, 4999"
	for _, test := range []struct {
		query    string
		rows     int // -1: any number
		requests int
		inFlight int // 0: not looked at
	}{
		{"SELECT COUNT(*) FROM platform.PullRequests", 1, 1, 0},
		{"SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN'", 1, 1, 0},
		{"SELECT COUNT(*) FROM platform.PullRequests WHERE AuthorUUID = '{00000000-0000-4000-8000-000000000000}' AND State = 'OPEN'", 1, 1, 0},
		{"SELECT 1 FROM platform.PullRequests WHERE State = 'MERGED' LIMIT 1", 1, 1, 0},
		{"SELECT * FROM platform.PullRequests WHERE State = 'OPEN' LIMIT 10", 10, 1, 0},
		{"SELECT TOP 10 * FROM platform.PullRequests WHERE State = 'OPEN'", 10, 1, 0},
		{"SELECT * FROM platform.PullRequests ORDER BY CreatedOn DESC LIMIT 20", 20, 1, 0},
		{"SELECT Id FROM platform.PullRequests WHERE State <> 'OPEN' ORDER BY UpdatedOn LIMIT 5 OFFSET 7", 5, 1, 0},
		{"SELECT * FROM platform.PullRequests WHERE Id = 4711", 1, 1, 0},
		{"SELECT * FROM platform.PullRequests WHERE Id = 999999", 0, 2, 0}, // the second asks whether the repository is there
		{"SELECT * FROM platform.PullRequests WHERE Id IN (" + ten + ")", 10, 1, 0},
		{"SELECT * FROM platform.PullRequests WHERE Id = 5 AND Id = 6", 0, 0, 0},
		{"SELECT * FROM platform.PullRequests WHERE Id = NULL", 0, 0, 0},
		{"SELECT Id, Title FROM platform.PullRequests", 5000, 100, 10},
		{"SELECT * FROM platform.PullRequests", 5000, 100, 10},
		// An OR over several columns and a NOT are one filter, not a scan an arm.
		{"SELECT * FROM platform.PullRequests WHERE Id < 20 OR Title = 'no such title'", 19, 1, 0},
		{"SELECT * FROM platform.PullRequests WHERE Id < 20 OR (Draft AND Id < 30)", -1, 1, 0},
		{"SELECT * FROM platform.PullRequests WHERE NOT (Id > 20 OR State = 'OPEN')", -1, 1, 0},
		{"SELECT COUNT(*) FROM platform.PullRequests WHERE Id < ? OR Title = ?", 1, 1, 0},
		{"SELECT MAX(CreatedOn) FROM platform.PullRequests", 1, 1, 0},
		{"SELECT Id FROM platform.PullRequests WHERE UpdatedOn = (SELECT MAX(UpdatedOn) FROM platform.PullRequests)", 1, 2, 0},
		{"SELECT Id FROM platform.PullRequests WHERE CreatedOn IN ((SELECT MAX(CreatedOn) FROM platform.PullRequests), '2020-01-01', NULL)", 1, 2, 0},
		{"SELECT Id FROM platform.PullRequests WHERE CreatedOn = '2020-01-01' OR UpdatedOn = '2020-01-02T01:00:00.5+01:00'", 0, 1, 0},
		{"SELECT Slug FROM Repositories WHERE CreatedOn = 'yesterday' OR Slug = 'platform'", 1, 1, 0},
		{"SELECT * FROM Repositories WHERE Slug = 'platform'", 1, 1, 0},
		{"SELECT * FROM Repositories WHERE Slug IN ('platform', 'web-app', 'no-such-repository')", 2, 1, 0},
		{"SELECT Slug FROM Workspaces", 2, 1, 0},
		{"SELECT Slug, Name FROM Workspaces", 2, 3, 0},
		{"SELECT COUNT(*) FROM platform.PullRequestComments WHERE PullRequestId = 3", 1, 1, 0},
		{"SELECT UserUUID FROM platform.PullRequestReviewers WHERE PullRequestId = 12", -1, 1, 0},
		// The inner side of a join that is the same for every row is read once.
		{"SELECT a.Slug, b.Key FROM Repositories a JOIN Projects b ON a.Description IS NOT b.Description", -1, 2, 0},
	} {
		server.Reset()
		var args []any
		if strings.Contains(test.query, "?") {
			args = []any{20, "no such title"}
		}
		rows := countRows(t, db, test.query, args...)
		stats := server.Stats()
		if test.rows >= 0 && rows != test.rows {
			t.Errorf("%d rows, want %d: %s", rows, test.rows, test.query)
		}
		if test.requests >= 0 && stats.Requests != test.requests {
			t.Errorf("%d requests, want %d: %s\n%s", stats.Requests, test.requests, test.query, strings.Join(stats.Log[:min(5, len(stats.Log))], "\n"))
		}
		if test.inFlight > 0 {
			most := mostInFlight(server, test.inFlight, func() { countRows(t, db, test.query, args...) })
			if most != test.inFlight {
				t.Errorf("%d in flight, want %d: %s", most, test.inFlight, test.query)
			}
		}
	}
}

func TestProjectionIsPushed(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, "")
	countRows(t, db, "SELECT Title, AuthorName FROM platform.PullRequests")
	for _, line := range server.Stats().Log {
		_, raw, _ := strings.Cut(line, "?")
		query, err := url.ParseQuery(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := query.Get("fields"), "values.author.display_name,values.id,values.title,next,page,pagelen,size"; got != want {
			t.Errorf("fields=%s, want %s", got, want)
		}
	}
}

// TestScanStopsWithTheRow reads commits, which Bitbucket cannot filter, until there are enough, and not a page further.
func TestScanStopsWithTheRow(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{Commits: 100_000})
	db := openFake(t, server, "")
	want, page := 0, 0
	for next := server.URL() + "/2.0/repositories/acme/platform/commits?pagelen=100"; want < 10; page++ {
		var body struct {
			Next   string
			Values []struct{ Message string }
		}
		req, err := http.NewRequest(http.MethodGet, next, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+driver.FakeToken)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		err = json.NewDecoder(resp.Body).Decode(&body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, commit := range body.Values {
			if strings.Contains(strings.ToLower(commit.Message), "fix") {
				want++
			}
		}
		next = body.Next
	}
	for _, limit := range []string{"LIMIT 10", "LIMIT ?"} {
		server.Reset()
		var args []any
		if strings.HasSuffix(limit, "?") {
			args = append(args, 10)
		}
		if rows := countRows(t, db, "SELECT Hash FROM platform.Commits WHERE Message LIKE '%fix%' "+limit, args...); rows != 10 {
			t.Errorf("%d rows, want 10", rows)
		}
		if got := server.Stats().Requests; got != page {
			t.Errorf("%s: %d requests, want %d: the tenth row is on that page", limit, got, page)
		}
	}
}

func TestStatsCountRequests(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, "")
	ctx, stats := driver.CollectStats(context.Background())
	var n int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM platform.Branches").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if stats.Requests != 1 || stats.Rows != 1 || stats.Bytes == 0 {
		t.Errorf("stats are %+v", *stats)
	}
}

func TestMaxRequestsStopsAStatement(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 1000})
	db := openFake(t, server, "MaxRequests=7")
	_, err := db.Exec("SELECT 1")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query("SELECT Id FROM platform.PullRequests")
	for err == nil && rows.Next() {
	}
	if err == nil {
		err = rows.Err()
		rows.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "MaxRequests") {
		t.Errorf("the error is %v", err)
	}
	if got := server.Stats().Requests; got > 7 {
		t.Errorf("%d requests were made, MaxRequests is 7", got)
	}
}

func TestExplain(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, "")
	server.Reset()
	rows, err := db.Query(`EXPLAIN SELECT p.Title FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug
		WHERE r.IsPrivate AND p.State = 'OPEN' AND p.Title LIKE '%fix%' ORDER BY p.Title`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	type step struct{ operation, requests, request, pushed, rechecked, notPushed, why string }
	var steps []step
	for rows.Next() {
		var n int
		var operation string
		var requests, request, pushed, rechecked, notPushed, why sql.NullString
		if err := rows.Scan(&n, &operation, &requests, &request, &pushed, &rechecked, &notPushed, &why); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step{
			operation, requests.String, request.String, pushed.String, rechecked.String, notPushed.String, why.String,
		})
	}
	want := []step{
		{
			"SCAN Information.Repositories", "1 for each 100 rows",
			"GET /repositories/acme?fields=values.is_private,values.slug,next,page,pagelen,size&pagelen=100", "", "", "", "",
		},
		{
			"SCAN Workspace.PullRequests", "1 for each 50 rows for each RepositorySlug",
			"GET /repositories/acme/{RepositorySlug}/pullrequests", "RepositorySlug =, State =, Title LIKE", "Title LIKE",
			"ORDER BY Title", "Title LIKE: Bitbucket finds the text anywhere, and ignores the case of all letters, LIKE only of a to z; " +
				"ORDER BY Title: Bitbucket cannot sort by Title",
		},
		{"USE TEMP B-TREE FOR ORDER BY", "", "", "", "", "", ""},
	}
	if !slices.Equal(steps, want) {
		t.Errorf("steps are\n%q\nwant\n%q", steps, want)
	}
	if n := server.Stats().Requests; n != 0 {
		t.Errorf("EXPLAIN made %d requests", n)
	}
	for query, want := range map[string]string{
		"SELECT State, COUNT(*) FROM platform.PullRequests GROUP BY State":                                    "5: 4 counts and their sum",
		"SELECT State, COUNT(*) FROM platform.PullRequests WHERE State <> 'OPEN' GROUP BY State":              "4: 3 counts and their sum",
		"SELECT COUNT(*) FROM platform.PullRequests WHERE Id > 3 AND State <> 'OPEN'":                         "1",
		"SELECT MIN(Id), MAX(Id) FROM platform.PullRequests":                                                  "1 for each 50 rows, at most 2",
		"SELECT Id FROM Workspace.PullRequests ORDER BY Id LIMIT 20":                                          "1 for each 100 rows, then for each row of Information.Repositories 1",
		"SELECT State, COUNT(*) FROM Workspace.PullRequests WHERE RepositorySlug = 'platform' GROUP BY State": "5: 4 counts and their sum",
	} {
		var n int
		var operation string
		var requests, request, pushed, rechecked, notPushed, why sql.NullString
		if err := db.QueryRow("EXPLAIN "+query).Scan(&n, &operation, &requests, &request, &pushed, &rechecked, &notPushed, &why); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if requests.String != want {
			t.Errorf("requests are %q, want %q: %s (%s; %s)", requests.String, want, query, request.String, pushed.String)
		}
	}
	_, err = db.Query("-- with a place\nEXPLAIN SELECT Titel FROM platform.PullRequests")
	var column *driver.UnknownColumnError
	if !errors.As(err, &column) || column.Line != 2 || column.Column != 16 {
		t.Errorf("the error is %v, want line 2, column 16", err)
	}
}
