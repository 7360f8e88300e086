package bitbucketfake

import (
	"net/http"
	"strings"
)

// pipelineSettings is what a repository has set up for its pipelines.
type pipelineSettings struct {
	variables  []*variable
	schedules  []*schedule
	caches     []*cache
	runners    []*runner
	knownHosts []*knownHost
	publicKey  string // empty: no key pair
	byEnv      map[string][]*variable
}

// loadSettings makes the settings on first use: the first repository has more than a page of each.
func (r *repository) loadSettings() {
	r.loadPipelines()
	r.settingsOnce.Do(func() {
		base := func(kind string) uint64 { return salt(r.seed, kind+"/"+r.slug) }
		g := at(base("settings"), 0)
		count := func(first, others int) int {
			if r.index == 0 {
				return first
			}
			return g.n(others)
		}
		s := &r.settings
		s.byEnv = map[string][]*variable{}
		if r.mainbranch == "" {
			return
		}
		s.variables = makeVariables(base("variable"), "pipeline_variable", count(14, 7))
		s.schedules = r.makeSchedules(base("schedule"), count(12, 3))
		s.caches = r.makeCaches(base("cache"), count(13, 4))
		s.runners = makeRunners(base("runner"), count(12, 2))
		s.knownHosts = makeKnownHosts(base("knownhost"), count(12, 3))
		if r.index%2 == 0 {
			s.publicKey = "ssh-ed25519 " + wireKey(g, "ssh-ed25519")
		}
		for i, v := range r.environments {
			n := g.n(4)
			if r.index == 0 {
				n = []int{0, 3, 12, 1}[i]
			}
			s.byEnv[v.uuid] = makeVariables(base("variable/"+v.slug), "deployment_variable", n)
		}
	})
}

func (rq *request) pipelinesOff() {
	rq.failDetail(http.StatusNotFound, "Not found", "Pipelines is not enabled for this repository.")
}

// routePipelineSettings serves pipelines_config, pipelines-config and deployments_config: underscores and hyphens are
// not the same.
func (rq *request) routePipelineSettings(r *repository, seg []string) {
	if r.pipelinesOff {
		rq.pipelinesOff()
		return
	}
	r.loadSettings()
	s := &r.settings
	if len(seg) == 1 {
		if seg[0] != "pipelines_config" {
			rq.noAPI()
			return
		}
		rq.scope = "repository:admin"
		rq.single(func(e *encoder) {
			e.str("type", "repository_pipelines_configuration")
			e.boolean("enabled", r.mainbranch != "")
			e.repository("repository", r)
		})
		return
	}
	rest := seg[2:]
	switch seg[0] + "/" + seg[1] {
	case "pipelines_config/variables":
		serveKeyed(rq, "Variable", s.variables, func(v *variable) string { return v.uuid }, (*variable).encode, rest)
	case "pipelines_config/schedules":
		if len(rest) == 2 && rest[1] == "executions" {
			rq.listExecutions(s.schedules, rest[0])
			return
		}
		serveKeyed(rq, "Schedule", s.schedules, func(x *schedule) string { return x.uuid }, (*schedule).encode, rest)
	case "pipelines_config/ssh":
		rq.routeSSH(r, rest)
	case "pipelines-config/caches":
		rq.routeCaches(r, rest)
	case "pipelines-config/runners":
		rq.scope = "runner"
		serveKeyed(rq, "Runner", s.runners, func(x *runner) string { return x.uuid }, (*runner).encode, rest)
	case "deployments_config/environments":
		if len(rest) != 2 || rest[1] != "variables" {
			rq.noAPI()
			return
		}
		for _, v := range r.environments {
			if strings.EqualFold(v.uuid, rest[0]) {
				list := s.byEnv[v.uuid]
				serveKeyed(rq, "Variable", list, func(v *variable) string { return v.uuid }, (*variable).encode, nil)
				return
			}
		}
		rq.failDetail(http.StatusNotFound, "Not found", "Environment "+rest[0]+" not found in repository "+r.uuid)
	default:
		rq.noAPI()
	}
}

// serveKeyed serves a list and, one level down, its items by key.
func serveKeyed[T any](rq *request, what string, items []T, key func(T) string, encode func(T, *encoder), rest []string) {
	switch len(rest) {
	case 0:
		rq.reply(&list{n: len(items), max: 100, def: 10, item: func(e *encoder, i int) { encode(items[i], e) }})
	case 1:
		for _, x := range items {
			if strings.EqualFold(key(x), rest[0]) {
				rq.single(func(e *encoder) { encode(x, e) })
				return
			}
		}
		rq.failDetail(http.StatusNotFound, "Not found", what+" "+rest[0]+" not found")
	default:
		rq.noAPI()
	}
}

func (rq *request) listExecutions(schedules []*schedule, uuid string) {
	for _, s := range schedules {
		if strings.EqualFold(s.uuid, uuid) {
			rq.reply(&list{n: len(s.executions), max: 100, def: 10, item: func(e *encoder, i int) { s.executions[i].encode(e) }})
			return
		}
	}
	rq.failDetail(http.StatusNotFound, "Not found", "Schedule "+uuid+" not found")
}

func (rq *request) routeCaches(r *repository, seg []string) {
	list := r.settings.caches
	switch {
	case len(seg) == 0:
		serveKeyed(rq, "Cache", list, func(c *cache) string { return c.uuid }, (*cache).encode, nil)
	case len(seg) == 2 && seg[1] == "content-uri":
		for _, c := range list {
			if strings.EqualFold(c.uuid, seg[0]) {
				rq.single(func(e *encoder) { c.encodeURI(e, r) })
				return
			}
		}
		rq.failDetail(http.StatusNotFound, "Not found", "Cache "+seg[0]+" not found")
	default:
		rq.noAPI() // a cache can be deleted by its UUID, but not read
	}
}

func (rq *request) routeSSH(r *repository, seg []string) {
	s := &r.settings
	switch {
	case len(seg) == 1 && seg[0] == "key_pair" && s.publicKey == "":
		rq.failDetail(http.StatusNotFound, "Not found", "SSH key pair not found in repository "+r.uuid)
	case len(seg) == 1 && seg[0] == "key_pair":
		rq.single(func(e *encoder) {
			e.str("type", "pipeline_ssh_key_pair")
			e.str("public_key", s.publicKey)
		})
	case len(seg) >= 1 && seg[0] == "known_hosts":
		serveKeyed(rq, "Known host", s.knownHosts, func(h *knownHost) string { return h.uuid }, (*knownHost).encode, seg[1:])
	default:
		rq.noAPI()
	}
}
