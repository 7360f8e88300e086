package schema

import (
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

// InWorkspace returns the table as it appears in the schema Workspace: with RepositorySlug as its first column and part of
// its key, supplied by Information.Repositories or by the parent table. It returns nil for tables of other scopes.
func (t *Table) InWorkspace() *Table {
	if t.Scope != RepositoryScope {
		return nil
	}
	w := *t
	w.Columns = append([]Column{{
		Name: RepositorySlug, Type: Text, Param: "repo_slug", References: "Repositories.Slug",
		Description: "Slug of the repository that the row belongs to.",
	}}, t.Columns...)
	w.Key = append([]string{RepositorySlug}, t.Key...)
	parent := Parent{Table: Repositories.Name, Columns: map[string]string{RepositorySlug: "Slug"}}
	if t.Parent != nil {
		parent = Parent{Table: t.Parent.Table, Columns: map[string]string{RepositorySlug: RepositorySlug}}
		for column, from := range t.Parent.Columns {
			parent.Columns[column] = from
		}
	}
	w.Parent = &parent
	w.Endpoints = slices.Clone(t.Endpoints)
	for i := range w.Endpoints {
		binds := map[string]string{"repo_slug": RepositorySlug}
		for param, column := range w.Endpoints[i].Binds {
			binds[param] = column
		}
		w.Endpoints[i].Binds = binds
		forms := map[string]Form{"repo_slug": SlugForm}
		for param, form := range w.Endpoints[i].Forms {
			forms[param] = form
		}
		w.Endpoints[i].Forms = forms
	}
	return &w
}

// Has says whether the set holds all of the operators.
func (o Ops) Has(ops Ops) bool { return o&ops == ops }
