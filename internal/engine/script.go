//go:build cgo

package engine

import "strings"

// blank tells that a text has no statement: only white space, semicolons and comments.
func blank(s string) bool {
	for s != "" {
		switch {
		case strings.IndexByte(" \t\r\n\f;", s[0]) >= 0:
			s = s[1:]
		case strings.HasPrefix(s, "--"):
			i := strings.IndexByte(s, '\n')
			if i < 0 {
				return true
			}
			s = s[i+1:]
		case strings.HasPrefix(s, "/*"):
			// SQLite ends an open comment at the end of the text.
			i := strings.Index(s[2:], "*/")
			if i < 0 {
				return true
			}
			s = s[i+4:]
		default:
			return false
		}
	}
	return true
}
