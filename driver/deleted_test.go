package driver

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// Deleted rows are there if and only if a condition of the statement names their column, with push-down and without.
func TestIncludeDeleted(t *testing.T) {
	const comments = "platform.PullRequestComments"
	for _, mode := range []string{"", ";PushDown=false"} {
		t.Run(mode, func(t *testing.T) {
			fake := startFake(t, bitbucketfake.Config{})
			plain, all := openDSN(t, fake.DSN()+mode), openDSN(t, fake.DSN()+";IncludeDeleted=true"+mode)
			number := func(text string) int64 {
				t.Helper()
				rows, err := plain.Query(text)
				got := collect(t, rows, err)
				if len(got) != 1 {
					t.Fatalf("%s: %v", text, got)
				}
				return got[0][0].(int64)
			}
			rows, err := all.Query("SELECT COUNT(*), SUM(Deleted) FROM " + comments)
			counts := collect(t, rows, err)[0]
			every, deleted := counts[0].(int64), counts[1].(int64)
			if deleted == 0 || deleted == every {
				t.Fatalf("%d of %d comments are deleted: nothing to test", deleted, every)
			}
			rows, err = all.Query("SELECT PullRequestId, Id FROM " + comments + " WHERE Deleted = 1 ORDER BY 1, 2")
			keys := collect(t, rows, err)
			pull, id := keys[0][0], keys[0][1]
			for text, want := range map[string]int64{
				// No condition on the column.
				"SELECT COUNT(*) FROM " + comments:                                                              every - deleted,
				"SELECT COUNT(Id) FROM " + comments:                                                             every - deleted,
				"SELECT COUNT(*) FROM (SELECT Deleted FROM " + comments + " ORDER BY Deleted)":                  every - deleted,
				"SELECT COUNT(*) FROM (SELECT * FROM " + comments + " LIMIT 100000)":                            every - deleted,
				"SELECT COUNT(*) FROM " + comments + " WHERE ContentRaw <> 'Deleted' OR Id > 0":                 every - deleted,
				"SELECT COUNT(*) FROM Workspace.PullRequestComments WHERE RepositorySlug='platform'":            every - deleted,
				fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE PullRequestId = %d AND Id = %d", comments, pull, id): 0,
				// A condition on it, whatever it says and however it is written.
				"SELECT COUNT(*) FROM " + comments + " WHERE Deleted = 1":                                                             deleted,
				"SELECT COUNT(*) FROM " + comments + " WHERE Deleted":                                                                 deleted,
				"SELECT COUNT(*) FROM " + comments + " WHERE NOT Deleted":                                                             every - deleted,
				"SELECT COUNT(*) FROM " + comments + " c WHERE c.[Deleted] IS NOT NULL":                                               every,
				"SELECT COUNT(*) FROM " + comments + " WHERE Deleted IN (0, 1)":                                                       every,
				"SELECT COUNT(*) FROM " + comments + " WHERE deleted = 1 OR Id >= 0":                                                  every,
				"SELECT COUNT(*) FROM " + comments + " WHERE coalesce(\"Deleted\", 0) = 1":                                            deleted,
				"SELECT COUNT(*) FILTER (WHERE Deleted) FROM " + comments:                                                             deleted,
				"SELECT COUNT(*) FROM " + comments + " a JOIN (SELECT 1 AS one) ON a.Deleted = one":                                   deleted,
				"SELECT COUNT(*) FROM (SELECT * FROM " + comments + ") WHERE Deleted = 1":                                             deleted,
				"WITH c AS (SELECT * FROM " + comments + ") SELECT COUNT(*) FROM c WHERE (Id > 0 AND (Deleted))":                      deleted,
				fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE PullRequestId = %d AND Id = %d AND Deleted = 1", comments, pull, id):       1,
				fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE (PullRequestId = %d AND Id = %d) OR Deleted = 2", comments, pull, id):      1,
				fmt.Sprintf("SELECT COUNT(*) FROM (SELECT Deleted, COUNT(*) AS n FROM %s GROUP BY Deleted HAVING Deleted)", comments): 1,
			} {
				if got := number(text); got != want {
					t.Errorf("%d, want %d: %s", got, want, text)
				}
			}
			// A limit is a limit of rows that are shown.
			shown := number("SELECT COUNT(*) FROM (SELECT 1 FROM " + comments + " LIMIT 7 OFFSET 3)")
			if shown != 7 {
				t.Errorf("LIMIT 7: %d rows", shown)
			}
			rows, err = plain.Query("SELECT DISTINCT Deleted FROM " + comments)
			if got := collect(t, rows, err); !reflect.DeepEqual(got, [][]any{{false}}) {
				t.Errorf("Deleted is %v", got)
			}
		})
	}
}

