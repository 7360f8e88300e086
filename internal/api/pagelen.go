package api

import "strings"

// fallbackPageLen is the longest page that every list seen so far accepts.
const fallbackPageLen = 50

// about reports whether a 400 complains about a parameter.
func (e *Error) about(what string) bool {
	return e.Kind == BadRequest && strings.Contains(strings.ToLower(e.Message+" "+e.Detail), what)
}

// pastEnd reports whether an answer says that a page does not exist.
func (e *Error) pastEnd() bool {
	text := strings.ToLower(e.Message + " " + e.Detail)
	return (e.Kind == BadRequest || e.Kind == NotFound) && strings.Contains(text, "invalid page") &&
		!strings.Contains(text, "pagelen")
}
