package oauthstore

import (
	"context"
	"fmt"

	"github.com/seed281e34fa/bitbucketsql/internal/panics"
)

// guard makes a panic of f the error. The transport and the function that opens a browser are the caller's own and run in
// goroutines in which nobody else could catch it. Of the value only the type is told: it may be a request, with its secrets.
func (c Config) guard(ctx context.Context, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			caught := panics.New(fmt.Sprintf("a value of type %T", v))
			caught.Log(ctx, c.log())
			err = caught
		}
	}()
	return f()
}
