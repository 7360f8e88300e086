package network

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/proxyfake"
)

const hush = "hush:pa ss;wörd"

// TestWays sends a request each way, in clear and by TLS, to a name that only the proxy can resolve.
func TestWays(t *testing.T) {
	ca := newAuthority(t, "test")
	plain := startServer(t)
	secure := startServer(t, ca.issue(t, time.Time{}, "bitbucket.invalid"))
	ports := map[string]string{"80": plain.Listener.Addr().String(), "443": secure.Listener.Addr().String()}
	resolve := func(target string) string {
		host, port, _ := net.SplitHostPort(target)
		if port == "" {
			host, port = target, "80"
		}
		if host != "bitbucket.invalid" {
			return ""
		}
		return ports[port]
	}
	const forwards, connect80, connect443 = "GET http://bitbucket.invalid/x", "CONNECT bitbucket.invalid:80", "CONNECT bitbucket.invalid:443"
	for name, test := range map[string]struct {
		proxy         proxyfake.Config
		config        func(host string, port int) Config
		http, request string // what the proxy is asked for, by http and by https
	}{
		"proxy": {
			config: func(h string, p int) Config { return Config{Proxy: Proxy{Server: h, Port: p}} },
			http:   forwards, request: connect443,
		},
		"proxy with password": {
			proxy: proxyfake.Config{User: "me", Password: hush},
			config: func(h string, p int) Config {
				return Config{Proxy: Proxy{Server: h, Port: p, User: "me", Password: hush}}
			},
			http: forwards, request: connect443,
		},
		"proxy, tunnel": {
			config: func(h string, p int) Config { return Config{Proxy: Proxy{Server: h, Port: p, SSLType: SSLTunnel}} },
			http:   connect80, request: connect443,
		},
		"proxy, never": {
			config: func(h string, p int) Config { return Config{Proxy: Proxy{Server: h, Port: p, SSLType: SSLNever}} },
			http:   forwards, request: connect443,
		},
		"proxy over TLS": {
			proxy: proxyfake.Config{
				User: "me", Password: hush, TLS: &tls.Config{Certificates: []tls.Certificate{ca.issue(t, time.Time{}, "127.0.0.1")}},
			},
			config: func(h string, p int) Config {
				return Config{Proxy: Proxy{Server: h, Port: p, User: "me", Password: hush, SSLType: SSLAlways}}
			},
			http: forwards, request: connect443,
		},
		"firewall": {
			proxy:  proxyfake.Config{User: "me", Password: hush},
			config: func(h string, p int) Config { return Config{Firewall: Firewall{Tunnel, h, p, "me", hush}} },
			http:   connect80, request: connect443,
		},
		"SOCKS4": {
			proxy:  proxyfake.Config{Kind: proxyfake.SOCKS4, User: "me"},
			config: func(h string, p int) Config { return Config{Firewall: Firewall{SOCKS4, h, p, "me", ""}} },
			http:   "SOCKS4 bitbucket.invalid:80", request: "SOCKS4 bitbucket.invalid:443",
		},
		"SOCKS5": {
			proxy:  proxyfake.Config{Kind: proxyfake.SOCKS5},
			config: func(h string, p int) Config { return Config{Firewall: Firewall{SOCKS5, h, p, "", ""}} },
			http:   "SOCKS5 bitbucket.invalid:80", request: "SOCKS5 bitbucket.invalid:443",
		},
		"SOCKS5 with password": {
			proxy:  proxyfake.Config{Kind: proxyfake.SOCKS5, User: "me", Password: hush},
			config: func(h string, p int) Config { return Config{Firewall: Firewall{SOCKS5, h, p, "me", hush}} },
			http:   "SOCKS5 bitbucket.invalid:80", request: "SOCKS5 bitbucket.invalid:443",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.proxy.Kind == "" {
				test.proxy.Kind = proxyfake.HTTP
			}
			test.proxy.Resolve = resolve
			proxy := startProxy(t, test.proxy)
			config := test.config(proxy.Host(), proxy.Port())
			config.RootCAs = ca.pool()
			for _, url := range []string{"http://bitbucket.invalid/x", "https://bitbucket.invalid/x"} {
				if got, err := get(t, config, url); got != "hello" || err != nil {
					t.Errorf("%s: %q, %v", url, got, err)
				}
			}
			if got := proxy.Log(); !slices.Equal(got, []string{test.http, test.request}) || proxy.Refused() != 0 {
				t.Errorf("the proxy was asked for %q and refused %d", got, proxy.Refused())
			}
			_, err := get(t, config, "https://elsewhere.invalid/")
			var e *ProxyError
			if !errors.As(err, &e) || e.Server != proxy.Addr() || e.Target != "elsewhere.invalid:443" ||
				e.Reason != Refused && (e.Reason != NoTarget || test.proxy.Kind != proxyfake.SOCKS4) {
				t.Errorf("a host that the proxy does not allow: %#v", err)
			}
			if err != nil && strings.Contains(err.Error(), hush) {
				t.Errorf("%v shows the password", err)
			}
		})
	}
}

