package bitbucketfake

import (
	"fmt"
	"strings"
)

// expr is a parsed q: either a junction of others (op "and", "or") or one comparison.
type expr struct {
	op       string // and, or, =, !=, ~, !~, >, >=, <, <=, in, not in
	parts    []*expr
	field    string
	literals []literal
}

type literal struct {
	kind tokenKind // tokenString, tokenNumber, tokenWord (null, true, false)
	text string
}

// maxDepth bounds nesting, as the parser is recursive and the text comes from outside.
const maxDepth = 100

type bbqlParser struct {
	tokens []token
	depth  int
}

// parseBBQL reads a q parameter. Its errors are the service's 400.
func parseBBQL(q string) (*expr, error) {
	tokens, err := lexBBQL(q)
	if err != nil {
		return nil, err
	}
	p := &bbqlParser{tokens: tokens}
	x, err := p.junction("or")
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokenEnd {
		return nil, p.unexpected(t)
	}
	return x, nil
}

func (p *bbqlParser) peek() token { return p.tokens[0] }

func (p *bbqlParser) take() token {
	t := p.tokens[0]
	if t.kind != tokenEnd {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *bbqlParser) unexpected(t token) error {
	if t.kind == tokenEnd {
		return fmt.Errorf("unexpected end of query")
	}
	return fmt.Errorf("unexpected %q at position %d", t.text, t.at)
}

func (p *bbqlParser) punct(text string) error {
	if t := p.take(); t.kind != tokenPunct || t.text != text {
		return p.unexpected(t)
	}
	return nil
}

func (t token) word(w string) bool { return t.kind == tokenWord && strings.EqualFold(t.text, w) }

// junction reads a chain of OR, or of AND, which binds tighter.
func (p *bbqlParser) junction(op string) (*expr, error) {
	next := p.primary
	if op == "or" {
		next = func() (*expr, error) { return p.junction("and") }
	}
	x, err := next()
	if err != nil {
		return nil, err
	}
	for p.peek().word(op) {
		p.take()
		y, err := next()
		if err != nil {
			return nil, err
		}
		if x.op != op {
			x = &expr{op: op, parts: []*expr{x}}
		}
		x.parts = append(x.parts, y)
	}
	return x, nil
}

func (p *bbqlParser) primary() (*expr, error) {
	t := p.take()
	if t.kind == tokenPunct && t.text == "(" {
		if p.depth++; p.depth > maxDepth {
			return nil, fmt.Errorf("query nested too deeply")
		}
		x, err := p.junction("or")
		if err != nil {
			return nil, err
		}
		p.depth--
		// A parenthesised junction stays one operand of whatever follows.
		return &expr{op: "and", parts: []*expr{x}}, p.punct(")")
	}
	if t.kind != tokenWord {
		return nil, p.unexpected(t)
	}
	return p.comparison(t.text)
}

func (p *bbqlParser) comparison(field string) (*expr, error) {
	x := &expr{field: field}
	t := p.take()
	switch {
	case t.kind == tokenOp:
		x.op = t.text
		l, err := p.literal()
		x.literals = []literal{l}
		return x, err
	case t.word("not"):
		x.op = "not in"
		if t = p.take(); !t.word("in") {
			return nil, p.unexpected(t)
		}
	case t.word("in"):
		x.op = "in"
	default:
		return nil, p.unexpected(t)
	}
	if err := p.punct("("); err != nil {
		return nil, err
	}
	for {
		l, err := p.literal()
		if err != nil {
			return nil, err
		}
		x.literals = append(x.literals, l)
		t := p.take()
		if t.kind == tokenPunct && t.text == "," {
			continue
		}
		if t.kind == tokenPunct && t.text == ")" {
			return x, nil
		}
		return nil, p.unexpected(t)
	}
}

func (p *bbqlParser) literal() (literal, error) {
	t := p.take()
	switch {
	case t.kind == tokenString || t.kind == tokenNumber:
		return literal{t.kind, t.text}, nil
	case t.word("null") || t.word("true") || t.word("false"):
		return literal{tokenWord, strings.ToLower(t.text)}, nil
	}
	return literal{}, p.unexpected(t)
}
