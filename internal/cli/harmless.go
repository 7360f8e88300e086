package cli

import (
	"fmt"
	"io"
	"unicode/utf8"
)

// harmless lets nothing through to a terminal that would steer it: in CSV and JSON, which are exact anywhere else. What it writes in
// place of a character is that character in JSON.
type harmless struct {
	w    io.Writer
	held []byte // the beginning of a character
}

// Write implements [io.Writer].
func (h *harmless) Write(p []byte) (int, error) {
	text := append(h.held, p...)
	out := make([]byte, 0, len(text))
	for len(text) > 0 && utf8.FullRune(text) {
		r, size := utf8.DecodeRune(text)
		if r != '\n' && r != '\t' && steers(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = utf8.AppendRune(out, r) // U+FFFD for bytes that are no character
		}
		text = text[size:]
	}
	h.held = append([]byte(nil), text...)
	if _, err := h.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}
