package privatefile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

var testKind = Kind{Name: "list of tests", Renew: "make it again", Elsewhere: "choose another", Format: "tests", Version: 3}

func TestSealed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "f")
	s, err := NewSealed(path, testKind)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before Save: %v", err)
	}
	if err := s.Save([]byte("hush: no base64 is like it")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load(t.Context()); err != nil || string(got) != "hush: no base64 is like it" {
		t.Errorf("loaded %q, %v", got, err)
	}
	if data, err := os.ReadFile(path); err != nil || bytes.Contains(data, []byte("hush: no base64 is like it")) {
		t.Errorf("the file is %q, %v", data, err)
	}
	other := testKind
	other.Format = "other"
	foreign, _ := NewSealed(path, other)
	var e *Error
	if _, err := foreign.Load(t.Context()); !errors.As(err, &e) || e.Problem != Corrupt {
		t.Errorf("a file of another kind: %v", err)
	}
	// A ciphertext of one version is none of another.
	data, _ := os.ReadFile(path)
	if err := os.WriteFile(path, bytes.Replace(data, []byte(`"version": 3`), []byte(`"version": 2`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context()); !errors.As(err, &e) || e.Problem != Corrupt {
		t.Errorf("another version: %v", err)
	}
	if err := s.Remove(); err != nil {
		t.Fatal(err)
	}
	if names, _ := filepath.Glob(path + "*"); len(names) != 0 {
		t.Errorf("left behind: %q", names)
	}
}
