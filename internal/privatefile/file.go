package privatefile

import (
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

// File is a private file, which need not exist. It is safe for concurrent use.
type File struct {
	path string
	kind Kind
	gate Gate // shared by all of the path: the file lock is polled by one goroutine of a process only
}

var gates sync.Map // path -> Gate

// New returns the file at a path. It resolves links first, so that a linked file is written where it is and locked under one
// name. Nothing is read or made yet.
func New(path string, kind Kind) (*File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, kind.failure(path, err)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	} else if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	g, _ := gates.LoadOrStore(path, NewGate())
	return &File{path: path, kind: kind, gate: g.(Gate)}, nil
}

// Path is where the file is, without links.
func (f *File) Path() string { return f.path }

// Read returns the content. The error is [fs.ErrNotExist] when there is no file, else an [*Error].
func (f *File) Read() ([]byte, error) { return f.kind.read(f.path) }

// Write replaces the content, wholly or not at all. It doesn't look at what is there: who must keep what it cannot
// understand reads it first.
func (f *File) Write(data []byte) error {
	if err := f.makeDir(); err != nil {
		return err
	}
	sweep(f.path)
	return f.kind.writeAtomic(f.path, data, os.Rename)
}

// Lock excludes every other goroutine and process that locks the same file, until unlock is called (more calls do nothing)
// or the process ends. It waits until ctx ends. The lock is not reentrant.
func (f *File) Lock(ctx context.Context) (unlock func(), err error) {
	if err := f.makeDir(); err != nil {
		return nil, err
	}
	leave, err := f.gate.Enter(ctx)
	if err != nil {
		return nil, err
	}
	lock := flock.New(f.path + lockSuffix)
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		leave()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, f.kind.writeFailure(f.path+lockSuffix, err)
	}
	return sync.OnceFunc(func() {
		_ = lock.Close()
		leave()
	}), nil
}

// Writable finds out whether Write can work, before it must. It makes the directory.
func (f *File) Writable() error {
	if err := f.makeDir(); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(f.path), tempPattern(f.path))
	if err != nil {
		return f.kind.writeFailure(f.path, err)
	}
	_ = temp.Close()
	_ = os.Remove(temp.Name())
	return nil
}

// remove deletes files in order, unless one belongs to another user. There being none is no error.
func (f *File) remove(paths ...string) error {
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil {
			if err := f.kind.checkOwner(path, info); err != nil {
				return err
			}
		}
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return f.kind.writeFailure(path, err)
		}
	}
	return f.kind.syncDir(filepath.Dir(f.path))
}

func (f *File) makeDir() error {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return f.kind.writeFailure(f.path, err)
	}
	return nil
}
