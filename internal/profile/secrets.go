package profile

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"

	"github.com/seed281e34fa/bitbucketsql/internal/privatefile"
)

var secretsKind = privatefile.Kind{
	Name: "file of connection secrets", Renew: howToMake, Elsewhere: "set XDG_CONFIG_HOME", MayBeReadOnly: true,
	Format: "bitbucketsql-connection-secrets", Version: 1,
}

// secretsFile keeps secrets in an encrypted file, for machines without a keyring.
type secretsFile struct{ file *privatefile.Sealed }

// read returns the secrets of all profiles by id.
func (s secretsFile) read(ctx context.Context) (map[string]map[string]string, error) {
	data, err := s.file.Load(ctx)
	all := map[string]map[string]string{}
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, s.file.Corrupt()
	}
	return all, nil
}

func (s secretsFile) change(ctx context.Context, change func(all map[string]map[string]string)) error {
	unlock, err := s.file.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	all, err := s.read(ctx)
	if err != nil {
		return err // what we cannot read we don't replace
	}
	change(all)
	if len(all) == 0 {
		return s.file.Remove()
	}
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return s.file.Save(data)
}

func (s secretsFile) set(ctx context.Context, id string, secrets map[string]string) error {
	return s.change(ctx, func(all map[string]map[string]string) { all[id] = secrets })
}

func (s secretsFile) get(ctx context.Context, id string) (map[string]string, error) {
	all, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	secrets, ok := all[id]
	if !ok {
		return nil, errNotKept
	}
	return secrets, nil
}

func (s secretsFile) remove(ctx context.Context, id string) error {
	return s.change(ctx, func(all map[string]map[string]string) { delete(all, id) })
}

// SecretsError says that a profile's secrets cannot be kept, read or removed.
type SecretsError struct {
	Profile string
	Keeper  Keeper
	Err     error
}

func (e *SecretsError) Error() string {
	s := "the secrets of the connection profile " + e.Profile + " are out of reach (" + string(e.Keeper) + "): " + e.Err.Error()
	if errors.Is(e.Err, errNotKept) {
		s += `; give them again with "bitbucketsql connect edit ` + e.Profile + `"`
	}
	return s
}

func (e *SecretsError) Unwrap() error { return e.Err }
