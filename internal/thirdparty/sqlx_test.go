package thirdparty

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	_ "github.com/seed281e34fa/bitbucketsql/driver"
)

// init tells sqlx that the driver's parameters are question marks, as a program that uses named parameters must.
func init() { sqlx.BindDriver("bitbucket", sqlx.QUESTION) }

// pullRequest is a row as programs write it.
type pullRequest struct {
	ID        int64          `db:"Id"`
	Title     string         `db:"Title"`
	State     string         `db:"State"`
	Draft     bool           `db:"Draft"`
	Author    *string        `db:"AuthorName"`
	Merge     sql.NullString `db:"MergeCommitHash"`
	CreatedOn time.Time      `db:"CreatedOn"`
	UpdatedOn sql.NullTime   `db:"UpdatedOn"`
	Comments  sql.NullInt64  `db:"CommentCount"`
}

const pullRequestColumns = "Id, Title, State, Draft, AuthorName, MergeCommitHash, CreatedOn, UpdatedOn, CommentCount"

func openSqlx(t *testing.T) *sqlx.DB {
	t.Helper()
	fake := startFake(t, small)
	db, err := sqlx.Open("bitbucket", strings.Replace(fake.DSN(), "Schema=Information", "Schema=platform", 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestSqlxSelectAndGet(t *testing.T) {
	db := openSqlx(t)
	if err := db.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all []pullRequest
	if err := db.SelectContext(t.Context(), &all, "SELECT "+pullRequestColumns+" FROM PullRequests ORDER BY Id"); err != nil {
		t.Fatal(err)
	}
	if len(all) != small.PullRequests {
		t.Fatalf("%d pull requests, want %d", len(all), small.PullRequests)
	}
	merged, unmerged := 0, 0
	for _, p := range all {
		if p.Merge.Valid != (p.State == "MERGED") {
			t.Errorf("%d is %s with merge commit %v", p.ID, p.State, p.Merge)
		}
		if p.Merge.Valid {
			merged++
		} else {
			unmerged++
		}
		if p.CreatedOn.IsZero() || !p.UpdatedOn.Valid || p.UpdatedOn.Time.Before(p.CreatedOn) {
			t.Errorf("%d: created %v, updated %v", p.ID, p.CreatedOn, p.UpdatedOn)
		}
	}
	if merged == 0 || unmerged == 0 {
		t.Errorf("%d merged, %d not: the data shows nothing about NULL", merged, unmerged)
	}
	var one pullRequest
	if err := db.GetContext(t.Context(), &one, "SELECT "+pullRequestColumns+" FROM PullRequests WHERE Id = ?", all[0].ID); err != nil {
		t.Fatal(err)
	}
	if one.Title != all[0].Title || !one.CreatedOn.Equal(all[0].CreatedOn) {
		t.Errorf("Get gives %+v, Select %+v", one, all[0])
	}
	if err := db.GetContext(t.Context(), &one, "SELECT "+pullRequestColumns+" FROM PullRequests WHERE Id = -1"); err != sql.ErrNoRows { //nolint:errorlint // as it is
		t.Errorf("no row: %v", err)
	}
}

func TestSqlxParameters(t *testing.T) {
	db := openSqlx(t)
	if got := db.Rebind("SELECT ?"); got != "SELECT ?" {
		t.Errorf("Rebind: %q", got)
	}
	var states []string
	if err := db.SelectContext(t.Context(), &states, "SELECT DISTINCT State FROM PullRequests ORDER BY 1"); err != nil {
		t.Fatal(err)
	}
	query, args, err := sqlx.In("SELECT Id FROM PullRequests WHERE State IN (?) AND Draft = ? ORDER BY Id", states, false)
	if err != nil {
		t.Fatal(err)
	}
	var in, plain []int64
	if err := db.SelectContext(t.Context(), &in, db.Rebind(query), args...); err != nil {
		t.Fatal(err)
	}
	if err := db.SelectContext(t.Context(), &plain, "SELECT Id FROM PullRequests WHERE NOT Draft ORDER BY Id"); err != nil {
		t.Fatal(err)
	}
	if len(in) == 0 || !slices.Equal(in, plain) {
		t.Errorf("In gives %v, want %v", in, plain)
	}

	rows, err := db.NamedQueryContext(t.Context(),
		"SELECT "+pullRequestColumns+" FROM PullRequests WHERE State = :state AND Id <= :last ORDER BY Id",
		map[string]any{"state": "MERGED", "last": 8})
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for rows.Next() {
		var p pullRequest
		if err := rows.StructScan(&p); err != nil {
			t.Fatal(err)
		}
		if p.State != "MERGED" || p.ID > 8 {
			t.Errorf("a row of another condition: %+v", p)
		}
		named++
	}
	if err := rows.Err(); err != nil || named == 0 {
		t.Errorf("%d rows, %v", named, err)
	}

	byStruct, err := db.PrepareNamedContext(t.Context(), "SELECT count(*) FROM PullRequests WHERE State = :State")
	if err != nil {
		t.Fatal(err)
	}
	var count int
	if err := byStruct.GetContext(t.Context(), &count, pullRequest{State: "MERGED"}); err != nil || count < named {
		t.Errorf("%d merged, %v", count, err)
	}
	if err := byStruct.Close(); err != nil {
		t.Error(err)
	}
}

func TestSqlxPrepared(t *testing.T) {
	db := openSqlx(t)
	statement, err := db.PreparexContext(t.Context(), "SELECT "+pullRequestColumns+" FROM PullRequests WHERE Id = ?")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = statement.Close() }()
	for id := range int64(3) {
		var p pullRequest
		if err := statement.GetContext(t.Context(), &p, id+1); err != nil || p.ID != id+1 {
			t.Errorf("Id %d, %v; want %d", p.ID, err, id+1)
		}
	}
	rows, err := db.QueryxContext(t.Context(), "SELECT Id, Title, CreatedOn FROM PullRequests ORDER BY Id LIMIT 1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	values := make(map[string]any)
	for rows.Next() {
		if err := rows.MapScan(values); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := values["CreatedOn"].(time.Time); !ok || values["Id"] != int64(1) {
		t.Errorf("MapScan gives %#v", values)
	}
}
