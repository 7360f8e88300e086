package bitbucketfake

import (
	"fmt"
	"time"
)

// repositoryHook is a webhook of a repository.
type repositoryHook struct {
	workspaceHook
	repo *repository
}

// hooks are twelve of the first repository, none to two of another.
func (r *repository) hooks() []*repositoryHook {
	n := r.index % 3
	if r.index == 0 {
		n = 12
	}
	base := salt(r.seed, "hook/"+r.slug)
	out := make([]*repositoryHook, n)
	for i := range out {
		g := at(base, i)
		h := &repositoryHook{repo: r, workspaceHook: workspaceHook{
			ws: r.ws, uuid: g.uuid(), url: fmt.Sprintf("https://ci.acme.example/%s/hook?n=%d&x=y", r.slug, i+1),
			description: pick(g, []string{"Build \"trigger\"", "Prüfung: 100%", ""}), noDescription: i%5 == 4,
			active: i%4 != 3, secret: g.chance(40), insecure: g.chance(20), history: g.chance(30), micro: i%2 == 0,
			created: r.created.AddDate(0, i, g.n(20)).Add(time.Duration(g.n(86_400_000_000)) * time.Microsecond),
		}}
		for _, ev := range repositoryEvents() {
			if ev.name == "repo:push" || i == 6 || i < 11 && g.chance(15) { // one listens to everything, the last to pushes alone
				h.events = append(h.events, ev.name)
			}
		}
		out[i] = h
	}
	return out
}

func (h *repositoryHook) encode(e *encoder) {
	h.encodeOn(e, "repository", h.repo.api, h.repo.compact, h.repo.encodeCompact)
}
