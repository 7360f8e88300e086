package planner

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Description says in words what a plan does, for EXPLAIN.
type Description struct {
	// Requests is how many requests the scan makes: a number where it is known beforehand, or the rule.
	Requests string
	// Request is the first of them.
	Request string
	// Pushed is what Bitbucket does: conditions, order, limit, count.
	Pushed string
	// Rechecked are conditions that are pushed but wider at Bitbucket than in SQL, so that SQLite checks them again.
	Rechecked string
	// NotPushed are the conditions and the order that SQLite was asked for and Bitbucket is not. Conditions that SQLite does not
	// offer to tables, such as those on expressions, are not among them.
	NotPushed string
	// Why is why parts of the statement are rechecked or not pushed: "part, part: reason; part: reason".
	Why string
}

// symbols are the operators in SQL.
var symbols = map[Op]string{
	schema.EQ: "=", schema.NE: "<>", schema.LT: "<", schema.LE: "<=", schema.GT: ">", schema.GE: ">=",
	schema.IN: "IN", schema.LIKE: "LIKE", schema.ISNULL: "IS NULL", schema.NOTNULL: "IS NOT NULL",
}

// Describe describes the plan of a relation. Values that are not known while a statement is prepared are shown as "…".
func (p *Plan) Describe(r *Relation, o Options) Description {
	e, t := &r.Table.Endpoints[p.Endpoint], r.Table
	d := Description{}
	if len(p.Missing) > 0 {
		for _, i := range p.Missing {
			d.Rechecked = strings.TrimPrefix(d.Rechecked+", "+t.Columns[i].Name, ", ")
		}
		return Description{Requests: "none: it needs a value for " + d.Rechecked}
	}
	var pushed, rechecked, notPushed []string
	notes := slices.Clone(p.Notes)
	args, known := p.knownArgs()
	known = known && !p.hintHasParameters()
	var f *Fetch
	if known {
		f, _ = Bind(r, p, args, nil, o)
	}
	for _, term := range p.Terms {
		text := t.Columns[term.Column].Name + " " + symbols[term.Op]
		again := slices.Contains(p.Rechecked, term.Column)
		if known {
			says, exact := p.said(r, term, args, o)
			switch {
			case !says:
				notes = slices.DeleteFunc(notes, func(n Note) bool { return n.Part == text })
				notes = append(notes, Note{text, false, whyValue})
				continue
			case !exact && !again:
				again = true
				notes = append(notes, Note{text, true, whyFineValue})
			}
		}
		pushed = append(pushed, text)
		if again {
			rechecked = append(rechecked, text)
		}
	}
	switch {
	case p.Hint == nil:
	case p.HintExact && (f == nil || f.Count || f.Firsts != nil):
		pushed = append(pushed, "OR or NOT")
	case p.saysHint(r, o):
		pushed = append(pushed, "hint of OR or NOT")
		rechecked = append(rechecked, "OR or NOT")
		notes = append(notes, Note{"OR or NOT", true, whyHint})
	default:
		notes = append(notes, Note{"OR or NOT", false, whyPartOfHint})
	}
	switch {
	case p.Merge > 0:
		pushed = append(pushed, "ORDER BY "+p.Sort+" of each list, to be merged")
	case p.Sort != "":
		pushed = append(pushed, "ORDER BY "+p.Sort)
	}
	for _, term := range p.Since {
		pushed = append(pushed, "stop behind "+t.Columns[term.Column].Name)
	}
	// A value that cannot be pushed takes with it what counted on it.
	if p.Limit > 0 && (f == nil || f.Limit >= 0) {
		pushed = append(pushed, "LIMIT")
		if p.Skip && (f == nil || f.Skip != nil) {
			pushed = append(pushed, "OFFSET")
		}
	}
	switch {
	case p.Group > 0:
		pushed = append(pushed, "COUNT of each "+t.Columns[p.Group-1].Name)
	case p.Count && (f == nil || f.Count):
		pushed = append(pushed, "COUNT")
	case p.Firsts != nil && (f == nil || f.Firsts != nil):
		pushed = append(pushed, "least or greatest "+strings.Join(p.extremeColumns(t), " and "))
		if p.FirstCount {
			pushed = append(pushed, "COUNT")
		}
	}
	if p.Without > 0 {
		rechecked = append(rechecked, "NOT "+t.Columns[p.Without-1].Name)
	}
	for _, n := range notes {
		if !n.Pushed && !slices.Contains(notPushed, n.Part) {
			notPushed = append(notPushed, n.Part)
		}
	}
	d.Pushed, d.Rechecked = strings.Join(pushed, ", "), strings.Join(rechecked, ", ")
	d.NotPushed, d.Why = strings.Join(notPushed, ", "), whys(notes)

	if f != nil {
		d.Request, d.Requests = f.describe()
		return d
	}
	d.Request = "GET " + pattern(r, e)
	d.Requests = rule(r, p, nil, o)
	if names := p.unknown(t); len(names) > 0 {
		d.Requests += " for each " + strings.Join(names, " and ")
	}
	if p.Batch != nil {
		values, _ := p.Batch.BatchSize(r, o)
		d.Requests += fmt.Sprintf(", up to %d of them in one where they are foreseen", values)
	}
	switch whole := p.Broad; {
	case whole == nil:
	case whole.Lookup == nil:
		d.Requests += " each time, or " + rule(r, whole.Loosened(whole.Loose), nil, o) + " once these have cost as much"
	default:
		d.Requests += ", or " + rule(r, whole.Loosened(whole.Loose), nil, o) + " once its keys have cost as much"
	}
	return d
}

