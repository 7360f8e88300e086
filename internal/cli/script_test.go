package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/port"
	"github.com/seed281e34fa/bitbucketsql/internal/secretscan"
)

// TestScripts runs the command as a process. Each script has a server of its own, which $DSN leads to.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			callback := "http://127.0.0.1:" + port.Reserve(env.T().(testing.TB))
			config := bitbucketfake.Config{
				Workspace: "acme", Token: fakeToken, PullRequests: 120, Public: true,
				OAuth: []bitbucketfake.Consumer{{Key: "demo-key", Secret: fakeSecret, CallbackURL: callback, Private: true}},
			}
			server := bitbucketfake.New(config)
			if err := server.Start("127.0.0.1:0"); err != nil {
				return err
			}
			env.Defer(func() { _ = server.Close() })
			dsn, err := fakeDSN(server, config)
			if err != nil {
				return err
			}
			signIn, err := fakeOAuthDSN(server, config)
			if err != nil {
				return err
			}
			log := ";Verbosity=5;Logfile=" + secretscan.LogPath()
			env.Setenv("DSN", dsn+log)
			env.Setenv("OAUTH", signIn+log)
			if name, value, ok := strings.Cut(secretscan.Environment(), "="); ok {
				env.Setenv(name, value)
			}
			env.Setenv("URL", server.URL())
			env.Setenv("TOKEN", fakeToken)
			if err := os.WriteFile(filepath.Join(env.WorkDir, "token"), []byte(fakeToken+"\n"), 0o600); err != nil {
				return err
			}
			env.Setenv("GORACE", "atexit_sleep_ms=0") // or each process takes a second longer under -race
			env.Setenv(dsnVariable, "")
			env.Setenv(profileVariable, "")
			env.Setenv("BITBUCKETSQL_KEYRING", "off")
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
			env.Setenv("BROWSER", "browser")
			env.Setenv("CALLBACK", "http://127.0.0.1:"+port.Reserve(env.T().(testing.TB)))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   scriptExits,
			"readdsn": scriptReadDSN,
		},
	})
}

// scriptExits is the script command "exits CODE ARGUMENT…": it runs bitbucketsql and wants that exit code.
func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code argument...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec(program, args[1:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// scriptReadDSN is the script command "readdsn NAME FILE": it waits for what bitbucketsql fake writes into the file, and
// sets the environment variables to the connection string, and NAME_OAUTH to the one that signs in.
func scriptReadDSN(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: readdsn name file")
	}
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		text, err := os.ReadFile(ts.MkAbs(args[1]))
		if err != nil || strings.Count(string(text), "\n") < 3 {
			continue
		}
		lines := strings.Split(string(text), "\n")
		dsn, ok := strings.CutPrefix(lines[0], "dsn: ")
		signIn, also := strings.CutPrefix(lines[1], "oauth: ")
		if !ok || !also {
			ts.Fatalf("the first lines are %q", lines[:2])
		}
		ts.Setenv(args[0], dsn)
		ts.Setenv(args[0]+"_OAUTH", signIn)
		return
	}
	ts.Fatalf("nothing in %s", args[1])
}
