package driver

import (
	"context"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
)

// Stats is what the statements of a context cost; see [CollectStats].
type Stats struct {
	// Requests is the number of HTTP requests sent, retries and redirects included.
	Requests int
	// Bytes is the size of the answers' bodies, after decompression.
	Bytes int64
	// Waited is the time spent in back-off and behind rate limits, added up over the requests.
	Waited time.Duration
	// Rows is the number of rows returned.
	Rows int
}

type statsKey struct{}

// CollectStats returns a context whose statements add what they cost to the Stats. They are complete when the rows are
// closed or exhausted, and are updated with every row until then. Read them in the goroutine that reads the rows.
func CollectStats(ctx context.Context) (context.Context, *Stats) {
	s := new(Stats)
	return context.WithValue(ctx, statsKey{}, s), s
}

// meter measures one statement, for the caller's Stats and for the log.
type meter struct {
	budget *api.Budget
	start  time.Time
	rows   int
	stats  *Stats // nil if nobody asked
	told   Stats  // what stats were told so far
}

func newMeter(ctx context.Context, maxRequests int) *meter {
	m := &meter{budget: &api.Budget{Max: maxRequests}, start: time.Now()}
	m.stats, _ = ctx.Value(statsKey{}).(*Stats)
	return m
}

// update brings the caller's Stats up to date.
func (m *meter) update() {
	if m.stats == nil {
		return
	}
	now := Stats{Requests: m.budget.Requests(), Bytes: m.budget.Bytes(), Waited: m.budget.Waited(), Rows: m.rows}
	m.stats.Requests += now.Requests - m.told.Requests
	m.stats.Bytes += now.Bytes - m.told.Bytes
	m.stats.Waited += now.Waited - m.told.Waited
	m.stats.Rows += now.Rows - m.told.Rows
	m.told = now
}
