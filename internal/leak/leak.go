// Package leak finds goroutines that tests leave behind. It is for tests.
package leak

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long goroutines have to end. What has been told to end has done so in milliseconds, but a busy machine may let it
// wait; goleak by itself gives up after half a second.
const patience = time.Minute

// None fails a test if goroutines are left that no option leaves out.
func None(t testing.TB, options ...goleak.Option) {
	t.Helper()
	if err := find(patience, options...); err != nil {
		t.Error(err)
	}
}

// Main runs the tests of a package and returns the exit code of their program, which says so, too, if they left goroutines.
func Main(m *testing.M) int {
	code := m.Run()
	if code != 0 {
		return code
	}
	if err := find(patience); err != nil {
		fmt.Fprintln(os.Stderr, "the tests succeed, but", err)
		return 1
	}
	return 0
}

func find(patience time.Duration, options ...goleak.Option) error {
	for start := time.Now(); ; {
		if err := goleak.Find(options...); err == nil || time.Since(start) > patience {
			return err
		}
	}
}
