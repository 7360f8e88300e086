package bitbucketfake

import (
	"strconv"
	"testing"
	"time"
)

func TestHourlyLimit(t *testing.T) {
	s := start(t, Config{HourlyLimit: 10, Public: true})
	token := signIn(t, s).access()
	const path = "/2.0/repositories/acme/docs-site"
	basic := func() answer { return ask(s, path, "Authorization", "Basic bWU6ZGVtbw==") }
	first := basic()
	for range 4 {
		wantStatus(t, basic(), 200, "")
	}
	// A request without a body counts as well, and so does one by another credential of the same user.
	wantStatus(t, ask(s, path, "Authorization", "Basic bWU6ZGVtbw==", "If-None-Match", first.header.Get("Etag")), 304, "")
	s.SetClockSkew(30 * time.Minute)
	for range 4 {
		wantStatus(t, bearer(s, path, token), 200, "")
	}
	for _, a := range []answer{basic(), bearer(s, path, token)} {
		wantStatus(t, a, 429, "Rate limit for this resource has been exceeded")
		for name := range a.header {
			if name == "Retry-After" || len(name) > 11 && name[:11] == "X-Ratelimit" {
				t.Errorf("a user is told %s", name)
			}
		}
	}
	wantStatus(t, ask(s, path), 200, "") // an access token has an hour of its own
	wantStatus(t, unsigned(s, path), 200, "")
	s.SetClockSkew(61 * time.Minute) // the hour rolls: the first six are over
	for range 6 {
		wantStatus(t, basic(), 200, "")
	}
	wantStatus(t, basic(), 429, "")
}

func TestScaledLimit(t *testing.T) {
	s := start(t, Config{ScaledLimit: 20})
	for i := range 21 {
		a := ask(s, "/2.0/repositories/acme/docs-site")
		status, near := 200, i >= 16
		if i == 20 {
			status = 429
		}
		if a.status != status || a.header.Get("X-Ratelimit-Limit") != "20" || a.header.Get("X-Ratelimit-Nearlimit") != strconv.FormatBool(near) ||
			a.header.Get("X-Ratelimit-Remaining") != "" || a.header.Get("X-Ratelimit-Reset") != "" {
			t.Errorf("request %d: %d %v", i+1, a.status, a.header)
		}
	}
	if a := ask(s, "/2.0/repositories/acme/docs-site", "Authorization", "Basic bWU6ZGVtbw=="); a.status != 200 || a.header.Get("X-Ratelimit-Limit") != "" {
		t.Errorf("an API token has a scaled limit: %d %v", a.status, a.header)
	}
}
