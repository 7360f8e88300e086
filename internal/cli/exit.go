package cli

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"syscall"

	"github.com/seed281e34fa/bitbucketsql/driver"
	"github.com/seed281e34fa/bitbucketsql/internal/profile"
)

// The exit codes. The description of the program names them too.
const (
	exitOK        = 0
	exitError     = 1
	exitUsage     = 2
	exitAuth      = 4
	exitCancelled = 130 // 128 and the number of SIGINT, as shells count
)

// usageError is a fault of the arguments.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

func usageErrorf(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// statementError is an error of a statement, with its text.
type statementError struct {
	sql string
	err error
}

func (e *statementError) Error() string { return e.err.Error() }
func (e *statementError) Unwrap() error { return e.err }

// exitCode is the exit code for an error.
func exitCode(err error) int {
	var usage *usageError
	var config *driver.ConfigError
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE): // who reads has read enough
		return exitOK
	case errors.Is(err, context.Canceled):
		return exitCancelled
	case errors.Is(err, driver.ErrUnauthorized), errors.Is(err, driver.ErrForbidden), errors.As(err, new(*driver.DeniedError)),
		errors.As(err, new(*driver.VerifierError)), errors.As(err, new(*driver.TokenError)):
		return exitAuth
	case errors.As(err, &usage), errors.As(err, new(*driver.UnknownProfileError)), errors.As(err, new(*profile.NameError)),
		errors.As(err, new(*endedError)):
		return exitUsage
	case errors.As(err, &config) && errors.Unwrap(config) == nil: // else it is the file of profiles that is at fault
		return exitUsage
	}
	return exitError
}

// driverName begins the errors of the driver, which need no name where there is nothing else.
var driverName = regexp.MustCompile(`(^|[:;.] )bitbucket: `)

// report writes an error, if there is one to tell of, and returns the exit code for it.
func report(io *IO, err error) int {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return exitOK
	}
	message := driverName.ReplaceAllString(err.Error(), "$1")
	if exitCode(err) == exitCancelled {
		message = strings.ReplaceAll(message, context.Canceled.Error(), cancelled{}.Error())
	}
	fmt.Fprint(io.Err, hanging("error: ", printable(strings.Join(strings.Fields(message), " ")), io.ErrWidth))
	var statement *statementError
	if errors.As(err, &statement) {
		fmt.Fprint(io.Err, caret(statement.sql, statement.err, io.ErrWidth))
	}
	return exitCode(err)
}
