package scan

import (
	"context"
	"io"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// TestStopBehind stops behind a page that is older as a whole, and for no single row.
func TestStopBehind(t *testing.T) {
	for _, test := range []struct {
		name  string
		pages [][]string
		want  int // pages read
	}{
		{"newer all along", [][]string{{"2026-05-03"}, {"2026-05-02"}}, 2},
		{"an older page", [][]string{{"2026-05-03"}, {"2026-04-01", "2026-03-01"}, {"2026-02-01"}}, 2},
		{"a newer row among older ones", [][]string{{"2026-04-01", "2026-05-03"}, {"2026-04-01"}, {"2026-03-01"}}, 2},
		{"at the horizon", [][]string{{"2026-05-01"}, {"2026-04-01"}, {"2026-03-01"}}, 2},
		{"no timestamp", [][]string{{"2026-04-01", ""}, {"2026-04-01", "1"}, {"2026-04-01"}, {"2026-03-01"}}, 3},
		{"an empty page", [][]string{{}, {"2026-04-01"}, {"2026-04-01"}}, 2},
	} {
		pages := test.pages
		r := &run{stop: func() {}, read: func(context.Context) (*page.Page, error) {
			if len(pages) == 0 {
				return nil, io.EOF
			}
			p := &page.Page{Columns: []int{3, 7}, Rows: len(pages[0])}
			for _, date := range pages[0] {
				p.AppendInt(1)
				switch date {
				case "":
					p.AppendNull()
				case "1":
					p.AppendString("yesterday")
				default:
					p.AppendString(date + " 00:00:00")
				}
			}
			pages = pages[1:]
			return p, nil
		}}
		stopBehind(&planner.Horizon{Column: 7, Before: "2026-05-01 00:00:00"}, r)
		n := 0
		for ; ; n++ {
			if _, err := r.next(t.Context()); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if n != test.want {
			t.Errorf("%s: %d pages, want %d", test.name, n, test.want)
		}
	}
}
