package driver_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// hundredKeys are a VALUES list and a JSON array of a hundred pull requests.
func hundredKeys() (values, array string) {
	var rows, elements []string
	for i := range 100 {
		rows = append(rows, fmt.Sprintf("(%d)", 1+37*i))
		elements = append(elements, fmt.Sprint(1+37*i))
	}
	return "WITH wanted(n) AS (VALUES " + strings.Join(rows, ", ") + ") ", "[" + strings.Join(elements, ",") + "]"
}

// TestJoinAsksForManyKeysAtOnce pins the requests of joins by many keys: as many as the keys have pages, and a few to learn where the
// keys come from. A request for each would be a hundred, and the whole list has a hundred pages as well.
func TestJoinAsksForManyKeysAtOnce(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 5000, Repositories: 300})
	values, array := hundredKeys()
	views := filepath.Join(t.TempDir(), "views.json")
	definitions := `{"Wanted": {"query": "` + values + `SELECT n FROM wanted"},
		"Newest": {"query": "SELECT Id, AuthorUUID FROM platform.PullRequests WHERE State = 'MERGED' ORDER BY Id DESC LIMIT 100"}}`
	if err := os.WriteFile(views, []byte(definitions), 0o600); err != nil {
		t.Fatal(err)
	}
	db := openFake(t, server, ";MaxRequests=45;UserDefinedViews="+views)
	db.SetMaxOpenConns(1) // the scratch table is its connection's
	if _, err := db.Exec("CREATE TEMP TABLE scratch AS " + values + "SELECT n, CAST(n AS TEXT) AS t FROM wanted"); err != nil {
		t.Fatal(err)
	}
	const hundred = "(SELECT * FROM platform.PullRequests WHERE Id <= 100)" // on two pages
	for _, test := range []struct {
		name, query string
		args        []any
		rows, most  int
	}{
		{"list", values + "SELECT p.Id, p.Title FROM wanted JOIN platform.PullRequests p ON p.Id = wanted.n", nil, 100, 4},
		{"list and keys of nothing", values + "SELECT n, p.Title FROM wanted LEFT JOIN platform.PullRequests p ON p.Id = wanted.n AND p.Id < 0", nil, 100, 4},
		{"list of parameters", "WITH w(n) AS (VALUES (?), (?), (?), (?), (?)) SELECT p.Title FROM w JOIN platform.PullRequests p ON p.Id = w.n", []any{1, "2", 3, 4, 5}, 5, 3},
		{"union", "SELECT p.Title FROM (SELECT 1 AS n UNION ALL SELECT 20 UNION ALL SELECT 300 UNION ALL SELECT 4000) w JOIN platform.PullRequests p ON p.Id = w.n", nil, 4, 2},
		{"subquery of a list", values + "SELECT n, (SELECT p.Title FROM platform.PullRequests p WHERE p.Id = n) FROM wanted", nil, 100, 4},
		{"array", "SELECT p.Title FROM json_each('" + array + "') j JOIN platform.PullRequests p ON p.Id = j.value", nil, 100, 4},
		{"array as a parameter", "SELECT p.Title FROM json_each(?) j JOIN platform.PullRequests p ON p.Id = j.value", []any{array}, 100, 4},
		{"temporary table", "SELECT p.Title FROM scratch s JOIN platform.PullRequests p ON p.Id = s.n", nil, 100, 4},
		{"texts of a temporary table", "SELECT p.Title FROM scratch s JOIN platform.PullRequests p ON p.Id = s.t", nil, 100, 4},
		{"view of a list", "SELECT p.Title FROM UserViews.Wanted w JOIN platform.PullRequests p ON p.Id = w.n", nil, 100, 4},
		{"view", "SELECT p.Title FROM UserViews.Newest w JOIN platform.PullRequests p ON p.Id = w.Id", nil, 100, 6},
		{"table", "SELECT a.Id, b.Title FROM " + hundred + " a JOIN platform.PullRequests b ON b.Id = a.Id", nil, 100, 2 + 3},
		{"spelt as text", "SELECT a.Id, b.Title FROM " + hundred + " a JOIN platform.PullRequests b ON b.Id = a.Id || ''", nil, 100, 2 + 3},
		{"left join", "SELECT a.Id, b.Title FROM " + hundred + " a LEFT JOIN platform.PullRequests b ON b.Id = a.Id AND b.State = a.State", nil, 100, 2 + 3},
		{"scalar subquery", "SELECT a.Id, (SELECT b.Title FROM platform.PullRequests b WHERE b.Id = a.Id) FROM " + hundred + " a", nil, 100, 2 + 4},
		{"exists", "SELECT a.Id FROM " + hundred + " a WHERE NOT EXISTS (SELECT 1 FROM platform.PullRequestReviewers r WHERE r.PullRequestId = a.Id)", nil, 26, 2 + 7},
		{"rows within objects", "SELECT a.Id, r.UserName FROM " + hundred + " a LEFT JOIN platform.PullRequestReviewers r ON r.PullRequestId = a.Id", nil, 157, 2 + 4},
		{
			"materialised",
			"WITH m AS MATERIALIZED (SELECT Id, Title FROM platform.PullRequests WHERE Id <= 100 ORDER BY Title) SELECT m.Id, b.Title FROM m JOIN platform.PullRequests b ON b.Id = m.Id",
			nil, 100, 2 + 5,
		},
		{"few of the rows", "SELECT a.Id, b.Id FROM " + hundred + " a JOIN platform.PullRequests b ON b.Id = a.Id WHERE length(a.Title) % 4 = 0", nil, 19, 2 + 3},
		{"branches", "SELECT a.Id, b.TargetCommitHash FROM " + hundred + " a LEFT JOIN platform.Branches b ON b.Name = a.SourceBranchName", nil, 100, 2 + 4},
		// Several rows of a value: as many values as fill a page.
		{"authors", "SELECT a.Id FROM Information.Users u JOIN platform.PullRequests a ON u.UUID = a.AuthorUUID WHERE a.Id <= 100", nil, 95, 1 + 4},
		{"branches of pull requests", "SELECT a.Id, b.Id FROM " + hundred + " a JOIN platform.PullRequests b ON b.SourceBranchName = a.SourceBranchName", nil, 157, 2 + 8},
		{
			"two lists",
			"SELECT a.Id, b.Title FROM Workspace.PullRequests a JOIN Workspace.PullRequests b ON b.RepositorySlug = a.RepositorySlug AND b.Id = a.Id WHERE a.RepositorySlug IN ('platform', 'web-app') AND a.Id <= 60",
			nil, 120, 4 + 6,
		},
		{"LIMIT", "SELECT a.Id, b.Title FROM " + hundred + " a JOIN platform.PullRequests b ON b.Id = a.Id LIMIT 10", nil, 10, 1 + 4},
		{"LIMIT of a list", values + "SELECT p.Id, p.Title FROM wanted JOIN platform.PullRequests p ON p.Id = wanted.n LIMIT 10", nil, 10, 5},
		{"LIMIT 1", "SELECT a.Id, b.Title FROM " + hundred + " a JOIN platform.PullRequests b ON b.Id = a.Id LIMIT 1", nil, 1, 2},
		{"many", "SELECT a.Id, b.Id FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id WHERE a.State = 'OPEN'", nil, 985, 20 + 23},
		{"e-mail addresses", "SELECT u.UUID FROM (VALUES ('ada.lindqvist@acme.example'), ('x@y.example'), ('z@y.example')) e JOIN Information.Users u ON u.UserEmail = e.column1", nil, 1, 3},
		{
			"e-mail addresses of accounts", "SELECT u.UUID FROM Information.Users u JOIN (SELECT 'ada.lindqvist@acme.example' AS mail UNION ALL SELECT Title FROM platform.PullRequests WHERE Id < 9) e ON u.UserEmail = e.mail",
			nil, 1, 1 + 9,
		},
	} {
		server.Reset()
		if n := countRows(t, db, test.query, test.args...); n != test.rows {
			t.Errorf("%s: %d rows, want %d", test.name, n, test.rows)
		}
		stats := server.Stats()
		if stats.Requests > test.most {
			t.Errorf("%s: %d requests, want %d at the most\n%s", test.name, stats.Requests, test.most, strings.Join(stats.Log[:min(15, len(stats.Log))], "\n"))
		}
	}
}

