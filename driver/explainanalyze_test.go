package driver

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// analyzed is a row of EXPLAIN ANALYZE.
type analyzed struct {
	operation, request, notPushed string
	requests, rows, bytes         int64
	starts, replays               int64
	waited, firstRow, elapsed     float64
	left                          any
	isScan, hasFirstRow           bool
}

// analyze runs an EXPLAIN ANALYZE and reads its rows by the names of their columns.
func analyze(t *testing.T, db *sql.DB, prepare bool, text string, args ...any) []analyzed {
	t.Helper()
	rows, err := query(t, db, prepare, text, args)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var list []analyzed
	for rows.Next() {
		values, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			t.Fatal(err)
		}
		of := func(name string) any { return values[slices.Index(columns, name)] }
		var a analyzed
		a.operation, _ = of("Operation").(string)
		a.request, _ = of("Request").(string)
		a.notPushed, _ = of("NotPushed").(string)
		a.requests, _ = of("ActualRequests").(int64)
		a.rows, _ = of("ActualRows").(int64)
		a.bytes, _ = of("Bytes").(int64)
		a.starts, a.isScan = of("Starts").(int64)
		a.replays, _ = of("Replays").(int64)
		a.waited, _ = of("WaitedMs").(float64)
		a.firstRow, a.hasFirstRow = of("FirstRowMs").(float64)
		a.elapsed, _ = of("ElapsedMs").(float64)
		a.left = of("RequestsLeft")
		list = append(list, a)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return list
}

// The figures of a join's scans are those that the server counts, and add up to the total.
func TestExplainAnalyze(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 300})
	db := openDSN(t, fake.DSN())
	const text = `SELECT r.Name, p.Id FROM Repositories r JOIN Workspace.PullRequests p ON p.RepositorySlug = r.Slug
		WHERE p.State = ? AND r.Language = :language`
	args := []any{"OPEN", sql.Named("language", "go")}
	plain := startFake(t, bitbucketfake.Config{PullRequests: 300})
	want, first := len(collectQuery(t, openDSN(t, plain.DSN()), text, args...)), true
	for _, spelling := range []string{"EXPLAIN ANALYZE ", "explain analyze verbose ", "Explain (Analyze, Costs off) "} {
		for _, prepare := range []bool{false, true} {
			fake.Reset()
			list := analyze(t, db, prepare, spelling+text, args...)
			log := fake.Stats().Log
			if len(list) != 3 || !strings.HasSuffix(list[0].operation, " Information.Repositories") ||
				!strings.HasSuffix(list[1].operation, " Workspace.PullRequests") || list[2].operation != "TOTAL" {
				t.Fatalf("%s: %+v", spelling, list)
			}
			outer, inner, total := list[0], list[1], list[2]
			pulls := int64(len(log)) - 1
			if outer.requests != 1 || inner.requests != pulls || pulls < 2 || total.requests != pulls+1 {
				t.Errorf("%s: %d and %d requests, %d in all; the server saw %d", spelling, outer.requests, inner.requests, total.requests, len(log))
			}
			if inner.starts != outer.rows || inner.rows != int64(want) || total.rows != int64(want) {
				t.Errorf("%s: %d rows start the other scan %d times, which gives %d of %d rows", spelling, outer.rows, inner.starts, inner.rows, want)
			}
			// What has not changed since need not be sent again.
			if first && (outer.bytes == 0 || inner.bytes == 0) || outer.bytes+inner.bytes != total.bytes {
				t.Errorf("%s: %d and %d bytes, %d in all", spelling, outer.bytes, inner.bytes, total.bytes)
			}
			first = false
			if !outer.hasFirstRow || !total.hasFirstRow || total.elapsed <= 0 || total.firstRow > total.elapsed || inner.elapsed > total.elapsed {
				t.Errorf("%s: times are %+v", spelling, list)
			}
			if !strings.Contains(inner.request, `q=state = "OPEN"`) || strings.Contains(inner.request, "{RepositorySlug}") {
				t.Errorf("%s: the first request is %q, want the one sent", spelling, inner.request)
			}
		}
	}
}

