//go:build cgo

package engine

// #include "shim.h"
import "C"

import "unsafe"

// CompareTimestamps orders two texts as the collation TIMESTAMP does: -1, 0 or 1.
func CompareTimestamps(a, b string) int {
	r := C.bb_timestamp_compare(nil, C.int(len(a)), unsafe.Pointer(unsafe.StringData(a)), C.int(len(b)), unsafe.Pointer(unsafe.StringData(b)))
	switch {
	case r < 0:
		return -1
	case r > 0:
		return 1
	}
	return 0
}
