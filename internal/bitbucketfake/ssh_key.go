package bitbucketfake

import (
	"strings"
	"time"
)

// sshKey is an SSH key of an account.
type sshKey struct {
	owner                  *user
	uuid, label            string
	key                    publicKey
	created, used, expires time.Time
}

// sshKeys are twelve for the caller, none to two for others.
func (rq *request) sshKeys(u *user) (list []*sshKey) {
	n, base := 12, salt(rq.s.config.Seed, "sshkey/"+u.uuid)
	if u != rq.s.users[0] {
		n = int(base % 3)
	}
	for i := 0; i < n; i++ {
		g := at(base, i)
		k := &sshKey{
			owner: u, uuid: g.uuid(), label: pick(g, []string{"", "laptop", "Büro", "key \"2\""}), key: makePublicKey(g, i%4 == 1, u.nick+"@host"),
			created: u.created.AddDate(1, i, 0).Add(time.Duration(g.n(86_400_000_000)) * time.Microsecond),
		}
		if g.chance(70) {
			k.used = dataEnd.Add(-time.Duration(g.n(300*86_400)) * time.Second)
		}
		if i%5 == 4 {
			k.expires = dataEnd.AddDate(1, 0, i)
		}
		if i%6 == 5 {
			k.key.comment = ""
		}
		list = append(list, k)
	}
	return list
}

func (k *sshKey) encode(e *encoder) {
	e.str("type", "ssh_key")
	e.str("uuid", k.uuid)
	e.str("key", k.key.text)
	e.str("comment", k.key.comment)
	e.str("label", k.label)
	e.micro("created_on", k.created)
	e.micro("last_used", k.used)
	e.micro("expires_on", k.expires)
	e.str("fingerprint", k.key.fingerprint)
	e.user("owner", k.owner)
	if e.open("links") {
		// The braces are missing from this UUID in the service's own links.
		e.link("self", apiRoot, "/users/", quoteUUID(k.owner.uuid), "/ssh-keys/", strings.Trim(k.uuid, "{}"))
		e.close()
	}
}

func (rq *request) routeSSHKeys(u *user, rest []string) {
	(&collection[*sshKey]{
		kind: "SSH key", items: rq.sshKeys(u), encode: (*sshKey).encode,
		is: func(k *sshKey, id string) bool {
			return strings.EqualFold(strings.Trim(k.uuid, "{}"), strings.Trim(id, "{}"))
		},
	}).serve(rq, rest)
}
