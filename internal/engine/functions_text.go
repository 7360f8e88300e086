//go:build cgo

package engine

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxText bounds what a function makes, like SQLite's limit for the connection.
const maxText = 256 << 20

// textFunctions count in characters, from 1.
var textFunctions = []builtin{
	fn("LEFT", 2, "the first n characters of a text", func(a []Value) (Value, error) {
		s, n := toText(a[0]), count(a[1])
		return s[:prefix(s, n)], nil
	}),
	fn("RIGHT", 2, "the last n characters of a text", func(a []Value) (Value, error) {
		s := toText(a[0])
		return s[prefix(s, int64(utf8.RuneCountInString(s))-count(a[1])):], nil
	}),
	fn("LEN", 1, "the number of characters of a text", textLength),
	fn("CHAR_LENGTH", 1, "the number of characters of a text", textLength),
	fn("CHARACTER_LENGTH", 1, "the number of characters of a text", textLength),
	fn("UCASE", 1, "a text in upper case", func(a []Value) (Value, error) { return strings.ToUpper(toText(a[0])), nil }),
	fn("LCASE", 1, "a text in lower case", func(a []Value) (Value, error) { return strings.ToLower(toText(a[0])), nil }),
	fn("CHARINDEX", 2, "the place of the first text in the second, 0 if it is not there", locate),
	fn("CHARINDEX", 3, "the place of the first text in the second from a place on, 0 if it is not there", locate),
	fn("LOCATE", 2, "the place of the first text in the second, 0 if it is not there", locate),
	fn("LOCATE", 3, "the place of the first text in the second from a place on, 0 if it is not there", locate),
	fn("SPACE", 1, "a text of n blanks", func(a []Value) (Value, error) { return repeat(" ", count(a[0])) }),
	fn("REPLICATE", 2, "a text n times", func(a []Value) (Value, error) { return repeat(toText(a[0]), count(a[1])) }),
	fn("REPEAT", 2, "a text n times", func(a []Value) (Value, error) { return repeat(toText(a[0]), count(a[1])) }),
	fn("REVERSE", 1, "the characters of a text from the last to the first", func(a []Value) (Value, error) {
		r := []rune(toText(a[0]))
		for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
			r[i], r[j] = r[j], r[i]
		}
		return string(r), nil
	}),
	fn("LPAD", 2, "a text filled with blanks on the left to n characters, or cut", func(a []Value) (Value, error) { return pad(a, true) }),
	fn("LPAD", 3, "a text filled on the left to n characters, or cut", func(a []Value) (Value, error) { return pad(a, true) }),
	fn("RPAD", 2, "a text filled with blanks on the right to n characters, or cut", func(a []Value) (Value, error) { return pad(a, false) }),
	fn("RPAD", 3, "a text filled on the right to n characters, or cut", func(a []Value) (Value, error) { return pad(a, false) }),
	fn("SPLIT_PART", 3, "the n-th part of a text between separators; from the end if n is negative", splitPart),
	fn("STARTSWITH", 2, "1 if the first text starts with the second", func(a []Value) (Value, error) {
		return strings.HasPrefix(toText(a[0]), toText(a[1])), nil
	}),
	fn("ENDSWITH", 2, "1 if the first text ends with the second", func(a []Value) (Value, error) {
		return strings.HasSuffix(toText(a[0]), toText(a[1])), nil
	}),
	fn("CONTAINS", 2, "1 if the first text contains the second", func(a []Value) (Value, error) {
		return strings.Contains(toText(a[0]), toText(a[1])), nil
	}),
	null("CONCAT", -1, "the texts of all arguments joined; NULL is empty", func(a []Value) (Value, error) {
		var b strings.Builder
		for _, v := range a {
			b.WriteString(toText(v))
		}
		return b.String(), nil
	}),
	fn("ASCII", 1, "the code of a text's first character", func(a []Value) (Value, error) {
		s := toText(a[0])
		if s == "" {
			return nil, nil
		}
		r, _ := utf8.DecodeRuneInString(s)
		return int64(r), nil
	}),
}

