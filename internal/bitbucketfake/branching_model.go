package bitbucketfake

// branching is the repository's own model where its settings override the project's, and the project's otherwise.
func (r *repository) branching() branchingSettings {
	if r.index%2 == 1 && r.project != nil {
		return r.project.branching()
	}
	return []branchingSettings{
		{development: branchRole{"develop", true}, production: branchRole{"", true}, disabled: map[string]bool{"bugfix": true}},
		{development: branchRole{"", true}, production: branchRole{"production", false}, deletion: true},
		{development: branchRole{"gone", true}, production: branchRole{"release/2.1", true}},
	}[r.index/2%3]
}

func (rq *request) routeBranching(r *repository, seg []string) {
	r.loadRefs()
	switch {
	case len(seg) == 1 && seg[0] == "branching-model":
		rq.single(func(e *encoder) {
			r.encodeBranching(e)
			e.str("type", "branching_model")
			if e.open("links") {
				e.link("self", r.api, "/branching-model")
				e.close()
			}
		})
	case len(seg) == 1:
		rq.single(func(e *encoder) {
			r.encodeBranching(e)
			e.str("type", "effective_repo_branching_model")
		})
	case len(seg) == 2 && seg[0] == "branching-model" && seg[1] == "settings":
		rq.scope = "repository:admin"
		rq.single(r.encodeBranchingSettings)
	default:
		rq.noAPI()
	}
}

// encodeBranching writes what is active. A branch that does not exist is left out, and so is a disabled production.
func (r *repository) encodeBranching(e *encoder) {
	b := r.branching()
	role := func(k string, x branchRole) {
		if !x.enabled || !e.open(k) {
			return
		}
		name := x.name
		if name == "" {
			name = r.mainbranch
		}
		e.strOrNull("name", name)
		if t := r.branch(name); t != nil && e.open("branch") {
			e.str("type", "branch")
			e.str("name", t.name)
			if e.open("target") {
				r.encodeCommitLink(e, r.hash(t.target))
				e.close()
			}
			e.close()
		}
		e.boolean("use_mainbranch", x.name == "")
		e.close()
	}
	role("development", b.development)
	role("production", b.production)
	if e.openList("branch_types") {
		for _, kind := range branchKinds {
			if !b.disabled[kind] {
				e.begin()
				e.str("kind", kind)
				e.str("prefix", kind+"/")
				e.end()
			}
		}
		e.closeList()
	}
}

var branchKinds = []string{"release", "hotfix", "feature", "bugfix"}

func (r *repository) branch(name string) *ref {
	for _, b := range r.branches {
		if b.name == name {
			return b
		}
	}
	return nil
}

func (r *repository) encodeBranchingSettings(e *encoder) {
	b := r.branching()
	role := func(k string, x branchRole, optional bool) {
		if !e.open(k) {
			return
		}
		e.boolean("is_valid", x.name == "" || r.branch(x.name) != nil)
		e.strOrNull("name", x.name)
		e.boolean("use_mainbranch", x.name == "")
		if optional {
			e.boolean("enabled", x.enabled)
		}
		e.close()
	}
	role("development", b.development, false)
	role("production", b.production, true)
	if e.openList("branch_types") {
		for _, kind := range branchKinds {
			e.begin()
			e.str("kind", kind)
			e.boolean("enabled", !b.disabled[kind])
			e.str("prefix", kind+"/")
			e.end()
		}
		e.closeList()
	}
	e.str("type", "branching_model_settings")
	// The service writes this truth value as a string.
	e.str("default_branch_deletion", map[bool]string{true: "true", false: "false"}[b.deletion])
	if e.open("links") {
		e.link("self", r.api, "/branching-model/settings")
		e.close()
	}
}
