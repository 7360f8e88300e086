//go:build cgo

package engine

// #include "shim.h"
import "C"

import (
	"fmt"
	"time"
	"unsafe"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// toGo copies a value out of C.
func toGo(v *C.bb_value) Value {
	switch v._type {
	case C.SQLITE_INTEGER:
		return int64(v.i)
	case C.SQLITE_FLOAT:
		return float64(v.d)
	case C.SQLITE_TEXT:
		return string(unsafe.Slice((*byte)(v.p), int(v.n)))
	case C.SQLITE_BLOB:
		b := make([]byte, int(v.n))
		copy(b, unsafe.Slice((*byte)(v.p), int(v.n)))
		return b
	}
	return nil
}

// flat is a Go value as the C functions take it. i is the integer, or the length of what p points to in Go memory.
type flat struct {
	kind C.int
	i    C.sqlite3_int64
	d    C.double
	p    unsafe.Pointer
}

// flatten takes the value types of database/sql/driver. The value must stay reachable while the result is in use.
func flatten(v Value) (flat, error) {
	switch v := v.(type) {
	case nil:
		return flat{kind: C.SQLITE_NULL}, nil
	case int64:
		return flat{kind: C.SQLITE_INTEGER, i: C.sqlite3_int64(v)}, nil
	case int:
		return flat{kind: C.SQLITE_INTEGER, i: C.sqlite3_int64(v)}, nil
	case bool:
		if v {
			return flat{kind: C.SQLITE_INTEGER, i: 1}, nil
		}
		return flat{kind: C.SQLITE_INTEGER}, nil
	case float64:
		return flat{kind: C.SQLITE_FLOAT, d: C.double(v)}, nil
	case string:
		return flat{kind: C.SQLITE_TEXT, p: unsafe.Pointer(unsafe.StringData(v)), i: C.sqlite3_int64(len(v))}, nil
	case []byte:
		if v == nil {
			return flat{kind: C.SQLITE_NULL}, nil
		}
		return flat{kind: C.SQLITE_BLOB, p: unsafe.Pointer(unsafe.SliceData(v)), i: C.sqlite3_int64(len(v))}, nil
	case time.Time:
		return flatten(v.UTC().Format(timestamp.Layout))
	}
	return flat{}, fmt.Errorf("a value of type %T cannot be passed to SQL: use a string, a number, bool, []byte or time.Time", v)
}
