package dialect

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescape reads the body of PostgreSQL's E'…' string (https://www.postgresql.org/docs/current/sql-syntax-lexical.html,
// 4.1.2.2): C-style escapes, an unknown escaped character stands for itself.
func unescape(body string) string {
	if !strings.ContainsAny(body, `\'`) {
		return body
	}
	var b strings.Builder
	for i := 0; i < len(body); i++ {
		c := body[i]
		if c == '\'' && i+1 < len(body) && body[i+1] == '\'' {
			i++
		}
		if c != '\\' || i+1 == len(body) {
			b.WriteByte(c)
			continue
		}
		i++
		switch c = body[i]; c {
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'x':
			i += codePoint(&b, body[i:], 2, 16, true)
		case 'u':
			i += codePoint(&b, body[i:], 4, 16, false)
		case 'U':
			i += codePoint(&b, body[i:], 8, 16, false)
		case '0', '1', '2', '3', '4', '5', '6', '7':
			i += codePoint(&b, body[i-1:], 3, 8, true) - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// codePoint writes the character whose number follows s's first byte in up to n digits; raw numbers are bytes. It returns
// the number of digits read; without any digit the first byte stands for itself.
func codePoint(b *strings.Builder, s string, n, base int, raw bool) int {
	end := 1
	for end < len(s) && end <= n && digit(s[end]) < base {
		end++
	}
	v, err := strconv.ParseUint(s[1:end], base, 32)
	if err != nil {
		b.WriteByte(s[0])
		return 0
	}
	if raw {
		b.WriteByte(byte(v))
	} else if r := rune(v); utf8.ValidRune(r) {
		b.WriteRune(r)
	} else {
		b.WriteRune(utf8.RuneError)
	}
	return end - 1
}

// digit is the value of a hexadecimal digit, 99 for other bytes.
func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return 99
}