func collectQuery(t *testing.T, db *sql.DB, text string, args ...any) [][]any {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text, args...)
	return collect(t, rows, err)
}

// Two uses of a table with the same plan have figures of their own, and those that repeat a scan say so.
func TestExplainAnalyzeTellsEqualPlansApart(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 30})
	db := openDSN(t, fake.DSN())
	list := analyze(t, db, false, `EXPLAIN ANALYZE SELECT (SELECT COUNT(Title) FROM platform.PullRequests WHERE Id < ?1),
		CASE WHEN ?1 > 100 THEN (SELECT COUNT(Title) FROM platform.PullRequests WHERE Id < ?1) END,
		(SELECT COUNT(Title) FROM platform.PullRequests WHERE Id < ?1)`, 10)
	var scans []analyzed
	for _, a := range list {
		if a.isScan {
			scans = append(scans, a)
		}
	}
	if len(scans) != 3 {
		t.Fatalf("%+v", list)
	}
	first, never, again := scans[0], scans[1], scans[2]
	if first.requests != 1 || first.rows != 9 || first.starts != 1 || first.replays != 0 {
		t.Errorf("the first scan: %+v", first)
	}
	if never.starts != 0 || never.requests != 0 || never.hasFirstRow {
		t.Errorf("the scan that is not needed: %+v", never)
	}
	if again.requests != 0 || again.rows != 9 || again.starts != 1 || again.replays != 1 {
		t.Errorf("the scan that was run before: %+v", again)
	}
	if n := fake.Stats().Requests; n != 1 {
		t.Errorf("%d requests", n)
	}
}

// What runs is bounded as a query is.
func TestExplainAnalyzeIsBounded(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 500})
	var budget *BudgetError
	limited := openDSN(t, fake.DSN()+";MaxRequests=3")
	if _, err := limited.QueryContext(t.Context(), "EXPLAIN ANALYZE SELECT Title FROM platform.PullRequests"); !errors.As(err, &budget) {
		t.Errorf("MaxRequests: %v", err)
	}
	if n := fake.Stats().Requests; n > 3 {
		t.Errorf("MaxRequests=3: %d requests", n)
	}
	short := openDSN(t, fake.DSN()+";MaxRows=2")
	list := analyze(t, short, false, "EXPLAIN ANALYZE SELECT Hash FROM platform.Commits")
	if total := list[len(list)-1]; len(list) != 2 || total.rows != 2 {
		t.Errorf("MaxRows=2: %+v", list)
	}
	if list := collectQuery(t, short, "EXPLAIN SELECT 1 UNION SELECT 2 UNION SELECT 3"); len(list) < 4 {
		t.Errorf("MaxRows cuts a plan to %d steps", len(list))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := short.QueryContext(ctx, "EXPLAIN ANALYZE SELECT Hash FROM platform.Commits"); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
	if _, err := short.QueryContext(t.Context(), "EXPLAIN ANALYZE SELECT Title FROM platform.PullRequests WHERE Id = ?"); err == nil {
		t.Error("a parameter without a value runs")
	}
}

// What is left of the hour is told where Bitbucket tells its limit.
func TestExplainAnalyzeTellsTheRest(t *testing.T) {
	for limit, want := range map[int]any{0: nil, 50: int64(48)} {
		fake := startFake(t, bitbucketfake.Config{PullRequests: 60, ScaledLimit: limit})
		list := analyze(t, openDSN(t, fake.DSN()), false, "EXPLAIN ANALYZE SELECT Title FROM platform.PullRequests WHERE Id < 61")
		if total := list[len(list)-1]; total.left != want || total.requests != 2 || list[0].left != nil {
			t.Errorf("a limit of %d: %v left after %d requests, want %v", limit, total.left, total.requests, want)
		}
	}
}

