package cli

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/seed281e34fa/bitbucketsql/internal/bitbucketfake"
)

// openTerminal returns the two ends of a terminal: what a person sees and types, and what a program has for that.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	t.Cleanup(func() { _ = person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// A secret that is typed does not show, everything else does.
func TestSecretDoesNotEcho(t *testing.T) {
	home := ownHome(t)
	person, tty := openTerminal(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = []string{program, "connect", "add", "work", "Workspace=acme", "AuthScheme=APIToken"}
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+home)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var seen strings.Builder
	until := func(text string) {
		t.Helper()
		for buffer := make([]byte, 1024); !strings.Contains(seen.String(), text); {
			n, err := person.Read(buffer)
			if seen.Write(buffer[:n]); err != nil {
				t.Fatalf("%v after %q", err, seen.String())
			}
		}
	}
	until("E-mail address of the Atlassian account: ")
	if _, err := person.WriteString("me@example.com\n"); err != nil {
		t.Fatal(err)
	}
	until("API token: ")
	// The prompt comes before the echo is switched off: what is typed too early would show in any program.
	for quiet := false; !quiet; {
		state, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		quiet = state.Lflag&unix.ECHO == 0
	}
	if _, err := person.WriteString("hush-typed\n"); err != nil {
		t.Fatal(err)
	}
	until("Next: bitbucketsql connect test work")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if text := seen.String(); strings.Contains(text, "hush") || !strings.Contains(text, "me@example.com") {
		t.Errorf("the terminal shows %q", text)
	}
	s := newSession("")
	run(t, s, exitOK, "connect", "list", "--format", "csv")
	if !strings.Contains(s.out.String(), "work,acme,APIToken,me@example.com,file,true") {
		t.Errorf("got %s", s.out.String())
	}
}

// onTerminal runs the command on a terminal of a number of columns, and returns what the terminal shows.
func onTerminal(t *testing.T, columns uint16, dsn string, args ...string) string {
	t.Helper()
	person, tty := openTerminal(t)
	if err := unix.IoctlSetWinsize(int(tty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{program}, args...)
	cmd.Env = append(os.Environ(), "TERM=dumb", dsnVariable+"="+dsn)
	cmd.Stdout, cmd.Stderr = tty, tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = tty.Close() // so that reading ends with the command
	seen, _ := io.ReadAll(person)
	_ = cmd.Wait() // errors are shown, too
	return strings.ReplaceAll(string(seen), "\r\n", "\n")
}

// Texts for people keep to the width of the terminal, and break at words.
func TestTextsFitTerminal(t *testing.T) {
	_, dsn := newFake(t, bitbucketfake.Config{})
	const wide = "SELECT Title FROM Workspace.PullRequests WHERE Title LIKE '%a%' AND CommentCount > 2 ORDER BY CreatedOn"
	for want, args := range map[string][]string{
		"\n             repository:admin runner\n":                             {"status"},
		"│    why         CommentCount >: Bitbucket\n│                cannot ": {"explain", wide},
		"│    requests    1 for each 100 rows, then\n│                for ":    {"query", "EXPLAIN " + wide},
		"error: repository acme/x is not there or\n       hidden":              {"query", "SELECT * FROM x.Branches"},
		"error: line 1, column 8: no such column:\n       Titel; ":             {"query", "SELECT Titel FROM platform.PullRequests WHERE State = 'OPEN'"},
	} {
		shown := onTerminal(t, 42, dsn, args...)
		if !strings.Contains(shown, want) {
			t.Errorf("%q: got\n%s\nwant %q in it", args, shown, want)
		}
		for line := range strings.Lines(shown) {
			if displayWidth(strings.TrimSuffix(line, "\n")) > 42 {
				t.Errorf("%q: %d columns: %s", args, displayWidth(line), line)
			}
		}
	}
}

// What is in the data does not steer the terminal.
func TestDataDoesNotSteerTerminal(t *testing.T) {
	for _, format := range []string{"table", "csv", "json", "jsonl"} {
		shown := onTerminal(t, 80, "AuthScheme=None", "query", "--format", format, `SELECT char(27) || '[31m' || char(155) || 'red' || char(7) AS "`+"\x1b"+`[2J"`)
		if strings.ContainsAny(shown, "\x1b\a\u009b") || !strings.Contains(shown, `\u001b[31m\u009bred\u0007`) || !strings.Contains(shown, `\u001b[2J`) {
			t.Errorf("%s: got %q", format, shown)
		}
	}
}
