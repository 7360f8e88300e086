package planner

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// StatementKind says what a statement does.
type StatementKind uint8

// The kinds of statements.
const (
	Unknown StatementKind = iota
	Empty                 // nothing but white space, comments and semicolons
	Select
	SelectInto // SELECT … INTO table FROM …
	With       // WITH … SELECT
	Values
	Explain
	Insert
	Update
	Delete
	Upsert     // UPSERT, MERGE, REPLACE INTO, INSERT OR REPLACE, INSERT … ON CONFLICT / ON DUPLICATE KEY UPDATE
	GetDeleted // CData's GETDELETED FROM
	Exec       // EXEC, EXECUTE, CALL and {call …}
	Show
	Describe
	Set
	Use
	Begin
	Commit
	Rollback
	Savepoint // SAVEPOINT and RELEASE
	Cache     // CData's CACHE
	CreateTemp
	DDL // CREATE, ALTER, DROP, TRUNCATE, ATTACH, …
	Pragma
	LocalView // CData's CREATE, ALTER and DROP LOCAL VIEW
)

var statementKinds = [...]string{
	"unknown", "empty", "SELECT", "SELECT INTO", "WITH", "VALUES", "EXPLAIN", "INSERT", "UPDATE", "DELETE", "UPSERT",
	"GETDELETED", "EXEC", "SHOW", "DESCRIBE", "SET", "USE", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "CACHE",
	"CREATE TEMP", "DDL", "PRAGMA", "LOCAL VIEW",
}

func (k StatementKind) String() string {
	if int(k) < len(statementKinds) {
		return statementKinds[k]
	}
	return statementKinds[Unknown]
}

// Writes reports whether the statement changes rows of a table.
func (k StatementKind) Writes() bool { return k == Insert || k == Update || k == Delete || k == Upsert }

// Statement is what can be said about a statement from its words alone.
type Statement struct {
	Kind StatementKind
	// ReturnsRows says that the statement has a result set: queries, EXPLAIN, SHOW, calls, and RETURNING.
	ReturnsRows bool
	// Schema and Table are the target of a statement that writes, creates or describes, or the procedure of a call; decoded,
	// "" when there is none.
	Schema, Table string
	// Analyze and QueryPlan are the words of EXPLAIN ANALYZE and EXPLAIN QUERY PLAN; Inner is the text they explain, and for
	// CACHE and LOCAL VIEW the query.
	Analyze, QueryPlan bool
	Inner              string
	// Offset is where Inner begins in the text, in bytes.
	Offset int
}

// Classify says what a statement is. It takes any text: what has no end, such as an open string, is classified by the
// words before it.
func Classify(sql string) Statement {
	tokens, _ := dialect.Lex(sql)
	w := statementWords(dialect.Significant(tokens))
	for len(w) > 0 && w.op(0, ";") {
		w = w[1:]
	}
	if len(w) == 0 {
		if strings.Trim(sql, " \t\r\n\f;") != "" && len(tokens) == 0 {
			return Statement{Kind: Unknown}
		}
		return Statement{Kind: Empty}
	}
	return w.classify(sql)
}

// classify looks at the first words.
func (w statementWords) classify(sql string) Statement {
	switch w.word(0) {
	case "SELECT":
		if i := w.find(1, "INTO", "FROM"); w.word(i) == "INTO" {
			return w.target(Statement{Kind: SelectInto}, i+1)
		}
		return Statement{Kind: Select, ReturnsRows: true}
	case "TABLE":
		return Statement{Kind: Select, ReturnsRows: true}
	case "WITH":
		s := w[w.afterWith():].classifyBody(sql)
		if s.Kind == Select {
			s.Kind = With
		}
		return s
	case "VALUES":
		return Statement{Kind: Values, ReturnsRows: true}
	case "EXPLAIN":
		return w.explain(sql)
	case "EXEC", "EXECUTE", "CALL":
		return w.target(Statement{Kind: Exec, ReturnsRows: true}, 1)
	case "SHOW":
		return Statement{Kind: Show, ReturnsRows: true}
	case "DESCRIBE", "DESC":
		i := 1
		if w.word(1) == "TABLE" {
			i = 2
		}
		return w.target(Statement{Kind: Describe, ReturnsRows: true}, i)
	case "SET":
		return Statement{Kind: Set}
	case "USE":
		return w.target(Statement{Kind: Use}, 1)
	case "PRAGMA":
		return Statement{Kind: Pragma, ReturnsRows: true}
	case "CACHE":
		return w.cache(sql)
	case "BEGIN", "START":
		return Statement{Kind: Begin}
	case "COMMIT", "END":
		return Statement{Kind: Commit}
	case "ROLLBACK", "ABORT":
		return Statement{Kind: Rollback}
	case "SAVEPOINT", "RELEASE":
		return Statement{Kind: Savepoint}
	case "INSERT", "REPLACE", "UPSERT", "MERGE", "UPDATE", "DELETE", "GETDELETED":
		return w.classifyBody(sql)
	case "CREATE", "ALTER", "DROP", "TRUNCATE", "RENAME", "GRANT", "REVOKE", "COMMENT", "ATTACH", "DETACH", "REINDEX", "ANALYZE",
		"VACUUM":
		return w.definition(sql)
	}
	switch {
	case w.op(0, "("):
		inner := w
		for inner.op(0, "(") {
			inner = inner[1:]
		}
		if s := inner.classify(sql); s.Kind == Select || s.Kind == With || s.Kind == Values {
			return Statement{Kind: s.Kind, ReturnsRows: true}
		}
	case w.op(0, "{"): // {call p(?)} or {? = call p(?)}
		for i := 1; i < len(w) && i < 4; i++ {
			if w.word(i) == "CALL" {
				return w.target(Statement{Kind: Exec, ReturnsRows: true}, i+1)
			}
		}
	}
	return Statement{Kind: Unknown}
}

