package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// endOfInput is what a person presses to end what they type.
const endOfInput = "Ctrl-Z and Enter"

// terminalWidth tells whether a file is a console, and how many columns it has.
func terminalWidth(f *os.File) (columns int, isTerminal bool) {
	var info windows.ConsoleScreenBufferInfo
	if err := windows.GetConsoleScreenBufferInfo(windows.Handle(f.Fd()), &info); err != nil {
		return 0, false
	}
	return int(info.Window.Right-info.Window.Left) + 1, true
}
