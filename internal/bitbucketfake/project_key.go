package bitbucketfake

import (
	"strconv"
	"time"
)

// projectKey is a deploy key: an SSH key that reads all repositories of a project.
type projectKey struct {
	project       *project
	id            int64
	label         string
	key           publicKey
	created, used time.Time
	by            *user // nil: not told, for old keys
}

// deployKeys are twelve, one, none and none, project by project.
func (p *project) deployKeys(seed int64) (list []*projectKey) {
	base := salt(seed, "deploykey/"+p.key)
	for i := 0; i < []int{12, 1, 0, 0}[p.index()]; i++ {
		g := at(base, i)
		k := &projectKey{
			project: p, id: 1_000_000 + int64(p.index())*1000 + int64(i), label: pick(g, []string{"ci", "mirror \"west\"", "", "Übersetzung"}),
			key: makePublicKey(g, i%3 != 0, "deploy@host-"+strconv.Itoa(i)), created: p.created.AddDate(0, i, 0).Add(time.Duration(g.n(86_400_000_000)) * time.Microsecond),
		}
		if g.chance(60) {
			k.used = dataEnd.Add(-time.Duration(g.n(400*24*3600)) * time.Second)
		}
		if i%4 != 3 {
			k.by = pick(g, p.ws.members)
		}
		list = append(list, k)
	}
	return list
}

func (k *projectKey) encode(e *encoder) {
	e.str("type", "project_deploy_key")
	e.num("id", k.id)
	e.str("key", k.key.text)
	e.str("comment", k.key.comment)
	e.str("label", k.label)
	e.object("project", k.project.compact, k.project.encodeCompact)
	e.micro("created_on", k.created)
	e.micro("last_used", k.used)
	if e.open("links") {
		e.link("self", k.project.api(), "/deploy-keys/", strconv.FormatInt(k.id, 10))
		e.close()
	}
	if k.by != nil {
		e.user("created_by", k.by)
	}
}

func (rq *request) routeProjectKeys(p *project, rest []string) {
	(&collection[*projectKey]{
		kind: "Deploy key", items: p.deployKeys(rq.s.config.Seed), encode: (*projectKey).encode,
		is: func(k *projectKey, id string) bool { return strconv.FormatInt(k.id, 10) == id },
	}).serve(rq, rest)
}
