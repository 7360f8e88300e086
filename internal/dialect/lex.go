package dialect

import (
	"fmt"
	"strings"
)

// LexError says that a string, quoted name or comment has no end.
type LexError struct {
	What         string // "string", "name" or "comment"
	Offset       int    // where it begins, in bytes
	Line, Column int    // the same place, 1-based; Column counts characters
}

func (e *LexError) Error() string {
	return fmt.Sprintf("unterminated %s that begins at line %d, column %d: close it", e.What, e.Line, e.Column)
}

// Lex splits a statement into tokens without loss: their texts, joined, are sql. When a string, name or comment has no end
// it returns a *LexError and the tokens before it.
func Lex(sql string) ([]Token, error) {
	tokens := make([]Token, 0, len(sql)/4+4)
	for i := 0; i < len(sql); {
		kind, n := scan(sql[i:])
		if n < 0 {
			what := "string"
			switch kind {
			case Quoted:
				what = "name"
			case Comment:
				what = "comment"
			}
			line, column := Position(sql, i)
			return tokens, &LexError{What: what, Offset: i, Line: line, Column: column}
		}
		tokens = append(tokens, Token{Kind: kind, Text: sql[i : i+n], Offset: i})
		i += n
	}
	return tokens, nil
}

// operators are those of more than one byte, longest first.
var operators = [...]string{"->>", "<=>", "->", "||", "::", "<>", "!=", "<=", ">=", "==", "<<", ">>", ":="}

// scan finds the token that s, which is not empty, begins with; a negative length means that its end is missing.
func scan(s string) (kind Kind, length int) {
	switch c := s[0]; {
	case isSpace(c):
		n := 1
		for n < len(s) && isSpace(s[n]) {
			n++
		}
		return Space, n
	case strings.HasPrefix(s, "\uFEFF"): // byte order mark: SQLite skips it
		return Space, len("\uFEFF")
	case strings.HasPrefix(s, "--"):
		if n := strings.IndexByte(s, '\n'); n >= 0 {
			return Comment, n
		}
		return Comment, len(s)
	case strings.HasPrefix(s, "/*"):
		if n := strings.Index(s[2:], "*/"); n >= 0 {
			return Comment, n + 4
		}
		return Comment, -1
	case c == '\'':
		return String, quotedLength(s, 0, '\'', false)
	case c == '"', c == '`':
		return Quoted, quotedLength(s, 0, c, false)
	case c == '[':
		return Quoted, quotedLength(s, 0, ']', false)
	case len(s) > 1 && s[1] == '\'' && strings.IndexByte("eEnN", c) >= 0:
		return String, quotedLength(s, 1, '\'', c|0x20 == 'e')
	case len(s) > 1 && s[1] == '\'' && c|0x20 == 'x':
		return Blob, quotedLength(s, 1, '\'', false)
	case isIdentStart(c):
		return Ident, identLength(s)
	case isDigit(c), c == '.' && len(s) > 1 && isDigit(s[1]):
		return Number, numberLength(s)
	case c == '?':
		n := 1
		for n < len(s) && isDigit(s[n]) {
			n++
		}
		return Param, n
	case (c == ':' || c == '@' || c == '$') && len(s) > 1 && (isIdentStart(s[1]) || isDigit(s[1])):
		n := 1
		for n < len(s) && isIdent(s[n]) {
			n++
		}
		return Param, n
	}
	for _, op := range operators {
		if strings.HasPrefix(s, op) {
			return Op, len(op)
		}
	}
	return Op, 1
}

// quotedLength is the length of a quoted text whose opening quote is at start, -1 without an end. A doubled end quote is
// part of the text; with backslash, so is an escaped one.
func quotedLength(s string, start int, end byte, backslash bool) int {
	for i := start + 1; i < len(s); i++ {
		switch {
		case backslash && s[i] == '\\':
			i++
		case s[i] == end:
			if i+1 == len(s) || s[i+1] != end {
				return i + 1
			}
			i++
		}
	}
	return -1
}

// identLength includes a # inside: CData names its temporary tables T#TEMP.
func identLength(s string) int {
	n := 1
	for n < len(s) && (isIdent(s[n]) || s[n] == '#' && n+1 < len(s) && isIdent(s[n+1])) {
		n++
	}
	return n
}

func numberLength(s string) int {
	if len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' && digit(s[2]) < 16 {
		n := 3
		for n < len(s) && (digit(s[n]) < 16 || s[n] == '_') {
			n++
		}
		return n
	}
	n := digits(s, 0)
	if n < len(s) && s[n] == '.' {
		n = digits(s, n+1)
	}
	if n < len(s) && s[n]|0x20 == 'e' {
		e := n + 1
		if e < len(s) && (s[e] == '+' || s[e] == '-') {
			e++
		}
		if e < len(s) && isDigit(s[e]) {
			n = digits(s, e)
		}
	}
	return n
}

func digits(s string, i int) int {
	for i < len(s) && (isDigit(s[i]) || s[i] == '_' && i > 0 && isDigit(s[i-1]) && i+1 < len(s) && isDigit(s[i+1])) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isIdentStart(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c >= 0x80 }

func isIdent(c byte) bool { return isIdentStart(c) || isDigit(c) || c == '$' }
