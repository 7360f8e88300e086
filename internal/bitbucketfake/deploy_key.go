package bitbucketfake

import (
	"fmt"
	"strconv"
	"time"
)

// deployKey is an SSH key that reads a repository.
type deployKey struct {
	repo          *repository
	id            int64
	label         string
	key           publicKey
	created, used time.Time
}

// deployKeys are eleven of the first repository, none to two of another.
func (r *repository) deployKeys() []*deployKey {
	n := r.index % 3
	if r.index == 0 {
		n = 11
	}
	base := salt(r.seed, "deploykey/"+r.slug)
	out := make([]*deployKey, n)
	for i := range out {
		g := at(base, i)
		k := &deployKey{
			repo: r, id: 4_000_000 + int64(r.index)*1000 + int64(i), label: pick(g, []string{"ci", "mirror \"west\"", "", "Übersetzung"}),
			key:     makePublicKey(g, i%2 == 0, fmt.Sprintf("deploy@host-%d", i)),
			created: r.created.AddDate(0, i, 0).Add(time.Duration(g.n(86_400_000_000)) * time.Microsecond),
		}
		if i%5 == 3 {
			k.key.comment = ""
		}
		if g.chance(60) {
			k.used = dataEnd.Add(-time.Duration(g.n(400*24*3600)) * time.Second)
		}
		out[i] = k
	}
	return out
}

// encode leaves out owner and added_on, which the API's description has and the service does not send.
func (k *deployKey) encode(e *encoder) {
	e.str("type", "deploy_key")
	e.num("id", k.id)
	e.str("key", k.key.text)
	e.str("comment", k.key.comment)
	e.str("label", k.label)
	e.repository("repository", k.repo)
	e.micro("created_on", k.created)
	e.micro("last_used", k.used)
	if e.open("links") {
		e.link("self", k.repo.api, "/deploy-keys/", strconv.FormatInt(k.id, 10))
		e.close()
	}
}
