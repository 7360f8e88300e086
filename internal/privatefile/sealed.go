package privatefile

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

const cipherName = "AES-256-GCM"

// Sealed is a private file whose content is encrypted and authenticated, with a key in a second file beside it.
type Sealed struct{ *File }

// NewSealed is [New] for a sealed file.
func NewSealed(path string, kind Kind) (*Sealed, error) {
	f, err := New(path, kind)
	return &Sealed{f}, err
}

// envelope is the file: Data is the nonce and the ciphertext of the content.
type envelope struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Cipher  string `json:"cipher"`
	Data    []byte `json:"data"`
}

// bound is authenticated with the ciphertext, so that it cannot be passed off as one of another version.
func (e envelope) bound() []byte { return fmt.Appendf(nil, "%s %d %s", e.Format, e.Version, e.Cipher) }

func sealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Load returns the content, without needing the lock. The error is [fs.ErrNotExist] when there is no file, else an [*Error],
// or that of ctx.
func (s *Sealed) Load(ctx context.Context) ([]byte, error) {
	var last []byte
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data, err := s.Read()
		if err != nil {
			return nil, err
		}
		plain, err := s.open(data)
		if err == nil || bytes.Equal(data, last) {
			return plain, err
		}
		last = data // the key may be that of a file which has just taken the place of this one
	}
}

func (s *Sealed) open(data []byte) ([]byte, error) {
	if err := s.CheckHead(data); err != nil {
		return nil, err
	}
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil || e.Version != s.kind.Version || e.Cipher != cipherName {
		return nil, s.Corrupt()
	}
	key, err := s.kind.key().readKey(s.path + keySuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, s.kind.fault(s.path, KeyMissing, "it was copied without %s; copy that too, or remove the file and %s", s.path+keySuffix, s.kind.Renew)
	}
	if err != nil {
		return nil, err
	}
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, nil, e.Data, e.bound())
	if err != nil {
		return nil, s.Corrupt()
	}
	return plain, nil
}

// Corrupt is the error of content that cannot be read.
func (s *Sealed) Corrupt() error {
	return s.kind.fault(s.path, Corrupt, "it was changed, is incomplete, or belongs to another key than %s; restore both files, or remove both and %s",
		s.path+keySuffix, s.kind.Renew)
}

// Save replaces the content. It doesn't take the lock, and makes the key when there is none.
func (s *Sealed) Save(plain []byte) error {
	if err := s.makeDir(); err != nil {
		return err
	}
	kind := s.kind.key()
	key, err := kind.readKey(s.path + keySuffix)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = kind.makeKey(s.path + keySuffix)
	}
	if err != nil {
		return err
	}
	gcm, err := sealer(key)
	if err != nil {
		return err
	}
	e := envelope{Format: s.kind.Format, Version: s.kind.Version, Cipher: cipherName}
	e.Data = gcm.Seal(nil, nil, plain, e.bound())
	data, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	return s.Write(append(data, '\n'))
}

// Remove deletes the file and its key, damaged ones too, but none of another user. The content goes first: a key alone is no
// harm. There being none is no error.
func (s *Sealed) Remove() error { return s.remove(s.path, s.path+keySuffix) }
