package dialect

import "strings"

// Name is a qualified name, decoded.
type Name struct{ Schema, Table string }

// Names lists the pairs of neighbours in the qualified names of a statement, each once: for a.b.c, (a, b) and (b, c). One of
// them is schema and table, others may be table and column; who knows the schemas picks.
func Names(tokens []Token) []Name {
	var names []Name
	seen := map[Name]bool{}
	var parts [3]Token // the last three significant tokens
	for _, t := range tokens {
		if !t.Significant() {
			continue
		}
		parts[0], parts[1], parts[2] = parts[1], parts[2], t
		if !named(parts[0]) || parts[1].Kind != Op || parts[1].Text != "." || !named(parts[2]) {
			continue
		}
		name := Name{Schema: parts[0].Value(), Table: parts[2].Value()}
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

func named(t Token) bool { return t.Kind == Ident || t.Kind == Quoted }

// names drops catalogs, the schema of schema.table.*, which SQLite cannot read, and FROM DUAL.
func (o Options) names(head *node) {
	for n := head.next; n.Kind != edge; n = n.next {
		if n.word == "FROM" && strings.EqualFold(n.after().Value(), "dual") && n.after().isNameToken() {
			dropDual(n)
			continue
		}
		if !n.isNameToken() || n.before().is(".") {
			continue
		}
		if n.after().is(".") && n.after().after().is(".") && o.catalog(n) { // catalog..table
			dropRange(n, n.after().after())
			continue
		}
		parts, last := []*node{n}, n
		for last.after().is(".") && (last.after().after().isNameToken() || last.after().after().is("*")) {
			last = last.after().after()
			parts = append(parts, last)
		}
		if o.catalog(n) && (len(parts) > 3 || len(parts) == 3 && !last.is("*") && tablePlace(n)) {
			dropRange(n, parts[1].prev)
			parts = parts[1:]
		}
		if len(parts) == 3 && last.is("*") && !ambiguous(head, parts[0].Value(), parts[1].Value()) {
			dropRange(parts[0], parts[1].prev)
		}
	}
}

func (o Options) catalog(n *node) bool {
	for _, c := range o.Catalogs {
		if strings.EqualFold(c, n.Value()) {
			return true
		}
	}
	return false
}

// tablePlace reports whether a name that begins at n stands where only a table can.
func tablePlace(n *node) bool {
	p := n.before()
	switch p.word {
	case "FROM", "JOIN", "INTO", "UPDATE", "TABLE", "VIEW", "DESCRIBE", "DESC", "REPLACE":
		return true
	case "EXISTS": // DROP TABLE IF EXISTS
		return p.before().word == "IF" || p.before().word == "NOT"
	}
	if p.is("(") {
		return p.before().word == "FROM" || p.before().word == "JOIN"
	}
	if !p.is(",") {
		return false
	}
	for p := range p.backward() {
		switch p.word {
		case "FROM":
			return true
		case "SELECT", "WHERE", "BY", "HAVING", "SET", "VALUES", "RETURNING", "LIMIT":
			return false
		}
	}
	return false
}

// ambiguous reports whether another schema's table of the same name is in the statement.
func ambiguous(head *node, schema, table string) bool {
	for n := head.next; n.Kind != edge; n = n.next {
		if n.isNameToken() && strings.EqualFold(n.Value(), table) && n.before().is(".") {
			if q := n.before().before(); q.isNameToken() && !strings.EqualFold(q.Value(), schema) {
				return true
			}
		}
	}
	return false
}

// dropDual drops Oracle's FROM DUAL where it is the whole FROM.
func dropDual(from *node) {
	dual := from.after()
	next := dual.after()
	switch next.word {
	case "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "OFFSET", "FETCH":
	default:
		if !next.ends() {
			return
		}
	}
	dropRange(from, dual)
}
