//go:build unix

package privatefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestForeignOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	var e *Error
	if err := testKind.checkOwnerIs(path, info, os.Geteuid()+1); !errors.As(err, &e) || e.Problem != ForeignOwner ||
		!strings.HasPrefix(err.Error(), "the list of tests "+path+" is owned by another user: ") {
		t.Errorf("%v", err)
	}
	if err := testKind.checkOwnerIs(path, info, os.Geteuid()); err != nil {
		t.Error(err)
	}
}

// A file that its own user may not read says how to mend that. (No test can make one for the administrator.)
func TestUnreadable(t *testing.T) {
	err := testKind.readFailure("/x/f", &fs.PathError{Op: "open", Path: "/x/f", Err: syscall.EACCES})
	if want := "the list of tests /x/f is not available: it cannot be read; run: chmod 600 /x/f: permission denied"; err.Error() != want || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v, want %s", err, want)
	}
}

// A full disk is not told as a wrong place.
func TestFullDisk(t *testing.T) {
	err := testKind.writeFailure("/x/f", &fs.PathError{Op: "write", Path: "/x/f", Err: syscall.ENOSPC})
	if want := "the list of tests /x/f is not available: it cannot be written; make room, or choose another to a path on another disk: no space left on device"; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