// The rule goes by the views that a statement uses, too.
func TestIncludeDeletedThroughViews(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	db.SetMaxOpenConns(1)
	for _, text := range []string{
		"CREATE TEMP VIEW erased AS SELECT * FROM platform.PullRequestComments WHERE Deleted OR Id < 0",
		"CREATE TEMP VIEW outer_erased AS SELECT Id FROM erased",
		"CREATE TEMP VIEW kept AS SELECT Id, Deleted FROM platform.PullRequestComments",
	} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]bool{
		"SELECT COUNT(*) FROM erased": true, "SELECT COUNT(*) FROM outer_erased": true,
		"SELECT SUM(Deleted) FROM kept": false, "SELECT COUNT(*) FROM kept WHERE Deleted": true,
	} {
		var n int
		if err := db.QueryRow(text).Scan(&n); err != nil || (n > 0) != want {
			t.Errorf("%s: %d, %v", text, n, err)
		}
	}
}

func TestGetDeleted(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	all := func(text string, args ...any) [][]any {
		t.Helper()
		rows, err := db.Query(text, args...)
		return collect(t, rows, err)
	}
	want := all("SELECT PullRequestId, Id FROM platform.PullRequestComments WHERE Deleted = 1 ORDER BY 1, 2")
	if len(want) < 2 {
		t.Fatalf("%d deleted comments are too few", len(want))
	}
	for _, text := range []string{
		"GETDELETED FROM platform.PullRequestComments ORDER BY PullRequestId, Id",
		"getdeleted from [platform].[PullRequestComments] c where c.Id < 0 OR c.Id >= 0 -- all\nORDER BY 1, 2;",
		"GETDELETED FROM Bitbucket.platform.PullRequestComments AS c WHERE (Id IN (SELECT Id FROM platform.PullRequestComments WHERE Deleted)) ORDER BY 1, 2",
		"GETDELETED platform.PullRequestComments WHERE NOT Pending OR Pending ORDER BY 1, 2",
	} {
		if got := all(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%v, want\n%v", text, got, want)
		}
	}
	if got := all("GETDELETED FROM platform.PullRequestComments WHERE PullRequestId = ? AND Id = ?", want[0][0], want[0][1]); !reflect.DeepEqual(got, want[:1]) {
		t.Errorf("one: %v, want %v", got, want[:1])
	}
	if got := all("GETDELETED FROM platform.PullRequestComments WHERE PullRequestId = ? OR Id = ? LIMIT 1", want[0][0], want[0][1]); len(got) != 1 {
		t.Errorf("LIMIT 1: %v", got)
	}
	rows, err := db.Query("GETDELETED FROM Workspace.PullRequestComments WHERE RepositorySlug = 'platform'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if names, _ := rows.Columns(); !reflect.DeepEqual(names, []string{"RepositorySlug", "PullRequestId", "Id"}) {
		t.Errorf("columns %v", names)
	}
	if plan := all("EXPLAIN GETDELETED FROM platform.PullRequestComments WHERE PullRequestId = 3"); len(plan) != 1 ||
		!strings.Contains(fmt.Sprint(plan), "/pullrequests/3/comments") {
		t.Errorf("EXPLAIN: %v", plan)
	}
}

func TestGetDeletedErrors(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	var unknown *UnknownTableError
	if err := queryAll(t, db, "GETDELETED FROM PullRequestComments"); !errors.As(err, &unknown) || !strings.Contains(err.Error(), "Workspace.PullRequestComments") {
		t.Errorf("unqualified: %v", err)
	}
	for text, want := range map[string]string{
		"GETDELETED FROM platform.PullRequests":                                                "PullRequestComments",
		"GETDELETED FROM platform.PullRequestComments a JOIN platform.PullRequests b ON 1 = 1": "one table",
		"GETDELETED FROM platform.PullRequestComments WHERE":                                   "incomplete",
		"GETDELETED": "incomplete",
		"GETDELETED FROM platform.PullRequestComments WHERE Idd = 1": "line 1, column 52: no such column: Idd",
	} {
		if err := queryAll(t, db, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
