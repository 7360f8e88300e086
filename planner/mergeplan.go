package planner

// merge lets the endpoint sort each of several lists, which are then merged: where a LIMIT is pushed with the order, so that of
// each list no more is read than the statement needs of all of them.
func (c *candidate) merge(s Scan, constraints []Constraint) {
	if !c.several || c.ordered || len(s.OrderBy) != 1 || single(c.endpoint) || c.endpoint.Each != nil {
		return
	}
	limited := false
	for _, k := range constraints {
		limited = limited || k.Op == Limit && k.Usable
	}
	by := s.OrderBy[0]
	if by.Column < 0 || !limited {
		return
	}
	field := sortField(s.Relation.Table, c.endpoint, by.Column)
	if field == "" {
		return
	}
	c.plan.Sort, c.plan.Merge, c.ordered = field, by.Column+1, true
	if by.Desc {
		c.plan.Sort = "-" + field
	}
}
