package driver

import "github.com/seed281e34fa/bitbucketsql/internal/network"

const categoryNetwork = "Network"

// networkProperties are on the way to Bitbucket: proxy, firewall and certificate.
var networkProperties = []Property{
	{
		Name: "ProxyAutoDetect", Label: "Proxy Auto Detect", Type: BooleanProperty, Category: categoryNetwork, Default: "true",
		Description: "Take the proxy from the environment variables HTTPS_PROXY and NO_PROXY, if there are any and neither ProxyServer nor " +
			"FirewallType is set. false with neither of these reaches Bitbucket directly.",
		flag: func(c *Config) *bool { return &c.ProxyAutoDetect },
	},
	{
		Name: "ProxyServer", Label: "Proxy Server", Type: StringProperty, Category: categoryNetwork,
		Description: "Name or address of an HTTP proxy. Every host but ProxyExceptions is reached through it, this machine too.",
		text:        func(c *Config) *string { return &c.ProxyServer },
	},
	{
		Name: "ProxyPort", Label: "Proxy Port", Type: IntegerProperty, Category: categoryNetwork, Default: "80",
		Description: "TCP port of ProxyServer.",
		min:         1, max: 65535,
		number: func(c *Config) *int { return &c.ProxyPort },
	},
	{
		Name: "ProxyAuthScheme", Label: "Proxy Auth Scheme", Type: StringProperty, Category: categoryNetwork, Default: network.Basic,
		Values: []string{network.Basic, network.NoAuth},
		refused: map[string]string{
			"DIGEST": signInBeside, "NTLM": signInBeside, "NEGOTIATE": signInBeside, "PROPRIETARY": signInBeside,
		},
		Description: "How to authenticate with ProxyServer: BASIC sends ProxyUser and ProxyPassword if they are set, NONE does not.",
		text:        func(c *Config) *string { return &c.ProxyAuthScheme },
	},
	{
		Name: "ProxyUser", Label: "Proxy User", Type: StringProperty, Category: categoryNetwork, Needs: "ProxyAuthScheme=BASIC",
		Description: "User of ProxyServer.",
		text:        func(c *Config) *string { return &c.ProxyUser },
	},
	{
		Name: "ProxyPassword", Label: "Proxy Password", Type: StringProperty, Category: categoryNetwork, Needs: "ProxyAuthScheme=BASIC",
		Sensitive:   true,
		Description: "Password of ProxyUser. Without TLS to the proxy (ProxySSLType=ALWAYS) it can be read on the way there.",
		text:        func(c *Config) *string { return &c.ProxyPassword },
	},
	{
		Name: "ProxySSLType", Label: "Proxy SSL Type", Type: StringProperty, Category: categoryNetwork, Default: network.SSLAuto,
		Values: []string{network.SSLAuto, network.SSLAlways, network.SSLNever, network.SSLTunnel},
		Description: "How to talk with ProxyServer: AUTO and NEVER tunnel https and forward http, ALWAYS does so over TLS, " +
			"TUNNEL tunnels both. Only Bitbucket can read what is sent by https, whatever this says.",
		text: func(c *Config) *string { return &c.ProxySSLType },
	},
	{
		Name: "ProxyExceptions", Label: "Proxy Exceptions", Type: StringProperty, Category: categoryNetwork,
		Description: "Hosts that are reached without ProxyServer, separated by semicolons, so that the list needs quotes: " +
			"'localhost;*.corp.example'. * stands for any text.",
		text: func(c *Config) *string { return &c.ProxyExceptions },
	},
	{
		Name: "FirewallType", Label: "Firewall Type", Type: StringProperty, Category: categoryNetwork, Default: network.NoFirewall,
		Values: []string{network.NoFirewall, network.Tunnel, network.SOCKS4, network.SOCKS5},
		Description: "What every connection goes through, that with ProxyServer too: TUNNEL is an HTTP proxy asked to CONNECT; SOCKS4 (with " +
			"4a) and SOCKS5 resolve the names of hosts themselves.",
		text: func(c *Config) *string { return &c.FirewallType },
	},
	{
		Name: "FirewallServer", Label: "Firewall Server", Type: StringProperty, Category: categoryNetwork,
		Needs:       "FirewallType=TUNNEL,SOCKS4,SOCKS5",
		Description: "Name or address of the firewall.",
		text:        func(c *Config) *string { return &c.FirewallServer },
	},
	{
		Name: "FirewallPort", Label: "Firewall Port", Type: IntegerProperty, Category: categoryNetwork, Default: "0",
		Needs:       "FirewallType=TUNNEL,SOCKS4,SOCKS5",
		Description: "TCP port of the firewall. 0 means 80 for TUNNEL and 1080 for SOCKS4 and SOCKS5.",
		min:         0, max: 65535,
		number: func(c *Config) *int { return &c.FirewallPort },
	},
	{
		Name: "FirewallUser", Label: "Firewall User", Type: StringProperty, Category: categoryNetwork,
		Needs:       "FirewallType=TUNNEL,SOCKS4,SOCKS5",
		Description: "User of the firewall.",
		text:        func(c *Config) *string { return &c.FirewallUser },
	},
	{
		Name: "FirewallPassword", Label: "Firewall Password", Type: StringProperty, Category: categoryNetwork,
		Needs: "FirewallType=TUNNEL,SOCKS5", Sensitive: true,
		Description: "Password of FirewallUser. It can be read on the way to the firewall.",
		text:        func(c *Config) *string { return &c.FirewallPassword },
	},
	{
		Name: "SSLServerCert", Label: "SSL Server Cert", Type: StringProperty, Category: categoryNetwork, multiline: true,
		Description: "Certificate that the host of BaseURL must show, in place of any that this machine trusts: it or its CA's as PEM, as the " +
			"path of a PEM or DER file, or as a SHA-256 or SHA-1 fingerprint, with or without colons. Other hosts, to which Bitbucket may " +
			"redirect, may show it too.",
		text: func(c *Config) *string { return &c.SSLServerCert },
	},
}

const signInBeside = "is not supported: run a proxy on this machine that signs in to it (cntlm or px, for instance), and set ProxyServer to that"
