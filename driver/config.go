package driver

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Config is what a connection is made from. Make one with [NewConfig] or [ParseDSN]: the zero values of some fields are
// not their defaults. Each field is the connection property of the same name; [Properties] describes them.
type Config struct {
	Workspace string // slug of the workspace, or its UUID
	Schema    string // default schema of unqualified table names
	Profile   string // connection profile that gives what has its default here
	BaseURL   string // root of the REST API

	BrowsableSchemas string // schemas that metadata lists, separated by commas; empty means all
	Tables           string // tables that metadata lists
	Views            string // views that metadata lists

	AuthScheme  AuthScheme // empty: it follows from the secret that is set
	User        string     // e-mail address, for APIToken
	APIToken    string     // secret of APIToken
	AccessToken string     // secret of AccessToken

	InitiateOAuth         InitiateOAuth // who gets and renews the tokens
	OAuthClientId         string        // key of the consumer
	OAuthClientSecret     string        // secret of the consumer
	OAuthAccessToken      string        // secret of OAuth
	OAuthRefreshToken     string        // secret that renews it
	OAuthExpiresIn        time.Duration // how long the access token lives; 0 means that it is not known
	OAuthTokenTimestamp   string        // when it was made, in milliseconds since 1970; empty means now
	OAuthVerifier         string        // code of a sign-in, to be exchanged for tokens
	OAuthSettingsLocation string        // path of the settings file, or memory://name
	CallbackURL           string        // where the browser goes after the sign-in
	Scope                 string        // scopes, separated by spaces; empty means all of the consumer
	OAuthAuthorizationURL string        // page of the sign-in
	OAuthAccessTokenURL   string        // endpoint that makes tokens

	ProxyAutoDetect  bool   // take the proxy from the environment
	ProxyServer      string // host of an HTTP proxy
	ProxyPort        int
	ProxyAuthScheme  string // BASIC or NONE
	ProxyUser        string
	ProxyPassword    string // secret of ProxyUser
	ProxySSLType     string // AUTO, ALWAYS, NEVER or TUNNEL
	ProxyExceptions  string // hosts reached without it, separated by semicolons
	FirewallType     string // NONE, TUNNEL, SOCKS4 or SOCKS5
	FirewallServer   string
	FirewallPort     int // 0 means that of the type
	FirewallUser     string
	FirewallPassword string // secret of FirewallUser
	SSLServerCert    string // PEM, path or fingerprint

	Timeout     time.Duration // of one request; 0 means none
	MaxRows     int           // rows of a query; -1 means all
	MaxRequests int           // requests of a statement; 0 means no limit
	Pagesize    int           // rows of a page; 0 means as many as the endpoint allows
	MaxInFlight int           // requests at the same time
	ReadOnly    bool          // refuse what could change something
	PushDown    bool          // let Bitbucket filter, sort and limit

	CommitDateOrder string // None or Assume

	IncludeDeleted bool   // show deleted rows, too
	PseudoColumns  string // inputs to show as columns, which they are anyway

	UserDefinedViews    string // path of the file of views; empty means none
	UserViewsSchemaName string // schema of the views

	Logfile   string // path; empty means no log
	Verbosity int    // 1 to 5

	profileRead string // the Profile whose properties are in here already
}

// NewConfig returns a Config with the default of every property.
func NewConfig() *Config {
	c := new(Config)
	for i := range properties {
		if problem := properties[i].set(c, ""); problem != "" {
			panic("default of " + properties[i].Name + ": " + problem)
		}
	}
	return c
}

// Clone returns a copy.
func (c *Config) Clone() *Config {
	clone := *c
	return &clone
}

// Set reads a property's value from text, as a connection string would. The empty text means the default. The error is a
// [*ConfigError].
func (c *Config) Set(name, value string) error {
	p, ok := findProperty(name)
	if !ok {
		return configError([]Fault{unknownProperty(name)})
	}
	changed := c.Clone()
	problem := p.set(changed, value)
	if problem == "" {
		problem = p.check(changed)
	}
	if problem != "" {
		return configError([]Fault{{p.Name, problem}})
	}
	*c = *changed
	return nil
}

// Get returns a property's value as text, secrets included, and whether there is a property of that name.
func (c *Config) Get(name string) (value string, ok bool) {
	p, ok := findProperty(name)
	if !ok {
		return "", false
	}
	return p.get(c), true
}

// Validate reports everything that keeps c from being connected with, as a [*ConfigError].
func (c *Config) Validate() error { return c.Clone().settle() }

