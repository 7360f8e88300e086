package network

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
)

// The values of Firewall.Type.
const (
	NoFirewall = "NONE"
	Tunnel     = "TUNNEL" // HTTP CONNECT
	SOCKS4     = "SOCKS4" // with 4a: the firewall resolves names
	SOCKS5     = "SOCKS5" // RFC 1928 and 1929; the firewall resolves names
)

// Firewall is what every connection goes through, that with a Proxy included. It is set if its Type is, and not NoFirewall.
type Firewall struct {
	Type           string
	Server         string
	Port           int    // 0 means 80 of Tunnel and 1080 of the others
	User, Password string // none are sent if User is empty
}

// String shows no password.
func (f Firewall) String() string { return "firewall " + f.Type + " " + f.addr() }

// Format is String for every verb.
func (f Firewall) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, f.String()) }

// MarshalJSON is String as a JSON text.
func (f Firewall) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }

func (f Firewall) set() bool { return f.Type != "" && f.Type != NoFirewall }

func (f Firewall) addr() string {
	port := f.Port
	if port == 0 {
		port = 1080
		if f.Type == Tunnel {
			port = 80
		}
	}
	return hostPort(f.Server, port)
}

// through makes connections that go through the firewall out of those that dial makes.
func (f Firewall) through(dial dialFunc) dialFunc {
	if !f.set() {
		return dial
	}
	server := f.addr()
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		e := &ProxyError{Via: viaFirewall, Server: server, Target: addr, authenticated: f.User != ""}
		conn, err := dial(ctx, network, server)
		if err != nil {
			return nil, unreachable(e, err)
		}
		err = handshake(ctx, conn, e, func() error {
			switch f.Type {
			case SOCKS4:
				return connectSOCKS4(conn, addr, f.User, e)
			case SOCKS5:
				return connectSOCKS5(conn, addr, f.User, f.Password, e)
			default:
				var user *url.Userinfo
				if f.User != "" {
					user = url.UserPassword(f.User, f.Password)
				}
				return connectTunnel(conn, addr, user, e)
			}
		})
		if err != nil {
			return nil, err
		}
		return conn, nil
	}
}
