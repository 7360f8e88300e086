// Package page holds rows on their way from JSON to SQLite: one page of a scan is two flat slices, cells and the text that
// they point into, so that a page crosses from Go into C with two copies and no allocation per cell.
package page

import "math"

// Kind is the storage class of a cell.
type Kind uint8

// The storage classes; those of SQLite that a cell can have.
const (
	Null Kind = iota
	Integer
	Real
	Text
	Blob
)

// Cell is one value. Its layout is known to the C side of internal/engine.
type Cell struct {
	// V is the integer, the bits of the float, or the offset of the text or blob in Page.Text.
	V int64
	// Len is the length of the text or blob in bytes.
	Len uint32
	// Kind says which of them it is.
	Kind Kind
	_    [3]byte
}

// Page is a run of rows. Cells are row-major: row r, slot s is Cells[r*len(Columns)+s].
type Page struct {
	// Columns says for each slot which column of the table it fills. A column without a slot reads as NULL. It is shared
	// by the pages of a scan and must not be changed.
	Columns []int
	// Rows is the number of rows; with no slots at all it is the only content.
	Rows int
	// RowIDs are the rows' ids: unique in the table and the same in every scan. Empty means that the rows are numbered as
	// they come, which is right only where nothing but their number is read.
	RowIDs []int64
	Cells  []Cell
	Text   []byte
	// Passed says that SQLite passes over the rows, which stand for those of an OFFSET: their values are those of no row.
	Passed bool
}

// Cut drops the rows behind the first ones.
func (p *Page) Cut(rows int) {
	if rows >= p.Rows {
		return
	}
	p.Rows = rows
	p.Cells = p.Cells[:rows*len(p.Columns)]
	if len(p.RowIDs) > rows {
		p.RowIDs = p.RowIDs[:rows]
	}
}

// AppendNull appends a NULL cell.
func (p *Page) AppendNull() { p.Cells = append(p.Cells, Cell{}) }

// AppendInt appends an integer cell.
func (p *Page) AppendInt(v int64) { p.Cells = append(p.Cells, Cell{Kind: Integer, V: v}) }

// AppendBool appends a boolean as SQLite keeps it: 0 or 1.
func (p *Page) AppendBool(v bool) {
	if v {
		p.AppendInt(1)
	} else {
		p.AppendInt(0)
	}
}

// AppendFloat appends a floating-point cell.
func (p *Page) AppendFloat(v float64) {
	p.Cells = append(p.Cells, Cell{Kind: Real, V: int64(math.Float64bits(v))})
}

// AppendText appends a copy of the text.
func (p *Page) AppendText(v []byte) {
	p.Cells = append(p.Cells, Cell{Kind: Text, V: int64(len(p.Text)), Len: uint32(len(v))})
	p.Text = append(p.Text, v...)
}

// AppendString appends a copy of the text.
func (p *Page) AppendString(v string) {
	p.Cells = append(p.Cells, Cell{Kind: Text, V: int64(len(p.Text)), Len: uint32(len(v))})
	p.Text = append(p.Text, v...)
}

// AppendBlob appends a copy of the bytes.
func (p *Page) AppendBlob(v []byte) {
	p.AppendText(v)
	p.Cells[len(p.Cells)-1].Kind = Blob
}

// Cell returns the cell of a row and slot.
func (p *Page) Cell(row, slot int) Cell { return p.Cells[row*len(p.Columns)+slot] }

// TextOf returns the bytes of a text or blob cell. It points into the page.
func (p *Page) TextOf(c Cell) []byte { return p.Text[c.V : c.V+int64(c.Len)] }

// Float returns the value of a floating-point cell.
func (c Cell) Float() float64 { return math.Float64frombits(uint64(c.V)) }

// Size is roughly the memory that the page holds, in bytes.
func (p *Page) Size() int { return cap(p.Cells)*16 + cap(p.Text) + cap(p.RowIDs)*8 }
