package driver_test

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestRequestsOfMergedLists pins the requests of the first rows of many lists: a short page of each, sorted by Bitbucket.
func TestRequestsOfMergedLists(t *testing.T) {
	pinRequests(t, bitbucketfake.Config{PullRequests: 1000, Repositories: 150}, []pin{
		// Two pages of repositories, and one of each.
		{query: "SELECT * FROM Workspace.PullRequests WHERE State = 'OPEN' ORDER BY UpdatedOn DESC LIMIT 20", rows: 20, requests: 152},
		{query: "SELECT Id FROM Workspace.PullRequests WHERE RepositorySlug IN ('platform', 'web-app') ORDER BY CreatedOn LIMIT ? OFFSET 5", rows: 12, requests: 2, args: []any{12}},
		// Beyond a page, only the lists that have more of the first rows are read on.
		{query: "SELECT Id FROM Workspace.PullRequests WHERE RepositorySlug IN ('platform', 'web-app', 'sandbox') ORDER BY Id DESC LIMIT 120", rows: 120, requests: 5},
	})
}
