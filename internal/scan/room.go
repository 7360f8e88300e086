package scan

// depth is how many pages of a scan to read ahead: all, where those before were read to their end.
func (t *site) depth() int {
	if t.session.config.Eager && (t.toEnd > 0 || t.goesOn) && t.broken == 0 {
		return 1 << 30
	}
	return 1
}

// room is how many scans may be begun ahead and not asked for. It grows with those that are asked for, and shrinks with rows that
// bring no scan, so that hardly more than an eighth of the scans is in vain; with the rows that the statement still wants; and
// with what the budget of requests can spare.
func (t *site) room() int {
	n := t.window
	if t.session.uses.full() {
		return 0
	}
	if t.disordered {
		n = min(n, 2+t.calls/8)
	}
	if t.skipped > 0 {
		spare := float64(2+t.calls/8-t.wasted) * float64(t.calls+t.skipped) / float64(t.skipped)
		n = min(n, max(0, int(min(spare, 1e6))))
	}
	return min(t.wanted(n), t.session.config.Budget.Spare())
}

// wanted bounds a number of scans by the rows that the statement still wants.
func (t *site) wanted(n int) int {
	if c := t.session.config; c.Wanted != nil {
		if returned, more := c.Wanted(); more >= 0 {
			// The scan that was asked for is not counted yet: those before it have brought what was returned.
			before := max(0, t.calls-1)
			if returned >= before {
				more--
			}
			n = min(n, max(0, more))
			if returned > 0 {
				n = min(n, (more*before+returned-1)/returned)
			}
		}
	}
	return n
}
