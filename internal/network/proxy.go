package network

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
)

// The values of Proxy.AuthScheme.
const (
	Basic  = "BASIC" // RFC 7617
	NoAuth = "NONE"
)

// The values of Proxy.SSLType.
const (
	SSLAuto   = "AUTO"   // https goes through a tunnel, http is forwarded
	SSLAlways = "ALWAYS" // like SSLAuto, and the way to the proxy itself is TLS
	SSLNever  = "NEVER"  // like SSLAuto: https is never forwarded in clear text
	SSLTunnel = "TUNNEL" // http goes through a tunnel, too
)

// Proxy is an HTTP proxy. It is set if its Server is.
type Proxy struct {
	Server         string
	Port           int
	AuthScheme     string // empty means Basic
	User, Password string // none are sent if User is empty
	SSLType        string // empty means SSLAuto
	Exceptions     string // hosts reached without it, separated by semicolons, with * for any text
}

// String shows no password.
func (p Proxy) String() string { return "proxy " + hostPort(p.Server, p.Port) }

// Format is String for every verb.
func (p Proxy) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// MarshalJSON is String as a JSON text.
func (p Proxy) MarshalJSON() ([]byte, error) { return json.Marshal(p.String()) }

// user is what is sent to the proxy, or nil.
func (p Proxy) user() *url.Userinfo {
	if p.User == "" || p.AuthScheme == NoAuth {
		return nil
	}
	return url.UserPassword(p.User, p.Password)
}

// dialFunc makes connections, as [net.Dialer.DialContext] does.
type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// proxyDialer makes connections through a proxy: tunnels to servers, and connections with the proxy for what it forwards.
type proxyDialer struct {
	Proxy
	addr   string
	except exceptions
	dial   dialFunc
	tls    *tls.Config // of the way to the proxy, with SSLAlways
}

// forward chooses the proxy of a request that is not tunnelled. It is a function for [http.Transport.Proxy].
func (p *proxyDialer) forward(r *http.Request) (*url.URL, error) {
	if r.URL.Scheme != "http" || p.SSLType == SSLTunnel || p.except.match(r.URL.Hostname()) {
		return nil, nil
	}
	// The scheme is http with SSLAlways, too: DialContext does the TLS.
	return &url.URL{Scheme: "http", Host: p.addr, User: p.user()}, nil
}

// DialContext connects with a server, or with the proxy itself for what forward gives it.
func (p *proxyDialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	if addr == p.addr {
		return p.connect(ctx, network, addr)
	}
	if host, _, err := net.SplitHostPort(addr); err == nil && p.except.match(host) {
		return p.dial(ctx, network, addr)
	}
	conn, err := p.connect(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	e := &ProxyError{Via: viaProxy, Server: p.addr, Target: addr, authenticated: p.user() != nil}
	if err := handshake(ctx, conn, e, func() error { return connectTunnel(conn, addr, p.user(), e) }); err != nil {
		return nil, err
	}
	return conn, nil
}

// connect connects with the proxy.
func (p *proxyDialer) connect(ctx context.Context, network, target string) (net.Conn, error) {
	conn, err := p.dial(ctx, network, p.addr)
	e := &ProxyError{Via: viaProxy, Server: p.addr, Target: target}
	if err != nil {
		return nil, unreachable(e, err)
	}
	if p.SSLType != SSLAlways {
		return conn, nil
	}
	secure := tls.Client(conn, p.tls)
	err = handshake(ctx, conn, e, func() error {
		if err := secure.HandshakeContext(ctx); err != nil {
			e.Detail = "no TLS with it: " + err.Error()
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return secure, nil
}

func hostPort(host string, port int) string { return net.JoinHostPort(bare(host), strconv.Itoa(port)) }
