//go:build cgo

package engine

import (
	"math"
	"slices"
)

// aggregates are the statistical functions that SQLite lacks.
func aggregates() []Aggregate {
	spread := func(name, doc string, sample, root bool) Aggregate {
		return Aggregate{Name: name, Args: 1, Doc: doc, New: func() Aggregator { return &variance{sample: sample, root: root} }}
	}
	return []Aggregate{
		spread("STDDEV", "the standard deviation of a sample", true, true),
		spread("STDEV", "the standard deviation of a sample", true, true),
		spread("STDDEV_SAMP", "the standard deviation of a sample", true, true),
		spread("STDDEV_POP", "the standard deviation of all values", false, true),
		spread("VARIANCE", "the variance of a sample", true, false),
		spread("VAR_SAMP", "the variance of a sample", true, false),
		spread("VAR_POP", "the variance of all values", false, false),
		{Name: "MEDIAN", Args: 1, Doc: "the middle value, or the mean of the two in the middle", New: func() Aggregator { return &median{} }},
	}
}

// variance follows Welford's method, which can also take values back and does not cancel digits out.
type variance struct {
	sample, root bool
	n            float64
	mean, m2     float64
}

func (v *variance) Step(args []Value) error {
	if x, ok := toFloat(args[0]); ok {
		v.n++
		d := x - v.mean
		v.mean += d / v.n
		v.m2 += d * (x - v.mean)
	}
	return nil
}

func (v *variance) Inverse(args []Value) error {
	x, ok := toFloat(args[0])
	if !ok {
		return nil
	}
	if v.n--; v.n <= 0 {
		v.n, v.mean, v.m2 = 0, 0, 0
		return nil
	}
	d := x - v.mean
	v.mean -= d / v.n
	v.m2 = max(v.m2-d*(x-v.mean), 0)
	return nil
}

func (v *variance) Value() (Value, error) {
	n := v.n
	if v.sample {
		n--
	}
	if n <= 0 {
		return nil, nil
	}
	r := v.m2 / n
	if v.root {
		r = math.Sqrt(r)
	}
	return r, nil
}

func (v *variance) Final() (Value, error) { return v.Value() }

type median struct{ values []float64 }

func (m *median) Step(args []Value) error {
	if x, ok := toFloat(args[0]); ok {
		m.values = append(m.values, x)
	}
	return nil
}

func (m *median) Final() (Value, error) {
	n := len(m.values)
	if n == 0 {
		return nil, nil
	}
	slices.Sort(m.values)
	if n%2 == 1 {
		return m.values[n/2], nil
	}
	return (m.values[n/2-1] + m.values[n/2]) / 2, nil
}
