package bitbucketfake

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// SignIn does at an authorization URL what a person does in a browser: it loads the page and presses Allow or Deny. It
// returns where the server leads the browser then, the callback with code or error and state, without going there.
func SignIn(ctx context.Context, authorizeURL string, allow bool) (callback string, err error) {
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	do := func(method, body string) (*http.Response, string, error) {
		r, err := http.NewRequestWithContext(ctx, method, authorizeURL, strings.NewReader(body))
		if err != nil {
			return nil, "", err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		p, err := client.Do(r)
		if err != nil {
			return nil, "", err
		}
		defer func() { _ = p.Body.Close() }()
		text, err := io.ReadAll(p.Body)
		return p, string(text), err
	}
	p, text, err := do(http.MethodGet, "")
	if err != nil {
		return "", fmt.Errorf("authorize page: %w", err)
	}
	if p.StatusCode == http.StatusOK {
		action := "deny"
		if allow {
			action = "allow"
		}
		if p, text, err = do(http.MethodPost, url.Values{"action": {action}}.Encode()); err != nil {
			return "", fmt.Errorf("authorize form: %w", err)
		}
	}
	if p.StatusCode != http.StatusFound {
		return "", fmt.Errorf("authorize page: %s: %s", p.Status, heading(text))
	}
	return p.Header.Get("Location"), nil
}

// heading is what a page says in its heading.
func heading(page string) string {
	_, rest, _ := strings.Cut(page, "<h1>")
	text, _, _ := strings.Cut(rest, "</h1>")
	return text
}