// classifyBody looks at the words of a query or a change, which may have WITH before it.
func (w statementWords) classifyBody(sql string) Statement {
	s := Statement{ReturnsRows: w.find(0, "RETURNING", "OUTPUT") >= 0}
	i := 1
	switch w.word(0) {
	case "INSERT":
		s.Kind = Insert
		if w.word(1) == "OR" {
			if w.word(2) == "REPLACE" {
				s.Kind = Upsert
			}
			i = 3
		}
		if on := w.find(0, "ON"); on >= 0 && (w.word(on+1) == "CONFLICT" || w.word(on+1) == "DUPLICATE") {
			s.Kind = Upsert
		}
		if w.word(i) == "INTO" {
			i++
		}
		return w.target(s, i)
	case "REPLACE", "UPSERT", "MERGE":
		s.Kind = Upsert
		if w.word(i) == "INTO" {
			i++
		}
		return w.target(s, i)
	case "UPDATE":
		s.Kind = Update
		if w.word(1) == "OR" {
			i = 3
		}
		return w.target(s, i)
	case "DELETE", "GETDELETED":
		s.Kind = Delete
		if w.word(0) == "GETDELETED" {
			s.Kind, s.ReturnsRows = GetDeleted, true
		}
		if w.word(i) == "FROM" {
			i++
		}
		return w.target(s, i)
	case "SELECT", "VALUES", "WITH":
		return w.classify(sql)
	}
	if w.op(0, "(") {
		return w.classify(sql)
	}
	return Statement{Kind: Unknown}
}

// explain looks behind EXPLAIN. EXPLAIN t is MySQL's DESCRIBE t.
func (w statementWords) explain(sql string) Statement {
	s := Statement{Kind: Explain, ReturnsRows: true}
	i := 1
	switch {
	case w.word(1) == "QUERY" && w.word(2) == "PLAN":
		s.QueryPlan = true
		i = 3
	case w.op(1, "(") && w.isOption(2): // EXPLAIN (ANALYZE, FORMAT JSON) …
		for i = 2; i < len(w) && !w.op(i, ")"); i++ {
			if w.word(i) == "ANALYZE" && w.word(i+1) != "FALSE" && w.word(i+1) != "OFF" {
				s.Analyze = true
			}
		}
		i++
	default:
		for ; w.isOption(i); i++ {
			s.Analyze = s.Analyze || w.word(i) == "ANALYZE"
		}
	}
	if i >= len(w) {
		return s
	}
	if i == 1 && w[1:].classify(sql).Kind == Unknown && (w[1].Kind == dialect.Ident || w[1].Kind == dialect.Quoted) {
		return w.target(Statement{Kind: Describe, ReturnsRows: true}, 1)
	}
	s.Offset = w[i].Offset
	s.Inner = sql[s.Offset:]
	return s
}

// isOption recognises the options of EXPLAIN.
func (w statementWords) isOption(i int) bool {
	switch w.word(i) {
	case "ANALYZE", "VERBOSE", "COSTS", "BUFFERS", "TIMING", "FORMAT", "SETTINGS", "SUMMARY":
		return true
	}
	return false
}

// cache looks at CACHE [table] [WITH TRUNCATE | …] query.
func (w statementWords) cache(sql string) Statement {
	s := Statement{Kind: Cache}
	i := w.find(1, "SELECT")
	if i < 0 {
		return w.target(s, 1)
	}
	if i > 1 && w.word(1) != "WITH" && w.word(1) != "AUTOCOMMIT" && w.word(1) != "SCHEMA" {
		s = w.target(s, 1)
	}
	s.Offset = w[i].Offset
	s.Inner = sql[s.Offset:]
	return s
}

// definition looks at CREATE, ALTER, DROP and their like.
func (w statementWords) definition(sql string) Statement {
	s := Statement{Kind: DDL}
	if i := w.find(1, "LOCAL"); i > 0 && i <= 3 && w.word(i+1) == "VIEW" {
		s.Kind = LocalView
	}
	for i := 1; i < len(w) && i < 8; i++ {
		switch w.word(i) {
		case "TEMP", "TEMPORARY":
			if w.word(0) == "CREATE" {
				s.Kind = CreateTemp
			}
		case "TABLE", "VIEW", "INDEX", "TRIGGER":
			i++
			if w.word(i) == "IF" {
				for i++; w.word(i) == "NOT" || w.word(i) == "EXISTS"; i++ {
				}
			}
			s = w.target(s, i)
			if as := w.find(i, "AS"); s.Kind == LocalView && as > 0 && as+1 < len(w) {
				s.Offset = w[as+1].Offset
				s.Inner = sql[s.Offset:]
			}
			if strings.HasSuffix(strings.ToUpper(s.Table), "#TEMP") {
				s.Kind = CreateTemp
			}
			return s
		}
	}
	return s
}
