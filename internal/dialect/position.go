package dialect

import (
	"strings"
	"unicode/utf8"
)

// Position turns a byte offset into a place a person can find: line and column, both from 1, the column in characters.
// Offsets outside of sql mean its nearest end.
func Position(sql string, offset int) (line, column int) {
	offset = min(max(offset, 0), len(sql))
	before := sql[:offset]
	line = strings.Count(before, "\n") + 1
	start := strings.LastIndexByte(before, '\n') + 1
	return line, utf8.RuneCountInString(before[start:]) + 1
}
