package scan

import (
	"context"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// TestUnitsReadAheadAsBytesAllow has twenty units of three large pages each side by side. Few are read before they are asked for,
// and all come in order.
func TestUnitsReadAheadAsBytesAllow(t *testing.T) {
	for _, tt := range []struct{ size, least, most int }{
		{1 << 10, 60, 60}, // two wait for their turn, and one for a place to wait
		{10 << 20, 2, 2},  // beside the one that is held
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(api.WithBudget(t.Context(), &api.Budget{}))
			defer cancel()
			api.ReadaheadOf(ctx).Hold(tt.size) // a page of before, so that its size is known
			var reads atomic.Int32
			runs := make([]*run, 20)
			for i := range runs {
				n := 0
				runs[i] = &run{stop: func() {}, read: func(context.Context) (*page.Page, error) {
					if n == 3 {
						return nil, io.EOF
					}
					n++
					reads.Add(1)
					return &page.Page{Columns: []int{i}, Rows: n, Text: make([]byte, 0, tt.size)}, nil
				}}
				runs[i].ahead(ctx)
				synctest.Wait()
			}
			if n := int(reads.Load()); n < tt.least || n > tt.most {
				t.Errorf("%d pages of %d bytes are read ahead, want %d to %d", n, tt.size, tt.least, tt.most)
			}
			for i, r := range runs {
				for n := 1; ; n++ {
					p, err := r.next(ctx)
					if err == io.EOF && n == 4 {
						break
					}
					if err != nil || p.Columns[0] != i || p.Rows != n {
						t.Fatalf("unit %d, page %d: %+v, %v", i, n, p, err)
					}
				}
				r.close()
			}
		})
	}
}

// TestClosedUnitsHoldNothing closes units that nobody has read.
func TestClosedUnitsHoldNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(api.WithBudget(t.Context(), &api.Budget{}))
		defer cancel()
		const size = 20 << 20
		read := func(context.Context) (*page.Page, error) { return &page.Page{Text: make([]byte, 0, size)}, nil }
		for range 3 { // with anything left over, the second would not begin
			began := false
			r := &run{stop: func() {}, read: func(ctx context.Context) (*page.Page, error) { began = true; return read(ctx) }}
			r.ahead(ctx)
			synctest.Wait()
			if r.close(); !began {
				t.Fatal("bytes are held that nobody holds")
			}
		}
	})
}
