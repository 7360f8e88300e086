package network

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

// handshake runs the talk with a proxy over conn, for as long as the context and maxHandshake allow, and closes conn if it
// fails. An error that is not e yet becomes e's cause.
func handshake(ctx context.Context, conn net.Conn, e *ProxyError, talk func() error) error {
	limited, cancel := context.WithTimeout(ctx, maxHandshake)
	defer cancel()
	stop := context.AfterFunc(limited, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	err := talk()
	if !stop() && err == nil {
		err = context.Cause(limited) // the deadline may be set by now, so that conn is of no use
	}
	if err == nil {
		return nil
	}
	_ = conn.Close()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if p := (*ProxyError)(nil); errors.As(err, &p) {
		return err
	}
	return broken(e, err, limited.Err() != nil)
}

// broken is a talk that ended in the middle.
func broken(e *ProxyError, err error, late bool) error {
	e.Reason, e.Err = Unreachable, err
	switch {
	case e.Detail != "": // says it already
	case late:
		e.Detail = "no answer within " + maxHandshake.String()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Detail, e.Err = "it hangs up", io.ErrUnexpectedEOF
	default:
		e.Detail = err.Error()
	}
	return e
}

// unreachable is a proxy that cannot be connected with; an error of the firewall before it stays.
func unreachable(e *ProxyError, err error) error {
	if p := (*ProxyError)(nil); errors.As(err, &p) {
		return err
	}
	e.Reason, e.Err, e.Detail = Unreachable, err, "no connection"
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		e.Detail += ", " + op.Err.Error()
	}
	return e
}
