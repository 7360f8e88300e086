package planner

import (
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// InnerUse is what an aggregate query within a statement does with the columns of the one table that it reads: a subquery, a common
// table expression or an arm of a compound. SQLite keeps such a query apart from what is around it, so that what its own text tells
// holds for every scan that SQLite makes for it. The query may compare columns with those of the queries around it, which have one
// value throughout a scan.
type InnerUse struct {
	TableUse
	// Offset is where the statement has the table's name, without that of its schema, in bytes.
	Offset int
	// Aliased says that the query gives the table another name.
	Aliased bool
	// Twice says that the query has an OR, whose arms SQLite may read one by one.
	Twice bool
}

// InnerUses finds the aggregate queries within a statement. A name that the statement's WITH defines is no table.
func InnerUses(sql string) []InnerUse {
	tokens, err := dialect.Lex(sql)
	if err != nil {
		return nil
	}
	words := dialect.Significant(tokens)
	var out []InnerUse
	for i := range words {
		if words.Word(i) != "SELECT" {
			continue
		}
		if u, ok := innerUse(sql, words, i); ok && !(u.Schema == "" && defines(words, u.Table)) {
			out = append(out, u)
		}
	}
	return out
}

// innerUse looks at the query whose SELECT is at a place among the words of a statement.
func innerUse(sql string, words dialect.Words, first int) (InnerUse, bool) {
	u, from, i := InnerUse{}, -1, first+1
read:
	for i < len(words) && !words.Op(i, ")") && !words.Op(i, ";") {
		switch words.Word(i) {
		case "UNION", "INTERSECT", "EXCEPT":
			break read
		case "FROM":
			if from < 0 {
				from = i
			}
		}
		for next := words.Skip(i); i < next; i++ {
			if words.Word(i) == "SELECT" {
				return u, false
			}
			u.Twice = u.Twice || words.Word(i) == "OR"
		}
	}
	if from < 0 || from+1 >= i {
		return u, false
	}
	name := from + 1
	for name+2 < i && words.Op(name+1, ".") {
		name += 2
	}
	end := words[i-1]
	use, aliased, ok := useOf(sql[words[first].Offset:end.Offset+len(end.Text)], true)
	if !ok || !strings.EqualFold(words[name].Value(), use.Table) {
		return u, false
	}
	u.TableUse, u.Aliased, u.Offset = use, aliased, words[name].Offset
	return u, true
}

// defines says whether the WITH of a statement may define a name.
func defines(words dialect.Words, name string) bool {
	for i := range words {
		if !strings.EqualFold(words[i].Value(), name) || words.Op(i-1, ".") {
			continue
		}
		if words.Op(i+1, "(") || words.Word(i+1) == "AS" && (words.Op(i+2, "(") || words.Word(i+2) == "MATERIALIZED" || words.Word(i+2) == "NOT") {
			return true
		}
	}
	return false
}

// ofTable says whether a table of that name, in whatever schema, has the column.
func ofTable(table, column string) bool {
	t := schema.Lookup(table)
	if t == nil {
		return false
	}
	w := t.InWorkspace()
	return t.Column(column) >= 0 || w != nil && w.Column(column) >= 0
}
