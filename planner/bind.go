package planner

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// The longest IN list of one request where a filter does not say, and that of timestamps, each of which is spelled as a range.
const (
	defaultMaxList = 50
	maxInstants    = 20
)

// MinPageLen is the shortest page that Bitbucket promises to serve.
const MinPageLen = 10

// Parameters finds the value of a statement's parameter, for hints. It returns false when there is none.
type Parameters func(Operand) (any, bool)

// Bind makes the requests of a plan with the values of its arguments.
func Bind(r *Relation, p *Plan, args []Arg, parameters Parameters, o Options) (*Fetch, error) {
	if p.Endpoint >= len(r.Table.Endpoints) {
		return nil, fmt.Errorf("planner: %s has no endpoint %d", r, p.Endpoint)
	}
	b := binder{relation: r, plan: p, args: args, parameters: parameters, options: o, exact: true}
	b.endpoint = &r.Table.Endpoints[p.Endpoint]
	return b.fetch()
}

type binder struct {
	relation   *Relation
	plan       *Plan
	endpoint   *schema.Endpoint
	args       []Arg
	parameters Parameters
	options    Options

	// exact stays true while every pushed value has kept the exact meaning that the plan counted on.
	exact bool
	empty bool
	// hintExact stays true while all of the hint is said with exactly its meaning.
	hintExact bool
	// terms are comparisons for q; chunks are alternatives for one more comparison.
	terms  []string
	chunks []string
	params url.Values
	// constants are the values of columns that an equality fixes.
	constants map[int]any
}

func (b *binder) fetch() (*Fetch, error) {
	p, e, t := b.plan, b.endpoint, b.relation.Table
	f := &Fetch{
		Relation: b.relation, Endpoint: e, Columns: p.Columns, Without: p.Without, Limit: -1, Merge: p.Merge, Detail: needsDetail(t, e, p.Columns),
	}
	if len(p.Missing) > 0 {
		missing := &MissingError{Table: b.relation.String()}
		for _, i := range p.Missing {
			missing.Columns = append(missing.Columns, t.Columns[i].Name)
		}
		return nil, missing
	}
	b.params, b.constants = url.Values{}, map[int]any{}
	bindings := []Binding{{}}
	for _, term := range p.Terms {
		if term.Param != "" {
			bindings = b.bindPath(bindings, term)
		} else {
			b.filter(term)
		}
	}
	if p.Parent != nil {
		parent, err := Bind(b.relation.parent(), p.Parent, b.args, b.parameters, b.options)
		if err != nil {
			return nil, err
		}
		f.Parent, f.Supply = parent, map[string]int{}
		for _, param := range boundParams(e) {
			if from, ok := t.Parent.Columns[param.column]; ok {
				f.Supply[param.name] = parent.Relation.Table.Column(from)
			}
		}
		b.empty = b.empty || parent.Empty
	}
	f.Bindings = b.defaults(bindings)
	if p.Hint != nil {
		b.hintExact = true
		text, ok := b.hint(p.Hint)
		if ok {
			b.terms = append(b.terms, text)
		}
		b.exact = b.exact && (!p.HintExact || ok && b.hintExact)
	}
	f.Empty = b.empty
	if b.exact {
		b.limit(f)
		b.count(f)
		b.firsts(f)
	}
	f.Group = b.group(f)
	f.Horizon = b.horizon()
	f.PageLen = b.pageLen(f)
	f.Queries = b.queries(f)
	b.skip(f)
	f.Unfiltered = b.unfiltered(f)
	return f, nil
}

// unfiltered is the fetch for a Bitbucket that refuses to filter by a field, as it does by fields that its documentation
// promises: SQLite checks every condition anyway.
func (b *binder) unfiltered(f *Fetch) *Fetch {
	if len(b.terms) == 0 && b.chunks == nil && len(b.params) == 0 && f.Group == nil {
		return nil
	}
	for i := range b.endpoint.Filters {
		if b.endpoint.Filters[i].Needed {
			return nil
		}
	}
	wide := *f
	wide.Count, wide.Constants, wide.Limit = false, nil, -1
	wide.Firsts, wide.FirstCount, wide.Horizon, wide.Skip = nil, false, nil, nil
	if wide.Group = nil; f.Group != nil && f.Group.Ordered {
		wide.Group = &Group{Column: f.Group.Column, Ordered: true, Desc: f.Group.Desc}
	}
	bare := binder{relation: b.relation, plan: b.plan, endpoint: b.endpoint, options: b.options}
	wide.PageLen = bare.pageLen(&wide)
	wide.Queries = bare.queries(&wide)
	return &wide
}