// Addresses need no resolving, and those of this machine go through the proxy as well.
func TestAddresses(t *testing.T) {
	server := startServer(t)
	for _, kind := range []string{SOCKS4, SOCKS5, Tunnel} {
		c := proxyfake.Config{Kind: proxyfake.Kind(kind)}
		if kind == Tunnel {
			c.Kind = proxyfake.HTTP
		}
		proxy := startProxy(t, c)
		got, err := get(t, Config{Environment: true, Firewall: Firewall{Type: kind, Server: proxy.Host(), Port: proxy.Port()}}, server.URL)
		if got != "hello" || err != nil || len(proxy.Log()) != 1 || !strings.HasSuffix(proxy.Log()[0], " "+server.Listener.Addr().String()) {
			t.Errorf("%s: %q, %v; the proxy was asked for %q", kind, got, err, proxy.Log())
		}
	}
}

// A proxy is reached through the firewall.
func TestProxyBehindFirewall(t *testing.T) {
	server := startServer(t)
	proxy := startProxy(t, proxyfake.Config{Kind: proxyfake.HTTP})
	firewall := startProxy(t, proxyfake.Config{Kind: proxyfake.SOCKS5})
	c := Config{
		Proxy:    Proxy{Server: proxy.Host(), Port: proxy.Port()},
		Firewall: Firewall{Type: SOCKS5, Server: firewall.Host(), Port: firewall.Port()},
	}
	if got, err := get(t, c, server.URL); got != "hello" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got := firewall.Log(); !slices.Equal(got, []string{"SOCKS5 " + proxy.Addr()}) || len(proxy.Log()) != 1 {
		t.Errorf("the firewall was asked for %q, the proxy for %q", got, proxy.Log())
	}
}

