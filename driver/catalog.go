package driver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/metadata"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// ErrNoWorkspace is the error of tables that need the property Workspace.
var ErrNoWorkspace = errors.New("no workspace is set")

// maxAttached is how many databases SQLite attaches to a connection as it is built by mattn/go-sqlite3
// (https://www.sqlite.org/limits.html#max_attached).
const maxAttached = 10

// connCatalog is what a connection knows of schemas.
type connCatalog struct {
	// attached are the schemas, in the order of their last use.
	attached []*attachedSchema
	// statement counts statements, so that a schema that the current one needs is not taken away from it.
	statement int
	// temporary says that the user has created something on this connection.
	temporary bool
	// system says that the tables of metadata are there.
	system bool
}

type attachedSchema struct {
	name string
	// fixed schemas stay: the default one, and Information.
	fixed    bool
	lastUsed int
}

// open attaches the schemas that unqualified names are looked up in: the default one first, then Information.
func (c *conn) open(ctx context.Context) error {
	standard := c.defaultSchema()
	if err := c.engine.Attach("main", c.guards(standard), nil); err != nil {
		return err
	}
	for _, name := range []string{standard, schema.Information} {
		if _, err := c.attach(ctx, name); err != nil {
			return err
		}
		for _, a := range c.catalog.attached {
			a.fixed = true
		}
	}
	return nil
}

// defaultSchema is the property Schema in its right spelling.
func (c *conn) defaultSchema() string {
	for _, name := range []string{schema.Information, schema.Workspace, metadata.StandardSchema} {
		if c.config().Schema == "" || strings.EqualFold(c.config().Schema, name) {
			return name
		}
	}
	return c.config().Schema
}

// attach attaches the tables of a schema and says whether it did. It costs no request: whether there is a repository of that
// name shows when one of its tables is read.
func (c *conn) attach(_ context.Context, name string) (bool, error) {
	if name == "" || strings.EqualFold(name, "main") {
		return c.attachSystem()
	}
	if !isSchemaName(name) {
		return false, nil
	}
	for _, a := range c.catalog.attached {
		if strings.EqualFold(a.name, name) {
			a.lastUsed = c.catalog.statement
			return false, nil
		}
	}
	if err := c.makeRoom(); err != nil {
		return false, err
	}
	if err := c.engine.Attach(name, c.tables(name), aliases[name]); err != nil {
		return false, err
	}
	c.catalog.attached = append(c.catalog.attached, &attachedSchema{name: name, lastUsed: c.catalog.statement})
	return true, nil
}

// attachSystem creates the tables of metadata and says whether it did. It is done when a name is not found, because few
// connections need them. Unqualified names are looked up in main first, so that they are found whatever the default schema is.
func (c *conn) attachSystem() (bool, error) {
	if c.catalog.system {
		return false, nil
	}
	if err := c.engine.Attach("main", c.metadata(metadata.System), nil); err != nil {
		return false, err
	}
	c.catalog.system = true
	return true, nil
}

// tables are the tables of a schema.
func (c *conn) tables(name string) []engine.Table {
	if strings.EqualFold(name, metadata.StandardSchema) {
		return c.metadata(metadata.Standard)
	}
	var tables []engine.Table
	for _, r := range planner.Relations(c.config().Workspace, name) {
		tables = append(tables, newTable(c, r))
	}
	return tables
}

// makeRoom detaches the schema that was used the longest time ago, when there are too many.
func (c *conn) makeRoom() error {
	if len(c.catalog.attached) < maxAttached {
		return nil
	}
	candidates := slices.Clone(c.catalog.attached)
	slices.SortStableFunc(candidates, func(a, b *attachedSchema) int { return a.lastUsed - b.lastUsed })
	for _, a := range candidates {
		if a.fixed || a.lastUsed == c.catalog.statement {
			continue
		}
		// A schema that an open statement reads cannot be detached; another one may.
		if err := c.engine.Detach(a.name); err == nil {
			c.catalog.attached = slices.DeleteFunc(c.catalog.attached, func(other *attachedSchema) bool { return other == a })
			return nil
		}
	}
	return fmt.Errorf("bitbucket: a statement can name at most %d repository schemas; read the schema Workspace instead, with a condition on RepositorySlug",
		maxAttached-2)
}

// isSchemaName says whether a schema of that name can exist: ours, or that of a repository, which is its slug.
func isSchemaName(name string) bool {
	switch strings.ToLower(name) {
	case "main", "temp", "sqlite_master", "sqlite_schema":
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-')
	})
}

// suggestTables are qualified names that may have been meant.
func (c *conn) suggestTables(schemaName, name string) []string {
	repository := schemaName
	if repository == "" || metadata.IsFixed(repository) {
		repository = c.defaultSchema()
	}
	var names []string
	qualified := map[string]string{}
	system, prefix := metadata.SystemNames(), ""
	if strings.EqualFold(schemaName, metadata.StandardSchema) {
		system, prefix = metadata.StandardNames(), metadata.StandardSchema+"."
	}
	for _, t := range system {
		names = append(names, t)
		qualified[t] = prefix + t
	}
	for _, t := range schema.Tables() {
		in := schema.Information
		if t.Scope != schema.InformationScope {
			in = repository
			switch {
			case metadata.IsFixed(in) && t.Retired != "":
				in = "[repository-slug]"
			case metadata.IsFixed(in):
				in = schema.Workspace
			}
		}
		names = append(names, t.Name)
		qualified[t.Name] = in + "." + t.Name
	}
	if schemaName == "" {
		for _, v := range c.views.List() {
			if _, taken := qualified[v.Name]; !taken {
				names = append(names, v.Name)
				qualified[v.Name] = c.views.Qualified(v.Name)
			}
		}
	}
	suggestions := closest(name, names)
	for i := range suggestions {
		suggestions[i] = qualified[suggestions[i]]
	}
	return suggestions
}

// suggestColumns are columns that may have been meant: of the tables that the statement names, or of all where it names none.
func (c *conn) suggestColumns(name, text string) []string {
	words := map[string]bool{}
	all, _ := dialect.Lex(text) // What precedes a fault is enough.
	for _, t := range all {
		words[strings.ToLower(t.Value())] = true
	}
	var names, elsewhere []string
	for _, t := range schema.Tables() {
		to := &elsewhere
		if words[strings.ToLower(t.Name)] {
			to = &names
		}
		for i := range t.Columns {
			if !slices.Contains(*to, t.Columns[i].Name) {
				*to = append(*to, t.Columns[i].Name)
			}
		}
	}
	if names == nil {
		names = elsewhere
	}
	if words[strings.ToLower(schema.Workspace)] {
		names = append(names, schema.RepositorySlug, schema.ProjectKey)
	}
	return closest(name, names)
}
