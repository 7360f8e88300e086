package driver

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// scanThrough reads all pull requests in pages of ten, and does something once it has read a hundred.
func scanThrough(t *testing.T, db *sql.DB, then func()) (n int, err error) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT Id FROM platform.PullRequests")
	if err != nil {
		return 0, err
	}
	for ; rows.Next(); n++ {
		if n == 100 {
			then()
		}
	}
	return n, errors.Join(rows.Err(), rows.Close())
}

// signedIn is a data source that a user has signed in for.
func (f *oauthFake) signedIn(t *testing.T) *sql.DB {
	t.Helper()
	off := f.open(t, "")
	_, refresh, _ := f.tokens(t, off, "EXEC GetOAuthAccessToken @Verifier=?", f.verifier(t, off))
	return f.open(t, "InitiateOAuth=REFRESH;Pagesize=10;OAuthSettingsLocation="+newMemory()+";OAuthRefreshToken="+refresh)
}

// What happens to a user's token in the middle of a scan: one that dies is renewed once for all requests under way, and one
// that was revoked ends the scan with an error that says how to sign in again.
func TestUserTokenInScan(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{PullRequests: 400})
	db := f.signedIn(t)
	before := f.OAuthStats()
	if n, err := scanThrough(t, db, f.ExpireAccessTokens); err != nil || n != 400 {
		t.Errorf("an expired token: %d rows, %v", n, err)
	}
	// One renewal is that of the refresh token which the connection begins with.
	if s := f.OAuthStats(); s.Refreshed != before.Refreshed+2 || s.Expired == 0 || s.Reused != 0 || s.Refused != 0 {
		t.Errorf("%+v", s)
	}
	n, err := scanThrough(t, db, f.RevokeAll)
	var over *SignInError
	if n >= 400 || !errors.As(err, &over) || !errors.Is(err, ErrUnauthorized) {
		t.Errorf("a revoked grant: %d rows, %v", n, err)
	}
	for _, want := range []string{"sign in again", "GETANDREFRESH", "GetOAuthAuthorizationURL"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a revoked grant does not mention %s: %v", want, err)
		}
	}
	f.checkError(t, err)
}

// A token that nobody renews ends the scan, too, and never with a part of the rows.
func TestFixedTokenInScan(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{PullRequests: 400})
	off := f.open(t, "")
	access, _, _ := f.tokens(t, off, "EXEC GetOAuthAccessToken @Verifier=?", f.verifier(t, off))
	n, err := scanThrough(t, f.open(t, "Pagesize=10;OAuthAccessToken="+access), f.ExpireAccessTokens)
	var answer *APIError
	if n >= 400 || !errors.Is(err, ErrUnauthorized) || !errors.As(err, &answer) || !strings.Contains(err.Error(), "InitiateOAuth=REFRESH") {
		t.Errorf("%d rows, %v", n, err)
	}
	f.checkError(t, err)
}

// A token endpoint that never answers ends the statement after Timeout, with an error that does not blame Bitbucket's API.
func TestTokenEndpointHangs(t *testing.T) {
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	defer server.Close()
	defer close(over)
	db := openDSN(t, "Workspace=acme;BaseURL=http://127.0.0.1:1;OAuthClientId=a;OAuthClientSecret=hush;Timeout=1;OAuthAccessTokenURL="+server.URL+
		";InitiateOAuth=REFRESH;OAuthRefreshToken=hush;OAuthSettingsLocation="+newMemory())
	var late *TimeoutError
	var unreachable *UnreachableError
	// Both limits are those of Timeout, so that either may be met first.
	err := queryAll(t, db, "SELECT Slug FROM Repositories")
	if waited := errors.As(err, &late) && errors.Is(err, errRenewing); !waited && !errors.As(err, &unreachable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a query: %v", err)
	}
	if _, err := db.ExecContext(t.Context(), "EXEC GetOAuthAccessToken @Verifier='hush'"); !errors.As(err, &unreachable) {
		t.Errorf("a procedure: %v", err)
	}
}

// Clocks differ: what counts is expires_in from when it was asked for, and the answer of Bitbucket.
func TestClockSkew(t *testing.T) {
	for _, skew := range []time.Duration{-30 * 24 * time.Hour, -time.Hour, time.Hour, 24 * time.Hour} {
		f := startOAuth(t, bitbucketfake.Config{})
		f.SetClockSkew(skew)
		db := f.signedIn(t)
		for range 3 {
			countRepositories(t, db)
		}
		if s := f.OAuthStats(); s.Refreshed != 1 || s.Expired != 0 {
			t.Errorf("clock off by %v: %+v", skew, s)
		}
		f.SetClockSkew(skew + 2*time.Hour) // the token dies by the server's clock alone
		for range 3 {
			countRepositories(t, db)
		}
		if s := f.OAuthStats(); s.Refreshed != 2 || s.Expired == 0 || s.Reused != 0 {
			t.Errorf("clock off by %v, then by two hours more: %+v", skew, s)
		}
	}
}
