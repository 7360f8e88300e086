package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// place is where in a text an error is: its line and column, in characters and from 1, and the word found there.
func place(err error) (line, column int, near string) {
	var syntax *driver.SyntaxError
	var unknown *driver.UnknownColumnError
	switch {
	case errors.As(err, &syntax):
		return syntax.Line, syntax.Column, syntax.Near
	case errors.As(err, &unknown):
		return unknown.Line, unknown.Column, unknown.Name
	}
	return 0, 0, ""
}

// caret shows the line of the text that an error is about, with a caret under the place; nothing if it tells none.
func caret(sql string, err error) string {
	line, column, _ := place(err)
	lines := strings.Split(sql, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	shown := []rune(strings.TrimSuffix(lines[line-1], "\r"))
	if column < 1 || column > len(shown)+1 {
		return ""
	}
	at, cut := column-1, ""
	const before, most = 60, 100
	if start := at - before; start > 0 && len(shown) > most {
		shown, at, cut = shown[start:], before, "…"
	}
	end := ""
	if len(shown) > most {
		shown, end = shown[:most], "…"
	}
	number := fmt.Sprintf("  %d | ", line)
	left := cut + cell(string(shown[:at]))
	return number + left + cell(string(shown[at:])) + end + "\n" +
		strings.Repeat(" ", len(number)+text.StringWidthWithoutEscSequences(left)) + "^\n"
}

// cell is a text in one line, a tab being a space.
func cell(s string) string { return printable(strings.ReplaceAll(s, "\t", " ")) }
