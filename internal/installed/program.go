// Package installed finds the programs that tests need and a machine may lack: browsers, clients of databases. It is for tests.
package installed

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// Program returns the path of the first of names that is installed. Where there is none the test is skipped with the reason, but
// fails where the environment variable CI is set, as .ci/run does: what CI has not run it must not call good.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing := "no " + strings.Join(names, " or ") + " is installed"
	if inCI() {
		t.Fatalf("%s, and CI must not skip this test: .ci/run has to install it", missing)
	}
	t.Skipf("%s; install it to run this test, or set CI=true to have it fail", missing)
	return ""
}

// inCI says whether CI is set to anything but a spelling of false.
func inCI() bool {
	value := os.Getenv("CI")
	set, err := strconv.ParseBool(value)
	return value != "" && (set || err != nil)
}
