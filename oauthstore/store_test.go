package oauthstore

import (
	"net/http"
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

func TestStatic(t *testing.T) {
	source := Static("tok")
	for range 2 {
		token, err := source.Token()
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequest(http.MethodGet, "https://api.bitbucket.org/2.0/user", nil)
		if err != nil {
			t.Fatal(err)
		}
		token.SetAuthHeader(r)
		if got := r.Header.Get("Authorization"); got != "Bearer tok" {
			t.Errorf("Authorization = %q", got)
		}
	}
}
