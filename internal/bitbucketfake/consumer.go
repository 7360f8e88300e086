package bitbucketfake

import (
	"net/url"
	"slices"
	"strings"
)

// Consumer is an OAuth consumer, as a workspace's settings page registers one.
type Consumer struct {
	Key, Secret string   // client_id and client_secret
	CallbackURL string   // a redirect_uri must equal or extend it; none: the authorize page refuses the consumer
	Private     bool     // may use client_credentials
	Scopes      []string // granted by every token; nil: every scope that the fake asks for
}

// demoConsumer is the consumer of a Config without any.
var demoConsumer = Consumer{Key: "demo-key", Secret: "demo-secret", CallbackURL: "http://localhost:33333", Private: true}

// SetConsumer adds a consumer, or replaces the one with its key. Tokens that were issued keep their scopes; refreshed
// ones lose those that the consumer has no longer.
func (s *Server) SetConsumer(c Consumer) {
	c.Scopes = slices.Clone(c.Scopes)
	o := &s.oauth
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.consumers {
		if o.consumers[i].Key == c.Key {
			o.consumers[i] = c
			return
		}
	}
	o.consumers = append(o.consumers, c)
}

// consumer finds a consumer by its key.
func (o *oauth) consumer(key string) (Consumer, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.consumers {
		if c.Key == key {
			return c, true
		}
	}
	return Consumer{}, false
}

func (c Consumer) granted() []string {
	if c.Scopes == nil {
		return consumerScopes
	}
	return c.Scopes
}

// redirects says whether a redirect_uri equals or extends the callback: the same scheme, host and port, a path that is
// the registered one or lies below it, and a query that begins with the registered one.
func (c Consumer) redirects(uri string) bool {
	reg, err := url.Parse(c.CallbackURL)
	if err != nil || c.CallbackURL == "" {
		return false
	}
	u, err := url.Parse(uri)
	if err != nil || u.User != nil || u.Opaque != "" || strings.Contains(uri, "#") {
		return false
	}
	if !strings.EqualFold(u.Scheme, reg.Scheme) || !strings.EqualFold(u.Host, reg.Host) {
		return false
	}
	path, below := "/"+strings.TrimPrefix(u.EscapedPath(), "/"), "/"+strings.TrimPrefix(reg.EscapedPath(), "/")
	for _, p := range strings.Split(u.Path, "/") {
		if p == ".." || p == "." {
			return false
		}
	}
	if path != below && !strings.HasPrefix(path, strings.TrimSuffix(below, "/")+"/") {
		return false
	}
	rest, ok := strings.CutPrefix(u.RawQuery, reg.RawQuery)
	return ok && (rest == "" || reg.RawQuery == "" || rest[0] == '&')
}
