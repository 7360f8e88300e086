package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// unqualified is the error of a table that the statement reads without the schema that it needs, if it reads one: next to that, a
// column that is not there is the lesser fault. It may well be one that the table has in the schema Workspace only.
func (c *conn) unqualified(ctx context.Context, text string) error {
	words := significant(text)
	for i, t := range words {
		if i == 0 || !isName(t) || !beginsTable(words[i-1]) ||
			follows(words, i, ".") || follows(words, i, "(") || !isTable(t.Value()) || definesName(words, t.Value()) {
			continue
		}
		probe, err := c.engine.Prepare(ctx, "SELECT 1 FROM "+dialect.QuoteName(t.Value()))
		if err == nil {
			probe.Close()
			continue
		}
		var unknown *UnknownTableError
		if errors.As(err, &unknown) {
			return unknown
		}
	}
	return nil
}

func significant(text string) []dialect.Token {
	all, _ := dialect.Lex(text) // What precedes a fault is enough.
	return slices.DeleteFunc(all, func(t dialect.Token) bool { return !t.Significant() })
}

func isName(t dialect.Token) bool { return t.Kind == dialect.Ident || t.Kind == dialect.Quoted }

// beginsTable tells whether the name of a table may follow a word.
func beginsTable(t dialect.Token) bool {
	return slices.Contains([]string{"FROM", "JOIN", ","}, strings.ToUpper(t.Text))
}

func isTable(name string) bool {
	return slices.ContainsFunc(schema.Tables(), func(t *schema.Table) bool { return strings.EqualFold(t.Name, name) })
}

// follows tells whether a word is right after the one at i.
func follows(words []dialect.Token, i int, word string) bool {
	return i+1 < len(words) && strings.EqualFold(words[i+1].Text, word)
}

// definesName tells whether the statement has a common table expression of the name.
func definesName(words []dialect.Token, name string) bool {
	for i, t := range words {
		if isName(t) && strings.EqualFold(t.Value(), name) && (follows(words, i, "(") || follows(words, i, "AS") && follows(words, i+1, "(")) {
			return true
		}
	}
	return false
}

// misname says how to write a name that is the cause of a syntax error at the offset: one with a hyphen, as repositories have, or
// one with the workspace before its schema. It is empty when there is no such name.
func misname(text string, offset int) string {
	words := significant(text)
	at := slices.IndexFunc(words, func(t dialect.Token) bool { return t.Offset == offset })
	if at < 1 || at+1 >= len(words) {
		return ""
	}
	switch words[at].Text {
	case "-":
		first, last := at, at
		joined := func(i int) bool { // to the one before it, as a part of a name
			if i < 1 || i >= len(words) || words[i].Offset != words[i-1].Offset+len(words[i-1].Text) {
				return false
			}
			return slices.ContainsFunc(words[i-1:i+1], func(t dialect.Token) bool { return t.Text == "-" })
		}
		for joined(first) {
			first--
		}
		for joined(last + 1) {
			last++
		}
		if first < at && last > at && words[first].Kind == dialect.Ident && words[last].Text != "-" {
			name := text[words[first].Offset : words[last].Offset+len(words[last].Text)]
			name = strings.TrimSuffix(name, ".") // which belongs to a number at the end
			return "; a name with a hyphen stands in brackets: [" + name + "]"
		}
	case ".":
		if at >= 4 && beginsTable(words[at-4]) && words[at-2].Text == "." && isName(words[at-1]) && isName(words[at-3]) && isName(words[at+1]) {
			return "; a table is written without its workspace: " + words[at-1].Text + "." + words[at+1].Text
		}
	}
	return ""
}

// suggestFunctions are names of functions that may have been meant.
func (c *conn) suggestFunctions(ctx context.Context, name string) []string {
	s, err := c.engine.Prepare(ctx, "SELECT DISTINCT name FROM pragma_function_list WHERE name GLOB '[a-z]*' ORDER BY name")
	if err != nil {
		return nil
	}
	defer s.Close()
	rows, err := s.Query(ctx, nil)
	if err != nil {
		return nil
	}
	defer rows.Close()
	var names []string
	for row := make([]sqldriver.Value, 1); rows.Next(row) == nil; {
		if known, ok := row[0].(string); ok {
			names = append(names, known)
		}
	}
	return closest(name, names)
}
