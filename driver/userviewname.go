package driver

import (
	"context"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/internal/metadata"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// viewEdits puts the temporary views in the place of the user-defined ones that a text names, and names those.
func (c *conn) viewEdits(ctx context.Context, text string) (edits []dialect.Edit, used []userView, err error) {
	if c.views.file == nil {
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
		if places == nil && c.mayNameView(ts, parts) {
			places = ts.Clauses()
		}
		if places == nil {
			continue
		}
		table := places[i] == dialect.TablePlace
		if table && len(parts) == 3 && isCatalog(ts.Name(i)) {
			parts = parts[1:]
		}
		qualified := len(parts) > 1 && strings.EqualFold(ts.Name(parts[0]), c.config().UserViewsSchemaName)
		end := parts[len(parts)-1] + 1
		switch {
		case table && qualified && len(parts) == 2:
			v, ok := c.userView(ts.Name(parts[1]))
			if !ok {
				return nil, nil, c.unknownView(ts.Name(parts[1]))
			}
			used = append(used, v)
		case table && len(parts) == 1 && !ts.Op(end, "("):
			v, ok := c.userView(ts.Name(i))
			if !ok || c.isTaken(ctx, ts, v.name) {
				continue
			}
			used = append(used, v)
		case !table && qualified && (len(parts) == 3 || len(parts) == 2 && ts.Op(end, ".") && ts.Op(end+1, "*")):
			// A column of the view, which is known by its bare name.
			if _, ok := c.userView(ts.Name(parts[1])); ok {
				edits = append(edits, dialect.Edit{Offset: ts[parts[0]].Offset}, dialect.Edit{Offset: ts[parts[0]+1].Offset})
			}
			i = end - 1
			continue
		default:
			i = end - 1
			continue
		}
		made, err := c.makeView(ctx, used[len(used)-1])
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

// mayNameView says whether a name could be that of a user-defined view or of its column, wherever it stands.
func (c *conn) mayNameView(ts dialect.Words, parts []int) bool {
	for _, part := range parts {
		if strings.EqualFold(ts.Name(part), c.config().UserViewsSchemaName) {
			return true
		}
	}
	_, ok := c.userView(ts.Name(parts[0]))
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

// isTaken says whether an unqualified name means something else than the view: a table, a table expression of the statement,
// or something created on the connection.
func (c *conn) isTaken(ctx context.Context, ts dialect.Words, name string) bool {
	if isTableName(name) {
		return true
	}
	for i := range ts {
		if before := ts.Word(i - 1); strings.EqualFold(ts.Name(i), name) && (before == "WITH" || before == "RECURSIVE" || ts.Op(i-1, ",")) &&
			(ts.Word(i+1) == "AS" && (ts.Op(i+2, "(") || strings.HasSuffix(ts.Word(i+2), "MATERIALIZED") || ts.Word(i+2) == "NOT") || ts.Op(i+1, "(")) {
			return true
		}
	}
	taken := false
	if c.catalog.temporary {
		c.eachTemporary(ctx, func(other, _ string) { taken = taken || strings.EqualFold(other, name) })
	}
	return taken
}

// isTableName says whether a schema has a table of that name.
func isTableName(name string) bool {
	for _, in := range []string{schema.Information, schema.Workspace, "repository"} {
		if planner.NewRelation("", in, name) != nil {
			return true
		}
	}
	isName := func(other string) bool { return strings.EqualFold(other, name) }
	return slices.ContainsFunc(metadata.SystemNames(), isName) || isAlias(name) || strings.HasPrefix(strings.ToLower(name), "sqlite_")
}