func TestProxyRefusesUser(t *testing.T) {
	server, secure := startServer(t), startServer(t, newAuthority(t, "test").issue(t, time.Time{}, "127.0.0.1"))
	for name, test := range map[string]struct {
		kind   proxyfake.Kind
		config func(h string, p int, user, password string) Config
		says   string
		noUser string
	}{
		"proxy": {
			proxyfake.HTTP, func(h string, p int, user, password string) Config {
				return Config{Proxy: Proxy{Server: h, Port: p, User: user, Password: password}}
			}, "check ProxyUser and ProxyPassword", "set ProxyUser and ProxyPassword",
		},
		"NONE": {
			proxyfake.HTTP, func(h string, p int, user, password string) Config {
				return Config{Proxy: Proxy{Server: h, Port: p, User: user, Password: password, AuthScheme: NoAuth}}
			}, "set ProxyUser and ProxyPassword", "set ProxyUser and ProxyPassword",
		},
		"firewall": {
			proxyfake.HTTP, func(h string, p int, user, password string) Config {
				return Config{Firewall: Firewall{Tunnel, h, p, user, password}}
			}, "check FirewallUser and FirewallPassword", "set FirewallUser and FirewallPassword",
		},
		"SOCKS5": {
			proxyfake.SOCKS5, func(h string, p int, user, password string) Config {
				return Config{Firewall: Firewall{SOCKS5, h, p, user, password}}
			}, "check FirewallUser and FirewallPassword", "set FirewallUser and FirewallPassword",
		},
		"SOCKS4": {
			proxyfake.SOCKS4, func(h string, p int, user, _ string) Config {
				return Config{Firewall: Firewall{SOCKS4, h, p, user, ""}}
			}, "check FirewallUser", "set FirewallUser",
		},
	} {
		t.Run(name, func(t *testing.T) {
			proxy := startProxy(t, proxyfake.Config{Kind: test.kind, User: "me", Password: "right"})
			for _, url := range []string{server.URL, secure.URL} {
				for user, says := range map[string]string{"you": test.says, "": test.noUser} {
					password := hush
					if user == "" {
						password = ""
					}
					_, err := get(t, test.config(proxy.Host(), proxy.Port(), user, password), url)
					var e *ProxyError
					if !errors.As(err, &e) || e.Reason != Authentication || !e.Lasting() || !strings.Contains(err.Error(), says) {
						t.Errorf("%s with the user %q: %v", url, user, err)
					}
					if err != nil && strings.Contains(err.Error(), hush) {
						t.Errorf("%v shows the password", err)
					}
				}
			}
			if proxy.Refused() != 4 || len(proxy.Log()) != 0 {
				t.Errorf("%d refused, %q", proxy.Refused(), proxy.Log())
			}
		})
	}
}

// A 407 without a proxy is the server's own.
func TestServerAnswers407(t *testing.T) {
	server := startServer(t)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(407) })
	if _, err := get(t, Config{}, server.URL); err != nil {
		t.Error(err)
	}
}

func TestNoProxyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	for name, c := range map[string]Config{
		"proxy":  {Proxy: Proxy{Server: "127.0.0.1", Port: port, User: "me", Password: hush}},
		"SOCKS5": {Firewall: Firewall{SOCKS5, "127.0.0.1", port, "me", hush}},
	} {
		for _, url := range []string{"http://127.0.0.1:1/", "https://bitbucket.invalid/"} {
			_, err := get(t, c, url)
			var e *ProxyError
			if !errors.As(err, &e) || e.Reason != Unreachable || e.Lasting() || !strings.Contains(err.Error(), "refused") || strings.Contains(err.Error(), hush) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// What answers is no proxy, hangs up, or does not answer at all.
func TestStrangers(t *testing.T) {
	says := func(answer string) int {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		t.Cleanup(func() { _ = l.Close(); <-done })
		go func() {
			defer close(done)
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = conn.Read(make([]byte, 512))
				_, _ = conn.Write([]byte(answer))
				_ = conn.(*net.TCPConn).CloseWrite()
				_, _ = conn.Read(make([]byte, 512))
				_ = conn.Close()
			}
		}()
		return l.Addr().(*net.TCPAddr).Port
	}
	for _, test := range []struct {
		kind, answer string
		reason       Reason
		says         string
	}{
		{Tunnel, "SSH-2.0-secret\r\n\r\n", Protocol, "not HTTP"},
		{Tunnel, "HTTP/1.1 302 Found\r\nLocation: /secret\r\n\r\n", Protocol, "status 302"},
		{Tunnel, "HTTP/1.1 200 OK\r\n\r\nsecret", Protocol, "nobody asked for"},
		{Tunnel, "HTTP/1.1 503 secret\r\n\r\n", NoTarget, "status 503"},
		{Tunnel, "HTTP/1.1 429 secret\r\n\r\n", NoTarget, "status 429"},
		{Tunnel, "HTTP/1.1 200", Unreachable, "hangs up"},
		{Tunnel, "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("secret", 20000), Unreachable, "hangs up"},
		{SOCKS4, "SSH-2.0-secret", Protocol, "not SOCKS4"},
		{SOCKS4, "\x00\x5b\x00\x00\x00\x00\x00\x00", NoTarget, "code 91"},
		{SOCKS4, "\x00\x07\x00\x00\x00\x00\x00\x00", Protocol, "not SOCKS4"},
		{SOCKS4, "\x00", Unreachable, "hangs up"},
		{SOCKS5, "SSH-2.0-secret", Protocol, "not SOCKS5"},
		{SOCKS5, "\x05\x01", Protocol, "not SOCKS5"}, // GSSAPI, which was not offered
		{SOCKS5, "\x05\x00\x05\x04\x00\x01", NoTarget, "host unreachable"},
		{SOCKS5, "\x05\x00\x05\x63\x00\x01", NoTarget, "code 99"},
		{SOCKS5, "\x05\x00\x05\x00\x00\x09", Protocol, "not SOCKS5"},
		{SOCKS5, "\x05\x00\x05\x00\x00\x03\x09x", Unreachable, "hangs up"},
		{SOCKS5, "", Unreachable, "hangs up"},
	} {
		_, err := get(t, Config{Firewall: Firewall{Type: test.kind, Server: "127.0.0.1", Port: says(test.answer)}}, "http://bitbucket.invalid/")
		var e *ProxyError
		if !errors.As(err, &e) || e.Reason != test.reason || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s, %.20q: %v", test.kind, test.answer, err)
		}
	}
	if _, err := get(t, Config{Firewall: Firewall{Type: SOCKS4, Server: "127.0.0.1", Port: says("")}}, "http://[2001:db8::1]/"); err == nil ||
		!strings.Contains(err.Error(), "no IPv6") {
		t.Errorf("IPv6 by SOCKS4: %v", err)
	}
}

// The context ends a talk with a proxy that says nothing.
func TestSilentProxy(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // the system accepts, nobody answers
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	port := l.Addr().(*net.TCPAddr).Port
	for _, kind := range []string{Tunnel, SOCKS4, SOCKS5} {
		dial := Firewall{Type: kind, Server: "127.0.0.1", Port: port}.through((&net.Dialer{}).DialContext)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		conn, err := dial(ctx, "tcp", "bitbucket.invalid:443")
		cancel()
		if conn != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v, %v", kind, conn, err)
		}
	}
}

func TestExceptions(t *testing.T) {
	e := parseExceptions(" localhost ;*.Corp.example.;10.*;[::1];;a*b*c")
	for host, want := range map[string]bool{
		"LOCALHOST": true, "localhost.": true, "local": false, "xlocalhost": false, "x.corp.example": true, "a.b.corp.example": true,
		"corp.example": false, "corp.example.org": false, "10.1.2.3": true, "110.1.2.3": false, "::1": true, "[::1]": true,
		"abc": true, "aXbYc": true, "abcb": false, "ac": false, "acb": false, "": false,
	} {
		if got := e.match(host); got != want {
			t.Errorf("%q is an exception: %t", host, got)
		}
	}
	if !parseExceptions("*").match("x") || parseExceptions("").match("") || parseExceptions("ab*ba").match("aba") {
		t.Error("*, the empty list or overlapping parts")
	}
	ca := newAuthority(t, "test")
	plain, secure := startServer(t), startServer(t, ca.issue(t, time.Time{}, "127.0.0.1"))
	for _, kind := range []string{SSLAuto, SSLTunnel} {
		proxy := startProxy(t, proxyfake.Config{Kind: proxyfake.HTTP})
		for except, want := range map[string]int{"127.*": 0, "128.*;localhost": 2} {
			c := Config{RootCAs: ca.pool(), Proxy: Proxy{Server: proxy.Host(), Port: proxy.Port(), SSLType: kind, Exceptions: except}}
			before := len(proxy.Log())
			for _, url := range []string{plain.URL, secure.URL} {
				if got, err := get(t, c, url); got != "hello" || err != nil {
					t.Errorf("%s: %q, %v", url, got, err)
				}
			}
			if got := len(proxy.Log()) - before; got != want {
				t.Errorf("%s, exceptions %q: the proxy got %d requests, want %d", kind, except, got, want)
			}
		}
	}
}