// regexpFunctions are made for each connection, because they keep compiled patterns.
func regexpFunctions() []builtin {
	cache := patterns{}
	match := func(text, pattern Value) (Value, error) {
		re, err := cache.get(toText(pattern))
		if err != nil {
			return nil, err
		}
		return re.MatchString(toText(text)), nil
	}
	op := fn("REGEXP", 2, "the operator x REGEXP pattern: 1 if the pattern (https://github.com/google/re2/wiki/Syntax) matches in x",
		func(a []Value) (Value, error) { return match(a[1], a[0]) })
	op.replace = true // mattn registers one that compiles the pattern for each row
	return []builtin{
		op,
		fn("REGEXP_LIKE", 2, "1 if the pattern matches in the text", func(a []Value) (Value, error) { return match(a[0], a[1]) }),
		fn("REGEXP_REPLACE", 3, "the text with each match of the pattern replaced; $1 is a group", func(a []Value) (Value, error) {
			re, err := cache.get(toText(a[1]))
			if err != nil {
				return nil, err
			}
			return re.ReplaceAllString(toText(a[0]), toText(a[2])), nil
		}),
		fn("REGEXP_SUBSTR", 2, "the first match of the pattern in the text, or NULL", func(a []Value) (Value, error) {
			re, err := cache.get(toText(a[1]))
			if err != nil {
				return nil, err
			}
			s := toText(a[0])
			if m := re.FindStringIndex(s); m != nil {
				return s[m[0]:m[1]], nil
			}
			return nil, nil
		}),
	}
}

// patterns are compiled patterns; few, as a statement has few.
type patterns map[string]*regexp.Regexp

func (p patterns) get(s string) (*regexp.Regexp, error) {
	if re := p[s]; re != nil {
		return re, nil
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return nil, fmt.Errorf("REGEXP: %w", err)
	}
	if len(p) >= 64 {
		clear(p)
	}
	p[s] = re
	return re, nil
}

func count(v Value) int64 {
	n, _ := toInt(v)
	return n
}

// prefix is the length in bytes of the first n characters.
func prefix(s string, n int64) int {
	if n <= 0 {
		return 0
	}
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

func textLength(a []Value) (Value, error) { return int64(utf8.RuneCountInString(toText(a[0]))), nil }

func locate(a []Value) (Value, error) {
	needle, s, from := toText(a[0]), toText(a[1]), int64(1)
	if len(a) == 3 {
		from = max(count(a[2]), 1)
	}
	start := prefix(s, from-1)
	i := strings.Index(s[start:], needle)
	if i < 0 || from > int64(utf8.RuneCountInString(s))+1 {
		return int64(0), nil
	}
	return int64(utf8.RuneCountInString(s[:start+i])) + 1, nil
}

func repeat(s string, n int64) (Value, error) {
	if n <= 0 || s == "" {
		return "", nil
	}
	if n > maxText/int64(len(s)) {
		return nil, fmt.Errorf("a text of %d times %d bytes is too long", n, len(s))
	}
	return strings.Repeat(s, int(n)), nil
}

func pad(a []Value, left bool) (Value, error) {
	s, n, fill := toText(a[0]), count(a[1]), " "
	if len(a) == 3 {
		fill = toText(a[2])
	}
	have := int64(utf8.RuneCountInString(s))
	if n <= have || fill == "" {
		return s[:prefix(s, n)], nil
	}
	if n > maxText/4 {
		return nil, fmt.Errorf("a text of %d characters is too long", n)
	}
	more := strings.Repeat(fill, int((n-have)/int64(utf8.RuneCountInString(fill)))+1)
	more = more[:prefix(more, n-have)]
	if left {
		return more + s, nil
	}
	return s + more, nil
}

func splitPart(a []Value) (Value, error) {
	s, sep, n := toText(a[0]), toText(a[1]), count(a[2])
	parts := []string{s}
	if sep != "" {
		parts = strings.Split(s, sep)
	}
	if n < 0 {
		n += int64(len(parts)) + 1
	}
	if n < 1 || n > int64(len(parts)) {
		return "", nil
	}
	return parts[n-1], nil
}

// compare orders values as SQLite does: NULL, numbers, texts by their bytes, blobs.
func compare(a, b Value) int {
	if r := cmp.Compare(class(a), class(b)); r != 0 {
		return r
	}
	switch x := a.(type) {
	case string:
		return cmp.Compare(x, b.(string))
	case []byte:
		return bytes.Compare(x, b.([]byte))
	case int64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y)
		}
	}
	x, _ := toFloat(a)
	y, _ := toFloat(b)
	return cmp.Compare(x, y)
}

func class(v Value) int {
	switch v.(type) {
	case int64, float64:
		return 1
	case string:
		return 2
	case []byte:
		return 3
	}
	return 0
}
