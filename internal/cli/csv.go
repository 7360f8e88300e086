package cli

import (
	"encoding/csv"
	"io"
)

// csvWriter writes CSV as RFC 4180 has it, with the names in the first record and NULL as an empty field. An empty line
// separates results.
type csvWriter struct {
	out     *steady
	csv     *csv.Writer
	columns []column
	record  []string
	results int
}

func newCSVWriter(w io.Writer) *csvWriter {
	out := newSteady(w)
	return &csvWriter{out: out, csv: csv.NewWriter(out)}
}

func (w *csvWriter) begin(columns []column) error {
	if w.results++; w.results > 1 {
		if err := w.out.WriteByte('\n'); err != nil {
			return err
		}
	}
	w.columns, w.record = columns, make([]string, len(columns))
	for i, c := range columns {
		w.record[i] = c.name
	}
	return w.write()
}

func (w *csvWriter) row(values []any) error {
	for i, v := range values {
		w.record[i] = ""
		if v != nil {
			w.record[i] = w.columns[i].text(v)
		}
	}
	return w.write()
}

func (w *csvWriter) write() error {
	if err := w.csv.Write(w.record); err != nil {
		return err
	}
	w.csv.Flush() // into out
	if err := w.csv.Error(); err != nil {
		return err
	}
	return w.out.rowEnd()
}

func (w *csvWriter) end() error { return w.out.Flush() }
