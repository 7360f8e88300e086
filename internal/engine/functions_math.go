//go:build cgo

package engine

import (
	"math"
	"strconv"
	"strings"
)

// mathFunctions are those of SQLite's option SQLITE_ENABLE_MATH_FUNCTIONS (https://www.sqlite.org/lang_mathfunc.html) with
// its meanings: LOG is decimal, and what has no result is NULL.
var mathFunctions = []builtin{
	real1("ACOS", "the arc cosine in radians", math.Acos),
	real1("ASIN", "the arc sine in radians", math.Asin),
	real1("ATAN", "the arc tangent in radians", math.Atan),
	real1("COS", "the cosine of radians", math.Cos),
	real1("SIN", "the sine of radians", math.Sin),
	real1("TAN", "the tangent of radians", math.Tan),
	real1("DEGREES", "radians as degrees", func(x float64) float64 { return x * 180 / math.Pi }),
	real1("RADIANS", "degrees as radians", func(x float64) float64 { return x * math.Pi / 180 }),
	real1("EXP", "e to the power of the argument", math.Exp),
	real1("LN", "the natural logarithm", logarithm(math.Log)),
	real1("LOG", "the decimal logarithm", logarithm(math.Log10)),
	real1("LOG10", "the decimal logarithm", logarithm(math.Log10)),
	real1("LOG2", "the binary logarithm", logarithm(math.Log2)),
	real1("SQRT", "the square root", math.Sqrt),
	real2("ATAN2", "ATAN2(y, x): the angle of a point in radians", math.Atan2),
	real2("LOG", "LOG(b, x): the logarithm of x to the base b", func(b, x float64) float64 {
		return logarithm(math.Log)(x) / logarithm(math.Log)(b)
	}),
	real2("MOD", "the rest of the division of the first by the second", math.Mod),
	real2("POW", "the first to the power of the second", math.Pow),
	real2("POWER", "the first to the power of the second", math.Pow),
	whole("CEIL", "the next integer that is not smaller", math.Ceil),
	whole("CEILING", "the next integer that is not smaller", math.Ceil),
	whole("FLOOR", "the next integer that is not larger", math.Floor),
	whole("TRUNC", "the integer towards zero", math.Trunc),
	real1("COT", "the cotangent of radians", func(x float64) float64 { return 1 / math.Tan(x) }),
	real2("ATN2", "ATN2(y, x): the angle of a point in radians", math.Atan2),
	fn("SQUARE", 1, "the argument times itself", func(a []Value) (Value, error) {
		x, ok := toFloat(a[0])
		if !ok {
			return nil, nil
		}
		return finite(x * x), nil
	}),
	fn("TRUNC", 2, "a number towards zero to so many digits behind the point", truncated),
	fn("TRUNCATE", 2, "a number towards zero to so many digits behind the point", truncated),
	fn("PI", 0, "the number pi", func([]Value) (Value, error) { return math.Pi, nil }),
}

func real1(name, doc string, f func(float64) float64) builtin {
	return fn(name, 1, doc, func(a []Value) (Value, error) {
		x, ok := toFloat(a[0])
		if !ok {
			return nil, nil
		}
		return finite(f(x)), nil
	})
}

func real2(name, doc string, f func(x, y float64) float64) builtin {
	return fn(name, 2, doc, func(a []Value) (Value, error) {
		x, ok := toFloat(a[0])
		y, ok2 := toFloat(a[1])
		if !ok || !ok2 {
			return nil, nil
		}
		return finite(f(x, y)), nil
	})
}

// whole leaves integers as they are.
func whole(name, doc string, f func(float64) float64) builtin {
	return fn(name, 1, doc, func(a []Value) (Value, error) {
		if i, ok := a[0].(int64); ok {
			return i, nil
		}
		x, ok := toFloat(a[0])
		if !ok {
			return nil, nil
		}
		return finite(f(x)), nil
	})
}

// logarithm has no result for zero and below.
func logarithm(f func(float64) float64) func(float64) float64 {
	return func(x float64) float64 {
		if x <= 0 {
			return math.NaN()
		}
		return f(x)
	}
}

func finite(x float64) Value {
	if math.IsNaN(x) {
		return nil
	}
	return x
}

func truncated(a []Value) (Value, error) {
	x, ok := toFloat(a[0])
	n, ok2 := toInt(a[1])
	if !ok || !ok2 {
		return nil, nil
	}
	if i, whole := a[0].(int64); whole && n >= 0 {
		return i, nil
	}
	if n > 300 || math.IsInf(x, 0) {
		return x, nil
	}
	// By the digits, since 2.3 times 10 is less than 23.
	text := strconv.FormatFloat(x, 'f', -1, 64)
	point := strings.IndexByte(text+".", '.')
	if n >= 0 {
		x, _ = strconv.ParseFloat(text[:min(len(text), point+1+int(n))], 64)
		return x, nil
	}
	kept := point + int(max(n, -400))
	if kept <= 0 || text[:kept] == "-" {
		return 0.0, nil
	}
	x, _ = strconv.ParseFloat(text[:kept]+strings.Repeat("0", point-kept), 64)
	return x, nil
}
