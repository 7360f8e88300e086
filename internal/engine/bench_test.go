//go:build cgo

package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// stream gives the same page again and again.
type stream struct {
	cols  []Column
	page  *page.Page
	pages int
}

func (s *stream) Name() string                                 { return "Stream" }
func (s *stream) Columns() []Column                            { return s.cols }
func (s *stream) BestIndex(_ context.Context, ix *Index) error { return nil }
func (s *stream) Open() (Cursor, error)                        { return &streamCursor{s: s}, nil }

type streamCursor struct {
	s *stream
	n int
}

func (c *streamCursor) Filter(context.Context, int, string, []Arg) error { c.n = 0; return nil }
func (c *streamCursor) Close() error                                     { return nil }
func (c *streamCursor) Next(context.Context) (*page.Page, error) {
	if c.n++; c.n > c.s.pages {
		return nil, io.EOF
	}
	return c.s.page, nil
}

func newStream(cols, rows, pages int) *stream {
	s := &stream{page: &page.Page{Rows: rows}, pages: pages}
	for i := range cols {
		s.cols = append(s.cols, Column{Name: fmt.Sprintf("C%d", i), Type: []string{"INTEGER", "TEXT", "TEXT", "TIMESTAMP_TEXT", "BOOLEAN"}[i%5]})
		s.page.Columns = append(s.page.Columns, i)
	}
	for r := range rows {
		for i := range cols {
			switch i % 5 {
			case 0:
				s.page.AppendInt(int64(r * 1000))
			case 1:
				s.page.AppendString("refs/heads/feature/engine")
			case 2:
				s.page.AppendString("a title of some forty characters in all")
			case 3:
				s.page.AppendString("2024-05-06 07:08:09.123456")
			default:
				s.page.AppendBool(r%2 == 0)
			}
		}
		s.page.RowIDs = append(s.page.RowIDs, int64(r))
	}
	return s
}

func BenchmarkRows(b *testing.B) {
	for _, n := range []int{5, 40} {
		b.Run(fmt.Sprintf("%dcolumns", n), func(b *testing.B) {
			const rows, pages = 50, 200
			c := open(b, newStream(n, rows, pages))
			s, err := c.Prepare(b.Context(), "SELECT * FROM Stream")
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			dest := make([]driver.Value, n)
			b.ReportAllocs()
			total := 0
			for b.Loop() {
				r, err := s.Query(b.Context(), nil)
				if err != nil {
					b.Fatal(err)
				}
				for {
					if err := r.Next(dest); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
					total++
				}
				r.Close()
			}
			b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	b.Run("count", func(b *testing.B) {
		c := open(b, newStream(40, 50, 200))
		for b.Loop() {
			if _, err := query(b.Context(), c, "SELECT count(*) FROM Stream"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		c, err := Open(Config{})
		if err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
}

func BenchmarkAttach60(b *testing.B) {
	tables := make([]Table, 60)
	for i := range tables {
		t := people()
		t.name = fmt.Sprintf("T%d", i)
		tables[i] = t
	}
	c := open(b)
	for b.Loop() {
		if err := c.Attach("S", tables, nil); err != nil {
			b.Fatal(err)
		}
		if err := c.Detach("S"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFunction(b *testing.B) {
	c := open(b)
	for b.Loop() {
		if _, err := query(b.Context(), c, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 10000) SELECT sum(LEN('abc' || i)) FROM n"); err != nil {
			b.Fatal(err)
		}
	}
}
