package dialect

// item is one expression of the select list that names the result's columns.
type item struct {
	before *node // SELECT, DISTINCT, TOP or a comma: it stays where it is
	text   string
}

// selectItems finds the expressions of the list whose texts name the columns of the result, before anything is respelled.
func selectItems(head *node, sql string) []item {
	n := mainQuery(head.after())
	if n == nil {
		return nil
	}
	if w := n.after(); w.word == "DISTINCT" || w.word == "ALL" {
		n = w
	}
	before, first := n, n.after()
	if amount, last := top(first); amount != nil {
		before, first = first, last.after()
	}
	var items []item
	for {
		last := itemEnd(first)
		if last == nil {
			return items
		}
		items = append(items, item{before: before, text: sql[first.Offset : last.Offset+len(last.Text)]})
		if before = last.after(); !before.is(",") {
			return items
		}
		first = before.after()
	}
}

// itemEnd is the last node of the expression that begins at first, nil when there is none.
func itemEnd(first *node) *node {
	var last *node
	for n := range first.forward() {
		if n.is(",") || endsList(n) {
			break
		}
		last = n
		if n.opens() {
			last = n.match
		}
	}
	return last
}

// endsList reports whether n ends a select list.
func endsList(n *node) bool {
	switch n.word {
	case "FROM":
		p := n.before()
		return p.word != "DISTINCT" || p.before().word != "IS" && p.before().word != "NOT" // IS NOT DISTINCT FROM
	case "INTO", "WHERE", "LIMIT", "HAVING", "UNION", "INTERSECT", "EXCEPT":
		return true
	case "GROUP", "ORDER":
		return n.after().word == "BY"
	}
	return isOffset(n) || isFetch(n)
}

// mainQuery goes from the first node of a statement to the SELECT that names its columns, nil when there is none.
func mainQuery(n *node) *node {
	if n.word == "WITH" {
		n = afterWith(n)
	}
	for n.is("(") {
		n = n.after()
		if n.word == "WITH" {
			n = afterWith(n)
		}
	}
	if n.word != "SELECT" {
		return nil
	}
	return n
}

// afterWith is the node behind the table expressions of WITH at n.
func afterWith(n *node) *node {
	for m := range n.forward() {
		if m.opens() {
			next := m.match.after()
			if !next.is(",") && next.word != "AS" {
				return next
			}
		}
	}
	return n
}

// alias names the column after the user's text where respelling would change the name.
func (it item) alias() {
	first := it.before.after()
	last := itemEnd(first)
	if last == nil || text(first, last) == it.text || plainColumn(first, last) || hasAlias(first, last) {
		return
	}
	last.insertAfter(" AS " + QuoteName(it.text))
}

// plainColumn reports whether the nodes are a column or a star, which names itself.
func plainColumn(first, last *node) bool {
	for n := first; ; n = n.after() {
		if !n.isName() && !n.is(".") && !n.is("*") {
			return false
		}
		if n == last {
			return n.is("*") || nameStart(n) == first
		}
	}
}

// hasAlias reports whether the item from first to last ends in a name of its own.
func hasAlias(first, last *node) bool {
	if last == first {
		return false
	}
	p := last.before()
	if p.word == "AS" {
		return true
	}
	if !last.isName() && last.Kind != String {
		return false
	}
	// A name right behind an operand is an alias; COLLATE x, NOT x and the like are none.
	return operandStart(p) != nil || p.word == "ISNULL" || p.word == "NOTNULL"
}
