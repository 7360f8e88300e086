package metadata

import (
	"context"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// listedSchema is a schema as metadata shows it.
type listedSchema struct {
	name string
	// relations are the tables that the statement may want, and all are those that references can point to: the tables that can
	// be read and that properties do not hide.
	relations, all []*planner.Relation
	views          []View
}

// schemaKey names a schema among others: that of a repository and that of a project may have the same name.
type schemaKey struct {
	name  string
	scope schema.Scope
}

// table returns the table of that name as the schema has it, or nil.
func (s *listedSchema) table(name string) *schema.Table {
	for _, r := range s.all {
		if r.Table.Name == name {
			return r.Table
		}
	}
	return nil
}

// listSchemas lists the schemas that a statement may want: Information, Workspace, that of user-defined views, those of
// repositories and those of projects, each sorted. Bitbucket is asked which repositories and projects there are only if one of
// them may be wanted.
func listSchemas(ctx context.Context, c Connection, wanted *rows) ([]*listedSchema, error) {
	settings := c.Settings()
	var list []*listedSchema
	add := func(name string, scopes ...schema.Scope) {
		if wanted.admits(schemaKind, name) && browsable(settings.BrowsableSchemas, name) {
			list = append(list, listSchema(settings, name, wanted, scopes...))
		}
	}
	add(schema.Information, schema.InformationScope)
	if settings.Workspace != "" {
		add(schema.Workspace, schema.RepositoryScope, schema.ProjectScope)
	}
	views := settings.ViewsSchema
	if views != "" && wanted.admits(schemaKind, views) && browsable(settings.BrowsableSchemas, views) {
		s, err := listViews(ctx, c, wanted)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	isFixed := func(name string) bool { return IsFixed(name) || views != "" && strings.EqualFold(name, views) }
	if settings.Workspace == "" || wanted.viewsOnly || wanted.among(schemaKind, isFixed) {
		return list, nil
	}
	names, err := c.SchemaNames(ctx)
	if err != nil {
		return nil, err
	}
	for _, slug := range names.Repositories {
		add(slug, schema.RepositoryScope)
	}
	if names.Unlisted != nil && wanted.names(schemaKind, func(name string) bool { return isProjectKey(name) && !has(list, name) }) {
		return nil, names.Unlisted
	}
	for _, key := range names.Projects {
		add(key, schema.ProjectScope)
	}
	return list, nil
}

// isProjectKey says whether a project can have the key. Other names are asked for in vain by tools that try what there is.
func isProjectKey(name string) bool {
	return name != "" && name[0] >= 'A' && name[0] <= 'Z' && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}

func has(list []*listedSchema, name string) bool {
	return slices.ContainsFunc(list, func(s *listedSchema) bool { return strings.EqualFold(s.name, name) })
}

// listSchema is a schema with its tables of some scopes.
func listSchema(settings Settings, name string, wanted *rows, scopes ...schema.Scope) *listedSchema {
	s := &listedSchema{name: name, all: wanted.known[schemaKey{name, scopes[0]}]}
	if s.all == nil {
		for _, r := range planner.Relations(settings.Workspace, name) {
			if slices.Contains(scopes, r.Table.Scope) && settings.lists(name, r) {
				s.all = append(s.all, r)
			}
		}
		if wanted.known != nil {
			wanted.known[schemaKey{name, scopes[0]}] = s.all
		}
	}
	for _, r := range s.all {
		if wanted.admits(tableKind, r.Table.Name) {
			s.relations = append(s.relations, r)
		}
	}
	return s
}

// information is the schema Information, for references to it.
func information(c Connection) *listedSchema {
	if !browsable(c.Settings().BrowsableSchemas, schema.Information) {
		return &listedSchema{name: schema.Information}
	}
	return listSchema(c.Settings(), schema.Information, &rows{}, schema.InformationScope)
}

// IsFixed says whether a name is that of a schema that is there in every connection.
func IsFixed(name string) bool {
	return strings.EqualFold(name, schema.Information) || strings.EqualFold(name, schema.Workspace) || strings.EqualFold(name, StandardSchema)
}

// lists says whether metadata shows a table: one that can be read with this connection and that no property hides.
func (s Settings) lists(schemaName string, r *planner.Relation) bool {
	return (s.Workspace != "" || !r.Table.NeedsWorkspace()) && browsableTable(s.Tables, schemaName, r.Table.Name)
}

// browsable says whether a name is in a comma-separated list, or the list is empty.
func browsable(list, name string) bool {
	if strings.TrimSpace(list) == "" {
		return true
	}
	return slices.ContainsFunc(strings.Split(list, ","), func(item string) bool { return strings.EqualFold(unquoted(item), name) })
}

// browsableTable is browsable for tables, which the list may qualify with their schema.
func browsableTable(list, schemaName, name string) bool {
	return browsable(list, name) || browsable(list, schemaName+"."+name)
}

// unquoted is a name of a list without blanks around it and without quotes.
func unquoted(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("[]\"`", r) {
			return -1
		}
		return r
	}, strings.TrimSpace(name))
}
