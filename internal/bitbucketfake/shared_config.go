package bitbucketfake

import "strings"

// routeVariables serves the first n pipeline variables of an owner: a workspace or an account.
func (rq *request) routeVariables(owner string, n int, rest []string) {
	rq.scope = "pipeline"
	(&collection[*variable]{
		kind: "Variable", encode: (*variable).encode,
		items: makeVariables(salt(rq.s.config.Seed, "variable/"+owner), "pipeline_variable", n),
		is:    func(v *variable, id string) bool { return strings.EqualFold(v.uuid, id) },
	}).serve(rq, rest)
}

// inSample is n for the workspace with contents and 0 for the other.
func (rq *request) inSample(w *workspace, n int) int {
	if w == rq.s.ws[0] {
		return n
	}
	return 0
}

const (
	sharedVariables = 14
	sharedRunners   = 11
)

// routeShared serves what repositories of a workspace share for their pipelines.
func (rq *request) routeShared(w *workspace, seg []string) {
	switch {
	case len(seg) == 0:
		rq.noAPI()
	case seg[0] == "variables":
		rq.routeVariables(w.slug, rq.inSample(w, sharedVariables), seg[1:])
	case seg[0] == "runners":
		rq.scope = "runner"
		(&collection[*runner]{
			kind: "Runner", encode: (*runner).encode,
			items: makeRunners(salt(rq.s.config.Seed, "runner/"+w.slug), rq.inSample(w, sharedRunners)),
			is:    func(r *runner, id string) bool { return strings.EqualFold(r.uuid, id) },
		}).serve(rq, seg[1:])
	case seg[0] == "identity":
		rq.routeIdentity(w, strings.Join(seg[1:], "/"))
	default:
		rq.noAPI()
	}
}
