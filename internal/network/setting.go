package network

import (
	"fmt"
	"net"
	"strings"
	"unicode"
)

// SettingError is a setting that cannot be used. Its text never holds a secret.
type SettingError struct {
	// Setting is the name of the connection property.
	Setting string
	// Problem says what is wrong with it and what to do.
	Problem string
	err     error
}

func (e *SettingError) Error() string { return e.Setting + ": " + e.Problem }

func (e *SettingError) Unwrap() error { return e.err }

// Check reports what is wrong with the settings, as far as it shows without opening a file.
func (c Config) Check() []*SettingError {
	var faults []*SettingError
	fault := func(setting, format string, args ...any) {
		faults = append(faults, &SettingError{Setting: setting, Problem: fmt.Sprintf(format, args...)})
	}
	if strings.TrimSpace(c.ServerCertificate) == "*" {
		fault("SSLServerCert", "* would accept any certificate, and so anyone between this machine and Bitbucket: give the certificate, "+
			"its file or its fingerprint")
	}
	c.Proxy.check(fault)
	c.Firewall.check(fault)
	return faults
}

func (p Proxy) check(fault func(setting, format string, args ...any)) {
	if p.Server == "" {
		for _, s := range []struct{ name, value string }{
			{"ProxyUser", p.User}, {"ProxyPassword", p.Password}, {"ProxyExceptions", p.Exceptions},
		} {
			if s.value != "" {
				fault(s.name, "has no effect without ProxyServer: set that, or use the environment variables HTTPS_PROXY and NO_PROXY alone")
			}
		}
		return
	}
	if problem := checkServer(p.Server, "ProxyPort"); problem != "" {
		fault("ProxyServer", "%s", problem)
	}
	if p.Port < 1 || p.Port > 65535 {
		fault("ProxyPort", "%d is not a port, allowed are 1 to 65535", p.Port)
	}
	switch p.AuthScheme {
	case "", Basic, NoAuth:
	default:
		fault("ProxyAuthScheme", "is none of %s and %s", Basic, NoAuth)
	}
	switch p.SSLType {
	case "", SSLAuto, SSLAlways, SSLNever, SSLTunnel:
	default:
		fault("ProxySSLType", "is none of %s, %s, %s and %s", SSLAuto, SSLAlways, SSLNever, SSLTunnel)
	}
	if strings.Contains(p.User, ":") {
		fault("ProxyUser", "must not contain a colon (RFC 7617), the password has a property of its own")
	}
	if p.Password != "" && p.User == "" {
		fault("ProxyUser", "is missing, ProxyPassword needs it")
	}
	for pattern := range strings.SplitSeq(p.Exceptions, ";") {
		if strings.ContainsAny(pattern, "/,@") || strings.Contains(strings.TrimSpace(pattern), " ") {
			fault("ProxyExceptions", "must be names or addresses of hosts, with * for any text, separated by semicolons")
			break
		}
	}
}

func (f Firewall) check(fault func(setting, format string, args ...any)) {
	switch f.Type {
	case "", NoFirewall:
		for _, s := range []struct{ name, value string }{
			{"FirewallServer", f.Server}, {"FirewallUser", f.User}, {"FirewallPassword", f.Password},
		} {
			if s.value != "" {
				fault("FirewallType", "is missing, %s needs it: set it to %s, %s or %s", s.name, Tunnel, SOCKS4, SOCKS5)
				return
			}
		}
		return
	case Tunnel, SOCKS4, SOCKS5:
	default:
		fault("FirewallType", "is none of %s, %s, %s and %s", NoFirewall, Tunnel, SOCKS4, SOCKS5)
		return
	}
	if f.Server == "" {
		fault("FirewallServer", "is missing, FirewallType %s needs it", f.Type)
	} else if problem := checkServer(f.Server, "FirewallPort"); problem != "" {
		fault("FirewallServer", "%s", problem)
	}
	if f.Port < 0 || f.Port > 65535 {
		fault("FirewallPort", "%d is not a port, allowed are 1 to 65535, and 0 for the default of FirewallType", f.Port)
	}
	if f.Password != "" && f.User == "" && f.Type != SOCKS4 {
		fault("FirewallUser", "is missing, FirewallPassword needs it")
	}
	switch f.Type {
	case Tunnel:
		if strings.Contains(f.User, ":") {
			fault("FirewallUser", "must not contain a colon (RFC 7617), the password has a property of its own")
		}
	case SOCKS4:
		if f.Password != "" {
			fault("FirewallPassword", "SOCKS4 has users but no passwords: leave it out, or set FirewallType to SOCKS5")
		}
		if strings.Contains(f.User, "\x00") {
			fault("FirewallUser", "must not contain a zero byte")
		}
	case SOCKS5: // RFC 1929 counts both in one byte
		if len(f.User) > 255 {
			fault("FirewallUser", "is longer than the 255 bytes that SOCKS5 allows")
		}
		if len(f.Password) > 255 {
			fault("FirewallPassword", "is longer than the 255 bytes that SOCKS5 allows")
		}
	}
}

// checkServer tells what is wrong with the name of a server. It does not repeat the name, which may hold a password.
func checkServer(server, port string) (problem string) {
	switch name := bare(server); {
	case strings.Contains(server, "@"):
		return "must be a host alone, the user and password have properties of their own"
	case strings.ContainsAny(server, "/?#\\ \t\r\n"):
		return "must be the name or address of a host, not a URL"
	case strings.Contains(name, ":") && net.ParseIP(name) == nil:
		return "must be the name or address of a host, its port is " + port
	case name == "":
		return "names no host"
	case strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII }):
		return "must be in ASCII, an international name in its form xn--"
	}
	return ""
}

// bare is an IPv6 address without its brackets, and any other host as it is.
func bare(host string) string {
	if rest, ok := strings.CutPrefix(host, "["); ok {
		if inner, ok := strings.CutSuffix(rest, "]"); ok {
			return inner
		}
	}
	return host
}
