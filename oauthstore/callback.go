package oauthstore

import (
	"context"
	"errors"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// callback is the little web server that the browser comes back to.
type callback struct {
	answers   chan answer
	server    *http.Server
	listeners []net.Listener
}

// answer is the redirect of one authorization.
type answer struct {
	code    string
	err     error
	outcome chan error // what the page shall say
}

// listenCallback listens where the callback URL points, which must be this machine.
func listenCallback(ctx context.Context, callbackURL, state string) (*callback, error) {
	u, err := url.Parse(callbackURL)
	switch {
	case err != nil || u.Scheme != "http" || u.Host == "":
		return nil, &CallbackError{callbackURL, "it must be an http:// address such as " + DefaultCallbackURL}
	case u.Hostname() != "localhost" && !net.ParseIP(u.Hostname()).IsLoopback():
		return nil, &CallbackError{callbackURL, "it must point to localhost or 127.0.0.1; for another address sign in without a browser here (OAuthVerifier)"}
	case u.Port() == "" || u.Port() == "0":
		return nil, &CallbackError{callbackURL, "it needs a fixed port, as in " + DefaultCallbackURL}
	}
	hosts := []string{u.Hostname()}
	if hosts[0] == "localhost" { // browsers try both, in either order
		hosts = []string{"127.0.0.1", "::1"}
	}
	var listeners []net.Listener
	for i, host := range hosts {
		address := net.JoinHostPort(host, u.Port())
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil && i > 0 && !errors.Is(err, syscall.EADDRINUSE) {
			continue // no IPv6 here
		}
		if err != nil {
			for _, l := range listeners {
				_ = l.Close()
			}
			if op, ok := errors.AsType[*net.OpError](err); ok {
				err = op.Err
			}
			return nil, &PortError{Address: address, Err: err}
		}
		listeners = append(listeners, l)
	}
	c := &callback{answers: make(chan answer), listeners: listeners}
	done := make(chan struct{})
	c.server = &http.Server{Handler: c.handler(u, state, done), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 10 * time.Second}
	c.server.RegisterOnShutdown(func() { close(done) })
	for _, l := range listeners {
		go func() { _ = c.server.Serve(l) }()
	}
	return c, nil
}

// close lets the page that says how it went be sent, for a moment.
func (c *callback) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if c.server.Shutdown(ctx) != nil {
		_ = c.server.Close()
	}
	// The server doesn't know a listener that it has not begun to serve yet, and the port must be free for the next sign-in.
	for _, l := range c.listeners {
		_ = l.Close()
	}
}

// handler takes the redirect. Everything else that browsers ask for (icons, previews) and foreign pages try gets an error
// and changes nothing.
func (c *callback) handler(at *url.URL, state string, done <-chan struct{}) http.Handler {
	path := at.Path
	if path == "" {
		path = "/"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		h.Set("Referrer-Policy", "no-referrer") // the address holds the code
		h.Set("Cache-Control", "no-store")
		h.Set("Connection", "close")
		if r.URL.Path != path || r.Method != http.MethodGet || strings.TrimSuffix(r.Host, ":80") != strings.TrimSuffix(at.Host, ":80") { // another Host: a name rebound to this machine
			show(w, http.StatusNotFound, "There is nothing here", "")
			return
		}
		code, got, err := redirected(r.URL.Query())
		if errors.Is(err, ErrNoCode) {
			show(w, http.StatusBadRequest, "This address waits for the answer of Bitbucket", "")
			return
		}
		if serr := CheckState(state, got); serr != nil {
			code, err = "", serr
		}
		a := answer{code: code, err: err, outcome: make(chan error, 1)}
		select {
		case c.answers <- a:
		case <-done:
			show(w, http.StatusGone, "This sign-in is over", "")
			return
		case <-r.Context().Done():
			return
		}
		if err := <-a.outcome; err != nil {
			show(w, http.StatusBadRequest, "The sign-in failed", err.Error())
			return
		}
		show(w, http.StatusOK, "You are signed in to Bitbucket", "")
	})
}

var closePage = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title>
<style>body{font:1.1em/1.5 system-ui,sans-serif;max-width:40em;margin:15vh auto;padding:0 1em}</style></head>
<body><h1>{{.Title}}</h1>{{with .Detail}}<p>{{.}}</p>{{end}}<p>You can close this page.</p></body></html>
`))

func show(w http.ResponseWriter, status int, title, detail string) {
	w.WriteHeader(status)
	_ = closePage.Execute(w, struct{ Title, Detail string }{title, detail})
}
