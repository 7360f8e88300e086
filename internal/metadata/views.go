package metadata

import (
	"context"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/columntype"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// View is a user-defined view.
type View struct {
	Name, Query string
	// Columns are those of its result: of a view with a fault in it none, and of others only if they are asked for.
	Columns []ViewColumn
}

// ViewColumn is a column of a user-defined view.
type ViewColumn struct {
	Name string
	Type columntype.Type
}

// listViews is the schema of user-defined views. Without them it is empty for who wants all that there is, and an error for who wants
// them.
func listViews(ctx context.Context, c Connection, wanted *rows) (*listedSchema, error) {
	s := &listedSchema{name: c.Settings().ViewsSchema}
	views, err := c.Views(ctx)
	if err != nil && (wanted.viewsOnly || wanted.names(schemaKind, func(name string) bool { return strings.EqualFold(name, s.name) })) {
		return nil, err
	}
	for _, v := range views {
		if wanted.admits(tableKind, v.Name) && browsableTable(c.Settings().Views, s.name, v.Name) {
			s.views = append(s.views, v)
		}
	}
	if wanted.describesColumns && len(s.views) > 0 {
		c.DescribeViews(ctx, s.views)
	}
	return s, nil
}

// viewTypes are the types of columns of views. Those that differ from row to row are described as text, which all can be read as.
var viewTypes = map[columntype.Type]dataType{
	columntype.Unknown: dataTypes[schema.Text], columntype.Text: dataTypes[schema.Text], columntype.Integer: dataTypes[schema.Integer],
	columntype.Real: dataTypes[schema.Real], columntype.Boolean: dataTypes[schema.Boolean], columntype.Timestamp: dataTypes[schema.Timestamp],
	columntype.JSON: dataTypes[schema.JSON], columntype.Blob: dataTypes[schema.Blob],
	columntype.Date: {name: "DATE", code: 91, length: 10, display: 10, precision: 10, scale: 0, standard: "date"},
}
