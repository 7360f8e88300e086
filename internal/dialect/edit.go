package dialect

// Edit is a change to a statement that its author did not write: tokens in place of one of the statement's, or behind it.
type Edit struct {
	// Offset is that of the token, which must be significant.
	Offset int
	// Text is what to write. It may be empty, and may open a bracket that another edit closes.
	Text string
	// After keeps the token and writes behind it.
	After bool
}

// Rewrite is ToSQLite with the edits, which come in the order of their offsets, made first. Places in what they write map to
// the token that they are about.
func Rewrite(sql string, edits []Edit) (Rewritten, error) { return Default.rewrite(sql, edits) }

// edit makes the edits in a list of tokens.
func edit(head *node, edits []Edit) {
	if len(edits) == 0 {
		return
	}
	n := head.next
	for _, e := range edits {
		for n.Kind != edge && (n.Offset < e.Offset || !n.Significant()) {
			n = n.next
		}
		if n.Kind == edge || n.Offset != e.Offset {
			continue
		}
		last := n.insertAfter(" " + e.Text + " ")
		if !e.After {
			n.drop()
		}
		n = last.next
	}
	pair(head)
}

// pair finds the partners of all brackets anew.
func pair(head *node) {
	var open []*node
	for n := head.next; n.Kind != edge; n = n.next {
		n.match = nil
		switch {
		case n.is("("), n.is("{"):
			open = append(open, n)
		case n.is(")"), n.is("}"):
			want := "("
			if n.is("}") {
				want = "{"
			}
			if len(open) > 0 && open[len(open)-1].is(want) {
				n.match = open[len(open)-1]
				n.match.match = n
				open = open[:len(open)-1]
			}
		}
	}
}
