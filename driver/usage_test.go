package driver_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// usage is what sys_information tells of requests.
type usage struct {
	used, hour, waited int
	limit, left        sql.NullInt64
	reset              sql.NullTime
}

func usageOf(t *testing.T, db *sql.DB) (u usage) {
	t.Helper()
	if err := db.QueryRow(`SELECT RequestsUsed, RequestsThisHour, RequestLimit, RequestsLeft, RequestsReset, WaitedMilliseconds
		FROM sys_information`).Scan(&u.used, &u.hour, &u.limit, &u.left, &u.reset, &u.waited); err != nil {
		t.Fatal(err)
	}
	return u
}

// openAs opens a database on the fake with another credential than its token.
func openAs(t *testing.T, server *bitbucketfake.Server, properties string) *sql.DB {
	t.Helper()
	db, err := sql.Open("bitbucket", "Workspace=acme;BaseURL="+server.URL()+"/2.0;"+properties)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TestTheHourIsThatOfTheCredential has two databases with one credential and one with another.
func TestTheHourIsThatOfTheCredential(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	one, two := openFake(t, server, ""), openFake(t, server, "MaxInFlight=3")
	other := openAs(t, server, "AuthScheme=APIToken;User=me@example.com;APIToken=demo")
	countRows(t, one, "SELECT Slug FROM Repositories")
	countRows(t, two, "SELECT COUNT(*) FROM platform.Branches")
	countRows(t, two, "SELECT COUNT(*) FROM platform.Commits LIMIT 0")
	for _, test := range []struct {
		db         *sql.DB
		used, hour int
	}{{one, 1, 2}, {two, 1, 2}, {other, 0, 0}} {
		u := usageOf(t, test.db)
		if u.used != test.used || u.hour != test.hour || u.limit.Valid || u.left.Valid || u.reset.Valid {
			t.Errorf("%+v, want %d used and %d in this hour", u, test.used, test.hour)
		}
	}
}

func TestWhatBitbucketTellsOfTheHour(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{ScaledLimit: 5000})
	db := openFake(t, server, "")
	countRows(t, db, "SELECT Slug FROM Repositories")
	if u := usageOf(t, db); u.limit.Int64 != 5000 || u.left.Int64 != 4999 || u.hour != 1 {
		t.Errorf("%+v", u)
	}
	server = startFake(t, bitbucketfake.Config{Public: true})
	db = openAs(t, server, "AuthScheme=None")
	countRows(t, db, "SELECT Slug FROM Repositories")
	u := usageOf(t, db)
	if in := time.Until(u.reset.Time); u.limit.Int64 != 60 || u.left.Int64 != 59 || in < 50*time.Minute || in > time.Hour {
		t.Errorf("%+v", u)
	}
}

// TestAnEmptyHour has a statement that needs more requests than there are. With time it would wait; without it fails at once. So
// do those that come after it, and they send nothing.
func TestAnEmptyHour(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{Public: true, AnonymousLimit: 3})
	db := openAs(t, server, "AuthScheme=None;Pagesize=1;MaxInFlight=1")
	_, err := runAll(context.Background(), db, "SELECT Slug FROM Repositories")
	var limit *driver.LimitError
	if !errors.As(err, &limit) || !errors.Is(err, driver.ErrRateLimited) || limit.RetryAfter < 50*time.Minute {
		t.Fatal(err)
	}
	if _, err := runAll(context.Background(), db, "SELECT Slug FROM Repositories"); !errors.As(err, &limit) {
		t.Error(err)
	}
	if n := server.Stats().Requests; n != 3 {
		t.Errorf("%d requests, 3 are allowed", n)
	}
	if u := usageOf(t, db); u.left.Int64 != 0 || u.hour != 3 || !u.reset.Valid {
		t.Errorf("%+v", u)
	}
}

// TestALimitInTheMiddleOfAStatement has one request refused: the rows are all there, and no other request is made twice.
func TestALimitInTheMiddleOfAStatement(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 1000})
	server.SetFaults(bitbucketfake.Faults{{Path: "/pullrequests", After: 3, Times: 1, Kind: bitbucketfake.FaultRateLimit, RetryAfter: "1"}})
	db := openFake(t, server, "MaxInFlight=1")
	ctx, stats := driver.CollectStats(context.Background())
	n, err := runAll(ctx, db, "SELECT Id FROM platform.PullRequests")
	if err != nil || n != 1000 {
		t.Fatalf("%d rows, %v", n, err)
	}
	if stats.Requests != 21 || server.Stats().Requests != 21 || stats.Waited < time.Second {
		t.Errorf("%+v, want 21 requests", *stats)
	}
	if u := usageOf(t, db); u.waited < 1000 {
		t.Errorf("%+v", u)
	}
}

// TestAnUnchangedAnswerIsNotSentAgain reads a table until its pages are kept.
func TestAnUnchangedAnswerIsNotSentAgain(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, "")
	for i, empty := range []bool{false, false, true, true} {
		ctx, stats := driver.CollectStats(context.Background())
		n, err := runAll(ctx, db, "SELECT * FROM platform.PullRequests")
		if err != nil || n != 120 || stats.Requests != 3 || (stats.Bytes == 0) != empty {
			t.Errorf("time %d: %d rows, %+v, %v", i+1, n, *stats, err)
		}
	}
}
