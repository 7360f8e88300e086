package scan

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// Lookup is an equality with a value, which SQLite checks again: rows for which it does not hold may be left out.
type Lookup struct {
	Column int
	Value  any
}

// rowsFound are rows of a whole scan, in its order.
type rowsFound struct {
	pages []*page.Page
	rows  []rowAt
}

// rowAt is the place of a row in a scan.
type rowAt struct{ page, row int32 }

// compare orders places as the scan has them.
func (a rowAt) compare(b rowAt) int {
	if a.page != b.page {
		return int(a.page - b.page)
	}
	return int(a.row - b.row)
}

// foundRows is the length of the pages of rows found.
const foundRows = 256

// hashed are the rows of a scan by the value of a column.
type hashed struct {
	// texts and integers are the rows whose cell is one, and rest those whose cell is neither, nor NULL.
	texts    map[string][]rowAt
	integers map[int64][]rowAt
	rest     []rowAt
}

// lookUp returns the rows that may hold the value, or nil where they are all the rows. It compares a text with texts and an
// integer with integers, byte by byte, as the collating sequence BINARY does; how cells of other kinds compare is left to SQLite.
func (t *shared) lookUp(k *Lookup) *rowsFound {
	t.mu.Lock()
	pages := t.pages
	t.mu.Unlock()
	h := t.hash(k.Column, pages)
	if h == nil {
		return nil
	}
	var rows []rowAt
	switch v := k.Value.(type) {
	case nil:
		return &rowsFound{pages: pages}
	case string:
		if len(h.integers) > 0 || isNumber(v) {
			return nil // Against a column of numbers SQLite compares numbers.
		}
		rows = h.texts[v]
	case int64:
		if len(h.texts) > 0 {
			return nil
		}
		rows = h.integers[v]
	default:
		return nil
	}
	if len(h.rest) > 0 {
		rows = append(slices.Clone(rows), h.rest...)
		slices.SortFunc(rows, rowAt.compare)
	}
	return &rowsFound{pages: pages, rows: rows}
}

// isNumber says whether SQLite could read the text as a number.
func isNumber(s string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return err == nil || errors.Is(err, strconv.ErrRange)
}

// hash makes the index of a column once; nil when a page has no such column.
func (t *shared) hash(column int, pages []*page.Page) *hashed {
	if h, ok := t.hashes[column]; ok {
		return h
	}
	if t.hashes == nil {
		t.hashes = map[int]*hashed{}
	}
	h := &hashed{texts: map[string][]rowAt{}, integers: map[int64][]rowAt{}}
	for i, p := range pages {
		slot := slices.Index(p.Columns, column)
		if slot < 0 {
			t.hashes[column] = nil
			return nil
		}
		for row := range p.Rows {
			at := rowAt{int32(i), int32(row)}
			switch c := p.Cell(row, slot); c.Kind {
			case page.Null: // equals nothing
			case page.Text:
				text := string(p.TextOf(c))
				h.texts[text] = append(h.texts[text], at)
			case page.Integer:
				h.integers[c.V] = append(h.integers[c.V], at)
			default:
				h.rest = append(h.rest, at)
			}
		}
	}
	t.hashes[column] = h
	return h
}

// nextFound gives the next of the rows found.
func (u *Use) nextFound() (*page.Page, error) {
	f := u.found
	if len(f.rows) == 0 {
		u.ended = true
		return nil, io.EOF
	}
	n := min(len(f.rows), foundRows)
	first := f.pages[f.rows[0].page]
	out := &page.Page{Columns: first.Columns}
	for _, at := range f.rows[:n] {
		p := f.pages[at.page]
		if !slices.Equal(p.Columns, out.Columns) {
			// Rows of other columns, after a filter was refused, are in a page of their own.
			break
		}
		out.Rows++
		slots := len(p.Columns)
		for _, c := range p.Cells[int(at.row)*slots : (int(at.row)+1)*slots] {
			if c.Kind == page.Text || c.Kind == page.Blob {
				text := p.TextOf(c)
				c.V = int64(len(out.Text))
				out.Text = append(out.Text, text...)
			}
			out.Cells = append(out.Cells, c)
		}
		if len(p.RowIDs) > 0 {
			out.RowIDs = append(out.RowIDs, p.RowIDs[at.row])
		}
	}
	f.rows = f.rows[out.Rows:]
	u.at++
	u.page = out
	u.rows += out.Rows
	return out, nil
}
