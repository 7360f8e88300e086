package driver_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestJoinReadsTheWholeList shows that a join by many keys reads the inner list whole when that has fewer pages than there are
// keys, and by key when there are few keys, or few rows wanted.
func TestJoinReadsTheWholeList(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 1000})
	db := openFake(t, server, "")
	const pages = 20 // of 50 pull requests each, whatever their state
	count := func(query string) (n int64) {
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	open := count("SELECT COUNT(*) FROM platform.PullRequests WHERE State = 'OPEN'")
	reviewed := count("SELECT COUNT(DISTINCT PullRequestId) FROM platform.PullRequestReviewers WHERE PullRequestState = 'OPEN'")
	pairs := func(on string) int64 {
		return count("WITH x AS MATERIALIZED (SELECT Id, Title, CreatedOn, CommentCount FROM platform.PullRequests) SELECT COUNT(*) FROM x a JOIN x b ON " + on)
	}
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
			open, 3*pages + 25,
		},
		{"by time", "SELECT COUNT(b.Title) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.CreatedOn = a.CreatedOn", nil, 1000, 3*pages + 25},
		{
			"by time in another spelling",
			"SELECT COUNT(b.Title) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.CreatedOn = replace(a.CreatedOn, ' ', 'T') || 'Z'",
			nil, 1000, 3*pages + 25,
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
		// The reviewers of a pull request come with it, and those of all with the pages of their list.
		{"rows within objects", "SELECT COUNT(DISTINCT a.Id) FROM platform.PullRequests a LEFT JOIN platform.PullRequestReviewers r ON r.PullRequestId = a.Id", nil, 1000, 3*pages + 25},
		{
			"a condition that only the list can be asked for",
			"SELECT COUNT(DISTINCT r.PullRequestId) FROM platform.PullRequests a LEFT JOIN platform.PullRequestReviewers r ON r.PullRequestId = a.Id AND r.PullRequestState = 'OPEN'",
			nil, reviewed, 2*pages + 25,
		},
		{
			"by column and a range", "SELECT COUNT(*) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Title = a.Title AND b.Id >= a.Id AND b.CreatedOn > ?",
			[]any{"2000-01-01"},
			pairs("b.Title = a.Title AND b.Id >= a.Id"), 3*pages + 25,
		},
		{"by column and another that differs", "SELECT COUNT(*) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.CreatedOn = a.CreatedOn AND b.Id <> -a.Id", nil, 1000, 3*pages + 25},
		{"by ranges", "SELECT COUNT(b.Title) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.CreatedOn >= a.CreatedOn AND b.Id <= a.Id", nil, pairs("b.CreatedOn >= a.CreatedOn AND b.Id <= a.Id"), 3*pages + 25},
		{
			"by ranges of days",
			"WITH RECURSIVE d(day) AS (SELECT date('2024-01-01') UNION ALL SELECT date(day, '+1 day') FROM d WHERE day < '2027-04-01') SELECT COUNT(b.Title) " +
				"FROM d LEFT JOIN platform.PullRequests b ON b.State = ? AND b.CreatedOn >= d.day AND b.CreatedOn < date(d.day, '+1 day')",
			[]any{"OPEN"},
			open, 2*pages + 25,
		},
		{"by few ranges", "SELECT COUNT(b.Title) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id < a.Id WHERE a.Id IN (3, 5, 7, 9)", nil, 2 + 4 + 6 + 8, 6},
		{"a range that stays", "SELECT COUNT(b.Title) FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id < ? AND b.CommentCount <> a.Id", []any{3}, pairs("b.Id < 3 AND b.CommentCount <> a.Id"), pages + 25},
		{"exists", "SELECT COUNT(*) FROM platform.PullRequests a WHERE EXISTS (SELECT 1 FROM platform.PullRequests b WHERE b.Id = a.Id + 1)", nil, 999, 3*pages + 25},
		{
			"exists not", "SELECT COUNT(*) FROM platform.PullRequests a WHERE State = 'OPEN' AND NOT EXISTS (SELECT 1 FROM platform.PullRequestReviewers r WHERE r.PullRequestId = a.Id)",
			nil, open - reviewed, 2*pages + 25,
		},
		{
			"first rows of an order",
			"SELECT b.Id FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id ORDER BY length(b.Title) * 0 - b.Id LIMIT 1", nil, 1000, 3*pages + 25,
		},
		{
			"several lists",
			"SELECT COUNT(DISTINCT a.RepositorySlug || a.Id) FROM Workspace.PullRequests a JOIN Workspace.PullRequestReviewers r " +
				"ON r.RepositorySlug = a.RepositorySlug AND r.PullRequestId = a.Id WHERE a.RepositorySlug IN ('platform', 'web-app') AND r.PullRequestState = 'OPEN'",
			nil, reviewed + count("SELECT COUNT(DISTINCT PullRequestId) FROM [web-app].PullRequestReviewers WHERE PullRequestState = 'OPEN'"), 3*pages + 25,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := server.Stats().Requests
			var got int64
			if err := db.QueryRow(test.query, test.args...).Scan(&got); err != nil {
				t.Fatal(err)
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

// TestJoinReadsTheListsOfAllRepositories shows that a join with the tables of all repositories reads their lists once, where the
// values would each ask all of them, and that it gives up lists that are longer than the values are many.
func TestJoinReadsTheListsOfAllRepositories(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, ";MaxRequests=0")
	count := func(query string) (n, requests int64) {
		before := server.Stats().Requests
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n, int64(server.Stats().Requests - before)
	}
	repositories, _ := count("SELECT COUNT(*) FROM Repositories")
	users, _ := count("SELECT COUNT(*) FROM Users")
	known := "AuthorUUID IN (SELECT UUID FROM Users)"
	open, _ := count("WITH x AS MATERIALIZED (SELECT AuthorUUID FROM Workspace.PullRequests WHERE State = 'OPEN') SELECT COUNT(*) FROM x WHERE " + known)
	all, whole := count("WITH x AS MATERIALIZED (SELECT AuthorUUID FROM Workspace.PullRequests) SELECT COUNT(*) FROM x WHERE " + known)
	recent, _ := count("WITH x AS MATERIALIZED (SELECT AuthorUUID, CreatedOn FROM Workspace.PullRequests WHERE State = 'OPEN') " +
		"SELECT COUNT(*) FROM x WHERE CreatedOn >= '2026-01-01' AND CreatedOn < '2027-01-01' AND " + known)
	once := 12*repositories + 5 // of the first value, of those begun ahead, ten at the most, and of the lists
	const join = "SELECT COUNT(p.Title) FROM Users u LEFT JOIN Workspace.PullRequests p ON p.AuthorUUID = u.UUID"
	for _, test := range []struct {
		name, query string
		want, most  int64
	}{
		{"short lists", join + " AND p.State = 'OPEN'", open, once},
		{"longer lists", join, all, users*repositories + whole + 20},
		{"by ranges", "WITH RECURSIVE d(day) AS (SELECT date('2026-01-01') UNION ALL SELECT date(day, '+1 day') FROM d WHERE day < '2026-12-31') " +
			"SELECT COUNT(p.Title) FROM d LEFT JOIN Workspace.PullRequests p ON p.CreatedOn >= d.day AND p.CreatedOn < date(d.day, '+1 day') " +
			"AND p.State = 'OPEN' AND p." + known, recent, once},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, requests := count(test.query)
			if got != test.want {
				t.Errorf("%d rows, want %d", got, test.want)
			}
			if requests > test.most {
				t.Errorf("%d requests, want %d at the most", requests, test.most)
			}
		})
	}
}

