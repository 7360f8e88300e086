package driver

import (
	"context"
	"log/slog"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/engine"
	"github.com/seed281e34fa/bitbucketsql/internal/metadata"
)

// described is a connection as its tables of metadata see it.
type described struct{ conn *conn }

// metadata makes tables of metadata for the connection.
func (c *conn) metadata(tables func(metadata.Connection) []engine.Table) []engine.Table {
	list := tables(described{c})
	for i := range list {
		list[i] = measuredTable{list[i]}
	}
	return list
}

// isFixed says whether a name is that of a schema that is there whatever the workspace holds.
func (c *conn) isFixed(name string) bool { return metadata.IsFixed(name) || c.views.IsSchema(name) }

// Settings implements metadata.Connection.
func (m described) Settings() metadata.Settings {
	config := m.conn.config()
	s := metadata.Settings{
		Workspace: config.Workspace, BrowsableSchemas: config.BrowsableSchemas, Tables: config.Tables, Views: config.Views,
	}
	if views := &m.conn.views; views.Path != "" {
		s.ViewsSchema = views.Schema
	}
	return s
}

// SchemaNames implements metadata.Connection.
func (m described) SchemaNames(ctx context.Context) (metadata.SchemaNames, error) {
	return m.conn.connector.listing.names(ctx, m.conn)
}

// Views implements metadata.Connection.
func (m described) Views(ctx context.Context) ([]metadata.View, error) {
	c := m.conn
	if err := c.views.Err(); err != nil {
		c.connector.log.LogAttrs(ctx, slog.LevelWarn, "user-defined views are not listed", slog.Any("error", err))
		return nil, err
	}
	var views []metadata.View
	for _, v := range c.views.List() {
		views = append(views, metadata.View{Name: v.Name, Query: v.Query})
	}
	return views, nil
}

// DescribeViews implements metadata.Connection. Only SQLite can tell, by compiling their queries, and that of this connection is
// busy with the statement that asks; another is opened for it. A view with a fault in it has no columns.
func (m described) DescribeViews(ctx context.Context, views []metadata.View) {
	c := m.conn
	warn := func(view string, err error) {
		c.connector.log.LogAttrs(ctx, slog.LevelWarn, "the columns of a view are not listed", slog.String("view", view), slog.Any("error", err))
	}
	other, err := c.connector.Connect(ctx)
	if err != nil {
		warn(c.views.Schema, err)
		return
	}
	defer func() { _ = other.Close() }()
	for i := range views {
		prepared, err := other.(*conn).PrepareContext(ctx, views[i].Query)
		if err != nil {
			warn(c.views.Qualified(views[i].Name), err)
			continue
		}
		compiled := prepared.(*stmt).idle
		for j, column := range compiled.stmt.Columns() {
			views[i].Columns = append(views[i].Columns, metadata.ViewColumn{Name: column, Type: compiled.types[j]})
		}
		_ = prepared.Close()
	}
}

// Procedures implements metadata.Connection.
func (m described) Procedures() []metadata.Procedure {
	var list []metadata.Procedure
	for _, p := range procedures() {
		q := metadata.Procedure{Name: p.name, Description: p.description}
		for _, a := range p.parameters {
			q.Parameters = append(q.Parameters, metadata.Parameter{
				Name: a.name, Description: a.description, Type: a.kind, Output: a.output, Required: a.required, Values: a.values, Default: a.standard,
			})
		}
		list = append(list, q)
	}
	return list
}

// Properties implements metadata.Connection.
func (m described) Properties() []metadata.Property {
	var list []metadata.Property
	for _, p := range Properties() {
		list = append(list, metadata.Property{
			Name: p.Name, Label: p.Label, Description: p.Description, Type: string(p.Type), Category: p.Category, Default: p.Default,
			Values: p.Values, Value: p.Value(m.conn.config()), Needs: p.Needs, Required: p.required(), Sensitive: p.Sensitive, Session: p.Session,
			Credential: p.Category == categoryAuthentication && p.Needs != "" || p.Category == categoryOAuth && p.Sensitive,
		})
	}
	return list
}

// required says whether a configuration that meets Needs, and gives nothing else, lacks the property.
func (p *Property) required() bool {
	c := NewConfig()
	if name, values, ok := strings.Cut(p.Needs, "="); ok {
		value, _, _ := strings.Cut(values, ",")
		if c.Set(name, value) != nil {
			return false
		}
	}
	for _, fault := range c.normalize() {
		if fault.Property == p.Name {
			return true
		}
	}
	return false
}

// About implements metadata.Connection.
func (m described) About() metadata.About {
	c := m.conn
	return metadata.About{
		Version: version(), BaseURL: c.config().BaseURL, AuthScheme: string(c.config().AuthScheme),
		Requests: int(c.connector.requests.Load()), Usage: c.connector.Usage(),
	}
}
