package driver

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// TestReadsOnce says of which statements the rows are not kept for a second scan.
func TestReadsOnce(t *testing.T) {
	c := &conn{connector: &Connector{config: &Config{}}}
	for text, want := range map[string]bool{
		"SELECT * FROM platform.PullRequests":                                             true,
		"SELECT Id, LOWER(Title) FROM platform.PullRequests p WHERE Id IN (1, 2) LIMIT 5": true,
		"SELECT State, COUNT(*) FROM [platform].[PullRequests] GROUP BY State, Draft":     true,
		"SELECT 1": false,
		"SELECT * FROM Repositories r, Workspace.PullRequests p WHERE r.Slug = p.RepositorySlug":  false,
		"SELECT * FROM Repositories r JOIN Workspace.PullRequests p ON r.Slug = p.RepositorySlug": false,
		"SELECT * FROM (SELECT 1)": false,
		"SELECT * FROM Repositories WHERE Slug = (SELECT MIN(Slug) FROM Repositories)": false,
		"SELECT Slug FROM Repositories UNION ALL SELECT Slug FROM Repositories":        false,
		"SELECT * FROM Repositories WHERE Slug = 'a' OR Name = 'b'":                    false,
	} {
		if have := c.readsOnce(t.Context(), dialect.WordsOf(text)); have != want {
			t.Errorf("%v, want %v: %s", have, want, text)
		}
	}
}
