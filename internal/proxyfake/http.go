package proxyfake

import (
	"io"
	"net"
	"net/http"
)

func (p *Proxy) serveHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.signedIn(r) {
		p.refuse()
		w.Header().Set("Proxy-Authenticate", `Basic realm="proxyfake"`)
		http.Error(w, "sign in first", http.StatusProxyAuthRequired)
		return
	}
	if r.Method == http.MethodConnect {
		p.tunnel(w, r)
		return
	}
	if p.resolve(r.URL.Host) == "" {
		http.Error(w, "not this one", http.StatusForbidden)
		return
	}
	p.allow(r.Method + " " + r.URL.Scheme + "://" + r.URL.Host + r.URL.Path)
	out := r.Clone(r.Context())
	out.RequestURI = ""
	out.Header.Del("Proxy-Authorization")
	answer, err := p.forward.RoundTrip(out)
	if err != nil {
		http.Error(w, "no answer", http.StatusBadGateway)
		return
	}
	defer func() { _ = answer.Body.Close() }()
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}

// signedIn checks the header Proxy-Authorization.
func (p *Proxy) signedIn(r *http.Request) bool {
	if p.config.User == "" {
		return true
	}
	as := &http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}
	user, password, ok := as.BasicAuth()
	return ok && user == p.config.User && password == p.config.Password
}

func (p *Proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	to := p.resolve(r.Host)
	if to == "" {
		http.Error(w, "not this one", http.StatusForbidden)
		return
	}
	target, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", to)
	if err != nil {
		http.Error(w, "no way there", http.StatusBadGateway)
		return
	}
	client, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		_ = target.Close()
		return
	}
	if !p.track(client) {
		_ = target.Close()
		return
	}
	defer p.drop(client)
	p.allow("CONNECT " + r.Host)
	_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\nX-Proxy: fake\r\n\r\n")
	p.join(client, buffered.Reader, target)
}
