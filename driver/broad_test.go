package driver_test

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestJoinReadsTheWholeList shows that a join by many keys reads the inner list whole when that has fewer pages than there are
// keys, and by key when there are few keys, or few rows wanted.
func TestJoinReadsTheWholeList(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 1000})
	db := openFake(t, server, "")
	const pages = 20 // of 50 pull requests each, whatever their state
	for _, test := range []struct {
		name, query string
		args        []any
		want        int64
		most        int // requests
	}{
		// As many requests as the list has pages, and some that were begun ahead, before it is known that the list is cheaper.
		{"by key", "SELECT COUNT(b.Title) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id", nil, 1000, 3*pages + 25},
		{"by column", "SELECT COUNT(b.Id) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Title = a.Title AND b.Id = a.Id", nil, 1000, 3*pages + 25},
		{
			"with more conditions",
			"SELECT COUNT(b.Title) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id AND b.State = 'OPEN' AND b.CreatedOn > ?",
			[]any{"2000-01-01"},
			-1, 3*pages + 25,
		},
		{"left join", "SELECT COUNT(b.Title) FROM platform.PullRequests a LEFT JOIN platform.PullRequests b ON b.Id = a.Id + 1", nil, 999, 3*pages + 25},
		{"few keys", "SELECT COUNT(b.Title) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id WHERE a.Id IN (3, 5, 7, 9)", nil, 4, 5},
		{
			"few rows", "SELECT COUNT(*) FROM (SELECT b.Title FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id LIMIT 5)",
			nil, 5, 24, // what is begun ahead ramps up
		},
		{
			"no such rows", "SELECT COUNT(b.Title) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = -a.Id", nil, 0, 3*pages + 25,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := server.Stats().Requests
			var got int64
			if err := db.QueryRow(test.query, test.args...).Scan(&got); err != nil {
				t.Fatal(err)
			}
			if test.want < 0 {
				if err := db.QueryRow("SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN'").Scan(&test.want); err != nil {
					t.Fatal(err)
				}
				before++
			}
			if got != test.want {
				t.Errorf("%d rows, want %d", got, test.want)
			}
			if n := server.Stats().Requests - before; n > test.most {
				t.Errorf("%d requests, want %d at the most", n, test.most)
			}
		})
	}
}
