package driver

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

func TestStatus(t *testing.T) {
	f := startOAuth(t, bitbucketfake.Config{Public: true})
	api := func(c *Config) { c.AuthScheme, c.User, c.APIToken = APIToken, "me@example.com", fakeToken }
	token := func(c *Config) { c.AuthScheme, c.AccessToken = AccessToken, fakeToken }
	consumer := func(c *Config) {
		c.AuthScheme, c.OAuthClientId, c.OAuthClientSecret, c.OAuthAccessTokenURL = OAuthClient, "key1", "hush-client", f.TokenURL()
	}
	none := func(c *Config) { c.AuthScheme = None }
	status := func(set func(*Config)) (Status, error) {
		t.Helper()
		c := NewConfig()
		c.BaseURL, c.Workspace = f.URL()+"/2.0", "acme"
		set(c)
		connector, err := NewConnector(c)
		if err != nil {
			t.Fatal(err)
		}
		defer connector.Close()
		before := f.Stats().Requests
		s, err := connector.Status(t.Context())
		if n := f.Stats().Requests - before; n > 1 && c.AuthScheme != OAuthClient {
			t.Errorf("%s: %d requests", c.AuthScheme, n)
		}
		return s, err
	}
	for _, set := range []func(*Config){api, token, consumer} {
		if s, err := status(set); err != nil || s.UserName == "" || len(s.Scopes) < 3 || s.RateLimit != nil || s.SettingsLocation != "" ||
			s.TokenExpiresOn.IsZero() != (s.AuthScheme != OAuthClient) {
			t.Errorf("%+v, %v", s, err)
		}
	}
	s, err := status(none)
	if err != nil || s.UserName != "" || s.RateLimit == nil || s.RateLimit.Limit != 60 || s.RateLimit.Remaining < 1 || s.RateLimit.Remaining >= 60 ||
		time.Until(s.RateLimit.Reset) > time.Hour {
		t.Errorf("%+v %+v, %v", s, s.RateLimit, err)
	}
	if s, err := status(func(c *Config) { token(c); c.AccessToken = "hush" }); !errors.Is(err, ErrUnauthorized) || s.AuthScheme != AccessToken {
		t.Errorf("a wrong token: %+v, %v", s, err)
	}
	f.SetFaults(bitbucketfake.Faults{{Kind: bitbucketfake.FaultScope, Path: "/user"}})
	if s, err := status(token); err != nil || s.UserName != "" {
		t.Errorf("a token that may not know its user: %+v, %v", s, err)
	}
}

func TestRateLimitIn(t *testing.T) {
	for name, test := range map[string]struct {
		header map[string]string
		want   *RateLimit
		reset  time.Duration
	}{
		"none":      {nil, nil, 0},
		"anonymous": {map[string]string{"x-ratelimit-limit": "60, 60;w=3600", "x-ratelimit-remaining": "7", "x-ratelimit-reset": "745"}, &RateLimit{Limit: 60, Remaining: 7}, 745 * time.Second},
		"scaled":    {map[string]string{"X-RateLimit-Limit": "4000", "X-RateLimit-Resource": "api", "X-RateLimit-NearLimit": "true"}, &RateLimit{Limit: 4000, Remaining: -1, NearLimit: true}, 0},
		"an epoch":  {map[string]string{"X-Ratelimit-Limit": "60", "X-Ratelimit-Reset": "1795000000"}, &RateLimit{Limit: 60, Remaining: -1}, 0},
		"no number": {map[string]string{"X-Ratelimit-Limit": "many"}, nil, 0},
	} {
		h := http.Header{}
		for k, v := range test.header {
			h.Set(k, v)
		}
		got := rateLimitIn(h)
		if (got == nil) != (test.want == nil) {
			t.Errorf("%s: got %+v", name, got)
			continue
		}
		if got == nil {
			continue
		}
		if left := time.Until(got.Reset); got.Reset.IsZero() != (test.reset == 0) || test.reset > 0 && (left > test.reset || left < test.reset-time.Minute) {
			t.Errorf("%s: reset in %v, want %v", name, left, test.reset)
		}
		got.Reset = time.Time{}
		if *got != *test.want {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
}
