package cli

import (
	"database/sql"
	"io"
)

// resultWriter writes results, one after another. Without a call of end, what was written is not complete, and an
// unfinished piece of it may be missing.
type resultWriter interface {
	begin(columns []column) error
	row(values []any) error
	end() error
}

// newResultWriter makes the writer of a format. Tables keep to the width, if it is not 0.
func newResultWriter(format string, w io.Writer, width int) resultWriter {
	switch format {
	case "csv":
		return newCSVWriter(w)
	case "json":
		return &jsonWriter{out: newSteady(w)}
	case "jsonl":
		return &jsonWriter{out: newSteady(w), lines: true}
	}
	return &tableWriter{w: w, width: width}
}

// writeResults writes all results of a query and closes it.
func writeResults(rows *sql.Rows, w resultWriter) error {
	defer rows.Close()
	for {
		if err := writeResult(rows, w); err != nil {
			return err
		}
		if !rows.NextResultSet() {
			return rows.Err()
		}
	}
}

func writeResult(rows *sql.Rows, w resultWriter) error {
	columns, err := columnsOf(rows)
	if err != nil {
		return err
	}
	if len(columns) == 0 { // a statement without a result
		return rows.Err()
	}
	if t, ok := w.(*tableWriter); ok && t.plans != nil && isPlan(columns) {
		return t.plan(rows)
	}
	if err := w.begin(columns); err != nil {
		return err
	}
	values, pointers := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		pointers[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return err
		}
		if err := w.row(values); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return w.end()
}
