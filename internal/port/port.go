// Package port gives tests ports of this machine that nobody else takes. It is for tests.
package port

import (
	"errors"
	"syscall"
	"testing"
)

// Reserve returns a free port of the loopback addresses for a test that tells a program to listen there. No other process is given it
// before the program has it, nor between two programs, until the test is over. What gives tests ports at random, and leaves them
// free meanwhile, sooner or later gives one to two of them.
func Reserve(t testing.TB) string {
	t.Helper()
	number, release, err := hold()
	if err != nil {
		t.Fatal("no port can be reserved: ", err)
	}
	t.Cleanup(release)
	return number
}

// noIPv6 says whether an error means that this machine has no IPv6, or none on its loopback.
func noIPv6(err error) bool {
	return errors.Is(err, syscall.EAFNOSUPPORT) || errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EPROTONOSUPPORT)
}
