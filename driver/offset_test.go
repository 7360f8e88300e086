package driver_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestOffsetRequests pins the requests of statements whose OFFSET leaves out whole pages: those pages are not read where they are
// known to hold nothing but rows that are left out.
func TestOffsetRequests(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 5000})
	db := openFake(t, server, "")
	for _, test := range []struct {
		query    string
		args     []any
		rows     int
		first    int64 // Id of the first row; 0: not looked at
		requests int   // negative: at least
	}{
		{"SELECT Id, Title FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 30", nil, 10, 31, 1},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 40", nil, 10, 41, 1},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 45", nil, 10, 46, 1},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 49", nil, 10, 50, 1},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 50", nil, 10, 51, 1},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 1 OFFSET 51", nil, 1, 52, 1},
		{"SELECT Id, Title FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 4000", nil, 10, 4001, 1},
		{"SELECT Id, Title FROM platform.PullRequests ORDER BY Id DESC LIMIT 10 OFFSET 4000", nil, 10, 1000, 1},
		{"SELECT Id, Title FROM platform.PullRequests ORDER BY CreatedOn LIMIT 10 OFFSET 4000", nil, 10, 0, 1},
		{"SELECT Id, Title FROM platform.PullRequests LIMIT 10 OFFSET 4000", nil, 10, 0, 1},
		{"SELECT * FROM platform.PullRequests ORDER BY Id OFFSET 4003 ROWS FETCH NEXT 10 ROWS ONLY", nil, 10, 4004, 1},
		// Rows on two pages, and more rows than a page has.
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 50 OFFSET 4025", nil, 50, 4026, 2},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 120 OFFSET 4000", nil, 120, 4001, 3},
		// At the end, and beyond.
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 4995", nil, 5, 4996, 1},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 5000", nil, 0, 0, 2},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 4999999", nil, 0, 0, 2},
		// Conditions that Bitbucket checks as SQLite does, and one that it does not.
		{"SELECT Id FROM platform.PullRequests WHERE Id > 100 AND Id <> 4102 ORDER BY Id LIMIT 10 OFFSET 4000", nil, 10, 4101, 1},
		{"SELECT Id FROM platform.PullRequests WHERE Id BETWEEN 100 AND 4999 AND CreatedOn > '2001-01-01' ORDER BY Id LIMIT 10 OFFSET 4000", nil, 10, 4100, 1},
		{"SELECT Id FROM platform.PullRequests WHERE Title LIKE '%e%' ORDER BY Id LIMIT 10 OFFSET 300", nil, 10, 0, -7},
		{"SELECT Id FROM platform.PullRequests WHERE Id % 2 = 0 ORDER BY Id LIMIT 10 OFFSET 500", nil, 10, 1002, -21},
		// Parameters, and what no page is asked for by.
		{"SELECT Id FROM platform.PullRequests WHERE Id > ? ORDER BY Id LIMIT ? OFFSET ?", []any{10, 10, 4000}, 10, 4011, 1},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET -4000", nil, 10, 1, 1},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 0 OFFSET 4000", nil, 0, 0, 0},
		{"SELECT Id FROM platform.PullRequests WHERE Id = NULL ORDER BY Id LIMIT 10 OFFSET 4000", nil, 0, 0, 0},
		// One list of a table of several.
		{"SELECT Id FROM Workspace.PullRequests WHERE RepositorySlug = 'platform' ORDER BY Id LIMIT 10 OFFSET 4000", nil, 10, 4001, 1},
		{"SELECT Id, RepositorySlug FROM Workspace.PullRequests WHERE State = 'OPEN' AND RepositorySlug IN ('platform') LIMIT 10 OFFSET 400", nil, 10, 0, 1},
		// In subqueries, whose rows join. A row that is left out begins no scan ahead.
		{"SELECT * FROM (SELECT Id FROM platform.PullRequests WHERE Id > 5 ORDER BY Id LIMIT 10 OFFSET 4000) p " +
			"JOIN platform.PullRequestTasks c ON c.PullRequestId = p.Id", nil, -1, 0, 11},
		{"WITH p AS MATERIALIZED (SELECT Id FROM platform.PullRequests WHERE Id > 5 ORDER BY Id DESC LIMIT 10 OFFSET 3000) " +
			"SELECT * FROM p JOIN platform.PullRequestTasks c ON c.PullRequestId = p.Id", nil, -1, 0, 11},
		{"SELECT COUNT(*) FROM (SELECT Id FROM platform.PullRequests LIMIT 10 OFFSET 4995)", nil, 1, 5, 1},
		{"SELECT (SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 1 OFFSET 4321)", nil, 1, 4322, 1},
	} {
		server.Reset()
		rows, err := db.Query(test.query, test.args...)
		if err != nil {
			t.Fatalf("%s: %v", test.query, err)
		}
		n, first := 0, int64(0)
		for ; rows.Next(); n++ {
			if n == 0 && test.first != 0 {
				columns, _ := rows.Columns()
				cells := make([]any, len(columns))
				cells[0] = &first
				for i := range cells[1:] {
					cells[i+1] = new(any)
				}
				if err := rows.Scan(cells...); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatalf("%s: %v", test.query, err)
		}
		rows.Close()
		if test.rows >= 0 && n != test.rows || first != test.first {
			t.Errorf("%d rows from %d, want %d from %d: %s", n, first, test.rows, test.first, test.query)
		}
		if stats := server.Stats(); test.requests >= 0 && stats.Requests != test.requests || stats.Requests < -test.requests {
			t.Errorf("%d requests, want %d: %s\n%s", stats.Requests, test.requests, test.query, strings.Join(stats.Log[:min(5, len(stats.Log))], "\n"))
		}
	}
}

