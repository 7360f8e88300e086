package driver

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/scan"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// analysis measures the scans of a statement, by the numbers of their plans.
type analysis struct {
	scans map[int]*measuredScan
}

// measuredScan is what a scan of one plan does.
type measuredScan struct {
	*scan.Meter
	table string
	// plan is the scan's, and fetch that of its first start; nil for tables that are not Bitbucket's.
	plan  *planner.Plan
	fetch *planner.Fetch
}

// measure has the scans of the statement measured.
func (s *statement) measure() { s.analysis = &analysis{scans: map[int]*measuredScan{}} }

// anew has the numbers begin anew, for a text that is compiled once more.
func (s *statement) anew() {
	if s != nil {
		s.plans = 0
	}
}

// number gives a plan its number, an even one. SQLite hands it to the scans that follow the plan and shows it in EXPLAIN QUERY
// PLAN: two uses of a table have plans of the same text. The numbers are the same whenever the same text is compiled, because
// SQLite asks the same questions.
func (s *statement) number(index *engine.Index) {
	if s != nil {
		s.plans++
		index.IdxNum = 2 * s.plans
	}
}

// starts notes that a scan starts and returns what measures it; nil if the statement is not measured.
func (s *statement) starts(ctx context.Context, number int, table string) *measuredScan {
	if s == nil || s.analysis == nil {
		return nil
	}
	m := s.analysis.scans[number]
	if m == nil {
		m = &measuredScan{Meter: scan.NewMeter(ctx), table: table}
		s.analysis.scans[number] = m
	}
	m.Start()
	return m
}

// measure is [scan.Meter.Measure].
func (m *measuredScan) measure(ctx context.Context) (context.Context, func()) {
	return m.meter().Measure(ctx)
}

// meter is the meter of a scan, or nil.
func (m *measuredScan) meter() *scan.Meter {
	if m == nil {
		return nil
	}
	return m.Meter
}

// reads notes what a start of the scan reads.
func (m *measuredScan) reads(p *planner.Plan, f *planner.Fetch) {
	if m != nil && m.fetch == nil {
		m.plan, m.fetch = p, f
	}
}

// levelScan is the level of the log at which the scans of statements are logged: that of Verbosity 3.
const levelScan = slog.LevelDebug - 4

// logScans logs what the scans of a statement did, in the order of their plans. Values of parameters are not logged.
func (s *statement) logScans(log *slog.Logger) {
	if s == nil || s.analysis == nil || !log.Enabled(context.Background(), levelScan) {
		return
	}
	for _, number := range slices.Sorted(maps.Keys(s.analysis.scans)) {
		m := s.analysis.scans[number]
		f := m.Figures()
		attrs := []slog.Attr{slog.String("table", m.table)}
		if m.fetch != nil {
			d := m.plan.Describe(m.fetch.Relation, planner.Options{})
			attrs = append(attrs, slog.String("endpoint", m.fetch.Endpoint.Path), slog.String("pushed", d.Pushed),
				slog.String("rechecked", d.Rechecked))
		}
		attrs = append(attrs, slog.Int("requests", f.Requests), slog.Int64("bytes", f.Bytes), slog.Duration("waited", f.Waited),
			slog.Int64("rows", f.Rows), slog.Int64("starts", f.Starts), slog.Int64("replays", f.Replays),
			slog.Duration("first_row", f.FirstRow), slog.Duration("elapsed", f.Elapsed))
		log.LogAttrs(context.Background(), levelScan, "scan", attrs...)
	}
}
