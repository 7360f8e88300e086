package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/adrg/xdg"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

func TestMain(m *testing.M) {
	secretscan.Main(func() {
		testscript.Main(isolated{m}, map[string]func(){
			program: func() {
				system := System()
				system.Out, system.Err = searched(system.Out), searched(system.Err)
				os.Exit(Main(os.Args[1:], system))
			},
			"browser": browser,
		})
	})
}

// isolated are the tests without the profiles, the OAuth settings and the keyring of whoever runs them.
type isolated struct{ *testing.M }

// Run implements testscript.TestingM.
func (m isolated) Run() int {
	home, err := os.MkdirTemp("", "bitbucketsql")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(home)
	for name, value := range map[string]string{"XDG_CONFIG_HOME": home, "BITBUCKETSQL_KEYRING": "off", dsnVariable: "", profileVariable: ""} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	xdg.Reload()
	return m.M.Run()
}

// fakeToken is the token of the fakes, and fakeSecret the secret of their OAuth consumer; no output may show them.
var fakeToken, fakeSecret = secretscan.New("token"), secretscan.New("consumer")

// searched is a writer whose text is searched for secrets.
func searched(w io.Writer) io.Writer { return io.MultiWriter(w, secretscan.Writer()) }

// session is an IO of buffers.
type session struct {
	IO
	out, err bytes.Buffer
	env      map[string]string
}

func newSession(stdin string) *session {
	s := &session{env: map[string]string{"TERM": "xterm"}}
	s.IO = IO{In: strings.NewReader(stdin), Out: searched(&s.out), Err: searched(&s.err), Getenv: func(name string) string { return s.env[name] }}
	return s
}

// newFake is a running server and a connection string for it.
func newFake(t testing.TB, config bitbucketfake.Config) (*bitbucketfake.Server, string) {
	t.Helper()
	if config.Workspace == "" {
		config.Workspace, config.Token = "acme", fakeToken
	}
	server := bitbucketfake.New(config)
	if err := server.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	dsn, err := fakeDSN(server, config)
	if err != nil {
		t.Fatal(err)
	}
	return server, dsn + ";Verbosity=5;Logfile=" + secretscan.LogPath()
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{
		nil,
		{"--help"},
		{"query", "--help"},
		{"explain", "--help"},
		{"fake", "--help"},
		{"demo", "--help"},
		{"login", "--help"},
		{"logout", "--help"},
		{"status", "--help"},
		{"connect", "--help"},
		{"connect", "add", "--help"},
		{"connect", "edit", "--help"},
	} {
		s := newSession("")
		if code := Run(context.Background(), args, &s.IO); code != exitOK {
			t.Errorf("%q: exit code %d", args, code)
		}
		if !strings.HasPrefix(s.out.String(), "Usage: bitbucketsql") || s.err.Len() > 0 {
			t.Errorf("%q: stdout %q, stderr %q", args, s.out.String(), s.err.String())
		}
	}
}

