package metadata

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/page"
	"github.com/seed281e34fa/bitbucketsql/planner"
)

// rows takes rows and keeps those that the statement may need.
type rows struct {
	columns []column
	slots   []int
	terms   []term
	page    page.Page
	// describesColumns and viewsOnly are those of the table.
	describesColumns, viewsOnly bool
	// known are the tables of schemas that were looked at before: the inner side of a join asks again and again.
	known map[schemaKey][]*planner.Relation
}

// add adds a row: a value for each column, which is a string, an int, a bool or nil.
func (r *rows) add(row ...any) {
	if len(row) != len(r.columns) {
		panic(fmt.Sprintf("metadata: %d values for the %d columns that begin with %s", len(row), len(r.columns), r.columns[0].name))
	}
	for i := range r.terms {
		if !r.terms[i].admits(row[r.terms[i].column]) {
			return
		}
	}
	r.page.Rows++
	r.page.RowIDs = append(r.page.RowIDs, rowID(row))
	for _, i := range r.slots {
		switch v := row[i].(type) {
		case nil:
			r.page.AppendNull()
		case string:
			r.page.AppendString(v)
		case int:
			r.page.AppendInt(int64(v))
		case bool:
			r.page.AppendBool(v)
		default:
			panic(fmt.Sprintf("metadata: column %s has a %T", r.columns[i].name, v))
		}
	}
}

// rowID names a row by what it says, so that it is the same in every scan.
func rowID(row []any) int64 {
	h := fnv.New64a()
	var buffer [64]byte
	for _, v := range row {
		b := append(buffer[:0], 0)
		switch v := v.(type) {
		case string:
			b = append(b, v...)
		case int:
			b = strconv.AppendInt(b, int64(v), 10)
		case bool:
			b = strconv.AppendBool(b, v)
		}
		_, _ = h.Write(b)
	}
	return int64(h.Sum64())
}

// admits says whether the statement may want rows about a schema or table.
func (r *rows) admits(kind kind, name string) bool {
	for i := range r.terms {
		if r.terms[i].kind == kind && !r.terms[i].admits(name) {
			return false
		}
	}
	return true
}

// among says whether the statement wants only rows about schemas or tables that belong to a set.
func (r *rows) among(kind kind, belongs func(name string) bool) bool {
	return slices.ContainsFunc(r.terms, func(t term) bool {
		return t.kind == kind && !slices.ContainsFunc(t.values, func(v engine.Value) bool {
			name, ok := v.(string)
			return v != nil && !(ok && belongs(name))
		})
	})
}

// names says whether the statement names a schema or table that belongs to a set.
func (r *rows) names(kind kind, belongs func(name string) bool) bool {
	return slices.ContainsFunc(r.terms, func(t term) bool {
		return t.kind == kind && slices.ContainsFunc(t.values, func(v engine.Value) bool {
			name, ok := v.(string)
			return ok && belongs(name) && r.admits(kind, name)
		})
	})
}

// term says that a column equals one of some values.
type term struct {
	column int
	kind   kind
	values []engine.Value
}

// admits says whether a value of the column may be equal. For booleans the answer is exact, else SQLite compares again.
func (t *term) admits(cell any) bool {
	for _, v := range t.values {
		if t.kind == boolKind {
			if b, ok := toBool(v); ok && cell == b {
				return true
			}
			continue
		}
		switch v := v.(type) {
		case nil:
		case string:
			if s, ok := cell.(string); ok && strings.EqualFold(s, v) {
				return true
			}
		default: // SQLite turns a number to text to compare it
			return true
		}
	}
	return false
}

// toBool is the truth that a value compared with a boolean stands for.
func toBool(v engine.Value) (value, ok bool) {
	switch v := v.(type) {
	case int64:
		return v == 1, v == 0 || v == 1
	case float64:
		return v == 1, v == 0 || v == 1
	case string:
		switch strings.ToLower(v) {
		case "true", "1":
			return true, true
		case "false", "0":
			return false, true
		}
	}
	return false, false
}
