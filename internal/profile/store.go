package profile

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/privatefile"
)

// Store keeps the profiles of a user. It is safe for concurrent use, of several processes too.
type Store struct {
	dir     string
	list    *privatefile.File
	keepers map[Keeper]keeper
}

// keeper keeps the secrets of profiles by id.
type keeper interface {
	// set keeps secrets under a new id.
	set(ctx context.Context, id string, secrets map[string]string) error
	// get returns errNotKept where there is nothing.
	get(ctx context.Context, id string) (map[string]string, error)
	// remove removes what there is, and nothing is no error.
	remove(ctx context.Context, id string) error
}

// forgetPatience is how long secrets that nobody needs any more may take to be removed.
const forgetPatience = 10 * time.Second

var errNotKept = errors.New("they are not there any more")

// ErrNoConfigDir says that there is nowhere to keep profiles.
var ErrNoConfigDir = privatefile.ErrNoConfigDir

// Open returns the user's store. Nothing is read or made yet. The error is [ErrNoConfigDir] or a [*privatefile.Error].
func Open() (*Store, error) {
	dir, err := privatefile.ConfigDir()
	if err != nil {
		return nil, err
	}
	list, err := privatefile.New(filepath.Join(dir, "connections.json"), listKind)
	if err != nil {
		return nil, err
	}
	sealed, err := privatefile.NewSealed(filepath.Join(dir, "connections-secrets.json"), secretsKind)
	if err != nil {
		return nil, err
	}
	return &Store{dir: dir, list: list, keepers: map[Keeper]keeper{Keyring: osKeyring{}, EncryptedFile: secretsFile{sealed}}}, nil
}

// Dir is where the profiles and their secrets are.
func (s *Store) Dir() string { return s.dir }

// Path is the file of the profiles.
func (s *Store) Path() string { return s.list.Path() }

// List returns all profiles by name. The error is a [*privatefile.Error] when the file cannot be used; there being none is
// no error.
func (s *Store) List() ([]Profile, error) {
	data, err := s.list.Read()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.decode(data)
}

// Find returns a profile, whatever the case of its name. Errors as for List, and [*UnknownError] or [*NameError].
func (s *Store) Find(name string) (Profile, error) {
	list, err := s.List()
	if err != nil {
		return Profile{}, err
	}
	i := find(list, name)
	if i < 0 {
		return Profile{}, unknown(list, name)
	}
	return list[i], nil
}

// Secrets returns the values of a profile's secrets by name. The error is a [*SecretsError].
func (s *Store) Secrets(ctx context.Context, p Profile) (map[string]string, error) {
	if p.Keeper == "" {
		return map[string]string{}, nil
	}
	k, err := s.keeper(p)
	if err != nil {
		return nil, err
	}
	secrets, err := k.get(ctx, p.id)
	return secrets, secretsError(p, err)
}

// Load returns all properties of a profile, secrets included. Errors as for Find and Secrets.
func (s *Store) Load(ctx context.Context, name string) (map[string]string, error) {
	p, err := s.Find(name)
	if err != nil {
		return nil, err
	}
	secrets, err := s.Secrets(ctx, p)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(p.Properties)
	maps.Copy(all, secrets)
	return all, nil
}

// Add keeps a new profile, and returns it. The keeper of its secrets may be left open (""): the keyring, and the encrypted
// file where that does not work. With replace a profile of the name may be there already. Errors: [*NameError],
// [*ExistsError], [*SecretsError], [*privatefile.Error] and that of ctx.
func (s *Store) Add(ctx context.Context, name string, properties, secrets map[string]string, keeper Keeper, replace bool) (Profile, error) {
	if err := CheckName(name); err != nil {
		return Profile{}, err
	}
	added := Profile{Name: name, Properties: properties}
	err := s.change(ctx, func(list []Profile) (changed, error) {
		var old Profile
		i := find(list, name)
		switch {
		case i < 0:
			i, list = len(list), append(list, added)
		case !replace:
			return changed{}, &ExistsError{list[i].Name}
		default:
			old = list[i]
		}
		if err := s.keep(ctx, &added, secrets, keeper); err != nil {
			return changed{}, err
		}
		list[i] = added
		return changed{list: list, made: added, gone: old}, nil
	})
	return added, err
}