// What changes something is not run.
func TestExplainAnalyzeIsForQueries(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "CREATE TEMP TABLE Scratch (Id)"); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"EXPLAIN ANALYZE INSERT INTO Scratch VALUES (1)":                           "INSERT",
		"EXPLAIN ANALYZE WITH n AS (SELECT 1) INSERT INTO Scratch SELECT * FROM n": "INSERT",
		"EXPLAIN (ANALYZE) DELETE FROM Scratch":                                    "DELETE",
		"EXPLAIN ANALYZE CREATE TEMP TABLE Other AS SELECT 1":                      "queries only",
		"EXPLAIN ANALYZE DROP TABLE Scratch":                                       "queries only",
		"EXPLAIN ANALYZE EXEC RefreshOAuthAccessToken @OAuthRefreshToken = 'hush'": "stored procedure",
		"EXPLAIN ANALYZE":                                           "needs a statement",
		"EXPLAIN ANALYZE EXPLAIN SELECT 1":                          "queries only",
		"EXPLAIN (ANALYZE) SELECT Titel FROM platform.PullRequests": "Titel",
	} {
		for _, prepare := range []bool{false, true} {
			var prepared *sql.Stmt
			var rows *sql.Rows
			var err error
			if prepare {
				if prepared, err = db.PrepareContext(t.Context(), text); err == nil {
					rows, err = prepared.QueryContext(t.Context())
					prepared.Close()
				}
			} else {
				rows, err = db.QueryContext(t.Context(), text)
			}
			if err == nil {
				rows.Close()
				t.Errorf("%s runs", text)
			} else if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
	if n := collectQuery(t, db, "SELECT COUNT(*) FROM Scratch"); n[0][0] != int64(0) {
		t.Errorf("%v rows were written", n[0][0])
	}
	if n := fake.Stats().Requests; n != 0 {
		t.Errorf("%d requests: %v", n, fake.Stats().Log)
	}
}

// Requests that no step makes are shown, too: those that look schemas and tables of metadata up.
func TestExplainAnalyzeOfMetadata(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{})
	db := openDSN(t, fake.DSN())
	list := analyze(t, db, false, "EXPLAIN ANALYZE SELECT TableName FROM sys_tables WHERE SchemaName = 'platform' LIMIT 3")
	var sum int64
	for _, a := range list[:len(list)-1] {
		sum += a.requests
	}
	total := list[len(list)-1]
	if n := int64(fake.Stats().Requests); sum != n || total.requests != n || n == 0 || total.rows != 3 {
		t.Errorf("the steps have %d requests, the total %d, the server saw %d: %+v", sum, total.requests, n, list)
	}
}

// Whatever is a query can be analysed, and its totals are what the query itself gives and costs.
func TestExplainAnalyzeOfEveryQuery(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 60})
	for _, properties := range []string{"", ";PushDown=false", ";IncludeDeleted=true"} {
		db := openDSN(t, fake.DSN()+properties)
		for _, text := range []string{
			"GETDELETED FROM platform.PullRequestComments WHERE PullRequestId = 3",
			"VALUES (1), (2)",
			`SELECT p.Id FROM json_each('{"a": [1, 2, 3]}', '$.a') w JOIN platform.PullRequests p ON p.Id = w.value`,
			// So few rows that each asks for itself: of more, it is a matter of time how many have asked when the list is read whole.
			"WITH t AS (SELECT Id, Title FROM platform.PullRequests WHERE State = 'OPEN' AND Id < 31) SELECT COUNT(*) FROM t a, t b WHERE a.Id < b.Id",
			"SELECT Id FROM platform.PullRequests WHERE Id = 3 OR Id IN (5, 6) AND Title LIKE '%a%' OR AuthorNickname = 'ada'",
			"SELECT Name FROM platform.Branches UNION SELECT Name FROM platform.Tags ORDER BY 1 LIMIT 5",
			"SELECT COUNT(*) FROM platform.PullRequests a FULL JOIN platform.PullRequests b ON a.Id = b.Id + 1 WHERE a.State = 'MERGED'",
			"SELECT * FROM platform.PullRequests WHERE Id = 99999",
		} {
			fake.Reset()
			want := len(collectQuery(t, db, text))
			cost := fake.Stats().Requests
			fake.Reset()
			list := analyze(t, db, true, "EXPLAIN ANALYZE "+text)
			total, sum := list[len(list)-1], int64(0)
			for _, a := range list[:len(list)-1] {
				sum += a.requests
			}
			n := int64(fake.Stats().Requests)
			if total.operation != "TOTAL" || total.rows != int64(want) || total.requests != n || sum != n {
				t.Errorf("%s%s: %d rows, want %d; %d requests, the steps have %d, the server saw %d", text, properties, total.rows, want, total.requests, sum, n)
			}
			if int(n) > cost {
				t.Errorf("%s%s: %d requests, the query takes %d", text, properties, n, cost)
			}
		}
	}
}

