package driver

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/seed281e34fa/bitbucketsql/internal/network"
)

// network is how the configuration reaches Bitbucket.
func (c *Config) network() network.Config {
	n := network.Config{
		MaxInFlight: c.MaxInFlight,
		Environment: c.ProxyAutoDetect,
		Proxy: network.Proxy{
			Server: c.ProxyServer, Port: c.ProxyPort, AuthScheme: c.ProxyAuthScheme, User: c.ProxyUser, Password: c.ProxyPassword,
			SSLType: c.ProxySSLType, Exceptions: c.ProxyExceptions,
		},
		Firewall: network.Firewall{
			Type: c.FirewallType, Server: c.FirewallServer, Port: c.FirewallPort, User: c.FirewallUser, Password: c.FirewallPassword,
		},
		ServerCertificate: c.SSLServerCert,
	}
	if u, err := url.Parse(c.BaseURL); err == nil {
		n.Host = u.Hostname()
	}
	return n
}

// checkNetwork reports the faults of the network properties that they do not have each by itself.
func (c *Config) checkNetwork() []Fault {
	var faults []Fault
	for _, e := range c.network().Check() {
		if p, ok := findProperty(e.Setting); !ok || p.check(c.Clone()) == "" { // else it is reported already
			faults = append(faults, Fault{e.Setting, e.Problem})
		}
	}
	return faults
}

// transport makes what sends the requests of a normalized configuration, and what lets its idle connections go. A transport
// of the caller's own goes its own way.
func (c *Config) transport(own http.RoundTripper) (http.RoundTripper, func(), error) {
	if own != nil {
		var faults []Fault
		for i := range networkProperties {
			p := &networkProperties[i]
			if p.get(c) != p.Default {
				faults = append(faults, Fault{p.Name, "has no effect on the transport given by WithTransport: leave one of them out"})
			}
		}
		return own, func() {}, configError(faults)
	}
	t, err := network.Transport(c.network())
	var setting *network.SettingError
	if errors.As(err, &setting) {
		return nil, nil, configError([]Fault{{setting.Setting, setting.Problem}})
	}
	if err != nil {
		return nil, nil, err
	}
	return network.RoundTripper(t), t.CloseIdleConnections, nil
}
