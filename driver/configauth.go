package driver

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// AuthScheme is a way to authenticate with Bitbucket Cloud.
type AuthScheme string

// The ways to authenticate (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication).
const (
	// OAuth acts for a user who lets an OAuth 2.0 consumer in: Config.InitiateOAuth says where its tokens come from.
	OAuth AuthScheme = "OAuth"
	// OAuthClient acts for a private OAuth consumer itself, by Config.OAuthClientId and Config.OAuthClientSecret.
	OAuthClient AuthScheme = "OAuthClient"
	// APIToken sends Config.User and Config.APIToken, an Atlassian account's e-mail address and API token.
	APIToken AuthScheme = "APIToken"
	// AccessToken sends Config.AccessToken, the access token of a repository, project or workspace.
	AccessToken AuthScheme = "AccessToken"
	// None sends no credential: public data, at 60 requests an hour for all of an address.
	None AuthScheme = "None"
)

// InitiateOAuth says who gets and renews OAuth tokens.
type InitiateOAuth string

// The ways to come by OAuth tokens (https://cdn.cdata.com/help/FGM/py/RSBGitHub_p_InitiateOAuth.htm).
const (
	InitiateOff           InitiateOAuth = "OFF"           // the user, who gives Config.OAuthAccessToken
	InitiateRefresh       InitiateOAuth = "REFRESH"       // the user gets the first ones, the driver renews them
	InitiateGetAndRefresh InitiateOAuth = "GETANDREFRESH" // the driver, which may open the browser
)

// normalizeAuth chooses the scheme where none is given, and checks that the scheme has what it needs.
func (c *Config) normalizeAuth() []Fault {
	if c.InitiateOAuth == "" {
		c.InitiateOAuth = InitiateOff
	}
	faults := c.normalizeOAuthURLs()
	if c.AuthScheme == "" {
		scheme, problem := c.impliedScheme()
		if scheme == "" {
			return append(faults, problem)
		}
		c.AuthScheme = scheme
	}
	switch c.AuthScheme {
	case OAuth, OAuthClient:
		faults = append(faults, c.checkOAuth()...)
	case APIToken:
		if c.User == "" {
			faults = append(faults, Fault{"User", "AuthScheme APIToken needs it, set it to the e-mail address of the Atlassian account"})
		} else if strings.Contains(c.User, ":") {
			faults = append(faults, Fault{"User", "must not contain a colon, the API token has a property of its own"})
		}
		if c.APIToken == "" {
			faults = append(faults, Fault{"APIToken", "AuthScheme APIToken needs it, set it to an API token with Bitbucket scopes"})
		}
	case AccessToken:
		if c.AccessToken == "" {
			faults = append(faults, Fault{"AccessToken", "AuthScheme AccessToken needs it, set it to the access token of a repository, project or workspace"})
		}
	case None:
	}
	return faults
}

// Scheme is AuthScheme or, where that is empty, the scheme that the secrets are for; empty if they do not tell.
func (c *Config) Scheme() AuthScheme {
	if c.AuthScheme != "" {
		return c.AuthScheme
	}
	scheme, _ := c.impliedScheme()
	return scheme
}

// impliedScheme is the scheme that the secrets are for; empty if they do not tell.
func (c *Config) impliedScheme() (AuthScheme, Fault) {
	var schemes []string
	if c.InitiateOAuth != InitiateOff || c.OAuthAccessToken+c.OAuthRefreshToken+c.OAuthVerifier+c.OAuthClientId+c.OAuthClientSecret != "" {
		schemes = append(schemes, string(OAuth))
	}
	if c.APIToken != "" {
		schemes = append(schemes, string(APIToken))
	}
	if c.AccessToken != "" {
		schemes = append(schemes, string(AccessToken))
	}
	switch {
	case len(schemes) > 1:
		return "", Fault{"AuthScheme", "secrets for " + strings.Join(schemes, " and ") + " are given, set AuthScheme to say which to use"}
	case len(schemes) == 1:
		return AuthScheme(schemes[0]), Fault{}
	case c.User != "":
		return APIToken, Fault{}
	}
	return "", Fault{"OAuthAccessToken", "no credentials are given: set OAuthAccessToken, or User and APIToken, or AccessToken, " +
		"or InitiateOAuth to sign in, or AuthScheme=None for public data"}
}

