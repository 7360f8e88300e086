package driver

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// modes are settings that must not change what a statement returns.
var modes = map[string]string{
	"default":        "",
	"no push-down":   ";PushDown=false",
	"small pages":    ";Pagesize=3",
	"one in flight":  ";MaxInFlight=1",
	"from workspace": ";Schema=Workspace",
}

// forEachMode runs a test in every mode, on one Bitbucket.
func forEachMode(t *testing.T, test func(t *testing.T, db *sql.DB, fake *bitbucketfake.Server)) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 60, Commits: 60})
	for name, properties := range modes {
		t.Run(name, func(t *testing.T) { test(t, openDSN(t, dsn(fake)+properties), fake) })
	}
}

func TestConformTypes(t *testing.T) {
	forEachMode(t, func(t *testing.T, db *sql.DB, _ *bitbucketfake.Server) {
		rows, err := db.QueryContext(t.Context(),
			"SELECT Slug, Size, IsPrivate, CreatedOn, Links, max(UpdatedOn) OVER (), count(*) OVER () FROM Information.Repositories ORDER BY Slug LIMIT 3")
		if err != nil {
			t.Fatal(err)
		}
		types, err := rows.ColumnTypes()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range types {
			names = append(names, c.DatabaseTypeName())
		}
		if want := []string{"TEXT", "INTEGER", "BOOLEAN", "TIMESTAMP", "JSON", "TIMESTAMP", "INTEGER"}; !slices.Equal(names, want) {
			t.Errorf("types %v, want %v", names, want)
		}
		for _, row := range collect(t, rows, err) {
			for i, v := range row {
				if v != nil && reflect.TypeOf(v) != types[i].ScanType() {
					t.Errorf("%s is a %T", types[i].Name(), v)
				}
			}
			if created, ok := row[3].(time.Time); !ok || created.Location() != time.UTC || created.Year() < 2008 {
				t.Errorf("CreatedOn is %v", row[3])
			}
		}
	})
}

func TestConformRowsAreTheSame(t *testing.T) {
	statements := []string{
		"SELECT * FROM Information.Repositories ORDER BY Slug",
		"SELECT Id, Title, State, AuthorName, CreatedOn FROM platform.PullRequests WHERE State = 'OPEN' ORDER BY Id",
		"SELECT State, count(*), max(UpdatedOn) FROM platform.PullRequests GROUP BY State ORDER BY State",
		"SELECT r.Slug, count(p.Id) FROM Information.Repositories r LEFT JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug GROUP BY r.Slug ORDER BY 1",
		"WITH late AS (SELECT AuthorName, CreatedOn FROM platform.PullRequests WHERE CreatedOn > '2024-01-01') SELECT AuthorName, min(CreatedOn) FROM late GROUP BY 1 ORDER BY 1",
		"SELECT Name, TargetCommitHash FROM platform.Branches ORDER BY Name",
	}
	var mutex sync.Mutex
	want := make(map[string][][]any)
	forEachMode(t, func(t *testing.T, db *sql.DB, _ *bitbucketfake.Server) {
		for _, text := range statements {
			rows, err := db.QueryContext(t.Context(), text)
			got := collect(t, rows, err)
			mutex.Lock()
			if want[text] == nil {
				want[text] = got
			}
			if len(got) == 0 || !reflect.DeepEqual(got, want[text]) {
				t.Errorf("%s: %d rows, which differ from the %d of another mode", text, len(got), len(want[text]))
			}
			mutex.Unlock()
		}
	})
}

func TestConformParameters(t *testing.T) {
	forEachMode(t, func(t *testing.T, db *sql.DB, _ *bitbucketfake.Server) {
		for text, args := range map[string][]any{
			"SELECT Slug FROM Information.Repositories WHERE Slug = ?":                   {"platform"},
			"SELECT Slug FROM Information.Repositories WHERE Slug = $1":                  {"platform"},
			"SELECT Slug FROM Information.Repositories WHERE Slug = :slug":               {sql.Named("slug", "platform")},
			"SELECT Slug FROM Information.Repositories WHERE Slug = @slug":               {sql.Named("slug", "platform")},
			"SELECT Slug FROM Information.Repositories WHERE Slug IN (?, ?)":             {"platform", "no-such"},
			"SELECT Slug FROM Information.Repositories WHERE Slug = ? AND CreatedOn < ?": {"platform", time.Now()},
		} {
			for _, prepare := range []bool{false, true} {
				rows, err := query(t, db, prepare, text, args)
				if got := collect(t, rows, err); !reflect.DeepEqual(got, [][]any{{"platform"}}) {
					t.Errorf("%s: %v", text, got)
				}
			}
		}
	})
}

