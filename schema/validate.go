package schema

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	namePattern  = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	paramPattern = regexp.MustCompile(`\{([^}]*)\}`)
)

// unscoped are the paths for which Atlassian's document names no scope of API tokens: public ones, deprecated ones, and a new one.
var unscoped = []string{
	"/hook_events/{subject_type}",
	repositoryPath + "/file-conflicts/{spec}",
	"/snippets/{workspace}/{encoded_id}/watchers",
	"/users/{selected_user}/pipelines_config/variables",
	"/users/{selected_user}/pipelines_config/variables/{variable_uuid}",
	"/workspaces/{workspace}/pipelines-config/identity/oidc/.well-known/openid-configuration",
	"/workspaces/{workspace}/pipelines-config/identity/oidc/keys.json",
}

// Validate checks tables against the rules that the planner counts on. It reports every fault, not the first.
func Validate(tables []*Table) error {
	v := validator{tables: tables}
	seen := map[string]bool{}
	for _, t := range tables {
		v.table = t.Name
		if key := strings.ToLower(t.Name); seen[key] {
			v.fault("the name is used twice")
		} else {
			seen[key] = true
		}
		v.check(t)
	}
	return errors.Join(v.faults...)
}

type validator struct {
	tables []*Table
	table  string
	faults []error
}

func (v *validator) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Errorf("schema: table %s: %s", v.table, fmt.Sprintf(format, args...)))
}

func (v *validator) check(t *Table) {
	if !namePattern.MatchString(t.Name) {
		v.fault("the name is not PascalCase")
	}
	if !strings.HasSuffix(t.Description, ".") {
		v.fault("the description is not a sentence")
	}
	if t.Retired != "" && !strings.HasSuffix(t.Retired, ".") {
		v.fault("what is said of its retirement is not a sentence")
	}
	if len(t.Key) == 0 {
		v.fault("there is no key: name the columns that tell rows apart")
	}
	for _, name := range t.Key {
		v.column(t, name, "the key")
	}
	v.columns(t)
	if len(t.Endpoints) == 0 {
		v.fault("there is no endpoint")
	}
	for i := range t.Endpoints {
		v.endpoint(t, &t.Endpoints[i])
	}
	if t.Detail != nil {
		v.binds(t, t.Detail)
		if t.Detail.Paging != One {
			v.fault("the detail endpoint is a list")
		}
	}
	if p := t.Parent; p != nil {
		parent := lookup(v.tables, p.Table)
		if parent == nil {
			v.fault("the parent %s is no table", p.Table)
			return
		}
		for column, from := range p.Columns {
			v.column(t, column, "the parent's columns")
			v.column(parent, from, "the parent's columns")
		}
	}
}

func (v *validator) column(t *Table, name, where string) {
	if t.Column(name) < 0 {
		v.fault("%s names %s, which is no column of %s", where, name, t.Name)
	}
}

func (v *validator) columns(t *Table) {
	seen := map[string]bool{}
	for i := range t.Columns {
		c := &t.Columns[i]
		key := strings.ToLower(c.Name)
		switch {
		case seen[key]:
			v.fault("column %s is there twice", c.Name)
		case !namePattern.MatchString(c.Name):
			v.fault("the name of column %s is not PascalCase", c.Name)
		case !strings.HasSuffix(c.Description, "."):
			v.fault("the description of column %s is not a sentence", c.Name)
		}
		seen[key] = true
		sources := 0
		for _, has := range []bool{c.Path != "", c.Param != "", c.Variant != nil} {
			if has {
				sources++
			}
		}
		if sources != 1 {
			v.fault("column %s needs exactly one of Path, Param and Variant", c.Name)
		}
		if c.Detail && t.Detail == nil {
			v.fault("column %s is a detail of a table without a detail endpoint", c.Name)
		}
		if c.References != "" {
			name, column, _ := strings.Cut(c.References, ".")
			if other := lookup(v.tables, name); other == nil || other.Column(column) < 0 {
				v.fault("column %s references %s, which is no column", c.Name, c.References)
			}
		}
	}
}