// With Verbosity 3 the log has the scans, without the values of parameters and without secrets.
func TestVerbosityLogsScans(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 40})
	for verbosity, want := range map[string]int{"2": 0, "3": 4} {
		path := filepath.Join(t.TempDir(), "log")
		db := openDSN(t, fake.DSN()+";Verbosity="+verbosity+";Logfile="+path)
		prepared, err := db.PrepareContext(t.Context(), `SELECT p.Id, b.Name FROM platform.PullRequests p JOIN platform.Branches b
			ON b.Name = p.SourceBranchName WHERE p.Title LIKE ?`)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // a statement that is prepared once is measured each time
			rows, err := prepared.QueryContext(t.Context(), "%hushhush%")
			collect(t, rows, err)
		}
		rows, err := prepared.QueryContext(t.Context(), "%")
		collect(t, rows, err)
		if err := errors.Join(prepared.Close(), db.Close()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "msg=scan "); n != want {
			t.Errorf("Verbosity %s logs %d scans, want %d:\n%s", verbosity, n, want, text)
		}
		if want > 0 && !strings.Contains(string(text), `table=platform.PullRequests`) {
			t.Errorf("no scan of pull requests:\n%s", text)
		}
		if strings.Contains(string(text), "hushhush") || strings.Contains(string(text), "demo\"") {
			t.Errorf("Verbosity %s logs a value:\n%s", verbosity, text)
		}
	}
}

// A join by a column that Bitbucket cannot check reads the inner table once, and hands over the rows that are equal and not all of
// them for every row of the outer one.
func TestLookupHandsOverWhatIsEqual(t *testing.T) {
	fake := startFake(t, bitbucketfake.Config{PullRequests: 300})
	db := openDSN(t, fake.DSN())
	for _, text := range []string{
		"SELECT a.Id, b.UUID FROM platform.PullRequests a JOIN Users b ON b.DisplayName = a.AuthorName",
		"SELECT a.Id, b.UUID FROM platform.PullRequests a LEFT JOIN Users b ON b.DisplayName = a.AuthorName",
		"SELECT a.Id, (SELECT COUNT(*) FROM Users b WHERE b.DisplayName = a.AuthorName) FROM platform.PullRequests a",
		"SELECT a.Id, b.Id FROM platform.PullRequests a LEFT JOIN platform.PullRequests b ON b.CommentCount = a.Id",
	} {
		fake.Reset()
		found := false
		for _, a := range analyze(t, db, false, "EXPLAIN ANALYZE "+text) {
			if a.starts < 2 {
				continue
			}
			// The first scan is handed over whole, as it is read.
			if found = true; a.requests > 6 || a.rows > 300+2*a.starts {
				t.Errorf("%d rows in %d scans with %d requests: %s\n%s", a.rows, a.starts, a.requests, text, a.operation)
			}
		}
		if !found {
			t.Errorf("no scan is repeated: %s", text)
		}
	}
}