// normalize fills in what follows from other properties, brings values to one spelling and reports every fault.
func (c *Config) normalize() []Fault {
	var faults []Fault
	fault := func(property, format string, args ...any) {
		faults = append(faults, Fault{property, fmt.Sprintf(format, args...)})
	}
	for i := range properties {
		if problem := properties[i].check(c); problem != "" {
			fault(properties[i].Name, "%s", problem)
		}
	}
	if c.MaxRows == 0 {
		fault("MaxRows", "0 would return nothing, -1 means no limit (start from NewConfig rather than from an empty Config)")
	}
	if c.Schema == "" {
		c.Schema = "Information"
	}
	if isUUID(c.Workspace) {
		c.Workspace = "{" + c.Workspace + "}" // the API wants the braces, which a connection string takes for quotes
	}
	if strings.ContainsAny(c.Workspace, "/?#% ") {
		fault("Workspace", "must be the slug of a workspace or its UUID, not a URL or a name with spaces")
	}
	if c.UserViewsSchemaName == "" {
		c.UserViewsSchemaName = defaultViewsSchema
	}
	if problem := checkViewsSchema(c.UserViewsSchemaName); problem != "" {
		fault("UserViewsSchemaName", "%s", problem)
	}
	for _, problem := range checkPseudoColumns(c.PseudoColumns) {
		fault("PseudoColumns", "%s", problem)
	}
	if problem := c.normalizeBaseURL(); problem != "" {
		fault("BaseURL", "%s", problem)
	}
	faults = append(faults, c.checkNetwork()...)
	return append(faults, c.normalizeAuth()...)
}

func (c *Config) normalizeBaseURL() (problem string) {
	if c.BaseURL == "" {
		c.BaseURL = "https://api.bitbucket.org/2.0"
	}
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil: // not shown: it repeats the URL, which may hold a password
		return "is not a URL"
	case u.User != nil:
		return "must not contain a user or password, they have properties of their own"
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		return "must begin with https:// and a host"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(c.BaseURL, "#"):
		return "must not contain ? or #"
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return fmt.Sprintf("http to %s would send the secret in clear text, use https", u.Hostname())
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return ""
}

// mask stands for a secret that is set.
const mask = "***"

// String is the connection string with every secret masked. It is for reading, not for connecting.
func (c Config) String() string {
	for i := range properties {
		p := &properties[i]
		switch value := p.get(&c); {
		case p.Sensitive && value != "":
			*p.text(&c) = mask
		case len(p.Values) > 0 && !slices.Contains(p.Values, value) && !looksLikeName(value): // a secret in the wrong place
			*p.text(&c) = mask
		}
	}
	// Validate refuses secrets in these places, but a Config can be printed before.
	if at := strings.LastIndexByte(c.BaseURL, '@'); at >= 0 {
		c.BaseURL = mask + c.BaseURL[at:]
	}
	if query := strings.IndexAny(c.BaseURL, "?#"); query >= 0 {
		c.BaseURL = c.BaseURL[:query+1] + mask
	}
	for _, server := range []*string{&c.ProxyServer, &c.FirewallServer, &c.CallbackURL, &c.OAuthAuthorizationURL, &c.OAuthAccessTokenURL} {
		if at := strings.LastIndexByte(*server, '@'); at >= 0 {
			*server = mask + (*server)[at:]
		}
		if query := strings.IndexByte(*server, '?'); query >= 0 {
			*server = (*server)[:query+1] + mask
		}
	}
	if colon := strings.IndexByte(c.User, ':'); colon >= 0 {
		c.User = c.User[:colon+1] + mask
	}
	return c.FormatDSN()
}

// GoString keeps secrets out of %#v.
func (c Config) GoString() string { return fmt.Sprintf("driver.Config(%q)", c.String()) }

// Format keeps secrets out of what fmt prints with the other verbs, some of which go through the fields.
func (c Config) Format(f fmt.State, verb rune) {
	text := c.String()
	if verb == 'v' && f.Flag('#') {
		text = c.GoString()
	}
	_, _ = io.WriteString(f, text)
}

// MarshalJSON is String as a JSON text, so that a Config inside a logged structure shows no secret. Use [Config.FormatDSN] to keep one.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// LogValue keeps secrets out of structured logs.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// isUUID tells whether s is a UUID without braces.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !strings.ContainsRune("0123456789abcdefABCDEF", rune(s[i])) {
				return false
			}
		}
	}
	return true
}
