package metadata

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/schema"
)

// systemTables are the tables of metadata with CData's names and columns. They are found without a schema, in every connection.
var systemTables = []*table{
	&sysCatalogs, &sysSchemas, &sysTables, &sysTableColumns, &sysProcedures, &sysProcedureParameters, &sysKeyColumns,
	&sysPrimaryKeys, &sysForeignKeys, &sysIndexes, &sysConnectionProps, &sysSQLInfo, &sysIdentity, &sysInformation,
}

var sysCatalogs = table{
	name:    "sys_catalogs",
	columns: []column{{"CatalogName", nameKind}},
	rows:    func(_ Connection, out *rows) { out.add(Catalog) },
}

var sysSchemas = table{
	name:       "sys_schemas",
	columns:    []column{{"CatalogName", nameKind}, {"SchemaName", schemaKind}},
	schemaRows: func(_ Connection, s *listedSchema, out *rows) { out.add(Catalog, s.name) },
}

var sysTables = table{
	name: "sys_tables",
	columns: []column{
		{"CatalogName", nameKind},
		{"SchemaName", schemaKind},
		{"TableName", tableKind},
		{"TableType", textKind},
		{"Description", textKind},
		{"IsUpdateable", boolKind},
	},
	schemaRows: func(_ Connection, s *listedSchema, out *rows) {
		for _, r := range s.relations {
			out.add(Catalog, s.name, r.Table.Name, "TABLE", describe(r.Table), false)
		}
		for _, v := range s.views {
			out.add(Catalog, s.name, v.Name, "VIEW", "User-defined view.", false)
		}
	},
}

// describe is the description of a table, with what has become of it.
func describe(t *schema.Table) string {
	if t.Retired == "" {
		return t.Description
	}
	return t.Description + " " + t.Retired
}

var sysTableColumns = table{
	name:             "sys_tablecolumns",
	describesColumns: true,
	columns: []column{
		{"CatalogName", nameKind},
		{"SchemaName", schemaKind},
		{"TableName", tableKind},
		{"ColumnName", nameKind},
		{"DataTypeName", textKind},
		{"DataType", intKind},
		{"Length", intKind},
		{"DisplaySize", intKind},
		{"NumericPrecision", intKind},
		{"NumericScale", intKind},
		{"IsNullable", boolKind},
		{"Description", textKind},
		{"Ordinal", intKind},
		{"IsAutoIncrement", textKind},
		{"IsGeneratedColumn", textKind},
		{"IsHidden", boolKind},
		{"IsArray", boolKind},
		{"IsReadOnly", boolKind},
		{"IsKey", boolKind},
		{"ColumnType", textKind},
		{"FieldControl", textKind},
		// What follows is ours.
		{"Operators", textKind},
		{"Sortable", boolKind},
		{"References", nameKind},
	},
	schemaRows: func(_ Connection, s *listedSchema, out *rows) {
		for _, r := range s.relations {
			operators, sortable := pushedOperators(r.Table), sortableColumns(r.Table)
			for i := range r.Table.Columns {
				c := &r.Table.Columns[i]
				t, key := dataTypes[c.Type], r.Table.IsKey(c.Name)
				out.add(Catalog, s.name, r.Table.Name, c.Name, t.name, t.code, t.length, t.display, t.precision, t.scale,
					!key, c.Description, i+1, "NO", "NO", false, false, true, key, nil, "read-only",
					orNull(spellOperators(operators[c.Name])), sortable[c.Name], orNull(c.References))
			}
		}
		for _, v := range s.views {
			for i, c := range v.Columns {
				t := viewTypes[c.Type]
				out.add(Catalog, s.name, v.Name, c.Name, t.name, t.code, t.length, t.display, t.precision, t.scale,
					true, nil, i+1, "NO", "NO", false, false, true, false, nil, "read-only", nil, false, nil)
			}
		}
	},
}

// dataType is what clients are told of a type. A size that has no meaning for it is nil.
type dataType struct {
	name string
	// code is that of java.sql.Types (https://docs.oracle.com/en/java/javase/21/docs/api/java.sql/java/sql/Types.html).
	code int
	// length is in characters, or bytes for what is not text.
	length, display  int
	precision, scale any
	// standard is the name in information_schema.
	standard string
}

// unbounded is the length of what has no longest value.
const unbounded = 1<<31 - 1

var dataTypes = map[schema.Type]dataType{
	schema.Text:      {name: "VARCHAR", code: 12, length: unbounded, display: unbounded, standard: "character varying"},
	schema.Integer:   {name: "BIGINT", code: -5, length: 8, display: 20, precision: 19, scale: 0, standard: "bigint"},
	schema.Real:      {name: "DOUBLE", code: 8, length: 8, display: 24, precision: 15, standard: "double precision"},
	schema.Boolean:   {name: "BOOL", code: 16, length: 1, display: 5, standard: "boolean"},
	schema.Timestamp: {name: "DATETIME", code: 93, length: 29, display: 29, precision: 29, scale: 9, standard: "timestamp"},
	schema.JSON:      {name: "JSON", code: -1, length: unbounded, display: unbounded, standard: "json"},
	schema.Blob:      {name: "VARBINARY", code: -3, length: unbounded, display: unbounded, standard: "binary large object"},
}

// pushedOperators tells for each column which comparisons Bitbucket can make.
func pushedOperators(t *schema.Table) map[string]schema.Ops {
	ops := map[string]schema.Ops{}
	for i := range t.Endpoints {
		e := &t.Endpoints[i]
		for j := range e.Filters {
			ops[e.Filters[j].Column] |= e.Filters[j].Ops
		}
		for _, column := range e.Binds {
			ops[column] |= schema.Equality
		}
		for _, column := range e.Inputs {
			ops[column] |= schema.Equality
		}
	}
	return ops
}

// sortableColumns are the columns that Bitbucket sorts exactly as SQLite does.
func sortableColumns(t *schema.Table) map[string]bool {
	sortable := map[string]bool{}
	for i := range t.Endpoints {
		for _, s := range t.Endpoints[i].Sorts {
			sortable[s.Column] = true
		}
	}
	return sortable
}

// pushedWords are the operators as SQLite writes them, each one word.
var pushedWords = []struct {
	op   schema.Ops
	word string
}{
	{schema.EQ, "="},
	{schema.NE, "<>"},
	{schema.LT, "<"},
	{schema.LE, "<="},
	{schema.GT, ">"},
	{schema.GE, ">="},
	{schema.IN, "IN"},
	{schema.LIKE, "LIKE"},
	{schema.ISNULL, "ISNULL"},
	{schema.NOTNULL, "NOTNULL"},
}

func spellOperators(ops schema.Ops) string {
	var words []string
	for _, o := range pushedWords {
		if ops.Has(o.op) {
			words = append(words, o.word)
		}
	}
	return strings.Join(words, " ")
}
