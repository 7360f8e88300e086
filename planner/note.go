package planner

import (
	"net/url"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Note says why SQLite checks a part of the statement itself, for EXPLAIN.
type Note struct {
	// Part is the condition or order, without values.
	Part string `json:"p"`
	// Pushed says that Bitbucket works on it, too.
	Pushed bool `json:"d,omitempty"`
	// Why is the reason.
	Why string `json:"w"`
}

// The reasons that are not about one column.
const (
	whyOff        = "PushDown is off"
	whyValue      = "Bitbucket cannot be asked for this value"
	whyFineValue  = "Bitbucket compares this value less finely"
	whyHint       = "SQLite checks the condition as it is written"
	whyPartOfHint = "Bitbucket cannot be asked for a part of it"
)

// notes are the reasons for what SQLite has to do itself. Terms are not numbered yet.
func (c *candidate) notes(s Scan, constraints []Constraint) []Note {
	var notes []Note
	add := func(part string, pushed bool, why string) {
		if n := (Note{part, pushed, why}); why != "" && !slices.Contains(notes, n) {
			notes = append(notes, n)
		}
	}
	for _, k := range constraints {
		term, pushed := c.plan.term(k)
		switch {
		case k.Op == Limit && c.plan.Limit == 0:
			add("LIMIT", false, c.whyNoLimit(s))
		case k.Op == Limit, k.Op == Offset, ofPattern(k, constraints):
		case !pushed:
			add(s.part(k), false, c.whyNotPushed(s, k))
		case !c.exact[k.id]:
			add(s.part(k), true, whyRechecked(s.Relation.Table, term))
		}
	}
	if len(s.OrderBy) > 0 && !c.ordered {
		first := s.OrderBy[0]
		if first.Column >= 0 {
			add("ORDER BY "+s.Relation.Table.Columns[first.Column].Name, false, c.whyNoOrder(s))
		}
	}
	return notes
}

// ofPattern says whether a constraint is one of the range that SQLite makes of the first letters of a LIKE or GLOB pattern.
func ofPattern(k Constraint, constraints []Constraint) bool {
	return (k.Op == schema.GE || k.Op == schema.LT) && slices.ContainsFunc(constraints, func(p Constraint) bool {
		return p.Column == k.Column && (p.Op == schema.LIKE || p.Op == Other)
	})
}

// part is a constraint without its value.
func (s Scan) part(k Constraint) string {
	name, symbol := "rowid", symbols[k.Op]
	if k.Column >= 0 {
		name = s.Relation.Table.Columns[k.Column].Name
	}
	if symbol == "" {
		symbol = k.Name
	}
	return strings.TrimSpace(name + " " + symbol)
}

// term finds the term of a constraint in a plan or those of its parents.
func (p *Plan) term(k Constraint) (Term, bool) {
	for _, t := range p.Terms {
		if t.Arg == k.id+1 || t.Arg == 0 && t.Column == k.Column && t.Op == k.Op {
			return t, true
		}
	}
	if p.Parent == nil {
		return Term{}, false
	}
	t, ok := p.Parent.term(Constraint{id: k.id, Column: -1})
	t.Column = k.Column
	return t, ok
}

// whyRechecked is the reason why SQLite checks again what is pushed.
func whyRechecked(table *schema.Table, t Term) string {
	column := &table.Columns[t.Column]
	switch {
	case t.Param != "":
		return "Bitbucket may know the object by other spellings"
	case t.Op == schema.LIKE:
		return "Bitbucket finds the text anywhere, and ignores the case of all letters, LIKE only of a to z"
	case column.Type == schema.Text || column.Type == schema.JSON:
		return "Bitbucket may ignore case"
	case column.Type == schema.Timestamp:
		return "Bitbucket may compare less finely"
	}
	return "Bitbucket's meaning may be wider"
}

// whyNotPushed is the reason why a constraint is SQLite's alone; empty where the table comes before the value in a join, and the
// other table has the condition.
func (c *candidate) whyNotPushed(s Scan, k Constraint) string {
	table := s.Relation.Table
	switch {
	case k.Column < 0:
		return "Bitbucket's rows have no such number"
	case !k.Usable:
		return ""
	case c.plan.Whole:
		return whyOff
	case k.Op == Other:
		return "Bitbucket has no such comparison"
	case !k.pushable(table):
		return "it compares by the collation " + k.Collation
	}
	name := table.Columns[k.Column].Name
	var ops Op
	for i := range c.endpoint.Filters {
		if f := &c.endpoint.Filters[i]; equalFold(f.Column, name) {
			ops |= f.Ops
		}
	}
	switch {
	case single(c.endpoint) && len(c.endpoint.Binds) > 0:
		return "the object is asked for by its key"
	case ops == 0:
		return "Bitbucket cannot filter by " + name
	case ops&k.Op == 0:
		return "Bitbucket cannot filter " + name + " by " + symbols[k.Op]
	}
	return "Bitbucket takes one condition on " + name
}

// whyNoOrder is the reason why SQLite sorts.
func (c *candidate) whyNoOrder(s Scan) string {
	first := s.Relation.Table.Columns[s.OrderBy[0].Column].Name
	switch {
	case c.plan.Whole:
		return whyOff
	case c.several:
		return "the rows come from several lists"
	case slices.ContainsFunc(c.endpoint.Sorts, func(f schema.Sort) bool { return equalFold(f.Column, first) }):
		return "Bitbucket sorts by one column"
	}
	return "Bitbucket cannot sort by " + first
}

// whyNoLimit is the reason why Bitbucket is not told the number of rows. The scan stops all the same when there are enough.
func (c *candidate) whyNoLimit(s Scan) string {
	switch {
	case c.plan.Whole:
		return whyOff
	case len(s.OrderBy) > 0 && !c.ordered:
		return "SQLite sorts first"
	}
	return "SQLite still checks rows; the scan stops when there are enough"
}

// said says what becomes of a term with its value: whether it is pushed, and whether with the meaning that the filter promises.
func (p *Plan) said(r *Relation, t Term, args []Arg, o Options) (pushed, exact bool) {
	if t.Param != "" || t.Arg == 0 {
		return true, true
	}
	b := binder{
		relation: r, plan: &Plan{Endpoint: p.Endpoint}, endpoint: &r.Table.Endpoints[p.Endpoint], args: args, options: o, exact: true,
		params: url.Values{}, constants: map[int]any{},
	}
	b.filter(t)
	return b.empty || len(b.terms) > 0 || b.chunks != nil || len(b.params) > 0, b.exact
}

// saysHint says whether a hint is pushed, as far as that is known: a parameter may have any value.
func (p *Plan) saysHint(r *Relation, o Options) bool {
	unknown := false
	b := binder{relation: r, plan: p, endpoint: &r.Table.Endpoints[p.Endpoint], options: o}
	b.parameters = func(Operand) (any, bool) {
		unknown = true
		return nil, false
	}
	_, ok := b.hint(p.Hint)
	return ok || unknown
}

// whys joins the reasons, those of parts with the same reason in one.
func whys(notes []Note) string {
	var reasons []string
	parts := map[string][]string{}
	for _, n := range notes {
		if parts[n.Why] == nil {
			reasons = append(reasons, n.Why)
		}
		if !slices.Contains(parts[n.Why], n.Part) {
			parts[n.Why] = append(parts[n.Why], n.Part)
		}
	}
	for i, why := range reasons {
		reasons[i] = strings.Join(parts[why], ", ") + ": " + why
	}
	return strings.Join(reasons, "; ")
}
