package bitbucketfake

import (
	"encoding/hex"
	"strings"
	"time"
)

// gpgKey is an OpenPGP key of an account, or a subkey of one.
type gpgKey struct {
	owner                         *user
	fingerprint, parent           string // lower case; no parent: empty
	name                          string
	key                           []byte
	added, created, used, expires time.Time
	subkeys                       []*gpgKey
}

// gpgKeys are three for the caller, one for the next user, none for others.
func (rq *request) gpgKeys(u *user) (list []*gpgKey) {
	n := 0
	switch u {
	case rq.s.users[0]:
		n = 3
	case rq.s.users[1]:
		n = 1
	}
	base := salt(rq.s.config.Seed, "gpgkey/"+u.uuid)
	for i := 0; i < n; i++ {
		g := at(base, i)
		k := makeGPGKey(g, u, []string{u.name + "'s OpenPGP key", "", "release \"signing\""}[i])
		for s := 0; s < 2-i; s++ {
			sub := makeGPGKey(g, u, "")
			sub.parent, sub.added, sub.created = k.fingerprint, k.added, k.created
			k.subkeys = append(k.subkeys, sub)
		}
		list = append(list, k)
	}
	return list
}

func makeGPGKey(g *rng, u *user, name string) *gpgKey {
	k := &gpgKey{owner: u, fingerprint: hex.EncodeToString(g.bytes(20)), name: name, key: armour(g.bytes(300))}
	k.created = u.created.AddDate(1, g.n(12), g.n(28)).Truncate(time.Second)
	k.added = k.created.AddDate(0, 3, 0).Add(time.Duration(g.n(86_400_000_000)) * time.Microsecond)
	if g.chance(60) {
		k.used = dataEnd.Add(-time.Duration(g.n(9_000_000)) * time.Second)
	}
	if g.chance(40) {
		k.expires = dataEnd.AddDate(1+g.n(3), 0, 0)
	}
	return k
}

// encode writes a key. Its text and its subkeys show only when the fields parameter names them.
func (k *gpgKey) encode(e *encoder) {
	e.str("type", "gpg_key")
	e.user("owner", k.owner)
	e.strIfNamed("key", string(k.key))
	e.str("key_id", k.fingerprint[24:])
	e.str("fingerprint", k.fingerprint)
	e.strOrNull("parent_fingerprint", k.parent)
	e.str("name", k.name)
	e.micro("expires_on", k.expires)
	e.micro("created_on", k.created)
	e.micro("added_on", k.added)
	e.micro("last_used", k.used)
	if k.parent == "" && e.enter("subkeys", true, '[') {
		for _, s := range k.subkeys {
			e.begin()
			s.encode(e)
			e.end()
		}
		e.closeList()
	}
	if e.open("links") {
		e.link("self", apiRoot, "/users/", quoteUUID(k.owner.uuid), "/gpg-keys/", strings.ToUpper(k.fingerprint))
		e.close()
	}
}

func (rq *request) routeGPGKeys(u *user, rest []string) {
	(&collection[*gpgKey]{
		kind: "GPG key", items: rq.gpgKeys(u), encode: (*gpgKey).encode,
		is: func(k *gpgKey, id string) bool { return strings.EqualFold(k.fingerprint, id) },
	}).serve(rq, rest)
}
