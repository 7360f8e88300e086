package cli

import (
	"errors"
	"fmt"
	"strings"

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

// caret shows the line of the text that an error is about, with a caret under the place; nothing if it tells none. A long line is
// cut, and so is one that is too long for the width, if that is not 0.
func caret(sql string, err error, width int) string {
	line, column, _ := place(err)
	lines := strings.Split(sql, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	shown := []rune(strings.TrimSuffix(lines[line-1], "\r"))
	if column < 1 || column > len(shown)+1 {
		return ""
	}
	number := fmt.Sprintf("  %d | ", line)
	most := 100
	if width > 0 {
		most = min(most, max(leastRoom, width-len(number)-2)) // with place for the ellipses
	}
	shown, at, left, right := window(shown, column-1, most)
	before := left + cell(string(shown[:at]))
	return number + before + cell(string(shown[at:])) + right + "\n" + strings.Repeat(" ", len(number)+displayWidth(before)) + "^\n"
}

// window cuts a line of text to a number of columns around a place, and returns where that is then, with an ellipsis for each side
// that is cut.
func window(shown []rune, at, most int) (rest []rune, then int, left, right string) {
	before, after := 0, 0 // columns
	for i, r := range shown {
		if columns := displayWidth(cell(string(r))); i < at {
			before += columns
		} else {
			after += columns
		}
	}
	if before+after <= most {
		return shown, at, "", ""
	}
	for ; before > most*6/10 && before+after > most; at-- {
		before -= displayWidth(cell(string(shown[0])))
		shown, left = shown[1:], "…"
	}
	for before+after > most && len(shown) > at+1 {
		after -= displayWidth(cell(string(shown[len(shown)-1])))
		shown, right = shown[:len(shown)-1], "…"
	}
	return shown, at, left, right
}

// cell is a text in one line, a tab being a space.
func cell(s string) string { return printable(strings.ReplaceAll(s, "\t", " ")) }
