package driver

var infoTableConstraints = systemTable{
	name: "table_constraints",
	columns: []systemColumn{
		{"constraint_catalog", nameKind},
		{"constraint_schema", schemaKind},
		{"constraint_name", nameKind},
		{"table_catalog", nameKind},
		{"table_schema", schemaKind},
		{"table_name", tableKind},
		{"constraint_type", textKind},
		{"is_deferrable", textKind},
		{"initially_deferred", textKind},
		{"enforced", textKind},
	},
	schemaRows: func(c *conn, s *metaSchema, out *systemRows) {
		information := c.information()
		for _, r := range s.relations {
			add := func(name, kind, enforced string) {
				out.add(catalogName, s.name, name, catalogName, s.name, r.Table.Name, kind, "NO", "NO", enforced)
			}
			if len(r.Table.Key) > 0 {
				add(primaryKeyName(r.Table), "PRIMARY KEY", "YES")
			}
			for _, k := range s.foreignKeys(r.Table, information) {
				add(k.name, "FOREIGN KEY", "NO")
			}
		}
	},
}

var infoKeyColumnUsage = systemTable{
	name: "key_column_usage",
	columns: []systemColumn{
		{"constraint_catalog", nameKind},
		{"constraint_schema", schemaKind},
		{"constraint_name", nameKind},
		{"table_catalog", nameKind},
		{"table_schema", schemaKind},
		{"table_name", tableKind},
		{"column_name", nameKind},
		{"ordinal_position", intKind},
		{"position_in_unique_constraint", intKind},
	},
	schemaRows: func(c *conn, s *metaSchema, out *systemRows) {
		information := c.information()
		for _, r := range s.relations {
			add := func(name, column string, ordinal int, position any) {
				out.add(catalogName, s.name, name, catalogName, s.name, r.Table.Name, column, ordinal, position)
			}
			for i, column := range r.Table.Key {
				add(primaryKeyName(r.Table), column, i+1, nil)
			}
			for _, k := range s.foreignKeys(r.Table, information) {
				for i, column := range k.columns {
					var position any
					if k.primary {
						position = i + 1
					}
					add(k.name, column, i+1, position)
				}
			}
		}
	},
}

var infoReferentialConstraints = systemTable{
	name: "referential_constraints",
	columns: []systemColumn{
		{"constraint_catalog", nameKind},
		{"constraint_schema", schemaKind},
		{"constraint_name", nameKind},
		{"unique_constraint_catalog", nameKind},
		{"unique_constraint_schema", nameKind},
		{"unique_constraint_name", nameKind},
		{"match_option", textKind},
		{"update_rule", textKind},
		{"delete_rule", textKind},
	},
	schemaRows: func(c *conn, s *metaSchema, out *systemRows) {
		information := c.information()
		for _, r := range s.relations {
			for _, k := range s.foreignKeys(r.Table, information) {
				out.add(catalogName, s.name, k.name, catalogName, k.schema, k.primaryKey(), "NONE", "NO ACTION", "NO ACTION")
			}
		}
	},
}

// infoCheckConstraints is empty, and there because clients join it.
var infoCheckConstraints = systemTable{
	name: "check_constraints",
	columns: []systemColumn{
		{"constraint_catalog", nameKind},
		{"constraint_schema", nameKind},
		{"constraint_name", nameKind},
		{"check_clause", textKind},
	},
	rows: func(*conn, *systemRows) {},
}

// infoConstraintColumnUsage has the columns that a constraint depends on: those of a key, and those that a reference points to.
var infoConstraintColumnUsage = systemTable{
	name: "constraint_column_usage",
	columns: []systemColumn{
		{"table_catalog", nameKind},
		{"table_schema", nameKind},
		{"table_name", nameKind},
		{"column_name", nameKind},
		{"constraint_catalog", nameKind},
		{"constraint_schema", schemaKind},
		{"constraint_name", nameKind},
	},
	schemaRows: func(c *conn, s *metaSchema, out *systemRows) {
		information := c.information()
		for _, r := range s.relations {
			for _, column := range r.Table.Key {
				out.add(catalogName, s.name, r.Table.Name, column, catalogName, s.name, primaryKeyName(r.Table))
			}
			for _, k := range s.foreignKeys(r.Table, information) {
				for _, column := range k.references {
					out.add(catalogName, k.schema, k.table.Name, column, catalogName, s.name, k.name)
				}
			}
		}
	},
}
