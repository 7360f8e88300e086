package bitbucketfake

import (
	"encoding/base64"
	"fmt"
)

// knownHost is a host whose key the repository's pipelines trust.
type knownHost struct {
	uuid, host, kind, key, md5, sha256 string
}

// wireKey makes something that looks like the base64 of an SSH public key (RFC 4253, section 6.6).
func wireKey(g *rng, kind string) string {
	b := append([]byte{0, 0, 0, byte(len(kind))}, kind...)
	b = append(append(b, 0, 0, 0, 32), g.bytes(32)...)
	return base64.StdEncoding.EncodeToString(b)
}

func makeKnownHosts(base uint64, n int) []*knownHost {
	out := make([]*knownHost, n)
	for i := range out {
		g := at(base, i)
		kind := pick(g, []string{"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256"})
		h := &knownHost{uuid: g.uuid(), kind: kind, host: fmt.Sprintf("host-%02d.acme.example", i+1), key: wireKey(g, kind)}
		if i%4 == 3 {
			h.host = fmt.Sprintf("[10.0.0.%d]:7999", i+1)
		}
		for k, b := range g.bytes(16) {
			if k > 0 {
				h.md5 += ":"
			}
			h.md5 += fmt.Sprintf("%02x", b)
		}
		h.sha256 = "SHA256:" + base64.RawStdEncoding.EncodeToString(g.bytes(32))
		out[i] = h
	}
	return out
}

func (h *knownHost) encode(e *encoder) {
	e.str("type", "pipeline_known_host")
	e.str("uuid", h.uuid)
	e.str("hostname", h.host)
	if e.open("public_key") {
		e.str("type", "pipeline_ssh_public_key")
		e.str("key_type", h.kind)
		e.str("key", h.key)
		e.str("md5_fingerprint", h.md5)
		e.str("sha256_fingerprint", h.sha256)
		e.close()
	}
}
