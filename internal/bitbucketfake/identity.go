package bitbucketfake

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// routeIdentity serves the OpenID Connect documents of a workspace's pipelines. They are no objects of the API: they
// have no type, and a reader takes them as the OpenID specifications say.
func (rq *request) routeIdentity(w *workspace, path string) {
	issuer := apiRoot + "/workspaces/" + w.slug + "/pipelines-config/identity/oidc"
	rq.scope = ""
	switch path {
	case "oidc/.well-known/openid-configuration":
		rq.single(func(e *encoder) {
			e.str("issuer", issuer)
			e.str("jwks_uri", issuer+"/keys.json")
			e.strings("subject_types_supported", []string{"public"})
			e.strings("response_types_supported", []string{"id_token"})
			e.strings("id_token_signing_alg_values_supported", []string{"RS256"})
			e.strings("claims_supported", []string{"sub", "aud", "exp", "iat", "iss", "workspaceUuid", "repositoryUuid", "pipelineUuid", "stepUuid", "branchName"})
		})
	case "oidc/keys.json":
		g := at(salt(rq.s.config.Seed, "oidc/"+w.slug), 0)
		rq.single(func(e *encoder) {
			if !e.openList("keys") {
				return
			}
			for k := 0; k < 2; k++ {
				e.begin()
				e.str("kty", "RSA")
				e.str("use", "sig")
				e.str("alg", "RS256")
				e.str("kid", strings.Trim(g.uuid(), "{}"))
				e.str("n", base64.RawURLEncoding.EncodeToString(g.bytes(256)))
				e.str("e", "AQAB")
				e.end()
			}
			e.closeList()
		})
	default:
		rq.noAPI()
	}
}

// publicKey serves the key that the service signs commits with, in ASCII armour (RFC 9580): no JSON.
func (rq *request) publicKey(w *workspace) {
	rq.scope = "account"
	rq.raw("text/plain", armour(at(salt(rq.s.config.Seed, "gpg/"+w.slug), 0).bytes(398)))
}

// armour writes an OpenPGP block with its checksum.
func armour(data []byte) []byte {
	crc := uint32(0xb704ce)
	for _, c := range data {
		crc ^= uint32(c) << 16
		for k := 0; k < 8; k++ {
			if crc <<= 1; crc&0x1000000 != 0 {
				crc ^= 0x1864cfb
			}
		}
	}
	var b strings.Builder
	b.WriteString("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n")
	for s := base64.StdEncoding.EncodeToString(data); s != ""; {
		n := min(64, len(s))
		b.WriteString(s[:n] + "\n")
		s = s[n:]
	}
	b.WriteString("=" + base64.StdEncoding.EncodeToString([]byte{byte(crc >> 16), byte(crc >> 8), byte(crc)}))
	b.WriteString("\n-----END PGP PUBLIC KEY BLOCK-----\n")
	return []byte(b.String())
}

// raw answers with bytes that are no JSON.
func (rq *request) raw(contentType string, body []byte) {
	rq.status = http.StatusOK
	rq.enc.b = append(rq.enc.b[:0], body...)
	rq.header.Set("Content-Type", contentType)
}
