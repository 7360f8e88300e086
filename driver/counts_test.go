package driver_test

import (
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// pin is a statement with what it costs.
type pin struct {
	query    string
	rows     int // -1: any number
	requests int
	args     []any
}

// pinRequests runs statements and wants the number of requests of each. It returns the most requests in flight of the last.
func pinRequests(t *testing.T, config bitbucketfake.Config, pins []pin) {
	t.Helper()
	server := startFake(t, config)
	db := openFake(t, server, "")
	for _, p := range pins {
		server.Reset()
		rows := countRows(t, db, p.query, p.args...)
		stats := server.Stats()
		if p.rows >= 0 && rows != p.rows {
			t.Errorf("%d rows, want %d: %s", rows, p.rows, p.query)
		}
		if stats.Requests != p.requests {
			t.Errorf("%d requests, want %d: %s\n%s", stats.Requests, p.requests, p.query, strings.Join(stats.Log[:min(5, len(stats.Log))], "\n"))
		}
	}
}

// TestRequestsOfCounts pins the requests of statements whose rows are counted and not read.
func TestRequestsOfCounts(t *testing.T) {
	pinRequests(t, bitbucketfake.Config{PullRequests: 5000}, []pin{
		// Each value of a column is counted, and the whole list, as the proof that there are no other values.
		{query: "SELECT State, COUNT(*) FROM platform.PullRequests GROUP BY State", rows: 4, requests: 5},
		{query: "SELECT State, COUNT(*) n FROM platform.PullRequests GROUP BY State ORDER BY n DESC LIMIT 1", rows: 1, requests: 5},
		{query: "SELECT DISTINCT State FROM platform.PullRequests", rows: 4, requests: 5},
		{query: "SELECT COUNT(CASE WHEN State = 'OPEN' THEN 1 END), SUM(State = 'MERGED') FROM platform.PullRequests", rows: 1, requests: 5},
		{query: "SELECT State, COUNT(*) FROM platform.PullRequests WHERE CreatedOn >= ? GROUP BY State", rows: -1, requests: 5, args: []any{"2000-01-01"}},
		{query: "SELECT State, COUNT(*) FROM platform.PullRequests WHERE State <> 'OPEN' GROUP BY State", rows: 3, requests: 4},
		// A condition that names the values is proof enough.
		{query: "SELECT State, COUNT(*) FROM platform.PullRequests WHERE State IN ('OPEN', 'MERGED') GROUP BY State", rows: 2, requests: 2},
		// The first page may be enough, too.
		{query: "SELECT State FROM platform.PullRequests LIMIT 10", rows: 10, requests: 1},
		{query: "SELECT State, Draft, COUNT(*) FROM platform.PullRequests GROUP BY State, Draft", rows: -1, requests: 100},

		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE State IN ('OPEN', 'MERGED')", rows: 1, requests: 1},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE State <> 'OPEN' AND Id > 10", rows: 1, requests: 1},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE CreatedOn >= ? AND CreatedOn < ?", rows: 1, requests: 1, args: []any{"2025-01-01", "2026-01-01"}},
		{query: "SELECT COUNT(*) FROM platform.PullRequests p WHERE p.CreatedOn BETWEEN '2000-01-01' AND '2030-01-01' AND State <> 'OPEN'", rows: 1, requests: 1},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE UpdatedOn > datetime('now', '-3650 days')", rows: 1, requests: 1},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE Id > 100 AND Id IN (99, 101, 102)", rows: 1, requests: 1},
		{query: "SELECT COUNT(Id) FROM platform.PullRequests WHERE State <> 'OPEN' AND Id > 100", rows: 1, requests: 1},
		// What the column is read for elsewhere, or what Bitbucket means otherwise, takes the rows.
		{query: "SELECT COUNT(*), MAX(Id), SUM(Id) FROM platform.PullRequests WHERE Id > 4900", rows: 1, requests: 2},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE CreatedOn > '2000-01-01 00:00:00.0000001' AND Id <= 100", rows: 1, requests: 2},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE Id > 10 AND Id < 11", rows: 1, requests: 1},

		// One small request a repository.
		{query: "SELECT COUNT(*) FROM Workspace.PullRequests", rows: 1, requests: 14},
		{query: "SELECT RepositorySlug, COUNT(*) FROM Workspace.PullRequests WHERE State = 'OPEN' GROUP BY RepositorySlug", rows: -1, requests: 14},
		{query: "SELECT COUNT(*) FROM Workspace.PullRequests WHERE State IN ('OPEN', 'MERGED') AND CreatedOn > '2025-01-01'", rows: 1, requests: 14},
		{query: "SELECT RepositorySlug, COUNT(*) FROM Workspace.PullRequests WHERE RepositorySlug IN ('platform', 'web-app') GROUP BY 1", rows: 2, requests: 2},

		{query: "SELECT MIN(CreatedOn) FROM platform.PullRequests WHERE State = 'OPEN'", rows: 1, requests: 1},
		{query: "SELECT MAX(CreatedOn) FROM platform.PullRequests WHERE State IN ('OPEN', 'MERGED')", rows: 1, requests: 1},
		{query: "SELECT MIN(CreatedOn), MAX(CreatedOn) FROM platform.PullRequests WHERE CreatedOn < ?", rows: 1, requests: 2, args: []any{"2026-01-01"}},
		{query: "SELECT MAX(UpdatedOn) FROM Workspace.PullRequests", rows: 1, requests: 14},
		// The page that has the first row tells how many there are, and may have all of them.
		{query: "SELECT COUNT(*), MIN(CreatedOn), MAX(CreatedOn) FROM platform.PullRequests", rows: 1, requests: 2},
		{query: "SELECT COUNT(*), MAX(Id) FROM platform.PullRequests WHERE Id > 4900", rows: 1, requests: 1},
		{query: "SELECT MIN(Id), MAX(Id), COUNT(*) FROM platform.PullRequests WHERE Id <= 50", rows: 1, requests: 1},
		{query: "SELECT MIN(Id), MAX(Id) FROM platform.PullRequests WHERE Id <= 100", rows: 1, requests: 2},
		{query: "SELECT COUNT(Id), MIN(CreatedOn), MAX(UpdatedOn), 'x' FROM platform.PullRequests WHERE State <> 'OPEN' AND CreatedOn > ?", rows: 1, requests: 2, args: []any{"2024-06-01"}},
		{query: "SELECT COUNT(*), MIN(CreatedOn), MAX(CreatedOn), MIN(UpdatedOn), MAX(UpdatedOn) FROM platform.PullRequests WHERE Id <= 140", rows: 1, requests: 3},
		{query: "SELECT COUNT(*), MIN(CreatedOn), MAX(CreatedOn), MIN(UpdatedOn), MAX(UpdatedOn) FROM platform.PullRequests", rows: 1, requests: 4},
		{query: "SELECT COUNT(*), MAX(UpdatedOn) FROM Workspace.PullRequests", rows: 1, requests: 14},
		{query: "SELECT RepositorySlug, COUNT(*), MAX(UpdatedOn) FROM Workspace.PullRequests GROUP BY RepositorySlug ORDER BY 3 DESC LIMIT 5", rows: 5, requests: 14},
		{query: "SELECT (SELECT COUNT(*) || ' ' || MAX(Id) FROM platform.PullRequests WHERE Id > 4900)", rows: 1, requests: 2},
		{query: "SELECT n, m FROM (SELECT COUNT(*) AS n, MAX(Id) AS m FROM platform.PullRequests)", rows: 1, requests: 1},
		{query: "SELECT State, MAX(UpdatedOn) FROM platform.PullRequests GROUP BY State", rows: 4, requests: 100},
		// OR and NOT are asked for as they are, where Bitbucket means exactly what SQLite does.
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN' OR AuthorUUID = '{00000000-0000-0000-0000-000000000000}'", rows: 1, requests: 1},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE NOT State = 'OPEN'", rows: 1, requests: 1},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE (State = ? OR Draft) AND (CreatedOn > ? OR Id < 100) AND Id BETWEEN 2 AND 4000", rows: 1, requests: 1, args: []any{"OPEN", "2025-01-01"}},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE State NOT IN ('OPEN', 'MERGED') AND NOT Draft", rows: 1, requests: 1},
		{query: "SELECT MIN(CreatedOn), COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN' OR Draft", rows: 1, requests: 1},
		{query: "SELECT (SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN' OR Id < 100) + 1", rows: 1, requests: 1},
		{query: "SELECT COUNT(*) FROM Workspace.PullRequests WHERE State = 'OPEN' OR Draft", rows: 1, requests: 14},
		{query: "SELECT COUNT(*) FROM Workspace.PullRequests WHERE RepositorySlug = 'platform' AND (State = 'OPEN' OR Draft)", rows: 1, requests: 1},
		{query: "SELECT SUM(Id) FROM platform.PullRequests WHERE Id = 3 OR Id = 7", rows: 1, requests: 2},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE Id <= 100 AND (State = 'OPEN' OR CreatedOn > '2000-01-01 00:00:00.0000001')", rows: 1, requests: 2},
		{query: "SELECT EXISTS (SELECT 1 FROM platform.PullRequests WHERE CreatedOn > '2025-01-01')", rows: 1, requests: 1},
		{query: "SELECT 1 WHERE EXISTS (SELECT * FROM platform.PullRequests WHERE State = 'OPEN')", rows: 1, requests: 1},
	})
}

// TestGroupsAreCountedAtOnce makes all counts in one round trip.
func TestGroupsAreCountedAtOnce(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 5000, Latency: overlap})
	db := openFake(t, server, "")
	count := func() { countRows(t, db, "SELECT State, COUNT(*) FROM platform.PullRequests GROUP BY State") }
	count()
	if most := mostInFlight(server, 5, count); most != 5 {
		t.Errorf("%d in flight, want 5", most)
	}
}