// TestManyKeysThatAreRefused has Bitbucket refuse, or fail, what asks for several keys: each is asked for by itself then, and no more
// attempts are made.
func TestManyKeysThatAreRefused(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 3000})
	db := openFake(t, server, "")
	const query = "SELECT a.Id, b.Title FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id WHERE a.Id <= 30"
	for _, fault := range []bitbucketfake.Fault{
		{Path: "OR+id", Kind: bitbucketfake.FaultStatus, Status: 400},
		{Path: "OR+id", Kind: bitbucketfake.FaultScope},
		{Path: "OR+id", Kind: bitbucketfake.FaultHTML},
		{Path: "OR+id", Kind: bitbucketfake.FaultStatus, Status: 414},
	} {
		server.Reset()
		server.SetFaults(bitbucketfake.Faults{fault})
		if n := countRows(t, db, query); n != 30 {
			t.Errorf("%d rows, want 30: %+v", n, fault)
		}
		stats := server.Stats()
		refused := 0
		for _, line := range stats.Log {
			if strings.Contains(line, "OR+id") {
				refused++
			}
		}
		if refused == 0 || refused > 4 || stats.Requests > 1+30+refused+1 { // and one asks how long the whole list is
			t.Errorf("%d requests for several keys, and %d of all: %+v", refused, stats.Requests, fault)
		}
	}
	server.SetFaults(nil)
}

// TestManyLongKeys asks for texts that do not all fit into one address.
func TestManyLongKeys(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 3000})
	db := openFake(t, server, "")
	const list = "WITH w(n) AS (VALUES ('%s'), ('%s'), ('%s'), ('%s'), ('%s'), ('%s'), ('main'), ('%s')) SELECT b.TargetCommitHash FROM w LEFT JOIN platform.Branches b ON b.Name = w.n"
	var names []any
	for i := range 7 {
		names = append(names, strings.Repeat(fmt.Sprintf("größe-%d", i), 60))
	}
	server.Reset()
	if n := countRows(t, db, fmt.Sprintf(list, names...)); n != 8 {
		t.Errorf("%d rows, want 8", n)
	}
	several := 0
	for _, line := range server.Stats().Log {
		_, query, _ := strings.Cut(line, "?")
		if len(query) > 4200 {
			t.Errorf("a query has %d bytes", len(query))
		}
		if text, err := url.QueryUnescape(query); err == nil && strings.Contains(text, "name IN (") {
			several++
		}
	}
	if several == 0 {
		t.Errorf("no request for several names:\n%s", strings.Join(server.Stats().Log, "\n"))
	}
}

// TestManyKeysCancelled ends joins in their midst, while requests for several keys are under way. TestMain finds what they leave behind.
func TestManyKeysCancelled(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 3000})
	db := openFake(t, server, "")
	for read := range 60 {
		rows, err := db.Query("SELECT a.Id, b.Title FROM platform.PullRequests a JOIN platform.PullRequests b ON b.Id = a.Id")
		if err != nil {
			t.Fatal(err)
		}
		for range read {
			rows.Next()
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
}
