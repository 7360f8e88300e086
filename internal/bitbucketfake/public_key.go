package bitbucketfake

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// publicKey is the public half of an SSH key, as RFC 4253 section 6.6 and RFC 8709 spell it. No private half exists.
type publicKey struct {
	text        string // as in authorized_keys, without the comment
	comment     string
	fingerprint string // SHA-256, in base 64 without padding
}

func makePublicKey(g *rng, rsa bool, comment string) publicKey {
	name, parts := "ssh-ed25519", [][]byte{g.bytes(32)}
	if rsa {
		modulus := g.bytes(257)
		modulus[0], modulus[1] = 0, modulus[1]|0x80
		name, parts = "ssh-rsa", [][]byte{{1, 0, 1}, modulus}
	}
	var blob []byte
	for _, p := range append([][]byte{[]byte(name)}, parts...) {
		blob = append(binary.BigEndian.AppendUint32(blob, uint32(len(p))), p...)
	}
	sum := sha256.Sum256(blob)
	return publicKey{name + " " + base64.StdEncoding.EncodeToString(blob), comment, base64.RawStdEncoding.EncodeToString(sum[:])}
}