// TestExplainOfJoins wants EXPLAIN to say for which joins the inner list may be read whole.
func TestExplainOfJoins(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, "")
	const join = "FROM platform.PullRequests a CROSS JOIN platform.PullRequests b ON "
	const together = ", up to 50 of them in one where they are foreseen"
	const whole = together + ", or 1 for each 50 rows once its keys have cost as much"
	for query, want := range map[string]string{
		"SELECT * " + join + "b.Id = a.Id":                                                                       "1 for each Id" + whole,
		"SELECT * " + join + "b.AuthorUUID = a.AuthorUUID AND b.State = 'OPEN'":                                  "1 for each 50 rows for each AuthorUUID" + whole,
		"SELECT b.Title " + join + "b.Id = a.Id ORDER BY b.Title LIMIT 5":                                        "1 for each Id" + whole,
		"SELECT b.Title " + join + "b.Id = a.Id LIMIT 5":                                                         "1 for each Id" + together,
		"SELECT b.Title " + join + "b.Id = a.Id ORDER BY a.Id LIMIT 5":                                           "1 for each Id" + together,
		"SELECT b.Id " + join + "b.AuthorUUID = a.AuthorUUID LIMIT 5":                                            "1 for each 50 rows for each AuthorUUID",
		"SELECT b.Id " + join + "b.CreatedOn = a.CreatedOn":                                                      "1 for each 50 rows for each CreatedOn, or 1 for each 50 rows once its keys have cost as much",
		"SELECT b.Id FROM platform.PullRequests b WHERE b.Id = 5 AND b.State = 'OPEN'":                           "",
		"SELECT * " + join + "b.AuthorUUID = a.AuthorUUID AND b.Id > a.Id":                                       "1 for each 50 rows for each AuthorUUID" + whole,
		"SELECT * " + join + "b.Id > a.Id AND b.State = 'OPEN'":                                                  "1 for each 50 rows each time, or 1 for each 50 rows once these have cost as much",
		"SELECT * " + join + "b.Id > 7":                                                                          "1 for each 50 rows",
		"SELECT * " + join + "b.Id = 7":                                                                          "1",
		"SELECT * FROM platform.PullRequests a CROSS JOIN platform.PullRequestTasks b ON b.PullRequestId = a.Id": "1 for each 100 rows for each PullRequestId",
	} {
		rows, err := db.Query("EXPLAIN " + query)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for rows.Next() {
			var n int
			var operation string
			var requests, request, pushed, rechecked, notPushed, why sql.NullString
			if err := rows.Scan(&n, &operation, &requests, &request, &pushed, &rechecked, &notPushed, &why); err != nil {
				t.Fatal(err)
			}
			if n == 2 {
				got = requests.String
			}
		}
		if rows.Close(); got != want {
			t.Errorf("requests are %q, want %q: %s", got, want, query)
		}
	}
}

