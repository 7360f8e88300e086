package api

import (
	"bytes"
	"net/http"
	"strings"
	"unicode"

	"github.com/valyala/fastjson"
)

// maxWords bounds what an error takes over from an answer, in bytes.
const maxWords = 500

// answerError reads Bitbucket's error envelope, {"type":"error","error":{"message","detail","fields"}}, of which only the
// message is dependable; detail is a string or an object. Source: developer.atlassian.com/cloud/bitbucket/rest/intro,
// "Standardized error responses". hide masks what must not be repeated.
func answerError(path string, resp *http.Response, body []byte, hide func(string) string) *Error {
	e := &Error{Status: resp.StatusCode, Method: http.MethodGet, Path: path, Kind: kindOf(resp.StatusCode)}
	e.RetryAfter = retryAfter(resp.Header)
	switch first := firstByte(body); {
	case first == '{':
		p := parsers.Get()
		defer parsers.Put(p)
		if root, err := p.ParseBytes(body); err == nil {
			e.read(root, hide)
		}
	case e.Kind == RateLimited && first != '<' && !isHTML(resp.Header):
		// The limiter at the edge answers in plain text. No other body is taken over: it could hold anything.
		e.Message = words(body, hide)
	}
	if e.Status == http.StatusForbidden && (len(e.Required) > 0 || strings.Contains(e.Message, "privilege scopes")) {
		e.Kind = MissingScope
	}
	return e
}

func (e *Error) read(root *fastjson.Value, hide func(string) string) {
	env := root.Get("error")
	if env == nil {
		return
	}
	if env.Type() == fastjson.TypeString {
		e.Message = words(env.GetStringBytes(), hide)
		return
	}
	e.Message = words(env.GetStringBytes("message"), hide)
	if detail := env.Get("detail"); detail != nil {
		switch detail.Type() {
		case fastjson.TypeString:
			e.Detail = words(detail.GetStringBytes(), hide)
		case fastjson.TypeObject:
			e.Required = stringsOf(detail.Get("required"), hide)
			e.Granted = stringsOf(detail.Get("granted"), hide)
			if e.Required == nil && e.Granted == nil {
				e.Detail = members(detail, hide)
			}
		}
	}
	if fields := members(env.Get("fields"), hide); fields != "" {
		if e.Detail != "" {
			e.Detail += "; "
		}
		e.Detail += fields
	}
}

// members writes an object of strings and lists of strings as "name: text; name: text".
func members(v *fastjson.Value, hide func(string) string) string {
	o := v.GetObject()
	if o == nil {
		return ""
	}
	var parts []string
	o.Visit(func(key []byte, v *fastjson.Value) {
		if texts := stringsOf(v, hide); len(texts) > 0 {
			parts = append(parts, words(key, hide)+": "+strings.Join(texts, ", "))
		}
	})
	return words([]byte(strings.Join(parts, "; ")), hide)
}

func stringsOf(v *fastjson.Value, hide func(string) string) []string {
	if v == nil {
		return nil
	}
	if v.Type() == fastjson.TypeString {
		return []string{words(v.GetStringBytes(), hide)}
	}
	var out []string
	for _, item := range v.GetArray() {
		if item.Type() == fastjson.TypeString {
			out = append(out, words(item.GetStringBytes(), hide))
		}
	}
	return out
}

// words makes text of an answer fit for one line of an error.
func words(b []byte, hide func(string) string) string {
	s := hide(string(b[:min(len(b), 1<<20)])) // before it is cut: a part of a secret is too much
	s = s[:min(len(s), 4*maxWords)]
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if len(s) > maxWords {
		s = strings.ToValidUTF8(s[:maxWords], "") + "…"
	}
	return s
}

func kindOf(status int) Kind {
	switch {
	case status == http.StatusAccepted:
		return Pending
	case status == http.StatusBadRequest:
		return BadRequest
	case status == http.StatusUnauthorized:
		return Unauthorized
	case status == http.StatusForbidden:
		return Forbidden
	case status == http.StatusNotFound:
		return NotFound
	case status == http.StatusGone:
		return Gone
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status >= 500:
		return Server
	}
	return Other
}

func firstByte(body []byte) byte {
	if body = bytes.TrimLeft(body, " \t\r\n"); len(body) > 0 {
		return body[0]
	}
	return 0
}

func isHTML(h http.Header) bool {
	return strings.Contains(strings.ToLower(h.Get("Content-Type")), "html")
}
