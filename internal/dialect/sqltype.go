package dialect

import "strings"

// typeClass says what a cast to a type does.
type typeClass uint8

const (
	nativeType typeClass = iota // SQLite's own reading of the name is right
	dateType
	timeType
	timestampType
	boolType
	textType
	decimalType
	integerType
	blobType
)

// sqlType is a type name in a statement.
type sqlType struct {
	class       typeClass
	known       bool // it is surely a type and not a column
	respell     bool // SQLite would give the name another affinity
	size, scale string
	last        *node // nil when there is no type
}

type typeRule struct {
	class   typeClass
	respell bool
}

// typeRules are by upper-case name. SQLite derives the affinity from parts of the name
// (https://sqlite.org/datatype3.html#determination_of_column_affinity); respell marks those it gets wrong.
var typeRules = map[string]typeRule{
	"DATE": {class: dateType}, "TIME": {class: timeType}, "TIMETZ": {class: timeType},
	"TIMESTAMP": {class: timestampType}, "TIMESTAMPTZ": {class: timestampType}, "DATETIME": {class: timestampType},
	"DATETIME2": {class: timestampType}, "SMALLDATETIME": {class: timestampType}, "DATETIMEOFFSET": {class: timestampType},
	"BOOL": {class: boolType}, "BOOLEAN": {class: boolType}, "BIT": {class: boolType},
	"CHAR": {class: textType}, "CHARACTER": {class: textType}, "VARCHAR": {class: textType}, "NCHAR": {class: textType},
	"NVARCHAR": {class: textType}, "VARCHAR2": {class: textType}, "NVARCHAR2": {class: textType}, "BPCHAR": {class: textType},
	"LONGVARCHAR": {class: textType}, "WVARCHAR": {class: textType}, "WCHAR": {class: textType},
	"TEXT": {class: textType}, "NTEXT": {class: textType}, "CLOB": {class: textType}, "NCLOB": {class: textType},
	"LONGTEXT": {class: textType}, "MEDIUMTEXT": {class: textType}, "TINYTEXT": {class: textType},
	"STRING": {textType, true}, "JSON": {textType, true}, "JSONB": {textType, true}, "UUID": {textType, true},
	"UNIQUEIDENTIFIER": {textType, true}, "XML": {textType, true}, "NAME": {textType, true}, "CITEXT": {class: textType},
	"REGCLASS": {textType, true}, "REGTYPE": {textType, true}, "REGPROC": {textType, true},
	"INT": {class: integerType}, "INTEGER": {class: integerType}, "BIGINT": {class: integerType},
	"SMALLINT": {class: integerType}, "TINYINT": {class: integerType}, "MEDIUMINT": {class: integerType},
	"INT2": {class: integerType}, "INT4": {class: integerType}, "INT8": {class: integerType},
	"SIGNED": {integerType, true}, "UNSIGNED": {integerType, true}, "LONG": {integerType, true}, "OID": {integerType, true},
	"DECIMAL": {class: decimalType}, "NUMERIC": {class: decimalType}, "NUMBER": {class: decimalType},
	"DEC":  {class: decimalType},
	"REAL": {}, "FLOAT": {}, "DOUBLE": {}, "FLOAT4": {}, "FLOAT8": {}, "MONEY": {}, "BLOB": {},
	"BINARY": {blobType, true}, "VARBINARY": {blobType, true}, "BYTEA": {blobType, true}, "IMAGE": {blobType, true},
	"RAW": {blobType, true},
}

// parseType reads the type name that begins at n.
func parseType(n *node) sqlType {
	if !n.isName() {
		return sqlType{}
	}
	t := sqlType{last: n}
	for t.last.after().is(".") && t.last.after().after().isNameToken() { // pg_catalog.int4
		t.last = t.last.after().after()
	}
	name := strings.ToUpper(t.last.Value())
	name, odbc := strings.CutPrefix(name, "SQL_")
	name = strings.TrimPrefix(name, "TYPE_") // SQL_TYPE_TIMESTAMP
	rule, known := typeRules[name]
	t.class, t.respell, t.known = rule.class, rule.respell || odbc, known && name != "NAME" // a column more often
	next := func(words ...string) bool {
		m := t.last
		for _, w := range words {
			if m = m.after(); m.word != w {
				return false
			}
		}
		t.last = m
		return true
	}
	switch name {
	case "DOUBLE":
		next("PRECISION")
	case "CHARACTER", "CHAR", "NCHAR":
		_ = next("VARYING") || next("LARGE", "OBJECT")
	case "BIT":
		next("VARYING")
	case "SIGNED", "UNSIGNED":
		_ = next("INTEGER") || next("INT")
	case "INT", "INTEGER", "BIGINT":
		if next("UNSIGNED") {
			t.respell = true
		}
	}
	if open := t.last.after(); open.opens() && t.arguments(open) {
		t.last = open.match
	}
	switch name {
	case "TIME", "TIMESTAMP":
		_ = next("WITH", "TIME", "ZONE") || next("WITHOUT", "TIME", "ZONE") || next("WITH", "LOCAL", "TIME", "ZONE")
	case "CHAR", "CHARACTER", "VARCHAR":
		if m := t.last.after(); m.word == "CHARACTER" && m.after().word == "SET" && m.after().after().isNameToken() {
			t.last, t.respell = m.after().after(), true
		}
	}
	for t.last.after().Text == "[]" { // an array: JSON text here
		t.class, t.respell, t.size = textType, true, ""
		t.last = t.last.after()
	}
	return t
}

// arguments reads (n), (n, m), (MAX) or (n CHAR); false when the bracket holds something else.
func (t *sqlType) arguments(open *node) bool {
	n := open.after()
	switch {
	case n.word == "MAX" && n.after() == open.match:
		t.respell = true
		return true
	case n.Kind != Number:
		return false
	}
	size, scale := n.Text, ""
	n = n.after()
	if n.word == "CHAR" || n.word == "BYTE" {
		n, t.respell = n.after(), true
	}
	if n.is(",") && n.after().Kind == Number {
		scale = n.after().Text
		n = n.after().after()
	}
	if n != open.match {
		return false
	}
	t.size, t.scale = size, scale
	return true
}
