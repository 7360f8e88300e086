package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxRedirects bounds the redirects of one request.
const maxRedirects = 5

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect,
		http.StatusPermanentRedirect:
		return true
	}
	return false
}

// redirect returns where an answer sends a request for from.
func (c *Client) redirect(from *url.URL, resp *http.Response) (*url.URL, error) {
	fail := func(reason string) (*url.URL, error) {
		return nil, &RedirectError{Path: c.display(from), Reason: c.redaction.hide(reason)}
	}
	location := resp.Header.Get("Location")
	if location == "" {
		return fail("names no place")
	}
	to, err := from.Parse(location)
	switch {
	case err != nil:
		return fail("names a place that is no url")
	case to.Scheme != "http" && to.Scheme != "https", to.Host == "":
		return fail("leads to something else than http")
	case from.Scheme == "https" && to.Scheme != "https":
		return fail("leads from https to http at " + to.Host)
	}
	to.User, to.Fragment, to.RawFragment = nil, "", ""
	if origin(to) == origin(from) {
		// Our own parameters must survive: without fields the page grows, without page it would be the first one again.
		addMissing(to, from.Query())
	}
	return to, nil
}

// addMissing adds the parameters that a URL lacks; what it has stays as it is written, since tokens in it are opaque.
func addMissing(u *url.URL, want url.Values) {
	have, missing := u.Query(), url.Values{}
	for name, values := range want {
		if !have.Has(name) {
			missing[name] = values
		}
	}
	if len(missing) == 0 {
		return
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += missing.Encode()
}

// origin is scheme, host and port, the extent of a credential.
func origin(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" {
		switch scheme {
		case "http":
			port = "80"
		case "https":
			port = "443"
		}
	}
	return scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// place is a URL without its query, for errors.
func place(u *url.URL) string {
	if u.Host == "" {
		return strconv.Quote(u.EscapedPath())
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// nextPage checks the next link of an answer to from and returns it as a URL. The credential goes with it, so that it must
// stay below the base.
func (c *Client) nextPage(from *url.URL, next string) (*url.URL, error) {
	refuse := &HostError{Path: c.display(from), Base: place(c.base), Got: "a place that is no url"}
	to, err := from.Parse(next)
	if err != nil {
		return nil, refuse
	}
	refuse.Got = c.redaction.hide(place(to))
	if to.User != nil || origin(to) != origin(c.base) || !below(to.Path, c.base.Path) {
		return nil, refuse
	}
	to.Fragment, to.RawFragment = "", ""
	return to, nil
}

// below reports whether a decoded path is base or below it, and cannot climb out of it.
func below(path, base string) bool {
	rest, ok := strings.CutPrefix(path, base)
	if !ok || rest != "" && rest[0] != '/' {
		return false
	}
	for segment := range strings.SplitSeq(rest, "/") {
		if segment == ".." {
			return false
		}
	}
	return true
}
