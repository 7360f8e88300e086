package schema

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

func lookup(tables []*Table, name string) *Table {
	for _, t := range tables {
		if strings.EqualFold(t.Name, name) {
			return t
		}
	}
	return nil
}

// Column returns the position of the column of that name, or -1.
func (t *Table) Column(name string) int {
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].Name, name) {
			return i
		}
	}
	return -1
}

// IsKey says whether the column belongs to the key.
func (t *Table) IsKey(column string) bool { return slices.Contains(t.Key, column) }

// NeedsWorkspace says whether the table belongs to a workspace. The others belong to the caller, or to Bitbucket as a whole.
func (t *Table) NeedsWorkspace() bool {
	endpoints := t.Endpoints
	if t.Detail != nil {
		endpoints = append(slices.Clone(endpoints), *t.Detail)
	}
	if slices.ContainsFunc(endpoints, func(e Endpoint) bool {
		return strings.Contains(e.Path, "{workspace}") && e.Binds["workspace"] == ""
	}) {
		return true
	}
	return t.Parent != nil && Lookup(t.Parent.Table).NeedsWorkspace()
}

// InWorkspace returns the table as it appears in the schema Workspace: with RepositorySlug or ProjectKey as its first column
// and part of its key, supplied by Information.Repositories, Information.Projects or the parent table. It returns nil for
// tables of Information and for retired ones.
func (t *Table) InWorkspace() *Table {
	var first Column
	var of, key string
	form := SlugForm
	switch {
	case t.Retired != "":
		return nil
	case t.Scope == RepositoryScope:
		of, key = Repositories.Name, "Slug"
		first = Column{
			Name: RepositorySlug, Type: Text, Param: "repo_slug", References: "Repositories.Slug",
			Description: "Slug of the repository that the row belongs to.",
		}
	case t.Scope == ProjectScope:
		of, key, form = Projects.Name, "Key", KeyForm
		first = Column{
			Name: ProjectKey, Type: Text, Param: "project_key", References: "Projects.Key",
			Description: "Key of the project that the row belongs to.",
		}
	default:
		return nil
	}
	w := *t
	w.Columns = append([]Column{first}, t.Columns...)
	w.Key = append([]string{first.Name}, t.Key...)
	parent := Parent{Table: of, Columns: map[string]string{first.Name: key}}
	if t.Parent != nil {
		parent = Parent{Table: t.Parent.Table, Columns: map[string]string{first.Name: first.Name}}
		for column, from := range t.Parent.Columns {
			parent.Columns[column] = from
		}
	}
	w.Parent = &parent
	w.Endpoints = slices.Clone(t.Endpoints)
	for i := range w.Endpoints {
		w.Endpoints[i].bind(first, form)
	}
	if t.Detail != nil {
		detail := *t.Detail
		detail.bind(first, form)
		w.Detail = &detail
	}
	return &w
}

// bind makes a column fill the path parameter that it repeats.
func (e *Endpoint) bind(c Column, form Form) {
	binds, forms := map[string]string{c.Param: c.Name}, map[string]Form{c.Param: form}
	maps.Copy(binds, e.Binds)
	maps.Copy(forms, e.Forms)
	e.Binds, e.Forms = binds, forms
}

// Named reports whether the endpoint is the GET of an object by its own name: the path ends in it, so that the object has a key, which
// a settings object of a repository may lack.
func (e *Endpoint) Named() bool { return e.Paging == One && strings.HasSuffix(e.Path, "}") }

// Has says whether the set holds all of the operators.
func (o Ops) Has(ops Ops) bool { return o&ops == ops }

// Holder is the GET of the object that the rows of an endpoint belong to, as a pull request holds its comments. It is nil where the
// path names the rows themselves, and where they belong to a repository, a project or a workspace.
func (e *Endpoint) Holder() *Endpoint {
	end := strings.LastIndexByte(e.Path, '}') + 1
	if end == 0 || end == len(e.Path) {
		return nil
	}
	path := e.Path[:end]
	switch path[strings.LastIndexByte(path, '{'):] {
	case "{workspace}", "{repo_slug}", "{project_key}":
		return nil
	}
	for _, t := range Tables() {
		for i := range t.Endpoints {
			if other := &t.Endpoints[i]; other.Paging == One && unnamed(other.Path) == unnamed(path) {
				return &Endpoint{Path: path, Paging: One, Forms: e.Forms}
			}
		}
	}
	return nil
}

var parameterName = regexp.MustCompile(`\{\w+\}`)

// unnamed is a path without the names of its parameters, which differ from operation to operation.
func unnamed(path string) string { return parameterName.ReplaceAllString(path, "{}") }
