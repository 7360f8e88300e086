package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Config says how to reach a server. The zero value reaches it directly.
type Config struct {
	// MaxInFlight is how many requests go to one host at the same time: as many connections stay open.
	MaxInFlight int
	// Environment takes the proxy from HTTPS_PROXY, HTTP_PROXY and NO_PROXY where neither Proxy nor Firewall is set,
	// as [http.ProxyFromEnvironment] does: this machine is reached directly.
	Environment bool
	Proxy       Proxy
	Firewall    Firewall
	// ServerCertificate is what Host must show in place of a certificate that this machine trusts: the certificate, or a CA's
	// that it descends from, as PEM, as a path of a PEM or DER file, or as the SHA-256 or SHA-1 fingerprint in hexadecimal
	// digits. Other hosts, which redirects lead to, may show it or what this machine trusts. Empty means what it trusts.
	ServerCertificate string
	// Host is the name or address that ServerCertificate is about.
	Host string
	// RootCAs is what this machine trusts; nil means the roots of the system.
	RootCAs *x509.CertPool
}

// maxHandshake bounds the way to a proxy and the talk with it, whatever the context allows.
const maxHandshake = 30 * time.Second

// Transport makes the transport that c describes. The errors, joined, are [*SettingError]. Errors of its requests may be
// [*ProxyError] and [*CertificateError].
func Transport(c Config) (*http.Transport, error) {
	if faults := c.Check(); len(faults) > 0 {
		list := make([]error, len(faults))
		for i, f := range faults {
			list[i] = f
		}
		return nil, errors.Join(list...)
	}
	t := &http.Transport{
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        max(100, 2*c.MaxInFlight),
		MaxIdleConnsPerHost: max(http.DefaultMaxIdleConnsPerHost, c.MaxInFlight),
		IdleConnTimeout:     90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs},
		// A connection that died unnoticed is found by pings, before a request waits for it.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
	}
	if c.ServerCertificate != "" {
		pin, err := readPin(c.ServerCertificate)
		if err != nil {
			return nil, &SettingError{Setting: "SSLServerCert", Problem: err.Error(), err: err}
		}
		pin.host, pin.roots = bare(c.Host), c.RootCAs
		// The certificate is checked by VerifyConnection instead, which runs when a session is resumed as well.
		t.TLSClientConfig.InsecureSkipVerify = true
		t.TLSClientConfig.VerifyConnection = pin.verify
	}
	dial := (&net.Dialer{Timeout: maxHandshake, KeepAlive: 30 * time.Second}).DialContext
	switch {
	case c.Proxy.Server != "":
		proxy := &proxyDialer{Proxy: c.Proxy, addr: hostPort(c.Proxy.Server, c.Proxy.Port), except: parseExceptions(c.Proxy.Exceptions)}
		proxy.dial = c.Firewall.through(dial)
		proxy.tls = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs, ServerName: bare(c.Proxy.Server)}
		t.Proxy, t.DialContext = proxy.forward, proxy.DialContext
	case c.Firewall.set():
		t.DialContext = c.Firewall.through(dial)
	default:
		t.DialContext = dial
		if c.Environment {
			t.Proxy, t.OnProxyConnectResponse = http.ProxyFromEnvironment, environmentAnswer
		}
	}
	return t, nil
}

// environmentAnswer types the refusal of a proxy of the environment.
func environmentAnswer(_ context.Context, proxy *url.URL, connect *http.Request, answer *http.Response) error {
	e := &ProxyError{Via: viaEnvironment, Server: proxy.Host, Target: connect.Host, authenticated: proxy.User != nil}
	return connectAnswer(e, answer)
}

// RoundTripper sends requests through t and turns the answer of a proxy that asks for a user, 407, into a [*ProxyError].
// Without it, only tunnelled requests, those of https, fail so.
func RoundTripper(t *http.Transport) http.RoundTripper { return roundTripper{t} }

type roundTripper struct{ *http.Transport }

// environmentError types the error of a proxy of the environment that cannot be connected with.
func (r roundTripper) environmentError(request *http.Request, err error) error {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Op != "proxyconnect" || r.Proxy == nil || r.OnProxyConnectResponse == nil {
		return err
	}
	proxy, proxyErr := r.Proxy(request)
	if proxyErr != nil || proxy == nil {
		return err
	}
	return unreachable(&ProxyError{Via: viaEnvironment, Server: proxy.Host, Target: request.URL.Host, authenticated: proxy.User != nil}, err)
}

func (r roundTripper) RoundTrip(request *http.Request) (*http.Response, error) {
	answer, err := r.Transport.RoundTrip(request)
	if err != nil {
		return answer, r.environmentError(request, err)
	}
	if answer.StatusCode != http.StatusProxyAuthRequired || r.Proxy == nil {
		return answer, err
	}
	proxy, err := r.Proxy(request)
	if err != nil || proxy == nil {
		return answer, nil // the server's own answer
	}
	_ = answer.Body.Close()
	e := &ProxyError{Via: viaProxy, Server: proxy.Host, Target: request.URL.Host, authenticated: proxy.User != nil}
	if r.OnProxyConnectResponse != nil {
		e.Via = viaEnvironment
	}
	return nil, connectAnswer(e, answer)
}
