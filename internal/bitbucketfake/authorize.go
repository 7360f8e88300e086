package bitbucketfake

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"strings"
)

// formLimit is the longest form that the OAuth server reads, in bytes.
const formLimit = 1 << 16

// authorize serves the authorization endpoint, RFC 6749 section 4.1.1: GET shows a page that asks, and its form comes
// back by POST with the same query and action=allow or action=deny. What is wrong with the consumer or its redirect_uri
// is told to the user on a page, everything else to the consumer by a redirect.
func (rq *request) authorize() {
	if m := rq.r.Method; m != http.MethodGet && m != http.MethodHead && m != http.MethodPost {
		rq.header.Set("Allow", "GET, HEAD, POST")
		rq.page(http.StatusMethodNotAllowed, "Method not allowed", "")
		return
	}
	q, err := url.ParseQuery(rq.r.URL.RawQuery)
	if err != nil {
		rq.misconfigured("Bad request")
		return
	}
	consumer, ok := rq.s.oauth.consumer(q.Get("client_id"))
	if !ok {
		rq.misconfigured("Invalid client_id")
		return
	}
	redirect := consumer.CallbackURL
	if q.Has("redirect_uri") {
		redirect = q.Get("redirect_uri")
	}
	if !consumer.redirects(redirect) {
		rq.misconfigured("Invalid redirect_uri")
		return
	}
	back := url.Values{}
	if q.Has("state") {
		back.Set("state", q.Get("state"))
	}
	refuse := func(code, description string) {
		back.Set("error", code)
		back.Set("error_description", description)
		rq.redirect(redirect, back)
	}
	if q.Get("response_type") != "code" {
		refuse("unsupported_response_type", "Only the authorization code grant is supported.")
		return
	}
	scopes := consumer.granted()
	if asked := strings.Fields(q.Get("scope")); len(asked) > 0 {
		if missing := lacking(scopes, strings.Join(asked, ", ")); len(missing) > 0 {
			refuse("invalid_scope", "The consumer does not have the scope "+missing[0]+".")
			return
		}
		scopes = asked
	}
	challenge := q.Get("code_challenge")
	if rq.s.config.VerifyPKCE && challenge != "" && (q.Get("code_challenge_method") != "S256" || !isChallenge(challenge)) {
		refuse("invalid_request", "code_challenge must be one of code_challenge_method S256.")
		return
	}
	if rq.r.Method != http.MethodPost {
		rq.consent(consumer, scopes)
		return
	}
	form, _ := rq.form()
	switch form.Get("action") {
	case "allow":
		k := &code{
			key: consumer.Key, redirect: q.Get("redirect_uri"), challenge: challenge, scopes: scopes,
			expires: rq.s.now().Add(rq.s.config.CodeLifetime),
		}
		back.Set("code", rq.s.oauth.newCode(k))
		rq.redirect(redirect, back)
	case "deny":
		rq.s.oauth.mu.Lock()
		rq.s.oauth.stats.Denied++
		rq.s.oauth.mu.Unlock()
		refuse("access_denied", "The user denied access to your application.")
	default:
		rq.page(http.StatusBadRequest, "Bad request", "<p>The form has two buttons: action is allow or deny.</p>")
	}
}

// isChallenge says whether text may be a SHA-256 in base64url without padding, RFC 7636 section 4.2.
func isChallenge(text string) bool {
	b, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && len(b) == sha256.Size
}

// verifies says whether a code_verifier is the one of a code_challenge, or whether both are absent.
func verifies(verifier, challenge string) bool {
	if challenge == "" || verifier == "" {
		return challenge == verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:]) == challenge
}

// form reads a form-encoded body; a body of another type is no form.
func (rq *request) form() (url.Values, bool) {
	kind, _, _ := strings.Cut(rq.r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded") {
		return url.Values{}, false
	}
	rq.r.Body = http.MaxBytesReader(nil, rq.r.Body, formLimit)
	if err := rq.r.ParseForm(); err != nil {
		return url.Values{}, false
	}
	return rq.r.PostForm, true
}

// redirect leads the browser back to the consumer, with the parameters added to the query that its address has.
func (rq *request) redirect(to string, add url.Values) {
	u, err := url.Parse(to)
	if err != nil {
		rq.misconfigured("Invalid redirect_uri")
		return
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += add.Encode()
	rq.page(http.StatusFound, "Found", "")
	rq.header.Set("Location", u.String())
}

func (rq *request) misconfigured(what string) {
	rq.page(http.StatusBadRequest, what, "<p>This integration is misconfigured. Contact the vendor for assistance.</p>")
}

// consent is the page that asks. Its buttons are those of one form, which keeps the query of the request.
func (rq *request) consent(c Consumer, scopes []string) {
	var b strings.Builder
	b.WriteString("<p>Signed in as " + html.EscapeString(rq.s.users[0].name) + ". <b>" + html.EscapeString(c.Key) + "</b> asks for:</p>\n<ul>\n")
	for _, s := range scopes {
		b.WriteString("<li>" + html.EscapeString(s) + "</li>\n")
	}
	b.WriteString("</ul>\n<form method=\"post\" action=\"" + html.EscapeString(rq.path+"?"+rq.r.URL.RawQuery) + "\">\n" +
		`<button type="submit" id="allow" name="action" value="allow">Allow</button>` + "\n" +
		`<button type="submit" id="deny" name="action" value="deny">Deny</button>` + "\n</form>\n")
	rq.page(http.StatusOK, "Confirm access to your account", b.String())
}

// page answers with a page for people. No other page may frame it, and it tells its address to nobody.
func (rq *request) page(status int, title, body string) {
	rq.status, rq.plain = status, true
	title = html.EscapeString(title)
	rq.enc.b = append(rq.enc.b[:0], "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"+title+
		" — Bitbucket</title></head><body>\n<h1>"+title+"</h1>\n"+body+"</body></html>\n"...)
	rq.header.Set("Content-Type", "text/html; charset=utf-8")
	rq.header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	rq.header.Set("Referrer-Policy", "no-referrer")
}