// values brings the values of a term to the column's type.
func (b *binder) values(term Term) ([]any, verdict) {
	column := &b.relation.Table.Columns[term.Column]
	arg := b.args[term.Arg-1]
	raw := arg.List
	if !arg.IsList {
		raw = []any{arg.Value}
	}
	var out []any
	for _, value := range raw {
		value, v := coerce(column, value)
		switch v {
		case unknown:
			return nil, unknown
		case usable:
			if !slices.Contains(out, value) {
				out = append(out, value)
			}
		}
	}
	if len(out) == 0 {
		return nil, never
	}
	return out, usable
}

// bindPath multiplies the bindings by the values of a path parameter. A value that its column cannot have is no row.
func (b *binder) bindPath(bindings []Binding, term Term) []Binding {
	values, v := b.values(term)
	if v != usable {
		b.empty = true // Text and integers, which keys are, have no unknown values.
		return bindings
	}
	form := b.endpoint.Forms[term.Param]
	var out []Binding
	for _, binding := range bindings {
		for _, value := range values {
			text := pathText(value)
			if text == "" || !hasForm(form, text) {
				continue
			}
			next := maps.Clone(binding)
			next[term.Param] = text
			out = append(out, next)
			if term.Op == schema.EQ {
				b.constants[term.Column] = value
			}
		}
	}
	if len(out) == 0 {
		b.empty = true
	}
	return out
}

// defaults multiplies the bindings by the values of path parameters that the statement says nothing of.
func (b *binder) defaults(bindings []Binding) []Binding {
	for _, param := range pathParams(b.endpoint.Path) {
		values := b.endpoint.Defaults[param]
		if values == nil || len(bindings) == 0 || bindings[0][param] != "" {
			continue
		}
		var out []Binding
		for _, binding := range bindings {
			for _, value := range values {
				next := maps.Clone(binding)
				next[param] = value
				out = append(out, next)
			}
		}
		bindings = out
	}
	return bindings
}

func pathText(value any) string {
	switch v := value.(type) {
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case string:
		return v
	}
	return ""
}

// filter adds a pushed comparison to the request. What cannot be said is left to SQLite, which checks it again anyway, but
// then the plan's limit and count no longer hold.
func (b *binder) filter(term Term) {
	t := b.relation.Table
	column := &t.Columns[term.Column]
	i := slices.IndexFunc(b.endpoint.Filters, func(f schema.Filter) bool { return equalFold(f.Column, column.Name) && f.Ops&term.Op != 0 })
	if i < 0 {
		b.exact = false
		return
	}
	f := &b.endpoint.Filters[i]
	if term.Arg == 0 {
		r, _ := render(column, f, term.Op, nil)
		b.terms = append(b.terms, r.text)
		return
	}
	values, v := b.values(term)
	switch {
	case v == never && (term.Op == schema.EQ || term.Op == schema.IN), v == never && b.args[term.Arg-1].Value == nil && !b.args[term.Arg-1].IsList:
		b.empty = true
		return
	case v != usable:
		b.exact = false
		return
	}
	values, ok := allowed(f, term.Op, values)
	switch {
	case !ok:
		b.exact = false
		return
	case len(values) == 0:
		b.empty = true
		return
	}
	if f.Param != "" {
		b.param(f, term.Op, values)
		return
	}
	b.compare(column, f, term, values)
}

// allowed keeps the values that may be pushed: those of the column's only form, which others do not equal, and those of an
// enumeration; false means that one is outside the enumeration, so that the comparison is SQLite's.
func allowed(f *schema.Filter, op Op, values []any) ([]any, bool) {
	var out []any
	for _, value := range values {
		text, isText := value.(string)
		if f.Form != schema.AnyForm && isText && !hasForm(f.Form, text) {
			if op == schema.EQ || op == schema.IN {
				continue
			}
			return nil, false
		}
		if len(f.Values) > 0 && isText && !slices.Contains(f.Values, text) {
			return nil, false
		}
		if f.Spelling != nil {
			if _, ok := f.Spelling[spellingKey(value)]; !ok {
				return nil, false
			}
		}
		out = append(out, value)
	}
	return out, true
}

// spellingKey is the value as SQLite shows it, by which Filter.Spelling is read.
func spellingKey(value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return "1"
		}
		return "0"
	case int64:
		return strconv.FormatInt(v, 10)
	case string:
		return v
	}
	return ""
}

// param sends a comparison as a query parameter of the endpoint's own.
func (b *binder) param(f *schema.Filter, op Op, values []any) {
	for _, value := range values {
		text := spellingKey(value)
		if f.Spelling != nil {
			text = f.Spelling[text]
		}
		b.params.Add(f.Param, text)
		if op == schema.EQ {
			b.constants[b.relation.Table.Column(f.Column)] = value
		}
	}
	b.exact = b.exact && f.Exact.Has(op)
}

