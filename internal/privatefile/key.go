package privatefile

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
)

const keyBytes = 32

// readKey reads the key of a sealed file: 32 bytes in base64. The error is fs.ErrNotExist when there is none.
func (k Kind) readKey(path string) ([]byte, error) {
	text, err := k.read(path)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.Strict().DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != keyBytes {
		return nil, k.fault(path, Corrupt, "it is not 32 bytes in base64; restore it and its file, or remove both and %s", k.Renew)
	}
	return key, nil
}

// makeKey makes the key, or returns the one that somebody else has made meanwhile: a key is never replaced.
func (k Kind) makeKey(path string) ([]byte, error) {
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	err := k.writeAtomic(path, append(base64.StdEncoding.AppendEncode(nil, key), '\n'), func(temp, path string) error {
		err := os.Link(temp, path) // unlike a rename it fails when there is one
		if err != nil && !errors.Is(err, fs.ErrExist) {
			err = os.Rename(temp, path) // a file system without links: our callers hold the lock
		}
		return err
	})
	if errors.Is(err, fs.ErrExist) {
		return k.readKey(path)
	}
	return key, err
}
