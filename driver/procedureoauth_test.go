package driver

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/oauthstore"
)

// contextSoon is a context for what must fail without waiting for an hour.
func contextSoon(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), 30*time.Second)
}

// resultOf runs a procedure that returns one row, by its columns.
func resultOf(t *testing.T, db *sql.DB, text string, args ...any) (columns []string, row []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	if columns, err = rows.Columns(); err != nil || !rows.Next() {
		t.Fatalf("%s: no row, %v", text, errors.Join(err, rows.Err()))
	}
	values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	if err := rows.Scan(into...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if rows.Next() || rows.Err() != nil {
		t.Errorf("%s: more than a row, %v", text, rows.Err())
	}
	for _, v := range values {
		row = append(row, v.String)
	}
	return columns, row
}

// The procedures return the columns of CData's, whichever way the tokens are made.
func TestTokenResults(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	db := f.open(t, "", f.browser("allow"))
	want := []string{"OAuthAccessToken", "OAuthRefreshToken", "ExpiresIn"}
	var refresh string
	for _, call := range []struct {
		text string
		args []any
	}{
		{"EXEC GetOAuthAccessToken", nil}, // AuthMode APP: the browser of this machine
		{"EXEC GetOAuthAccessToken @AuthMode='WEB', @CallbackUrl=?, @Verifier=?", []any{f.callback, f.verifier(t, db)}},
		{"CALL GetOAuthAccessToken('web', NULL, ?)", []any{f.verifier(t, db)}},
		{"EXECUTE getoauthaccesstoken verifier=?", []any{f.verifier(t, db)}},
	} {
		columns, row := resultOf(t, db, call.text, call.args...)
		f.secret(row[0], row[1])
		if !slices.Equal(columns, want) || row[0] == "" || row[1] == "" || row[2] != "3600" {
			t.Errorf("%s returns %v, of which %d are empty; ExpiresIn %s", call.text, columns, strings.Count(strings.Join(row[:2], " "), " "), row[2])
		}
		refresh = row[1]
	}
	columns, row := resultOf(t, db, "EXEC RefreshOAuthAccessToken @OAuthRefreshToken=?", refresh)
	f.secret(row[0], row[1])
	if !slices.Equal(columns, want) || row[0] == "" || row[1] == "" || row[1] == refresh || row[2] != "3600" {
		t.Errorf("RefreshOAuthAccessToken returns %v, ExpiresIn %s", columns, row[2])
	}
	columns, row = resultOf(t, f.open(t, "AuthScheme=OAuthClient"), "EXEC GetOAuthAccessToken")
	f.secret(row[0])
	if !slices.Equal(columns, want) || row[0] == "" || row[1] != "" {
		t.Errorf("GetOAuthAccessToken of the consumer itself returns %v", columns)
	}
	columns, _ = resultOf(t, f.open(t, "OAuthAccessToken="+row[0]), "EXEC TestConnection")
	if want := []string{"AuthScheme", "UserUUID", "UserName", "Workspace", "Repositories", "TokenExpiresOn"}; !slices.Equal(columns, want) {
		t.Errorf("TestConnection returns %v", columns)
	}
	if f.opened.Load() != 1 {
		t.Errorf("the browser was opened %d times", f.opened.Load())
	}
}

// Scope and CallbackURL, as properties and as parameters, reach the page and the tokens.
func TestScopeAndCallback(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	for _, test := range []struct{ properties, parameters, callback, scope string }{
		{"", "", f.callback, ""},
		{"Scope='repository pullrequest'", "", f.callback, "repository pullrequest"},
		{"Scope=account;CallbackURL=" + f.callback + "/done?x=1", "", f.callback + "/done?x=1", "account"},
		{"Scope=account", " @Scope='repository', @CallbackUrl='" + f.callback + "/other'", f.callback + "/other", "repository"},
	} {
		dsn := f.OAuthDSN()
		if strings.Contains(test.properties, "CallbackURL") { // it may be given once
			dsn = strings.TrimSuffix(dsn, ";CallbackURL="+f.callback)
		}
		db := f.connect(t, dsn+";"+test.properties)
		var page string
		if err := db.QueryRowContext(t.Context(), "EXEC GetOAuthAuthorizationURL"+test.parameters).Scan(&page); err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(page)
		if err != nil {
			t.Fatal(err)
		}
		if q := u.Query(); q.Get("redirect_uri") != test.callback || q.Get("scope") != test.scope || q.Get("client_id") != "key1" || q.Get("response_type") != "code" {
			t.Errorf("%s%s: %v", test.properties, test.parameters, q)
		}
		to, err := f.press(page, "allow")
		if err != nil || !strings.HasPrefix(to, test.callback) {
			t.Errorf("%s%s: the browser ends elsewhere, %v", test.properties, test.parameters, err)
			continue
		}
		access, _, _ := f.tokens(t, db, "EXEC GetOAuthAccessToken @Verifier=?, @CallbackUrl=?", to, test.callback)
		err = queryAll(t, f.open(t, "OAuthAccessToken="+access), "SELECT count(*) FROM Repositories")
		if lacks := test.scope == "account"; lacks != errors.Is(err, ErrMissingScope) || !lacks && err != nil {
			t.Errorf("%s%s: a token with these scopes: %v", test.properties, test.parameters, err)
		}
	}
}

// What can go wrong with a code is told by type through database/sql.
func TestVerifierErrors(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{})
	db := f.open(t, "")
	exchange := func(verifier string, args ...any) error {
		_, err := db.ExecContext(t.Context(), "EXEC GetOAuthAccessToken @AuthMode='WEB', @Verifier=?, @State=?, @CallbackUrl=?", append([]any{verifier}, args...)...)
		if err == nil {
			t.Error("no error")
		}
		f.checkError(t, err)
		return err
	}
	good := f.verifier(t, db)
	var expired *VerifierError
	if err := exchange(good, nil, f.callback+"/other"); !errors.As(err, &expired) {
		t.Errorf("another callback: %v", err)
	}
	f.SetClockSkew(11 * time.Minute)
	var token *TokenError
	if err := exchange(good, nil, nil); !errors.As(err, &expired) || !errors.As(err, &token) || token.Code != "invalid_grant" || token.Status != 400 ||
		!strings.Contains(token.Description, "expired") {
		t.Errorf("an expired code: %v", err)
	}
	if err := exchange(f.callback+"?nothing=here", nil, nil); !errors.Is(err, ErrNoOAuthCode) {
		t.Errorf("no code: %v", err)
	}
	var denied *DeniedError
	if err := exchange(f.callback+"?error=access_denied&error_description=No", nil, nil); !errors.As(err, &denied) || denied.Code != "access_denied" {
		t.Errorf("a denial: %v", err)
	}
	var state *StateError
	if err := exchange(f.callback+"?code=hush&state=a", "b", nil); !errors.As(err, &state) {
		t.Errorf("another state: %v", err)
	}
	if s := f.OAuthStats(); s.Issued != 0 || s.Refused != 2 {
		t.Errorf("%+v", s)
	}
}

