package scan

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// TestLookupLosesNoRow looks values up in pages made at random: every row whose cell equals the value comes, in the scan's order,
// and where all cells are texts no other row does.
func TestLookupLosesNoRow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		onlyTexts := round%2 == 0
		var pages []*page.Page
		rows := 0
		for range 1 + r.IntN(4) {
			p := &page.Page{Columns: []int{3, 7}}
			for range 1 + r.IntN(400) {
				p.AppendInt(int64(rows))
				rows++
				switch kind := r.IntN(6); {
				case kind == 0:
					p.AppendNull()
				case onlyTexts || kind > 3:
					p.AppendString(fmt.Sprintf("v%d", r.IntN(5)))
				case kind == 1:
					p.AppendFloat(0.5)
				default:
					p.AppendInt(int64(r.IntN(5)))
				}
				p.RowIDs = append(p.RowIDs, int64(rows))
				p.Rows++
			}
			pages = append(pages, p)
		}
		for _, value := range []any{"v1", "v9", int64(2), 0.5, nil} {
			s := &shared{pages: pages, err: io.EOF}
			found := s.lookUp(&Lookup{Column: 7, Value: value})
			if found == nil {
				continue // all rows
			}
			if onlyTexts && value == any(int64(2)) {
				t.Fatal("a number was looked up among texts, which SQLite may compare as numbers")
			}
			var got []int64
			u := &Use{found: found}
			for {
				p, err := u.Next(t.Context())
				if err == io.EOF {
					break
				}
				for row := range p.Rows {
					n, _ := cellValue(p, row, 3)
					got = append(got, n.(int64))
					if p.RowIDs[row] != n.(int64)+1 {
						t.Fatalf("row %d has the id %d", n, p.RowIDs[row])
					}
					if onlyTexts && !cellIs(p, row, 7, value) {
						t.Fatalf("row %d is not %v", n, value)
					}
				}
			}
			if !slices.IsSorted(got) {
				t.Fatalf("the rows come as %v", got)
			}
			for _, p := range pages {
				for row := range p.Rows {
					n, _ := cellValue(p, row, 3)
					if _, there := slices.BinarySearch(got, n.(int64)); !there && cellIs(p, row, 7, value) {
						t.Fatalf("row %d, which is %v, is lost", n, value)
					}
				}
			}
		}
	}
}

// TestRecallLearnsTheOrder asks for rows in an order of two columns, as a window with PARTITION BY and ORDER BY brings them.
func TestRecallLearnsTheOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	p := &page.Page{Columns: []int{0, 1, 2}}
	for row := range 100 {
		p.AppendInt(int64(row))
		p.AppendString(fmt.Sprintf("author %d", r.IntN(6)))
		p.AppendInt(int64(r.IntN(1 << 40)))
		p.Rows++
	}
	order := make([]int, p.Rows)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if c := compareRows(p, a, p, b, 1); c != 0 {
			return c
		}
		return -compareRows(p, a, p, b, 2)
	})
	k := &recall{index: map[string]int{}}
	for row := range p.Rows {
		k.entries = append(k.entries, entry{page: p, row: row})
	}
	k.sort(nil)
	foreseen := 0
	for i, row := range order {
		k.ask(row)
		k.follow()
		if i+1 < len(order) && k.rank[row]+1 < len(k.order) && k.order[k.rank[row]+1] == order[i+1] {
			foreseen++
		}
	}
	if foreseen < 90 {
		t.Errorf("%d of 99 rows were foreseen", foreseen)
	}
}
