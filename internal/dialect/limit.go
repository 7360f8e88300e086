package dialect

// query is the extent of one SELECT core, from its SELECT to the end of what belongs to it alone, and of the whole query that
// it is an arm of.
type query struct {
	first    *node // SELECT
	coreLast *node // last significant node before a compound operator, ORDER BY, LIMIT or the end
	last     *node // last significant node of the whole query
	limit    *node // LIMIT, OFFSET or FETCH that is there already
	compound bool
}

// queryAt measures the query whose core begins at n, a SELECT.
func queryAt(n *node) query {
	q := query{first: n, coreLast: n, last: n}
	open := true // the core
	for m := range n.forward() {
		switch {
		case compounds[m.word]:
			q.compound, open = true, false
		case m.word == "ORDER" && m.after().word == "BY", m.word == "LIMIT", isFetch(m), isOffset(m):
			open = false
			if m.word != "ORDER" && q.limit == nil {
				q.limit = m
			}
		}
		end := m
		if m.opens() {
			end = m.match
		}
		if open {
			q.coreLast = end
		}
		q.last = end
	}
	for m := range n.backward() {
		if compounds[m.word] {
			q.compound = true
		}
		if m.word == "AS" || m.word == "WITH" || m.word == "INTO" {
			break
		}
	}
	return q
}

// isFetch recognises FETCH FIRST … ONLY.
func isFetch(n *node) bool {
	return n.word == "FETCH" && (n.after().word == "FIRST" || n.after().word == "NEXT")
}

// isOffset recognises an OFFSET clause; offset may be a column as well.
func isOffset(n *node) bool {
	if n.word != "OFFSET" {
		return false
	}
	p := n.before()
	if p.Kind == Op && !p.is(")") || p.word == "SELECT" || p.word == "DISTINCT" || p.word == "BY" || p.word == "AS" {
		return false
	}
	amount, next := amountAt(n.after())
	if amount == nil {
		return false
	}
	switch next.word {
	case "ROW", "ROWS", "FETCH", "LIMIT":
		return true
	}
	return next.ends()
}

// amountAt reads a number, a parameter or a bracket; next is what follows.
func amountAt(n *node) (last, next *node) {
	switch {
	case n.Kind == Number, n.Kind == Param:
		return n, n.after()
	case n.opens() && n.is("("):
		return n.match, n.match.after()
	}
	return nil, n
}

// top is the TOP clause at n: the nodes of its amount, nil when n is not TOP or has PERCENT or WITH TIES, which SQLite has not.
func top(n *node) (first, last *node) {
	if n.word != "TOP" {
		return nil, nil
	}
	amount, next := amountAt(n.after())
	switch {
	case amount == nil, next.ends(), next.word == "FROM", next.word == "PERCENT", next.word == "WITH":
		return nil, nil
	case next.Kind == Op && !next.is("*") && !next.is("(") && !next.is("-") && !next.is("+") && !next.is("~"):
		return nil, nil
	}
	return n.after(), amount
}

// limits writes TOP n, FETCH FIRST n ROWS ONLY and OFFSET n ROWS as LIMIT and OFFSET.
func limits(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		switch {
		case n.word == "SELECT":
			t := n.after()
			if t.word == "DISTINCT" || t.word == "ALL" {
				t = t.after()
			}
			if first, last := top(t); first != nil {
				limitTop(queryAt(n), t, first, last)
			}
		case n.word == "LIMIT" && n.after().word == "ALL":
			n.after().set(Number, "-1")
		case isFetch(n):
			fetch(n)
		case isOffset(n):
			offset(n)
		}
	}
}

// limitTop moves TOP's amount into a LIMIT at the end. TOP in an arm of a compound limits that arm, which then needs a query
// of its own, since SQLite's LIMIT is for the whole.
func limitTop(q query, t, first, last *node) {
	if q.limit != nil && !q.compound {
		return // both: an error in every dialect
	}
	end := q.last
	tail := " LIMIT "
	if q.compound {
		end = q.coreLast
		wrap(q.first, end, "SELECT * FROM ", "")
	}
	resume := last.next
	target := end.insertAfter(tail)
	move(first, last, target)
	dropRange(t, resume.prev)
	for resume.Kind == Space {
		resume.drop()
		resume = resume.next
	}
}

// fetch is FETCH FIRST [n] ROWS ONLY without an OFFSET in front.
func fetch(n *node) {
	amount, rows := amountAt(n.after().after())
	only := rows.after()
	if rows.word != "ROW" && rows.word != "ROWS" || only.word != "ONLY" {
		return
	}
	if amount == nil {
		dropRange(n, only)
		n.insertAfter("LIMIT 1")
		return
	}
	first := n.after().after()
	n.set(Ident, "LIMIT")
	dropRange(n.next, first.prev)
	n.insertAfter(" ")
	dropRange(amount.next, only)
}

// offset is an OFFSET clause: it goes behind the LIMIT that follows it, or gets one without bounds.
func offset(n *node) {
	last, next := amountAt(n.after())
	if next.word == "ROW" || next.word == "ROWS" {
		after := next.after()
		dropRange(last.next, next)
		next = after
	}
	for m := range n.backward() {
		if m.word == "LIMIT" {
			return
		}
		if m.word == "SELECT" {
			break
		}
	}
	if isFetch(next) {
		fetch(next)
		next = last.after()
	}
	if next.word != "LIMIT" {
		n.insertBefore("LIMIT -1 ")
		return
	}
	amount, _ := amountAt(next.after())
	if amount == nil {
		if next.after().word != "ALL" {
			return
		}
		amount = next.after()
		amount.set(Number, "-1")
	}
	target := amount.insertAfter(" ")
	gap := last.next
	move(n, last, target)
	if gap.Kind == Space {
		gap.drop()
	}
}

// arms frees the arms of a compound from brackets, which SQLite does not read.
func arms(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		if !n.is("(") || !n.opens() || !beginsQuery(n.after()) {
			continue
		}
		p, next := n.before(), n.match.after()
		arm := compounds[p.word] || p.word == "ALL" && compounds[p.before().word]
		if !arm {
			whole := p.Kind == edge || p.is(";")
			if !whole && !p.is("(") {
				continue
			}
			if !compounds[next.word] && (!whole || next.word != "ORDER" && next.word != "LIMIT" && !next.ends()) {
				continue
			}
		}
		if simple(n) && (arm || compounds[next.word]) || next.Kind == edge && !arm || next.is(";") && !arm {
			n.match.drop()
			n.drop()
			continue
		}
		n.insertBefore("SELECT * FROM ")
	}
}

// maxDepth is the deepest nesting that is looked into; SQLite's own limit is the same
// (https://sqlite.org/limits.html#max_expr_depth).
const maxDepth = 1000

// beginsQuery reports whether a query, bracketed or not, begins at n.
func beginsQuery(n *node) bool {
	for depth := 0; n.is("(") && depth < maxDepth; depth++ {
		n = n.after()
	}
	return n.word == "SELECT" || n.word == "WITH" || n.word == "VALUES"
}

// simple reports whether the bracket holds one SELECT without an order or limit of its own.
func simple(open *node) bool {
	if open.after().word != "SELECT" {
		return false
	}
	q := queryAt(open.after())
	return !q.compound && q.coreLast == q.last
}
