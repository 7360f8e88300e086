package driver_test

import (
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestCommitDateOrder reads the newest commits: all pages by default, and no more than there can be with the assumption.
func TestCommitDateOrder(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{Commits: 2000})
	exact, assumed := openFake(t, server, ""), openFake(t, server, "CommitDateOrder=Assume")
	var date string
	if err := exact.QueryRow("SELECT CAST(Date AS TEXT) FROM platform.Commits WHERE Revision = 'main' ORDER BY Date DESC LIMIT 1 OFFSET 120").Scan(&date); err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{"Date >= ?", "Revision = 'main' AND Date > ?", "Date BETWEEN ? AND '2100-01-01'"} {
		query := "SELECT Hash FROM platform.Commits WHERE " + where
		server.Reset()
		want := countRows(t, exact, query, date)
		all := server.Stats().Requests
		server.Reset()
		got := countRows(t, assumed, query, date)
		few := server.Stats().Requests
		if got != want || want < 100 {
			t.Errorf("%d rows, want %d: %s", got, want, where)
		}
		if all < 15 || few > all/3 {
			t.Errorf("%d requests with the assumption, %d without: %s", few, all, where)
		}
	}
	// A bound from above alone says nothing about where to stop.
	server.Reset()
	if countRows(t, assumed, "SELECT Hash FROM platform.Commits WHERE Date < ?", date); server.Stats().Requests < 15 {
		t.Errorf("only %d requests below a date", server.Stats().Requests)
	}
}
