package driver

import (
	"reflect"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// Workspace is another name of the table Workspaces, and the schema Workspace stays what it is.
func TestWorkspaceAlias(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	for _, properties := range []string{"", ";Schema=Workspace", ";Schema=platform"} {
		db := openDSN(t, dsn(fake)+properties)
		want := all(t, db, "SELECT * FROM Information.Workspaces ORDER BY Slug")
		if len(want) == 0 {
			t.Fatal("no workspaces")
		}
		for _, text := range []string{
			"SELECT * FROM Workspace ORDER BY Slug", "SELECT Workspace.* FROM [Information].[Workspace] ORDER BY Workspace.Slug",
		} {
			if got := all(t, db, text); !reflect.DeepEqual(got, want) {
				t.Errorf("%s %s: %v, want %v", properties, text, got, want)
			}
		}
		fake.Reset()
		one := all(t, db, "SELECT Slug FROM Workspace WHERE Slug = 'acme'")
		if requests := fake.Stats().Requests; len(one) != 1 || requests != 1 {
			t.Errorf("%v by %d requests", one, requests)
		}
		if got := all(t, db, "SELECT COUNT(*) FROM Workspace.PullRequests p, Workspace w WHERE p.RepositorySlug = 'platform' AND w.Slug = 'acme'"); got[0][0] == int64(0) {
			t.Errorf("schema and table: %v", got)
		}
	}
}