// TestOffsetWithoutProof has Bitbucket page a list otherwise than it was asked to: the rows are those that reading the list from its
// beginning gives.
func TestOffsetWithoutProof(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 300})
	target, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	const (
		deep     = "SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 200"
		filtered = "SELECT Id FROM platform.PullRequests WHERE Id <> 7 ORDER BY Id LIMIT 10 OFFSET 200"
		beyond   = "SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 300"
	)
	refuse := func(status int, message string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"type": "error", "error": {"message": %q}}`, message)
		}
	}
	for _, test := range []struct {
		name, query string
		// ask changes a request, answer answers it where it is about a page from 16 on, and change changes the answer.
		ask      func(q url.Values)
		answer   func(w http.ResponseWriter)
		change   func(page map[string]any)
		requests int // that the driver sends; negative: at least
	}{
		{name: "as asked", query: deep, requests: 1},
		{name: "shorter pages", query: deep, requests: 1 + 24, ask: func(q url.Values) { q.Set("pagelen", "9") }},
		{name: "another page", query: deep, requests: 1 + 5, ask: func(q url.Values) {
			if page, _ := strconv.Atoi(q.Get("page")); page > 15 {
				q.Set("page", "2")
			}
		}},
		{name: "no size", query: deep, requests: 1 + 5, change: func(page map[string]any) { delete(page, "size") }},
		{name: "no number", query: deep, requests: 1 + 5, change: func(page map[string]any) { delete(page, "page") }},
		{name: "no length", query: deep, requests: 1 + 5, change: func(page map[string]any) { delete(page, "pagelen") }},
		{name: "no next page", query: deep, requests: 1 + 5, change: func(page map[string]any) { delete(page, "next") }},
		{name: "a row left out", query: deep, requests: 1 + 5, change: func(page map[string]any) { page["values"] = page["values"].([]any)[1:] }},
		{name: "no such page", query: deep, requests: 1 + 1 + 5, answer: refuse(http.StatusNotFound, "Invalid page")},
		{name: "refused", query: deep, requests: 1 + 5, answer: refuse(http.StatusBadRequest, "Too far")},
		{name: "refused filter", query: filtered, requests: -(1 + 1 + 5), answer: refuse(http.StatusBadRequest, "Too far"), ask: func(q url.Values) {
			if q.Has("q") {
				q.Set("q", "nonsense")
			}
		}},
		{name: "beyond the end", query: beyond, requests: 1 + 1},
		{name: "an empty page beyond the end", query: beyond, requests: 1, answer: func(w http.ResponseWriter) {
			fmt.Fprint(w, `{"values": [], "page": 31, "pagelen": 10, "size": 300}`)
		}},
		{name: "an empty page far beyond the end", query: beyond + "000000000", requests: 1, answer: func(w http.ResponseWriter) {
			fmt.Fprint(w, `{"values": [], "page": 30000000001, "pagelen": 10, "size": 300}`)
		}},
		{name: "the last page beyond the end", query: beyond, requests: 1 + 6, ask: func(q url.Values) {
			if page, _ := strconv.Atoi(q.Get("page")); page > 30 {
				q.Set("page", "30")
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var mu sync.Mutex
			var asked []string
			forward := httputil.NewSingleHostReverseProxy(target)
			forward.ModifyResponse = func(r *http.Response) error {
				if test.change == nil || pageOf(r.Request) <= 15 {
					return nil
				}
				var page map[string]any
				if err := json.NewDecoder(r.Body).Decode(&page); err != nil {
					return err
				}
				test.change(page)
				body, err := json.Marshal(page)
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
				r.Header.Del("Content-Length")
				return err
			}
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				asked = append(asked, r.URL.RawQuery)
				mu.Unlock()
				if test.answer != nil && pageOf(r) > 15 {
					test.answer(w)
					return
				}
				r.Header.Del("Accept-Encoding")
				if test.ask != nil {
					q := r.URL.Query()
					test.ask(q)
					r.URL.RawQuery = q.Encode()
				}
				forward.ServeHTTP(w, r)
			}))
			defer proxy.Close()
			db, err := sql.Open("bitbucket", strings.Replace(server.DSN(), server.URL(), proxy.URL, 1)+";MaxInFlight=1")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			rows, err := db.Query(test.query)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			var got, want []int
			for rows.Next() {
				var id int
				if err := rows.Scan(&id); err != nil {
					t.Fatal(err)
				}
				got = append(got, id)
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			for id := 201; !strings.HasPrefix(test.query, beyond) && len(want) < 10; id++ {
				want = append(want, id)
				if test.query == filtered {
					want[len(want)-1]++
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("rows are %v, want %v", got, want)
			}
			mu.Lock()
			defer mu.Unlock()
			if test.requests >= 0 && len(asked) != test.requests || len(asked) < -test.requests {
				t.Errorf("%d requests, want %d:\n%s", len(asked), test.requests, strings.Join(asked, "\n"))
			}
		})
	}
}

// pageOf is the number of the page that a request asks for.
func pageOf(r *http.Request) int {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	return page
}

// TestOffsetOfDetails reads the objects of the rows behind an OFFSET, and of no other.
func TestOffsetOfDetails(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	var all []string
	for _, test := range []struct {
		properties, query string
		requests          int
	}{
		{"", "SELECT Slug, Name FROM Workspaces LIMIT 2 OFFSET 0", 3},
		{"Pagesize=1", "SELECT Slug, Name FROM Workspaces LIMIT 1 OFFSET 1", 2},
	} {
		db := openFake(t, server, test.properties)
		server.Reset()
		rows, err := db.Query(test.query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var slug, name string
			if err := rows.Scan(&slug, &name); err != nil {
				t.Fatal(err)
			}
			all = append(all, slug+" "+name)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if n := server.Stats().Requests; n != test.requests {
			t.Errorf("%d requests, want %d: %s", n, test.requests, test.query)
		}
	}
	if len(all) != 3 || all[1] != all[2] {
		t.Errorf("the rows are %q", all)
	}
}

// TestExplainOffset wants EXPLAIN to say where the rows of an OFFSET are not read.
func TestExplainOffset(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 500})
	db := openFake(t, server, "")
	for _, test := range []struct{ query, requests, request, pushed string }{
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 400", "1", "&page=41&pagelen=10", "ORDER BY id, LIMIT, OFFSET"},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 50 OFFSET 425", "2", "&page=9&pagelen=50", "ORDER BY id, LIMIT, OFFSET"},
		{"SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 20", "1", "&pagelen=30", "ORDER BY id, LIMIT"},
		{"SELECT Id FROM platform.PullRequests WHERE Title LIKE '%x%' ORDER BY Id LIMIT 10 OFFSET 400", "1 for each 50 rows", "&pagelen=50", "Title LIKE, ORDER BY id"},
	} {
		var step int
		var operation string
		var requests, request, pushed, rechecked, notPushed, why sql.NullString
		err := db.QueryRow("EXPLAIN "+test.query).Scan(&step, &operation, &requests, &request, &pushed, &rechecked, &notPushed, &why)
		if err != nil {
			t.Fatalf("%s: %v", test.query, err)
		}
		if requests.String != test.requests || !strings.HasSuffix(request.String, test.request) || pushed.String != test.pushed {
			t.Errorf("requests %q, request %q, pushed %q: %s", requests.String, request.String, pushed.String, test.query)
		}
	}
	rows, err := db.Query("EXPLAIN ANALYZE SELECT Id FROM platform.PullRequests ORDER BY Id LIMIT 10 OFFSET 400")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	cells := make([]any, len(columns))
	for i := range cells {
		cells[i] = new(any)
	}
	if !rows.Next() || rows.Scan(cells...) != nil {
		t.Fatalf("EXPLAIN ANALYZE gave no row: %v", rows.Err())
	}
	if got := *cells[slices.Index(columns, "ActualRequests")].(*any); got != int64(1) {
		t.Errorf("EXPLAIN ANALYZE says %v requests, want 1", got)
	}
}
