package profile

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/adrg/xdg"

	"github.com/seed281e34fa/bitbucketsql/internal/privatefile"
)

// fakeKeyring is a keyring that can fail.
type fakeKeyring struct {
	mu      sync.Mutex
	entries map[string]map[string]string
	err     error
}

func (f *fakeKeyring) set(_ context.Context, id string, secrets map[string]string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.entries[id] = maps.Clone(secrets)
	}
	return f.err
}

func (f *fakeKeyring) get(_ context.Context, id string) (map[string]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil && f.entries[id] == nil {
		return nil, errNotKept
	}
	return f.entries[id], f.err
}

func (f *fakeKeyring) remove(ctx context.Context, id string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		delete(f.entries, id)
	}
	return f.err
}

// openTemp opens a store in a directory of the test's own, with a keyring that is not the machine's.
func openTemp(t *testing.T) (*Store, *fakeKeyring) {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	xdg.Reload()
	t.Cleanup(xdg.Reload)
	s, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	ring := &fakeKeyring{entries: map[string]map[string]string{}}
	s.keepers[Keyring] = ring
	return s, ring
}

var (
	acme   = map[string]string{"Workspace": "acme", "AuthScheme": "APIToken", "User": "me@example.com"}
	secret = map[string]string{"APIToken": "hush-1"}
)

