package oauthstore

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/port"
)

// page is what the browser of a test ends on.
type page struct {
	status int
	body   string
}

// browse is a browser that follows the redirects; change may change the address that it goes back to.
func browse(t *testing.T, shown chan<- page, change func(*url.URL)) func(string) error {
	client := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if change != nil {
			change(r.URL)
		}
		return nil
	}}
	return func(address string) error {
		resp, err := client.Get(address)
		if err != nil {
			t.Error(err)
			return nil
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		if resp.Header.Get("Referrer-Policy") != "no-referrer" || resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers %v", resp.Header)
		}
		shown <- page{resp.StatusCode, string(body)}
		return nil
	}
}

func TestAuthorize(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	for _, host := range []string{"localhost", "127.0.0.1"} {
		for _, path := range []string{"", "/oauth/back"} {
			cfg := server.config()
			cfg.CallbackURL = "http://" + host + ":" + port.Reserve(t) + path
			shown := make(chan page, 1)
			s, err := Authorize(t.Context(), cfg, browse(t, shown, nil))
			if err != nil {
				t.Fatal(err)
			}
			if !server.accepts(s.RefreshToken) || s.ClientID != testClient || s.CallbackURL != cfg.CallbackURL || s.Scope != "repository pullrequest" || s.Grant != AuthorizationCode {
				t.Errorf("%v", s)
			}
			if p := <-shown; p.status != 200 || !strings.Contains(p.body, "You can close this page") || strings.Contains(p.body, "hush") {
				t.Errorf("page %v", p)
			}
		}
	}
}

func TestAuthorizeFailures(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	for _, tt := range []struct {
		name   string
		cfg    func(*Config)
		change func(*url.URL)
		is     func(error) bool
	}{
		{"denied", func(c *Config) { c.Scope = "deny" }, nil, func(err error) bool {
			d, ok := errors.AsType[*DeniedError](err)
			return ok && d.Code == "access_denied"
		}},
		{"other state", nil, func(u *url.URL) {
			if q := u.Query(); q.Has("code") {
				q.Set("state", "forged")
				u.RawQuery = q.Encode()
			}
		}, func(err error) bool { return errors.As(err, new(*StateError)) }},
		{
			"denial with another state", func(c *Config) { c.Scope = "deny" }, func(u *url.URL) { u.RawQuery = "error=access_denied" },
			func(err error) bool { return errors.As(err, new(*StateError)) },
		},
		{"other code", nil, func(u *url.URL) {
			if q := u.Query(); q.Has("code") {
				q.Set("code", "hush-code-x")
				u.RawQuery = q.Encode()
			}
		}, func(err error) bool { return errors.As(err, new(*VerifierError)) }},
		{"wrong secret", func(c *Config) { c.ClientSecret = "hush-wrong" }, nil, func(err error) bool {
			e, ok := errors.AsType[*TokenError](err)
			return ok && e.Code == "unauthorized_client"
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := server.config()
			cfg.CallbackURL = "http://127.0.0.1:" + port.Reserve(t) + "/"
			if tt.cfg != nil {
				tt.cfg(&cfg)
			}
			shown := make(chan page, 1)
			s, err := Authorize(t.Context(), cfg, browse(t, shown, tt.change))
			if !tt.is(err) || s.AccessToken != "" || strings.Contains(err.Error(), "hush") {
				t.Errorf("%v", err)
			}
			if p := <-shown; p.status != 400 || !strings.Contains(p.body, "The sign-in failed") || strings.Contains(p.body, "hush") {
				t.Errorf("page %v", p)
			}
		})
	}
}

