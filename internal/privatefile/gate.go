package privatefile

import (
	"context"
	"sync"
)

// Gate is a mutex that one can stop waiting for.
type Gate chan struct{}

// NewGate returns a Gate that is open.
func NewGate() Gate { return make(Gate, 1) }

// Enter waits for the gate until ctx ends, and closes it until leave is called; more calls do nothing.
func (g Gate) Enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case g <- struct{}{}:
		return sync.OnceFunc(func() { <-g }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
