//go:build unix

package privatefile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
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
