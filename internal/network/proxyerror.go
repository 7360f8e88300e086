package network

import (
	"fmt"
	"net/http"
)

// The values of ProxyError.Via.
const (
	viaProxy       = "proxy"
	viaFirewall    = "firewall"
	viaEnvironment = "proxy of the environment"
)

// Reason is why a proxy or firewall gave no connection.
type Reason uint8

// The reasons of a ProxyError.
const (
	// Unreachable is a proxy that cannot be connected with, or does not answer.
	Unreachable Reason = iota
	// Authentication is a user or password that is missing or wrong.
	Authentication
	// Refused is a proxy that does not allow the target.
	Refused
	// NoTarget is a proxy that cannot reach the target.
	NoTarget
	// Protocol is an answer that is not of the proxy's protocol.
	Protocol
)

// ProxyError is a proxy or firewall that gave no connection to its target.
type ProxyError struct {
	// Via is "proxy", "firewall" or "proxy of the environment", whose settings are those to look at.
	Via string
	// Server and Target are host and port.
	Server, Target string
	Reason         Reason
	// Detail says what happened.
	Detail string
	// Err is the cause, or nil.
	Err error

	authenticated bool // a user was sent
}

func (e *ProxyError) Error() string {
	s := fmt.Sprintf("%s %s: ", e.Via, e.Server)
	switch e.Reason {
	case Authentication:
		if e.authenticated {
			return s + "it refuses the user or password (" + e.Detail + "): " + e.settings("check")
		}
		return s + "it wants a user and password (" + e.Detail + "): " + e.settings("set")
	case Refused:
		return fmt.Sprintf("%sit does not allow a connection to %s (%s): ask who runs it", s, e.Target, e.Detail)
	case NoTarget:
		return fmt.Sprintf("%sit does not reach %s (%s): try again later", s, e.Target, e.Detail)
	case Protocol:
		return s + e.Detail + ": check its address and type"
	case Unreachable:
		if e.Via == viaEnvironment {
			return s + e.Detail + ": check HTTPS_PROXY and that the proxy runs"
		}
	}
	return s + e.Detail + ": check its address and that it runs"
}

// settings names where the user and password are set.
func (e *ProxyError) settings(verb string) string {
	switch e.Via {
	case viaEnvironment:
		return verb + " them in HTTPS_PROXY, or use ProxyServer, ProxyUser and ProxyPassword"
	case viaFirewall:
		return verb + " FirewallUser and FirewallPassword"
	}
	return verb + " ProxyUser and ProxyPassword"
}

func (e *ProxyError) Unwrap() error { return e.Err }

// Lasting tells that trying again will not help. Repeating a wrong password may lock an account.
func (e *ProxyError) Lasting() bool {
	return e.Reason == Authentication || e.Reason == Refused || e.Reason == Protocol
}

// connectAnswer turns a proxy's answer to CONNECT into e, or nil if the tunnel is open. The answer's own words are not
// shown: they are a stranger's.
func connectAnswer(e *ProxyError, answer *http.Response) error {
	status := answer.StatusCode
	e.Detail = fmt.Sprintf("status %d", status)
	switch {
	case status/100 == 2:
		return nil
	case status == http.StatusProxyAuthRequired:
		e.Reason = Authentication
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooManyRequests:
		e.Reason = NoTarget
	case status >= 400:
		e.Reason = Refused
	default:
		e.Reason, e.Detail = Protocol, fmt.Sprintf("its answer is status %d, which is no tunnel", status)
	}
	return e
}
