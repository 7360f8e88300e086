package profile

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"
)

// TestMain puts a keyring in memory in the place of the machine's.
func TestMain(m *testing.M) {
	keyring.MockInit()
	os.Exit(m.Run())
}

func TestOSKeyring(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent") // the mock asks nobody
	keyring.MockInit()
	var k osKeyring
	if _, err := k.get(t.Context(), "x"); !errors.Is(err, errNotKept) {
		t.Errorf("at first: %v", err)
	}
	if err := k.set(t.Context(), "x", secret); err != nil {
		t.Fatal(err)
	}
	if got, err := k.get(t.Context(), "x"); err != nil || got["APIToken"] != "hush-1" {
		t.Errorf("got %v, %v", got, err)
	}
	for range 2 {
		if err := k.remove(t.Context(), "x"); err != nil {
			t.Error(err)
		}
	}
	if err := keyring.Set(keyringService, "x", "hush, not JSON"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.get(t.Context(), "x"); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("a foreign entry: %v", err)
	}
	broken := errors.New("broken")
	keyring.MockInitWithError(broken)
	defer keyring.MockInit()
	_, get := k.get(t.Context(), "x")
	for _, err := range []error{get, k.set(t.Context(), "x", secret), k.remove(t.Context(), "x")} {
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	}
}

// A D-Bus that never answers costs some seconds.
func TestKeyringHangs(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	synctest.Test(t, func(t *testing.T) {
		hang, start := make(chan struct{}), time.Now()
		_, err := ask(t.Context(), func() (string, error) { <-hang; return "late", nil })
		if err == nil || !strings.Contains(err.Error(), "within 3s") || time.Since(start) != keyringPatience {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		close(hang)
	})
}

// Without a D-Bus, or switched off, nobody is asked: the library would start one.
func TestKeyringUnreachable(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	t.Setenv(keyringVariable, "Off")
	_, err := ask(t.Context(), func() (string, error) { t.Error("it was asked"); return "", nil })
	if !errors.Is(err, errNoKeyring) {
		t.Errorf("got %v", err)
	}
	t.Setenv(keyringVariable, "")
	if !reachable() {
		t.Error("a D-Bus is not seen")
	}
}
