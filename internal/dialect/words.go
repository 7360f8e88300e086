package dialect

import "strings"

// Words are the significant tokens of a statement, or of a piece of one. A place outside of them holds nothing: it is no word,
// no operator and no name.
type Words []Token

// WordsOf are the words of a text; none if it cannot be lexed.
func WordsOf(sql string) Words {
	all, err := Lex(sql)
	if err != nil {
		return nil
	}
	return Significant(all)
}

// Significant leaves out white space and comments.
func Significant(all []Token) Words {
	var ts Words
	for _, t := range all {
		if t.Significant() {
			ts = append(ts, t)
		}
	}
	return ts
}

// Word is the upper-case keyword or function name at i, or empty.
func (ts Words) Word(i int) string {
	if i < 0 || i >= len(ts) || ts[i].Kind != Ident {
		return ""
	}
	return strings.ToUpper(ts[i].Text)
}

// Op says whether the token at i is that operator.
func (ts Words) Op(i int, text string) bool {
	return i >= 0 && i < len(ts) && ts[i].Kind == Op && ts[i].Text == text
}

// Skip returns the index after the token at i, or after the bracket or CASE that begins there.
func (ts Words) Skip(i int) int {
	isCase := ts.Word(i) == "CASE"
	if !isCase && !ts.Op(i, "(") {
		return i + 1
	}
	for j := i + 1; j < len(ts); {
		if isCase && ts.Word(j) == "END" || !isCase && ts.Op(j, ")") {
			return j + 1
		}
		j = ts.Skip(j)
	}
	return len(ts)
}

// Split cuts at the commas of the outermost level.
func (ts Words) Split() []Words {
	var parts []Words
	start := 0
	for i := 0; i < len(ts); i = ts.Skip(i) {
		if ts.Op(i, ",") {
			parts = append(parts, ts[start:i])
			start = i + 1
		}
	}
	return append(parts, ts[start:])
}

// SelectList are the expressions that the statement returns: those of its first outermost SELECT.
func (ts Words) SelectList() []Words {
	for i := 0; i < len(ts); i = ts.Skip(i) {
		if ts.Word(i) != "SELECT" {
			continue
		}
		start := i + 1
		if w := ts.Word(start); w == "DISTINCT" || w == "ALL" {
			start++
		}
		end := start
		for end < len(ts) && !ts.EndsList(end) && !ts.Op(end, ";") {
			end = ts.Skip(end)
		}
		if start == end {
			return nil
		}
		return ts[start:end].Split()
	}
	return nil
}

// afterList are the words that come after a select list, and after a condition.
var afterList = map[string]bool{
	"FROM": true, "WHERE": true, "GROUP": true, "HAVING": true, "WINDOW": true, "ORDER": true, "LIMIT": true, "UNION": true,
	"INTERSECT": true, "EXCEPT": true,
}

// EndsList says whether the token at i begins a clause that comes after a select list or a condition.
func (ts Words) EndsList(i int) bool { return afterList[ts.Word(i)] }

// IsName says whether the token at i is an identifier, quoted or not.
func (ts Words) IsName(i int) bool {
	return i >= 0 && i < len(ts) && (ts[i].Kind == Ident || ts[i].Kind == Quoted)
}

// Name is the identifier at i, or empty.
func (ts Words) Name(i int) string {
	if !ts.IsName(i) {
		return ""
	}
	return ts[i].Value()
}

// follows are the words that come after a table in FROM, where any other name is the table's alias.
var follows = map[string]bool{
	"WHERE": true, "GROUP": true, "ORDER": true, "HAVING": true, "LIMIT": true, "OFFSET": true, "FETCH": true, "WINDOW": true,
	"UNION": true, "INTERSECT": true, "EXCEPT": true, "JOIN": true, "LEFT": true, "RIGHT": true, "FULL": true, "INNER": true,
	"OUTER": true, "CROSS": true, "NATURAL": true, "ON": true, "USING": true, "RETURNING": true, "SET": true, "INDEXED": true, "NOT": true,
}

// Aliased says whether the table whose name ends before i has an alias.
func (ts Words) Aliased(i int) bool {
	return ts.Word(i) == "AS" || ts.IsName(i) && !follows[ts.Word(i)]
}

// Statements cuts a text at its semicolons; those in the body of a trigger are followed by more of it until END. Each piece
// begins and ends with a significant token.
func Statements(all []Token) []Words {
	var list []Words
	var piece Words
	trigger := false
	for _, t := range all {
		switch {
		case !t.Significant():
			continue
		case t.Kind == Op && t.Text == ";" && !(trigger && piece.Word(len(piece)-1) != "END"):
			if len(piece) > 0 {
				list = append(list, piece)
			}
			piece, trigger = nil, false
			continue
		}
		piece = append(piece, t)
		if n := len(piece); n <= 3 && piece.Word(0) == "CREATE" && piece.Word(n-1) == "TRIGGER" {
			trigger = true
		}
	}
	if len(piece) > 0 {
		list = append(list, piece)
	}
	return list
}