// TestJoinBesideViews reads the inner list whole where there are views that the statement does not name, or a scratch table.
func TestJoinBesideViews(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 1000})
	const join = "SELECT b.Id FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id"
	views := filepath.Join(t.TempDir(), "views.json")
	if err := os.WriteFile(views, []byte(`{"Newest": {"query": "SELECT Id FROM platform.PullRequests ORDER BY Id DESC LIMIT 5"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	db := openFake(t, server, ";UserDefinedViews="+views)
	db.SetMaxOpenConns(1) // the scratch table is its connection's
	for _, setup := range []string{"SELECT 1", "CREATE TEMP TABLE Scratch (a)"} {
		if _, err := db.Exec(setup); err != nil {
			t.Fatal(err)
		}
		server.Reset()
		if rows := countRows(t, db, join); rows != 1000 {
			t.Errorf("%d rows, want 1000", rows)
		}
		if n := server.Stats().Requests; n > 3*20+25 {
			t.Errorf("%d requests, want as many as the lists have pages, and some begun ahead", n)
		}
	}
}

// TestSortedJoinReadsTheWholeList has a LIMIT behind a sorter, which ends no scan early.
func TestSortedJoinReadsTheWholeList(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 1000})
	db := openFake(t, server, "")
	for query, most := range map[string]int{
		"SELECT b.Title, b.Id FROM platform.PullRequests a CROSS JOIN platform.PullRequests b ON b.Id = a.Id ORDER BY b.Title LIMIT 25": 3*20 + 25,
		// In order the scan of a ends with the LIMIT: one page, and a request for each row and some ahead.
		"SELECT a.Id, b.Title FROM platform.PullRequests a CROSS JOIN platform.PullRequests b ON b.Id = a.Id ORDER BY a.Id LIMIT 25": 1 + 25 + 3,
	} {
		server.Reset()
		if rows := countRows(t, db, query); rows != 25 {
			t.Errorf("%d rows: %s", rows, query)
		}
		if n := server.Stats().Requests; n > most {
			t.Errorf("%d requests, want %d at the most: %s", n, most, query)
		}
	}
}
