package metadata

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// primaryKeyName is the name of a table's key, unique in its schema.
func primaryKeyName(t *schema.Table) string { return "PK_" + t.Name }

// foreignKey says that columns of a table point to columns of another. Bitbucket does not enforce it: what they point to may
// have been deleted, or be hidden from the caller.
type foreignKey struct {
	name    string
	columns []string
	// schema and table are what is pointed to, and references the columns there, in the order of columns.
	schema     string
	table      *schema.Table
	references []string
	// primary says that they are the whole key of the table.
	primary bool
}

// primaryKey is the name of the key that is pointed to, or nil where other columns are.
func (k *foreignKey) primaryKey() any {
	if !k.primary {
		return nil
	}
	return primaryKeyName(k.table)
}

// foreignKeys are the references of a table to tables that metadata shows: to those of Information, and to those of its own
// schema. In the schema Workspace a reference includes the repository, since a pull request's number alone means nothing there.
func (s *listedSchema) foreignKeys(t *schema.Table, information *listedSchema) []foreignKey {
	var keys []foreignKey
	for i := range t.Columns {
		name, column, ok := strings.Cut(t.Columns[i].References, ".")
		if !ok {
			continue
		}
		k := foreignKey{name: "FK_" + t.Name + "_" + t.Columns[i].Name, schema: s.name}
		if target := schema.Lookup(name); target != nil && target.Scope == schema.InformationScope {
			k.schema, k.table = information.name, information.table(name)
		} else {
			k.table = s.table(name)
		}
		if k.table == nil {
			continue
		}
		k.complete(t, t.Columns[i].Name, column)
		keys = append(keys, k)
	}
	return keys
}

// complete finds the columns that make up the whole key with the one that refers to part of it.
func (k *foreignKey) complete(t *schema.Table, column, references string) {
	k.columns, k.references = []string{column}, []string{references}
	if !k.table.IsKey(references) {
		return
	}
	var columns []string
	for _, part := range k.table.Key {
		switch {
		case part == references:
			columns = append(columns, column)
		case k.shares(t, part):
			columns = append(columns, part)
		default:
			return
		}
	}
	k.columns, k.references, k.primary = columns, k.table.Key, true
}

// shares says whether a table has a column of the key that is pointed to, under the same name and with the same meaning.
func (k *foreignKey) shares(t *schema.Table, part string) bool {
	i := t.Column(part)
	if i < 0 {
		return false
	}
	points := t.Columns[i].References
	return t.Name == k.table.Name || points == k.table.Name+"."+part ||
		points != "" && points == k.table.Columns[k.table.Column(part)].References
}

var sysPrimaryKeys = table{
	name: "sys_primarykeys",
	columns: []column{
		{"CatalogName", nameKind},
		{"SchemaName", schemaKind},
		{"TableName", tableKind},
		{"ColumnName", nameKind},
		{"KeySeq", intKind},
		{"KeyName", nameKind},
	},
	schemaRows: func(_ Connection, s *listedSchema, out *rows) {
		for _, r := range s.relations {
			for i, column := range r.Table.Key {
				out.add(Catalog, s.name, r.Table.Name, column, i+1, primaryKeyName(r.Table))
			}
		}
	},
}

var sysForeignKeys = table{
	name: "sys_foreignkeys",
	columns: []column{
		{"CatalogName", nameKind},
		{"SchemaName", schemaKind},
		{"TableName", tableKind},
		{"ColumnName", nameKind},
		{"PrimaryKeyName", nameKind},
		{"ForeignKeyName", nameKind},
		{"ReferencedCatalogName", nameKind},
		{"ReferencedSchemaName", nameKind},
		{"ReferencedTableName", nameKind},
		{"ReferencedColumnName", nameKind},
		{"ForeignKeyType", textKind},
	},
	schemaRows: func(c Connection, s *listedSchema, out *rows) {
		information := information(c)
		for _, r := range s.relations {
			for _, k := range s.foreignKeys(r.Table, information) {
				for i, column := range k.columns {
					out.add(Catalog, s.name, r.Table.Name, column, k.primaryKey(), k.name,
						Catalog, k.schema, k.table.Name, k.references[i], "IMPORT")
				}
			}
		}
	},
}

// sysKeyColumns has a row for each column of a key and each column of a reference; one that is both is one row.
var sysKeyColumns = table{
	name: "sys_keycolumns",
	columns: []column{
		{"CatalogName", nameKind},
		{"SchemaName", schemaKind},
		{"TableName", tableKind},
		{"ColumnName", nameKind},
		{"IsKey", boolKind},
		{"IsForeignKey", boolKind},
		{"PrimaryKeyName", nameKind},
		{"ForeignKeyName", nameKind},
		{"ReferencedCatalogName", nameKind},
		{"ReferencedSchemaName", nameKind},
		{"ReferencedTableName", nameKind},
		{"ReferencedColumnName", nameKind},
	},
	schemaRows: func(c Connection, s *listedSchema, out *rows) {
		information := information(c)
		for _, r := range s.relations {
			referring := map[string]bool{}
			for _, k := range s.foreignKeys(r.Table, information) {
				for i, column := range k.columns {
					referring[column] = true
					var primary any
					if r.Table.IsKey(column) {
						primary = primaryKeyName(r.Table)
					}
					out.add(Catalog, s.name, r.Table.Name, column, primary != nil, true, primary, k.name,
						Catalog, k.schema, k.table.Name, k.references[i])
				}
			}
			for _, column := range r.Table.Key {
				if !referring[column] {
					out.add(Catalog, s.name, r.Table.Name, column, true, false, primaryKeyName(r.Table), nil, nil, nil, nil, nil)
				}
			}
		}
	},
}

// otherIndex is java.sql.DatabaseMetaData.tableIndexOther: neither clustered nor hashed.
const otherIndex = 3

var sysIndexes = table{
	name: "sys_indexes",
	columns: []column{
		{"CatalogName", nameKind},
		{"SchemaName", schemaKind},
		{"TableName", tableKind},
		{"IndexName", nameKind},
		{"ColumnName", nameKind},
		{"IsUnique", boolKind},
		{"IsPrimary", boolKind},
		{"Type", intKind},
		{"SortOrder", textKind},
		{"OrdinalPosition", intKind},
	},
	schemaRows: func(_ Connection, s *listedSchema, out *rows) {
		for _, r := range s.relations {
			for i, column := range r.Table.Key {
				out.add(Catalog, s.name, r.Table.Name, primaryKeyName(r.Table), column, true, true, otherIndex, "A", i+1)
			}
		}
	},
}
