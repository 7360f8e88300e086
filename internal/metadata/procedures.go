package metadata

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// Procedure is a stored procedure.
type Procedure struct {
	Name, Description string
	Parameters        []Parameter
}

// Parameter is an input of a procedure, or a column of its result.
type Parameter struct {
	Name, Description string
	Type              schema.Type
	Output, Required  bool
	// Values are the only ones allowed, when set, and Default is that of an input that is not given.
	Values  []string
	Default string
}

// The directions of parameters, as CData's products number them.
const (
	directionIn  = 1
	directionOut = 4
)

func (p *Parameter) direction() int {
	if p.Output {
		return directionOut
	}
	return directionIn
}

var sysProcedures = table{
	name: "sys_procedures",
	columns: []column{
		{"CatalogName", nameKind},
		{"SchemaName", nameKind},
		{"ProcedureName", nameKind},
		{"Description", textKind},
		{"ProcedureType", textKind},
	},
	rows: func(c Connection, out *rows) {
		for _, p := range c.Procedures() {
			out.add(Catalog, schema.Information, p.Name, p.Description, "PROCEDURE")
		}
	},
}

var sysProcedureParameters = table{
	name: "sys_procedureparameters",
	columns: []column{
		{"CatalogName", nameKind},
		{"SchemaName", nameKind},
		{"ProcedureName", nameKind},
		{"ColumnName", nameKind},
		{"Direction", intKind},
		{"DataTypeName", textKind},
		{"DataType", intKind},
		{"Length", intKind},
		{"NumericPrecision", intKind},
		{"NumericScale", intKind},
		{"IsNullable", boolKind},
		{"IsRequired", boolKind},
		{"IsArray", boolKind},
		{"Description", textKind},
		{"Ordinal", intKind},
		{"Values", textKind},
		{"SupportsStreams", boolKind},
		{"IsPath", boolKind},
		{"Default", textKind},
	},
	rows: func(c Connection, out *rows) {
		for _, p := range c.Procedures() {
			for i, a := range p.Parameters {
				t := dataTypes[a.Type]
				out.add(Catalog, schema.Information, p.Name, a.Name, a.direction(), t.name, t.code, t.length, t.precision, t.scale,
					!a.Required, a.Required, false, a.Description, i+1, strings.Join(a.Values, ","), false, false, a.Default)
			}
		}
	},
}
