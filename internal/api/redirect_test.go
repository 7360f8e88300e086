package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestRedirectsToAnotherHostLoseTheCredential(t *testing.T) {
	var foreign, back *http.Request
	var home *httptest.Server
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		foreign = r
		http.Redirect(w, r, home.URL+"/2.0/end", http.StatusTemporaryRedirect)
	}))
	defer other.Close()
	home = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/2.0/start":
			if r.Header.Get("Authorization") != "Bearer hush-secret" {
				t.Error("no credential at home")
			}
			http.Redirect(w, r, other.URL+"/file", http.StatusFound)
		default:
			back = r
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{}`)
		}
	}))
	defer home.Close()
	c := newClient(t, Options{BaseURL: home.URL + "/2.0", Auth: Bearer("hush-secret")})
	if _, err := Get(t.Context(), c, Request{Path: "/start", Query: url.Values{"q": {"mine"}}}, none); err != nil {
		t.Fatal(err)
	}
	for _, r := range []*http.Request{foreign, back} {
		if r == nil || len(r.Header["Authorization"]) > 0 || r.URL.RawQuery != "" || r.Header.Get("Referer") != "" {
			t.Errorf("sent %v", r)
		}
	}
}

func TestRedirectsAtHomeKeepCredentialAndQuery(t *testing.T) {
	var seen []string
	l := &listing{size: 30}
	c := newClient(t, Options{Auth: Bearer("hush-secret"), Transport: wire(func(r *http.Request) (*http.Response, error) {
		seen = append(seen, r.URL.RequestURI())
		if r.Header.Get("Authorization") != "Bearer hush-secret" {
			t.Error("no credential")
		}
		if r.URL.Path == "/2.0/pullrequests/1/diffstat" {
			return reply(302, "", "Location", "/2.0/diffstat/a..b?topic=true&fields=values.id"), nil
		}
		return serve(l)(r)
	})})
	rows, err := collect(t.Context(), List(c, ListRequest{
		Request: Request{Path: "/pullrequests/1/diffstat", Query: url.Values{"fields": {"values.id,next,size"}, "renames": {"false"}}},
		PageLen: 10,
	}, ids))
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, rows, 30)
	want := []string{ // later pages go to the final place at once
		"/2.0/pullrequests/1/diffstat?fields=values.id%2Cnext%2Csize&renames=false&pagelen=10",
		"/2.0/diffstat/a..b?topic=true&fields=values.id&pagelen=10&renames=false",
		"/2.0/diffstat/a..b?fields=values.id&page=2&renames=false&topic=true&pagelen=10",
		"/2.0/diffstat/a..b?fields=values.id&page=3&renames=false&topic=true&pagelen=10",
	}
	if strings.Join(seen, "\n") != strings.Join(want, "\n") {
		t.Errorf("sent\n%s\nwant\n%s", strings.Join(seen, "\n"), strings.Join(want, "\n"))
	}
}

func TestRedirectsThatAreRefused(t *testing.T) {
	for _, tt := range []struct {
		location string
		requests int
	}{
		{"", 1},
		{"http://api.bitbucket.org/2.0/x", 1},
		{"http://evil.example/x?token=hush", 1},
		{"ftp://api.bitbucket.org/x", 1},
		{"javascript:hush", 1},
		{"https:///hush", 1},
		{"https://api.bitbucket.org/%zz?hush", 1},
		{"/2.0/again", 6},
	} {
		n := 0
		c := newClient(t, Options{Transport: wire(func(*http.Request) (*http.Response, error) {
			n++
			return reply(302, "", "Location", tt.location), nil
		})})
		err := get(t.Context(), c, "/x")
		var redirect *RedirectError
		if !errors.As(err, &redirect) || strings.Contains(err.Error(), "hush") || n != tt.requests {
			t.Errorf("%q: %v after %d requests", tt.location, err, n)
		}
	}
}

func TestOrigin(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"https://a", "https://A:443/x", true},
		{"http://a:80", "http://a", true},
		{"https://a", "http://a", false},
		{"https://a", "https://b.a", false},
		{"https://a:1", "https://a:2", false},
		{"http://[::1]:80/", "http://[::1]", true},
	} {
		a, _ := url.Parse(tt.a)
		b, _ := url.Parse(tt.b)
		if (origin(a) == origin(b)) != tt.same {
			t.Errorf("%+v: %s %s", tt, origin(a), origin(b))
		}
	}
}
