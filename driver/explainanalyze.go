package driver

import (
	sqldriver "database/sql/driver"
	"io"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/columntype"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// analyzeColumns are the columns that EXPLAIN ANALYZE has beyond those of EXPLAIN. Times are in milliseconds.
var analyzeColumns = []resultColumn{
	{"ActualRequests", columntype.Integer},
	{"ActualRows", columntype.Integer},
	{"Bytes", columntype.Integer},
	{"Starts", columntype.Integer},
	{"Replays", columntype.Integer},
	{"WaitedMs", columntype.Real},
	{"FirstRowMs", columntype.Real},
	{"ElapsedMs", columntype.Real},
	{"RequestsLeft", columntype.Integer},
}

// The places of ActualRequests and Bytes in a row.
const (
	requestsAt = 8
	bytesAt    = 10
)

// The operations of EXPLAIN ANALYZE that are no steps of the plan.
const (
	totalOperation    = "TOTAL"
	metadataOperation = "READ METADATA" // which schemas there are, before the statement runs
)

// analyzable says whether EXPLAIN ANALYZE may run a statement: running it must change nothing.
func analyzable(k planner.StatementKind) bool {
	switch k {
	case planner.Select, planner.With, planner.Values, planner.GetDeleted:
		return true
	}
	return false
}

func analyzeError(statement string) error {
	return &SyntaxError{Message: "EXPLAIN ANALYZE runs its statement, and is for queries only, not for " + statement +
		": EXPLAIN shows a plan without running it"}
}

// measurement is what a run of the statement showed.
type measurement struct {
	scans             map[int]*measuredScan
	meter             *meter
	firstRow, elapsed time.Duration
}

// analyze runs the statement as a query would, up to MaxRows, and drops its rows.
func (r *run) analyze(cmd command, args []sqldriver.NamedValue) (*measurement, error) {
	m := &measurement{meter: &meter{budget: r.meter.budget, start: time.Now()}}
	ctx := r.conn.session(r.ctx, cmd.text, args, m.meter)
	defer statementOf(ctx).scans.Close()
	statementOf(ctx).explaining = true
	statementOf(ctx).measure()
	m.scans = statementOf(ctx).analysis.scans
	defer statementOf(ctx).logScans(r.conn.connector.log)
	prepared, err := (&run{conn: r.conn, command: cmd, meter: m.meter, ctx: ctx}).compile()
	if err != nil {
		return nil, err
	}
	defer prepared.stmt.Close()
	if !prepared.stmt.ReadOnly() {
		return nil, analyzeError("what changes tables")
	}
	bound, err := bind(cmd.sql.Params, args)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	rows, err := prepared.stmt.Query(ctx, bound)
	if err != nil {
		return nil, runError(ctx, err)
	}
	defer rows.Close()
	for limit := r.conn.config().MaxRows; limit < 0 || m.meter.rows < limit; m.meter.rows++ {
		err := rows.Next(nil)
		if err == io.EOF { // as in resultSet
			break
		}
		if err != nil {
			return nil, runError(ctx, err)
		}
		if m.meter.rows == 0 {
			m.firstRow = time.Since(start)
		}
	}
	m.elapsed = time.Since(start)
	return m, nil
}

// row is the figures of the scan with a number; NULLs for steps that are none. A scan may never have been started.
func (m *measurement) row(number int) []sqldriver.Value {
	if number == 0 {
		return make([]sqldriver.Value, len(analyzeColumns))
	}
	f := m.scans[number].meter().Figures()
	return []sqldriver.Value{
		int64(f.Requests), f.Rows, f.Bytes, f.Starts, f.Replays, milliseconds(f.Waited), firstRow(f.Rows, f.FirstRow), milliseconds(f.Elapsed), nil,
	}
}

// request is the first request of the scan with a number.
func (m *measurement) request(number int) string {
	if m == nil || m.scans[number] == nil || m.scans[number].fetch == nil {
		return ""
	}
	return m.scans[number].fetch.Request()
}

// total is the rows after those of the steps: the figures of the whole statement, and what of its requests no step made.
// left is how many requests the credential has left in the hour; negative is unknown.
func (m *measurement) total(steps [][]sqldriver.Value, whole *api.Budget, left int) [][]sqldriver.Value {
	requests, bytes, returned := int64(whole.Requests()), whole.Bytes(), int64(m.meter.rows)
	for _, s := range steps {
		if n, ok := s[requestsAt].(int64); ok {
			requests -= n
			bytes -= s[bytesAt].(int64)
		}
	}
	var rows [][]sqldriver.Value
	row := func(operation string, figures ...sqldriver.Value) {
		r := make([]sqldriver.Value, len(explainColumns), len(explainColumns)+len(figures))
		r[0], r[1] = int64(len(steps)+len(rows)+1), operation
		rows = append(rows, append(r, figures...))
	}
	if requests > 0 {
		row(metadataOperation, requests, nil, bytes, nil, nil, nil, nil, nil, nil)
	}
	var known sqldriver.Value
	if left >= 0 {
		known = int64(left)
	}
	row(totalOperation, int64(whole.Requests()), returned, whole.Bytes(), nil, nil, milliseconds(whole.Waited()),
		firstRow(returned, m.firstRow), milliseconds(m.elapsed), known)
	return rows
}

func milliseconds(d time.Duration) sqldriver.Value {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}

// firstRow is the time to the first row, NULL where there is none.
func firstRow(rows int64, d time.Duration) sqldriver.Value {
	if rows == 0 {
		return nil
	}
	return milliseconds(d)
}
