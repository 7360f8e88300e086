package driver

import (
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// openConsumer opens a database with an OAuth consumer that nobody answers.
func openConsumer(t *testing.T) *sql.DB {
	t.Helper()
	return openDSN(t, "OAuthClientId=key1;OAuthClientSecret=hush;BaseURL=http://127.0.0.1:1;OAuthAccessTokenURL=http://127.0.0.1:1/token")
}

// One call in all its spellings gives the same address.
func TestCallSpellings(t *testing.T) {
	db := openConsumer(t)
	const want = "https://bitbucket.org/site/oauth2/authorize?client_id=key1&redirect_uri=http%3A%2F%2F127.0.0.1%3A9&response_type=code&state=s%27t"
	for _, test := range []struct {
		text string
		args []any
	}{
		{"EXEC GetOAuthAuthorizationURL @CallbackUrl = 'http://127.0.0.1:9', @State = 's''t'", nil},
		{"execute getoauthauthorizationurl callbackurl='http://127.0.0.1:9', STATE='s''t';", nil},
		{"CALL GetOAuthAuthorizationURL('http://127.0.0.1:9', 's''t')", nil},
		{"CALL GetOAuthAuthorizationURL(?, ?)", []any{"http://127.0.0.1:9", "s't"}},
		{"EXEC GetOAuthAuthorizationURL ?, ?", []any{"http://127.0.0.1:9", "s't"}},
		{"EXEC GetOAuthAuthorizationURL ?2, ?1", []any{"s't", "http://127.0.0.1:9"}},
		{"EXEC GetOAuthAuthorizationURL $2, $1", []any{"s't", "http://127.0.0.1:9"}},
		{"EXEC [Information].[GetOAuthAuthorizationURL] @State=?, [Callback Url]='http://127.0.0.1:9'", []any{"s't"}},
		{"EXEC Bitbucket.Information.GetOAuthAuthorizationURL 'http://127.0.0.1:9', @State = @state", []any{sql.Named("state", "s't")}},
		{"EXEC GetOAuthAuthorizationURL @State = :s, @CallbackUrl = @c, @Scope = @n, @PKCEVerifier = NULL", []any{
			sql.Named("c", "http://127.0.0.1:9"), sql.Named("s", "s't"), sql.Named("n", nil),
		}},
		{"EXEC GetOAuthAuthorizationURL @c, @s", []any{sql.Named("s", "s't"), sql.Named("c", "http://127.0.0.1:9")}},
		{"{call GetOAuthAuthorizationURL(?, 's''t')}", []any{"http://127.0.0.1:9"}},
		{"{call GetOAuthAuthorizationURL(@State := 's''t', @CallbackUrl := ?)}", []any{"http://127.0.0.1:9"}},
		{"-- sign in\nEXEC /* now */ GetOAuthAuthorizationURL ( CallbackUrl = ? , State = 's''t' )", []any{"http://127.0.0.1:9"}},
	} {
		rows, err := db.QueryContext(t.Context(), test.text, test.args...)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if columns, _ := rows.Columns(); !slices.Equal(columns, []string{"URL"}) {
			t.Errorf("%s: columns %v", test.text, columns)
		}
		if got := collect(t, rows, nil); !reflect.DeepEqual(got, [][]any{{want}}) {
			t.Errorf("%s: %v", test.text, got)
		}
		if _, err := db.ExecContext(t.Context(), test.text, test.args...); err != nil {
			t.Errorf("Exec of %s: %v", test.text, err)
		}
		s, err := db.PrepareContext(t.Context(), test.text)
		if err != nil {
			t.Errorf("Prepare of %s: %v", test.text, err)
			continue
		}
		for range 2 {
			var got string
			if err := s.QueryRowContext(t.Context(), test.args...).Scan(&got); err != nil || got != want {
				t.Errorf("prepared %s: %s, %v", test.text, got, err)
			}
		}
		_ = s.Close()
	}
	// Among other statements, which have parameters of their own.
	rows, err := db.QueryContext(t.Context(), "SELECT ?; EXEC GetOAuthAuthorizationURL @State = ?; SELECT ?", 1, "two", 3)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	if !rows.NextResultSet() || !rows.Next() {
		t.Fatal("no second result", rows.Err())
	}
	var got string
	if err := rows.Scan(&got); err != nil || !strings.Contains(got, "state=two") || !strings.Contains(got, url.QueryEscape("http://localhost:33333")) {
		t.Errorf("the second of three statements gives %s, %v", got, err)
	}
}

// What is wrong with a call is told by name, all at once, and no secret with it.
func TestCallFaults(t *testing.T) {
	db := openConsumer(t)
	for _, test := range []struct {
		text, want string
		args       []any
	}{
		{"EXEC RefreshOAuthAccessToken", "procedure RefreshOAuthAccessToken: OAuthRefreshToken is required", nil},
		{"EXEC RefreshOAuthAccessToken ''", "OAuthRefreshToken is required and must not be empty", nil},
		{"EXEC RefreshOAuthAccessToken ?", "no argument for the parameter number 1", nil},
		{"EXEC RefreshOAuthAccessToken ?", "OAuthRefreshToken is required and must not be empty", []any{nil}},
		{"EXEC RefreshOAuthAccessToken @OAuthRefreshTokn='hush'", `OAuthRefreshTokn is not a parameter; did you mean "OAuthRefreshToken"?; OAuthRefreshToken is required`, nil},
		{"EXEC RefreshOAuthAccessToken 'hush', 'hush', 'hush'", "takes 1 value, more are given", nil},
		{"EXEC TestConnection 'hush'", "takes no values, more are given", nil},
		{
			"EXEC GetOAuthAccessToken @Verifier='hush', @verifier='hush', @Nope=1, 	State=?, @state='x'",
			"Verifier is given twice; Nope is not a parameter; State is given twice", nil,
		},
		{"EXEC GetOAuthAccessToken 'WEB', 'http://localhost', @AuthMode='APP'", "AuthMode is given twice", nil},
		{"EXEC GetOAuthAccessToken @AuthMode='DESK'", `AuthMode "DESK" is not one of APP, WEB`, nil},
		{"EXEC GetOAuthAccessToken @AuthMode=?", `AuthMode "DESK" is not one of APP, WEB`, []any{"DESK"}},
		{"EXEC GetOAuthAccessToken @AuthMode='web'", "Verifier is required with AuthMode WEB", nil},
		{"EXEC GetOAuthAccessToken @Verifier='hush', @PKCEVerifier='hush'", "PKCEVerifier must be 43 to 128", nil},
		{"EXEC GetOAuthAccessToken @Verifier='hush', 'APP'", "line 1, column 44: expected name = value", nil},
		{"EXEC GetOAuthAccessToken\n @Verifier='hush' 'hush'", "line 2, column 19: expected a comma", nil},
		{"EXEC GetOAuthAccessToken @Verifier=hush", "column 36: expected a value", nil},
		{"EXEC GetOAuthAccessToken @Verifier='hush'||'x'", "column 42: expected a comma", nil},
		{"EXEC GetOAuthAccessToken @Verifier='hush", "unterminated string", nil},
		{"CALL GetOAuthAccessToken('hush'", "expected )", nil},
		{"{? = call GetOAuthAccessToken('hush')}", "write {call name", nil},
		{"EXEC", "expected the name of a procedure", nil},
		{"EXEC GetOAuthAcessToken", `no such procedure: GetOAuthAcessToken; did you mean "GetOAuthAccessToken"`, nil},
		{"EXEC platform.TestConnection", `no such procedure: platform.TestConnection; did you mean "Information.TestConnection"`, nil},
		{"EXPLAIN EXEC RefreshOAuthAccessToken 'hush'", "EXPLAIN of a stored procedure", nil},
		{"EXPLAIN QUERY PLAN EXEC RefreshOAuthAccessToken 'hush'", "EXPLAIN of a stored procedure", nil},
	} {
		rows, err := db.QueryContext(t.Context(), test.text, test.args...)
		if err == nil {
			err = errors.Join(errors.New("no error"), rows.Err(), rows.Close())
		}
		if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.text, err, test.want)
		}
		if shown := fmt.Sprintf("%v %+v", err, errors.Unwrap(err)); strings.Contains(shown, "hush") {
			t.Errorf("%s: the secret shows in %s", test.text, shown)
		}
		var syntax *SyntaxError
		if errors.As(err, &syntax) && strings.Contains(syntax.Near, "hush") {
			t.Errorf("%s: the secret is near %s", test.text, syntax.Near)
		}
		if _, again := db.ExecContext(t.Context(), test.text, test.args...); again == nil || again.Error() != err.Error() {
			t.Errorf("Exec of %s: %v", test.text, again)
		}
	}
	var parameter *ParameterError
	if _, err := db.ExecContext(t.Context(), "EXEC RefreshOAuthAccessToken"); !errors.As(err, &parameter) || parameter.Faults[0].Property != "OAuthRefreshToken" {
		t.Errorf("%v", err)
	}
	var unknown *UnknownProcedureError
	if _, err := db.ExecContext(t.Context(), "EXEC MergePullRequest 1"); !errors.As(err, &unknown) || !errors.Is(err, ErrReadOnly) {
		t.Errorf("%v", err)
	}
}

