package oauthstore

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

const (
	keySuffix  = ".key"
	lockSuffix = ".lock"
	lockPoll   = 10 * time.Millisecond
)

// fileStore is a store in a file.
type fileStore struct {
	path string
	gate gate // shared by all stores of the path: the file lock is polled by one goroutine of a process only
}

var gates sync.Map // path -> gate

// newFileStore resolves links first, so that a linked settings file is written where it is and locked under one name.
func newFileStore(path string) (*fileStore, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, &FileError{Path: path, Problem: Unavailable, Err: err}
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	} else if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	g, _ := gates.LoadOrStore(path, newGate())
	return &fileStore{path: path, gate: g.(gate)}, nil
}

func (s *fileStore) Load(ctx context.Context) (Settings, error) {
	var last []byte
	for {
		if err := ctx.Err(); err != nil {
			return Settings{}, err
		}
		data, err := readPrivate(s.path, true)
		if errors.Is(err, fs.ErrNotExist) {
			return Settings{}, ErrNoSettings
		}
		if err != nil {
			return Settings{}, err
		}
		settings, err := s.decode(data)
		if err == nil || bytes.Equal(data, last) {
			return settings, err
		}
		last = data // the key may be that of a file which has just taken the place of this one
	}
}

func (s *fileStore) decode(data []byte) (Settings, error) {
	e, err := parseEnvelope(s.path, data)
	if err != nil {
		return Settings{}, err
	}
	key, err := readKey(s.path + keySuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, &FileError{
			Path: s.path, Problem: KeyMissing,
			Detail: "it was copied without " + s.path + keySuffix + "; copy that too, or remove the settings file and " + howToSignIn,
		}
	}
	if err != nil {
		return Settings{}, err
	}
	return e.open(s.path, key)
}

func (s *fileStore) Save(ctx context.Context, settings Settings) error {
	if _, err := s.Load(ctx); err != nil && !errors.Is(err, ErrNoSettings) {
		return err // what we cannot read we don't replace
	}
	if err := s.makeDir(); err != nil {
		return err
	}
	key, err := readKey(s.path + keySuffix)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = makeKey(s.path + keySuffix)
	}
	if err != nil {
		return err
	}
	data, err := seal(settings, key)
	if err != nil {
		return err
	}
	sweep(s.path)
	return writeAtomic(s.path, data, os.Rename)
}

func (s *fileStore) Lock(ctx context.Context) (func(), error) {
	if err := s.makeDir(); err != nil {
		return nil, err
	}
	leave, err := s.gate.enter(ctx)
	if err != nil {
		return nil, err
	}
	lock := flock.New(s.path + lockSuffix)
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		leave()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, writeFailure(s.path+lockSuffix, err)
	}
	return sync.OnceFunc(func() {
		_ = lock.Close()
		leave()
	}), nil
}

// writable finds out whether Save can work, before a renewal makes it necessary.
func (s *fileStore) writable() error {
	f, err := os.CreateTemp(filepath.Dir(s.path), tempPattern(s.path))
	if err != nil {
		return writeFailure(s.path, err)
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	return nil
}

// remove deletes the settings first: a key alone is no harm.
func (s *fileStore) remove() error {
	paths := []string{s.path, s.path + keySuffix}
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil {
			if err := checkOwner(path, info); err != nil {
				return err
			}
		}
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return writeFailure(path, err)
		}
	}
	return syncDir(filepath.Dir(s.path))
}

func (s *fileStore) makeDir() error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return writeFailure(s.path, err)
	}
	return nil
}
