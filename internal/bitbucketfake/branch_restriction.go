package bitbucketfake

import (
	"strconv"
)

// restriction is one rule of what may happen to branches.
type restriction struct {
	id         int64
	kind       string
	pattern    string // of a glob
	branchType string // of the branching model; empty: a glob
	value      int    // 0: null
	users      []*user
	groups     []*userGroup
}

// restrictions are fourteen on the first repository, and none to four on another, newest first.
func (r *repository) restrictions() []*restriction {
	if r.mainbranch == "" {
		return nil
	}
	g := at(salt(r.seed, "restriction/"+r.slug), 0)
	all := []restriction{
		{kind: "push", pattern: r.mainbranch},
		{kind: "force", pattern: "*"},
		{kind: "delete", pattern: r.mainbranch},
		{kind: "require_approvals_to_merge", pattern: r.mainbranch, value: 2},
		{kind: "restrict_merges", pattern: "release/*"},
		{kind: "push", branchType: "production"},
		{kind: "require_passing_builds_to_merge", branchType: "development", value: 1},
		{kind: "require_tasks_to_be_completed", pattern: "**"},
		{kind: "reset_pullrequest_approvals_on_change", branchType: "release"},
		{kind: "delete", branchType: "release"},
		{kind: "enforce_merge_checks", pattern: r.mainbranch},
		{kind: "require_default_reviewer_approvals_to_merge", pattern: "größe/[a-z]*", value: 1},
		{kind: "require_no_changes_requested", pattern: "release/*"},
		{kind: "require_commits_behind", pattern: "feature/*", value: 20},
	}
	n := len(all)
	if r.index > 0 {
		n = r.index % 5
	}
	out := make([]*restriction, n)
	for k := range out {
		x := all[k]
		x.id = 16_000_000 + int64(r.index)*1000 + int64(k)
		if x.kind == "push" || x.kind == "restrict_merges" {
			for u := g.n(4); u > 0; u-- {
				x.users = append(x.users, r.team[(u+k)%len(r.team)])
			}
			x.groups = groups(r.ws)[:g.n(3)]
		}
		out[n-1-k] = &x
	}
	return out
}

// routeRestrictions filters by kind and pattern alone.
func (rq *request) routeRestrictions(r *repository, rest []string) {
	rq.scope = "repository:admin"
	items := r.restrictions()
	if len(rest) == 0 {
		kind, pattern := rq.query.Get("kind"), rq.query.Get("pattern")
		kept := items[:0]
		for _, x := range items {
			if (kind == "" || x.kind == kind) && (pattern == "" || x.branchType == "" && x.pattern == pattern) {
				kept = append(kept, x)
			}
		}
		items = kept
	}
	(&collection[*restriction]{
		kind: "Branch restriction", items: items, encode: func(x *restriction, e *encoder) { r.encodeRestriction(e, x) },
		is: func(x *restriction, id string) bool { return strconv.FormatInt(x.id, 10) == id },
	}).serve(rq, rest)
}

func (r *repository) encodeRestriction(e *encoder, x *restriction) {
	e.str("type", "branchrestriction")
	e.num("id", x.id)
	e.str("kind", x.kind)
	if x.branchType != "" {
		e.str("branch_match_kind", "branching_model")
		e.str("branch_type", x.branchType)
	} else {
		e.str("branch_match_kind", "glob")
	}
	e.str("pattern", x.pattern)
	e.numOrNull("value", x.value)
	if e.openList("users") {
		for _, u := range x.users {
			e.element(u.compact, u.encode)
		}
		e.closeList()
	}
	if e.openList("groups") {
		for _, g := range x.groups {
			e.begin()
			g.encode(e)
			e.end()
		}
		e.closeList()
	}
	if e.open("links") {
		e.link("self", r.api, "/branch-restrictions/", strconv.FormatInt(x.id, 10))
		e.close()
	}
}
