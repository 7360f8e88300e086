package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// jsonWriter writes each result as an array of objects, or as a line for each object. A document that is not complete does
// not parse. Members keep the order of the columns; names that come twice get a number.
type jsonWriter struct {
	out     *steady
	lines   bool
	columns []column
	names   [][]byte // as JSON, with the colon
	rows    int
	buffer  bytes.Buffer
}

func (w *jsonWriter) begin(columns []column) error {
	w.columns, w.names, w.rows = columns, nil, 0
	for _, name := range uniqueNames(columns) {
		quoted, err := jsonString(name)
		if err != nil {
			return err
		}
		w.names = append(w.names, append(quoted, ':'))
	}
	return nil
}

func (w *jsonWriter) row(values []any) error {
	b := &w.buffer
	b.Reset()
	switch {
	case w.lines:
	case w.rows == 0:
		b.WriteString("[\n")
	default:
		b.WriteString(",\n")
	}
	w.rows++
	b.WriteByte('{')
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(w.names[i])
		if err := w.columns[i].appendJSON(b, v); err != nil {
			return fmt.Errorf("column %s: %w", w.columns[i].name, err)
		}
	}
	b.WriteByte('}')
	if w.lines {
		b.WriteByte('\n')
	}
	if _, err := w.out.Write(b.Bytes()); err != nil {
		return err
	}
	return w.out.rowEnd()
}

func (w *jsonWriter) end() error {
	if !w.lines {
		closing := "\n]\n"
		if w.rows == 0 {
			closing = "[]\n"
		}
		if _, err := w.out.WriteString(closing); err != nil {
			return err
		}
	}
	return w.out.Flush()
}

// appendJSON writes a value.
func (c column) appendJSON(b *bytes.Buffer, v any) error {
	switch value := v.(type) {
	case string:
		if c.kind == "JSON" {
			start := b.Len()
			if json.Compact(b, []byte(value)) == nil {
				return nil
			}
			b.Truncate(start)
		}
		quoted, err := jsonString(value)
		b.Write(quoted)
		return err
	case time.Time:
		v = c.timeText(value)
	case float64:
		if math.IsInf(value, 0) || math.IsNaN(value) { // JSON has no such numbers
			v = floatText(value)
		}
	}
	encoded, err := json.Marshal(v) // BLOBs as base64
	b.Write(encoded)
	return err
}

// jsonString is a string in JSON, without the escapes that are for HTML.
func jsonString(s string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(s)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// uniqueNames are the names of the columns, those that come again with a number.
func uniqueNames(columns []column) []string {
	taken := make(map[string]bool)
	for _, c := range columns {
		taken[c.name] = true
	}
	seen, names := make(map[string]bool), make([]string, len(columns))
	for i, c := range columns {
		name := c.name
		for n := 2; seen[name] || name != c.name && taken[name]; n++ {
			name = fmt.Sprintf("%s_%d", c.name, n)
		}
		seen[name], names[i] = true, name
	}
	return names
}
