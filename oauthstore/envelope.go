package oauthstore

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"fmt"
	"strings"
)

// What marks a settings file. The version grows when older programs couldn't read what newer ones write.
const (
	fileFormat  = "bitbucketsql-oauth-settings"
	fileVersion = 1
	fileCipher  = "AES-256-GCM"
)

// envelope is a settings file: Data is the nonce and the ciphertext of the settings as JSON.
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

func seal(s Settings, key []byte) ([]byte, error) {
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(plainSettings(s))
	if err != nil {
		return nil, err
	}
	e := envelope{Format: fileFormat, Version: fileVersion, Cipher: fileCipher}
	e.Data = gcm.Seal(nil, nil, plain, e.bound())
	data, err := json.MarshalIndent(e, "", "  ")
	return append(data, '\n'), err
}

// parseEnvelope reads the outside of a settings file; path is for its errors, which never show a part of it.
func parseEnvelope(path string, data []byte) (envelope, error) {
	// First only what every version has: a newer one may have changed the rest.
	var head struct {
		Format  string      `json:"format"`
		Version json.Number `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil || head.Format != fileFormat {
		return envelope{}, &FileError{Path: path, Problem: Corrupt, Detail: "it is not a settings file of this program; move it away and " + howToSignIn}
	}
	if v, err := head.Version.Int64(); err == nil && v > fileVersion {
		return envelope{}, &FileError{Path: path, Problem: NewerVersion, Detail: fmt.Sprintf(
			"it has version %d, this program reads up to %d; update this program or set another OAuthSettingsLocation", v, fileVersion)}
	}
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil || e.Version != fileVersion || e.Cipher != fileCipher {
		return envelope{}, corrupt(path)
	}
	return e, nil
}

func (e envelope) open(path string, key []byte) (Settings, error) {
	gcm, err := sealer(key)
	if err != nil {
		return Settings{}, err
	}
	plain, err := gcm.Open(nil, nil, e.Data, e.bound())
	if err != nil {
		return Settings{}, corrupt(path)
	}
	var s plainSettings
	if err := json.Unmarshal(plain, &s); err != nil {
		return Settings{}, corrupt(path)
	}
	return Settings(s), nil
}

func corrupt(path string) error {
	return &FileError{
		Path: path, Problem: Corrupt,
		Detail: "it was changed, is incomplete, or belongs to another key than " + strings.TrimSuffix(path, keySuffix) + keySuffix + "; restore both files, or remove both and " + howToSignIn,
	}
}
