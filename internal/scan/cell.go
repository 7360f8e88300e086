package scan

import (
	"bytes"
	"encoding/binary"
	"hash/fnv"
	"math"
	"strconv"

	"github.com/valyala/fastjson"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// appendJSON appends a JSON value as a cell of the column's type. A value of an unexpected type keeps its text: what
// Bitbucket says is shown, not dropped.
func appendJSON(p *page.Page, kind schema.Type, v *fastjson.Value) {
	switch v.Type() {
	case fastjson.TypeString:
		appendString(p, kind, v.GetStringBytes())
		return
	case fastjson.TypeTrue, fastjson.TypeFalse:
		if kind != schema.Text && kind != schema.JSON {
			p.AppendBool(v.Type() == fastjson.TypeTrue)
			return
		}
	case fastjson.TypeNumber:
		if appendNumber(p, kind, v) {
			return
		}
	}
	start := len(p.Text)
	p.Text = appendText(p.Text, v)
	p.Cells = append(p.Cells, page.Cell{Kind: page.Text, V: int64(start), Len: uint32(len(p.Text) - start)})
}

func appendString(p *page.Page, kind schema.Type, s []byte) {
	switch kind {
	case schema.JSON:
		start := len(p.Text)
		p.Text = appendQuoted(p.Text, s)
		p.Cells = append(p.Cells, page.Cell{Kind: page.Text, V: int64(start), Len: uint32(len(p.Text) - start)})
		return
	case schema.Timestamp:
		start := len(p.Text)
		if text, ok := timestamp.AppendCanonical(p.Text, string(s)); ok {
			p.Text = text
			p.Cells = append(p.Cells, page.Cell{Kind: page.Text, V: int64(start), Len: uint32(len(text) - start)})
			return
		}
	}
	p.AppendText(s)
}

func appendNumber(p *page.Page, kind schema.Type, v *fastjson.Value) bool {
	switch kind {
	case schema.Integer, schema.Boolean:
		if n, err := v.Int64(); err == nil {
			p.AppendInt(n)
			return true
		}
		if !bytes.ContainsAny(v.MarshalTo(nil), ".eE") {
			return false // A real number would be another one.
		}
	case schema.Real:
	default:
		return false
	}
	f, err := v.Float64()
	if err != nil || math.IsInf(f, 0) {
		return false
	}
	p.AppendFloat(f)
	return true
}

// appendParam appends the value of a path parameter.
func appendParam(p *page.Page, kind schema.Type, value string) {
	switch kind {
	case schema.Integer:
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			p.AppendInt(n)
			return
		}
	case schema.Boolean:
		if b, err := strconv.ParseBool(value); err == nil {
			p.AppendBool(b)
			return
		}
	}
	p.AppendString(value)
}

// appendValue appends a constant.
func appendValue(p *page.Page, value any) {
	switch v := value.(type) {
	case int64:
		p.AppendInt(v)
	case bool:
		p.AppendBool(v)
	case string:
		p.AppendString(v)
	default:
		p.AppendNull()
	}
}

// cellText is the cell as it stands in a path.
func cellText(p *page.Page, c page.Cell) string {
	switch c.Kind {
	case page.Integer:
		return strconv.FormatInt(c.V, 10)
	case page.Text:
		return string(p.TextOf(c))
	}
	return ""
}

// rowID hashes the key of a row (FNV-1a, 64 bits): the same row has the same id in every scan of its table, by which SQLite
// tells rows apart where it reads a table twice.
func rowID(p *page.Page, start int, key []int) int64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	var number [9]byte
	for _, slot := range key {
		c := p.Cells[start+slot]
		bytes := number[:]
		number[0] = byte(c.Kind)
		if c.Kind == page.Text || c.Kind == page.Blob {
			binary.LittleEndian.PutUint64(number[1:], uint64(c.Len))
		} else {
			binary.LittleEndian.PutUint64(number[1:], uint64(c.V))
		}
		for _, b := range bytes {
			h = (h ^ uint64(b)) * prime
		}
		if c.Kind == page.Text || c.Kind == page.Blob {
			for _, b := range p.TextOf(c) {
				h = (h ^ uint64(b)) * prime
			}
		}
	}
	return int64(h)
}

// mix makes the id of a row from that of its key and a parameter that it was asked with.
func mix(id int64, param, value string) int64 {
	h := fnv.New64a()
	var number [8]byte
	binary.LittleEndian.PutUint64(number[:], uint64(id))
	for _, part := range [][]byte{number[:], []byte(param), {0}, []byte(value)} {
		h.Write(part)
	}
	return int64(h.Sum64())
}
