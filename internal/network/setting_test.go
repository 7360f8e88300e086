package network

import (
	"errors"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		config Config
		want   string // setting and a part of the problem; empty means none
	}{
		"nothing":             {Config{}, ""},
		"proxy":               {Config{Proxy: Proxy{Server: "proxy.example", Port: 3128, Exceptions: "a; *.b ;"}}, ""},
		"IPv6":                {Config{Proxy: Proxy{Server: "[::1]", Port: 80}}, ""},
		"IPv6, bare":          {Config{Firewall: Firewall{Type: SOCKS5, Server: "::1"}}, ""},
		"URL":                 {Config{Proxy: Proxy{Server: "http://proxy.example", Port: 80}}, "ProxyServer: not a URL"},
		"port in name":        {Config{Proxy: Proxy{Server: "proxy.example:3128", Port: 80}}, "ProxyServer: ProxyPort"},
		"user in name":        {Config{Proxy: Proxy{Server: "me:hush@proxy.example", Port: 80}}, "ProxyServer: properties of their own"},
		"brackets":            {Config{Proxy: Proxy{Server: "[]", Port: 80}}, "ProxyServer: no host"},
		"not ASCII":           {Config{Proxy: Proxy{Server: "pröxy.example", Port: 80}}, "ProxyServer: xn--"},
		"port":                {Config{Proxy: Proxy{Server: "p", Port: 65536}}, "ProxyPort: 65536"},
		"user":                {Config{Proxy: Proxy{Server: "p", Port: 80, User: "a:b"}}, "ProxyUser: colon"},
		"password alone":      {Config{Proxy: Proxy{Server: "p", Port: 80, Password: "hush"}}, "ProxyUser: missing"},
		"scheme":              {Config{Proxy: Proxy{Server: "p", Port: 80, AuthScheme: "NTLM"}}, "ProxyAuthScheme: BASIC"},
		"type":                {Config{Proxy: Proxy{Server: "p", Port: 80, SSLType: "X"}}, "ProxySSLType: TUNNEL"},
		"exceptions":          {Config{Proxy: Proxy{Server: "p", Port: 80, Exceptions: "a,b"}}, "ProxyExceptions: semicolons"},
		"no proxy":            {Config{Proxy: Proxy{Password: "hush"}}, "ProxyPassword: ProxyServer"},
		"no firewall type":    {Config{Firewall: Firewall{Server: "f"}}, "FirewallType: FirewallServer needs it"},
		"firewall type":       {Config{Firewall: Firewall{Type: "SOCKS6", Server: "f"}}, "FirewallType: SOCKS5"},
		"no firewall":         {Config{Firewall: Firewall{Type: SOCKS5}}, "FirewallServer: missing"},
		"firewall port":       {Config{Firewall: Firewall{Type: SOCKS5, Server: "f", Port: -1}}, "FirewallPort: -1"},
		"firewall, no user":   {Config{Firewall: Firewall{Type: SOCKS5, Server: "f", Password: "hush"}}, "FirewallUser: missing"},
		"firewall user":       {Config{Firewall: Firewall{Type: Tunnel, Server: "f", User: "a:b"}}, "FirewallUser: colon"},
		"SOCKS4 password":     {Config{Firewall: Firewall{Type: SOCKS4, Server: "f", User: "u", Password: "hush"}}, "FirewallPassword: SOCKS4"},
		"SOCKS5 long user":    {Config{Firewall: Firewall{Type: SOCKS5, Server: "f", User: strings.Repeat("u", 256)}}, "FirewallUser: 255"},
		"SOCKS5 long secret":  {Config{Firewall: Firewall{Type: SOCKS5, Server: "f", User: "u", Password: strings.Repeat("hush", 64)}}, "FirewallPassword: 255"},
		"accept all the same": {Config{ServerCertificate: "*"}, "SSLServerCert: any certificate"},
	} {
		faults := test.config.Check()
		if test.want == "" {
			if len(faults) > 0 {
				t.Errorf("%s: %v", name, faults)
			}
			continue
		}
		setting, part, _ := strings.Cut(test.want, ": ")
		if len(faults) != 1 || faults[0].Setting != setting || !strings.Contains(faults[0].Problem, part) || strings.Contains(faults[0].Error(), "hush") {
			t.Errorf("%s: %v, want %s", name, faults, test.want)
		}
		var e *SettingError
		if _, err := Transport(test.config); !errors.As(err, &e) {
			t.Errorf("%s: Transport: %v", name, err)
		}
	}
}

func TestFirewallPorts(t *testing.T) {
	for want, f := range map[string]Firewall{
		"f:80": {Type: Tunnel, Server: "f"}, "f:1080": {Type: SOCKS4, Server: "f"}, "[::1]:1080": {Type: SOCKS5, Server: "[::1]"}, "f:7": {Type: SOCKS5, Server: "f", Port: 7},
	} {
		if got := f.addr(); got != want {
			t.Errorf("%+v is at %s, want %s", f, got, want)
		}
	}
}
