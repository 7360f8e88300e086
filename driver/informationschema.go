package driver

import "github.com/seed281e34fa/bitbucketsql/schema"

// informationSchema is the schema of the SQL standard's metadata (ISO/IEC 9075-11). It is attached when a statement names it.
const informationSchema = "information_schema"

// informationTables are the tables of information_schema.
var informationTables = []*systemTable{
	&infoSchemata, &infoTables, &infoColumns, &infoViews, &infoTableConstraints, &infoKeyColumnUsage,
	&infoConstraintColumnUsage, &infoReferentialConstraints, &infoCheckConstraints, &infoRoutines, &infoParameters,
}

var infoSchemata = systemTable{
	name: "schemata",
	columns: []systemColumn{
		{"catalog_name", nameKind},
		{"schema_name", schemaKind},
		{"schema_owner", nameKind},
		{"default_character_set_catalog", nameKind},
		{"default_character_set_schema", nameKind},
		{"default_character_set_name", nameKind},
		{"sql_path", textKind},
	},
	schemaRows: func(c *conn, s *metaSchema, out *systemRows) {
		out.add(catalogName, s.name, orNull(c.config().Workspace), nil, nil, "UTF8", nil)
	},
}

var infoTables = systemTable{
	name: "tables",
	columns: []systemColumn{
		{"table_catalog", nameKind},
		{"table_schema", schemaKind},
		{"table_name", tableKind},
		{"table_type", textKind},
		{"self_referencing_column_name", nameKind},
		{"reference_generation", textKind},
		{"user_defined_type_catalog", nameKind},
		{"user_defined_type_schema", nameKind},
		{"user_defined_type_name", nameKind},
		{"is_insertable_into", textKind},
		{"is_typed", textKind},
		{"commit_action", textKind},
	},
	schemaRows: func(_ *conn, s *metaSchema, out *systemRows) {
		for _, r := range s.relations {
			out.add(catalogName, s.name, r.Table.Name, "BASE TABLE", nil, nil, nil, nil, nil, "NO", "NO", nil)
		}
		for _, v := range s.views {
			out.add(catalogName, s.name, v.name, "VIEW", nil, nil, nil, nil, nil, "NO", "NO", nil)
		}
	},
}

var infoColumns = systemTable{
	name: "columns",
	columns: []systemColumn{
		{"table_catalog", nameKind},
		{"table_schema", schemaKind},
		{"table_name", tableKind},
		{"column_name", nameKind},
		{"ordinal_position", intKind},
		{"column_default", textKind},
		{"is_nullable", textKind},
		{"data_type", textKind},
		{"character_maximum_length", intKind},
		{"character_octet_length", intKind},
		{"numeric_precision", intKind},
		{"numeric_precision_radix", intKind},
		{"numeric_scale", intKind},
		{"datetime_precision", intKind},
		{"character_set_name", nameKind},
		{"collation_name", nameKind},
		{"is_identity", textKind},
		{"is_generated", textKind},
		{"is_updatable", textKind},
	},
	describesColumns: true,
	schemaRows: func(_ *conn, s *metaSchema, out *systemRows) {
		add := func(table, column string, ordinal int, nullable bool, t dataType) {
			var precision, radix, scale, fraction, charset any
			switch t.name {
			case "BIGINT", "DOUBLE":
				precision, radix, scale = t.precision, 10, t.scale
			case "DATETIME", "DATE":
				fraction = t.scale
			case "VARCHAR", "JSON":
				charset = "UTF8"
			}
			out.add(catalogName, s.name, table, column, ordinal, nil, yesNo(nullable), t.standard,
				nil, nil, precision, radix, scale, fraction, charset, nil, "NO", "NEVER", "NO")
		}
		for _, r := range s.relations {
			for i := range r.Table.Columns {
				c := &r.Table.Columns[i]
				add(r.Table.Name, c.Name, i+1, !r.Table.IsKey(c.Name), dataTypes[c.Type])
			}
		}
		for _, v := range s.views {
			for i, c := range v.columns {
				add(v.name, c.name, i+1, true, c.dataType)
			}
		}
	},
}

// yesNo is a truth as the standard writes it.
func yesNo(b bool) string {
	if b {
		return "YES"
	}
	return "NO"
}

// infoViews are the user-defined views.
var infoViews = systemTable{
	name:      "views",
	viewsOnly: true,
	columns: []systemColumn{
		{"table_catalog", nameKind},
		{"table_schema", schemaKind},
		{"table_name", tableKind},
		{"view_definition", textKind},
		{"check_option", textKind},
		{"is_updatable", textKind},
		{"insertable_into", textKind},
	},
	schemaRows: func(_ *conn, s *metaSchema, out *systemRows) {
		for _, v := range s.views {
			out.add(catalogName, s.name, v.name, v.query, "NONE", "NO", "NO")
		}
	},
}

var infoRoutines = systemTable{
	name: "routines",
	columns: []systemColumn{
		{"specific_catalog", nameKind},
		{"specific_schema", nameKind},
		{"specific_name", nameKind},
		{"routine_catalog", nameKind},
		{"routine_schema", nameKind},
		{"routine_name", nameKind},
		{"routine_type", textKind},
		{"data_type", textKind},
		{"routine_body", textKind},
		{"routine_definition", textKind},
		{"external_name", textKind},
		{"external_language", textKind},
		{"is_deterministic", textKind},
		{"sql_data_access", textKind},
		{"security_type", textKind},
	},
	rows: func(_ *conn, out *systemRows) {
		for _, p := range procedures() {
			out.add(catalogName, schema.Information, p.name, catalogName, schema.Information, p.name, "PROCEDURE", nil,
				"EXTERNAL", nil, nil, nil, "NO", "MODIFIES", "INVOKER")
		}
	},
}

var infoParameters = systemTable{
	name: "parameters",
	columns: []systemColumn{
		{"specific_catalog", nameKind},
		{"specific_schema", nameKind},
		{"specific_name", nameKind},
		{"ordinal_position", intKind},
		{"parameter_mode", textKind},
		{"is_result", textKind},
		{"parameter_name", nameKind},
		{"data_type", textKind},
		{"character_maximum_length", intKind},
		{"character_octet_length", intKind},
		{"numeric_precision", intKind},
		{"numeric_precision_radix", intKind},
		{"numeric_scale", intKind},
		{"datetime_precision", intKind},
		{"parameter_default", textKind},
	},
	rows: func(_ *conn, out *systemRows) {
		for _, p := range procedures() {
			for i, a := range p.parameters {
				mode := "IN"
				if a.output {
					mode = "OUT"
				}
				out.add(catalogName, schema.Information, p.name, i+1, mode, yesNo(a.output), a.name, dataTypes[a.kind].standard,
					nil, nil, nil, nil, nil, nil, orNull(a.standard))
			}
		}
	},
}
