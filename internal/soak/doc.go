// Package soak holds a test of endurance: many connections at once, for as long as one likes, against a Bitbucket that limits,
// fails, dawdles, breaks off and lets tokens expire. Every answer must be right or a typed error, and at the end nothing may be
// left: no memory, no goroutine, no file descriptor.
//
//	go test ./internal/soak                                            # some seconds
//	BITBUCKETSQL_SOAK=10m go test ./internal/soak -v -timeout 20m      # ten minutes
package soak
