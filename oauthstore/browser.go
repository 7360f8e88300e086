package oauthstore

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// ErrNoDisplay says that this session has no display that a browser could open on, as over SSH or in a container.
var ErrNoDisplay = errors.New("this session has no display (DISPLAY and WAYLAND_DISPLAY are not set)")

// CanOpenBrowser says whether [OpenBrowser] has anything to try. The error is [ErrNoDisplay].
func CanOpenBrowser() error {
	desktop := runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
	if desktop || os.Getenv("BROWSER") != "" {
		return nil
	}
	return ErrNoDisplay
}

// OpenBrowser shows a page in the user's browser: with the programs that $BROWSER names, in the form that xdg-open reads, else
// with the one of the desktop. The error is [ErrNoDisplay] where there is none.
func OpenBrowser(url string) error {
	var program string
	var args []string
	switch named := os.Getenv("BROWSER"); {
	case named != "":
		return openNamed(named, url)
	case runtime.GOOS == "windows":
		program, args = "rundll32", []string{"url.dll,FileProtocolHandler"}
	case runtime.GOOS == "darwin":
		program = "open"
	case CanOpenBrowser() != nil:
		return CanOpenBrowser()
	default:
		program = "xdg-open"
	}
	return runBrowser(program, append(args, url)...)
}

// openNamed runs the first command of a list that works. A command is the path of a program, or a program with arguments; the
// address takes the place of %s, or stands at the end.
func openNamed(list, url string) error {
	failed := errors.New("it is empty")
	for _, command := range filepath.SplitList(list) {
		words := strings.Fields(command)
		if _, err := exec.LookPath(command); err == nil {
			words = []string{command} // a path may have spaces
		}
		if len(words) == 0 {
			continue
		}
		placed := false
		for i, word := range words[1:] {
			placed = placed || strings.Contains(word, "%s")
			words[i+1] = strings.ReplaceAll(word, "%s", url)
		}
		if !placed {
			words = append(words, url)
		}
		if failed = runBrowser(words[0], words[1:]...); failed == nil {
			return nil
		}
	}
	return fmt.Errorf("BROWSER names none that works: %w", failed)
}

// runBrowser runs a browser. Its output is dropped, because it could show the address in the middle of a prompt.
func runBrowser(program string, args ...string) error { return exec.Command(program, args...).Run() }