// checkOAuth reports what the schemes of an OAuth consumer lack.
func (c *Config) checkOAuth() []Fault {
	var faults []Fault
	missing := func(property, format string, args ...any) {
		faults = append(faults, Fault{property, fmt.Sprintf(format, args...)})
	}
	const key, secret = "set it to the key of the OAuth consumer", "set it to the secret of the OAuth consumer"
	kept := c.InitiateOAuth != InitiateOff
	switch {
	case c.AuthScheme == OAuthClient && !kept:
		if c.OAuthClientId == "" {
			missing("OAuthClientId", "AuthScheme OAuthClient needs it, %s", key)
		}
		if c.OAuthClientSecret == "" {
			missing("OAuthClientSecret", "AuthScheme OAuthClient needs it, %s", secret)
		}
	case !kept:
		// With a consumer the procedures can get a token, so that a connection without one has its use.
		if c.OAuthAccessToken == "" && c.OAuthClientId == "" {
			missing("OAuthAccessToken", "AuthScheme OAuth needs it, set it to an access token of an OAuth consumer; or set InitiateOAuth to "+
				"REFRESH or GETANDREFRESH, and the driver gets one")
		}
	case c.OAuthClientId == "" && c.OAuthClientSecret != "":
		missing("OAuthClientId", "OAuthClientSecret is given without it, %s", key)
	case c.OAuthClientId != "" && c.OAuthClientSecret == "":
		missing("OAuthClientSecret", "OAuthClientId is given without it, %s", secret)
	}
	if _, ok := c.tokenTime(); !ok {
		missing("OAuthTokenTimestamp", "must be a number of milliseconds since 1970")
	}
	if c.AuthScheme == OAuth && c.InitiateOAuth == InitiateGetAndRefresh {
		if u, err := url.Parse(c.CallbackURL); err == nil && u.Hostname() != "" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
			missing("CallbackURL", "InitiateOAuth GETANDREFRESH listens there, so that it must begin with http://localhost: or http://127.0.0.1:")
		}
	}
	return faults
}

// normalizeOAuthURLs fills in the addresses that are not given and checks them.
func (c *Config) normalizeOAuthURLs() []Fault {
	var faults []Fault
	for _, u := range []struct {
		name   string
		value  *string
		secret bool // secrets travel there
	}{
		{"CallbackURL", &c.CallbackURL, false},
		{"OAuthAuthorizationURL", &c.OAuthAuthorizationURL, false},
		{"OAuthAccessTokenURL", &c.OAuthAccessTokenURL, true},
	} {
		if *u.value == "" {
			p, _ := findProperty(u.name)
			*u.value = p.Default
		}
		if problem := checkOAuthURL(*u.value, u.secret); problem != "" {
			faults = append(faults, Fault{u.name, problem})
		}
	}
	return faults
}

func checkOAuthURL(text string, secret bool) (problem string) {
	u, err := url.Parse(text)
	switch {
	case err != nil: // not shown: it repeats the URL
		return "is not a URL"
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		return "must begin with https:// or http:// and a host"
	case u.User != nil:
		return "must not contain a user or password"
	case u.Fragment != "":
		return "must not contain #"
	case secret && u.Scheme == "http" && !isLoopback(u.Hostname()):
		return fmt.Sprintf("http to %s would send the secret in clear text, use https", u.Hostname())
	}
	return ""
}

// tokenTime reads OAuthTokenTimestamp; without one it is the zero time.
func (c *Config) tokenTime() (t time.Time, ok bool) {
	if c.OAuthTokenTimestamp == "" {
		return time.Time{}, true
	}
	ms, err := strconv.ParseInt(c.OAuthTokenTimestamp, 10, 64)
	if err != nil || ms < 0 {
		return time.Time{}, false
	}
	return time.UnixMilli(ms), true
}
