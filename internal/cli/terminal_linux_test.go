package cli

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
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
