package oauthstore

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"

	"github.com/seed281e34fa/bitbucketsql/internal/privatefile"
)

// settingsKind marks a settings file. The version grows when older programs couldn't read what newer ones write.
var settingsKind = privatefile.Kind{
	Name: "OAuth settings file", Renew: howToSignIn, Elsewhere: "set OAuthSettingsLocation",
	Format: "bitbucketsql-oauth-settings", Version: 1,
}

// fileStore is a store in a file.
type fileStore struct{ file *privatefile.Sealed }

func newFileStore(path string) (*fileStore, error) {
	f, err := privatefile.NewSealed(path, settingsKind)
	if err != nil {
		return nil, err
	}
	return &fileStore{f}, nil
}

func (s *fileStore) Load(ctx context.Context) (Settings, error) {
	data, err := s.file.Load(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, ErrNoSettings
	}
	if err != nil {
		return Settings{}, err
	}
	var settings plainSettings
	if err := json.Unmarshal(data, &settings); err != nil {
		return Settings{}, s.file.Corrupt()
	}
	return Settings(settings), nil
}

func (s *fileStore) Save(ctx context.Context, settings Settings) error {
	if _, err := s.Load(ctx); err != nil && !errors.Is(err, ErrNoSettings) {
		return err // what we cannot read we don't replace
	}
	data, err := json.Marshal(plainSettings(settings))
	if err != nil {
		return err
	}
	return s.file.Save(data)
}

func (s *fileStore) Lock(ctx context.Context) (func(), error) { return s.file.Lock(ctx) }

// writable finds out whether Save can work, before a renewal makes it necessary.
func (s *fileStore) writable() error { return s.file.Writable() }

func (s *fileStore) remove() error { return s.file.Remove() }
