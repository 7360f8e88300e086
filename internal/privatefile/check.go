package privatefile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
	"syscall"
)

// longest is far more than the longest content needs.
const longest = 1 << 20

// read reads a file that must belong to this user alone. The error is fs.ErrNotExist when there is none, else an *Error.
func (k Kind) read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, k.failure(path, err)
	}
	if !info.Mode().IsRegular() { // before opening: a pipe would block
		return nil, k.fault(path, NotAFile, "")
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		if owner := k.checkOwner(path, info); owner != nil {
			return nil, owner
		}
		return nil, k.readFailure(path, err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, k.failure(path, err)
	}
	if err := k.checkPrivate(path, info); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, longest+1))
	if err != nil {
		return nil, k.failure(path, err)
	}
	if len(data) > longest {
		return nil, k.fault(path, Corrupt, "it is too large for one; move it away and %s", k.Renew)
	}
	return data, nil
}

func (k Kind) checkPrivate(path string, info fs.FileInfo) error {
	if err := k.checkOwner(path, info); err != nil {
		return err
	}
	perm := info.Mode().Perm()
	if perm&0o077 != 0 && runtime.GOOS != "windows" {
		return k.fault(path, TooOpen, "its mode is %04o; run: chmod 600 %s", perm, path)
	}
	if perm&0o200 == 0 && !k.MayBeReadOnly {
		return k.fault(path, ReadOnly, "what changes must be written to it; run: chmod 600 %s", path)
	}
	return nil
}

func (k Kind) checkOwner(path string, info fs.FileInfo) error {
	return k.checkOwnerIs(path, info, os.Geteuid())
}

// readFailure types an error of the operating system while the user's own file is opened.
func (k Kind) readFailure(path string, err error) *Error {
	e := k.failure(path, err)
	if errors.Is(err, fs.ErrPermission) {
		e.Detail = "it cannot be read; run: chmod 600 " + path
	}
	return e
}

// writeFailure types an error of the operating system while something at path is written.
func (k Kind) writeFailure(path string, err error) error {
	e := k.failure(path, err)
	e.Detail = "it cannot be written; " + k.Elsewhere + " to a path in a directory of yours"
	switch {
	case errors.Is(err, fs.ErrPermission) || readOnlyDisk(err):
		e.Problem = ReadOnly
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		e.Detail = "it cannot be written; make room, or " + k.Elsewhere + " to a path on another disk"
	}
	return e
}

// cause drops the path that an error of package os repeats.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
