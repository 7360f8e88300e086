package driver

import (
	"context"
	"log/slog"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/columntype"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// metaView is a user-defined view as metadata shows it.
type metaView struct {
	userView
	columns []metaViewColumn // only if the statement reads the columns of tables
}

type metaViewColumn struct {
	name string
	dataType
}

// isViewSchema says whether a name is that of the schema of user-defined views.
func (c *conn) isViewSchema(name string) bool {
	return c.config().UserDefinedViews != "" && strings.EqualFold(name, c.config().UserViewsSchemaName)
}

// viewSchema is the schema of user-defined views.
func (c *conn) viewSchema(ctx context.Context, wanted *systemRows) *metaSchema {
	s := &metaSchema{name: c.config().UserViewsSchemaName}
	if c.views.file != nil && c.views.file.err != nil {
		c.connector.log.LogAttrs(ctx, slog.LevelWarn, "user-defined views are not listed", slog.Any("error", c.views.file.err))
	}
	for _, v := range c.userViews() {
		if wanted.admits(tableKind, v.name) && browsableTable(c.config().Views, s.name, v.name) {
			s.views = append(s.views, metaView{userView: v})
		}
	}
	if wanted.describesColumns && len(s.views) > 0 {
		c.describeViews(ctx, s.views)
	}
	return s
}

// describeViews finds the columns of views. Only SQLite can tell, by compiling their queries, and that of this connection is
// busy with the statement that asks; another is opened for it. A view with a fault in it has no columns.
func (c *conn) describeViews(ctx context.Context, views []metaView) {
	warn := func(view string, err error) {
		c.connector.log.LogAttrs(ctx, slog.LevelWarn, "the columns of a view are not listed", slog.String("view", view), slog.Any("error", err))
	}
	other, err := c.connector.Connect(ctx)
	if err != nil {
		warn(c.config().UserViewsSchemaName, err)
		return
	}
	defer func() { _ = other.Close() }()
	for i := range views {
		prepared, err := other.(*conn).PrepareContext(ctx, views[i].query)
		if err != nil {
			warn(c.userViewName(views[i].name), err)
			continue
		}
		compiled := prepared.(*stmt).idle
		for j, column := range compiled.stmt.Columns() {
			views[i].columns = append(views[i].columns, metaViewColumn{column, viewTypes[compiled.types[j]]})
		}
		_ = prepared.Close()
	}
}

// viewTypes are the types of columns of views. Those that differ from row to row are described as text, which all can be read as.
var viewTypes = map[columntype.Type]dataType{
	columntype.Unknown: dataTypes[schema.Text], columntype.Text: dataTypes[schema.Text], columntype.Integer: dataTypes[schema.Integer],
	columntype.Real: dataTypes[schema.Real], columntype.Boolean: dataTypes[schema.Boolean], columntype.Timestamp: dataTypes[schema.Timestamp],
	columntype.JSON: dataTypes[schema.JSON], columntype.Blob: dataTypes[schema.Blob],
	columntype.Date: {name: "DATE", code: 91, length: 10, display: 10, precision: 10, scale: 0, standard: "date"},
}
