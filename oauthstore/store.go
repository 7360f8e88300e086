// Package oauthstore keeps the OAuth tokens of Bitbucket at rest and hands them to the driver as token sources.
//
// Bitbucket's access tokens live for one hour and its refresh tokens are replaced at every use
// (https://developer.atlassian.com/cloud/bitbucket/oauth-2/), so whoever refreshes a token must write down the new one
// before using it. That file has one place for all programs of a user: [DefaultLocation].
//
// So far the package serves a token that the caller brings ([Static]); the flows that make and renew tokens will be
// further sources here.
package oauthstore

import (
	"path/filepath"

	"github.com/adrg/xdg"
	"golang.org/x/oauth2"
)

// DefaultLocation is the path of the OAuth settings file when a connection names none:
// bitbucketsql/OAuthSettings.json in the user's configuration directory ($XDG_CONFIG_HOME, by default ~/.config; on
// macOS ~/Library/Application Support; on Windows %LOCALAPPDATA%). Neither the file nor its directory need exist.
func DefaultLocation() string {
	return filepath.Join(xdg.ConfigHome, "bitbucketsql", "OAuthSettings.json")
}

// Static returns a source of the one access token given. It never refreshes: when Bitbucket answers 401 the caller must
// connect with a new token.
func Static(accessToken string) oauth2.TokenSource {
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: accessToken, TokenType: "Bearer"})
}
