package scan

import (
	"context"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// Meter measures one scan of a statement's plan, however often the statement starts it. It is for one goroutine at a time, as
// the scan is; its budget also counts what the scan's goroutines send. The methods of a nil Meter do nothing.
type Meter struct {
	budget *api.Budget
	began  time.Time // the first start
	figures
}

// figures are what only the goroutine of the scan counts.
type figures struct {
	starts, replays, rows int64
	firstRow, elapsed     time.Duration
}

// Figures are what a scan has done so far.
type Figures struct {
	// Starts is how often the statement started the scan, and Replays how many of these starts gave rows that the statement
	// had read before.
	Starts, Replays int64
	// Requests, Bytes and Waited are those of its requests, as in [api.Budget].
	Requests int
	Bytes    int64
	Waited   time.Duration
	// Rows is how many rows SQLite was given, in all starts.
	Rows int64
	// FirstRow is the time from the first start to the first row; 0 when there was none. Elapsed is the time that SQLite waited
	// for the scan.
	FirstRow, Elapsed time.Duration
}

// NewMeter returns a meter whose requests are counted by the budget of the context as well.
func NewMeter(ctx context.Context) *Meter { return &Meter{budget: api.PartOf(ctx)} }

// Start notes that the statement starts the scan.
func (m *Meter) Start() {
	if m == nil {
		return
	}
	if m.starts == 0 {
		m.began = time.Now()
	}
	m.starts++
}

// Measure is called around what the scan does while SQLite waits: its requests are to have the context that it returns, and the
// function is to be called at the end.
func (m *Meter) Measure(ctx context.Context) (context.Context, func()) {
	if m == nil {
		return ctx, func() {}
	}
	start := time.Now()
	return api.WithBudget(ctx, m.budget), func() { m.elapsed += time.Since(start) }
}

// Replay notes that the rows of a start were read before.
func (m *Meter) Replay() {
	if m != nil {
		m.replays++
	}
}

// Give notes the rows of a page, which may be nil.
func (m *Meter) Give(p *page.Page) {
	if m == nil || p == nil || p.Rows == 0 {
		return
	}
	if m.rows == 0 {
		m.firstRow = time.Since(m.began)
	}
	m.rows += int64(p.Rows)
}

// Figures returns what was measured; of a nil Meter nothing.
func (m *Meter) Figures() Figures {
	if m == nil {
		return Figures{}
	}
	return Figures{
		Starts: m.starts, Replays: m.replays, Requests: m.budget.Requests(), Bytes: m.budget.Bytes(), Waited: m.budget.Waited(),
		Rows: m.rows, FirstRow: m.firstRow, Elapsed: m.elapsed,
	}
}
