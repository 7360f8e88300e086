package driver_test

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestLimitBehindASorterReadsAhead reads all pages side by side where a sorter or an aggregate needs them before LIMIT cuts, and
// no more than it must elsewhere.
func TestLimitBehindASorterReadsAhead(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 2000, Latency: overlap})
	db := openFake(t, server, "")
	for _, test := range []struct {
		query    string
		requests int
		inFlight int // at least, up to 10
	}{
		{"SELECT Id FROM platform.PullRequests ORDER BY Title LIMIT 3", 40, 9},
		{"SELECT AuthorName, COUNT(*) AS n FROM platform.PullRequests GROUP BY AuthorName ORDER BY n DESC LIMIT 3", 40, 9},
		{"SELECT TOP 3 AuthorName, COUNT(*) FROM platform.PullRequests GROUP BY AuthorName", 40, 9},
		{"SELECT COUNT(Title) FROM platform.PullRequests LIMIT 1", 40, 9},
		{"SELECT Id FROM platform.PullRequests WHERE Title LIKE '%e%' LIMIT 3", 1, 1},
		{"SELECT Id FROM platform.PullRequests ORDER BY CreatedOn LIMIT 3", 1, 1},
		{"SELECT Id FROM (SELECT Id, Title FROM platform.PullRequests LIMIT 5) WHERE Title LIKE '%e%' ORDER BY Title", 1, 1},
	} {
		server.Reset()
		countRows(t, db, test.query)
		stats := server.Stats()
		most := mostInFlight(server, test.inFlight, func() { countRows(t, db, test.query) })
		if stats.Requests != test.requests || most < test.inFlight {
			t.Errorf("%d requests, %d in flight, want %d and %d: %s", stats.Requests, most, test.requests, test.inFlight, test.query)
		}
	}
}
