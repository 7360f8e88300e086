package driver

import (
	"context"
	sqldriver "database/sql/driver"
	"slices"
	"strings"

	"github.com/seed281e34fa/bitbucketsql/internal/dialect"
	"github.com/seed281e34fa/bitbucketsql/planner"
	"github.com/seed281e34fa/bitbucketsql/schema"
)

// viewTexts are the definitions of the views that a statement can use, by name in lower case: user-defined ones, and those
// that were created on the connection.
func (c *conn) viewTexts(ctx context.Context) map[string]string {
	texts := map[string]string{}
	for _, v := range c.views.List() {
		texts[strings.ToLower(v.Name)] = v.Query
	}
	if !c.catalog.temporary {
		return texts
	}
	c.eachTemporary(ctx, func(name, text string) {
		name = strings.ToLower(name)
		texts[name] += " " + text
	})
	return texts
}

// eachTemporary calls f with the name and the definition of everything that was created on the connection.
func (c *conn) eachTemporary(ctx context.Context, f func(name, text string)) {
	s, err := c.engine.Prepare(ctx, "SELECT name, sql FROM sqlite_temp_master")
	if err != nil {
		return
	}
	defer s.Close()
	rows, err := s.Query(ctx, nil)
	if err != nil {
		return
	}
	defer rows.Close()
	row := make([]sqldriver.Value, 2)
	for rows.Next(row) == nil {
		name, _ := row[0].(string)
		text, _ := row[1].(string)
		f(name, text)
	}
}

// getDeleted makes GETDELETED FROM t WHERE … the query of the keys of deleted rows.
func (c *conn) getDeleted(text string) ([]dialect.Edit, error) {
	s := planner.Classify(text)
	in := s.Schema
	if in == "" {
		in = c.defaultSchema()
	}
	r := planner.NewRelation(c.config().Workspace, in, s.Table)
	if r == nil && s.Schema == "" {
		r = planner.NewRelation(c.config().Workspace, schema.Information, s.Table)
	}
	switch {
	case s.Table == "":
		return nil, &SyntaxError{Message: "the statement is incomplete: write GETDELETED FROM table"}
	case r == nil:
		return nil, &UnknownTableError{Schema: s.Schema, Name: s.Table, Suggestions: c.suggestTables(s.Schema, s.Table)}
	}
	column := planner.Deleted(r.Table)
	if column < 0 {
		return nil, &SyntaxError{Message: "GETDELETED: table " + r.Table.Name + " does not keep deleted rows; tables that do: " +
			strings.Join(tablesWithDeleted(), ", ")}
	}
	ts := dialect.WordsOf(text)
	end := slices.IndexFunc(ts, func(t dialect.Token) bool { return strings.EqualFold(t.Text, "FROM") }) + 2 // behind the table's name
	if ts.Word(1) != "FROM" {
		end = 2
	}
	for ts.Op(end, ".") {
		end += 2
		for ts.Op(end-1, ".") { // catalog..table
			end++
		}
	}
	if ts.Aliased(end) {
		if ts.Word(end) == "AS" {
			end++
		}
		end++
	}
	var keys []string
	for _, key := range r.Table.Key {
		keys = append(keys, dialect.QuoteName(key))
	}
	edits := []dialect.Edit{{Offset: ts[0].Offset, Text: "SELECT " + strings.Join(keys, ", ")}}
	if ts.Word(1) != "FROM" {
		edits[0].Text += " FROM"
	}
	deleted := dialect.QuoteName(r.Table.Columns[column].Name) + " = 1"
	if ts.Word(end) != "WHERE" {
		if end < len(ts) && !ts.EndsList(end) {
			line, place := dialect.Position(text, ts[end].Offset)
			return nil, &SyntaxError{
				Message: "GETDELETED reads one table: WHERE is expected after its name", Line: line, Column: place, Near: ts[end].Text,
			}
		}
		return append(edits, dialect.Edit{Offset: ts[end-1].Offset, Text: "WHERE " + deleted, After: true}), nil
	}
	last := end + 1
	for last < len(ts) && !ts.EndsList(last) {
		last = ts.Skip(last)
	}
	if last == end+1 {
		return nil, &SyntaxError{Message: "the statement is incomplete: WHERE needs a condition"}
	}
	return append(edits, dialect.Edit{Offset: ts[end].Offset, Text: deleted + " AND (", After: true},
		dialect.Edit{Offset: ts[last-1].Offset, Text: ")", After: true}), nil
}

// tablesWithDeleted are the names of the tables that list deleted rows.
func tablesWithDeleted() []string {
	var names []string
	for _, t := range schema.Tables() {
		if planner.Deleted(t) >= 0 {
			names = append(names, t.Name)
		}
	}
	slices.Sort(names)
	return names
}
