package oauthstore

import (
	"path/filepath"
	"testing"

	"github.com/adrg/xdg"
)

func TestDefaultLocation(t *testing.T) {
	t.Cleanup(xdg.Reload) // after t.Setenv has put the variable back
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	xdg.Reload()
	if got, want := DefaultLocation(), filepath.Join(home, "bitbucketsql", "OAuthSettings.json"); got != want {
		t.Errorf("DefaultLocation() = %q, want %q", got, want)
	}
}