// The procedures do what metadata says: their inputs can be given and their outputs are the columns.
func TestProcedureMetadata(t *testing.T) {
	db := openConsumer(t)
	if got := strs(t, db, "SELECT ProcedureName FROM sys_procedures ORDER BY 1"); len(got) != len(procedures()) || got[0] != "GetOAuthAccessToken" {
		t.Errorf("the procedures are %v", got)
	}
	if got := strs(t, db, `SELECT ColumnName FROM sys_procedureparameters WHERE ProcedureName = 'getoauthaccesstoken' AND Direction = 4
		ORDER BY Ordinal`); !slices.Equal(got, []string{"OAuthAccessToken", "OAuthRefreshToken", "ExpiresIn"}) {
		t.Errorf("the result of GetOAuthAccessToken is %v", got)
	}
	if got := strs(t, db, "SELECT ColumnName FROM sys_procedureparameters WHERE IsRequired = 'True'"); !slices.Equal(got, []string{"OAuthRefreshToken"}) {
		t.Errorf("required are %v", got)
	}
	if got := strs(t, db, "SELECT [Values] || ' ' || [Default] FROM sys_procedureparameters WHERE ColumnName = 'AuthMode'"); !slices.Equal(got, []string{"APP,WEB APP"}) {
		t.Errorf("AuthMode is %v", got)
	}
	for _, p := range procedures() {
		var names []string
		for _, in := range p.inputs() {
			names = append(names, "@"+in.name+" = NULL")
		}
		call, _, err := parseCall("EXEC "+p.name+" "+strings.Join(names, ", "), func(int) (int, int) { return 0, 0 })
		if err != nil || len(call.values) != len(p.inputs()) {
			t.Errorf("%s: %v", p.name, err)
		}
		for _, a := range p.parameters {
			if a.description == "" || p.description == "" || a.output && a.required {
				t.Errorf("%s.%s is described badly", p.name, a.name)
			}
		}
	}
}

