package benchmark

import (
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// testLatency is long enough for requests to overlap as they do with Bitbucket.
const testLatency = 2 * time.Millisecond

// TestAnswers holds the driver's answers against those of the loops, and its requests to their bounds.
func TestAnswers(t *testing.T) {
	for _, q := range questions() {
		t.Run(q.name, func(t *testing.T) {
			s := servers.get(t, q.data, testLatency)
			c, err := s.client()
			if err != nil {
				t.Fatal(err)
			}
			defer c.close()
			if _, err := s.traffic(); err != nil {
				t.Fatal(err)
			}
			want, err := q.loop(t.Context(), c)
			if err != nil {
				t.Fatal("the loop:", err)
			}
			byLoop, err := s.traffic()
			if err != nil {
				t.Fatal(err)
			}
			have, err := q.driver(t.Context(), c)
			if err != nil {
				t.Fatal("the driver:", err)
			}
			byDriver, err := s.traffic()
			if err != nil {
				t.Fatal(err)
			}
			if err := q.compare(have, want); err != nil {
				t.Error(err)
			}
			if byDriver.Requests > q.requests {
				t.Errorf("%d requests, at most %d are expected; the loop sends %d", byDriver.Requests, q.requests, byLoop.Requests)
			}
			t.Logf("requests %d and %d, bytes %d and %d", byDriver.Requests, byLoop.Requests, byDriver.Bytes, byLoop.Bytes)
		})
	}
}

// TestWindowCostsNoRequest compares the requests of a join behind a CTE and a window with those of the plain join.
func TestWindowCostsNoRequest(t *testing.T) {
	s := servers.get(t, large, testLatency)
	c, err := s.client()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	requests := func(text string) int {
		ctx, stats := driver.CollectStats(t.Context())
		rows, err := c.db.QueryContext(ctx, text)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return stats.Requests
	}
	plain := requests("SELECT y.Id, c.Id FROM (" + youngest + ") y JOIN platform.PullRequestComments c ON c.PullRequestId = y.Id")
	if n := requests(discussions); n > plain {
		t.Errorf("%d requests with CTE and window, %d without", n, plain)
	}
}

// TestFirstRow reads one row of a long list and leaves.
func TestFirstRow(t *testing.T) {
	s := servers.get(t, large, testLatency)
	c, err := s.client()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if _, err := s.traffic(); err != nil {
		t.Fatal(err)
	}
	rows, err := c.db.QueryContext(t.Context(), fiveColumns)
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	sent, err := s.traffic()
	if err != nil {
		t.Fatal(err)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if sent.Requests > 2 {
		t.Errorf("%d requests before the first row of 5,000, want 2 at most", sent.Requests)
	}
}

// TestConnectionIsFree connects, and sends nothing.
func TestConnectionIsFree(t *testing.T) {
	s := servers.get(t, large, testLatency)
	c, err := s.client()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if _, err := s.traffic(); err != nil {
		t.Fatal(err)
	}
	conn, err := c.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	sent, err := s.traffic()
	if err != nil {
		t.Fatal(err)
	}
	if sent.Requests != 0 {
		t.Errorf("%d requests for a connection, want none", sent.Requests)
	}
}

// TestClientChild has a client in a process of its own read what this process reads.
func TestClientChild(t *testing.T) {
	s := servers.get(t, large, testLatency)
	spent, err := errand{URL: s.url, Stream: fiveColumns}.send()
	if err != nil {
		t.Fatal(err)
	}
	if spent.Rows != large.PullRequests || spent.CPU <= 0 {
		t.Errorf("%+v, want %d rows and some processor time", spent, large.PullRequests)
	}
	if _, err := (errand{URL: s.url, Stream: "SELECT 1 FROM NoSuchTable"}).send(); err == nil || !strings.Contains(err.Error(), "process of its own") {
		t.Errorf("a client that fails: %v", err)
	}
}
