package oauthstore

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

var sample = Settings{
	ClientID: testClient, ClientSecret: testSecret, AccessToken: "hush-access", RefreshToken: "hush-refresh", Scope: "repository",
	Obtained: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), Expiry: time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC),
	TokenURL: "http://localhost:1/t", AuthURL: "http://localhost:1/a", CallbackURL: DefaultCallbackURL, Grant: AuthorizationCode,
}

func TestFileRoundTrip(t *testing.T) {
	store, path := savedFile(t, sample)
	got, err := store.Load(t.Context())
	if err != nil || !reflect.DeepEqual(got, sample) {
		t.Fatalf("loaded %v, %v", got, err)
	}
	for name, mode := range map[string]fs.FileMode{path: 0o600, path + ".key": 0o600, filepath.Dir(path): 0o700 | fs.ModeDir} {
		if info, err := os.Stat(name); err != nil || info.Mode() != mode && runtime.GOOS != "windows" {
			t.Errorf("%s: mode %v, %v; want %v", name, info.Mode(), err, mode)
		}
	}
	data, _ := os.ReadFile(path)
	for _, s := range []string{"hush-", testSecret, testClient, "repository", "localhost"} {
		if bytes.Contains(data, []byte(s)) {
			t.Errorf("the file shows %q", s)
		}
	}
	key, _ := os.ReadFile(path + ".key")
	sample2 := sample
	sample2.AccessToken = strings.Repeat("long", 2000)
	if err := store.Save(t.Context(), sample2); err != nil {
		t.Fatal(err)
	}
	if again, _ := os.ReadFile(path + ".key"); !bytes.Equal(key, again) {
		t.Error("the key changed")
	}
	if got, err := store.Load(t.Context()); err != nil || got.AccessToken != sample2.AccessToken {
		t.Error(got, err)
	}
	if names, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*.tmp")); len(names) > 0 {
		t.Errorf("left behind: %q", names)
	}
	if err := Delete(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context()); !errors.Is(err, ErrNoSettings) {
		t.Errorf("after Delete: %v", err)
	}
	if err := Delete(t.Context(), store); err != nil {
		t.Errorf("second Delete: %v", err)
	}
}

