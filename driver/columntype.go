package driver

import (
	sqldriver "database/sql/driver"
	"math"
	"reflect"
	"strings"
	"time"
)

// columnType is the type of a result column, by its DatabaseTypeName.
type columnType string

// The types of result columns.
const (
	typeUnknown   columnType = "" // NULL in the first row, or no row
	typeText      columnType = "TEXT"
	typeInteger   columnType = "INTEGER"
	typeReal      columnType = "REAL"
	typeBoolean   columnType = "BOOLEAN"
	typeTimestamp columnType = "TIMESTAMP"
	typeDate      columnType = "DATE"
	typeJSON      columnType = "JSON"
	typeBlob      columnType = "BLOB"
)

// declaredType reads the type in a table's declaration or in a CAST.
func declaredType(declared string) columnType {
	name, _, _ := strings.Cut(strings.ToUpper(declared), "(")
	name = strings.TrimSuffix(strings.TrimSpace(name), "_TEXT")
	switch {
	case name == "":
		return typeUnknown
	case name == "BOOLEAN" || name == "BOOL" || name == "BIT":
		return typeBoolean
	case name == "DATE":
		return typeDate
	case strings.HasPrefix(name, "TIMESTAMP") || strings.HasPrefix(name, "DATETIME"):
		return typeTimestamp
	case name == "JSON" || name == "JSONB":
		return typeJSON
	case strings.Contains(name, "INT") || name == "SIGNED" || name == "UNSIGNED":
		return typeInteger
	case strings.Contains(name, "CHAR") || strings.Contains(name, "CLOB") || strings.Contains(name, "TEXT") || name == "STRING":
		return typeText
	case strings.Contains(name, "REAL") || strings.Contains(name, "FLOA") || strings.Contains(name, "DOUB"):
		return typeReal
	case strings.Contains(name, "BLOB") || strings.Contains(name, "BINARY"):
		return typeBlob
	}
	return typeUnknown // NUMERIC and the like: integer or real, as the value is
}

// valueType is the type of a value of the engine.
func valueType(v sqldriver.Value) columnType {
	switch v.(type) {
	case int64:
		return typeInteger
	case float64:
		return typeReal
	case string:
		return typeText
	case []byte:
		return typeBlob
	}
	return typeUnknown
}

// scanType is the Go type of the column's values other than NULL.
func (t columnType) scanType() reflect.Type {
	switch t {
	case typeText, typeJSON:
		return reflect.TypeFor[string]()
	case typeInteger:
		return reflect.TypeFor[int64]()
	case typeReal:
		return reflect.TypeFor[float64]()
	case typeBoolean:
		return reflect.TypeFor[bool]()
	case typeTimestamp, typeDate:
		return reflect.TypeFor[time.Time]()
	case typeBlob:
		return reflect.TypeFor[[]byte]()
	}
	return reflect.TypeFor[any]()
}

// length is the length that values may have, for types whose values have one.
func (t columnType) length() (int64, bool) {
	switch t {
	case typeText, typeJSON, typeBlob:
		return math.MaxInt64, true
	}
	return 0, false
}