func (v *validator) endpoint(t *Table, e *Endpoint) {
	v.binds(t, e)
	if e.TokenScope == "" && !slices.Contains(unscoped, e.Path) {
		v.fault("%s: no token scope", e.Path)
	}
	if (e.Paging == Numbered || e.Paging == Chained) != (e.MaxPage > 0) {
		v.fault("%s: MaxPage goes with lists that have pages", e.Path)
	}
	if single(e) && (len(e.Filters) > 0 || len(e.Sorts) > 0) {
		v.fault("%s: one object is not filtered or sorted", e.Path)
	}
	if e.Each != nil && (e.Each.Member == "" || (e.Each.Where == "") != (e.Each.Equals == "")) {
		v.fault("%s: Each needs a member, and Where and Equals together", e.Path)
	}
	if e.NewestFirst != "" {
		v.column(t, e.NewestFirst, "the order of a list")
		if i := t.Column(e.NewestFirst); i >= 0 && t.Columns[i].Type != Timestamp || single(e) {
			v.fault("%s: NewestFirst must be a timestamp column of a list", e.Path)
		}
	}
	if e.Stored && e.Paging != Raw {
		v.fault("%s: Stored says something of raw documents only", e.Path)
	}
	for i := range e.Filters {
		v.filter(t, e, &e.Filters[i])
	}
	for _, s := range e.Sorts {
		v.column(t, s.Column, "a sort")
		if i := t.Column(s.Column); i >= 0 && t.Columns[i].Type == Text {
			v.fault("%s: text column %s cannot be sorted: Bitbucket's order of text is not SQLite's", e.Path, s.Column)
		}
	}
}

func single(e *Endpoint) bool { return e.Paging == One || e.Paging == Raw }

func (v *validator) filter(t *Table, e *Endpoint, f *Filter) {
	v.column(t, f.Column, "a filter")
	switch {
	case (f.Field == "") == (f.Param == ""):
		v.fault("%s: the filter of %s needs either Field or Param", e.Path, f.Column)
	case f.Field != "" && e.Query == "":
		v.fault("%s: the filter of %s is BBQL, which the endpoint does not take", e.Path, f.Column)
	case f.Param != "" && f.Ops&^Equality != 0:
		v.fault("%s: the filter of %s: a parameter can only say equality", e.Path, f.Column)
	case f.Ops == 0:
		v.fault("%s: the filter of %s has no operator", e.Path, f.Column)
	case f.Exact&^f.Ops != 0:
		v.fault("%s: the filter of %s is exact for an operator that it does not have", e.Path, f.Column)
	case f.Exact.Has(LIKE):
		v.fault("%s: the filter of %s: LIKE is never exact", e.Path, f.Column)
	}
	if i := t.Column(f.Column); i >= 0 && t.Columns[i].Type == Timestamp {
		if f.Ops&Equality != 0 && (f.Ops&Ranges != Ranges || f.Exact&Equality != 0) {
			v.fault("%s: the filter of %s: an equality with a timestamp is asked for as a range, and is not exact", e.Path, f.Column)
		}
		if f.Ops&NE != 0 {
			v.fault("%s: the filter of %s: <> of timestamps is not pushed, because BBQL does not tell instants within a millisecond apart", e.Path, f.Column)
		}
	}
	if i := t.Column(f.Column); i >= 0 && t.Columns[i].Type == Text && f.Ops&(NE|Ranges) != 0 && len(f.Values) == 0 {
		v.fault("%s: the filter of %s: <> and ranges of free text are not pushed, because Bitbucket's comparison of text may be narrower than SQLite's",
			e.Path, f.Column)
	}
	for j := range e.Filters {
		if other := &e.Filters[j]; other != f && other.Column == f.Column && other.Ops&f.Ops != 0 {
			v.fault("%s: two filters of %s have the same operator", e.Path, f.Column)
		}
	}
}

// binds checks that every parameter of the path is known or bound.
func (v *validator) binds(t *Table, e *Endpoint) {
	var params []string
	for _, m := range paramPattern.FindAllStringSubmatch(e.Path, -1) {
		params = append(params, m[1])
	}
	for param, column := range e.Binds {
		v.column(t, column, "binds")
		if !slices.Contains(params, param) {
			v.fault("%s: %s is bound and not in the path", e.Path, param)
		}
	}
	for param, column := range e.Inputs {
		v.column(t, column, "inputs")
		if i := t.Column(column); i >= 0 && t.Columns[i].Param != param {
			v.fault("%s: column %s must repeat the input %s", e.Path, column, param)
		}
		if e.Binds[param] != "" {
			v.fault("%s: %s is both bound and an input", e.Path, param)
		}
	}
	for _, param := range e.Required {
		if e.Inputs[param] == "" {
			v.fault("%s: %s is required and no input", e.Path, param)
		}
	}
	for param := range e.Defaults {
		if e.Binds[param] == "" {
			v.fault("%s: %s has defaults and is not bound", e.Path, param)
		}
	}
	for param := range e.Forms {
		if e.Binds[param] == "" {
			v.fault("%s: %s has a form and is not bound", e.Path, param)
		}
	}
	for _, param := range params {
		known := param == "workspace" || param == "repo_slug" && t.Scope == RepositoryScope || param == "project_key" && t.Scope == ProjectScope
		if !known && e.Binds[param] == "" {
			v.fault("%s: nothing fills %s", e.Path, param)
		}
	}
}
