package network

import "strings"

// exceptions are the hosts that are reached without the proxy: names and addresses in small letters, with * for any text.
type exceptions []string

func parseExceptions(list string) exceptions {
	var e exceptions
	for pattern := range strings.SplitSeq(list, ";") {
		if pattern = normalHost(strings.TrimSpace(pattern)); pattern != "" {
			e = append(e, pattern)
		}
	}
	return e
}

// match tells whether a host, without its port, is an exception.
func (e exceptions) match(host string) bool {
	host = normalHost(host)
	for _, pattern := range e {
		if wild(pattern, host) {
			return true
		}
	}
	return false
}

// normalHost is the form in which hosts are compared.
func normalHost(host string) string { return strings.ToLower(strings.TrimSuffix(bare(host), ".")) }

// wild matches s with a pattern whose stars stand for any text, none included.
func wild(pattern, s string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	// Each part between stars matches best where it comes first; the last must end the text.
	parts := strings.Split(rest, "*")
	for _, part := range parts[:len(parts)-1] {
		_, after, found := strings.Cut(s, part)
		if !found {
			return false
		}
		s = after
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}