// hintHasParameters says whether the count of the plan hangs on values of parameters.
func (p *Plan) hintHasParameters() bool {
	found := false
	if p.HintExact {
		p.Hint.leaves(func(leaf *Predicate) {
			found = found || slices.ContainsFunc(leaf.Values, func(o Operand) bool { return o.Param > 0 || o.ParamName != "" })
		})
	}
	return found
}

// extremeColumns are the columns of Firsts.
func (p *Plan) extremeColumns(t *schema.Table) []string {
	var names []string
	for _, first := range p.Firsts {
		if name := t.Columns[first.Column].Name; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// unknown are the columns whose values come while the statement runs: those of an outer table, or parameters.
func (p *Plan) unknown(t *schema.Table) []string {
	var names []string
	for _, term := range p.Terms {
		if _, known := p.Values[term.Arg]; !known && term.Arg > 0 && (term.Op == schema.EQ || term.Op == schema.IN) {
			names = append(names, t.Columns[term.Column].Name)
		}
	}
	return names
}

// knownArgs are the arguments with the values known beforehand; false when one is not.
func (p *Plan) knownArgs() ([]Arg, bool) {
	n := 0
	p.eachArg(func(arg int) { n = max(n, arg) })
	args := make([]Arg, n)
	for i := range args {
		value, ok := p.Values[i+1]
		if !ok {
			return nil, false
		}
		if b, isNumber := value.(interface{ Int64() (int64, error) }); isNumber {
			number, err := b.Int64()
			if err != nil {
				return nil, false
			}
			value = number
		}
		args[i].Value = value
	}
	return args, true
}

func (p *Plan) eachArg(f func(int)) {
	for _, term := range p.Terms {
		f(term.Arg)
	}
	for _, term := range p.Since {
		f(term.Arg)
	}
	f(p.Limit)
	f(p.Offset)
	if p.Parent != nil {
		p.Parent.eachArg(f)
	}
}

// Request is the first request of the fetch, with its values; empty when it makes none.
func (f *Fetch) Request() string {
	request, _ := f.describe()
	return request
}

// describe is the first request of a fetch and the number of all.
func (f *Fetch) describe() (request, requests string) {
	if f.Empty {
		return "", "0"
	}
	query := url.Values{}
	if len(f.Queries) > 0 {
		query = f.Queries[0]
	}
	if f.Group != nil && len(f.Group.Values) > 0 && f.Group.Alone {
		query = f.With(query, f.Group.Values[0].Query)
		query.Del("fields") // a count asks for the size only
	}
	path := pattern(f.Relation, f.Endpoint)
	if f.Parent == nil && len(f.Bindings) > 0 {
		path = f.Relation.Path(f.Endpoint, f.Bindings[0])
	}
	var parts []string
	for _, name := range slices.Sorted(keys(query)) {
		for _, value := range query[name] {
			parts = append(parts, name+"="+value)
		}
	}
	switch {
	case f.Count && (f.Group == nil || f.Group.Alone):
		parts = append(parts, "fields=size", "pagelen="+strconv.Itoa(MinPageLen))
	case f.Skip != nil:
		parts = append(parts, "page="+strconv.Itoa(f.Skip.Page), "pagelen="+strconv.Itoa(f.Skip.PageLen))
	case f.PageLen > 0:
		parts = append(parts, "pagelen="+strconv.Itoa(f.PageLen))
	}
	request = "GET " + path
	if len(parts) > 0 {
		request += "?" + strings.Join(parts, "&")
	}
	return request, rule(f.Relation, nil, f, Options{})
}

func keys(v url.Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range v {
			if !yield(name) {
				return
			}
		}
	}
}

// rule says how many requests a plan or, with its values, a fetch makes.
func rule(r *Relation, p *Plan, f *Fetch, o Options) string {
	var e *schema.Endpoint
	var parent, detail string
	units := 1
	switch {
	case f != nil:
		e = f.Endpoint
		if f.Parent != nil {
			_, parent = f.Parent.describe()
			parent += ", then for each row of " + f.Parent.Relation.String() + " "
		} else {
			units = len(f.Bindings) * max(1, len(f.Queries))
		}
		if f.Detail {
			detail = ", and 1 for each row"
		}
	default:
		e = &r.Table.Endpoints[p.Endpoint]
		if p.Parent != nil {
			of := r.parent()
			parent = rule(of, p.Parent, nil, o) + ", then for each row of " + of.String() + " "
		}
		if needsDetail(r.Table, e, p.Columns) {
			detail = ", and 1 for each row"
		}
	}
	if text := groupRule(r, p, f, units); text != "" {
		return parent + text
	}
	if f != nil && f.Skip != nil {
		return strconv.FormatInt((f.Limit-f.Skip.Before()-1)/int64(f.Skip.PageLen)+1, 10) + detail
	}
	var firsts, length int
	if f != nil {
		firsts, length = len(f.Firsts), f.PageLen
	} else {
		firsts, length = len(p.Firsts), e.MaxPage
	}
	if firsts > 1 {
		each := ""
		if units > 1 {
			each = fmt.Sprintf("%d × ", units)
		}
		return parent + fmt.Sprintf("%s1 for each %d rows, at most %d", each, length, firsts) + detail
	}
	one := single(e) || e.Paging == schema.Single || f != nil && (f.Count || firsts > 0 || f.Limit >= 0 && f.Limit <= int64(f.PageLen) && e.Each == nil) || f == nil && (p.Count || firsts > 0)
	switch {
	case one:
		return parent + strconv.Itoa(units) + detail
	case units > 1:
		return parent + fmt.Sprintf("%d × 1 for each %d rows", units, e.MaxPage) + detail
	}
	return parent + fmt.Sprintf("1 for each %d rows", length) + detail
}

// pattern is the path of an endpoint with the columns that fill it in braces.
func pattern(r *Relation, e *schema.Endpoint) string {
	b := Binding{}
	for param, column := range e.Binds {
		b[param] = "{" + column + "}"
	}
	path, err := url.PathUnescape(r.Path(e, b))
	if err != nil {
		return e.Path
	}
	return path
}

// groupRule says how many requests the counts of a column's values make, or is empty where there are none.
func groupRule(r *Relation, p *Plan, f *Fetch, units int) string {
	switch {
	case f != nil && f.Group != nil && len(f.Group.Values) > 0:
		n, sum := len(f.Group.Values), ""
		if f.Group.Whole {
			sum = " and their sum"
		}
		text := fmt.Sprintf("%d counts%s", n, sum)
		if f.Group.Alone {
			if f.Group.Whole {
				n++
			}
			return fmt.Sprintf("%d: %s", units*n, text)
		}
		return fmt.Sprintf("1 for each %d rows, at most 1 and %s", f.PageLen, text)
	case f == nil && p.Group > 0:
		return "a count for each " + r.Table.Columns[p.Group-1].Name + " and their sum"
	}
	return ""
}
