//go:build cgo

package engine

import (
	"fmt"
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
		spread("STDEVP", "the standard deviation of all values", false, true),
		spread("VAR", "the variance of a sample", true, false),
		spread("VARP", "the variance of all values", false, false),
		spread("STDDEV_POP", "the standard deviation of all values", false, true),
		spread("VARIANCE", "the variance of a sample", true, false),
		spread("VAR_SAMP", "the variance of a sample", true, false),
		spread("VAR_POP", "the variance of all values", false, false),
		{Name: "MEDIAN", Args: 1, Doc: "the middle value, or the mean of the two in the middle", New: func() Aggregator { return &median{} }},
		{
			Name: "PERCENTILE_CONT", Args: 2, Doc: "PERCENTILE_CONT(x, 0.9), or PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY x): the value below which that fraction of them lies, between two if need be",
			New: func() Aggregator { return &percentile{} },
		},
		{
			Name: "PERCENTILE_DISC", Args: 2, Doc: "PERCENTILE_DISC(x, 0.9), or PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY x): the first value that at least that fraction of them does not exceed",
			New: func() Aggregator { return &percentile{discrete: true} },
		},
		{Name: "ANY_VALUE", Args: 1, Doc: "one of the values, NULL only if all are", New: func() Aggregator { return &anyValue{} }},
		{Name: "BOOL_OR", Args: 1, Doc: "1 if one of the values is true", New: func() Aggregator { return &truths{} }},
		{Name: "BOOL_AND", Args: 1, Doc: "1 if all of the values are true", New: func() Aggregator { return &truths{all: true} }},
		{Name: "EVERY", Args: 1, Doc: "1 if all of the values are true", New: func() Aggregator { return &truths{all: true} }},
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

// percentile is a value at a fraction of the way from the least to the greatest.
type percentile struct {
	discrete bool
	fraction float64
	values   []Value
}

func (p *percentile) Step(args []Value) error {
	fraction, ok := toFloat(args[1])
	if !ok || fraction < 0 || fraction > 1 {
		return fmt.Errorf("the fraction of a percentile is %v: it goes from 0 to 1", args[1])
	}
	if args[0] == nil {
		return nil
	}
	if _, number := toFloat(args[0]); !p.discrete && !number {
		return fmt.Errorf("PERCENTILE_CONT computes with numbers, not with %q: use PERCENTILE_DISC", toText(args[0]))
	}
	p.fraction = fraction
	p.values = append(p.values, args[0])
	return nil
}

func (p *percentile) Final() (Value, error) {
	n := len(p.values)
	if n == 0 {
		return nil, nil
	}
	if p.discrete {
		slices.SortFunc(p.values, compare)
		return p.values[max(0, int(math.Ceil(p.fraction*float64(n)))-1)], nil
	}
	numbers := make([]float64, n)
	for i, v := range p.values {
		numbers[i], _ = toFloat(v)
	}
	slices.Sort(numbers)
	at := p.fraction * float64(n-1)
	low := int(at)
	if low+1 >= n {
		return numbers[n-1], nil
	}
	return numbers[low] + (numbers[low+1]-numbers[low])*(at-float64(low)), nil
}

// anyValue is the first value that is not NULL.
type anyValue struct{ value Value }

func (a *anyValue) Step(args []Value) error {
	if a.value == nil {
		a.value = args[0]
		if blob, ok := args[0].([]byte); ok {
			a.value = slices.Clone(blob) // args is valid during the call only
		}
	}
	return nil
}

func (a *anyValue) Final() (Value, error) { return a.value, nil }

// truths says whether one or all of the values are true. NULLs do not count, and of nothing else it is NULL.
type truths struct {
	all, any, result bool
}

func (t *truths) Step(args []Value) error {
	if args[0] == nil {
		return nil
	}
	x, _ := toFloat(args[0])
	switch truth := x != 0; {
	case !t.any:
		t.any, t.result = true, truth
	case t.all:
		t.result = t.result && truth
	default:
		t.result = t.result || truth
	}
	return nil
}

func (t *truths) Final() (Value, error) {
	if !t.any {
		return nil, nil
	}
	return t.result, nil
}
