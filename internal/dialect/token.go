// Package dialect reads SQL at the level of tokens: it splits, inspects and respells statements written for other
// databases into what SQLite reads. It has no grammar and never prints a parse tree: whatever it does not respell stays
// the user's own text, byte for byte, because SQLite names result columns after that text.
package dialect

import "strings"

// Kind is the class of a Token.
type Kind uint8

// The kinds of tokens.
const (
	Space   Kind = iota // white space
	Comment             // -- to the end of the line (without the newline) or /* … */
	Ident               // bare identifier or keyword
	Quoted              // "x", [x] or `x`
	String              // 'x', E'x' or N'x'
	Blob                // X'0A'
	Number              // 1, 1.5, .5e3, 0xFF, 1_000
	Param               // ?, ?1, :name, @name, $1, $name
	Op                  // operators, punctuation and every byte that is nothing else
	edge                // before the first and after the last token
)

// Token is one piece of a statement; the texts of all tokens in order are the statement.
type Token struct {
	Kind   Kind
	Text   string
	Offset int // of the first byte in the statement
}

// Value is what the token says without its spelling: the name of an identifier, the content of a string, the bare name
// of a parameter. For other tokens it is the text.
func (t Token) Value() string {
	switch t.Kind {
	case Quoted:
		body := t.Text[1 : len(t.Text)-1]
		quote := t.Text[len(t.Text)-1:]
		if !strings.Contains(body, quote) {
			return body
		}
		return strings.ReplaceAll(body, quote+quote, quote)
	case String:
		i := strings.IndexByte(t.Text, '\'')
		body := t.Text[i+1 : len(t.Text)-1]
		if i == 1 && (t.Text[0] == 'E' || t.Text[0] == 'e') {
			return unescape(body)
		}
		if !strings.Contains(body, "'") {
			return body
		}
		return strings.ReplaceAll(body, "''", "'")
	case Param:
		return t.Text[1:]
	}
	return t.Text
}

// Significant reports whether the token is neither white space nor comment.
func (t Token) Significant() bool { return t.Kind != Space && t.Kind != Comment }

// QuoteName spells a name as SQLite reads it without doubt: in backticks, which never fall back to a string.
func QuoteName(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// QuoteString spells a text as an SQL string literal.
func QuoteString(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
