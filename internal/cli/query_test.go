package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
	"github.com/seed281e34fa/bitbucketsql/internal/leak"
)

// brokenPipe is an output that nobody reads.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
}

func TestQueryOfBrokenPipe(t *testing.T) {
	_, dsn := newFake(t, bitbucketfake.Config{})
	for _, format := range []string{"table", "csv", "json", "jsonl"} {
		s := newSession("")
		s.Out = brokenPipe{}
		code := Run(context.Background(), []string{"query", "--dsn", dsn, "--format", format, "SELECT Slug FROM Repositories"}, &s.IO)
		if code != exitOK || s.err.Len() > 0 {
			t.Errorf("%s: exit code %d, stderr %q", format, code, s.err.String())
		}
	}
}

// await waits until the server was asked.
func await(t *testing.T, server *bitbucketfake.Server) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); server.Stats().Requests == 0; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no request came")
		}
	}
}

func TestQueryCancelled(t *testing.T) {
	server, dsn := newFake(t, bitbucketfake.Config{})
	server.SetFaults(bitbucketfake.Faults{{Kind: bitbucketfake.FaultHang}})
	defer leak.None(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(context.Background())
	s := newSession("")
	done := make(chan int)
	go func() {
		done <- Run(ctx, []string{"query", "--dsn", dsn, "SELECT COUNT(*) FROM platform.PullRequests"}, &s.IO)
	}()
	await(t, server)
	cancel()
	if code := <-done; code != exitCancelled {
		t.Errorf("exit code %d", code)
	}
	if got, want := s.err.String(), "error: cancelled after 1 request\n"; got != want {
		t.Errorf("stderr %q, want %q", got, want)
	}
}

func TestQueryTimeout(t *testing.T) {
	server, dsn := newFake(t, bitbucketfake.Config{})
	server.SetFaults(bitbucketfake.Faults{{Kind: bitbucketfake.FaultHang}})
	s := newSession("")
	code := Run(context.Background(), []string{"query", "--dsn", dsn, "--timeout", "100ms", "SELECT COUNT(*) FROM platform.PullRequests"}, &s.IO)
	if code != exitError || !strings.Contains(s.err.String(), "longer than the --timeout of 100ms") {
		t.Errorf("exit code %d, stderr %q", code, s.err.String())
	}
}

// Ctrl-C is a signal to a process.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted by another on Windows")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const sql = "SELECT COUNT(*) FROM platform.PullRequests"
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"query", sql}, "error: cancelled after 1 request\n"},
		{[]string{"explain", "--analyze", sql}, "error: cancelled\n"},
		{[]string{"status"}, "error: cancelled\n"},
	} {
		server, dsn := newFake(t, bitbucketfake.Config{})
		server.SetFaults(bitbucketfake.Faults{{Kind: bitbucketfake.FaultHang}})
		var stderr strings.Builder
		cmd := exec.Command(self)
		cmd.Args = append([]string{program}, test.args...)
		cmd.Env = append(os.Environ(), dsnVariable+"="+dsn)
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, server)
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitCancelled {
			t.Errorf("%s: %v, want exit code %d", test.args[0], err, exitCancelled)
		}
		if got := stderr.String(); got != test.want {
			t.Errorf("%s: stderr %q, want %q", test.args[0], got, test.want)
		}
	}
}

func TestQueryOnTerminal(t *testing.T) {
	_, dsn := newFake(t, bitbucketfake.Config{})
	s := newSession("")
	s.env[dsnVariable], s.IsTerminal, s.Width = dsn, true, 100
	if code := Run(context.Background(), []string{"query", "SELECT Id, Title, Links FROM platform.PullRequests LIMIT 2"}, &s.IO); code != exitOK {
		t.Fatalf("exit code %d: %s", code, s.err.String())
	}
	for line := range strings.SplitSeq(s.out.String(), "\n") {
		if displayWidth(line) > 100 {
			t.Errorf("%d columns: %s", displayWidth(line), line)
		}
	}
	s.out.Reset()
	if code := Run(context.Background(), []string{"query", "SELECT * FROM platform.PullRequests LIMIT 2"}, &s.IO); code != exitOK {
		t.Fatalf("exit code %d: %s", code, s.err.String())
	}
	if out := s.out.String(); !strings.HasPrefix(out, "─── row 1 ") || !strings.Contains(out, "\nTitle ") {
		t.Errorf("got\n%.600s", out)
	}
}