func TestAuthorizeIgnoresOtherRequests(t *testing.T) {
	server := newTokenServer(t, time.Hour)
	cfg := server.config()
	number := port.Reserve(t)
	cfg.CallbackURL = "http://127.0.0.1:" + number
	shown := make(chan page, 1)
	browser := browse(t, shown, nil)
	_, err := Authorize(t.Context(), cfg, func(address string) error {
		for _, other := range []struct {
			method, path, host string
			want               int
		}{
			{"GET", "/favicon.ico", "", 404},
			{"GET", "/", "", 400},
			{"POST", "/?code=a&state=b", "", 404},
			{"GET", "/?code=a&state=b", "evil.example:" + number, 404},
		} {
			r, _ := http.NewRequest(other.method, cfg.CallbackURL+other.path, nil)
			r.Host = other.host
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				continue
			}
			resp.Body.Close()
			if resp.StatusCode != other.want {
				t.Errorf("%v: HTTP %d", other, resp.StatusCode)
			}
		}
		return browser(address)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAuthorizeWithoutBrowser(t *testing.T) {
	cfg := Config{ClientID: "id", CallbackURL: "http://localhost:" + port.Reserve(t), Timeout: 30 * time.Millisecond}
	never := func(string) error { return nil }
	var late *TimeoutError
	if _, err := Authorize(t.Context(), cfg, never); !errors.As(err, &late) || late.After != cfg.Timeout {
		t.Errorf("nobody comes: %v", err)
	}
	hang := make(chan struct{})
	defer close(hang)
	if _, err := Authorize(t.Context(), cfg, func(string) error { <-hang; return nil }); !errors.As(err, &late) {
		t.Errorf("the browser hangs: %v", err)
	}
	cfg.Timeout = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := Authorize(ctx, cfg, never); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the context ends: %v", err)
	}
	var none *BrowserError
	if _, err := Authorize(t.Context(), cfg, func(string) error { return ErrNoDisplay }); !errors.Is(err, ErrNoDisplay) || !errors.As(err, &none) ||
		!strings.Contains(none.URL, "code_challenge=") || !strings.Contains(err.Error(), "--headless") {
		t.Errorf("no display: %v", err)
	}
}

func TestAuthorizePortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	opened := false
	for _, host := range []string{"127.0.0.1", "localhost"} {
		_, port, _ := net.SplitHostPort(l.Addr().String())
		_, err = Authorize(t.Context(), Config{CallbackURL: "http://" + host + ":" + port}, func(string) error { opened = true; return nil })
		if taken, ok := errors.AsType[*PortError](err); !ok || taken.Address != l.Addr().String() || opened {
			t.Errorf("%v, browser opened: %v", err, opened)
		}
	}
}

func TestAuthorizeCallbackURL(t *testing.T) {
	for _, u := range []string{"https://localhost:33333", "http://example.org:33333", "http://0.0.0.0:33333", "http://localhost", "http://localhost:0", "x", "http://192.168.0.1:1", "::"} {
		if _, err := Authorize(t.Context(), Config{CallbackURL: u}, nil); !errors.As(err, new(*CallbackError)) {
			t.Errorf("%s: %v", u, err)
		}
	}
}

func TestOpenBrowser(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux finds its browser by environment variables")
	}
	for _, name := range []string{"BROWSER", "DISPLAY", "WAYLAND_DISPLAY"} {
		t.Setenv(name, "")
	}
	if err := OpenBrowser("http://localhost"); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("%v", err)
	}
	out := filepath.Join(t.TempDir(), "out")
	program := filepath.Join(t.TempDir(), "a browser")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nprintf '[%s]' \"$@\" > '"+out+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(program)+":"+os.Getenv("PATH"))
	if err := os.Symlink(program, filepath.Join(filepath.Dir(program), "browser")); err != nil {
		t.Fatal(err)
	}
	const address = "http://localhost/?a=b&c=$d %s"
	for named, want := range map[string]string{
		program:                              "[" + address + "]",
		"browser":                            "[" + address + "]",
		"browser --new-window":               "[--new-window][" + address + "]",
		"browser --app=%s -x":                "[--app=" + address + "][-x]",
		"no-such-browser:false:browser -y::": "[-y][" + address + "]",
	} {
		t.Setenv("BROWSER", named)
		_ = os.Remove(out)
		err := OpenBrowser(address)
		if got, _ := os.ReadFile(out); err != nil || string(got) != want {
			t.Errorf("BROWSER=%s: opened %q, %v; want %q", named, got, err, want)
		}
	}
	t.Setenv("BROWSER", "false:no-such-browser")
	if err := OpenBrowser(address); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("two browsers that do not work: %v", err)
	}
	t.Setenv("BROWSER", ":")
	if err := OpenBrowser(address); err == nil {
		t.Error("a list without a browser works")
	}
}

// The port is free once the sign-in is over, however short it was.
func TestPortIsFreeAfterwards(t *testing.T) {
	cfg := newTokenServer(t, time.Hour).config()
	cfg.CallbackURL = "http://127.0.0.1:" + port.Reserve(t)
	for range 200 {
		if _, err := Authorize(t.Context(), cfg, func(string) error { return ErrNoDisplay }); !errors.Is(err, ErrNoDisplay) {
			t.Fatal(err)
		}
	}
}
