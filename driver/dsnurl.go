package driver

import (
	"net/url"
	"strings"
)

// readURL reads what follows "bitbucket://". It does not use net/url's Parse, which refuses a workspace's UUID in braces
// and shows the whole URL in its errors.
func (r *dsnReader) readURL(text string) {
	text, query, _ := strings.Cut(text, "?")
	if strings.ContainsRune(text, '#') || strings.ContainsRune(query, '#') {
		r.fault("", "a URL with \"#\" is not a connection string, write %%23 for a # that belongs to a value")
		return
	}
	authority, path, hasPath := strings.Cut(text, "/")
	if strings.ContainsRune(path, '@') {
		r.fault("", "\"@\" comes after \"/\" in the URL, write %%2F for a / in the user or password and %%40 for an @ in the schema")
		return
	}
	host := authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		r.readUserinfo(authority[:at])
		host = authority[at+1:]
	}
	if strings.ContainsRune(host, ':') {
		r.fault("Workspace", "stands in the place of the URL's host and takes no \":\"; user and password end with \"@\"")
	} else {
		r.part("Workspace", host)
	}
	if path = strings.TrimSuffix(path, "/"); strings.ContainsRune(path, '/') {
		r.fault("Schema", "is the URL's only path element, write %%2F for a / in its name")
	} else if hasPath {
		r.part("Schema", path)
	}
	r.readQuery(query)
}

// readUserinfo reads "user", "user:apitoken" or ":accesstoken".
func (r *dsnReader) readUserinfo(info string) {
	user, password, _ := strings.Cut(info, ":")
	r.part("User", user)
	if user == "" {
		r.part("AccessToken", password)
	} else {
		r.part("APIToken", password)
	}
}

// part reads a percent-encoded part of the URL. An empty one is no part.
func (r *dsnReader) part(name, encoded string) {
	if encoded == "" {
		return
	}
	p, _ := findProperty(name)
	value, err := url.PathUnescape(encoded)
	if err != nil { // not shown: it repeats the text
		r.fault(name, "has a percent sign that is not followed by two hexadecimal digits, write %%25 for a percent sign")
		return
	}
	r.assign(p, value)
}

// readQuery reads "Name=value&Name=value".
func (r *dsnReader) readQuery(query string) {
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		encodedName, encodedValue, ok := strings.Cut(pair, "=")
		if !ok {
			r.noEquals()
			continue
		}
		name, err := url.QueryUnescape(encodedName)
		if err != nil {
			r.unknown("%")
			continue
		}
		value, err := url.QueryUnescape(encodedValue)
		if err != nil {
			if p, ok := findProperty(name); ok {
				r.seen[p] = true
				r.fault(p.Name, "has a percent sign that is not followed by two hexadecimal digits, write %%25 for a percent sign")
			} else {
				r.unknown(name)
			}
			continue
		}
		r.property(name, value, false)
	}
}
