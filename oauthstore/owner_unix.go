//go:build unix

package oauthstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

func checkOwner(path string, info fs.FileInfo) error { return checkOwnerIs(path, info, os.Geteuid()) }

func checkOwnerIs(path string, info fs.FileInfo, uid int) error {
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != uid {
		return &FileError{
			Path: path, Problem: ForeignOwner,
			Detail: fmt.Sprintf("the owner has uid %d, this process runs as %d; set OAuthSettingsLocation to a file of yours, or run as the owner", st.Uid, uid),
		}
	}
	return nil
}

func readOnlyDisk(err error) bool { return errors.Is(err, syscall.EROFS) }
