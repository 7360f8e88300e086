package oauthstore

import "log/slog"

// watch is where the tests of this package look on: at the log of a [Config] without a logger, and at errors on their way to the
// caller. Programs have a log that discards, and errors that pass.
var watch = struct {
	log    slog.Handler
	failed func(error) error
}{slog.DiscardHandler, func(err error) error { return err }}
