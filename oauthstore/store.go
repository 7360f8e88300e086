package oauthstore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/privatefile"
)

// ErrNoSettings is what Load returns when nothing has been saved yet: nobody has signed in at this location.
var ErrNoSettings = errors.New("no OAuth settings are saved: sign in first")

// Store keeps one set of settings.
type Store interface {
	// Load returns the settings that were saved last, without needing the lock. The error is [ErrNoSettings] when there
	// are none, and a [*FileError] for a file that cannot be used.
	Load(ctx context.Context) (Settings, error)
	// Save replaces the settings: wholly, or not at all. It doesn't take the lock; who saves what depends on settings
	// loaded before must hold it. A file that Load refuses is never overwritten.
	Save(ctx context.Context, settings Settings) error
	// Lock excludes every other goroutine and process that locks the same location, until unlock is called (more calls
	// do nothing) or the process ends. It waits until ctx ends. The lock is not reentrant.
	Lock(ctx context.Context) (unlock func(), err error)
}

const memoryScheme = "memory://"

// DefaultLocation is the path of the OAuth settings file when a connection names none:
// bitbucketsql/OAuthSettings.json in the user's configuration directory ($XDG_CONFIG_HOME, by default ~/.config; on
// macOS ~/Library/Application Support; on Windows %LOCALAPPDATA%). Neither the file nor its directory need exist. It is empty
// where there is no such directory, because neither of the variables is an absolute path.
func DefaultLocation() string {
	dir, err := privatefile.ConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "OAuthSettings.json")
}

// IsMemory reports whether a location names a store in the memory of a process.
func IsMemory(location string) bool {
	return len(location) >= len(memoryScheme) && strings.EqualFold(location[:len(memoryScheme)], memoryScheme)
}

// Open returns the store at a location: "" is [DefaultLocation], "memory://name" is shared by everybody in this process
// who opens the same name and gone with the process, anything else is the path of a file. Nothing is read or made yet.
func Open(location string) (Store, error) {
	if location == "" {
		if location = DefaultLocation(); location == "" {
			return nil, fmt.Errorf("the OAuth settings have no place: %w, or set OAuthSettingsLocation", privatefile.ErrNoConfigDir)
		}
	}
	if IsMemory(location) {
		return memoryNamed(location[len(memoryScheme):]), nil
	}
	return newFileStore(location)
}

// Writable finds out whether settings can be saved in the store, before a sign-in would be in vain. It makes the directory of a
// file. The error is a [*FileError].
func Writable(store Store) error {
	if w, ok := store.(interface{ writable() error }); ok {
		return w.writable()
	}
	return nil
}

// Delete signs out: it removes the settings (and the key of a file), damaged ones too, but no file of another user. There
// being none is no error. Hold no lock: Delete takes it.
func Delete(ctx context.Context, store Store) error {
	d, ok := store.(interface{ remove() error })
	if !ok {
		return errors.New("this kind of OAuth settings store cannot delete its settings")
	}
	unlock, err := store.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return d.remove()
}
