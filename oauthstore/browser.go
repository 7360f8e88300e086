package oauthstore

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
)

// ErrNoDisplay says that this session has no display that a browser could open on, as over SSH or in a container.
var ErrNoDisplay = errors.New("this session has no display (DISPLAY and WAYLAND_DISPLAY are not set)")

// OpenBrowser shows a page in the user's browser: with the program that $BROWSER names, else the one of the desktop. The
// error is [ErrNoDisplay] where there is none.
func OpenBrowser(url string) error {
	var program string
	var args []string
	switch named := os.Getenv("BROWSER"); {
	case named != "":
		program = named
	case runtime.GOOS == "windows":
		program, args = "rundll32", []string{"url.dll,FileProtocolHandler"}
	case runtime.GOOS == "darwin":
		program = "open"
	case os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		return ErrNoDisplay
	default:
		program = "xdg-open"
	}
	// Its output is dropped, because it could show the address in the middle of a prompt.
	return exec.Command(program, append(args, url)...).Run()
}
