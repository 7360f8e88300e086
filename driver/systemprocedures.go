package driver

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// The directions of parameters, as CData's products number them.
const (
	directionIn  = 1
	directionOut = 4
)

func (p *procedureParameter) direction() int {
	if p.output {
		return directionOut
	}
	return directionIn
}

var sysProcedures = systemTable{
	name: "sys_procedures",
	columns: []systemColumn{
		{"CatalogName", nameKind},
		{"SchemaName", nameKind},
		{"ProcedureName", nameKind},
		{"Description", textKind},
		{"ProcedureType", textKind},
	},
	rows: func(_ *conn, out *systemRows) {
		for _, p := range procedures() {
			out.add(catalogName, schema.Information, p.name, p.description, "PROCEDURE")
		}
	},
}

var sysProcedureParameters = systemTable{
	name: "sys_procedureparameters",
	columns: []systemColumn{
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
	rows: func(_ *conn, out *systemRows) {
		for _, p := range procedures() {
			for i, a := range p.parameters {
				t := dataTypes[a.kind]
				out.add(catalogName, schema.Information, p.name, a.name, a.direction(), t.name, t.code, t.length, t.precision, t.scale,
					!a.required, a.required, false, a.description, i+1, strings.Join(a.values, ","), false, false, a.standard)
			}
		}
	},
}
