package planner

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// comparisons are the operators of leaves.
var comparisons = map[Cmp]Op{
	EQ: schema.EQ, NE: schema.NE, LT: schema.LT, LE: schema.LE, GT: schema.GT, GE: schema.GE,
	In: schema.IN, Like: schema.LIKE, IsNull: schema.ISNULL, NotNull: schema.NOTNULL,
}

// hint renders a predicate for q, as far as BBQL can say it: of an AND the part that it can, of an OR all or nothing. It
// returns false when nothing is left.
func (b *binder) hint(p *Predicate) (string, bool) {
	switch p.Op {
	case Leaf:
		return b.leaf(p)
	case And:
		var parts []string
		for i := range p.Args {
			text, ok := b.hint(&p.Args[i])
			if ok {
				parts = append(parts, text)
			}
			b.hintExact = b.hintExact && ok
		}
		return join(parts, " AND "), len(parts) > 0
	case Or:
		var parts []string
		for i := range p.Args {
			text, ok := b.hint(&p.Args[i])
			if !ok {
				return "", false
			}
			parts = append(parts, text)
		}
		return join(parts, " OR "), len(parts) > 0
	}
	return "", false
}

// exactAt says whether an endpoint can be asked for exactly what the predicate is true of, if its values can be said so.
func (p *Predicate) exactAt(e *schema.Endpoint) bool {
	if e.Query == "" {
		return false
	}
	exact := true
	p.leaves(func(p *Predicate) {
		op := comparisons[p.Cmp]
		if p.Cmp == IsTrue || p.Cmp == IsFalse {
			op = schema.EQ
		}
		exact = exact && slices.ContainsFunc(e.Filters, func(f schema.Filter) bool {
			return f.Field != "" && equalFold(f.Column, p.Column) && f.Exact.Has(op)
		})
	})
	return exact
}

func join(parts []string, with string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, with) + ")"
}

func (b *binder) leaf(p *Predicate) (string, bool) {
	t := b.relation.Table
	i := t.Column(p.Column)
	if p.Cmp == IsTrue || p.Cmp == IsFalse {
		p = &Predicate{Column: p.Column, Cmp: EQ, Values: []Operand{{Value: p.Cmp == IsTrue}}}
		if i >= 0 && t.Columns[i].Type != schema.Boolean {
			return "", false
		}
	}
	op, known := comparisons[p.Cmp]
	if i < 0 || !known {
		return "", false
	}
	column := &t.Columns[i]
	at := slices.IndexFunc(b.endpoint.Filters, func(f schema.Filter) bool {
		return f.Field != "" && equalFold(f.Column, column.Name) && f.Ops&op != 0
	})
	if at < 0 {
		return "", false
	}
	f := &b.endpoint.Filters[at]
	var values []any
	for _, operand := range p.Values {
		raw, ok := b.operand(operand)
		if !ok {
			return "", false
		}
		value, v := coerce(column, raw)
		switch {
		case v == never && op == schema.IN:
			continue
		case v != usable:
			return "", false
		}
		values = append(values, value)
	}
	if op == schema.ISNULL || op == schema.NOTNULL {
		r, ok := render(column, f, op, nil)
		b.hintExact = b.hintExact && r.exact
		return r.text, ok
	}
	values, ok := allowed(f, op, values)
	if !ok || len(values) == 0 {
		return "", false
	}
	if op == schema.IN {
		if len(values) > maxList(column, f) {
			return "", false
		}
		r, ok := renderList(column, f, values)
		b.hintExact = b.hintExact && r.exact
		return r.text, ok
	}
	r, ok := render(column, f, op, values[0])
	b.hintExact = b.hintExact && r.exact
	if op == schema.LIKE && strings.Contains(r.text, " AND ") {
		r.text = "(" + r.text + ")"
	}
	return r.text, ok
}

// operand is the value of a literal or parameter. A plan has been through JSON, where integers are spelled like fractions.
func (b *binder) operand(o Operand) (any, bool) {
	if o.Param > 0 || o.ParamName != "" {
		if b.parameters == nil {
			return nil, false
		}
		return b.parameters(o)
	}
	switch v := o.Value.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, true
		}
		return nil, false
	case float64:
		return v, true
	}
	return o.Value, true
}
