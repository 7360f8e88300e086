package differential

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// TestRandomKeyJoins joins tables by values that several scans may ask for with one request: values that occur and values that do not,
// in other cases and of other types, twice, NULL, from rows of a table, from a list in the statement and from arithmetic.
func TestRandomKeyJoins(t *testing.T) {
	h := newHarness(t, "web-app")
	inner := []struct {
		schema, table string
		columns       []string
	}{
		{"web-app", "PullRequests", []string{"Id", "Id", "Id", "Title", "AuthorUUID", "AuthorNickname", "SourceBranchName", "State", "CreatedOn", "UpdatedOn"}},
		{"web-app", "PullRequestReviewers", []string{"PullRequestId", "PullRequestId", "UserUUID", "PullRequestTitle", "PullRequestUpdatedOn"}},
		{"web-app", "PullRequestParticipants", []string{"PullRequestId"}},
		{"web-app", "Branches", []string{"Name"}},
		{schema.Workspace, "PullRequests", []string{"Id", "Title", "AuthorUUID"}},
		{schema.Information, "Users", []string{"UUID", "UUID", "AccountId", "Nickname"}},
		{schema.Information, "Repositories", []string{"Slug", "FullName", "Name", "Language", "ProjectKey"}},
		{schema.Information, "Projects", []string{"Key", "Name"}},
		{schema.Information, "WorkspacePermissions", []string{"Permission", "UserUUID"}},
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SampledFrom(inner).Draw(t, "inner")
		r := planner.NewRelation("acme", in.schema, in.table)
		g := &generator{T: t, table: r.Table, rows: h.oracle.tableRows(r.Schema, r.Table)}
		c := &r.Table.Columns[r.Table.Column(rapid.SampledFrom(in.columns).Draw(t, "column"))]
		outer, key := g.outer(c)
		on := fmt.Sprintf("%s = %s", "b."+c.Name, key)
		if g.chance("second condition", 25) {
			d := &r.Table.Columns[r.Table.Column(rapid.SampledFrom(in.columns).Draw(t, "second"))]
			on += " AND b." + d.Name + g.oneOf("operator", " = ", " <> ", " IN ") + "(" + g.value(d) + ")"
		}
		if in.schema == schema.Workspace {
			on += g.oneOf("of", " AND b.RepositorySlug = 'web-app'", " AND b.RepositorySlug IN ('web-app', 'platform')", " AND b.RepositorySlug = iif(o.n % 2, 'web-app', 'platform')")
		}
		columns := slices.Compact([]string{c.Name, g.column("shown").Name})
		shown := "b." + strings.Join(columns, ", b.")
		text := fmt.Sprintf("SELECT o.n, %s FROM %s o %s JOIN [%s].[%s] b ON %s", shown, outer,
			g.oneOf("join", "", "LEFT", "CROSS", "FULL"), r.Schema, r.Table.Name, on)
		ordered := false
		switch g.oneOf("shape", "join", "join", "where", "exists", "scalar", "count", "limit", "twice", "twice") {
		case "twice":
			// Both may ask for the same objects, one of them with a condition that the other lacks.
			text = fmt.Sprintf("SELECT o.n, %s, c.%s FROM %s o LEFT JOIN [%s].[%s] b ON %s LEFT JOIN [%s].[%s] c ON c.%s = o.k", shown, strings.Join(columns, ", c."), outer,
				r.Schema, r.Table.Name, on, r.Schema, r.Table.Name, c.Name)
			if in.schema == schema.Workspace {
				text += " AND c.RepositorySlug = 'web-app'"
			}
		case "where":
			text += g.oneOf("where", " WHERE o.n % 3 = 1", " WHERE length(b."+c.Name+") % 2 = 0", " WHERE o.n > 3")
		case "exists":
			text = fmt.Sprintf("SELECT o.n FROM %s o WHERE %s EXISTS (SELECT 1 FROM [%s].[%s] b WHERE %s)", outer, g.oneOf("not", "", "NOT"), r.Schema, r.Table.Name, on)
		case "scalar":
			text = fmt.Sprintf("SELECT o.n, (SELECT MAX(b.%s) FROM [%s].[%s] b WHERE %s) FROM %s o", c.Name, r.Schema, r.Table.Name, on, outer)
		case "count":
			text = fmt.Sprintf("SELECT o.n, COUNT(b.%s) FROM %s o LEFT JOIN [%s].[%s] b ON %s GROUP BY o.n", c.Name, outer, r.Schema, r.Table.Name, on)
		case "limit":
			text = fmt.Sprintf("SELECT COUNT(*) FROM (%s LIMIT %d)", text, rapid.IntRange(0, 12).Draw(t, "limit"))
		}
		h.check(t, text, g.args, ordered)
	})
}

// outer is a table of numbers n and keys k for a column, and what the column is compared with.
func (g *generator) outer(c *schema.Column) (table, key string) {
	key = g.oneOf("key", "o.k", "o.k", "o.k", "o.k || ''", "upper(o.k)", "o.k COLLATE NOCASE", "o.k + 0", "o.k + 1", "nullif(o.k, 3)", "CAST(o.k AS TEXT)", "o.n")
	var rows []string
	n := rapid.IntRange(2, 70).Draw(g.T, "keys")
	for i := range n {
		rows = append(rows, fmt.Sprintf("(%d, %s)", i, g.value(c)))
	}
	switch g.oneOf("outer", "values", "values", "union", "rows", "sorted", "materialised") {
	case "values":
		return "(SELECT column1 AS n, column2 AS k FROM (VALUES " + strings.Join(rows, ", ") + "))", key
	case "union":
		for i := range rows {
			rows[i] = "SELECT " + strings.Trim(rows[i], "()")
		}
		// Parentheses within a value are not at its ends.
		return "(SELECT NULL AS n, NULL AS k UNION ALL " + strings.Join(rows, " UNION ALL ") + ")", key
	}
	// The arguments belong to the list that is not used.
	g.args = nil
	from := g.oneOf("from", "SELECT Id AS n, Id AS k", "SELECT CommentCount AS n, AuthorUUID AS k", "SELECT Id AS n, SourceBranchName AS k", "SELECT Id AS n, Title AS k",
		"SELECT Id AS n, CreatedOn AS k", "SELECT Id AS n, AuthorNickname AS k", "SELECT Id AS n, DestinationRepositoryFullName AS k", "SELECT Id AS n, Id - 3 AS k") +
		" FROM [web-app].PullRequests"
	switch g.oneOf("kind", "plain", "sifted", "limited", "sorted") {
	case "sifted":
		from += g.oneOf("sift", " WHERE length(Title) % 3 = 1", " WHERE State = 'MERGED'", " WHERE Id % 4")
	case "limited":
		from += " ORDER BY Id LIMIT 20"
	case "sorted":
		from += g.oneOf("order", " ORDER BY Title, Id LIMIT 100", " ORDER BY AuthorUUID DESC, Id LIMIT -1")
	}
	return "(" + from + ")", key
}
