package installed

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// observer is a test that only notes how it ends.
type observer struct {
	testing.TB
	failed, skipped bool
}

func (o *observer) Helper() {}

func (o *observer) Fatalf(string, ...any) {
	o.failed = true
	runtime.Goexit()
}

func (o *observer) Skipf(string, ...any) {
	o.skipped = true
	runtime.Goexit()
}

// call calls Program as a test of its own does.
func call(names ...string) (path string, o observer) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		path = Program(&o, names...)
	}()
	<-done
	return path, o
}

func TestProgram(t *testing.T) {
	dir := t.TempDir()
	name := "there"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	want := filepath.Join(dir, name)
	if err := os.WriteFile(want, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	for ci, fails := range map[string]bool{"": false, "false": false, "0": false, "true": true, "1": true, "woodpecker": true} {
		t.Setenv("CI", ci)
		if path, o := call("absent", "there"); !strings.EqualFold(path, want) || o.failed || o.skipped {
			t.Errorf("CI=%s: found %q, %+v", ci, path, o)
		}
		if path, o := call("absent", "missing"); path != "" || o.failed != fails || o.skipped == fails {
			t.Errorf("CI=%s: without the program: failed %v, skipped %v", ci, o.failed, o.skipped)
		}
	}
}
