package dialect

import (
	"iter"
	"strings"
)

// node is a token in the list that respelling works on. Nodes are never unlinked: a dropped one is empty space, so that
// places remembered before a change are still places after it.
type node struct {
	Token
	word       string // upper-case text of a bare identifier, "" for other tokens
	prev, next *node
	match      *node // the partner of a bracket
	index      int   // of a parameter, from 1
}

// newList links tokens between two edges and pairs their brackets.
func newList(tokens []Token) (head, tail *node) {
	nodes := make([]node, len(tokens)+2)
	var open []*node
	for i := range nodes {
		n := &nodes[i]
		if i > 0 {
			n.prev = &nodes[i-1]
			nodes[i-1].next = n
		}
		if i == 0 || i == len(nodes)-1 {
			n.Kind = edge
			continue
		}
		n.Token = tokens[i-1]
		switch n.Kind {
		case Ident:
			n.word = strings.ToUpper(n.Text)
		case Op:
			switch n.Text {
			case "(", "{":
				open = append(open, n)
			case ")", "}":
				want := "("
				if n.Text == "}" {
					want = "{"
				}
				if len(open) > 0 && open[len(open)-1].Text == want {
					n.match = open[len(open)-1]
					n.match.match = n
					open = open[:len(open)-1]
				}
			}
		}
	}
	tail = &nodes[len(nodes)-1]
	if tail.prev.Kind != edge {
		tail.Offset = tail.prev.Offset + len(tail.prev.Text)
	}
	return &nodes[0], tail
}

// after is the next significant node, before the previous one; the edges are their own neighbours.
func (n *node) after() *node {
	for n.Kind != edge || n.prev == nil {
		n = n.next
		if n.Significant() {
			break
		}
	}
	return n
}

func (n *node) before() *node {
	for n.Kind != edge || n.next == nil {
		n = n.prev
		if n.Significant() {
			break
		}
	}
	return n
}

// forward visits the significant nodes from n on that have its nesting, a bracket standing for all within, up to the end of
// the query: its closing bracket, a semicolon or the end.
func (n *node) forward() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		for !n.Significant() {
			n = n.next
		}
		for !n.ends() && yield(n) {
			if n.opens() {
				n = n.match
			}
			n = n.after()
		}
	}
}

// backward visits the significant nodes in front of n that have its nesting, a bracket standing for all within, back to the
// bracket around them, a semicolon or the beginning.
func (n *node) backward() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		for {
			n = n.before()
			if n.match != nil && !n.opens() {
				n = n.match
			} else if n.Kind == edge || n.opens() || n.is(";") {
				return
			}
			if !yield(n) {
				return
			}
		}
	}
}

func (n *node) is(op string) bool { return n.Kind == Op && n.Text == op }

func (n *node) opens() bool { return n.match != nil && (n.is("(") || n.is("{")) }

func (n *node) isNameToken() bool { return n.Kind == Ident || n.Kind == Quoted }

// isName reports whether the node can be a name: quoted, or a word that is not reserved.
func (n *node) isName() bool { return n.Kind == Quoted || n.Kind == Ident && !reserved[n.word] }

// ends reports whether the node is the end of the query that n's predecessors belong to.
func (n *node) ends() bool { return n.Kind == edge || n.is(")") || n.is("}") || n.is(";") }

func (n *node) drop() { n.Kind, n.Text, n.word = Space, "", "" }

func (n *node) set(kind Kind, text string) {
	n.Kind, n.Text, n.word = kind, text, ""
	if kind == Ident {
		n.word = strings.ToUpper(text)
	}
}

// dropRange drops the nodes from first to last, comments included: a -- comment must not swallow what follows.
func dropRange(first, last *node) {
	for n := first; ; n = n.next {
		n.drop()
		if n == last {
			return
		}
	}
}

// insertAfter links the tokens of sql, which must be well formed, behind n and returns the last one.
func (n *node) insertAfter(sql string) *node {
	tokens, _ := Lex(sql)
	head, tail := newList(tokens)
	first, last := head.next, tail.prev
	if first == tail {
		return n
	}
	for m := first; m != tail; m = m.next {
		m.Offset = n.Offset
	}
	first.prev, last.next = n, n.next
	n.next.prev = last
	n.next = first
	return last
}

// insertBefore links the tokens of sql in front of n and returns the first one.
func (n *node) insertBefore(sql string) *node {
	p := n.prev
	last := p.insertAfter(sql)
	for m := last; m != p; m = m.prev {
		m.Offset = n.Offset
	}
	return p.next
}

// wrap puts name( before first and tail) behind last; both ends are paired.
func wrap(first, last *node, name, tail string) {
	first.insertBefore(name + "(")
	open := first.prev
	end := last.insertAfter(tail + ")")
	open.match, end.match = end, open
}

// move takes the nodes from first to last out of their place and links them behind target, which is not among them.
func move(first, last, target *node) {
	first.prev.next, last.next.prev = last.next, first.prev
	first.prev, last.next = target, target.next
	target.next.prev = last
	target.next = first
}

// operandStart finds the first node of the operand that ends at n: a literal, a name with its qualifiers, a call, a
// bracket or a CASE; nil when n ends none of these.
func operandStart(n *node) *node {
	switch {
	case n.is(")") && n.match != nil:
		p := n.match.before()
		switch {
		case p.word == "OVER", p.word == "FILTER":
			return operandStart(p.before())
		case p.isName(), callable[p.word]:
			return nameStart(p)
		}
		return n.match
	case n.Kind == String, n.Kind == Number, n.Kind == Blob, n.Kind == Param:
		return n
	case n.word == "END":
		depth := 0
		for ; n.Kind != edge; n = n.before() {
			switch n.word {
			case "END":
				depth++
			case "CASE":
				if depth--; depth == 0 {
					return n
				}
			}
		}
		return nil
	case n.isName(), constants[n.word]:
		return nameStart(n)
	}
	return nil
}

// nameStart goes back over the qualifiers of the name that ends at n.
func nameStart(n *node) *node {
	for {
		dot := n.before()
		if !dot.is(".") || !dot.before().isNameToken() {
			return n
		}
		n = dot.before()
	}
}
