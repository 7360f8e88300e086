//go:build unix

package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// endOfInput is what a person presses to end what they type.
const endOfInput = "Ctrl-D"

// terminalWidth tells whether a file is a terminal, and how many columns it has.
func terminalWidth(f *os.File) (columns int, isTerminal bool) {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, false
	}
	return int(size.Col), true
}
