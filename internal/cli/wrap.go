package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// leastRoom is the width that no text is broken below: a few letters a line are worse to read than what the terminal does.
const leastRoom = 16

// wrap breaks a text into lines of at most width columns, at blanks, or within a word that is longer than a line after a sign
// that separates its parts. A width of 0 breaks nothing. Blanks within a line are kept.
func wrap(s string, width int) []string { return wrapped(s, width, breakAt) }

// wrapWords is wrap that leaves long words whole, such as addresses, so that they can be copied from a terminal.
func wrapWords(s string, width int) []string { return wrapped(s, width, nil) }

// wrapped breaks a text. Words that are longer than a line are broken where within says, unless it is nil.
func wrapped(s string, width int, within func(line string, width int) int) []string {
	if width <= 0 || displayWidth(s) <= width {
		return []string{s}
	}
	width = max(width, leastRoom)
	var lines []string
	line, columns := "", 0
	for piece := range strings.SplitAfterSeq(s, " ") {
		wide, blanks := displayWidth(strings.TrimRight(piece, " ")), len(piece)-len(strings.TrimRight(piece, " "))
		if line != "" && columns+wide > width {
			// A word that fits into no line begins in this one, if it leaves room for a piece of it.
			if wide <= width || within == nil || width-columns < leastRoom {
				lines = append(lines, strings.TrimRight(line, " "))
				line, columns = "", 0
			}
		}
		line += piece
		columns += wide + blanks
		for within != nil && columns-blanks > width {
			at := within(line, width)
			lines = append(lines, line[:at])
			columns -= displayWidth(line[:at])
			line = line[at:]
		}
	}
	if line = strings.TrimRight(line, " "); line != "" {
		lines = append(lines, line)
	}
	return lines
}

// breakAt is where to break a line with one long word at its end: after a sign that separates, in the second half of the width, or
// else at the width.
func breakAt(line string, width int) int {
	at, strong, weak, columns := 0, 0, 0, 0
	for i, r := range line {
		columns += displayWidth(string(r))
		if columns > width && i > 0 {
			break
		}
		at = i + utf8.RuneLen(r)
		switch {
		case 2*columns < width: // too much of the line would stay empty
		case strings.ContainsRune(",;&?/ ", r):
			strong = at
		case strings.ContainsRune(".:=-_", r):
			weak = at
		}
	}
	return cmp.Or(strong, weak, at)
}

// hanging is a text broken to the width, whose lines after the first stand below the first's text, after the head.
func hanging(head, s string, width int) string {
	if width <= 0 {
		return head + s + "\n"
	}
	indent := displayWidth(head)
	if width-indent < leastRoom {
		indent = min(indent, 2)
	}
	return head + indented(wrap(s, max(leastRoom, width-displayWidth(head))), indent) + "\n"
}

// indented joins lines, those after the first indented.
func indented(lines []string, indent int) string {
	return strings.Join(lines, "\n"+strings.Repeat(" ", indent))
}

// say writes a sentence for people on standard output.
func (o *IO) say(format string, args ...any) error {
	_, err := io.WriteString(o.Out, hanging("", fmt.Sprintf(format, args...), o.tableWidth()))
	return err
}

// tell writes a sentence for people on standard error.
func (o *IO) tell(format string, args ...any) {
	text, head := fmt.Sprintf(format, args...), ""
	if rest, ok := strings.CutPrefix(text, "hint: "); ok {
		head, text = "hint: ", rest
	}
	fmt.Fprint(o.Err, hanging(head, text, o.ErrWidth))
}
