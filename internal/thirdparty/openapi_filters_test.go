package thirdparty

import (
	"maps"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// What tables push is known to the document: parameters with the values that are sent, and the members of rows that BBQL
// compares and orders by (the introduction: "in principle, every element in an object's JSON document schema").
func TestFiltersAreDocumented(t *testing.T) {
	d := openDocument(t)
	endpoints(func(table *schema.Table, e *schema.Endpoint, _ bool) {
		d := d.of(table)
		operation, item := d.get(e.Path)
		row, around, problem := d.rowSchemas(e)
		if operation == nil || problem != "" {
			return // other tests tell
		}
		if e.Each != nil {
			row = around
		}
		parameter := func(name string) *openapi3.Schema {
			for _, p := range parameters(operation, item) {
				if p.In == openapi3.ParameterInQuery && p.Name == name {
					return p.Schema.Value
				}
			}
			return nil
		}
		member := func(field string) []*openapi3.SchemaRef {
			found, missing := d.resolve(row, field)
			if _, exception := undocumented[columnOf(table, field)]; missing != "" && !exception {
				t.Errorf("%s: GET %s has no %s to filter or sort by", table.Name, e.Path, missing)
			}
			return found
		}
		for _, f := range e.Filters {
			if table.Column(f.Column) < 0 {
				t.Errorf("%s has no column %s to filter by", table.Name, f.Column)
			}
			values := slices.Concat(f.Values, slices.Collect(maps.Values(f.Spelling)))
			if f.Param != "" {
				s := parameter(f.Param)
				if s == nil {
					t.Errorf("%s: GET %s has no parameter %s", table.Name, e.Path, f.Param)
					continue
				}
				for _, v := range values {
					if len(s.Enum) > 0 && !slices.Contains(s.Enum, any(v)) {
						t.Errorf("%s: the parameter %s takes %q, not %q", table.Name, f.Param, s.Enum, v)
					}
				}
				continue
			}
			for _, s := range member(f.Field) {
				for _, v := range values {
					if len(s.Value.Enum) > 0 && !slices.Contains(s.Value.Enum, any(v)) {
						t.Errorf("%s: %s is one of %q, not %q", table.Name, f.Field, s.Value.Enum, v)
					}
				}
				if s.Value.Type.Is("string") && len(s.Value.Enum) > 0 && len(f.Values) > 0 && len(f.Values) != len(s.Value.Enum) {
					t.Errorf("%s: %s is one of %q, the table knows %q", table.Name, f.Field, s.Value.Enum, f.Values)
				}
			}
		}
		for _, s := range e.Sorts {
			if declared := parameter("sort"); declared != nil && len(declared.Enum) > 0 {
				if !slices.Contains(declared.Enum, any(s.Field)) {
					t.Errorf("%s: GET %s sorts by %q, not by %s", table.Name, e.Path, declared.Enum, s.Field)
				}
				continue
			}
			member(s.Field)
		}
		for _, p := range slices.Concat(e.Unfiltered, e.Always) {
			s := parameter(p.Name)
			if s == nil || len(s.Enum) > 0 && !slices.Contains(s.Enum, any(p.Value)) {
				t.Errorf("%s: GET %s takes no %s=%s", table.Name, e.Path, p.Name, p.Value)
			}
		}
		for _, hidden := range e.Hidden {
			member(hidden)
		}
	})
}

// columnOf is the column that reads the member, with its table's name.
func columnOf(table *schema.Table, path string) string {
	for _, column := range table.Columns {
		if column.Path == path {
			return table.Name + "." + column.Name
		}
	}
	return ""
}
