package cli

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// TestScripts runs the command as a process. Each script has a server of its own, which $DSN leads to.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			config := bitbucketfake.Config{Workspace: "acme", Token: "demo", PullRequests: 120}
			server := bitbucketfake.New(config)
			if err := server.Start("127.0.0.1:0"); err != nil {
				return err
			}
			env.Defer(func() { _ = server.Close() })
			dsn, err := fakeDSN(server, config)
			if err != nil {
				return err
			}
			env.Setenv("DSN", dsn)
			env.Setenv("URL", server.URL())
			env.Setenv("GORACE", "atexit_sleep_ms=0") // or each process takes a second longer under -race
			env.Setenv(dsnVariable, "")
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
// sets the environment variable to the connection string.
func scriptReadDSN(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: readdsn name file")
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		text, err := os.ReadFile(ts.MkAbs(args[1]))
		if err != nil || strings.Count(string(text), "\n") < 3 {
			continue
		}
		first, _, _ := strings.Cut(string(text), "\n")
		dsn, ok := strings.CutPrefix(first, "dsn: ")
		if !ok {
			ts.Fatalf("the first line is %q", first)
		}
		ts.Setenv(args[0], dsn)
		return
	}
	ts.Fatalf("nothing in %s", args[1])
}
