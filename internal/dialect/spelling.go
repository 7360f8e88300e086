package dialect

import "strings"

// spell respells single tokens: quotes, string prefixes, and words that SQLite has under another name.
func spell(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		switch n.Kind {
		case Quoted:
			if n.Text[0] == '"' || n.Text[0] == '[' && strings.Contains(n.Text, "]]") {
				n.Text = QuoteName(n.Value())
			}
		case String:
			if n.Text[0] != '\'' {
				n.Text = QuoteString(n.Value())
			}
		case Op:
			if n.Text == "<=>" {
				n.set(Ident, "IS") // of the same precedence
			}
		case Ident:
			spellWord(n)
		}
	}
}

func spellWord(n *node) {
	switch n.word {
	case "ILIKE":
		n.set(Ident, "LIKE")
	case "RLIKE":
		n.set(Ident, "REGEXP")
	case "UNKNOWN":
		if p := n.before(); p.word == "IS" || p.word == "NOT" && p.before().word == "IS" {
			n.set(Ident, "NULL")
		}
	case "MINUS":
		if n.after().word == "SELECT" && operandStart(n.before()) != nil {
			n.set(Ident, "EXCEPT")
		}
	case "DISTINCT":
		if n.before().word == "UNION" {
			n.drop()
		}
	case "NOLOCK": // FROM t WITH (NOLOCK)
		open, end := n.before(), n.after()
		if open.is("(") && open.match == end && open.before().word == "WITH" {
			dropRange(open.before(), end)
		}
	default:
		if strings.Contains(n.Text, "#") {
			n.set(Quoted, QuoteName(n.Text))
		}
	}
}

// literals takes the type off DATE '…' and its like, since SQLite's dates are texts, and spells intervals one way.
func literals(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		if cast := n.after(); n.Kind == String && cast.is("::") && cast.after().word == "INTERVAL" { // '7 days'::interval
			dropRange(cast, cast.after())
			n.insertBefore("INTERVAL ")
		}
		switch n.word {
		case "DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "DATETIME":
			// A column of that name may stand before an alias in quotes, as in SELECT Date 'when'.
			s := n.after()
			if s.Kind == String && startsWithDigit(s.Value()) && !n.before().is(".") && n.before().word != "AS" {
				dropRange(n, s.prev)
			}
		}
	}
}

// escapes resolves ODBC's and JDBC's {…}: https://learn.microsoft.com/sql/odbc/reference/appendixes/odbc-escape-sequences.
func (o Options) escapes(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		if !n.is("{") || n.match == nil {
			continue
		}
		kind := n.after()
		switch kind.word {
		case "D", "T", "TS", "GUID":
			if kind.after().Kind != String {
				continue
			}
		case "FN", "OJ", "ESCAPE":
			if kind.word == "ESCAPE" {
				kind = n
			}
		default:
			continue
		}
		end := n.match
		inner := kind.after()
		for inner != end && kind != n && kind.next.Kind == Space {
			kind = kind.next
		}
		dropRange(n, kind)
		if end.prev.Kind == Space && end.prev != kind {
			end.prev.drop()
		}
		end.drop()
	}
}

func startsWithDigit(s string) bool {
	s = strings.TrimLeft(s, " ")
	return s != "" && isDigit(s[0])
}
