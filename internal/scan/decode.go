package scan

import (
	"bytes"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// decoder turns the objects of a page into rows. It is made once for a fetch and safe for concurrent use.
type decoder struct {
	columns []int
	fields  []field
	key     []int // slots of the key, in the order of the key
	// apart are the parameters outside the key that columns repeat: the same object in answers to two values of one is two rows.
	apart   []string
	without int // slot of the column that marks the rows to leave out, -1 for none
	each    *schema.Each
	where   []string
	// bindings are the slots that fill the path of the detail request.
	bindings map[string]int
	details  []int // slots that the detail object fills
	// text is the room for text in the next page, in bytes: about as much as the last one needed.
	text atomic.Int64
}

// field is how a slot is filled.
type field struct {
	kind schema.Type
	// paths are the places of the value; the first that holds one counts.
	paths []path
	// param is the path parameter that the column repeats.
	param   string
	variant bool
	detail  bool
}

// path is the place of a member.
type path struct {
	keys []string
	// around says that it begins in the object around the row.
	around bool
}

func newDecoder(f *planner.Fetch) *decoder {
	t := f.Relation.Table
	d := &decoder{columns: f.Columns, without: -1, each: f.Endpoint.Each}
	slot := map[int]int{}
	if f.Detail {
		// The detail request's path is filled from the row.
		for _, column := range t.Detail.Binds {
			if i := t.Column(column); !contains(d.columns, i) {
				d.columns = append(append([]int(nil), d.columns...), i)
			}
		}
	}
	for i, column := range d.columns {
		slot[column] = i
		c := &t.Columns[column]
		fl := field{kind: c.Type, param: c.Param, variant: c.Variant != nil, detail: c.Detail && f.Detail}
		switch {
		case fl.variant:
			for _, p := range c.Variant {
				fl.paths = append(fl.paths, parsePath(p, d.each != nil))
			}
		case c.Path != "":
			for p := range strings.SplitSeq(c.Path, "|") {
				fl.paths = append(fl.paths, parsePath(p, d.each != nil))
			}
		}
		if fl.detail {
			d.details = append(d.details, i)
		}
		d.fields = append(d.fields, fl)
	}
	if i, ok := slot[f.Without-1]; ok {
		d.without = i
	}
	for _, name := range t.Key {
		if i, ok := slot[t.Column(name)]; ok {
			d.key = append(d.key, i)
		}
	}
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Param != "" && !t.IsKey(c.Name) {
			d.apart = append(d.apart, c.Param)
		}
	}
	if f.Detail {
		d.bindings = map[string]int{}
		for param, column := range t.Detail.Binds {
			d.bindings[param] = slot[t.Column(column)]
		}
	}
	if d.each != nil && d.each.Where != "" {
		d.where = strings.Split(d.each.Where, ".")
	}
	return d
}

func parsePath(s string, each bool) path {
	if s == "." {
		return path{}
	}
	rest, around := strings.CutPrefix(s, "^.")
	return path{keys: strings.Split(rest, "."), around: around && each}
}

