package bitbucketfake

import (
	"fmt"
	"strings"
	"time"
)

// workspaceHook is a webhook of a workspace.
type workspaceHook struct {
	ws                       *workspace
	uuid, url                string
	description              string
	noDescription            bool
	active, secret, insecure bool
	history, micro           bool
	created                  time.Time
	events                   []string
}

// hooks makes the webhooks of the sample workspace; another has none.
func (rq *request) hooks(w *workspace) (list []*workspaceHook) {
	base := salt(rq.s.config.Seed, "hook/"+w.slug)
	for i := 0; i < rq.inSample(w, 12); i++ {
		g := at(base, i)
		h := &workspaceHook{
			ws: w, uuid: g.uuid(), url: fmt.Sprintf("https://hooks.acme.example/%s/%d?v=1&x=y", pick(g, []string{"build", "chat", "audit"}), i+1),
			description: pick(g, []string{"Build \"trigger\"", "Chat für alle", "Audit: 100%", ""}), noDescription: i%5 == 4,
			active: i%4 != 3, secret: g.chance(40), insecure: g.chance(20), history: g.chance(30), micro: i%2 == 0,
			created: dataStart.AddDate(0, i*2, g.n(20)).Add(time.Duration(g.n(86_400_000_000)) * time.Microsecond),
		}
		for _, ev := range workspaceEvents() {
			if ev.name == "repo:push" || i == 6 || i < 11 && g.chance(15) { // one listens to everything, the last to pushes alone
				h.events = append(h.events, ev.name)
			}
		}
		list = append(list, h)
	}
	return list
}

func (h *workspaceHook) encode(e *encoder) {
	h.encodeOn(e, "workspace", apiRoot+"/workspaces/"+h.ws.slug, h.ws.compact, h.ws.encodeCompact)
}

// encodeOn writes a webhook of a subject, whose API address and compact form it takes.
func (h *workspaceHook) encodeOn(e *encoder, kind, api string, whole []byte, pieces func(*encoder)) {
	e.str("type", "webhook_subscription")
	e.str("uuid", h.uuid)
	if h.noDescription {
		e.null("description")
	} else {
		e.str("description", h.description)
	}
	e.str("url", h.url)
	e.str("subject_type", kind)
	e.object("subject", whole, pieces)
	e.boolean("active", h.active)
	e.boolean("skip_cert_verification", h.insecure)
	e.strings("events", h.events)
	if h.micro {
		e.stamp("created_at", "2006-01-02T15:04:05.000000Z", h.created)
	} else {
		e.stamp("created_at", stampNano, h.created)
	}
	if e.open("links") {
		e.link("self", api, "/hooks/", quoteUUID(h.uuid))
		e.close()
	}
	e.null("source")
	e.boolean("read_only", false)
	e.boolean("history_enabled", h.history)
	e.boolean("secret_set", h.secret)
}

func (rq *request) routeHooks(w *workspace, rest []string) {
	rq.scope = "webhook"
	if !rq.administers(w) {
		return
	}
	(&collection[*workspaceHook]{
		kind: "Webhook", items: rq.hooks(w), encode: (*workspaceHook).encode,
		is: func(h *workspaceHook, id string) bool { return strings.EqualFold(h.uuid, id) },
	}).serve(rq, rest)
}
