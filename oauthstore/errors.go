package oauthstore

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/privatefile"
)

// howToSignIn ends the message of every error that only a new sign-in mends.
const howToSignIn = "sign in again: " + waysToSignIn

const waysToSignIn = "connect with InitiateOAuth=GETANDREFRESH, run \"bitbucketsql login\", or use the procedures " +
	"GetOAuthAuthorizationURL and GetOAuthAccessToken"

// TokenError is a refusal by the token endpoint (RFC 6749, section 5.2).
type TokenError struct {
	Code        string // error, such as "invalid_grant"
	Description string // error_description
	URI         string // error_uri
	Status      int    // HTTP status
}

func (e *TokenError) Error() string {
	s := fmt.Sprintf("the token endpoint refused: %s (HTTP %d)", e.Code, e.Status) + details(e.Description, e.URI)
	switch e.Code {
	case "invalid_client", "unauthorized_client":
		s += "; check OAuthClientId and OAuthClientSecret, and for client credentials that the consumer is private"
	}
	return s
}

func details(description, uri string) string {
	s := ""
	if description = strings.TrimRight(description, ". "); description != "" { // a sentence, but here it is followed by more
		s += ": " + description
	}
	if uri != "" {
		s += ", see " + uri
	}
	return s
}

// notSignedIn is the Reason of a SignInError where there has been no sign-in.
const notSignedIn = "nobody has signed in yet"

// SignInError says that no token can be had without the user: the grant was revoked or has expired (Err is then the
// *TokenError), or there is no refresh token.
type SignInError struct {
	Reason string
	Err    error
}

func (e *SignInError) Error() string {
	s := e.Reason
	if s == notSignedIn {
		return s + "; sign in: " + waysToSignIn
	}
	if e.Err != nil {
		s += " (" + e.Err.Error() + ")"
	}
	return s + "; " + howToSignIn
}

func (e *SignInError) Unwrap() error { return e.Err }

// VerifierError says that the code of an authorization (OAuthVerifier) has expired, was used before, or belongs to another
// consumer or callback URL. Err is the *TokenError.
type VerifierError struct{ Err error }

func (e *VerifierError) Error() string {
	return "the verifier (the code of the authorization) has expired, was used already, or belongs to another consumer or callback URL; " +
		"open the authorization URL again and use the new code: " + e.Err.Error()
}

func (e *VerifierError) Unwrap() error { return e.Err }

// StateError says that a redirect didn't carry the state that was sent: it isn't the answer to this authorization.
type StateError struct{}

func (e *StateError) Error() string {
	return "the redirect has another state than this authorization sent, so it is not its answer; start the sign-in again"
}

// UnreachableError says that the token endpoint couldn't be asked.
type UnreachableError struct {
	URL string // without query and user
	Err error
}

func (e *UnreachableError) Error() string {
	return "the token endpoint " + e.URL + " cannot be reached (check the network and the proxy properties): " + e.Err.Error()
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// AnswerError says that the answer of the token endpoint isn't one: not JSON, cut off, or without an access token.
type AnswerError struct {
	URL    string // without query and user
	Status int    // HTTP status, 0 when it was a success
	Reason string
}

func (e *AnswerError) Error() string {
	s := "the answer of the token endpoint " + e.URL + " cannot be used: " + e.Reason
	if e.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	return s + "; check OAuthAccessTokenURL and whether a proxy answers in its place"
}

// DeniedError says that the authorization ended without a code (RFC 6749, section 4.1.2.1). Code is "access_denied" when the
// user refused.
type DeniedError struct{ Code, Description, URI string }

func (e *DeniedError) Error() string {
	if e.Code == "access_denied" {
		return "access was denied in the browser" + details(e.Description, e.URI) + "; sign in again and grant it"
	}
	return "the authorization failed: " + e.Code + details(e.Description, e.URI)
}

// CallbackError says that nothing can listen on the callback URL.
type CallbackError struct{ URL, Reason string }

func (e *CallbackError) Error() string {
	return "cannot sign in with CallbackURL " + e.URL + ": " + e.Reason
}

// PortError says that the port of the callback URL is taken, or may not be used.
type PortError struct {
	Address string
	Err     error
}

func (e *PortError) Error() string {
	return "cannot listen on " + e.Address + " for the answer of the browser; end the program that uses the port, or register another " +
		"callback URL at the OAuth consumer and set CallbackURL to it: " + e.Err.Error()
}

func (e *PortError) Unwrap() error { return e.Err }

// TimeoutError says that the browser brought no answer in time.
type TimeoutError struct{ After time.Duration }

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("nobody finished the sign-in in the browser within %v; start it again, or sign in without a browser "+
		"(\"bitbucketsql login --headless\", or OAuthVerifier)", e.After)
}

// Timeout is true, as in net.Error.
func (e *TimeoutError) Timeout() bool { return true }

// BrowserError says that no browser could be opened. URL is what it should have shown.
type BrowserError struct {
	URL string
	Err error
}

func (e *BrowserError) Error() string {
	return "no browser could be opened for the sign-in; sign in without one (\"bitbucketsql login --headless\", or OAuthVerifier): " + e.Err.Error()
}

func (e *BrowserError) Unwrap() error { return e.Err }

// SaveError says that new tokens, of a renewal or a sign-in, couldn't be saved. The new ones stay in the memory of this process;
// others, and later ones, will find only the old refresh token, which Bitbucket accepts for some minutes more at best.
type SaveError struct{ Err error }

func (e *SaveError) Error() string {
	return "the new OAuth tokens cannot be saved, so they serve this process only and the next one may have to sign in again: " + e.Err.Error()
}

func (e *SaveError) Unwrap() error { return e.Err }

// ClientError says that the saved settings are those of another OAuth consumer than the connection's.
type ClientError struct{ Saved, Given string } // client ids

func (e *ClientError) Error() string {
	return "the saved OAuth settings are of the consumer " + e.Saved + ", the connection names " + e.Given +
		"; set another OAuthSettingsLocation, or sign out first (\"bitbucketsql logout\")"
}

// Problem is what is wrong with a settings file or its key.
type Problem = privatefile.Problem

// Problems of settings files.
const (
	Corrupt      = privatefile.Corrupt
	NewerVersion = privatefile.NewerVersion
	ForeignOwner = privatefile.ForeignOwner
	TooOpen      = privatefile.TooOpen
	ReadOnly     = privatefile.ReadOnly
	NotAFile     = privatefile.NotAFile
	KeyMissing   = privatefile.KeyMissing
	Unavailable  = privatefile.Unavailable
)

// FileError says why a settings file or its key cannot be used. Such a file is never overwritten.
type FileError = privatefile.Error
