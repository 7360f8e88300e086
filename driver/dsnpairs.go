package driver

import "strings"

// readPairs reads "Name=value;Name='value'".
func (r *dsnReader) readPairs(text string) {
	for {
		text = strings.TrimLeft(text, "; \t\r\n")
		if text == "" {
			return
		}
		end := strings.IndexAny(text, "=;")
		if end < 0 {
			r.noEquals()
			return
		}
		if text[end] == ';' {
			r.noEquals()
			text = text[end+1:]
			continue
		}
		name := strings.TrimSpace(text[:end])
		var v pairValue
		v, text = readValue(strings.TrimLeft(text[end+1:], " \t\r\n"))
		p, known := findProperty(name)
		if v.problem == "" || !known || p.Sensitive {
			r.property(name, v.text, v.quoted)
		} else {
			r.seen[p] = true // and not read: the value may hold the properties after it, with their secrets
		}
		if v.problem != "" {
			shown := ""
			if known {
				shown = p.Name
			}
			r.fault(shown, "%s", v.problem)
		}
	}
}

// pairValue is a value without its quotes.
type pairValue struct {
	text    string
	quoted  bool
	problem string
}

// readValue reads a value up to its semicolon.
func readValue(text string) (v pairValue, rest string) {
	if text == "" || !strings.ContainsRune(`'"{`, rune(text[0])) {
		value, rest, _ := strings.Cut(text, ";")
		return pairValue{text: strings.TrimSpace(value)}, rest
	}
	closing := text[0]
	if closing == '{' {
		closing = '}'
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		if text[i] != closing {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == closing {
			b.WriteByte(closing)
			i++
			continue
		}
		after, rest, _ := strings.Cut(text[i+1:], ";")
		v := pairValue{text: b.String(), quoted: true}
		if strings.TrimSpace(after) != "" {
			v.quoted = false
			v.problem = "the value goes on after its closing quote, double a quote that belongs to the value"
		}
		return v, rest
	}
	return pairValue{text: b.String(), problem: "the value's quote is not closed"}, ""
}

// quoteValue writes a value so that readValue reads it back.
func quoteValue(value string) string {
	if value != "" && !strings.ContainsAny(value, ";'\"{}") && strings.TrimSpace(value) == value {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", "''") + "'"
}
