package userview

import (
	"context"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
)

// Edits put the temporary views, which it makes, in the place of the user-defined ones that a text names. The views are those, in
// the order in which the text names them.
func (c *Catalog) Edits(ctx context.Context, text string) (edits []dialect.Edit, used []View, err error) {
	if c.file == nil {
		return nil, nil, nil
	}
	ts := dialect.WordsOf(text)
	var places []dialect.Clause
	for i := 0; i < len(ts); i++ {
		if !ts.IsName(i) || ts.Op(i-1, ".") {
			continue
		}
		parts := []int{i}
		for last := i; ts.Op(last+1, ".") && ts.IsName(last+2); last += 2 {
			parts = append(parts, last+2)
		}
		if places == nil && c.mayName(ts, parts) {
			places = ts.Clauses()
		}
		if places == nil {
			continue
		}
		table := places[i] == dialect.TablePlace
		if table && len(parts) == 3 && isCatalog(ts.Name(i)) {
			parts = parts[1:]
		}
		qualified := len(parts) > 1 && strings.EqualFold(ts.Name(parts[0]), c.Schema)
		end := parts[len(parts)-1] + 1
		switch {
		case table && qualified && len(parts) == 2:
			v, ok := c.find(ts.Name(parts[1]))
			if !ok {
				return nil, nil, c.Host.UnknownView(ts.Name(parts[1]))
			}
			used = append(used, v)
		case table && len(parts) == 1 && !ts.Op(end, "("):
			v, ok := c.find(ts.Name(i))
			if !ok || definesTable(ts, v.Name) || c.Host.IsTaken(ctx, v.Name) {
				continue
			}
			used = append(used, v)
		case !table && qualified && (len(parts) == 3 || len(parts) == 2 && ts.Op(end, ".") && ts.Op(end+1, "*")):
			// A column of the view, which is known by its bare name.
			if _, ok := c.find(ts.Name(parts[1])); ok {
				edits = append(edits, dialect.Edit{Offset: ts[parts[0]].Offset}, dialect.Edit{Offset: ts[parts[0]+1].Offset})
			}
			i = end - 1
			continue
		default:
			i = end - 1
			continue
		}
		made, err := c.make(ctx, used[len(used)-1])
		if err != nil {
			return nil, nil, err
		}
		for j := i; j < end-1; j++ {
			edits = append(edits, dialect.Edit{Offset: ts[j].Offset})
		}
		to := "temp." + dialect.QuoteName(made)
		if !ts.Aliased(end) {
			to += " AS " + dialect.QuoteName(ts.Name(end-1))
		}
		edits = append(edits, dialect.Edit{Offset: ts[end-1].Offset, Text: to})
		i = end - 1
	}
	return edits, used, nil
}

// mayName says whether a name could be that of a user-defined view or of its column, wherever it stands.
func (c *Catalog) mayName(ts dialect.Words, parts []int) bool {
	for _, part := range parts {
		if strings.EqualFold(ts.Name(part), c.Schema) {
			return true
		}
	}
	_, ok := c.find(ts.Name(parts[0]))
	return ok && len(parts) == 1
}

func isCatalog(name string) bool {
	for _, catalog := range dialect.Default.Catalogs {
		if strings.EqualFold(catalog, name) {
			return true
		}
	}
	return false
}

// definesTable says whether a name is that of a table expression of the statement.
func definesTable(ts dialect.Words, name string) bool {
	for i := range ts {
		if before := ts.Word(i - 1); strings.EqualFold(ts.Name(i), name) && (before == "WITH" || before == "RECURSIVE" || ts.Op(i-1, ",")) &&
			(ts.Word(i+1) == "AS" && (ts.Op(i+2, "(") || strings.HasSuffix(ts.Word(i+2), "MATERIALIZED") || ts.Word(i+2) == "NOT") || ts.Op(i+1, "(")) {
			return true
		}
	}
	return false
}
