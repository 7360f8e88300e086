package driver

import "time"

const categoryOAuth = "OAuth"

// oauthProperties are those of the OAuth 2.0 consumer and its tokens, with the names and meanings that CData's products
// give them (https://cdn.cdata.com/help/KJK/jdbc/pg_connectionj.htm).
var oauthProperties = []Property{
	{
		Name: "InitiateOAuth", Label: "Initiate OAuth", Type: StringProperty, Category: categoryOAuth, Default: string(InitiateOff),
		Values: []string{string(InitiateOff), string(InitiateRefresh), string(InitiateGetAndRefresh)}, Needs: "AuthScheme=OAuth,OAuthClient",
		Description: "Who gets and renews the OAuth tokens. OFF: you do, and give OAuthAccessToken. REFRESH: you give the first tokens " +
			"(OAuthRefreshToken, or OAuthVerifier, or a settings file) and the driver renews them; it never asks anyone. GETANDREFRESH: the " +
			"driver also opens the browser on this machine when there is no token that can be used. With either the tokens are kept " +
			"in OAuthSettingsLocation.",
		text: func(c *Config) *string { return (*string)(&c.InitiateOAuth) },
	},
	{
		Name: "OAuthClientId", Label: "OAuth Client Id", Type: StringProperty, Category: categoryOAuth, Needs: "AuthScheme=OAuth,OAuthClient",
		Description: "Key of the OAuth consumer, made in the workspace's settings under OAuth consumers. The settings file remembers it.",
		text:        func(c *Config) *string { return &c.OAuthClientId },
	},
	{
		Name: "OAuthClientSecret", Label: "OAuth Client Secret", Type: StringProperty, Category: categoryOAuth,
		Needs: "AuthScheme=OAuth,OAuthClient", Sensitive: true,
		Description: "Secret of the OAuth consumer. The settings file remembers it.",
		text:        func(c *Config) *string { return &c.OAuthClientSecret },
	},
	{
		Name: "OAuthAccessToken", Label: "OAuth Access Token", Type: StringProperty, Category: categoryOAuth,
		Needs: "InitiateOAuth=OFF,REFRESH", Sensitive: true,
		Description: "Access token of an OAuth 2.0 consumer. Bitbucket's live for one hour.",
		text:        func(c *Config) *string { return &c.OAuthAccessToken },
	},
	{
		Name: "OAuthRefreshToken", Label: "OAuth Refresh Token", Type: StringProperty, Category: categoryOAuth,
		Needs: "InitiateOAuth=REFRESH,GETANDREFRESH", Sensitive: true,
		Description: "Refresh token to begin with. Each use replaces it, so that the one in the settings file wins once there is one.",
		text:        func(c *Config) *string { return &c.OAuthRefreshToken },
	},
	{
		Name: "OAuthExpiresIn", Label: "OAuth Expires In", Type: SecondsProperty, Category: categoryOAuth, Default: "0",
		Needs:       "InitiateOAuth=REFRESH,GETANDREFRESH",
		Description: "Seconds that OAuthAccessToken lives, from OAuthTokenTimestamp on. 0 means that it is not known: it is used until Bitbucket refuses it.",
		seconds:     func(c *Config) *time.Duration { return &c.OAuthExpiresIn },
	},
	{
		Name: "OAuthTokenTimestamp", Label: "OAuth Token Timestamp", Type: StringProperty, Category: categoryOAuth,
		Needs:       "InitiateOAuth=REFRESH,GETANDREFRESH",
		Description: "When OAuthAccessToken was made, in milliseconds since 1970. Empty means now.",
		text:        func(c *Config) *string { return &c.OAuthTokenTimestamp },
	},
	{
		Name: "OAuthVerifier", Label: "OAuth Verifier", Type: StringProperty, Category: categoryOAuth,
		Needs: "InitiateOAuth=REFRESH,GETANDREFRESH", Sensitive: true,
		Description: "Code of a sign-in in a browser elsewhere, or the whole address that the browser ended at. The first request exchanges it for " +
			"tokens, which go to OAuthSettingsLocation; after that it is not used, and can be left out.",
		text: func(c *Config) *string { return &c.OAuthVerifier },
	},
	{
		Name: "OAuthSettingsLocation", Label: "OAuth Settings Location", Type: StringProperty, Category: categoryOAuth,
		Needs: "InitiateOAuth=REFRESH,GETANDREFRESH",
		Description: "File that keeps the tokens and the consumer, encrypted, for this and later connections of all programs, or memory://name for " +
			"this process alone. By default bitbucketsql/OAuthSettings.json in the user's configuration directory.",
		text: func(c *Config) *string { return &c.OAuthSettingsLocation },
	},
	{
		Name: "CallbackURL", Label: "Callback URL", Type: StringProperty, Category: categoryOAuth, Default: "http://localhost:33333",
		Needs: "AuthScheme=OAuth",
		Description: "Where Bitbucket sends the browser after the sign-in: the callback URL of the OAuth consumer. With GETANDREFRESH the driver listens " +
			"there.",
		text: func(c *Config) *string { return &c.CallbackURL },
	},
	{
		Name: "Scope", Label: "Scope", Type: StringProperty, Category: categoryOAuth, Needs: "AuthScheme=OAuth,OAuthClient",
		Description: "Scopes to ask for, separated by spaces, such as \"repository pullrequest\". They can only narrow those of the consumer, which " +
			"are asked for by default.",
		text: func(c *Config) *string { return &c.Scope },
	},
	{
		Name: "OAuthAuthorizationURL", Label: "OAuth Authorization URL", Type: StringProperty, Category: categoryOAuth,
		Default: "https://bitbucket.org/site/oauth2/authorize", Needs: "AuthScheme=OAuth",
		Description: "Page at which a user lets the consumer in, for a proxy or a test server.",
		text:        func(c *Config) *string { return &c.OAuthAuthorizationURL },
	},
	{
		Name: "OAuthAccessTokenURL", Label: "OAuth Access Token URL", Type: StringProperty, Category: categoryOAuth,
		Default: "https://bitbucket.org/site/oauth2/access_token", Needs: "AuthScheme=OAuth,OAuthClient",
		Description: "Endpoint that makes and renews tokens, for a proxy or a test server. Plain http is allowed to this machine only.",
		text:        func(c *Config) *string { return &c.OAuthAccessTokenURL },
	},
}
