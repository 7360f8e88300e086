package bitbucketfake

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// encoder appends JSON to a buffer and leaves out, while writing, what the fields parameter leaves out: a member that
// nobody asked for costs one lookup and no bytes.
type encoder struct {
	b     []byte
	state *selection
	stack []*selection
}

func (e *encoder) reset(s *selection) {
	e.b, e.stack, e.state = e.b[:0], e.stack[:0], s
}

func (e *encoder) comma() {
	if n := len(e.b); n > 0 {
		if c := e.b[n-1]; c != '{' && c != '[' {
			e.b = append(e.b, ',')
		}
	}
}

func (e *encoder) key(k string) {
	e.comma()
	e.b = append(append(append(e.b, '"'), k...), '"', ':')
}

// wants writes the key of a scalar member when the selection includes it.
func (e *encoder) wants(k string) bool {
	if s := e.state.member(k, false); s == nil || !s.all {
		return false
	}
	e.key(k)
	return true
}

func (e *encoder) str(k, v string) {
	if e.wants(k) {
		e.b = appendString(e.b, v)
	}
}

// strOrNull writes null for the empty string.
func (e *encoder) strOrNull(k, v string) {
	if v == "" {
		e.null(k)
		return
	}
	e.str(k, v)
}

func (e *encoder) num(k string, v int64) {
	if e.wants(k) {
		e.b = strconv.AppendInt(e.b, v, 10)
	}
}

func (e *encoder) boolean(k string, v bool) {
	if e.wants(k) {
		e.b = strconv.AppendBool(e.b, v)
	}
}

// null writes a null member, also where only something below it was asked for.
func (e *encoder) null(k string) {
	if e.state.member(k, false) != nil {
		e.key(k)
		e.b = append(e.b, "null"...)
	}
}

// micro writes the service's usual spelling of an instant, or null.
func (e *encoder) micro(k string, t time.Time) {
	if t.IsZero() {
		e.null(k)
		return
	}
	if e.wants(k) {
		e.b = append(appendMicro(append(e.b, '"'), t), '"')
	}
}

func (e *encoder) stamp(k, layout string, t time.Time) {
	if e.wants(k) {
		e.b = append(t.AppendFormat(append(e.b, '"'), layout), '"')
	}
}

func (e *encoder) enter(k string, hidden bool, open byte) bool {
	s := e.state.member(k, hidden)
	if s == nil {
		return false
	}
	e.key(k)
	e.b = append(e.b, open)
	e.stack = append(e.stack, e.state)
	e.state = s
	return true
}

// open begins an object member and says whether anything in it is wanted; close ends it.
func (e *encoder) open(k string) bool { return e.enter(k, false, '{') }

func (e *encoder) close() { e.leave('}') }

func (e *encoder) openList(k string) bool { return e.enter(k, false, '[') }

// openHiddenList begins a list that shows only when it is asked for by name or by "*".
func (e *encoder) openHiddenList(k string) bool { return e.enter(k, true, '[') }

func (e *encoder) closeList() { e.leave(']') }

func (e *encoder) leave(c byte) {
	e.b = append(e.b, c)
	e.state = e.stack[len(e.stack)-1]
	e.stack = e.stack[:len(e.stack)-1]
}

// begin and end frame an object that is the document or a list's element: no path component is used up.
func (e *encoder) begin() { e.comma(); e.b = append(e.b, '{') }
func (e *encoder) end()   { e.b = append(e.b, '}') }

// object writes a member that is marshalled already, when all of it is wanted, and encodes it piece by piece otherwise.
func (e *encoder) object(k string, whole []byte, pieces func(*encoder)) {
	s := e.state.member(k, false)
	switch {
	case s == nil:
	case s.whole():
		e.key(k)
		e.b = append(e.b, whole...)
	default:
		e.open(k)
		pieces(e)
		e.close()
	}
}

// element is object for one element of a list.
func (e *encoder) element(whole []byte, pieces func(*encoder)) {
	if e.state.whole() {
		e.comma()
		e.b = append(e.b, whole...)
		return
	}
	e.begin()
	pieces(e)
	e.end()
}

// link writes {"href": …} from its parts.
func (e *encoder) link(k string, parts ...string) {
	if !e.open(k) {
		return
	}
	if e.wants("href") {
		e.b = append(e.b, '"')
		for _, p := range parts {
			e.b = appendEscaped(e.b, p)
		}
		e.b = append(e.b, '"')
	}
	e.close()
}

// rendered writes a text with its HTML form.
func (e *encoder) rendered(k, raw string) {
	if !e.open(k) {
		return
	}
	e.renderedMembers(raw)
	e.close()
}

func (e *encoder) renderedMembers(raw string) {
	e.str("type", "rendered")
	e.str("raw", raw)
	e.str("markup", "markdown")
	if e.wants("html") {
		e.b = append(appendParagraph(append(e.b, '"'), raw), '"')
	}
}

// appendParagraph is the little of Markdown that the data needs: escaped text in one paragraph.
func appendParagraph(b []byte, raw string) []byte {
	if raw == "" {
		return b
	}
	b = append(b, "<p>"...)
	last := 0
	for i := 0; i < len(raw); i++ {
		var to string
		switch raw[i] {
		case '<':
			to = "&lt;"
		case '>':
			to = "&gt;"
		case '&':
			to = "&amp;"
		case '"':
			to = "&quot;"
		default:
			continue
		}
		b = append(appendEscaped(b, raw[last:i]), to...)
		last = i + 1
	}
	return append(appendEscaped(b, raw[last:]), "</p>"...)
}

func appendString(b []byte, s string) []byte {
	return append(appendEscaped(append(b, '"'), s), '"')
}

const hexDigits = "0123456789abcdef"

// appendEscaped writes the inside of a JSON string. Invalid UTF-8 becomes U+FFFD.
func appendEscaped(b []byte, s string) []byte {
	last := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(append(b, s[last:i]...), "\ufffd"...)
				last = i + 1
			}
			i += n
			continue
		}
		if c >= 0x20 && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[last:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		last = i
	}
	return append(b, s[last:]...)
}