func TestEnvironment(t *testing.T) {
	for _, test := range []struct {
		config Config
		want   bool
	}{
		{Config{Environment: true}, true},
		{Config{}, false},
		{Config{Environment: true, Firewall: Firewall{Type: SOCKS5, Server: "x"}}, false},
	} {
		transport, err := Transport(test.config)
		if err != nil {
			t.Fatal(err)
		}
		if got := transport.Proxy != nil; got != test.want {
			t.Errorf("%+v asks the environment: %t", test.config, got)
		}
	}
	proxy := startProxy(t, proxyfake.Config{Kind: proxyfake.HTTP, User: "me", Password: "right"})
	transport, err := Transport(Config{Environment: true})
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: proxy.Addr(), User: url.UserPassword("me", hush)})
	for _, url := range []string{"http://bitbucket.invalid/", "https://bitbucket.invalid/"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := RoundTripper(transport).RoundTrip(r)
		if err == nil {
			_ = answer.Body.Close()
		}
		var e *ProxyError
		if !errors.As(err, &e) || e.Reason != Authentication || !strings.Contains(err.Error(), "HTTPS_PROXY") || strings.Contains(err.Error(), hush) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// A proxy of the environment that is not there is told apart from Bitbucket, and with where it is set.
func TestNoProxyOfEnvironment(t *testing.T) {
	transport, err := Transport(Config{Environment: true})
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: gone.Addr().String(), User: url.UserPassword("me", hush)})
	for _, url := range []string{"http://bitbucket.invalid/", "https://bitbucket.invalid/"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := RoundTripper(transport).RoundTrip(r)
		if err == nil {
			_ = answer.Body.Close()
		}
		var e *ProxyError
		if !errors.As(err, &e) || e.Reason != Unreachable || e.Server != gone.Addr().String() || !strings.Contains(err.Error(), "check HTTPS_PROXY") ||
			strings.Contains(err.Error(), hush) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestEnvironmentVariables asks through a proxy of the environment, in a process of its own: Go reads the variables once.
func TestEnvironmentVariables(t *testing.T) {
	const inner = "NETWORK_TEST_INNER"
	const name = "http://bitbucket.invalid/x"
	if by := os.Getenv(inner); by != "" {
		got, err := get(t, Config{Environment: by == "environment"}, name)
		if ok := got == "hello" && err == nil; ok != (by == "environment" && os.Getenv("NO_PROXY") == "") {
			t.Errorf("%q, %v", got, err)
		}
		return
	}
	server := startServer(t)
	proxy := startProxy(t, proxyfake.Config{Kind: proxyfake.HTTP, Resolve: func(string) string { return server.Listener.Addr().String() }})
	for _, by := range []string{"environment", "nothing"} {
		for _, except := range []string{"", ".invalid"} {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEnvironmentVariables$")
			cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0", inner+"="+by, "HTTP_PROXY=http://"+proxy.Addr(), "http_proxy=", "no_proxy=", "NO_PROXY="+except)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s, NO_PROXY=%s: %v\n%s", by, except, err, out)
			}
		}
	}
	if got := proxy.Log(); !slices.Equal(got, []string{"GET " + name}) {
		t.Errorf("the proxy was asked for %q", got)
	}
}

func TestConnectionsStayOpen(t *testing.T) {
	for in, want := range map[int]int{0: 2, 10: 10, 100: 100} {
		transport, err := Transport(Config{MaxInFlight: in})
		if err != nil {
			t.Fatal(err)
		}
		if transport.MaxIdleConnsPerHost != want || transport.MaxIdleConns < 2*in || transport.TLSClientConfig.MinVersion < tls.VersionTLS12 {
			t.Errorf("%d in flight: %d of %d idle connections", in, transport.MaxIdleConnsPerHost, transport.MaxIdleConns)
		}
	}
}
