// Package metadata holds the tables that tell of the other tables: those with CData's names, which begin with sys_, and those of
// the SQL standard's information_schema. Their rows are made here, from the literals of package schema and from what a
// [Connection] tells of itself. All that is ever asked of Bitbucket for them is which repositories and projects there are.
package metadata

import (
	"context"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
)

// Catalog is the catalog that metadata names. Statements may write it in front of a schema.
const Catalog = "Bitbucket"

// Connection is what the tables tell of. They ask it while a statement reads them.
type Connection interface {
	// Settings are the properties that decide what is listed.
	Settings() Settings
	// SchemaNames are the schemas of the workspace's repositories and projects. It may send requests.
	SchemaNames(ctx context.Context) (SchemaNames, error)
	// Views are the user-defined views, without their columns, or why there are none, and DescribeViews finds those of some.
	Views(ctx context.Context) ([]View, error)
	DescribeViews(ctx context.Context, views []View)
	Procedures() []Procedure
	Properties() []Property
	About() About
}

// SchemaNames are the slugs of repositories and the keys of projects that can be names of schemas, each sorted.
type SchemaNames struct {
	Repositories, Projects []string
	// Unlisted is why a credential for repositories alone is not told the projects: nil where it is.
	Unlisted error
}

// Settings are the properties that decide what is listed. The lists are separated by commas; an empty one hides nothing.
type Settings struct {
	Workspace                       string
	BrowsableSchemas, Tables, Views string
	// ViewsSchema is the schema of user-defined views, empty where there are none.
	ViewsSchema string
}

// System are the tables with CData's names. They are found without a schema, in every connection.
func System(c Connection) []engine.Table { return bind(systemTables, c) }

// Standard are the tables of [StandardSchema].
func Standard(c Connection) []engine.Table { return bind(standardTables, c) }

// SystemNames are the names of the tables of [System].
func SystemNames() []string { return names(systemTables) }

// StandardNames are the names of the tables of [Standard].
func StandardNames() []string { return names(standardTables) }

func names(list []*table) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].name
	}
	return out
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
