package cli

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// browser is a program that does what a browser and its user do: it opens the page that it is given, presses Allow, or Deny if
// $PRESS says so, and goes where it is led.
func browser() {
	if err := browse(os.Args[1], os.Getenv("PRESS") != "deny"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func browse(page string, allow bool) error {
	to, err := bitbucketfake.SignIn(context.Background(), page, allow)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(to)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