func TestOpenDefaultAndMemory(t *testing.T) {
	store, err := Open("")
	if err != nil || filepath.Base(store.(*fileStore).file.Path()) != "OAuthSettings.json" {
		t.Errorf("Open(\"\") = %v, %v", store, err)
	}
	name := t.TempDir() // another run of the test has another
	one, _ := Open("memory://" + name)
	two, _ := Open("MEMORY://" + name)
	other, _ := Open("memory://" + name + "x")
	if err := one.Save(t.Context(), sample); err != nil {
		t.Fatal(err)
	}
	if got, err := two.Load(t.Context()); err != nil || got != sample {
		t.Error(got, err)
	}
	if _, err := other.Load(t.Context()); !errors.Is(err, ErrNoSettings) {
		t.Error(err)
	}
	if err := Delete(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Load(t.Context()); !errors.Is(err, ErrNoSettings) {
		t.Error(err)
	}
}

func TestFileThroughLink(t *testing.T) {
	store, path := savedFile(t, sample)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	linked, err := Open(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := linked.Save(t.Context(), Settings{AccessToken: "new"}); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Load(t.Context()); err != nil || got.AccessToken != "new" {
		t.Error(got, err)
	}
}

func TestLock(t *testing.T) {
	for _, location := range []string{"memory://" + t.TempDir(), filepath.Join(t.TempDir(), "dir", "f")} {
		store, err := Open(location)
		if err != nil {
			t.Fatal(err)
		}
		unlock, err := store.Lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		again, _ := Open(location)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		if _, err := again.Lock(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: second Lock: %v", location, err)
		}
		cancel()
		unlock()
		unlock()
		unlock, err = again.Lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		unlock()
	}
}

// unusable makes a saved file unusable, and says how Load must call it.
var unusable = []struct {
	name    string
	problem Problem
	spoil   func(path string) error
}{
	{"group readable", TooOpen, func(p string) error { return os.Chmod(p, 0o640) }},
	{"world readable", TooOpen, func(p string) error { return os.Chmod(p, 0o604) }},
	{"world writable", TooOpen, func(p string) error { return os.Chmod(p, 0o602) }},
	{"read only", ReadOnly, func(p string) error { return os.Chmod(p, 0o400) }},
	{"open key", TooOpen, func(p string) error { return os.Chmod(p+".key", 0o644) }},
	{"no key", KeyMissing, func(p string) error { return os.Remove(p + ".key") }},
	{"short key", Corrupt, func(p string) error { return os.WriteFile(p+".key", []byte("YWJj"), 0o600) }},
	{"other key", Corrupt, func(p string) error {
		return os.WriteFile(p+".key", []byte("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), 0o600)
	}},
	{"empty", Corrupt, func(p string) error { return os.WriteFile(p, nil, 0o600) }},
	{"foreign", Corrupt, func(p string) error { return os.WriteFile(p, []byte("OAuthAccessToken=hush\n"), 0o600) }},
	{"foreign JSON", Corrupt, func(p string) error { return os.WriteFile(p, []byte(`{"version":7,"access_token":"hush"}`), 0o600) }},
	{"cut", Corrupt, func(p string) error { return os.Truncate(p, 100) }},
	{"huge", Corrupt, func(p string) error { return os.Truncate(p, 2<<20) }},
	{"newer", NewerVersion, func(p string) error {
		return os.WriteFile(p, []byte(`{"format":"bitbucketsql-oauth-settings","version":2,"cipher":{},"data":7}`), 0o600)
	}},
	{"directory", NotAFile, func(p string) error { return errors.Join(os.Remove(p), os.Mkdir(p, 0o700)) }},
}

func TestUnusableFileIsLeftAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("mode bits mean nothing on Windows")
	}
	server := newTokenServer(t, time.Hour)
	for _, tt := range unusable {
		t.Run(tt.name, func(t *testing.T) {
			store, path := savedFile(t, server.grant(2*time.Hour))
			if err := tt.spoil(path); err != nil {
				t.Fatal(err)
			}
			state := stateOf(path)
			_, load := store.Load(t.Context())
			save := store.Save(t.Context(), sample)
			_, token := NewSource(server.config(), store, sample).Token(t.Context())
			for doing, err := range map[string]error{"Load": load, "Save": save, "Token": token} {
				var fe *FileError
				if !errors.As(err, &fe) || fe.Problem != tt.problem {
					t.Errorf("%s: %v, want a file that is %s", doing, err, tt.problem)
				} else if strings.Contains(err.Error(), "hush") {
					t.Errorf("%s shows a secret: %v", doing, err)
				}
			}
			if got := stateOf(path); got != state {
				t.Errorf("it was changed:\n%s\n%s", state, got)
			}
			if err := Delete(t.Context(), store); err != nil { // the user's own wish
				t.Fatal(err)
			}
			if err := store.Save(t.Context(), sample); err != nil {
				t.Errorf("Save after Delete: %v", err)
			}
		})
	}
	if _, n := server.counts(); n != 0 {
		t.Errorf("%d token requests were made", n)
	}
}

// stateOf is the content and mode of a settings file and of its key.
func stateOf(path string) string {
	var b strings.Builder
	for _, p := range []string{path, path + ".key"} {
		data, _ := os.ReadFile(p)
		if info, err := os.Stat(p); err == nil {
			b.WriteString(info.Mode().String() + info.ModTime().String())
		}
		b.Write(data)
	}
	return b.String()
}

func TestUnavailableDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := Open(filepath.Join(file, "settings"))
	if err != nil {
		t.Fatal(err)
	}
	_, load := store.Load(t.Context())
	_, lock := store.Lock(t.Context())
	for _, err := range []error{load, lock, store.Save(t.Context(), sample)} {
		if fe, ok := errors.AsType[*FileError](err); !ok || fe.Problem != Unavailable {
			t.Errorf("%v", err)
		}
	}
}

// loadMutant checks that a settings file with this content is either the sample or refused and left alone.
func loadMutant(t *testing.T, store Store, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := store.Load(t.Context())
	if err == nil {
		if got != sample {
			t.Fatalf("%q was read as %v", data, got)
		}
		return
	}
	if !errors.As(err, new(*FileError)) {
		t.Fatalf("%q: %v", data, err)
	}
	if err := store.Save(t.Context(), sample); err == nil {
		t.Fatalf("%q was overwritten", data)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, data) {
		t.Fatalf("%q was changed to %q, %v", data, after, err)
	}
}

func TestCorruption(t *testing.T) {
	store, path := savedFile(t, sample)
	good, _ := os.ReadFile(path)
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		data := bytes.Clone(good)
		switch r.IntN(4) {
		case 0:
			data[r.IntN(len(data))] ^= 1 << r.IntN(8)
		case 1:
			data = data[:r.IntN(len(data))]
		case 2:
			i, j := r.IntN(len(data)), r.IntN(len(data))
			data = append(data[:min(i, j)], data[max(i, j):]...)
		default:
			for range 1 + r.IntN(20) {
				data[r.IntN(len(data))] = byte(r.IntN(256))
			}
		}
		loadMutant(t, store, path, data)
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Load(t.Context()); err != nil || got != sample {
		t.Fatal(got, err)
	}
}

func FuzzFile(f *testing.F) {
	store, path := savedFile(f, sample)
	good, _ := os.ReadFile(path)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte(`{"format":"bitbucketsql-oauth-settings","version":1e99}`))
	f.Add([]byte(`{"format":"bitbucketsql-oauth-settings","version":1,"cipher":"AES-256-GCM","data":"AAAA"}`))
	f.Fuzz(func(t *testing.T, data []byte) { loadMutant(t, store, path, data) })
}