// The log shows a call without its secrets, whatever its spelling.
func TestCallMasked(t *testing.T) {
	for text, want := range map[string]string{
		"EXEC RefreshOAuthAccessToken 'hush'":                     "EXEC RefreshOAuthAccessToken '***'",
		"CALL GetOAuthAccessToken('WEB', ?, N'hush') -- done":     "CALL GetOAuthAccessToken('WEB', ?, '***') -- done",
		"EXEC GetOAuthAccessToken @Verifier = 12345, @State='ok'": "EXEC GetOAuthAccessToken @Verifier = '***', @State='ok'",
	} {
		call, _, err := parseCall(text, nil)
		if err != nil || call.shown != want {
			t.Errorf("%s is shown as %s, %v", text, call.shown, err)
		}
	}
}

func FuzzCall(f *testing.F) {
	for _, text := range []string{"EXEC TestConnection", "CALL GetOAuthAccessToken('a', @b = ?2)", "{call x(?)}", "EXEC RefreshOAuthAccessToken @OAuthRefreshToken := -1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		call, params, err := parseCall(text, func(int) (int, int) { return 1, 1 })
		if err != nil {
			return
		}
		bound := make([]sqldriver.NamedValue, 32766)
		for _, v := range call.values {
			if v.index > 0 && !slices.ContainsFunc(params, func(p dialect.Parameter) bool { return p.Index == v.index }) {
				t.Errorf("parameter %d is not among %v", v.index, params)
			}
		}
		_, _ = call.arguments(bound)
	})
}