func contains(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

// maxRoom bounds the text that a page gets room for beforehand, in bytes.
const maxRoom = 1 << 20

// page makes the rows of objects. The error is an api.Unfit.
func (d *decoder) page(values []*fastjson.Value, b planner.Binding) (*page.Page, error) {
	p := &page.Page{Columns: d.columns}
	p.Cells = make([]page.Cell, 0, len(values)*len(d.fields))
	p.RowIDs = make([]int64, 0, len(values))
	p.Text = make([]byte, 0, d.text.Load())
	defer func() { d.text.Store(int64(min(len(p.Text)+len(p.Text)/8, maxRoom))) }()
	for _, v := range values {
		if d.isNoRow(v) {
			return nil, api.Unfit("has a row in which nothing is")
		}
		if d.each == nil {
			d.row(p, v, v, b)
			continue
		}
		member := v.Get(strings.Split(d.each.Member, ".")...)
		if member != nil && member.Type() != fastjson.TypeNull && member.Type() != fastjson.TypeArray {
			return nil, api.Unfit("has no list of " + d.each.Member)
		}
		for _, element := range member.GetArray() {
			if element.Type() != fastjson.TypeObject {
				return nil, api.Unfit("has a row in which nothing is")
			}
			if d.where == nil || string(element.GetStringBytes(d.where...)) == d.each.Equals {
				d.row(p, element, v, b)
			}
		}
	}
	return p, nil
}

// raw makes the row of a document that is not JSON.
func (d *decoder) raw(body []byte, b planner.Binding) *page.Page {
	p := &page.Page{Columns: d.columns, Rows: 1}
	for i := range d.fields {
		f := &d.fields[i]
		switch {
		case f.param != "":
			d.param(p, f, b)
		case f.kind == schema.Blob:
			p.AppendBlob(body)
		case f.kind == schema.Integer:
			p.AppendInt(int64(len(body)))
		default:
			p.AppendText(bytes.ToValidUTF8(body, []byte("\uFFFD")))
		}
	}
	p.RowIDs = append(p.RowIDs, d.rowID(p, 0, b))
	return p
}

// param repeats a path parameter or input; one that the statement says nothing of is NULL.
func (d *decoder) param(p *page.Page, f *field, b planner.Binding) {
	value, ok := b[f.param]
	if !ok {
		p.AppendNull()
		return
	}
	appendParam(p, f.kind, value)
}

func (d *decoder) row(p *page.Page, v, around *fastjson.Value, b planner.Binding) {
	start := len(p.Cells)
	for i := range d.fields {
		f := &d.fields[i]
		switch {
		case f.detail:
			p.AppendNull()
		case f.param != "":
			d.param(p, f, b)
		default:
			f.append(p, v, around)
		}
	}
	if d.without >= 0 {
		if mark := p.Cells[start+d.without]; mark.Kind == page.Integer && mark.V != 0 {
			p.Cells = p.Cells[:start]
			return
		}
	}
	p.Rows++
	p.RowIDs = append(p.RowIDs, d.rowID(p, start, b))
}

// rowID is the id of a row: of its key, and of what it was asked with.
func (d *decoder) rowID(p *page.Page, start int, b planner.Binding) int64 {
	id := rowID(p, start, d.key)
	for _, param := range d.apart {
		if value, ok := b[param]; ok {
			id = mix(id, param, value)
		}
	}
	return id
}

func (f *field) append(p *page.Page, v, around *fastjson.Value) {
	for i := range f.paths {
		from := v
		if f.paths[i].around {
			from = around
		}
		found := from.Get(f.paths[i].keys...)
		if found == nil || found.Type() == fastjson.TypeNull {
			continue
		}
		if f.variant {
			p.AppendString(f.paths[i].keys[0])
		} else {
			appendJSON(p, f.kind, found)
		}
		return
	}
	p.AppendNull()
}

// errUnfit says of an object that it is not the one that was asked for.
const errUnfit = api.Unfit("has nothing of what was asked for")

// isNoRow says whether a value of a list is none of its objects: a row of it would be one of NULLs.
func (d *decoder) isNoRow(v *fastjson.Value) bool {
	switch o, _ := v.Object(); {
	case o == nil:
		return true
	case o.Len() > 0:
		return false
	}
	// An account that is gone may leave nothing of a member that it stood in.
	return slices.ContainsFunc(d.key, func(slot int) bool {
		return slices.ContainsFunc(d.fields[slot].paths, func(p path) bool { return p.around == (d.each != nil) && len(p.keys) == 1 })
	})
}

// lacksAll says whether an object is not the one that was asked for: it has none of the members that make up its key, although it has
// such, or nothing at all.
func (d *decoder) lacksAll(v *fastjson.Value) bool {
	if d.each != nil {
		return !v.Exists(strings.Split(d.each.Member, ".")...) && !v.Exists("type")
	}
	if lacks, some := d.lacks(v, d.key); some {
		return lacks
	}
	return v.GetObject().Len() == 0 && slices.ContainsFunc(d.fields, func(f field) bool { return len(f.paths) > 0 })
}

// lacks says whether an object has none of the members that slots are filled from, and whether there are such.
func (d *decoder) lacks(v *fastjson.Value, slots []int) (lacks, some bool) {
	for _, slot := range slots {
		for _, p := range d.fields[slot].paths {
			if len(p.keys) == 0 || v.Exists(p.keys...) {
				return false, true
			}
			some = true
		}
	}
	return some, some
}

// detailBinding fills the path of a row's detail request.
func (d *decoder) detailBinding(p *page.Page, row int) planner.Binding {
	b := planner.Binding{}
	for param, slot := range d.bindings {
		b[param] = cellText(p, p.Cell(row, slot))
	}
	return b
}

// detail decodes a detail object into a page of one row, of the detail slots only. The error is an api.Unfit.
func (d *decoder) detail(root *fastjson.Value) (*page.Page, error) {
	if lacks, _ := d.lacks(root, d.details); lacks && !root.Exists("type") {
		return nil, errUnfit
	}
	p := &page.Page{Rows: 1}
	for _, slot := range d.details {
		d.fields[slot].append(p, root, root)
	}
	return p, nil
}

// merge puts the cells of a detail object into its row.
func (d *decoder) merge(p *page.Page, row int, detail *page.Page) {
	for i, slot := range d.details {
		c := detail.Cells[i]
		if c.Kind == page.Text {
			text := detail.TextOf(c)
			c.V = int64(len(p.Text))
			p.Text = append(p.Text, text...)
		}
		p.Cells[row*len(d.columns)+slot] = c
	}
}
