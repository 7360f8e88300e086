package driver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/metadata"
	"github.com/seed281e34fa/bitbucketsql/internal/userview"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// defaultViewsSchema is the default of the property UserViewsSchemaName.
const defaultViewsSchema = "UserViews"

// checkViewsSchema says what keeps a name from being the schema of user-defined views.
func checkViewsSchema(name string) (problem string) {
	for _, taken := range []string{schema.Information, schema.Workspace, metadata.StandardSchema} {
		if strings.EqualFold(name, taken) {
			return fmt.Sprintf("%s is another schema already, choose another name", taken)
		}
	}
	if name == "" || !isSchemaName(name) {
		return fmt.Sprintf("%q cannot be a schema: use letters, digits, '.', '_' and '-', but not main or temp", name)
	}
	return ""
}

// viewHost is a connection as its user-defined views see it.
type viewHost struct{ conn *conn }

// userViews are the user-defined views of the connection.
func (c *conn) userViews() userview.Catalog {
	return userview.Catalog{Host: viewHost{c}, Path: c.config().UserDefinedViews, Schema: c.config().UserViewsSchemaName}
}

// Compile implements userview.Host.
func (h viewHost) Compile(ctx context.Context, query string) error {
	return h.conn.checkQuery(ctx, query, 0)
}

// CreateView implements userview.Host.
func (h viewHost) CreateView(name, query string) error {
	return h.conn.engine.Attach("temp", nil, map[string]string{name: query})
}

// DropView implements userview.Host.
func (h viewHost) DropView(name string) error {
	s, err := h.conn.engine.Prepare(context.Background(), "DROP VIEW temp."+dialect.QuoteName(name))
	if err != nil {
		return err
	}
	_, err = s.Exec(context.Background(), nil)
	return errors.Join(err, s.Close())
}

// IsTaken implements userview.Host.
func (h viewHost) IsTaken(ctx context.Context, name string) bool {
	taken := isTableName(name)
	if !taken && h.conn.catalog.temporary {
		h.conn.eachTemporary(ctx, func(other, _ string) { taken = taken || strings.EqualFold(other, name) })
	}
	return taken
}

// UnknownView implements userview.Host.
func (h viewHost) UnknownView(name string) error {
	views := &h.conn.views
	if err := views.Fault(name); err != nil {
		return err
	}
	var names []string
	for _, v := range views.List() {
		names = append(names, v.Name)
	}
	suggestions := closest(name, names)
	for i := range suggestions {
		suggestions[i] = views.Qualified(suggestions[i])
	}
	return &UnknownTableError{Schema: views.Schema, Name: name, Suggestions: suggestions}
}

// isTableName says whether a schema has a table of that name.
func isTableName(name string) bool {
	for _, in := range []string{schema.Information, schema.Workspace, "repository"} {
		if planner.NewRelation("", in, name) != nil {
			return true
		}
	}
	isName := func(other string) bool { return strings.EqualFold(other, name) }
	return slices.ContainsFunc(metadata.SystemNames(), isName) || isAlias(name) || strings.HasPrefix(strings.ToLower(name), "sqlite_")
}

// checkQuery compiles the query of a view, which is whole from the byte at offset on.
func (c *conn) checkQuery(ctx context.Context, whole string, offset int) error {
	cmd := command{whole: whole, offset: offset, text: whole[offset:]}
	var err error
	if cmd.sql, err = dialect.ToSQLite(cmd.text); err != nil {
		return cmd.compileError(ctx, c, err)
	}
	compiled, err := (&run{conn: c, command: cmd, ctx: ctx}).compile()
	if err != nil {
		return err
	}
	return compiled.stmt.Close()
}
