package driver

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed281e34fa/bitbucketsql/internal/api"
	"github.com/seed281e34fa/bitbucketsql/internal/scan"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// catalogName is the catalog that metadata names. Statements may write it in front of a schema.
const catalogName = "Bitbucket"

// metaSchema is a schema as metadata shows it.
type metaSchema struct {
	name string
	// relations are the tables that the statement may want, and all are those that references can point to: the tables that can
	// be read and that properties do not hide.
	relations, all []*planner.Relation
	views          []metaView
}

// schemaKey names a schema among others: that of a repository and that of a project may have the same name.
type schemaKey struct {
	name  string
	scope schema.Scope
}

// table returns the table of that name as the schema has it, or nil.
func (s *metaSchema) table(name string) *schema.Table {
	for _, r := range s.all {
		if r.Table.Name == name {
			return r.Table
		}
	}
	return nil
}

// metaSchemas lists the schemas that a statement may want: Information, Workspace, that of user-defined views, those of
// repositories and those of projects, each sorted. Bitbucket is asked which repositories and projects there are only if one of
// them may be wanted.
func (c *conn) metaSchemas(ctx context.Context, wanted *systemRows) ([]*metaSchema, error) {
	var list []*metaSchema
	add := func(name string, scopes ...schema.Scope) {
		if wanted.admits(schemaKind, name) && browsable(c.config().BrowsableSchemas, name) {
			list = append(list, c.metaSchema(name, wanted, scopes...))
		}
	}
	add(schema.Information, schema.InformationScope)
	if c.config().Workspace != "" {
		add(schema.Workspace, schema.RepositoryScope, schema.ProjectScope)
	}
	if views := c.config().UserViewsSchemaName; c.isViewSchema(views) && wanted.admits(schemaKind, views) && browsable(c.config().BrowsableSchemas, views) {
		list = append(list, c.viewSchema(ctx, wanted))
	}
	if c.config().Workspace == "" || wanted.viewsOnly || wanted.among(schemaKind, c.isFixed) {
		return list, nil
	}
	repositories, projects, err := c.connector.listing.names(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, slug := range repositories {
		add(slug, schema.RepositoryScope)
	}
	for _, key := range projects {
		add(key, schema.ProjectScope)
	}
	return list, nil
}

// metaSchema is a schema with its tables of some scopes.
func (c *conn) metaSchema(name string, wanted *systemRows, scopes ...schema.Scope) *metaSchema {
	s := &metaSchema{name: name, all: wanted.known[schemaKey{name, scopes[0]}]}
	if s.all == nil {
		for _, r := range planner.Relations(c.config().Workspace, name) {
			if slices.Contains(scopes, r.Table.Scope) && c.lists(name, r) {
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
func (c *conn) information() *metaSchema {
	if !browsable(c.config().BrowsableSchemas, schema.Information) {
		return &metaSchema{name: schema.Information}
	}
	return c.metaSchema(schema.Information, &systemRows{}, schema.InformationScope)
}

// isFixedSchema says whether a name is that of a schema that is there in every connection.
func isFixedSchema(name string) bool {
	return strings.EqualFold(name, schema.Information) || strings.EqualFold(name, schema.Workspace) || strings.EqualFold(name, informationSchema)
}

// isFixed says whether a name is that of a schema that is there whatever the workspace holds.
func (c *conn) isFixed(name string) bool { return isFixedSchema(name) || c.isViewSchema(name) }

// lists says whether metadata shows a table: one that can be read with this connection and that no property hides.
func (c *conn) lists(schemaName string, r *planner.Relation) bool {
	return (c.config().Workspace != "" || !needsWorkspace(r.Table)) && browsableTable(c.config().Tables, schemaName, r.Table.Name)
}

// needsWorkspace says whether a table belongs to a workspace. The others belong to the caller, or to Bitbucket as a whole.
func needsWorkspace(t *schema.Table) bool {
	endpoints := t.Endpoints
	if t.Detail != nil {
		endpoints = append(slices.Clone(endpoints), *t.Detail)
	}
	if slices.ContainsFunc(endpoints, func(e schema.Endpoint) bool {
		return strings.Contains(e.Path, "{workspace}") && e.Binds["workspace"] == ""
	}) {
		return true
	}
	return t.Parent != nil && needsWorkspace(schema.Lookup(t.Parent.Table))
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

// listingAge is how long the names of repositories and projects are taken to be current, for metadata only: a schema that is
// named in a statement is found at once.
const listingAge = time.Minute

// listing keeps the names of the workspace's repositories and projects for all connections of a connector.
type listing struct {
	mu                     sync.Mutex
	read                   time.Time
	repositories, projects []string
}

// names returns the slugs of repositories and the keys of projects that can be names of schemas, sorted. It asks for them, side by side, when what it has
// is old: one request for every hundred.
func (l *listing) names(ctx context.Context, c *conn) (repositories, projects []string, err error) {
	l.mu.Lock()
	if !l.read.IsZero() && time.Since(l.read) < listingAge {
		defer l.mu.Unlock()
		return l.repositories, l.projects, nil
	}
	l.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var projectsErr error
	var wait sync.WaitGroup
	wait.Go(func() { projects, projectsErr = c.schemaNames(ctx, &schema.Projects, "Key") })
	repositories, err = c.schemaNames(ctx, &schema.Repositories, "Slug")
	if err != nil {
		cancel()
	}
	wait.Wait()
	switch {
	case err != nil:
		return nil, nil, err
	case errors.Is(projectsErr, api.ErrForbidden):
		// A credential for repositories alone still shows all that it can read.
		projects = nil
		c.connector.log.LogAttrs(ctx, slog.LevelWarn, "the schemas of projects are not listed", slog.Any("error", projectsErr))
	case projectsErr != nil:
		return nil, nil, projectsErr
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read, l.repositories, l.projects = time.Now(), repositories, projects
	return repositories, projects, nil
}

// schemaNames reads those values of a column of a table of Information that can be names of schemas, sorted.
func (c *conn) schemaNames(ctx context.Context, t *schema.Table, name string) ([]string, error) {
	relation := planner.NewRelation(c.config().Workspace, schema.Information, t.Name)
	column := t.Column(name)
	o := planner.Options{PushDown: true}
	choice, err := planner.Best(planner.Scan{Relation: relation, Used: []int{column}, Options: o})
	if err != nil {
		return nil, err
	}
	none := func(planner.Operand) (any, bool) { return nil, false }
	fetch, err := planner.Bind(relation, choice.Plan, nil, none, o)
	if err != nil {
		return nil, err
	}
	if err := c.connector.signIn(ctx); err != nil {
		return nil, err
	}
	session := scan.NewSession(scan.Config{
		Client: c.connector.client, MaxInFlight: c.config().MaxInFlight, Eager: true, Logger: c.connector.log,
	})
	rows := session.Open(fetch)
	defer func() { _ = rows.Close() }()
	var values []string
	for {
		p, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			slices.Sort(values)
			return values, nil
		}
		if err != nil {
			return nil, err
		}
		slot := slices.Index(p.Columns, column)
		for row := range p.Rows {
			if value := string(p.TextOf(p.Cell(row, slot))); value != "" && isSchemaName(value) && !c.isFixed(value) {
				values = append(values, value)
			}
		}
	}
}
