package scan

import (
	"unicode/utf8"

	"github.com/valyala/fastjson"
)

// appendText writes JSON as text in one form, whatever escapes it came with: without blanks, members in their order, and in
// strings only those escapes that JSON demands. fastjson's own writer keeps the escapes of a string that nobody has read yet,
// so that its text depends on which other columns a statement reads.
func appendText(dst []byte, v *fastjson.Value) []byte {
	switch v.Type() {
	case fastjson.TypeObject:
		dst = append(dst, '{')
		first := true
		v.GetObject().Visit(func(key []byte, member *fastjson.Value) {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = appendText(append(appendQuoted(dst, key), ':'), member)
		})
		return append(dst, '}')
	case fastjson.TypeArray:
		dst = append(dst, '[')
		for i, element := range v.GetArray() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendText(dst, element)
		}
		return append(dst, ']')
	case fastjson.TypeString:
		return appendQuoted(dst, v.GetStringBytes())
	}
	return v.MarshalTo(dst)
}

// appendQuoted writes a JSON string (RFC 8259, section 7). What is not UTF-8 becomes the replacement character.
func appendQuoted(dst, s []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		from := i
		for i < len(s) && s[i] >= ' ' && s[i] < utf8.RuneSelf && s[i] != '"' && s[i] != '\\' {
			i++
		}
		dst = append(dst, s[from:i]...) // nearly always all of it
		if i == len(s) {
			break
		}
		b := s[i]
		switch {
		case b == '"' || b == '\\':
			dst = append(dst, '\\', b)
		case b == '\n':
			dst = append(dst, '\\', 'n')
		case b == '\r':
			dst = append(dst, '\\', 'r')
		case b == '\t':
			dst = append(dst, '\\', 't')
		case b < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
		default:
			r, size := utf8.DecodeRune(s[i:])
			dst = utf8.AppendRune(dst, r)
			i += size
			continue
		}
		i++
	}
	return append(dst, '"')
}
