package driver

import (
	sqldriver "database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
)

// CheckNamedValue implements [sqldriver.NamedValueChecker]: it turns an argument into what SQL works with. Timestamps
// become UTC text in the form that the tables hold, booleans 1 and 0, JSON text.
func (c *conn) CheckNamedValue(nv *sqldriver.NamedValue) error {
	value, err := argument(nv.Value)
	if err != nil {
		if nv.Name != "" {
			return fmt.Errorf("bitbucket: argument %s: %w", nv.Name, err)
		}
		return fmt.Errorf("bitbucket: argument %d: %w", nv.Ordinal, err)
	}
	nv.Value = value
	return nil
}

// argument converts one value.
func argument(v any) (sqldriver.Value, error) {
	switch v := v.(type) {
	case json.RawMessage: // a slice of bytes, but not a BLOB
		if v == nil {
			return nil, nil
		}
		return string(v), nil
	case *json.RawMessage:
		if v == nil {
			return nil, nil
		}
		return argument(*v)
	}
	if _, isValuer := v.(sqldriver.Valuer); !isValuer {
		if r := reflect.ValueOf(v); r.IsValid() && r.CanUint() && r.Uint() > 1<<63-1 {
			return nil, fmt.Errorf("%d is too large: the largest integer is 9223372036854775807, pass larger ones as text", r.Uint())
		}
	}
	converted, err := sqldriver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		return nil, err
	}
	switch v := converted.(type) {
	case time.Time:
		return timestamp.Format(v), nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	}
	return converted, nil
}
