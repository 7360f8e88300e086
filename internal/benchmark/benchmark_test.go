package benchmark

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// latency is what a request takes at least, in all benchmarks.
const latency = 20 * time.Millisecond

// rounds is how often both sides answer a question at least; a median of fewer says little beside what else a machine does.
const rounds = 9

// comparison is what a question took both sides.
type comparison struct {
	question     question
	driver, loop effort
}

// effort is what it took one side.
type effort struct {
	times   []time.Duration
	traffic traffic
	peak    int64 // resident memory of a process that does nothing else, in bytes
}

func (e *effort) median() time.Duration {
	slices.Sort(e.times)
	return e.times[len(e.times)/2]
}

func (c *comparison) ratio() float64 { return float64(c.driver.median()) / float64(c.loop.median()) }

// BenchmarkQuestions answers each question by the driver and by the loop in turn.
func BenchmarkQuestions(b *testing.B) {
	for i, q := range questions() {
		b.Run(q.name, func(b *testing.B) {
			s := servers.get(b, q.data, latency)
			out := comparison{question: q}
			answer := func(way side, e *effort) {
				c, err := s.ready(q)
				if err != nil {
					b.Fatal(err)
				}
				defer c.close()
				if _, err := s.traffic(); err != nil {
					b.Fatal(err)
				}
				runtime.GC() // each side pays for its own garbage
				start := time.Now()
				if _, err := way(context.Background(), c); err != nil {
					b.Fatal(err)
				}
				e.times = append(e.times, time.Since(start))
				if e.traffic, err = s.traffic(); err != nil {
					b.Fatal(err)
				}
			}
			for range max(b.N, rounds) {
				answer(q.driver, &out.driver)
				answer(q.loop, &out.loop)
			}
			b.StopTimer()
			for _, way := range []struct {
				driver bool
				effort *effort
			}{{true, &out.driver}, {false, &out.loop}} {
				spent, err := errand{URL: s.url, Question: i, Driver: way.driver}.send()
				if err != nil {
					b.Fatal(err)
				}
				way.effort.peak = spent.Peak
			}
			measured.compared(out)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(out.ratio(), "ratio")
			for _, side := range []struct {
				name string
				*effort
			}{{"driver", &out.driver}, {"loop", &out.loop}} {
				b.ReportMetric(float64(side.median())/1e6, side.name+"-ms")
				b.ReportMetric(float64(side.traffic.Requests), side.name+"-requests")
				b.ReportMetric(float64(side.traffic.Bytes), side.name+"-bytes")
				b.ReportMetric(float64(side.peak)/(1<<20), side.name+"-peak-MiB")
			}
		})
	}
}

// ready makes a client that has asked nothing: a kept answer would make the next one cheaper than the first. Its SQL connection is
// open, which BenchmarkConnection measures, and knows the schemas of the question; those to the server are not.
func (s *server) ready(q question) (*client, error) {
	c, err := s.client()
	if err != nil {
		return nil, err
	}
	stmt, err := c.db.Prepare(q.sql)
	if err == nil {
		err = stmt.Close()
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// BenchmarkConnection opens a database and a connection.
func BenchmarkConnection(b *testing.B) {
	s := servers.get(b, large, latency)
	if _, err := s.traffic(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		c, err := s.client()
		if err != nil {
			b.Fatal(err)
		}
		conn, err := c.db.Conn(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			b.Fatal(err)
		}
		c.close()
	}
	sent, err := s.traffic()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(sent.Requests), "requests")
	measured.single("connection set-up", fmt.Sprintf("%.1f ms, %d requests", float64(b.Elapsed())/float64(b.N)/1e6, sent.Requests), "≤ 5 ms, 0 requests")
}

// BenchmarkFirstRow reads the first row of a list of 5,000 and closes.
func BenchmarkFirstRow(b *testing.B) {
	s := servers.get(b, large, latency)
	c, err := s.client()
	if err != nil {
		b.Fatal(err)
	}
	defer c.close()
	most := 0
	var total time.Duration
	n := 0
	for b.Loop() {
		if _, err := s.traffic(); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		rows, err := c.db.Query(fiveColumns)
		if err != nil {
			b.Fatal(err)
		}
		if !rows.Next() {
			b.Fatal(rows.Err())
		}
		total += time.Since(start)
		n++
		sent, err := s.traffic()
		if err != nil {
			b.Fatal(err)
		}
		most = max(most, sent.Requests)
		if err := rows.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(most), "requests")
	b.ReportMetric(float64(total)/float64(n)/1e6, "ms")
	measured.single("first row of 5,000", fmt.Sprintf("%.0f ms, %d request(s)", float64(total)/float64(n)/1e6, most), "≤ 2 requests")
}

// BenchmarkGrowth streams ever longer lists through database/sql in a process of its own.
func BenchmarkGrowth(b *testing.B) {
	for _, rows := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) { stretch(b, rows, fiveColumns, measured.grown) })
	}
}

// BenchmarkSort sorts 200,000 rows by a column that Bitbucket cannot sort by.
func BenchmarkSort(b *testing.B) {
	stretch(b, 200_000, fiveColumns+" ORDER BY Title, Id", func(s spent) {
		measured.single("200,000 rows sorted by title", fmt.Sprintf("%.0f MiB at most", float64(s.Peak)/(1<<20)), "≤ 128 MB")
	})
}

// stretch has a client child read a long list.
func stretch(b *testing.B, rows int, text string, tell func(spent)) {
	s, err := startServer(data{PullRequests: rows}, latency) // its memory is needed again
	if err != nil {
		b.Fatal(err)
	}
	defer s.stop()
	var out spent
	b.ResetTimer()
	for range b.N {
		if out, err = (errand{URL: s.url, Stream: text}).send(); err != nil {
			b.Fatal(err)
		}
		if out.Rows != rows {
			b.Fatalf("%d rows of %d", out.Rows, rows)
		}
	}
	b.StopTimer()
	tell(out)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(out.Elapsed.Seconds(), "s")
	b.ReportMetric(float64(out.CPU)/float64(rows)/1e3, "cpu-µs/row")
	b.ReportMetric(float64(out.Peak)/(1<<20), "peak-MiB")
}
