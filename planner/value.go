package planner

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/timestamp"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Arg is a value that comes with a scan: nil, int64, float64, string or []byte, or a whole IN list of them.
type Arg struct {
	Value  any
	List   []any
	IsList bool
}

// verdict is what a value is to the comparisons of a column.
type verdict uint8

const (
	// usable values can be pushed.
	usable verdict = iota
	// never values equal no row, by SQL's own rules; any other comparison with them but NULL is left to SQLite.
	never
	// unknown values are left to SQLite.
	unknown
)

// coerce brings a value to the type of a column as SQLite's affinity would for a comparison: to string, int64 or bool.
// Timestamps come out canonical.
func coerce(column *schema.Column, value any) (any, verdict) {
	if value == nil {
		return nil, never
	}
	switch column.Type {
	case schema.Text:
		return coerceText(value)
	case schema.Integer:
		return coerceInteger(value)
	case schema.Boolean:
		n, v := coerceInteger(value)
		if v != usable {
			return nil, v
		}
		switch n.(int64) {
		case 0:
			return false, usable
		case 1:
			return true, usable
		}
		return nil, never
	case schema.Timestamp:
		s, ok := value.(string)
		if !ok {
			return nil, unknown
		}
		text, ok := timestamp.Canonical(s)
		if !ok {
			return nil, unknown
		}
		return text, usable
	}
	return nil, unknown
}

func coerceText(value any) (any, verdict) {
	switch v := value.(type) {
	case string:
		return v, usable
	case int64:
		return strconv.FormatInt(v, 10), usable
	case bool:
		if v {
			return "1", usable
		}
		return "0", usable
	case float64:
		return realText(v), usable
	case []byte:
		return nil, never
	}
	return nil, unknown
}

// realText is the number as SQLite's text affinity writes it: 15 significant digits, always with a point.
func realText(f float64) string {
	text := strconv.FormatFloat(f, 'g', 15, 64)
	mantissa, exponent, has := strings.Cut(text, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if has {
		mantissa += "e" + exponent
	}
	return mantissa
}

// coerceInteger returns the integer that equals the value. Text that is no number and fractions equal none; how they compare
// otherwise is left to SQLite.
func coerceInteger(value any) (any, verdict) {
	switch v := value.(type) {
	case int64:
		return v, usable
	case bool:
		if v {
			return int64(1), usable
		}
		return int64(0), usable
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<63 {
			return int64(v), usable
		}
	case string:
		s := strings.Trim(v, " \t\n\v\f\r")
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n, usable
		}
		if strings.Trim(s, "0123456789.+-eE") == "" {
			if f, err := strconv.ParseFloat(s, 64); err == nil {
				return coerceInteger(f)
			}
		}
	case []byte:
	default:
		return nil, unknown
	}
	return nil, never
}

// hasForm says whether the text has the form that all values of its column have.
func hasForm(form schema.Form, s string) bool {
	switch form {
	case schema.UUIDForm:
		if len(s) != 38 || s[0] != '{' || s[37] != '}' {
			return false
		}
		for i := 1; i < 37; i++ {
			if i == 9 || i == 14 || i == 19 || i == 24 {
				if s[i] != '-' {
					return false
				}
			} else if !isHex(s[i]) {
				return false
			}
		}
		return true
	case schema.HashForm:
		return len(s) == 40 && isMadeOf(s, isHex)
	case schema.SlugForm:
		return s != "." && s != ".." && isMadeOf(s, func(b byte) bool {
			return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '.' || b == '_' || b == '-'
		})
	case schema.KeyForm:
		return isMadeOf(s, func(b byte) bool {
			return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_'
		})
	case schema.PathForm:
		return isFilePath(s)
	}
	return true
}

// isMadeOf says whether the text is not empty and made of such bytes only.
func isMadeOf(s string, of func(byte) bool) bool {
	for i := range len(s) {
		if !of(s[i]) {
			return false
		}
	}
	return s != ""
}

func isHex(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' }

// nextSecond returns the BBQL literal of the second after a canonical timestamp without a fraction.
func nextSecond(canonical string) string {
	t, _ := timestamp.Parse(canonical)
	return t.Add(time.Second).Format("2006-01-02T15:04:05") + "+00:00"
}
