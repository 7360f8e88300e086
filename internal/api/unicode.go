package api

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// unicodeOf returns JSON in which what is no character is the replacement character: bytes that are not UTF-8, and halves of surrogate
// pairs in escapes. It changes escapes in place.
func unicodeOf(body []byte) []byte {
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	for i := 0; ; {
		at := bytes.IndexByte(body[i:], '\\')
		if at < 0 {
			return body
		}
		i += at
		switch first := escaped(body[i:]); {
		case !utf16.IsSurrogate(first):
			i += 2
		case utf16.DecodeRune(first, escaped(body[min(i+6, len(body)):])) != utf8.RuneError:
			i += 12
		default:
			copy(body[i+2:], "fffd")
			i += 6
		}
		i = min(i, len(body))
	}
}

// escaped is the code unit of the escape \uXXXX that a text begins with, and 0 when it begins with none.
func escaped(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return 0
	}
	return rune(unit)
}
