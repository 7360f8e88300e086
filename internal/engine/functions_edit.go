//go:build cgo

package engine

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// editFunctions make one text of another, and say where something is in it.
var editFunctions = []builtin{
	fn("STUFF", 4, "STUFF(s, start, n, t): a text with n characters from a place on replaced by another text", func(a []Value) (Value, error) {
		s, start, n := toText(a[0]), count(a[1]), count(a[2])
		if start < 1 || n < 0 || start > int64(utf8.RuneCountInString(s)) {
			return nil, nil
		}
		from := prefix(s, start-1)
		return s[:from] + toText(a[3]) + s[from+prefix(s[from:], n):], nil
	}),
	fn("SPLIT", 3, "the n-th part of a text between separators; from the end if n is negative", splitPart),
	fn("INDEXOF", 2, "the place, from 0, of the second text in the first, -1 if it is not there", indexOf),
	fn("INDEXOF", 3, "the place, from 0, of the second text in the first from a place on, -1 if it is not there", indexOf),
	fn("PATINDEX", 2, "the place of what is between the % of a pattern in a text, 0 if it is not there", patternIndex),
	fn("QUOTENAME", 1, "a text in brackets, as a name", func(a []Value) (Value, error) {
		return "[" + strings.ReplaceAll(toText(a[0]), "]", "]]") + "]", nil
	}),
	fn("QUOTENAME", 2, "a text in quotes of that kind, as a name", func(a []Value) (Value, error) {
		switch q := toText(a[1]); q {
		case "[", "]", "[]":
			return "[" + strings.ReplaceAll(toText(a[0]), "]", "]]") + "]", nil
		case "'", "\"", "`":
			return q + strings.ReplaceAll(toText(a[0]), q, q+q) + q, nil
		}
		return nil, nil
	}),
	fn("TOSTRING", 1, "a value as text", func(a []Value) (Value, error) { return toText(a[0]), nil }),
	fn("STR", 1, "a number as text of 10 characters, without a fraction", numberText),
	fn("STR", 2, "a number as text of n characters, without a fraction", numberText),
	fn("STR", 3, "a number as text of n characters, with so many digits behind the point", numberText),
	fn("NCHAR", 1, "the character of a code", func(a []Value) (Value, error) {
		n := count(a[0])
		if n < 0 || n > utf8.MaxRune {
			return nil, nil
		}
		return string(rune(n)), nil
	}),
	fn("SOUNDEX", 1, "the sound of a text's first word in English: a letter and three digits", func(a []Value) (Value, error) { return soundex(toText(a[0])), nil }),
	fn("HASHBYTES", 2, "HASHBYTES(algorithm, x): the hash of a text or BLOB by MD5, SHA1, SHA2_256 or SHA2_512", func(a []Value) (Value, error) {
		data := []byte(toText(a[1]))
		switch name := strings.ToUpper(toText(a[0])); name {
		case "MD5":
			sum := md5.Sum(data)
			return sum[:], nil
		case "SHA", "SHA1":
			sum := sha1.Sum(data)
			return sum[:], nil
		case "SHA2_256":
			sum := sha256.Sum256(data)
			return sum[:], nil
		case "SHA2_512":
			sum := sha512.Sum512(data)
			return sum[:], nil
		default:
			return nil, fmt.Errorf("HASHBYTES knows no %q: use MD5, SHA1, SHA2_256 or SHA2_512", name)
		}
	}),
}

// indexOf counts as CHARINDEX does, but from 0, and takes the text first.
func indexOf(a []Value) (Value, error) {
	swapped := []Value{a[1], a[0]}
	if len(a) == 3 {
		swapped = append(swapped, count(a[2])+1)
	}
	at, err := locate(swapped)
	if n, ok := at.(int64); ok {
		return n - 1, err
	}
	return at, err
}

// patternIndex knows % at the ends of a pattern.
func patternIndex(a []Value) (Value, error) {
	pattern, s := toText(a[0]), toText(a[1])
	body, begins := strings.CutPrefix(pattern, "%")
	body, ends := strings.CutSuffix(body, "%")
	at := -1
	switch {
	case begins && ends:
		at = strings.Index(s, body)
	case begins && strings.HasSuffix(s, body):
		at = len(s) - len(body)
	case ends && strings.HasPrefix(s, body), s == body:
		at = 0
	}
	if at < 0 {
		return int64(0), nil
	}
	return int64(utf8.RuneCountInString(s[:at])) + 1, nil
}

// numberText fills with blanks on the left. A number that does not fit gives asterisks.
func numberText(a []Value) (Value, error) {
	x, ok := toFloat(a[0])
	if !ok {
		return nil, nil
	}
	width, places := int64(10), int64(0)
	if len(a) > 1 {
		width = count(a[1])
	}
	if len(a) > 2 {
		places = count(a[2])
	}
	if width < 1 || width > 8000 || places < 0 {
		return nil, nil
	}
	text := strconv.FormatFloat(x, 'f', int(min(places, 16)), 64)
	if whole, _, _ := strings.Cut(text, "."); len(whole) > int(width) {
		return strings.Repeat("*", int(width)), nil
	} else if len(text) > int(width) {
		text = strconv.FormatFloat(x, 'f', max(0, int(width)-len(whole)-1), 64)
	}
	return fmt.Sprintf("%*s", width, text), nil
}

// soundex follows the American rules: letters of one sound beside each other, or with H or W between, count once.
func soundex(s string) string {
	const codes = "01230120022455012623010202" // of A to Z; 0 has no sound
	out, last := "", byte(0)
	for _, c := range []byte(strings.ToUpper(s)) {
		if c < 'A' || c > 'Z' {
			if out != "" {
				break
			}
			continue
		}
		code := codes[c-'A']
		switch {
		case out == "":
			out = string(c)
		case code != '0' && code != last:
			out += string(code)
		}
		if c != 'H' && c != 'W' {
			last = code
		}
		if len(out) == 4 {
			break
		}
	}
	if out == "" {
		return "0000"
	}
	return (out + "000")[:4]
}