func TestUsageErrors(t *testing.T) {
	const secret = "hush-s3cr3t-t0ken"
	secretscan.Plant("of the arguments", secret)
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"unknown command":          {[]string{"querry"}, `did you mean "query"`},
		"unknown flag":             {[]string{"query", "--formt", "csv", "SELECT 1"}, "see bitbucketsql query --help"},
		"flag with a secret":       {[]string{"query", "--dns=bitbucket://:" + secret + "@acme", "SELECT 1"}, "unknown flag --dns"},
		"connection string first":  {[]string{"Workspace=acme;AccessToken=" + secret, "SELECT 1"}, "unexpected argument …"},
		"connection string as SQL": {[]string{"query", "Workspace=acme;AccessToken=" + secret}, "is a connection string"},
		"URL as SQL":               {[]string{"query", "bitbucket://:" + secret + "@acme"}, "is a connection string"},
		"no SQL":                   {[]string{"query"}, "error: <sql> is missing (see bitbucketsql query --help)"},
		"empty SQL":                {[]string{"query", " \n"}, "the SQL is empty"},
		"no connection string":     {[]string{"query", "SELECT 1"}, "bitbucketsql demo"},
		"bad connection string":    {[]string{"query", "--dsn", "Workspace=acme;AccesToken=" + secret, "SELECT 1"}, `did you mean "AccessToken"`},
		"format":                   {[]string{"query", "--format", "xml", "SELECT 1"}, "table"},
		"two connections":          {[]string{"query", "--dsn", "AccessToken=" + secret, "--profile", "work", "SELECT 1"}, "exclude each other"},
		"name of a profile":        {[]string{"query", "--profile", "Workspace=acme;AccessToken=" + secret, "SELECT 1"}, "the name of a profile is"},
		"unknown profile":          {[]string{"query", "--profile", "work", "SELECT 1"}, "bitbucketsql connect add work"},
		"profile to add":           {[]string{"connect", "add", "bitbucket://:" + secret + "@acme"}, "the name of a profile is"},
		"property":                 {[]string{"connect", "add", "work", secret}, "KEY=VALUE"},
		"property of a profile":    {[]string{"connect", "add", "work", "AccesToken=" + secret}, `did you mean "AccessToken"`},
		"flag of a profile":        {[]string{"connect", "add", "work", "--token=" + secret}, "see bitbucketsql connect add --help"},
		"two inputs":               {[]string{"connect", "add", "work", "--dsn", "-", "--secret-stdin"}, "both read standard input"},
		"secret of what":           {[]string{"connect", "add", "work", "Workspace=acme", "--secret-stdin"}, "say what the secret is for"},
		"secret of nothing":        {[]string{"connect", "add", "work", "AuthScheme=None", "--secret-stdin"}, "has no secret"},
		"profile of a profile":     {[]string{"connect", "add", "work", "Profile=other"}, "a profile has no Profile"},
		"edit nothing":             {[]string{"connect", "edit", "work"}, "say what to change"},
		"edit unknown":             {[]string{"connect", "edit", "work", "MaxRows=1"}, "bitbucketsql connect add work"},
		"test unknown":             {[]string{"connect", "test", "work"}, "bitbucketsql connect add work"},
		"remove unknown":           {[]string{"connect", "remove", "work"}, "there is no connection profile \"work\"\n"},
		"login with a token":       {[]string{"login", "--dsn", "AccessToken=" + secret}, "AccessToken needs no sign-in"},
		"logout of a token":        {[]string{"logout", "--dsn", "AccessToken=" + secret}, "AccessToken needs no sign-in"},
		"status of nothing":        {[]string{"status"}, "bitbucketsql connect add"},
		"param":                    {[]string{"query", "--dsn", "x", "--param", secret, "SELECT 1"}, "NAME=VALUE"},
		"one word of SQL":          {[]string{"query", "SELECT", "1"}, `as in bitbucketsql query "SELECT 1"`},
		"SQL as a command":         {[]string{"SELECT 1"}, `write bitbucketsql query "SELECT …"`},
		"SQL with a secret":        {[]string{"EXEC x '" + secret + "'"}, `write bitbucketsql query "SELECT …"`},
		"help of nothing":          {[]string{"help", "querry"}, `did you mean "query"`},
		"short flag":               {[]string{"query", "-v", "SELECT 1"}, "error: unknown flag -v (see bitbucketsql query --help)\n"},
		"value with a hyphen":      {[]string{"query", "SELECT ?", "-x"}, "unknown flag -x (see"},
		"formats":                  {[]string{"query", "--format", "xml", "SELECT 1"}, `"table", "csv", "json", "jsonl" but got "xml"`},
		"duration":                 {[]string{"query", "--timeout", "5", "SELECT 1"}, `--timeout: "5" is not a duration, such as 30s or 2m (see`},
		"negative duration":        {[]string{"query", "--timeout=-5s", "SELECT 1"}, "--timeout is -5s, and must not be negative"},
		"negative flag":            {[]string{"demo", "--latency", "-5s"}, `--latency: if "-5s" is its value, write --latency="-5s" (see`},
		"negative latency":         {[]string{"demo", "--latency=-5s"}, "--latency is -5s"},
		"number":                   {[]string{"fake", "--seed", "x"}, `--seed: "x" is not a whole number (see`},
		"kind of fault":            {[]string{"fake", "--fail", "x"}, `--fail must be one of "rate-limit", "server-error"`},
		"negative count":           {[]string{"fake", "--commits=-1"}, "--commits is -1, and must be 50 or more"},
		"no repositories":          {[]string{"fake", "--repositories", "0"}, "--repositories is 0, and must be 1 or more"},
		"address":                  {[]string{"fake", "--listen", "localhost"}, "--listen localhost is not HOST:PORT, such as 127.0.0.1:7990"},
		"port":                     {[]string{"fake", "--listen", "localhost:99999"}, "has no port from 0 to 65535"},
		"no subcommand":            {[]string{"connect"}, `say which: "add", "list"`},
		"fault":                    {[]string{"fake", "--fail-times", "3"}, "--fail-after"},
		"demo":                     {[]string{"demo", "--pullrequests", "0"}, "1 or more"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession("")
			if code := Run(context.Background(), test.args, &s.IO); code != exitUsage {
				t.Errorf("exit code %d", code)
			}
			message := s.err.String()
			if !strings.HasPrefix(message, "error: ") || strings.Count(message, "\n") != 1 || !strings.Contains(message, test.want) {
				t.Errorf("stderr %q, want one line with %q", message, test.want)
			}
			if strings.Contains(message, secret) || s.out.Len() > 0 {
				t.Errorf("stdout %q, stderr %q", s.out.String(), message)
			}
		})
	}
}

func TestSQLIsNoConnectionString(t *testing.T) {
	for _, sql := range []string{
		"SELECT Slug FROM Repositories WHERE Slug = 'x'", "SELECT 1; SELECT a FROM t WHERE AccessToken = 1", "bitbucket", "-- User=me\nSELECT 1",
	} {
		if isConnectionString(sql) {
			t.Errorf("%s", sql)
		}
	}
	for _, dsn := range []string{"User = me; API Token = x", "Access_Token='x'", "JDBC:bitbucket:Workspace=a"} {
		if !isConnectionString(dsn) {
			t.Errorf("%s", dsn)
		}
	}
}
