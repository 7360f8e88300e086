package driver_test

import (
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestFanOutIsNarrowed reads the repositories that a statement is about, whatever way it says so, and no others.
func TestFanOutIsNarrowed(t *testing.T) {
	pinRequests(t, bitbucketfake.Config{}, []pin{
		{query: "SELECT Name FROM Workspace.Branches WHERE RepositorySlug = 'platform'", rows: -1, requests: 1},
		{query: "SELECT Name FROM Workspace.Branches WHERE RepositorySlug IN ('platform', 'web-app')", rows: -1, requests: 2},
		// The four repositories of the project, and one request to find them.
		{query: "SELECT COUNT(*) FROM Repositories r JOIN Workspace.Branches b ON b.RepositorySlug = r.Slug WHERE r.ProjectKey = 'PLAT'", rows: 1, requests: 5},
		{query: "SELECT b.Name FROM Workspace.Branches b JOIN Repositories r ON b.RepositorySlug = r.Slug WHERE r.ProjectKey = 'PLAT'", rows: -1, requests: 5},
		{query: "SELECT b.Name FROM Workspace.Branches b WHERE b.RepositorySlug IN (SELECT Slug FROM Repositories WHERE ProjectKey = 'PLAT')", rows: -1, requests: 5},
		{query: "SELECT b.Name FROM Workspace.Branches b JOIN Repositories r ON b.RepositorySlug = r.Slug WHERE r.Language = 'go' AND r.IsPrivate", rows: -1, requests: 3},
		{query: "SELECT Id FROM Workspace.PullRequests LIMIT 5", rows: 5, requests: 2},
		{query: "SELECT COUNT(*) FROM Workspace.PullRequests", rows: 1, requests: 14},
	})
	server := startFake(t, bitbucketfake.Config{})
	countRows(t, openFake(t, server, ""), "SELECT * FROM Workspace.Branches LIMIT 1")
	if first := server.Stats().Log[0]; !strings.Contains(first, "fields=values.slug%2Cnext") {
		t.Errorf("more than slugs are asked for: %s", first)
	}
}
