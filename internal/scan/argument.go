package scan

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// cellValue is the value of a column in a row of a page, as SQLite hands values over; false when the page has no such column.
func cellValue(p *page.Page, row, column int) (any, bool) {
	slot := slices.Index(p.Columns, column)
	if slot < 0 {
		return nil, false
	}
	c := p.Cell(row, slot)
	switch c.Kind {
	case page.Integer:
		return c.V, true
	case page.Real:
		return c.Float(), true
	case page.Text:
		return string(p.TextOf(c)), true
	case page.Blob:
		return slices.Clone(p.TextOf(c)), true
	}
	return nil, true
}

// as is a value in the kind of another one, between texts and the integers that they spell: a comparison with a column makes one of the
// other, and a row may hold either. It is nil where it has no such spelling.
func as(value, like any) any {
	switch v := value.(type) {
	case int64:
		switch like.(type) {
		case string:
			return strconv.FormatInt(v, 10)
		case int64:
			return v
		}
		return nil
	case string:
		if _, integer := like.(int64); integer {
			if n, err := strconv.ParseInt(v, 10, 64); err == nil && strconv.FormatInt(n, 10) == v {
				return n
			}
			return nil
		}
	}
	return value
}

// cellIs says whether a cell holds a value, or as a text an integer, or the other way round. NULL is no value.
func cellIs(p *page.Page, row, column int, value any) bool {
	slot := slices.Index(p.Columns, column)
	if slot < 0 {
		return false
	}
	c := p.Cell(row, slot)
	switch v := value.(type) {
	case int64:
		return c.Kind == page.Integer && c.V == v || c.Kind == page.Text && string(p.TextOf(c)) == strconv.FormatInt(v, 10)
	case float64:
		return c.Kind == page.Real && c.Float() == v
	case string:
		return c.Kind == page.Text && string(p.TextOf(c)) == v || c.Kind == page.Integer && strconv.FormatInt(c.V, 10) == v
	case []byte:
		return c.Kind == page.Blob && string(p.TextOf(c)) == string(v)
	}
	return false
}

func sameArg(a, b planner.Arg) bool {
	return string(appendArgs(nil, []planner.Arg{a})) == string(appendArgs(nil, []planner.Arg{b}))
}

// appendArgs spells arguments so that different ones have different spellings.
func appendArgs(dst []byte, args []planner.Arg) []byte {
	for _, a := range args {
		values := a.List
		if !a.IsList {
			values = []any{a.Value}
		}
		dst = binary.AppendUvarint(dst, uint64(len(values)))
		for _, v := range values {
			dst = appendKey(dst, v)
		}
	}
	return dst
}

func appendKey(dst []byte, value any) []byte {
	switch v := value.(type) {
	case int64:
		return binary.AppendVarint(append(dst, 'i'), v)
	case float64:
		return binary.LittleEndian.AppendUint64(append(dst, 'r'), math.Float64bits(v))
	case string:
		return append(binary.AppendUvarint(append(dst, 't'), uint64(len(v))), v...)
	case []byte:
		return append(binary.AppendUvarint(append(dst, 'b'), uint64(len(v))), v...)
	}
	return append(dst, 'n')
}
