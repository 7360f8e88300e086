package bitbucketfake

// branchRole says which branch develops or releases: the main branch, or one with a name.
type branchRole struct {
	name    string // empty: the main branch
	enabled bool
}

// branchingSettings are a project's branching model as it was set.
type branchingSettings struct {
	development, production branchRole
	disabled                map[string]bool // kinds of branches
	deletion                bool            // merging deletes the source branch
}

// branching is each project's own: the default, one without production, one of named branches, one without any kind.
func (p *project) branching() branchingSettings {
	return []branchingSettings{
		{production: branchRole{"production", true}, development: branchRole{"", true}, disabled: map[string]bool{"bugfix": true}},
		{production: branchRole{"production", false}, development: branchRole{"develop", true}},
		{production: branchRole{"release/stable", true}, development: branchRole{"develop", true}, deletion: true},
		{
			production: branchRole{"", true}, development: branchRole{"", true},
			disabled: map[string]bool{"release": true, "hotfix": true, "feature": true, "bugfix": true},
		},
	}[p.index()]
}

// encode writes the settings or, when only what is active counts, the model.
func (b branchRole) encode(e *encoder, k string, settings, optional bool) {
	if !b.enabled && !settings || !e.open(k) {
		return
	}
	switch {
	case b.name != "":
		e.str("name", b.name)
	case settings:
		e.null("name")
	default:
		e.str("name", "main")
	}
	e.boolean("use_mainbranch", b.name == "")
	if settings && optional {
		e.boolean("enabled", b.enabled)
	}
	e.close()
}

func (p *project) encodeBranching(e *encoder, settings bool) {
	b := p.branching()
	b.development.encode(e, "development", settings, false)
	b.production.encode(e, "production", settings, true)
	if e.openList("branch_types") {
		for _, kind := range []string{"release", "hotfix", "feature", "bugfix"} {
			if b.disabled[kind] && !settings {
				continue
			}
			e.begin()
			e.str("kind", kind)
			if settings {
				e.boolean("enabled", !b.disabled[kind])
			}
			e.str("prefix", kind+"/")
			e.end()
		}
		e.closeList()
	}
	path := "/branching-model"
	if settings {
		path += "/settings"
		e.str("type", "branching_model_settings")
		// The service writes this truth value as a string.
		e.str("default_branch_deletion", map[bool]string{true: "true", false: "false"}[b.deletion])
	} else {
		e.str("type", "project_branching_model")
	}
	if e.open("links") {
		e.link("self", p.api(), path)
		e.close()
	}
}
