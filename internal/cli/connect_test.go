package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// useKeyring puts a keyring in memory in the place of the machine's.
func useKeyring(t *testing.T, err error) {
	t.Helper()
	t.Setenv("BITBUCKETSQL_KEYRING", "")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent") // the mock asks nobody
	if keyring.MockInit(); err != nil {
		keyring.MockInitWithError(err)
	}
	t.Cleanup(keyring.MockInit)
}

func run(t *testing.T, s *session, want int, args ...string) {
	t.Helper()
	s.out.Reset()
	s.err.Reset()
	if code := Run(t.Context(), args, &s.IO); code != want {
		t.Errorf("%q: exit code %d, want %d: stdout %q, stderr %q", args, code, want, s.out.String(), s.err.String())
	}
	if strings.Contains(s.out.String()+s.err.String(), "hush") {
		t.Errorf("%q: a secret shows: stdout %q, stderr %q", args, s.out.String(), s.err.String())
	}
}

// A person who answers wrongly is asked again, and a script is not.
func TestConnectAddAsksAgain(t *testing.T) {
	ownHome(t)
	typed := "https://bitbucket.org/acme\nacme\nAPITokn\nAPIToken\n\nme@example.com\n"
	s := newSession(typed)
	secrets := []string{"", "hush-1"}
	s.ReadSecret = func(context.Context) (string, error) {
		secret := secrets[0]
		secrets = secrets[1:]
		return secret, nil
	}
	run(t, s, exitOK, "connect", "add", "work")
	for _, want := range []string{
		"error: Workspace: must be the slug of a workspace", `AuthScheme: "APITokn" is not one of`, "error: User: AuthScheme APIToken needs it", "error: APIToken is empty",
	} {
		if strings.Count(s.err.String(), want) != 1 {
			t.Errorf("%q is not told once: %q", want, s.err.String())
		}
	}
	run(t, s, exitOK, "connect", "list", "--format", "csv")
	if !strings.Contains(s.out.String(), "work,acme,APIToken,me@example.com,") {
		t.Errorf("kept is %q", s.out.String())
	}
	script := newSession(typed)
	run(t, script, exitUsage, "connect", "add", "other")
	if strings.Contains(script.err.String(), "needs it") {
		t.Errorf("a script is asked again: %q", script.err.String())
	}
}

// On a terminal the secret is read without an echo, and kept in the keyring.
func TestConnectAddOnTerminal(t *testing.T) {
	home := ownHome(t)
	useKeyring(t, nil)
	server, _ := newFake(t, bitbucketfake.Config{Workspace: "acme", Token: "hush-1"})
	s := newSession("acme\nAPIToken\nme@example.com\n")
	s.ReadSecret = func(context.Context) (string, error) { return "hush-1", nil }
	run(t, s, exitOK, "connect", "add", "work")
	if !strings.Contains(s.out.String(), "its APIToken in the keyring.") ||
		s.err.String() != "Workspace, as in bitbucket.org/<workspace>: Auth scheme: APIToken, AccessToken, OAuth, OAuthClient or None [APIToken]: "+
			"E-mail address of the Atlassian account: API token: \n" {
		t.Errorf("stdout %q, stderr %q", s.out.String(), s.err.String())
	}
	files, _ := filepath.Glob(filepath.Join(home, "bitbucketsql", "*"))
	for _, f := range files {
		if data, err := os.ReadFile(f); err != nil || strings.Contains(string(data), "hush-1") {
			t.Errorf("%s: %q, %v", f, data, err)
		}
	}
	run(t, s, exitOK, "connect", "edit", "work", "BaseURL="+server.URL()+"/2.0")
	run(t, s, exitOK, "connect", "test", "work")
	run(t, s, exitOK, "connect", "list", "--format", "jsonl")
	if want := `{"Name":"work","Workspace":"acme","AuthScheme":"APIToken","User":"me@example.com","SecretsIn":"keyring","Default":true,"Properties":"BaseURL=` + server.URL() + `/2.0"}` + "\n"; s.out.String() != want {
		t.Errorf("got %s", s.out.String())
	}
	// A keyring that has been locked meanwhile.
	keyring.MockInitWithError(errors.New("locked"))
	for _, args := range [][]string{{"query", "SELECT 1"}, {"status"}, {"connect", "test", "work"}, {"connect", "edit", "work", "MaxRows=1"}, {"connect", "remove", "work"}} {
		if run(t, s, exitError, args...); !strings.Contains(s.err.String(), "out of reach (keyring): locked") {
			t.Errorf("%q: %q", args, s.err.String())
		}
	}
	run(t, s, exitOK, "connect", "remove", "work", "--force")
	run(t, s, exitOK, "connect", "list", "--format", "csv")
	if s.out.String() != "Name,Workspace,AuthScheme,User,SecretsIn,Default,Properties\n" {
		t.Errorf("got %q", s.out.String())
	}
}

