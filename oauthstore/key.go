package oauthstore

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
)

const keyBytes = 32

// readKey reads the key of a settings file: 32 bytes in base64. The error is fs.ErrNotExist when there is none.
func readKey(path string) ([]byte, error) {
	text, err := readPrivate(path, false)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.Strict().DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != keyBytes {
		return nil, corrupt(path)
	}
	return key, nil
}

// makeKey makes the key, or returns the one that somebody else has made meanwhile: a key is never replaced.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	err := writeAtomic(path, append(base64.StdEncoding.AppendEncode(nil, key), '\n'), func(temp, path string) error {
		err := os.Link(temp, path) // unlike a rename it fails when there is one
		if err != nil && !errors.Is(err, fs.ErrExist) {
			err = os.Rename(temp, path) // a file system without links: our callers hold the lock
		}
		return err
	})
	if errors.Is(err, fs.ErrExist) {
		return readKey(path)
	}
	return key, err
}
