package cli

import (
	"context"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
)

// What other programs know as a command or a flag is understood.
func TestCommandLine(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"help"}, "Usage: bitbucketsql <command>"},
		{[]string{"help", "query"}, "Usage: bitbucketsql query"},
		{[]string{"help", "connect", "add"}, "Usage: bitbucketsql connect add"},
		{[]string{"--version"}, "\nSQLite 3."},
		{[]string{"-V"}, "\nSQLite 3."},
	} {
		s := newSession("")
		if code := Run(context.Background(), test.args, &s.IO); code != exitOK || !strings.Contains(s.out.String(), test.want) || s.err.Len() > 0 {
			t.Errorf("%q: exit code %d\n%s%s", test.args, code, s.out.String(), s.err.String())
		}
	}
}

// Negative numbers and comments are no flags.
func TestArgumentsWithHyphens(t *testing.T) {
	const dsn = "Workspace=acme;AuthScheme=None"
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"SELECT typeof(?) AS a, ? AS b", "-5", "-0.5"}, "a,b\ninteger,-0.5\n"},
		{[]string{"SELECT ? AS a, typeof(?) AS b", "--", "-x", "-5"}, "a,b\n-x,integer\n"},
		{[]string{"SELECT length(?) AS a", "-1e5"}, "a\n4\n"},
		{[]string{"-- a comment\nSELECT 1 AS a"}, "a\n1\n"},
		{[]string{"--\nSELECT ? AS a", "-- b"}, "a\n-- b\n"},
	} {
		s := newSession("")
		code := Run(context.Background(), append([]string{"query", "--dsn", dsn, "--format", "csv"}, test.args...), &s.IO)
		if code != exitOK || s.out.String() != test.want {
			t.Errorf("%q: exit code %d, %q, %s", test.args, code, s.out.String(), s.err.String())
		}
	}
	s := newSession("")
	if code := Run(context.Background(), []string{"explain", "--dsn", dsn, "-- a comment\nSELECT ?", "-5"}, &s.IO); code != exitOK {
		t.Errorf("explain: exit code %d, %s", code, s.err.String())
	}
}

// Who is asked for SQL or a connection string, and presses Ctrl-C, gets out.
func TestCancelledInput(t *testing.T) {
	for _, args := range [][]string{{"query", "-"}, {"explain", "-"}, {"connect", "add", "work", "--dsn", "-"}} {
		ctx, cancel := context.WithCancel(context.Background())
		in, end := io.Pipe()
		s := newSession("")
		s.In = in
		done := make(chan int)
		go func() { done <- Run(ctx, args, &s.IO) }()
		if _, err := end.Write([]byte("SELECT")); err != nil {
			t.Fatal(err)
		}
		cancel()
		if code := <-done; code != exitCancelled || s.err.String() != "error: cancelled while reading standard input\n" {
			t.Errorf("%q: exit code %d, %s", args, code, s.err.String())
		}
		_ = end.Close()
	}
}

// The help has no place in the error of a full disk.
func TestHelpIntoFullDisk(t *testing.T) {
	s := newSession("")
	s.Out = fullDisk{}
	if code := Run(context.Background(), []string{"--help"}, &s.IO); code != exitError || s.err.String() != "error: write out: no space left on device\n" {
		t.Errorf("exit code %d, %q", code, s.err.String())
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "out", Err: syscall.ENOSPC}
}
