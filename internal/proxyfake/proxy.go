// Package proxyfake is a proxy for tests: HTTP (forwarding and CONNECT, in clear or over TLS), SOCKS 4a and SOCKS 5, each
// with or without a user. It really carries the traffic, and tells what it was asked for.
package proxyfake

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
)

// Kind is a protocol.
type Kind string

// The protocols.
const (
	HTTP   Kind = "HTTP"
	SOCKS4 Kind = "SOCKS4"
	SOCKS5 Kind = "SOCKS5"
)

// Config is how a proxy behaves.
type Config struct {
	Kind           Kind
	User, Password string      // wanted of clients, if there is a user; SOCKS4 has no password
	TLS            *tls.Config // of the way to an HTTP proxy; nil means clear text
	// Resolve maps the target of a request, host and port, to where to connect; "" refuses it. nil connects with the target.
	Resolve func(target string) string
}

// Proxy is a running proxy.
type Proxy struct {
	config   Config
	listener net.Listener
	server   *http.Server
	forward  *http.Transport

	serving sync.WaitGroup
	mu      sync.Mutex
	closed  bool
	conns   map[net.Conn]bool
	log     []string
	refused int
}

// Start listens on a free port of this machine and serves until Close.
func Start(c Config) (*Proxy, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("proxyfake: %w", err)
	}
	if c.TLS != nil {
		l = tls.NewListener(l, c.TLS)
	}
	p := &Proxy{config: c, listener: l, conns: make(map[net.Conn]bool)}
	p.forward = &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, p.resolve(addr))
	}}
	p.server = &http.Server{Handler: http.HandlerFunc(p.serveHTTP)}
	p.serving.Go(func() {
		if c.Kind == HTTP {
			_ = p.server.Serve(l)
			return
		}
		p.accept()
	})
	return p, nil
}

// Host is the address to connect with.
func (p *Proxy) Host() string { return "127.0.0.1" }

// Port is the TCP port to connect with.
func (p *Proxy) Port() int { return p.listener.Addr().(*net.TCPAddr).Port }

// Addr is host and port.
func (p *Proxy) Addr() string { return net.JoinHostPort(p.Host(), strconv.Itoa(p.Port())) }

// Log returns what was asked for and allowed: "GET http://host/path", "CONNECT host:port", "SOCKS5 host:port".
func (p *Proxy) Log() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.log...)
}

// Refused counts the clients whose user or password was missing or wrong.
func (p *Proxy) Refused() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refused
}

// Close ends all connections and waits for them.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	for c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	err := errors.Join(p.server.Close(), ignoreClosed(p.listener.Close()))
	p.forward.CloseIdleConnections()
	p.serving.Wait()
	return err
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (p *Proxy) resolve(target string) string {
	if p.config.Resolve == nil {
		return target
	}
	return p.config.Resolve(target)
}

func (p *Proxy) allow(request string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, request)
}

func (p *Proxy) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refused++
}

// track keeps a connection to be closed by Close, and tells whether it is not too late.
func (p *Proxy) track(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		_ = c.Close()
		return false
	}
	p.conns[c] = true
	return true
}

func (p *Proxy) drop(c net.Conn) {
	_ = c.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

// join carries bytes between two connections until either ends. From is what was read of a beyond its conn.
func (p *Proxy) join(a net.Conn, from io.Reader, b net.Conn) {
	if !p.track(b) {
		return
	}
	defer p.drop(b)
	var there sync.WaitGroup
	there.Go(func() {
		_, _ = io.Copy(b, from)
		_ = b.Close()
	})
	_, _ = io.Copy(a, b)
	_ = a.Close()
	there.Wait()
}
