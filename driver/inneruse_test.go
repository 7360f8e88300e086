package driver_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestRequestsOfInnerAggregates pins the requests of aggregate queries within statements.
func TestRequestsOfInnerAggregates(t *testing.T) {
	pinRequests(t, bitbucketfake.Config{PullRequests: 5000}, []pin{
		{query: "SELECT * FROM platform.PullRequests WHERE UpdatedOn = (SELECT MAX(UpdatedOn) FROM platform.PullRequests)", rows: 1, requests: 2},
		{query: "SELECT * FROM platform.PullRequests WHERE UpdatedOn = (SELECT MIN(UpdatedOn) FROM platform.PullRequests)", rows: 1, requests: 2},
		{query: "SELECT UpdatedOn FROM platform.PullRequests WHERE Id = 3 OR UpdatedOn = (SELECT MIN(UpdatedOn) FROM platform.PullRequests WHERE State <> 'OPEN')", rows: -1, requests: 3},
		{query: "SELECT (SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN') AS o, (SELECT MIN(CreatedOn) FROM platform.PullRequests) AS f", rows: 1, requests: 2},
		{query: "SELECT (SELECT COUNT(*) FROM platform.PullRequests WHERE State <> 'OPEN' AND CreatedOn > ?), (SELECT MAX(CreatedOn) FROM platform.PullRequests)", rows: 1, requests: 2, args: []any{"2025-01-01"}},
		{query: "WITH n AS (SELECT COUNT(*) c FROM platform.PullRequests WHERE CreatedOn > '2025-01-01') SELECT c FROM n", rows: 1, requests: 1},
		{query: "WITH n AS (SELECT MIN(UpdatedOn) c FROM platform.PullRequests) SELECT c, c FROM n", rows: 1, requests: 1},
		{query: "SELECT COUNT(*) FROM platform.PullRequests WHERE CreatedOn > '2025-01-01' UNION ALL SELECT MIN(Id) FROM platform.PullRequests", rows: 2, requests: 2},
		{query: "SELECT m FROM (SELECT MIN(CreatedOn) AS m FROM platform.PullRequests)", rows: 1, requests: 1},
		{query: "SELECT (SELECT MAX(UpdatedOn) FROM Workspace.PullRequests)", rows: 1, requests: 14},
		{query: "SELECT Title FROM platform.PullRequests WHERE Id > 4990 AND (SELECT COUNT(*) FROM platform.PullRequests WHERE CreatedOn > '2025-01-01') > 5", rows: 10, requests: 2},
		// One small request for each row of the outside.
		{query: "SELECT r.Slug, (SELECT COUNT(*) FROM Workspace.PullRequests p WHERE p.RepositorySlug = r.Slug AND p.State = 'OPEN') FROM Repositories r", rows: 13, requests: 14},
		{query: "SELECT r.Slug, (SELECT COUNT(*) FROM Workspace.PullRequests p WHERE p.RepositorySlug = r.Slug AND p.CreatedOn > '2025-01-01') FROM Repositories r", rows: 13, requests: 14},
		{query: "SELECT r.Slug, (SELECT MIN(UpdatedOn) FROM Workspace.PullRequests p WHERE p.RepositorySlug = r.Slug) FROM Repositories r", rows: 13, requests: 14},
		{query: "SELECT (SELECT COUNT(*) FROM platform.PullRequests WHERE CreatedOn > '2025-01-01' OR Id < 20)", rows: 1, requests: 1},
		// What Bitbucket means otherwise or cannot sort by takes the rows.
		{query: "SELECT (SELECT COUNT(*) FROM platform.PullRequests WHERE Title = 'x' OR Id <= 100)", rows: 1, requests: 3},
		{query: "SELECT (SELECT MAX(Title) FROM platform.PullRequests WHERE Id > 4900)", rows: 1, requests: 2},
	})
}

// TestInnerAggregatesMeanWhatTheyDid reads tables and views of the user under the name of one of ours, and a statement that is
// prepared before there are.
func TestInnerAggregatesMeanWhatTheyDid(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db, err := sql.Open("bitbucket", strings.Replace(server.DSN(), "Schema=Information", "Schema=platform", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	query := "SELECT (SELECT COUNT(*) FROM PullRequests WHERE Id > 0) || ' ' || (SELECT MIN(Id) FROM PullRequests)"
	prepared, err := db.Prepare(query)
	if err != nil {
		t.Fatal(err)
	}
	defer prepared.Close()
	var before, got string
	if err := prepared.QueryRow().Scan(&before); err != nil {
		t.Fatal(err)
	}
	for _, create := range []string{"CREATE TEMP TABLE PullRequests(Id)", "CREATE TEMP VIEW PullRequests AS SELECT NULL AS Id WHERE 0"} {
		if _, err := db.Exec(create); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(create, "TABLE") {
			if _, err := db.Exec("INSERT INTO PullRequests VALUES (7), (8)"); err != nil {
				t.Fatal(err)
			}
		}
		var fresh any
		if err := db.QueryRow(query).Scan(&fresh); err != nil {
			t.Fatal(err)
		}
		var again any
		if err := prepared.QueryRow().Scan(&again); err != nil {
			t.Fatal(err)
		}
		want := "2 7"
		if strings.Contains(create, "VIEW") {
			want = "<nil>"
		}
		if fmt.Sprint(fresh) != want || fmt.Sprint(again) != want {
			t.Errorf("after %s: %v, and prepared before %v, want %s", create, fresh, again, want)
		}
		if err := db.QueryRow(strings.ReplaceAll(query, "FROM ", "FROM platform.")).Scan(&got); err != nil || got != before {
			t.Errorf("%q, want %q: %v", got, before, err)
		}
		drop := strings.Fields(create)[2]
		if _, err := db.Exec("DROP " + drop + " temp.PullRequests"); err != nil {
			t.Fatal(err)
		}
	}
	// A view keeps its text for other statements.
	if _, err := db.Exec("CREATE TEMP VIEW least AS SELECT (SELECT MIN(Id) FROM platform.PullRequests) AS Id, (SELECT COUNT(*) FROM platform.PullRequests WHERE Id > 0) AS n"); err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRow("SELECT n || ' ' || Id FROM least WHERE Id = (SELECT MIN(Id) FROM platform.PullRequests)").Scan(&got); err != nil || got != before {
		t.Errorf("%q, want %q: %v", got, before, err)
	}
}

// TestExplainInnerAggregates wants EXPLAIN to say of each query within a statement what it asks for.
func TestExplainInnerAggregates(t *testing.T) {
	db := openFake(t, startFake(t, bitbucketfake.Config{}), "")
	rows, err := db.Query("EXPLAIN SELECT Id FROM platform.PullRequests WHERE UpdatedOn = (SELECT MIN(UpdatedOn) FROM platform.PullRequests) AND Id < (SELECT COUNT(*) FROM platform.PullRequests WHERE CreatedOn > '2025-01-01')")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	text := ""
	for rows.Next() {
		var step int
		var operation string
		var requests, request, pushed, rechecked, notPushed, why any
		if err := rows.Scan(&step, &operation, &requests, &request, &pushed, &rechecked, &notPushed, &why); err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintln(operation, "|", requests, "|", pushed)
	}
	for _, want := range []string{
		"SEARCH platform.PullRequests | 1 | least or greatest UpdatedOn\n", "SCAN platform.PullRequests | 1 | CreatedOn >, COUNT\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
