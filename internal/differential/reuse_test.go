package differential

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// reused are joins with parameters, and what to run each with, one after another.
var reused = []struct {
	text string
	args [][]any
}{
	{
		"SELECT p.Id, r.UserName FROM PullRequests p LEFT JOIN PullRequestReviewers r ON r.PullRequestId = p.Id AND r.UserUUID <> ? WHERE p.State = ? LIMIT ? OFFSET ?",
		[][]any{{"x", "OPEN", 5000, 0}, {nil, "MERGED", 5000, 0}, {"", "MERGED", -1, 0}, {1, nil, 3, 0}, {"{}", "OPEN", 0, 2}},
	},
	{
		"SELECT a.Id, b.Id FROM PullRequests a LEFT JOIN PullRequests b ON b.CommentCount = a.Id + ? WHERE a.Id < ?",
		[][]any{{0, 20}, {1, 20}, {0.5, 20}, {"1", "20"}, {nil, 20}, {1, nil}},
	},
	{
		"SELECT a.Id FROM PullRequests a WHERE a.Title = ? OR a.Id IN (?, ?) AND EXISTS (SELECT 1 FROM PullRequestTasks k WHERE k.PullRequestId = a.Id AND k.State <> ?)",
		[][]any{{"x", 1, 2, "RESOLVED"}, {1, "3", 4.0, nil}, {nil, 5, nil, "x"}},
	},
	{
		"SELECT b.Name, (SELECT COUNT(*) FROM PullRequests p WHERE p.SourceBranchName = b.Name AND p.State IN (?, ?)) FROM Branches b WHERE b.Name LIKE ?",
		[][]any{{"OPEN", "MERGED", "%"}, {nil, "OPEN", "%feature%"}, {"OPEN", "OPEN", "FEATURE%"}, {"OPEN", 1, nil}},
	},
	{
		"SELECT State, COUNT(*) FROM PullRequests WHERE State <> ? GROUP BY State",
		[][]any{{"OPEN"}, {"open"}, {nil}, {1}, {"SUPERSEDED"}},
	},
}

// TestStatementsAgain runs prepared joins again with other parameters, one request at a time and many, and reads two results in
// turn, one of which is left in its midst.
func TestStatementsAgain(t *testing.T) {
	h := newHarness(t, "web-app")
	for _, properties := range []string{"MaxInFlight=1", "MaxInFlight=2;Pagesize=10", "MaxInFlight=20;Pagesize=7"} {
		db := openAt(t, h.server, properties)
		for _, s := range reused {
			stmt, err := db.Prepare(s.text)
			if err != nil {
				t.Fatal(err)
			}
			other, err := stmt.Query(s.args[0]...)
			if err != nil {
				t.Fatal(err)
			}
			for _, args := range append(slices.Clone(s.args), s.args...) {
				other.Next()
				want := h.oracle.run(t.Context(), s.text, args)
				rows, err := stmt.Query(args...)
				if err != nil {
					t.Errorf("%s: %v\n%s\n%v", properties, err, s.text, args)
					continue
				}
				got, err := read(rows, func() { other.Next() })
				slices.Sort(got)
				slices.Sort(want.rows)
				if err != nil || want.err != nil || strings.Contains(s.text, "LIMIT") && len(got) != len(want.rows) || !strings.Contains(s.text, "LIMIT") && !slices.Equal(got, want.rows) {
					t.Errorf("%s: %v, %v: %d rows, want %d; %s\n%s\n%v", properties, err, want.err, len(got), len(want.rows), difference(got, want.rows), s.text, args)
				}
			}
			if err := other.Err(); err != nil {
				t.Error(err)
			}
			other.Close()
			stmt.Close()
		}
	}
}

// TestJoinsAmongFaults runs joins side by side while answers fail and break off, which retries make good: every statement gives
// all rows or an error.
func TestJoinsAmongFaults(t *testing.T) {
	h := newHarness(t, "web-app")
	texts := []string{
		"SELECT p.Id, r.UserName FROM PullRequests p LEFT JOIN PullRequestReviewers r ON r.PullRequestId = p.Id",
		"SELECT p.Id, k.Id, c.Id FROM PullRequests p JOIN PullRequestTasks k ON k.PullRequestId = p.Id JOIN PullRequestComments c ON c.PullRequestId = k.PullRequestId",
		"SELECT p.Id, (SELECT COUNT(*) FROM PullRequestComments c WHERE c.PullRequestId = p.Id) FROM PullRequests p WHERE length(p.Title) % 3 = 0",
		"WITH m AS MATERIALIZED (SELECT * FROM PullRequests) SELECT m.Id, r.UserName FROM m JOIN PullRequestReviewers r ON r.PullRequestId = m.Id",
		"SELECT a.Id, b.Name FROM PullRequests a FULL JOIN Branches b ON b.Name = a.SourceBranchName",
	}
	want := make([][]string, len(texts))
	for i, text := range texts {
		a := h.oracle.run(t.Context(), text, nil)
		if a.err != nil {
			t.Fatal(a.err)
		}
		slices.Sort(a.rows)
		want[i] = a.rows
	}
	db := openAt(t, h.server, "Pagesize=10")
	var whole, failed atomic.Int32
	for after := range 3 {
		h.server.SetFaults(bitbucketfake.Faults{
			{Path: "/comments", After: 3 + after, Times: 1, Kind: bitbucketfake.FaultRateLimit, RetryAfter: "0"},
			{Path: "/tasks", After: 2 + after, Times: 2, Kind: bitbucketfake.FaultStatus, Status: 503},
			{Path: "/pullrequests", After: 20 + 5*after, Times: 2, Kind: bitbucketfake.FaultCut},
			{Path: "OR+id", After: 1 + after, Times: 1, Kind: bitbucketfake.FaultStatus, Status: 400}, // each by itself then
			{Path: "/pullrequests/7/", Times: 1, Kind: bitbucketfake.FaultScope, Body: "pullrequest"}, // for good
		})
		var wg sync.WaitGroup
		for i, text := range texts {
			wg.Go(func() {
				a := query(t.Context(), db, text, nil)
				if a.err != nil {
					failed.Add(1)
					return
				}
				whole.Add(1)
				slices.Sort(a.rows)
				if !slices.Equal(a.rows, want[i]) {
					t.Errorf("%d rows, want %d; %s\n%s", len(a.rows), len(want[i]), difference(a.rows, want[i]), text)
				}
			})
		}
		wg.Wait()
	}
	if whole.Load() == 0 || failed.Load() == 0 {
		t.Errorf("%d statements are whole and %d fail: want some of both", whole.Load(), failed.Load())
	}
	h.server.SetFaults(nil)
	for i, text := range texts {
		if a := query(t.Context(), db, text, nil); a.err != nil || len(a.rows) != len(want[i]) {
			t.Errorf("after the faults: %d rows, want %d: %v\n%s", len(a.rows), len(want[i]), a.err, text)
		}
	}
}

func openAt(t *testing.T, server *bitbucketfake.Server, properties string) *sql.DB {
	t.Helper()
	db, err := sql.Open("bitbucket", strings.Replace(server.DSN(), "Schema=Information", "Schema=web-app", 1)+
		";MaxRequests=0;IncludeDeleted=true;Verbosity=5;Logfile="+secretscan.LogPath()+";"+properties)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// read reads all rows; between is called after each.
func read(rows *sql.Rows, between func()) ([]string, error) {
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var out []string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("row %d: %w", len(out)+1, err)
		}
		out = append(out, spell(values))
		between()
	}
	return out, rows.Err()
}
