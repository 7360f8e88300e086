package api

import (
	"context"
	"fmt"

	"github.com/seed281e34fa/bitbucketsql/internal/panics"
)

// guard makes a panic of f the error: a transport, an authorizer, a logger or a decoder that panics ends what it was called for
// and not the program, for they are called in goroutines where nobody else could catch it.
func (c *Client) guard(ctx context.Context, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			caught := panics.New(c.withoutSecrets(v))
			caught.Log(ctx, c.log)
			err = caught
		}
	}()
	return f()
}

// withoutSecrets is the value of a panic without the credential, which may be in what a transport shows of a request.
func (c *Client) withoutSecrets(value any) any {
	text := c.redaction.hide(fmt.Sprint(value)) // which survives an Error or String that panics
	if err, ok := value.(error); ok {
		return &redacted{text, func() error { return err }}
	}
	return text
}
