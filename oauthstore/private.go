package oauthstore

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
)

// longestFile is far more than the longest tokens need.
const longestFile = 1 << 20

// readPrivate reads a file that must belong to this user alone. The error is fs.ErrNotExist when there is none, else a
// *FileError.
func readPrivate(path string, mustBeWritable bool) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, &FileError{Path: path, Problem: Unavailable, Err: cause(err)}
	}
	if !info.Mode().IsRegular() { // before opening: a pipe would block
		return nil, &FileError{Path: path, Problem: NotAFile}
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		if owner := checkOwner(path, info); owner != nil {
			return nil, owner
		}
		return nil, &FileError{Path: path, Problem: Unavailable, Err: cause(err)}
	}
	defer f.Close()
	if info, err = f.Stat(); err == nil {
		err = checkPrivate(path, info, mustBeWritable)
	}
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, longestFile+1))
	if err != nil {
		return nil, &FileError{Path: path, Problem: Unavailable, Err: cause(err)}
	}
	if len(data) > longestFile {
		return nil, corrupt(path)
	}
	return data, nil
}

func checkPrivate(path string, info fs.FileInfo, mustBeWritable bool) error {
	if err := checkOwner(path, info); err != nil {
		return err
	}
	perm := info.Mode().Perm()
	if perm&0o077 != 0 && runtime.GOOS != "windows" {
		return &FileError{Path: path, Problem: TooOpen, Detail: fmt.Sprintf("its mode is %04o; run: chmod 600 %s", perm, path)}
	}
	if perm&0o200 == 0 && mustBeWritable {
		return &FileError{Path: path, Problem: ReadOnly, Detail: "renewed tokens must be written to it, as the old ones die; run: chmod 600 " + path}
	}
	return nil
}

// writeFailure types an error of the operating system while something at path is written.
func writeFailure(path string, err error) error {
	problem := Unavailable
	if errors.Is(err, fs.ErrPermission) || readOnlyDisk(err) {
		problem = ReadOnly
	}
	return &FileError{Path: path, Problem: problem, Detail: "it cannot be written; set OAuthSettingsLocation to a path in a directory of yours", Err: cause(err)}
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
