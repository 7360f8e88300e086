package dialect

import "strings"

// Split cuts a script into its statements at the semicolons between them. Comments stay with the statement that follows; what
// holds nothing but comments is none. A text without an end (see Lex) is part of the last statement.
func Split(sql string) []string {
	tokens, _ := Lex(sql)
	var (
		statements  []string
		start       int
		significant bool
		words       []string // of the statement, the first few
		depth       int      // BEGIN and CASE without END, in CREATE TRIGGER
	)
	cut := func(end int) {
		if significant {
			statements = append(statements, strings.Trim(sql[start:end], " \t\r\n\f"))
		}
		significant, words, depth = false, nil, 0
	}
	for _, t := range tokens {
		if !t.Significant() {
			continue
		}
		if t.Kind == Op && t.Text == ";" && depth == 0 {
			cut(t.Offset)
			start = t.Offset + 1
			continue
		}
		significant = true
		if t.Kind != Ident {
			continue
		}
		word := strings.ToUpper(t.Text)
		if len(words) < 5 {
			words = append(words, word)
		}
		if !isTrigger(words) {
			continue
		}
		switch word {
		case "BEGIN", "CASE":
			depth++
		case "END":
			depth = max(depth-1, 0)
		}
	}
	if n := len(tokens); n == 0 || tokens[n-1].Offset+len(tokens[n-1].Text) < len(sql) {
		significant = significant || sql != ""
	}
	cut(len(sql))
	return statements
}

// isTrigger reports whether the words begin CREATE [TEMP] TRIGGER.
func isTrigger(words []string) bool {
	if len(words) < 2 || words[0] != "CREATE" {
		return false
	}
	return words[1] == "TRIGGER" || len(words) > 2 && words[2] == "TRIGGER" && (words[1] == "TEMP" || words[1] == "TEMPORARY")
}

// HasLimit reports whether a word is in the statement that may end a scan early: LIMIT, TOP, FETCH or EXISTS.
func HasLimit(tokens []Token) bool {
	for _, t := range tokens {
		if t.Kind == Ident && len(t.Text) >= 3 && len(t.Text) <= 6 {
			switch strings.ToUpper(t.Text) {
			case "LIMIT", "TOP", "FETCH", "EXISTS":
				return true
			}
		}
	}
	return false
}