// Edit changes a profile: change gets its properties and its secrets, and changes the maps. Secrets stay with their keeper; for
// those that are lost it gets an empty map. Errors as for Load and Add, and that of change.
func (s *Store) Edit(ctx context.Context, name string, change func(properties, secrets map[string]string) error) error {
	return s.change(ctx, func(list []Profile) (changed, error) {
		i := find(list, name)
		if i < 0 {
			return changed{}, unknown(list, name)
		}
		old := list[i]
		before, err := s.Secrets(ctx, old)
		if err != nil && !errors.Is(err, errNotKept) {
			return changed{}, err
		}
		edited := old
		edited.Properties = maps.Clone(old.Properties)
		secrets := map[string]string{}
		maps.Copy(secrets, before)
		if err := change(edited.Properties, secrets); err != nil {
			return changed{}, err
		}
		list[i] = edited
		if err == nil && maps.Equal(before, secrets) {
			return changed{list: list}, nil
		}
		if err := s.keep(ctx, &edited, secrets, old.Keeper); err != nil {
			return changed{}, err
		}
		list[i] = edited
		return changed{list: list, made: edited, gone: old}, nil
	})
}

// Remove forgets a profile and its secrets. With force it forgets a profile whose secrets cannot be removed, too. Errors as for
// Find, and [*SecretsError]: the profile is then still there.
func (s *Store) Remove(ctx context.Context, name string, force bool) error {
	return s.change(ctx, func(list []Profile) (changed, error) {
		i := find(list, name)
		if i < 0 {
			return changed{}, unknown(list, name)
		}
		if err := s.forget(ctx, list[i]); err != nil && !force {
			return changed{}, err
		}
		return changed{list: slices.Delete(list, i, i+1)}, nil
	})
}

// changed is a new list, with the profile whose secrets were kept for it and the one whose secrets are not needed any more.
type changed struct {
	list       []Profile
	made, gone Profile
}

// change replaces the list under its lock.
func (s *Store) change(ctx context.Context, change func([]Profile) (changed, error)) error {
	unlock, err := s.list.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	list, err := s.List()
	if err != nil {
		return err // what we cannot read we don't replace
	}
	c, err := change(list)
	if err != nil {
		return err
	}
	data, err := encode(c.list)
	if err == nil {
		err = s.list.Write(data)
	}
	// Who is interrupted from here on leaves no secrets behind either.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), forgetPatience)
	defer cancel()
	if err != nil {
		_ = s.forget(ctx, c.made)
		return err
	}
	if err := s.forget(ctx, c.gone); err != nil {
		return fmt.Errorf("the profile is saved, but its former secrets stay behind: %w", err)
	}
	return nil
}

// keep gives a profile's secrets to a keeper, under a new id.
func (s *Store) keep(ctx context.Context, p *Profile, secrets map[string]string, wanted Keeper) error {
	p.Secrets, p.Keeper, p.id = nil, "", ""
	if len(secrets) == 0 {
		return nil
	}
	var random [6]byte
	if _, err := rand.Read(random[:]); err != nil {
		return err
	}
	p.Secrets, p.Keeper, p.id = slices.Sorted(maps.Keys(secrets)), cmp.Or(wanted, Keyring), p.Name+"-"+hex.EncodeToString(random[:])
	k, err := s.keeper(*p)
	if err != nil {
		return err
	}
	if err = k.set(ctx, p.id, secrets); err != nil && wanted == "" && ctx.Err() == nil {
		p.Keeper = EncryptedFile
		err = s.keepers[p.Keeper].set(ctx, p.id, secrets)
	}
	return secretsError(*p, err)
}

// forget removes the secrets of a profile, if it has any.
func (s *Store) forget(ctx context.Context, p Profile) error {
	if p.Keeper == "" {
		return nil
	}
	k, err := s.keeper(p)
	if err != nil {
		return err
	}
	return secretsError(p, k.remove(ctx, p.id))
}

// keeper returns who has the secrets of a profile.
func (s *Store) keeper(p Profile) (keeper, error) {
	if k, ok := s.keepers[p.Keeper]; ok {
		return k, nil
	}
	return nil, secretsError(p, errors.New("this program does not know that place"))
}

func secretsError(p Profile, err error) error {
	if err == nil {
		return nil
	}
	return &SecretsError{Profile: p.Name, Keeper: p.Keeper, Err: err}
}
