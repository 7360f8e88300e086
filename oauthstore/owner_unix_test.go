//go:build unix

package oauthstore

import (
	"errors"
	"os"
	"syscall"
	"testing"
)

func TestForeignOwner(t *testing.T) {
	store, path := savedFile(t, sample)
	var fe *FileError
	if os.Geteuid() != 0 {
		return // only root can give a file away
	}
	for _, p := range []string{path, path + ".key"} {
		if err := os.Chown(p, 12345, -1); err != nil {
			t.Fatal(err)
		}
		state := stateOf(path)
		_, load := store.Load(t.Context())
		for _, err := range []error{load, store.Save(t.Context(), sample), Delete(t.Context(), store)} {
			if !errors.As(err, &fe) || fe.Problem != ForeignOwner {
				t.Errorf("%s: %v", p, err)
			}
		}
		if stateOf(path) != state {
			t.Error("it was changed")
		}
		if err := os.Chown(p, 0, -1); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPipeIsNotOpened(t *testing.T) {
	store, path := savedFile(t, sample)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no pipes here: ", err)
	}
	_, err := store.Load(t.Context())
	if fe, ok := errors.AsType[*FileError](err); !ok || fe.Problem != NotAFile {
		t.Error(err)
	}
}