func TestConformCloseEarly(t *testing.T) {
	forEachMode(t, func(t *testing.T, db *sql.DB, fake *bitbucketfake.Server) {
		db.SetMaxOpenConns(1)
		for range 5 {
			rows, err := db.QueryContext(t.Context(), "SELECT Id FROM Workspace.PullRequests")
			if err != nil {
				t.Fatal(err)
			}
			if !rows.Next() {
				t.Fatal(rows.Err())
			}
			if err := rows.Close(); err != nil {
				t.Fatal(err)
			}
		}
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM platform.PullRequests").Scan(&n); err != nil || n != 60 {
			t.Errorf("afterwards: %d, %v", n, err)
		}
	})
}

func TestConformConcurrency(t *testing.T) {
	forEachMode(t, func(t *testing.T, db *sql.DB, _ *bitbucketfake.Server) {
		db.SetMaxOpenConns(3)
		stmt, err := db.PrepareContext(t.Context(), "SELECT count(*) FROM platform.PullRequests WHERE Id <= ?")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = stmt.Close() }()
		var wait sync.WaitGroup
		failures := make(chan error, 20)
		for worker := range 4 {
			wait.Go(func() {
				for i := range 3 {
					want := 10*worker + i + 1
					var got int
					if err := stmt.QueryRowContext(t.Context(), want).Scan(&got); err != nil || got != want {
						failures <- fmt.Errorf("count %d, %w; want %d", got, err, want)
					}
				}
			})
		}
		wait.Wait()
		close(failures)
		for err := range failures {
			t.Error(err)
		}
	})
}

// A connection reaches more schemas than SQLite attaches at a time, also by statements that were prepared before.
func TestConformManySchemas(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	db.SetMaxOpenConns(1)
	rows, err := db.QueryContext(t.Context(), "SELECT Slug FROM Repositories ORDER BY Slug")
	slugs := collect(t, rows, err)
	if len(slugs) < 12 {
		t.Fatalf("%d repositories are too few", len(slugs))
	}
	counts := make(map[any]int)
	var prepared []*sql.Stmt
	for _, slug := range slugs {
		stmt, err := db.PrepareContext(t.Context(), fmt.Sprintf("SELECT count(*) FROM [%s].Branches", slug[0]))
		if err != nil {
			t.Fatalf("%v: %v", slug[0], err)
		}
		prepared = append(prepared, stmt)
	}
	for range 2 {
		for i, stmt := range prepared {
			var n int
			if err := stmt.QueryRowContext(t.Context()).Scan(&n); err != nil {
				t.Fatalf("%v: %v", slugs[i][0], err)
			}
			if was, ok := counts[slugs[i][0]]; ok && was != n {
				t.Errorf("%v: %d branches, and %d before", slugs[i][0], n, was)
			}
			counts[slugs[i][0]] = n
		}
	}
	for _, stmt := range prepared {
		if err := stmt.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What is not there is an error, never an empty table.
func TestConformMissing(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	for _, text := range []string{
		"SELECT * FROM [no-such-repository].Branches", "SELECT count(*) FROM [no-such-repository].PullRequests",
		"SELECT * FROM [no-such-repository].PullRequests WHERE Id = 1",
	} {
		if err := queryAll(t, db, text); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", text, err)
		}
	}
	for kind, want := range map[bitbucketfake.FaultKind]error{
		bitbucketfake.FaultUnauthorized: ErrUnauthorized, bitbucketfake.FaultScope: ErrMissingScope, bitbucketfake.FaultGone: ErrGone,
	} {
		fake.SetFaults(bitbucketfake.Faults{{Kind: kind}})
		if err := queryAll(t, db, "SELECT * FROM Repositories"); !errors.Is(err, want) {
			t.Errorf("fault %d: %v, want %v", kind, err, want)
		}
	}
}

// dsn is the server's connection string without a schema, so that a mode can set one.
func dsn(fake *bitbucketfake.Server) string {
	return strings.Replace(fake.DSN(), "Schema=Information;", "", 1)
}
