package metadata

import "github.com/seed281e34fa/bitbucketsql/schema"

// StandardSchema is the schema of the SQL standard's metadata (ISO/IEC 9075-11). It is attached when a statement names it.
const StandardSchema = "information_schema"

// standardTables are the tables of information_schema.
var standardTables = []*table{
	&infoSchemata, &infoTables, &infoColumns, &infoViews, &infoTableConstraints, &infoKeyColumnUsage,
	&infoConstraintColumnUsage, &infoReferentialConstraints, &infoCheckConstraints, &infoRoutines, &infoParameters,
}

var infoSchemata = table{
	name: "schemata",
	columns: []column{
		{"catalog_name", nameKind},
		{"schema_name", schemaKind},
		{"schema_owner", nameKind},
		{"default_character_set_catalog", nameKind},
		{"default_character_set_schema", nameKind},
		{"default_character_set_name", nameKind},
		{"sql_path", textKind},
	},
	schemaRows: func(c Connection, s *listedSchema, out *rows) {
		out.add(Catalog, s.name, orNull(c.Settings().Workspace), nil, nil, "UTF8", nil)
	},
}

var infoTables = table{
	name: "tables",
	columns: []column{
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
	schemaRows: func(_ Connection, s *listedSchema, out *rows) {
		for _, r := range s.relations {
			out.add(Catalog, s.name, r.Table.Name, "BASE TABLE", nil, nil, nil, nil, nil, "NO", "NO", nil)
		}
		for _, v := range s.views {
			out.add(Catalog, s.name, v.Name, "VIEW", nil, nil, nil, nil, nil, "NO", "NO", nil)
		}
	},
}

var infoColumns = table{
	name: "columns",
	columns: []column{
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
	schemaRows: func(_ Connection, s *listedSchema, out *rows) {
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
			out.add(Catalog, s.name, table, column, ordinal, nil, yesNo(nullable), t.standard,
				nil, nil, precision, radix, scale, fraction, charset, nil, "NO", "NEVER", "NO")
		}
		for _, r := range s.relations {
			for i := range r.Table.Columns {
				c := &r.Table.Columns[i]
				add(r.Table.Name, c.Name, i+1, !r.Table.IsKey(c.Name), dataTypes[c.Type])
			}
		}
		for _, v := range s.views {
			for i, c := range v.Columns {
				add(v.Name, c.Name, i+1, true, viewTypes[c.Type])
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
var infoViews = table{
	name:      "views",
	viewsOnly: true,
	columns: []column{
		{"table_catalog", nameKind},
		{"table_schema", schemaKind},
		{"table_name", tableKind},
		{"view_definition", textKind},
		{"check_option", textKind},
		{"is_updatable", textKind},
		{"insertable_into", textKind},
	},
	schemaRows: func(_ Connection, s *listedSchema, out *rows) {
		for _, v := range s.views {
			out.add(Catalog, s.name, v.Name, v.Query, "NONE", "NO", "NO")
		}
	},
}

var infoRoutines = table{
	name: "routines",
	columns: []column{
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
	rows: func(c Connection, out *rows) {
		for _, p := range c.Procedures() {
			out.add(Catalog, schema.Information, p.Name, Catalog, schema.Information, p.Name, "PROCEDURE", nil,
				"EXTERNAL", nil, nil, nil, "NO", "MODIFIES", "INVOKER")
		}
	},
}

var infoParameters = table{
	name: "parameters",
	columns: []column{
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
	rows: func(c Connection, out *rows) {
		for _, p := range c.Procedures() {
			for i, a := range p.Parameters {
				mode := "IN"
				if a.Output {
					mode = "OUT"
				}
				out.add(Catalog, schema.Information, p.Name, i+1, mode, yesNo(a.Output), a.Name, dataTypes[a.Type].standard,
					nil, nil, nil, nil, nil, nil, orNull(a.Default))
			}
		}
	},
}