// compare adds a comparison in BBQL. A list that is too long for one request becomes several requests, where that is
// possible, or is left to SQLite.
func (b *binder) compare(column *schema.Column, f *schema.Filter, term Term, values []any) {
	if term.Op != schema.IN {
		r, ok := render(column, f, term.Op, values[0])
		if !ok {
			b.exact = false
			return
		}
		b.terms = append(b.terms, r.text)
		b.exact = b.exact && (r.exact || !f.Exact.Has(term.Op))
		if term.Op == schema.EQ {
			b.constants[term.Column] = values[0]
		}
		return
	}
	limit := maxList(column, f)
	if len(values) > limit && (b.plan.Sort != "" || b.plan.GroupOrder != 0 || b.chunks != nil || overlap(column, values)) && !f.Needed {
		b.exact = false
		return
	}
	var parts []string
	for part := range slices.Chunk(values, limit) {
		r, ok := renderList(column, f, part)
		if !ok {
			b.exact = false
			return
		}
		parts = append(parts, r.text)
	}
	if len(parts) == 1 {
		b.terms = append(b.terms, parts[0])
		return
	}
	b.chunks = parts
}

// maxList is the longest IN list of one request.
func maxList(column *schema.Column, f *schema.Filter) int {
	switch {
	case f.MaxList > 0:
		return f.MaxList
	case column.Type == schema.Timestamp:
		return maxInstants
	}
	return defaultMaxList
}

// overlap says whether a row may be an answer to the requests of two of the values, so that it would come twice.
func overlap(column *schema.Column, values []any) bool {
	if column.Type == schema.Timestamp {
		return true // Each is asked for as a range.
	}
	folded := map[string]bool{} // Bitbucket may ignore case.
	for _, value := range values {
		if text, isText := value.(string); isText {
			text = strings.ToLower(text)
			if folded[text] {
				return true
			}
			folded[text] = true
		}
	}
	return false
}

// limit bounds the rows where the plan found that every condition is pushed exactly.
func (b *binder) limit(f *Fetch) {
	if b.plan.Limit == 0 {
		return
	}
	n, ok := b.args[b.plan.Limit-1].Value.(int64)
	if !ok || n < 0 {
		return
	}
	if b.plan.Offset > 0 {
		skip, ok := b.args[b.plan.Offset-1].Value.(int64)
		if !ok || skip > 1<<40 {
			return
		}
		n += max(skip, 0)
	}
	f.Limit = n
	f.Empty = f.Empty || n == 0
}

func (b *binder) pageLen(f *Fetch) int {
	e := b.endpoint
	if e.MaxPage == 0 {
		return 0
	}
	n := e.MaxPage
	if b.options.PageSize > 0 {
		n = min(n, b.options.PageSize)
	}
	if len(f.Firsts) == 1 && !f.FirstCount { // With more to ask for, the first page may be all that there is.
		n = MinPageLen
	}
	if f.Limit >= 0 && f.Limit < int64(n) && e.Each == nil && f.Group == nil {
		n = max(int(f.Limit), MinPageLen)
	}
	return n
}

// queries are the query parameters of the requests.
func (b *binder) queries(f *Fetch) []url.Values {
	base := url.Values{}
	for _, p := range b.endpoint.Always {
		base.Add(p.Name, p.Value)
	}
	for name, values := range b.params {
		base[name] = values
	}
	switch {
	case b.plan.Sort != "":
		base.Set("sort", b.plan.Sort)
	case f.Firsts != nil:
		base.Set("sort", f.Firsts[0].Sort)
	}
	switch {
	case f.Count && f.Group == nil:
	case b.plan.Whole:
		if text := hidden(b.endpoint); text != "" {
			base.Set("fields", text)
		}
	default:
		if text := fields(b.relation.Table, b.endpoint, f.Columns); text != "" {
			base.Set("fields", text)
		}
	}
	chunks := b.chunks
	if chunks == nil {
		chunks = []string{""}
	}
	var out []url.Values
	for _, chunk := range chunks {
		terms := b.terms
		if chunk != "" {
			terms = append(slices.Clone(terms), chunk)
		}
		query := url.Values{}
		for name, values := range base {
			query[name] = values
		}
		if len(terms) > 0 {
			query.Set(b.endpoint.Query, strings.Join(terms, " AND "))
		} else {
			for _, p := range b.endpoint.Unfiltered {
				query.Add(p.Name, p.Value)
			}
		}
		out = append(out, query)
	}
	return out
}

// hidden asks for the members that lists leave out, on top of all others.
func hidden(e *schema.Endpoint) string {
	var paths []string
	for _, member := range e.Hidden {
		paths = append(paths, "+values."+member)
	}
	return strings.Join(paths, ",")
}
