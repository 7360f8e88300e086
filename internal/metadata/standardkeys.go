package metadata

var infoTableConstraints = table{
	name: "table_constraints",
	columns: []column{
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
	schemaRows: func(c Connection, s *listedSchema, out *rows) {
		information := information(c)
		for _, r := range s.relations {
			add := func(name, kind, enforced string) {
				out.add(Catalog, s.name, name, Catalog, s.name, r.Table.Name, kind, "NO", "NO", enforced)
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

var infoKeyColumnUsage = table{
	name: "key_column_usage",
	columns: []column{
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
	schemaRows: func(c Connection, s *listedSchema, out *rows) {
		information := information(c)
		for _, r := range s.relations {
			add := func(name, column string, ordinal int, position any) {
				out.add(Catalog, s.name, name, Catalog, s.name, r.Table.Name, column, ordinal, position)
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

var infoReferentialConstraints = table{
	name: "referential_constraints",
	columns: []column{
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
	schemaRows: func(c Connection, s *listedSchema, out *rows) {
		information := information(c)
		for _, r := range s.relations {
			for _, k := range s.foreignKeys(r.Table, information) {
				out.add(Catalog, s.name, k.name, Catalog, k.schema, k.primaryKey(), "NONE", "NO ACTION", "NO ACTION")
			}
		}
	},
}

// infoCheckConstraints is empty, and there because clients join it.
var infoCheckConstraints = table{
	name: "check_constraints",
	columns: []column{
		{"constraint_catalog", nameKind},
		{"constraint_schema", nameKind},
		{"constraint_name", nameKind},
		{"check_clause", textKind},
	},
	rows: func(Connection, *rows) {},
}

// infoConstraintColumnUsage has the columns that a constraint depends on: those of a key, and those that a reference points to.
var infoConstraintColumnUsage = table{
	name: "constraint_column_usage",
	columns: []column{
		{"table_catalog", nameKind},
		{"table_schema", nameKind},
		{"table_name", nameKind},
		{"column_name", nameKind},
		{"constraint_catalog", nameKind},
		{"constraint_schema", schemaKind},
		{"constraint_name", nameKind},
	},
	schemaRows: func(c Connection, s *listedSchema, out *rows) {
		information := information(c)
		for _, r := range s.relations {
			for _, column := range r.Table.Key {
				out.add(Catalog, s.name, r.Table.Name, column, Catalog, s.name, primaryKeyName(r.Table))
			}
			for _, k := range s.foreignKeys(r.Table, information) {
				for _, column := range k.references {
					out.add(Catalog, k.schema, k.table.Name, column, Catalog, s.name, k.name)
				}
			}
		}
	},
}
