package planner

import "github.com/seed281e34fa/bitbucketsql/internal/dialect"

// statementWords are the words of a statement, which tell what kind of statement it is.
type statementWords dialect.Words

func (w statementWords) word(i int) string { return dialect.Words(w).Word(i) }

func (w statementWords) op(i int, text string) bool { return dialect.Words(w).Op(i, text) }

// find is the place of the first of the words, from i on, that is in no bracket and no part of a qualified name; -1 when there
// is none.
func (w statementWords) find(i int, words ...string) int {
	depth := 0
	for ; i < len(w); i++ {
		switch {
		case w.op(i, "("):
			depth++
		case w.op(i, ")"):
			depth--
		case depth == 0 && w.op(i, ";"):
			return -1
		case depth == 0 && !w.op(i-1, ".") && !w.op(i+1, "."):
			word := w.word(i)
			for _, want := range words {
				if word == want && word != "" {
					return i
				}
			}
		}
	}
	return -1
}

// afterWith is the place behind the table expressions of a WITH at 0.
func (w statementWords) afterWith() int {
	depth := 0
	for i := 1; i < len(w); i++ {
		switch {
		case w.op(i, "("):
			depth++
		case w.op(i, ")"):
			depth--
			if depth == 0 && !w.op(i+1, ",") && w.word(i+1) != "AS" {
				return i + 1
			}
		}
	}
	return len(w)
}

// target reads the qualified name at i into the statement's Schema and Table. Of more than two parts the last two count: what
// is in front is a catalog.
func (w statementWords) target(s Statement, i int) Statement {
	s.Schema, s.Table = "", ""
	for i < len(w) && (w[i].Kind == dialect.Ident || w[i].Kind == dialect.Quoted) {
		s.Schema, s.Table = s.Table, w[i].Value()
		if !w.op(i+1, ".") {
			break
		}
		if i += 2; w.op(i, ".") { // catalog..table
			s.Table = ""
			i++
		}
	}
	return s
}
