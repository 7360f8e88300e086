package dialect

import "strings"

// Analysis is a statement spelled for the parser github.com/xwb1989/sqlparser, to look at and never to run: every name is in
// backticks, strings are escaped by MySQL's rules, and what that grammar has not is left out or replaced by an operator that
// means nothing here.
type Analysis struct {
	SQL string
	// Tokens are the significant tokens of SQL in canonical form: words and names in lower case, strings decoded behind a
	// quote, without the words that change nothing (AS, ASC, INNER, OUTER, CROSS). A parse is to be trusted only when its
	// printed form has the same tokens.
	Tokens []string
	// Params are the statement's parameters: Params[i] is what :v(i+1) stands for.
	Params []Parameter
}

// syntax are the words that keep their meaning in the analysis; all others are names.
var syntax = words(`SELECT DISTINCT ALL FROM WHERE GROUP BY HAVING ORDER ASC DESC LIMIT AND OR NOT IN IS NULL LIKE ESCAPE
	BETWEEN CASE WHEN THEN ELSE END EXISTS UNION JOIN INNER LEFT RIGHT OUTER CROSS NATURAL ON USING AS TRUE FALSE COLLATE
	REGEXP VALUES INSERT INTO UPDATE SET DELETE DEFAULT`)

// Silent are the words that Tokens leaves out.
func Silent(word string) bool {
	switch word {
	case "as", "asc", "inner", "outer", "cross":
		return true
	}
	return false
}

// ToSQLParser respells a statement for analysis. The error is a *LexError.
func ToSQLParser(sql string) (Analysis, error) {
	tokens, err := Lex(sql)
	if err != nil {
		return Analysis{}, err
	}
	head, _ := newList(tokens)
	params := number(head)
	Default.respell(head)
	simplify(head)
	var a Analysis
	var b strings.Builder
	for n := head.after(); n.Kind != edge; n = n.after() {
		if n.is(";") && n.after().Kind == edge {
			break
		}
		spelled, canonical := analysed(n)
		if n.Kind == Param {
			a.Params = append(a.Params, parameter(params, n.index))
			spelled = ":v" + itoa(len(a.Params))
			canonical = spelled
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(spelled)
		if !Silent(canonical) || spelled[0] == '`' {
			a.Tokens = append(a.Tokens, canonical)
		}
	}
	a.SQL = b.String()
	return a, nil
}

func parameter(params []Parameter, index int) Parameter {
	for _, p := range params {
		if p.Index == index {
			return p
		}
	}
	return Parameter{}
}

// mysqlEscapes are for the characters that end or change a string in MySQL.
var mysqlEscapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\x00", `\0`)

// analysed spells one token and gives its canonical form.
func analysed(n *node) (spelled, canonical string) {
	switch n.Kind {
	case Ident:
		if syntax[n.word] && !n.before().is(".") && !n.after().is(".") && (!n.after().is("(") || !callable[n.word] || n.word == "EXISTS" || n.word == "LIKE") {
			return n.Text, strings.ToLower(n.Text)
		}
		return QuoteName(n.Text), strings.ToLower(n.Text)
	case Quoted:
		return QuoteName(n.Value()), strings.ToLower(n.Value())
	case String:
		return "'" + mysqlEscapes.Replace(n.Value()) + "'", "'" + n.Value()
	case Op:
		if n.Text == "<>" {
			return "!=", "!="
		}
	}
	return n.Text, n.Text
}

// simplify leaves out what the parser's grammar has not. Nothing that it changes may end up in a comparison of a column with a
// value: those are believed.
func simplify(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		switch n.word {
		case "OVER", "FILTER":
			if spec := n.after(); n.before().is(")") && (spec.opens() || spec.isName()) {
				if spec.opens() {
					spec = spec.match
				}
				dropRange(n, spec)
			}
		case "NULLS":
			if w := n.after(); w.word == "FIRST" || w.word == "LAST" {
				dropRange(n, w)
			}
		case "ISNULL":
			n.set(Ident, "IS")
			n.insertAfter(" NULL")
		case "NOTNULL":
			n.set(Ident, "IS")
			n.insertAfter(" NOT NULL")
		case "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP":
			n.insertAfter("()")
		case "CAST":
			simplifyCast(n)
		case "LIMIT":
			simplifyLimit(n)
		}
		switch {
		case n.is("||"), n.is("->"), n.is("->>"):
			n.set(Op, "^") // SQLite has no such operator; MySQL's binds as tightly as these
		case n.is("=="):
			n.set(Op, "=")
		}
	}
}

// simplifyCast makes CAST(x AS type) a call, the type of which does not matter.
func simplifyCast(n *node) {
	open := n.after()
	if !open.opens() {
		return
	}
	as := find(open, "AS")
	if as == nil || as == open.after() || as.after() == open.match {
		return
	}
	dropRange(as, open.match.prev)
}

// simplifyLimit makes LIMIT n OFFSET m the LIMIT m, n that the parser prints.
func simplifyLimit(n *node) {
	first := n.after()
	last, offset := amountAt(first)
	if last == nil || offset.word != "OFFSET" {
		return
	}
	end, _ := amountAt(offset.after())
	if end == nil {
		return
	}
	dropRange(last.next, offset)
	target := end.insertAfter(", ")
	move(first, last, target)
}
