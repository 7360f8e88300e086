package soak

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"syscall"
	"time"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// troubles are what goes wrong, for a few requests each time.
var troubles = []bitbucketfake.Fault{
	{Kind: bitbucketfake.FaultRateLimit},
	{Kind: bitbucketfake.FaultRateLimit, RetryAfter: "1"},
	{Kind: bitbucketfake.FaultStatus, Status: 500},
	{Kind: bitbucketfake.FaultStatus, Status: 502, Body: "<html><body>Bad gateway</body></html>"},
	{Kind: bitbucketfake.FaultStatus, Status: 503, RetryAfter: "1"},
	{Kind: bitbucketfake.FaultStatus, Status: 400},
	{Kind: bitbucketfake.FaultUnauthorized},
	{Kind: bitbucketfake.FaultScope, Body: "pullrequest"},
	{Kind: bitbucketfake.FaultHTML},
	{Kind: bitbucketfake.FaultCut},
	{Kind: bitbucketfake.FaultTruncate},
	{Kind: bitbucketfake.FaultDrip, Delay: 2 * time.Millisecond},
	{Kind: bitbucketfake.FaultLatency, Delay: 80 * time.Millisecond},
	{Kind: bitbucketfake.FaultHang},
}

// disturb makes one trouble after the other until the context ends.
func disturb(ctx context.Context, server *bitbucketfake.Server) {
	r := rand.New(rand.NewPCG(2, 3))
	for n := 0; ctx.Err() == nil; n++ {
		var faults bitbucketfake.Faults
		for range 1 + r.IntN(3) {
			f := troubles[r.IntN(len(troubles))]
			if f.Kind == bitbucketfake.FaultHang && r.IntN(8) > 0 {
				continue // it takes seconds
			}
			f.Path, f.After, f.Times = "/2.0/", r.IntN(20), 1+r.IntN(4)
			if f.Kind == bitbucketfake.FaultStatus && f.Status >= 500 && r.IntN(10) == 0 {
				f.Times = 60 // more than is retried
			}
			faults = append(faults, f)
		}
		server.SetFaults(faults)
		if n%50 == 0 {
			server.Reset() // the log of requests is ours, and not what is measured
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(20+r.IntN(150)) * time.Millisecond):
		}
	}
}

// classify names the type of an error, and says whether it is one that a caller can act on.
func classify(err error) (string, bool) {
	var (
		answered    *driver.APIError
		timeout     *driver.TimeoutError
		content     *driver.ContentError
		token       *driver.TokenError
		unreachable *driver.UnreachableError
		noToken     *driver.AnswerError
		network     net.Error
	)
	switch {
	case err == nil:
		return "", false
	case errors.Is(err, driver.ErrRateLimited):
		return "rate limited", true
	case errors.Is(err, driver.ErrUnauthorized):
		return "unauthorized", true
	case errors.Is(err, driver.ErrMissingScope):
		return "missing scope", true
	case errors.As(err, &answered):
		return "error answer", true
	case errors.As(err, &timeout):
		return "time-out of a request", true
	case errors.As(err, &content):
		return "not what was asked for", true
	case errors.As(err, &token), errors.As(err, &unreachable), errors.As(err, &noToken):
		return "no token", true
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.As(err, &network):
		return "connection broken", true
	}
	return "", false
}
