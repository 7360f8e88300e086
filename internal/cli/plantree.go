package cli

import (
	"database/sql"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// step is a row of EXPLAIN.
type step struct {
	depth     int
	operation string
	details   [][2]string // name and value
}

// planColumns begin the columns of EXPLAIN and EXPLAIN ANALYZE.
var planColumns = []string{"Step", "Operation", "Requests", "Request", "Pushed", "Rechecked", "NotPushed", "Why"}

// detailWidth is the place that the name of a detail takes.
const detailWidth = 12

// detailNames are the names that columns have in the tree.
var detailNames = map[string]string{
	"Requests": "requests", "Request": "request", "Pushed": "pushed", "Rechecked": "rechecked", "NotPushed": "not pushed", "Why": "why",
}

// isPlan tells whether the columns of a result are those of EXPLAIN.
func isPlan(columns []column) bool {
	if len(columns) < len(planColumns) {
		return false
	}
	for i, name := range planColumns {
		if columns[i].name != name {
			return false
		}
	}
	return true
}

// readSteps reads the rows of EXPLAIN.
func readSteps(rows *sql.Rows) ([]step, error) {
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, pointers := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i := range values {
		pointers[i] = &values[i]
	}
	var steps []step
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return nil, err
		}
		row := make(map[string]string, len(columns))
		var s step
		for i, name := range columns {
			if !values[i].Valid {
				continue
			}
			row[name] = values[i].String
			if detail := detailNames[name]; detail == "why" {
				for reason := range strings.SplitSeq(values[i].String, "; ") {
					s.details = append(s.details, [2]string{detail, reason})
					detail = ""
				}
			} else if detail != "" {
				s.details = append(s.details, [2]string{detail, values[i].String})
			}
		}
		s.operation = strings.TrimLeft(row["Operation"], " ")
		s.depth = (len(row["Operation"]) - len(s.operation)) / 2
		if row["ActualRequests"] != "" {
			s.details = append(s.details, [2]string{"actual", actual(row)})
		}
		steps = append(steps, s)
	}
	return steps, rows.Err()
}

// actual says what a step did, from the figures of EXPLAIN ANALYZE.
func actual(row map[string]string) string {
	if row["Starts"] == "0" {
		return "never started"
	}
	var parts []string
	count := func(column, thing string) {
		if n, err := strconv.Atoi(row[column]); err == nil {
			parts = append(parts, plural(n, thing))
		}
	}
	count("ActualRequests", "request")
	count("ActualRows", "row")
	if n, err := strconv.ParseInt(row["Bytes"], 10, 64); err == nil {
		parts = append(parts, size(n))
	}
	duration := func(column, format string) {
		if ms, err := strconv.ParseFloat(row[column], 64); err == nil {
			parts = append(parts, fmt.Sprintf(format, elapsed(time.Duration(ms*float64(time.Millisecond)))))
		}
	}
	duration("FirstRowMs", "first row after %s")
	duration("ElapsedMs", "%s in all")
	if row["WaitedMs"] != "0" {
		duration("WaitedMs", "requests waited %s")
	}
	if row["Starts"] != "" && row["Starts"] != "1" {
		count("Starts", "start")
	}
	if n, err := strconv.Atoi(row["Replays"]); err == nil && n > 0 {
		parts = append(parts, thousands(n)+" of them from rows read before")
	}
	if n, err := strconv.Atoi(row["RequestsLeft"]); err == nil {
		parts = append(parts, thousands(n)+" left in the hour")
	}
	return strings.Join(parts, ", ")
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 1000:
		return plural(int(n), "byte")
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// writeTree draws the steps as a tree. Texts that are too long for the width, if that is not 0, go on below themselves.
func writeTree(w io.Writer, steps []step, p paint, width int) error {
	var b strings.Builder
	// The trunk goes on to the left of each line, the head stands in the first only.
	line := func(trunk, head, below, s string, color func(string) string) {
		room := 0
		if width > 0 {
			room = max(leastRoom, width-displayWidth(trunk+head))
		}
		for _, piece := range wrap(s, room) {
			b.WriteString(p.dim(trunk+head) + color(piece) + "\n")
			head = below
		}
	}
	for i, s := range steps {
		var trunk strings.Builder
		for depth := range s.depth {
			if continues(steps, i, depth) {
				trunk.WriteString("│  ")
			} else {
				trunk.WriteString("   ")
			}
		}
		branch, below := "└─ ", "   "
		if continues(steps, i, s.depth) {
			branch, below = "├─ ", "│  "
		}
		children := "  "
		if i+1 < len(steps) && steps[i+1].depth > s.depth {
			children = "│ "
		}
		line(trunk.String(), branch, below+children, printable(s.operation), p.bold)
		for _, d := range s.details {
			line(trunk.String()+below+children, fmt.Sprintf("%-10s  ", d[0]), strings.Repeat(" ", detailWidth), printable(d[1]), plain)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// continues tells whether another step of the depth follows under the same parent.
func continues(steps []step, i, depth int) bool {
	for _, s := range steps[i+1:] {
		if s.depth <= depth {
			return s.depth == depth
		}
	}
	return false
}
