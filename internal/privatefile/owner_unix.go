//go:build unix

package privatefile

import (
	"errors"
	"io/fs"
	"syscall"
)

func (k Kind) checkOwnerIs(path string, info fs.FileInfo, uid int) error {
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != uid {
		return k.fault(path, ForeignOwner, "the owner has uid %d, this process runs as %d; %s to a file of yours, or run as the owner", st.Uid, uid, k.Elsewhere)
	}
	return nil
}

func readOnlyDisk(err error) bool { return errors.Is(err, syscall.EROFS) }
