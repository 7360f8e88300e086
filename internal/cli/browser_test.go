package cli

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
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

// freeAddress is an address that nobody listens on. It lies below the ports that connections are given, so that none takes it
// before the test does.
func freeAddress() string {
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000))
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
	panic("no port is free")
}
