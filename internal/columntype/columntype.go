// Package columntype tells the types of result columns: from what SQLite declares of them, from the text of the statement, or at
// the last from a value, and turns values of the engine into the Go values of their columns.
package columntype

import (
	sqldriver "database/sql/driver"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// Type is the type of a result column, by its DatabaseTypeName.
type Type string

// The types of result columns.
const (
	Unknown   Type = "" // NULL in the first row, or no row
	Text      Type = "TEXT"
	Integer   Type = "INTEGER"
	Real      Type = "REAL"
	Boolean   Type = "BOOLEAN"
	Timestamp Type = "TIMESTAMP"
	Date      Type = "DATE"
	JSON      Type = "JSON"
	Blob      Type = "BLOB"
)

// Declared reads the type in a table's declaration or in a CAST.
func Declared(declared string) Type {
	name, _, _ := strings.Cut(strings.ToUpper(declared), "(")
	name = strings.TrimSuffix(strings.TrimSpace(name), "_TEXT")
	switch {
	case name == "":
		return Unknown
	case name == "BOOLEAN" || name == "BOOL" || name == "BIT":
		return Boolean
	case name == "DATE":
		return Date
	case strings.HasPrefix(name, "TIMESTAMP") || strings.HasPrefix(name, "DATETIME"):
		return Timestamp
	case name == "JSON" || name == "JSONB":
		return JSON
	case strings.Contains(name, "INT") || name == "SIGNED" || name == "UNSIGNED":
		return Integer
	case strings.Contains(name, "CHAR") || strings.Contains(name, "CLOB") || strings.Contains(name, "TEXT") || name == "STRING":
		return Text
	case strings.Contains(name, "REAL") || strings.Contains(name, "FLOA") || strings.Contains(name, "DOUB"):
		return Real
	case strings.Contains(name, "BLOB") || strings.Contains(name, "BINARY"):
		return Blob
	}
	return Unknown // NUMERIC and the like: integer or real, as the value is
}

// Of is the type of a value of the engine.
func Of(v sqldriver.Value) Type {
	switch v.(type) {
	case int64:
		return Integer
	case float64:
		return Real
	case string:
		return Text
	case []byte:
		return Blob
	}
	return Unknown
}

// ScanType is the Go type of the column's values other than NULL.
func (t Type) ScanType() reflect.Type {
	switch t {
	case Text, JSON:
		return reflect.TypeFor[string]()
	case Integer:
		return reflect.TypeFor[int64]()
	case Real:
		return reflect.TypeFor[float64]()
	case Boolean:
		return reflect.TypeFor[bool]()
	case Timestamp, Date:
		return reflect.TypeFor[time.Time]()
	case Blob:
		return reflect.TypeFor[[]byte]()
	}
	return reflect.TypeFor[any]()
}

// Length is the length that values may have, for types whose values have one.
func (t Type) Length() (int64, bool) {
	switch t {
	case Text, JSON, Blob:
		return math.MaxInt64, true
	}
	return 0, false
}

// Value turns a value of the engine into the Go value of its column's type. A value that is not of the type, which
// SQL allows, stays what it is. NULL stays nil.
func (t Type) Value(v sqldriver.Value) sqldriver.Value {
	switch t {
	case Boolean:
		if n, ok := v.(int64); ok && (n == 0 || n == 1) {
			return n == 1
		}
	case Timestamp, Date:
		if s, ok := v.(string); ok {
			if instant, ok := timestamp.Parse(s); ok {
				return instant
			}
		}
	case Real:
		if n, ok := v.(int64); ok {
			return float64(n)
		}
	}
	return v
}
