package privatefile

import (
	"errors"
	"path/filepath"

	"github.com/adrg/xdg"
)

// ErrNoConfigDir says that this user has no configuration directory.
var ErrNoConfigDir = errors.New("there is no configuration directory: neither XDG_CONFIG_HOME nor HOME is an absolute path, set one of them")

// ConfigDir is the directory of this program below the user's configuration directory ($XDG_CONFIG_HOME, by default ~/.config; on
// macOS ~/Library/Application Support; on Windows %LOCALAPPDATA%). It need not exist. The error is [ErrNoConfigDir]: a relative
// path would mean another directory for each place that a program is started in, and XDG wants such paths ignored.
func ConfigDir() (string, error) {
	if !filepath.IsAbs(xdg.ConfigHome) {
		return "", ErrNoConfigDir
	}
	return filepath.Join(xdg.ConfigHome, "bitbucketsql"), nil
}