func TestConnectSecretPlaces(t *testing.T) {
	ownHome(t)
	useKeyring(t, nil)
	s := newSession("")
	run(t, s, exitOK, "connect", "add", "a", "--dsn", "AccessToken=hush-2")
	run(t, s, exitOK, "connect", "add", "b", "--dsn", "AccessToken=hush-2", "--secrets", "file")
	useKeyring(t, errors.New("broken"))
	run(t, s, exitOK, "connect", "add", "c", "--dsn", "AccessToken=hush-2")
	run(t, s, exitError, "connect", "add", "d", "--dsn", "AccessToken=hush-2", "--secrets", "keyring")
	run(t, s, exitOK, "connect", "list", "--format", "csv")
	for _, want := range []string{"a,,AccessToken,,keyring,false,", "b,,AccessToken,,file,false,", "c,,AccessToken,,file,false,"} {
		if !strings.Contains(s.out.String(), want+"\n") {
			t.Errorf("no %s in %s", want, s.out.String())
		}
	}
	if strings.Contains(s.out.String(), "\nd,") {
		t.Errorf("it was kept: %s", s.out.String())
	}
}

// What is asked for can be cancelled, though nothing comes.
func TestPromptCancelled(t *testing.T) {
	ownHome(t)
	input, end := io.Pipe()
	defer end.Close()
	ctx, cancel := context.WithCancel(t.Context())
	s := newSession("")
	s.In, s.Err = input, writerFunc(func(p []byte) { cancel(); s.err.Write(p) })
	if code := Run(ctx, []string{"connect", "add", "work"}, &s.IO); code != exitCancelled || !strings.HasSuffix(s.err.String(), "error: cancelled while asking for: Workspace, as in bitbucket.org/<workspace>\n") {
		t.Errorf("exit code %d, stderr %q", code, s.err.String())
	}
}

type writerFunc func([]byte)

func (w writerFunc) Write(p []byte) (int, error) { w(p); return len(p), nil }

// Processes that make profiles at the same moment lose none.
func TestConnectAddByProcesses(t *testing.T) {
	home := ownHome(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"a", "b", "c", "d", "e", "f"}
	var processes []*exec.Cmd
	for _, name := range names {
		cmd := exec.Command(self)
		cmd.Args = []string{program, "connect", "add", name, "--dsn", "-"}
		cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+home)
		cmd.Stdin = strings.NewReader("Workspace=" + name + ";AccessToken=hush-" + name)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		processes = append(processes, cmd)
	}
	for _, p := range processes {
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}
	for _, name := range names {
		c, err := driver.ParseDSN("Profile=" + name)
		if err != nil || c.Workspace != name || c.AccessToken != "hush-"+name {
			t.Errorf("%s: %v, %v", name, c, err)
		}
	}
}

