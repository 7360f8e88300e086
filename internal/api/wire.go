package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
)

// The levels of the log below those of requests and of scans. They show values: those in the query of a request, and those in
// what Bitbucket answers.
const (
	levelHeader = slog.LevelDebug - 8
	levelBody   = slog.LevelDebug - 12
)

// loggedBody is how much of a body is logged, in bytes.
const loggedBody = 2048

// wireLog gathers what is logged of one exchange with a server. The zero value logs nothing.
type wireLog struct {
	client  *Client
	request *http.Request
	conn    atomic.Pointer[httptrace.GotConnInfo]
}

// wire returns the request to send in place of r, and what logs it: with the zero value at most log levels.
func (c *Client) wire(r *http.Request) (*http.Request, *wireLog) {
	w := new(wireLog)
	if !c.log.Enabled(r.Context(), levelHeader) && !c.log.Enabled(r.Context(), levelBody) {
		return r, w
	}
	w.client = c
	w.request = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { w.conn.Store(&info) },
	}))
	return w.request, w
}

// log tells of the exchange. The answer may be nil; home says that it is Bitbucket's.
func (w *wireLog) log(ctx context.Context, home bool, resp *http.Response, body []byte) {
	if w.client == nil {
		return
	}
	hide := w.client.redaction.hide
	address := w.client.display(w.request.URL) // without a query, which signs what another host gives
	if home {
		address = hideInAddresses(hide(w.request.URL.String()))
	}
	attrs := []slog.Attr{slog.String("url", address), slog.Any("sent", headerLog(w.request.Header, hide))}
	if conn := w.conn.Load(); conn != nil {
		attrs = append(attrs, slog.String("remote", conn.Conn.RemoteAddr().String()), slog.Bool("reused", conn.Reused))
	}
	if resp != nil {
		if s := resp.TLS; s != nil {
			attrs = append(attrs, slog.String("tls", tls.VersionName(s.Version)), slog.String("cipher", tls.CipherSuiteName(s.CipherSuite)))
			if len(s.PeerCertificates) > 0 {
				sum := sha256.Sum256(s.PeerCertificates[0].Raw)
				attrs = append(attrs, slog.String("certificate", hex.EncodeToString(sum[:])))
			}
		}
		attrs = append(attrs, slog.Int("status", resp.StatusCode), slog.Any("received", headerLog(resp.Header, hide)))
	}
	w.client.log.LogAttrs(ctx, levelHeader, "exchange", attrs...)
	if home && resp != nil && strings.Contains(resp.Header.Get("Content-Type"), "json") {
		w.client.log.LogAttrs(ctx, levelBody, "answer", slog.String("url", address), slog.String("body", bodyLog(body, hide)))
	}
}

// secretName is what the name of a header or of a JSON member that holds a secret looks like.
const secretName = `[\w-]*(?:secret|password|token|cookie|authori[sz]ation|signature|credential|(?:private|api)[_-]?key)[\w-]*`

var (
	secretHeader = regexp.MustCompile(`(?i)^` + secretName + `$`)
	secretMember = regexp.MustCompile(`(?i)("` + secretName + `"\s*:\s*")(?:[^"\\]|\\.)*`)
	// signedQuery is the query of an address that lets whoever knows it read. JSON may escape ampersands and slashes.
	signedQuery = regexp.MustCompile(`(?i)((?:[?&]|\\u0026)(?:[\w-]*signature|sig|x-amz-[\w-]+|[\w-]*token|jwt)=)[^&"\\>\s]*`)
	// userPassword is the password of an address that has one.
	userPassword = regexp.MustCompile(`(:(?:\\?/){2}[^/?#:@"\s]*:)[^/?#@"\s]+@`)
)

// hideInAddresses masks what lets whoever knows the addresses in a text read.
func hideInAddresses(text string) string {
	return userPassword.ReplaceAllString(signedQuery.ReplaceAllString(text, "${1}***"), "${1}***@")
}

// headerLog shows a header without its secrets, by the names in order.
func headerLog(h http.Header, hide func(string) string) slog.Value {
	attrs := make([]slog.Attr, 0, len(h))
	for name, values := range h {
		value := hideInAddresses(hide(strings.Join(values, ", ")))
		if secretHeader.MatchString(name) && name != "X-Credential-Type" || name == "Location" { // the next exchange shows what may be seen of it
			value = "***"
		}
		attrs = append(attrs, slog.String(name, value))
	}
	slices.SortFunc(attrs, func(a, b slog.Attr) int { return strings.Compare(a.Key, b.Key) })
	return slog.GroupValue(attrs...)
}

// bodyLog is the beginning of a JSON body without secrets.
func bodyLog(body []byte, hide func(string) string) string {
	text := string(bytes.ToValidUTF8(body[:min(len(body), loggedBody+longestSecret)], nil)) // what begins in time is seen whole
	text = hideInAddresses(secretMember.ReplaceAllString(hide(text), "${1}***"))
	if len(text) > loggedBody || len(body) > loggedBody+longestSecret {
		text = strings.ToValidUTF8(text[:min(len(text), loggedBody)], "") + "…"
	}
	return text
}

// longestSecret is longer than any credential; Bitbucket's access tokens have some 2,600 characters.
const longestSecret = 16384