// While RefreshOAuthAccessToken spends the refresh token of the settings they tell of it, so that a process that is killed in the
// middle of that leaves them as a renewal of the driver's own does.
func TestRefreshByHandIsNoted(t *testing.T) {
	for name, test := range map[string]struct {
		status    int
		answer    string
		fails     bool
		stays     bool // the note
		refreshed string
	}{
		"renewed":    {http.StatusOK, `{"access_token":"hush-a2","refresh_token":"hush-r2","expires_in":3600}`, false, false, "hush-r2"},
		"refused":    {http.StatusBadRequest, `{"error":"invalid_grant"}`, true, false, "hush-r1"},
		"unanswered": {http.StatusBadGateway, `<html>`, true, true, "hush-r1"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "OAuthSettings.json")
			store, err := oauthstore.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Save(t.Context(), oauthstore.Settings{ClientID: "key1", ClientSecret: "hush-client", AccessToken: "hush-a1", RefreshToken: "hush-r1"}); err != nil {
				t.Fatal(err)
			}
			endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if s, err := store.Load(r.Context()); err != nil || s.Renewing.IsZero() || s.RefreshToken != "hush-r1" {
					t.Errorf("while it is spent: %v, renewing %v, %v", s, s.Renewing, err)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.answer)
			}))
			defer endpoint.Close()
			db, err := sql.Open(Name, "InitiateOAuth=REFRESH;OAuthSettingsLocation="+file+";OAuthAccessTokenURL="+endpoint.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			_, err = db.ExecContext(t.Context(), "EXEC RefreshOAuthAccessToken ?", "hush-r1")
			if (err != nil) != test.fails {
				t.Errorf("the procedure: %v", err)
			}
			if s, err := store.Load(t.Context()); err != nil || s.Renewing.IsZero() == test.stays || s.RefreshToken != test.refreshed {
				t.Errorf("afterwards: renewing %v, %v", s.Renewing, err)
			}
		})
	}
}
