package planner

import (
	"slices"
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
	// Where are the conjuncts of WHERE that SQLite does not offer to the table: with the comparisons of Compared they are all that WHERE
	// says, once Opaque are made opaque. Nil where there are none, or they are not known to be all. They hold no positional parameters.
	Where *Predicate
	// Opaque are the pieces of WHERE that SQLite must not take apart, as it reads the arms of an OR one by one.
	Opaque []Piece
}

// Piece is a piece of a statement: the offsets of the token before it, and of its last one, in bytes.
type Piece struct{ Before, Last int }

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
	text := sql[words[first].Offset : end.Offset+len(end.Text)]
	if use, opaque, ok := useOf(text, true, true); ok && use.Where != nil && use.countable() && !(first > 0 && hasParameter(words[from:i])) {
		if use.Opaque, ok = pieces(words[from:i], opaque); ok && strings.EqualFold(words[name].Value(), use.Table) {
			use.Offset = words[name].Offset
			return use, true
		}
	}
	use, _, ok := useOf(text, true, false)
	use.Offset, use.Twice = words[name].Offset, u.Twice
	return use, ok && strings.EqualFold(words[name].Value(), use.Table)
}

// countable says whether a table of that name, in whatever schema, has an endpoint that can be asked for what the query shows and for
// exactly what Where is true of.
func (u *InnerUse) countable() bool {
	t := schema.Lookup(u.Table)
	if t == nil || u.Extremes == nil && !u.Rows {
		return false
	}
	w := t.InWorkspace()
	for _, group := range u.Groups {
		if w == nil || w.Column(group) < 0 || w.Columns[w.Column(group)].Param == "" {
			return false
		}
	}
	return slices.ContainsFunc(t.Endpoints, func(e schema.Endpoint) bool {
		return e.Paging == schema.Numbered && e.Each == nil && !e.NoSize && u.Where.exactAt(&e) &&
			!slices.ContainsFunc(u.Extremes, func(x Extreme) bool {
				i := t.Column(x.Column)
				return i < 0 || sortField(t, &e, i) == "" || u.Rows && u.Where.names(x.Column)
			})
	})
}

// pieces are those conjuncts of the WHERE of a FROM clause that are opaque; false where the text has not as many conjuncts.
func pieces(words dialect.Words, opaque []bool) ([]Piece, bool) {
	i := slices.IndexFunc(words, func(t dialect.Token) bool { return t.Kind == dialect.Ident && strings.EqualFold(t.Text, "WHERE") })
	if i < 0 {
		return nil, false
	}
	all := []Piece{{Before: words[i].Offset}}
	between := false
	for i++; i < len(words); {
		word := words.Word(i)
		if endsWhere[word] {
			break
		}
		switch {
		case word == "BETWEEN":
			between = true
		case word == "AND" && between:
			between = false
		case word == "AND" && len(opaque) > 1:
			all = append(all, Piece{Before: words[i].Offset})
			i++
			continue
		}
		i = words.Skip(i)
		all[len(all)-1].Last = words[i-1].Offset
	}
	if len(all) != len(opaque) {
		return nil, false
	}
	var out []Piece
	for i, piece := range all {
		if piece.Last <= piece.Before {
			return nil, false
		}
		if opaque[i] {
			out = append(out, piece)
		}
	}
	return out, true
}

// endsWhere are the words that end a WHERE.
var endsWhere = map[string]bool{
	"GROUP": true, "HAVING": true, "WINDOW": true, "ORDER": true, "LIMIT": true, "OFFSET": true, "FETCH": true, "UNION": true,
	"INTERSECT": true, "EXCEPT": true,
}

func hasParameter(words dialect.Words) bool {
	return slices.ContainsFunc(words, func(t dialect.Token) bool { return t.Kind == dialect.Param })
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
