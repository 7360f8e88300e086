package driver_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestGroupsWithoutProofAreRead counts the values of a column of a Bitbucket that has more rows than those values, or that
// refuses to filter by them: the rows are read, and come in order.
func TestGroupsWithoutProofAreRead(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{PullRequests: 300})
	target, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	query := "SELECT State, COUNT(*) FROM platform.PullRequests GROUP BY State ORDER BY State DESC"
	want := groups(t, openFake(t, server, ""), query)
	if len(want) != 4 {
		t.Fatalf("groups are %q", want)
	}
	for _, test := range []struct {
		name string
		// answer answers a count itself, and says whether it does.
		answer func(w http.ResponseWriter, filtered bool) bool
	}{
		{"another value", func(w http.ResponseWriter, filtered bool) bool {
			if !filtered {
				fmt.Fprint(w, `{"size": 301}`)
			}
			return !filtered
		}},
		{"a refused filter", func(w http.ResponseWriter, filtered bool) bool {
			if filtered {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, `{"type": "error", "error": {"message": "Field \"state\" does not support filtering"}}`)
			}
			return filtered
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("fields") == "size" && test.answer(w, strings.Contains(r.URL.Query().Get("q"), "state = ")) {
					return
				}
				forward.ServeHTTP(w, r)
			}))
			defer proxy.Close()
			db, err := sql.Open("bitbucket", strings.Replace(server.DSN(), server.URL(), proxy.URL, 1))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			server.Reset()
			if got := groups(t, db, query); !slices.Equal(got, want) {
				t.Errorf("groups are %q, want %q", got, want)
			}
			if n := server.Stats().Requests; n < 6 {
				t.Errorf("%d requests reached Bitbucket, the list alone takes 6", n)
			}
		})
	}
}

// groups are the rows of a query of two columns.
func groups(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var value string
		var n int
		if err := rows.Scan(&value, &n); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(value, " ", n))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