func TestAddLoadEditRemove(t *testing.T) {
	s, ring := openTemp(t)
	if list, err := s.List(); err != nil || len(list) != 0 {
		t.Fatalf("at first: %v, %v", list, err)
	}
	p, err := s.Add(t.Context(), "Work", maps.Clone(acme), secret, "", false)
	if err != nil || p.Keeper != Keyring || len(ring.entries) != 1 {
		t.Fatalf("added %+v, %v; the keyring has %d entries", p, err, len(ring.entries))
	}
	if _, err := s.Add(t.Context(), "open", map[string]string{"AuthScheme": "None"}, nil, "", false); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load(t.Context(), "WORK"); err != nil || got["APIToken"] != "hush-1" || got["Workspace"] != "acme" || len(got) != 4 {
		t.Errorf("loaded %v, %v", got, err)
	}
	data, err := os.ReadFile(s.Path())
	if err != nil || strings.Contains(string(data), "hush-1") {
		t.Errorf("the file is %s, %v", data, err)
	}
	if info, err := os.Stat(s.Path()); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	var taken *ExistsError
	if _, err := s.Add(t.Context(), "work", acme, nil, "", false); !errors.As(err, &taken) || taken.Name != "Work" {
		t.Errorf("added twice: %v", err)
	}

	// Without a change of secrets nothing is asked of the keyring but to read.
	before := maps.Clone(ring.entries)
	edit := func(change func(properties, secrets map[string]string)) {
		t.Helper()
		if err := s.Edit(t.Context(), "work", func(p, s map[string]string) error { change(p, s); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	edit(func(p, _ map[string]string) { p["MaxRows"] = "5"; delete(p, "User") })
	for id := range before {
		if ring.entries[id] == nil || len(ring.entries) != 1 {
			t.Errorf("the keyring changed from %v to %v", before, ring.entries)
		}
	}
	edit(func(_, s map[string]string) { s["APIToken"] = "hush-2" })
	for id := range before {
		if ring.entries[id] != nil || len(ring.entries) != 1 {
			t.Errorf("the former secret is still there: %v", ring.entries)
		}
	}
	if got, err := s.Load(t.Context(), "work"); err != nil || got["APIToken"] != "hush-2" || got["MaxRows"] != "5" || got["User"] != "" {
		t.Errorf("loaded %v, %v", got, err)
	}
	refusal := errors.New("no")
	if err := s.Edit(t.Context(), "work", func(p, _ map[string]string) error { clear(p); return refusal }); !errors.Is(err, refusal) {
		t.Errorf("a refused change: %v", err)
	}
	if p, err := s.Find("work"); err != nil || p.Properties["MaxRows"] != "5" {
		t.Errorf("after it: %v, %v", p, err)
	}

	p, err = s.Add(t.Context(), "work", maps.Clone(acme), map[string]string{"APIToken": "hush-3"}, EncryptedFile, true)
	if err != nil || p.Keeper != EncryptedFile || len(ring.entries) != 0 {
		t.Errorf("replaced by %v, %v; the keyring has %v", p, err, ring.entries)
	}
	if got, err := s.Load(t.Context(), "work"); err != nil || got["APIToken"] != "hush-3" {
		t.Errorf("loaded %v, %v", got, err)
	}
	if err := s.Remove(t.Context(), "work", false); err != nil {
		t.Fatal(err)
	}
	var missing *UnknownError
	if _, err := s.Load(t.Context(), "work"); !errors.As(err, &missing) || len(missing.Known) != 1 || missing.Known[0] != "open" {
		t.Errorf("after Remove: %v", err)
	}
	if names, _ := filepath.Glob(filepath.Join(s.Dir(), "connections-secrets.json*")); len(names) != 1 || !strings.HasSuffix(names[0], ".lock") {
		t.Errorf("of the secrets is left: %v", names)
	}
}

// Where there is no keyring the file takes over, encrypted, unless the keyring was asked for.
func TestNoKeyring(t *testing.T) {
	s, ring := openTemp(t)
	ring.err = errNoKeyring
	p, err := s.Add(t.Context(), "work", acme, secret, "", false)
	if err != nil || p.Keeper != EncryptedFile {
		t.Fatalf("added %+v, %v", p, err)
	}
	files, _ := filepath.Glob(filepath.Join(s.Dir(), "*"))
	for _, f := range files {
		if data, _ := os.ReadFile(f); strings.Contains(string(data), "hush-1") {
			t.Errorf("%s shows the secret", f)
		}
	}
	if got, err := s.Load(t.Context(), "work"); err != nil || got["APIToken"] != "hush-1" {
		t.Errorf("loaded %v, %v", got, err)
	}
	var e *SecretsError
	if _, err := s.Add(t.Context(), "other", acme, secret, Keyring, false); !errors.As(err, &e) || !errors.Is(err, errNoKeyring) {
		t.Errorf("with the keyring asked for: %v", err)
	}
	if list, err := s.List(); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

// A keyring that is locked, and one that has lost its entry.
func TestLostSecret(t *testing.T) {
	s, ring := openTemp(t)
	if _, err := s.Add(t.Context(), "work", maps.Clone(acme), secret, "", false); err != nil {
		t.Fatal(err)
	}
	ring.err = errors.New("locked")
	change := func(p, _ map[string]string) error { p["MaxRows"] = "1"; return nil }
	_, load := s.Load(t.Context(), "work")
	for doing, err := range map[string]error{"Load": load, "Edit": s.Edit(t.Context(), "work", change), "Remove": s.Remove(t.Context(), "work", false)} {
		if !errors.As(err, new(*SecretsError)) || !errors.Is(err, ring.err) {
			t.Errorf("%s: %v", doing, err)
		}
	}
	if p, err := s.Find("work"); err != nil || p.Properties["MaxRows"] != "" {
		t.Errorf("it was changed: %v, %v", p, err)
	}
	ring.err = nil
	clear(ring.entries)
	if _, err := s.Load(t.Context(), "work"); !errors.Is(err, errNotKept) || !strings.Contains(err.Error(), "connect edit work") {
		t.Errorf("without its entry: %v", err)
	}
	if err := s.Edit(t.Context(), "work", func(_, s map[string]string) error { s["APIToken"] = "hush-4"; return nil }); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load(t.Context(), "work"); err != nil || got["APIToken"] != "hush-4" {
		t.Errorf("given anew: %v, %v", got, err)
	}
	ring.err = errors.New("gone")
	if err := s.Remove(t.Context(), "work", true); err != nil {
		t.Errorf("by force: %v", err)
	}
}

// When the list cannot be written, its new secret is not left behind.
func TestUnwrittenList(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a directory cannot take the place of a file there")
	}
	s, ring := openTemp(t)
	_, err := s.Add(t.Context(), "work", acme, secret, "", false)
	if err != nil {
		t.Fatal(err)
	}
	blocked := *s
	blocked.list, err = privatefile.New(filepath.Join(t.TempDir(), "f"), listKind)
	if err != nil {
		t.Fatal(err)
	}
	err = blocked.change(t.Context(), func([]Profile) (changed, error) {
		if err := os.MkdirAll(filepath.Join(blocked.Path(), "x"), 0o700); err != nil {
			t.Fatal(err)
		}
		var made Profile
		if err := blocked.keep(t.Context(), &made, secret, Keyring); err != nil {
			t.Fatal(err)
		}
		return changed{made: made}, nil
	})
	if !errors.As(err, new(*privatefile.Error)) || len(ring.entries) != 1 {
		t.Errorf("%v; the keyring has %d entries", err, len(ring.entries))
	}
}

// Who is interrupted while a profile is saved leaves no secrets behind.
func TestInterruptedEdit(t *testing.T) {
	s, ring := openTemp(t)
	if _, err := s.Add(t.Context(), "work", nil, map[string]string{"APIToken": "hush-1"}, "", false); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	err := s.Edit(ctx, "work", func(_, secrets map[string]string) error {
		secrets["APIToken"] = "hush-2"
		interrupt()
		return nil
	})
	if err != nil || len(ring.entries) != 1 {
		t.Errorf("%d entries in the keyring, %v", len(ring.entries), err)
	}
	if all, err := s.Load(t.Context(), "work"); err != nil || all["APIToken"] != "hush-2" {
		t.Errorf("the profile has another secret, %v", err)
	}
}

// Processes add profiles side by side; none is lost.
func TestConcurrentAdd(t *testing.T) {
	s, ring := openTemp(t)
	ring.err = errNoKeyring
	var wg sync.WaitGroup
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	for _, name := range names {
		wg.Go(func() {
			if _, err := s.Add(t.Context(), name, acme, map[string]string{"APIToken": name}, "", false); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, name := range names {
		if got, err := s.Load(t.Context(), name); err != nil || got["APIToken"] != name {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// A file that cannot be used is left alone.
func TestUnusableList(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("mode bits mean nothing on Windows")
	}
	for name, test := range map[string]struct {
		problem privatefile.Problem
		spoil   func(path string) error
	}{
		"open":      {privatefile.TooOpen, func(p string) error { return os.Chmod(p, 0o644) }},
		"cut":       {privatefile.Corrupt, func(p string) error { return os.Truncate(p, 60) }},
		"foreign":   {privatefile.Corrupt, func(p string) error { return os.WriteFile(p, []byte(`{"profiles":{"x":"hush"}}`), 0o600) }},
		"twice":     {privatefile.Corrupt, func(p string) error { return respell(p, `"b"`, `"A"`) }},
		"name":      {privatefile.Corrupt, func(p string) error { return respell(p, `"b"`, `"-b"`) }},
		"no id":     {privatefile.Corrupt, func(p string) error { return respell(p, `"id"`, `"di"`) }},
		"newer":     {privatefile.NewerVersion, func(p string) error { return respell(p, `"version": 1`, `"version": 2`) }},
		"directory": {privatefile.NotAFile, func(p string) error { return errors.Join(os.Remove(p), os.Mkdir(p, 0o700)) }},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := openTemp(t)
			for _, name := range []string{"a", "b"} {
				if _, err := s.Add(t.Context(), name, acme, secret, "", false); err != nil {
					t.Fatal(err)
				}
			}
			if err := test.spoil(s.Path()); err != nil {
				t.Fatal(err)
			}
			before, _ := os.ReadFile(s.Path())
			_, list := s.List()
			_, load := s.Load(t.Context(), "a")
			_, add := s.Add(t.Context(), "c", acme, secret, "", true)
			for doing, err := range map[string]error{
				"List": list, "Load": load, "Add": add, "Remove": s.Remove(t.Context(), "a", true),
				"Edit": s.Edit(t.Context(), "a", func(_, _ map[string]string) error { return nil }),
			} {
				var e *privatefile.Error
				if !errors.As(err, &e) || e.Problem != test.problem || strings.Contains(err.Error(), "hush") {
					t.Errorf("%s: %v, want a file that is %s", doing, err, test.problem)
				}
			}
			if after, _ := os.ReadFile(s.Path()); string(after) != string(before) {
				t.Errorf("it was changed to %s", after)
			}
		})
	}
}

func respell(path, old, by string) error {
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), old) {
		return errors.Join(err, errors.New("no "+old))
	}
	return os.WriteFile(path, []byte(strings.Replace(string(data), old, by, 1)), 0o600)
}

func TestNames(t *testing.T) {
	for name, good := range map[string]bool{
		"a": true, "work-2.x_Y": true, "": false, "-x": false, "a b": false, "a;b": false, "ä": false, "../x": false,
		strings.Repeat("x", 64): true, strings.Repeat("x", 65): false,
	} {
		err := CheckName(name)
		if (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
		if err != nil && len(name) > 3 && strings.Contains(err.Error(), name) {
			t.Errorf("the error shows %q", name)
		}
	}
}

func TestDefault(t *testing.T) {
	for want, list := range map[string][]Profile{"": {{Name: "a"}, {Name: "b"}}, "a": {{Name: "a"}}, "Default": {{Name: "a"}, {Name: "Default"}}} {
		if p, ok := Default(list); p.Name != want || ok != (want != "") {
			t.Errorf("%v: %v, %v", list, p, ok)
		}
	}
	if _, ok := Default(nil); ok {
		t.Error("one of none")
	}
}
