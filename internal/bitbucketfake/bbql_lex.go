package bitbucketfake

import (
	"fmt"
	"strings"
)

type tokenKind int

const (
	tokenEnd    tokenKind = iota
	tokenWord             // field or keyword
	tokenString           // text without quotes and escapes
	tokenNumber           // number or unquoted date
	tokenOp               // = != ~ !~ > >= < <=
	tokenPunct            // ( ) ,
)

type token struct {
	kind tokenKind
	text string
	at   int
}

// lexBBQL splits a q parameter into tokens.
func lexBBQL(q string) ([]token, error) {
	var out []token
	for i := 0; i < len(q); {
		c := q[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '(' || c == ')' || c == ',':
			out = append(out, token{tokenPunct, q[i : i+1], i})
			i++
		case c == '"':
			text, n, err := lexString(q[i:])
			if err != nil {
				return nil, fmt.Errorf("%w at position %d", err, i)
			}
			out = append(out, token{tokenString, text, i})
			i += n
		case strings.IndexByte("=~!<>", c) >= 0:
			n := 1
			if i+1 < len(q) && (c == '!' && (q[i+1] == '=' || q[i+1] == '~') || (c == '<' || c == '>') && q[i+1] == '=') {
				n = 2
			}
			if q[i:i+n] == "!" {
				return nil, fmt.Errorf("unexpected \"!\" at position %d", i)
			}
			out = append(out, token{tokenOp, q[i : i+n], i})
			i += n
		case isDigit(c) || c == '-':
			n := i + 1
			for n < len(q) && (isLetter(q[n]) || isDigit(q[n]) || strings.IndexByte("-+:.", q[n]) >= 0) {
				n++
			}
			out = append(out, token{tokenNumber, q[i:n], i})
			i = n
		case isLetter(c) || c == '_':
			n := i + 1
			for n < len(q) && (isLetter(q[n]) || isDigit(q[n]) || q[n] == '_' || q[n] == '.') {
				n++
			}
			out = append(out, token{tokenWord, q[i:n], i})
			i = n
		default:
			return nil, fmt.Errorf("unexpected %q at position %d", c, i)
		}
	}
	return append(out, token{kind: tokenEnd, at: len(q)}), nil
}

// lexString reads a string in double quotes, in which a backslash escapes the next character.
func lexString(q string) (text string, length int, err error) {
	var b strings.Builder
	for i := 1; i < len(q); i++ {
		switch q[i] {
		case '"':
			return b.String(), i + 1, nil
		case '\\':
			i++
			if i == len(q) {
				return "", 0, fmt.Errorf("unterminated string")
			}
			b.WriteByte(q[i])
		default:
			b.WriteByte(q[i])
		}
	}
	return "", 0, fmt.Errorf("unterminated string")
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
