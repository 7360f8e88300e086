package driver_test

import (
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestDifferenceOfTimestamps wants an error where SQLite would answer with the difference of two years, and an answer to everything
// else that looks like it.
func TestDifferenceOfTimestamps(t *testing.T) {
	server := startFake(t, bitbucketfake.Config{})
	db := openFake(t, server, "")
	const from = " FROM platform.PullRequests p WHERE Id < 9"
	for _, text := range []string{
		"SELECT UpdatedOn - CreatedOn" + from,
		"SELECT AVG(p.UpdatedOn - p.[CreatedOn])" + from,
		"SELECT MAX(UpdatedOn) - MIN(CreatedOn)" + from,
		"SELECT Id" + from + " AND NOW() - CreatedOn > 3",
		"SELECT DATE_PART('day', UpdatedOn - CreatedOn)" + from,
		"SELECT DATE(UpdatedOn) - DATE(CreatedOn) AS days" + from,
		"SELECT EXTRACT(EPOCH FROM (UpdatedOn - CreatedOn)), CURRENT_TIMESTAMP - CreatedOn" + from,
		"EXPLAIN ANALYZE SELECT UpdatedOn - CreatedOn" + from,
	} {
		rows, err := db.Query(text)
		if err == nil {
			rows.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "write DATEDIFF('hour', a, b)") {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, want := range map[string]string{
		"SELECT SUM(EXTRACT(EPOCH FROM (UpdatedOn - CreatedOn)) > 0)" + from:                                                             "8",
		"SELECT MAX(EXTRACT(DAY FROM UpdatedOn - CreatedOn) > 0)" + from:                                                                 "1",
		"SELECT MAX(CreatedOn - UpdatedOn) FROM (SELECT julianday(UpdatedOn) * 0 + 5 AS CreatedOn, Id * 0 + 3 AS UpdatedOn" + from + ")": "2",
		"SELECT COUNT(NULL - CreatedOn), COUNT(*)" + from:                                                                                "0",
		"SELECT COUNT(*)" + from + " AND CreatedOn > UpdatedOn - INTERVAL '9000 days'":                                                   "8",
		"SELECT julianday(MAX(UpdatedOn)) - julianday(MIN(CreatedOn)) > 0" + from:                                                        "1",
		"SELECT COUNT(TriggerName - CompletedOn) FROM (SELECT 1 AS TriggerName, NULL AS CompletedOn)":                                    "0",
		"SELECT x.CreatedOn - y.CreatedOn FROM (SELECT 7 AS CreatedOn) x, (SELECT '4' AS CreatedOn) y":                                   "3",
	} {
		var got string
		rows, err := db.Query(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		columns, _ := rows.Columns()
		values := make([]any, len(columns))
		values[0] = &got
		for i := 1; i < len(columns); i++ {
			values[i] = new(any)
		}
		if !rows.Next() || rows.Scan(values...) != nil || got != want {
			t.Errorf("%s: %q %v, want %q", text, got, rows.Err(), want)
		}
		rows.Close()
		if name := columns[0]; strings.Contains(name, "SUBTRAHEND") {
			t.Errorf("%s: the column is called %s", text, name)
		}
	}
}
