package port

import (
	"os"
	"syscall"
	"testing"
)

// An address that cannot be had leaves no socket open, and closes none of another.
func TestBindFails(t *testing.T) {
	zero, err := os.Stdin.Stat()
	if err != nil {
		t.Skip("this process has no standard input")
	}
	before, _ := os.ReadDir("/proc/self/fd")
	for range 20 {
		if _, _, err := bind(syscall.AF_INET, &syscall.SockaddrInet4{Addr: [4]byte{203, 0, 113, 1}}); !noIPv6(err) {
			t.Fatalf("an address of nobody's: %v", err)
		}
	}
	if after, _ := os.ReadDir("/proc/self/fd"); len(after) != len(before) {
		t.Errorf("%d files are open, %d were before", len(after), len(before))
	}
	if now, err := os.Stdin.Stat(); err != nil || !os.SameFile(zero, now) {
		t.Errorf("standard input is another file: %v", err)
	}
}
