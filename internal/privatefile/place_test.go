package privatefile

import (
	"errors"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/adrg/xdg"
)

// What is kept never goes into the working directory: relative paths in the environment are ignored, as XDG says, or refused.
func TestConfigDir(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("the directory is not found by these variables")
	}
	t.Cleanup(xdg.Reload)
	home := t.TempDir()
	for _, test := range []struct{ home, config, want string }{
		{home, "", filepath.Join(home, ".config", "bitbucketsql")},
		{home, filepath.Join(home, "c"), filepath.Join(home, "c", "bitbucketsql")},
		{home, "relative", filepath.Join(home, ".config", "bitbucketsql")},
		{"relative", filepath.Join(home, "c"), filepath.Join(home, "c", "bitbucketsql")},
		{"relative", "", ""},
		{"relative", "also", ""},
	} {
		t.Setenv("HOME", test.home)
		t.Setenv("XDG_CONFIG_HOME", test.config)
		xdg.Reload()
		got, err := ConfigDir()
		if got != test.want || (err == nil) != (test.want != "") || err != nil && !errors.Is(err, ErrNoConfigDir) {
			t.Errorf("HOME=%q XDG_CONFIG_HOME=%q: %q, %v, want %q", test.home, test.config, got, err, test.want)
		}
	}
}
