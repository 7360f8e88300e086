package cli

import (
	"database/sql"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

const (
	// tableBatch is the number of rows that are held to find the widths of columns.
	tableBatch = 500
	// narrow is the width that no column is cut below.
	narrow = 8
)

// tableWriter writes tables with lines around them. The first rows decide how wide the columns are. Where there are too many
// columns for the width, each row becomes a record, a line for each column.
type tableWriter struct {
	w       io.Writer
	width   int // 0 is any
	columns []column
	batch   []table.Row
	widths  []int // once the first rows are written
	records bool
	rows    int // written
	results int
	// plans, when set, has the results of EXPLAIN drawn as trees, in its colours.
	plans *paint
}

// plan writes the result of an EXPLAIN as a tree.
func (t *tableWriter) plan(rows *sql.Rows) error {
	steps, err := readSteps(rows)
	if err != nil {
		return err
	}
	if t.results++; t.results > 1 {
		if _, err := io.WriteString(t.w, "\n"); err != nil {
			return err
		}
	}
	return writeTree(t.w, steps, *t.plans, t.width)
}

func (t *tableWriter) begin(columns []column) error {
	if t.results++; t.results > 1 {
		if _, err := io.WriteString(t.w, "\n"); err != nil {
			return err
		}
	}
	t.columns, t.batch, t.widths, t.records, t.rows = columns, nil, nil, false, 0
	return nil
}

func (t *tableWriter) row(values []any) error {
	row := make(table.Row, len(values))
	for i, v := range values {
		row[i] = "NULL"
		if v != nil {
			row[i] = printable(t.columns[i].text(v))
		}
	}
	if t.batch = append(t.batch, row); len(t.batch) < tableBatch {
		return nil
	}
	return t.flush(false)
}

func (t *tableWriter) end() error { return t.flush(true) }

// flush writes the rows held.
func (t *tableWriter) flush(last bool) error {
	first := t.widths == nil
	if first {
		t.layOut()
	}
	rows := t.batch
	t.batch = nil
	t.rows += len(rows)
	if t.records {
		return t.writeRecords(rows, t.rows-len(rows))
	}
	lines := strings.SplitAfter(t.render(rows, first)+"\n", "\n")
	lines = lines[:len(lines)-1]
	if !first {
		lines = lines[1:] // the line above the rows
	}
	if !last {
		lines = lines[:len(lines)-1] // the line below
	}
	_, err := io.WriteString(t.w, strings.Join(lines, ""))
	return err
}

// layOut decides on the widths by the rows held.
func (t *tableWriter) layOut() {
	t.widths = make([]int, len(t.columns))
	least, sum := make([]int, len(t.columns)), 0
	for i, c := range t.columns {
		values := 0
		for _, row := range t.batch {
			values = max(values, displayWidth(row[i].(string)))
		}
		t.widths[i] = max(values, displayWidth(printable(c.name)))
		least[i] = min(t.widths[i], narrow)
		if !c.mayBeCut() {
			least[i] = max(least[i], values) // the name may be cut, which is all of an expression without one
		}
		sum += least[i]
	}
	if t.width == 0 {
		return
	}
	room := t.width - 3*len(t.columns) - 1
	if t.records = sum > room; !t.records {
		fit(t.widths, least, room)
	}
}

// fit cuts the widest columns, none below its least width, until all fit into the room, which has place for these.
func fit(widths, least []int, room int) {
	sum := 0
	for i := range widths {
		widths[i] = min(widths[i], max(room, least[i]))
		sum += widths[i]
	}
	for ; sum > room; sum-- {
		widest := -1
		for i := range widths {
			if widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		widths[widest]--
	}
}

// render is a table of the rows, with its frame.
func (t *tableWriter) render(rows []table.Row, heading bool) string {
	w := table.NewWriter()
	style := table.StyleRounded
	style.Format.Header = text.FormatDefault
	w.SetStyle(style)
	configs := make([]table.ColumnConfig, len(t.columns))
	header := make(table.Row, len(t.columns))
	for i, c := range t.columns {
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMin: t.widths[i]}
		if c.isNumber() {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
		header[i] = printable(c.name)
		if t.width > 0 {
			header[i] = shorten(printable(c.name), t.widths[i])
		}
	}
	w.SetColumnConfigs(configs)
	if heading {
		w.AppendHeader(header)
	}
	for _, row := range rows {
		for i := range row {
			row[i] = t.cut(row[i].(string), i)
		}
		w.AppendRow(row)
	}
	if heading || len(rows) > 0 {
		return w.Render()
	}
	empty := make(table.Row, len(t.columns)) // a frame needs a row to be drawn
	for i := range empty {
		empty[i] = ""
	}
	w.AppendRow(empty)
	lines := strings.Split(w.Render(), "\n")
	return lines[0] + "\n" + lines[len(lines)-1]
}

// cut shortens what is too wide for its column, if there is a width to keep to.
func (t *tableWriter) cut(s string, i int) string {
	if t.width == 0 || !t.columns[i].mayBeCut() || displayWidth(s) <= t.widths[i] {
		return s
	}
	return shorten(s, t.widths[i])
}

// writeRecords writes rows as records, which are counted from the number on.
func (t *tableWriter) writeRecords(rows []table.Row, number int) error {
	names, longest, room := make([]string, len(t.columns)), 0, 0
	for i, c := range t.columns {
		names[i] = printable(c.name)
		if t.width > 0 {
			names[i] = shorten(names[i], max(3*narrow, t.width*2/3))
		}
		longest = max(longest, displayWidth(names[i]))
	}
	if t.width > 0 {
		room = max(leastRoom, t.width-longest-2)
	}
	var b strings.Builder
	for i, row := range rows {
		heading := fmt.Sprintf("─── row %d ", number+i+1)
		b.WriteString(heading + strings.Repeat("─", max(0, min(t.width, 60)-displayWidth(heading))) + "\n")
		for j := range t.columns {
			b.WriteString(text.Pad(names[j], longest, ' ') + "  " + indented(wrapWords(row[j].(string), room), longest+2) + "\n")
		}
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

func displayWidth(s string) int { return text.StringWidthWithoutEscSequences(s) }

// shorten cuts a text to a width and ends it in an ellipsis.
func shorten(s string, width int) string {
	if displayWidth(s) <= width {
		return s
	}
	return text.Trim(s, width-1) + "…"
}