// A secret in an argument gets a hint, wherever it is in it.
func TestSecretInArgument(t *testing.T) {
	ownHome(t)
	for _, args := range [][]string{
		{"add", "a", "--dsn", "bitbucket://:hush@acme"},
		{"add", "b", "AuthScheme=AccessToken", "AccessToken=hush"},
		{"edit", "b", "Access_Token=hush2"},
		{"edit", "b", "AuthScheme=APIToken", "User=me@example.com", "APIToken=hush"},
	} {
		s := newSession("")
		run(t, s, exitOK, append([]string{"connect"}, args...)...)
		if strings.Count(s.err.String(), "hint: ") != 1 {
			t.Errorf("%q: stderr %q", args, s.err.String())
		}
	}
	// Only the secret of the scheme is read by --secret-stdin.
	s := newSession("")
	for arg, want := range map[string]string{"APIToken=hush": "give APIToken with --secret-stdin", "ProxyPassword=hush": "give ProxyPassword with connect add --replace --dsn -"} {
		run(t, s, exitOK, "connect", "edit", "b", "ProxyServer=proxy.example", "ProxyUser=me", arg)
		if !strings.Contains(s.err.String(), want) {
			t.Errorf("%s: stderr %q", arg, s.err.String())
		}
	}
	run(t, s, exitUsage, "connect", "add", "d", "--dsn", "InitiateOAuth=REFRESH;OAuthVerifier=hush")
	if !strings.Contains(s.err.String(), "OAuthVerifier works once") {
		t.Errorf("stderr %q", s.err.String())
	}
	if run(t, s, exitOK, "connect", "add", "c", "--dsn", "Profile=a"); s.err.Len() > 0 {
		t.Errorf("without a secret: stderr %q", s.err.String())
	}
}

// A connection string in the place of a property would keep its secret as the value of the first one, for all to see.
func TestPropertyArguments(t *testing.T) {
	ownHome(t)
	s := newSession("me@example.com\nhush\n")
	for _, test := range []struct{ arg, want string }{
		{"User=me;APIToken=hush;Workspace=acme", "an argument is a connection string"},
		{"Workspace=acme; access_token = hush", "an argument is a connection string"},
		{"bitbucket://me:hush@acme?Schema=x", "an argument is a connection string"},
		{"hush", "a property is not KEY=VALUE"},
		{"=hush", "a property is not KEY=VALUE"},
		{"hush1/=9F8E", "an unknown property, not shown"}, // as API tokens are
		{"MaxRows=1", "MaxRows is given twice"},
		{"Profile=other", "a profile has no Profile"},
	} {
		run(t, s, exitUsage, "connect", "add", "a", "AuthScheme=APIToken", "max_rows=2", test.arg)
		if !strings.Contains(s.err.String(), test.want) {
			t.Errorf("%q: stderr %q", test.arg, s.err.String())
		}
	}
	run(t, s, exitOK, "connect", "add", "a", "AuthScheme=None", "ProxyServer=p", "ProxyExceptions=localhost;*.corp.example;a=b")
	if run(t, s, exitUsage, "connect", "edit", "a", "MaxRows=1", "MaxRows=2"); s.err.String() != "error: MaxRows is given twice\n" {
		t.Errorf("stderr %q", s.err.String())
	}
}

// A profile that this version cannot read says how to get out of it.
func TestEditOfForeignProfile(t *testing.T) {
	home := ownHome(t)
	s := newSession("")
	run(t, s, exitOK, "connect", "add", "a", "AuthScheme=None", "MaxRows=5")
	path := filepath.Join(home, "bitbucketsql", "connections.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(data), "MaxRows", "FromTheFuture", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if run(t, s, exitUsage, "connect", "edit", "a", "MaxRows=1"); !strings.Contains(s.err.String(), "FromTheFuture: is not a connection property") ||
		!strings.Contains(s.err.String(), "connect add --replace a") {
		t.Errorf("stderr %q", s.err.String())
	}
}
