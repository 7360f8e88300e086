package driver_test

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestExtremesOfOddAnswers asks for several aggregates of a Bitbucket that does not tell how long lists are, refuses a filter, or fails
// in one of the requests: the rows are read, or the statement fails.
func TestExtremesOfOddAnswers(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 300})
	target, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	query := "SELECT COUNT(*), MIN(UpdatedOn), MAX(UpdatedOn) FROM platform.PullRequests WHERE State <> 'OPEN'"
	want := oneRow(t, openFake(t, server, ""), query)
	size := regexp.MustCompile(`"size": ?\d+,?`)
	for _, test := range []struct {
		name     string
		answer   func(w http.ResponseWriter, r *http.Request) bool // says whether it did
		requests int
		fails    string
	}{
		{name: "as it is", requests: 2},
		{name: "no size", requests: 5, answer: func(w http.ResponseWriter, r *http.Request) bool {
			recorded := httptest.NewRecorder()
			forward.ServeHTTP(recorded, r)
			body, _ := io.ReadAll(recorded.Result().Body)
			body = size.ReplaceAll(body, nil)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			_, _ = w.Write(body)
			return true
		}},
		{name: "a refused filter", requests: 6, answer: func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Has("q") {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, `{"type": "error", "error": {"message": "Field \"state\" does not support filtering"}}`)
			}
			return r.URL.Query().Has("q")
		}},
		{name: "a failure", fails: "out of order", answer: func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Query().Get("sort") == "-updated_on" {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusForbidden)
				fmt.Fprint(w, `{"type": "error", "error": {"message": "out of order"}}`)
			}
			return r.URL.Query().Get("sort") == "-updated_on"
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if test.answer == nil || !test.answer(w, r) {
					forward.ServeHTTP(w, r)
				}
			}))
			defer proxy.Close()
			db, err := sql.Open("bitbucket", strings.Replace(server.DSN(), server.URL(), proxy.URL, 1))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			server.Reset()
			if test.fails != "" {
				if err := db.QueryRow(query).Scan(new(any), new(any), new(any)); err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("the error is %v, want %q", err, test.fails)
				}
				return
			}
			if got := oneRow(t, db, query); got != want {
				t.Errorf("%s, want %s", got, want)
			}
			if n := server.Stats().Requests; n < test.requests || test.answer == nil && n > test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
		})
	}
}

// oneRow is the row of three columns that a query has.
func oneRow(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var a, b, c any
	if err := db.QueryRow(query).Scan(&a, &b, &c); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(a, " ", b, " ", c)
}
